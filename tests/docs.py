"""Pages of `docs/` that say what the code says: `python -m tests.docs` rewrites them.

The reference of the commands is made from their parser, that of the files beside a card from the
schemas that they are read with.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from poolviz.checkpoints.card import card_rule
from poolviz.checkpoints.schemas import SCHEMAS, TABLES, Column
from poolviz.cli.arguments import parser
from poolviz.model.kinds import KINDS
from poolviz.values.rules import MOST
from tests.house import ROOT

DOCS = ROOT / "docs"
_MADE = "<!-- made by python -m tests.docs -->"


def main() -> None:
    """Rewrite them in place."""
    for name, text in made().items():
        (DOCS / name).write_text(text, encoding="utf-8")


def made() -> dict[str, str]:
    """The text of each page by its name."""
    pages = {"cli.md": _commands(), "schemas.md": _schemas()}
    return {name: "\n".join([_MADE, *lines]) + "\n" for name, lines in pages.items()}


def _commands() -> Iterator[str]:
    top = parser()
    yield from ("", "# Commands", "", top.description or "", "")
    yield "After `pip install .` the program is called `poolviz`; without, `python -m poolviz`."
    yield "Exit codes: 0 fine, 1 something went wrong, 2 other input helps, 130 Ctrl+C."
    for command in _inner(top).values():
        yield from _command(command, 2)


def _command(command: argparse.ArgumentParser, level: int) -> Iterator[str]:
    yield from ("", f"{'#' * level} {command.prog.removeprefix('python -m ')}", "")
    yield (command.description or "").strip()
    examples = [line.strip() for line in (command.epilog or "").splitlines()]
    examples = [line for line in examples if line.startswith("python -m poolviz ")]
    if examples:
        yield from ("", "```sh", *examples, "```")
    flags = [action for action in command._actions if not _is_help(action)]
    if flags:
        yield from ("", "| flag | what |", "|---|---|")
        yield from (f"| {_flag(action)} | {_cell(_help(action))} |" for action in flags)
    for inner in _inner(command).values():
        yield from _command(inner, level + 1)


def _inner(command: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    found = [a for a in command._actions if isinstance(a, argparse._SubParsersAction)]
    return found[0].choices if found else {}


def _is_help(action: argparse.Action) -> bool:
    return isinstance(action, argparse._HelpAction | argparse._SubParsersAction)


def _flag(action: argparse.Action) -> str:
    names = action.option_strings or [str(action.metavar or action.dest)]
    takes = "" if action.nargs == 0 or not action.option_strings else f" {_value(action)}"
    needed = ", needed" if action.required and action.option_strings else ""
    return f"{', '.join(f'`{name}{takes}`' for name in names)}{needed}"


def _value(action: argparse.Action) -> str:
    if action.choices:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return str(action.metavar or action.dest.upper())


def _help(action: argparse.Action) -> str:
    return (action.help or "") % {**vars(action), "prog": "python -m poolviz"}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _schemas() -> Iterator[str]:
    yield from ("", "# Files beside a card, field by field", "")
    yield "What a file must hold to be read; it may hold more. What does not fit is said on the"
    yield "page that would show it, and the file is then as if it were not there. `[]` is any place"
    yield "of a list, `*` any name. The files themselves: [Checkpoints](checkpoints.md)."
    yield from ("", "## card.json", "", "Schema version 1, what every card says:", "")
    yield from _fields(card_rule(None, 2).schema)
    for name, kind in KINDS.items():
        yield from ("", f"### card.json of kind `{name}`", "", "Besides:", "")
        every = set(_fields(card_rule(None, 2).schema))
        own = [line for line in _fields(card_rule(kind, 2).schema) if line not in every]
        yield from (_HEADER, _LINE, *own)
    for name, rule in SCHEMAS.items():
        yield from ("", f"## {name}", "", "Schema version 1.", "")
        yield from _fields(rule.schema)
    for name, columns in TABLES.items():
        yield from ("", f"## {name}", "", "| column | what |", "|---|---|")
        yield from (f"| {_column_name(each)} | {_column(what)} |" for each, what in columns.items())


_HEADER, _LINE = "| field | needed | what |", "|---|---|---|"


def _fields(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from (_HEADER, _LINE)
    yield from _lines(schema, "", True)


def _lines(schema: Mapping[str, Any], place: str, needed: bool, end: str = "") -> Iterator[str]:
    """A line for each value that is no object or list, and for those that hold whatever."""
    if "anyOf" in schema:
        inner, other = schema["anyOf"]
        null = other["type"] == "null"
        yield from _lines(inner, place, needed and null, ", or null" if null else "")
        return
    for name, inner in schema.get("properties", {}).items():
        path = f"{place}.{name}" if place else name
        yield from _lines(inner, path, needed and name in schema["required"])
    for name, mark in (("items", "[]"), ("additionalProperties", ".*")):
        if name in schema:
            yield from _lines(schema[name], f"{place}{mark}", needed)
    if not {"properties", "items", "additionalProperties"} & set(schema):
        yield f"| `{place}` | {'yes' if needed else 'no'} | {_said(schema)}{end} |"


def _said(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    kind = {"integer": "whole number", "string": "text", "boolean": "true or false"}
    said = kind.get(schema.get("type", ""), schema.get("type", "whatever"))
    if "maxLength" in schema:
        return f"{said} of up to {schema['maxLength']:,} characters"
    if "minimum" not in schema:
        return said
    return f"{said} {_range(schema['minimum'], schema['maximum'])}"


def _range(low: float, high: float) -> str:
    return f"from {low:,}" if high >= MOST else f"from {low:,} to {high:,}"


def _column_name(name: str) -> str:
    return f"`{name}`" if name else "each other"


def _column(what: object) -> str:
    if not isinstance(what, Column):
        return "a list of numbers from 0 to 1"
    kind = "whole number" if what.whole else "number" if what.defined else "number, or missing"
    return f"{kind} {_range(what.low, what.high)}"


if __name__ == "__main__":
    main()
