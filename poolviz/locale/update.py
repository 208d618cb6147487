"""Bring the translations up to date with the sources: `python -m poolviz.locale.update`.

Messages are the literals in `_()`, `N_()` and `ngettext()`, and the templates of poolviz' errors.
New ones are added to every `poolviz.po` without a translation, in the order of the alphabet, so
that two people who add some rarely meet; fill them in and run this again.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from poolviz import errors, language

ROOT = language.LOCALE_FOLDER.parent.parent
SOURCES = ("dashboard.py", "pages/**/*.py", "poolviz/**/*.py")
COMMAND_LINE = "poolviz/cli/"  # speaks English only


def messages() -> set[tuple[str, ...]]:
    """Every message of the sources that a page can show: one form, or the two for one and many."""
    return set(_found())


def po_path(key: str) -> Path:
    """The file a translator edits."""
    return language.LOCALE_FOLDER / key / "LC_MESSAGES" / "poolviz.po"


def load(key: str) -> Catalog:
    """A language's translations; empty where there are none yet."""
    path = po_path(key)
    if not path.exists():
        return Catalog(locale=key, project="poolviz", header_comment="", fuzzy=False)
    with open(path, "rb") as file:
        return read_po(file, locale=key)


def compiled(catalogue: Catalog) -> bytes:
    """The content of the `.mo` file, which gettext reads."""
    content = io.BytesIO()
    write_mo(content, catalogue)
    return content.getvalue()


def update() -> None:
    """Extract, merge and compile all languages."""
    found = Catalog(fuzzy=False)
    for forms in sorted(messages()):
        found.add(forms[0] if len(forms) == 1 else forms)
    for key in language.LANGUAGES:
        if key == language.SOURCE_LANGUAGE:
            continue
        catalogue = load(key)
        catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        path = po_path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            write_po(file, catalogue, width=100, sort_output=True)
        missing = [message for message in catalogue if message.id and not translations(message)]
        for message in missing:  # gettext falls back on what the source says
            catalogue.delete(message.id)
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        print(f"{key}: {len(found)} messages, {len(missing)} without a translation")


def translations(message: Message) -> tuple[str, ...]:
    """The message's translations, one for each plural form; empty where one of them is missing."""
    forms: Any = message.string if message.pluralizable else (message.string,)
    return tuple(forms) if all(forms) else ()


def _found() -> Iterator[tuple[str, ...]]:
    """The messages of all sources.

    Read from the syntax tree, as Babel's own extraction does not look into f-strings.
    """
    trees = [ast.parse((ROOT / file).read_bytes()) for file in _source_files()]
    speaking = {"_", "N_", "ngettext", *_error_names(trees)}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _called(node) in speaking:
                given = node.args[: 2 if _called(node) == "ngettext" else 1]
                values = [form.value for form in given if isinstance(form, ast.Constant)]
                forms = tuple(value for value in values if isinstance(value, str))
                if forms and len(forms) == len(values):
                    yield forms


def _source_files() -> Iterator[str]:
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            file = path.relative_to(ROOT).as_posix()
            if not file.startswith(COMMAND_LINE):
                yield file


def _called(call: ast.Call) -> str:
    """The last part of the called name: `TextError` for `errors.TextError(…)`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _error_names(trees: Iterable[ast.Module]) -> set[str]:
    """Names of the error classes of `poolviz.errors`, and of those that sources derive."""
    names = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.PoolvizError)
    }
    return names | {
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in names for base in node.bases)
    }


if __name__ == "__main__":
    update()
