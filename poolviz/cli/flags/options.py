"""The flags of training: one for each field of the options of classifiers and of matchers.

A flag that is not given stands for the default of what is trained.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import Field, fields
from typing import Any

from poolviz.model.kinds import KINDS
from poolviz.model.options import OPTIONS, flag

_WORDS = {"together": "KEYS", "encoder": "NAME"}  # what stands for their value in the help
READOUTS = tuple(dict.fromkeys(key for kind in KINDS.values() for key in kind.readouts))


def options_of(options: type[Any], arguments: Namespace, /, **given: object) -> Any:
    """Options of one of `OPTIONS` from the flags; `given` holds the other fields."""
    flags = {option.name: getattr(arguments, option.name) for option in fields(options)}
    chosen = {name: value for name, value in flags.items() if value is not None}
    return options(**chosen | given)


def add_options(command: ArgumentParser) -> None:
    """Add the flags of all options."""
    for options in _options_by_name().values():
        _add_option(command, options)


def _options_by_name() -> dict[str, dict[str, Field]]:
    """For each flag of training its field in all options that have it, by whose they are.

    `kind` and `head` have flags of their own.
    """
    found: dict[str, dict[str, Field]] = {}
    for family, both in OPTIONS.items():
        for option in (option for options in both for option in fields(options)):
            if option.name not in ("kind", "head"):
                found.setdefault(option.name, {})[family.name] = option
    return found


def _add_option(command: ArgumentParser, options: dict[str, Field]) -> None:
    first = next(iter(options.values()))
    if len({option.default for option in options.values()}) == 1 and len(options) == len(OPTIONS):
        default = first.default
    else:
        default = ", ".join(f"{title}: {o.default or 'none'}" for title, o in options.items())
    name, meaning = flag(first.name), f"{first.metadata['meaning']} ({default})"
    if first.name == "readout":
        command.add_argument(name, choices=READOUTS, help=meaning)
        return
    number = type(first.default)
    metavar = _WORDS.get(first.name, "N")
    command.add_argument(name, type=number, metavar=metavar, help=meaning)
