"""The JavaScript of this folder as one script: modules joined as text, without a build step.

A page of one file, and a component of Streamlit, hold one script that can import nothing.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[\w./]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function) (\w+))", re.MULTILINE)


@cache
def script(entry: Path) -> str:
    """A module and all that it imports, as one module that imports nothing.

    Names that a module does not export stay its own. No two of them have one file name.

    >>> "import {" in script(FOLDER / "page.js")
    False
    """
    needed: dict[str, str] = {}
    source = _collect(entry, needed)
    wrapped = [_wrapped(name, each) for name, each in needed.items()]
    return "".join(["const modules = {};\n", *wrapped, source])


def _collect(path: Path, found: dict[str, str]) -> str:
    """A module without its imports; what it imports is added, whatever that needs before it."""
    source = path.read_text(encoding="utf-8")
    for _names, place in _IMPORT.findall(source):
        other = path.parent / place
        if other.name not in found:
            found[other.name] = _collect(other, found)
    return _IMPORT.sub(lambda found: _taken(found[1], Path(found[2]).name), source)


def _taken(names: str, module: str) -> str:
    return f'const {{{names}}} = modules["{module}"];\n'


def _wrapped(name: str, source: str) -> str:
    exported = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", source)
    return f'modules["{name}"] = (() => {{\n{body}return {{ {exported} }};\n}})();\n'
