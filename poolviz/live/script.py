"""The JavaScript of this folder as one script: modules joined as text, without a build step.

A page of one file, and a component of Streamlit, hold one script that can import nothing.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function) (\w+))", re.MULTILINE)


@cache
def script(entry: Path) -> str:
    """A module and all that it imports from this folder, as one module that imports nothing.

    Names that a module does not export stay its own.

    >>> "import {" in script(FOLDER / "page.js")
    False
    """
    needed: dict[str, str] = {}
    source = _read(entry)
    _collect(source, needed)
    wrapped = [_wrapped(name, each) for name, each in needed.items()]
    return "".join(["const modules = {};\n", *wrapped, _imported(source)])


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _collect(source: str, found: dict[str, str]) -> None:
    """Add what a module imports, whatever that needs before it."""
    for _names, name in _IMPORT.findall(source):
        if name not in found:
            other = _read(FOLDER / name)
            _collect(other, found)
            found[name] = other


def _wrapped(name: str, source: str) -> str:
    exported = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _imported(source))
    return f'modules["{name}"] = (() => {{\n{body}return {{ {exported} }};\n}})();\n'


def _imported(source: str) -> str:
    return _IMPORT.sub(r'const {\1} = modules["\2"];' + "\n", source)
