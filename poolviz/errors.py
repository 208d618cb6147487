"""One tree of errors whose messages are whole sentences for the person at the keyboard.

A message is a template plus named values, so that a page can translate the template and a log
still shows what happened.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Self


class PoolvizError(Exception):
    """Anything poolviz expects to go wrong; `str(error)` is one sentence with the way out.

    Parameters
    ----------
    template : English sentence with `{named}` fields; also the key of its translation.
    values : what fills the fields.
    """

    def __init__(self, template: str, **values: object):
        self.template = template
        self.values = values
        super().__init__(template.format(**values))

    def __reduce__(self) -> tuple[object, ...]:
        """So that it travels between processes as it is."""
        return type(self).again, (self.template, self.values)

    @classmethod
    def again(cls, template: str, values: Mapping[str, object]) -> Self:
        """An error that was written down, in another process or long ago.

        Raises
        ------
        KeyError : a field has no value.
        """
        return cls(template, **values)


class TextError(PoolvizError, ValueError):
    """The text cannot be explained (empty, too long)."""


class DataError(PoolvizError):
    """A data set, or a file of it, cannot be found, fetched or read."""


class CheckpointError(PoolvizError):
    """A checkpoint is missing, damaged or of another version."""


class ChoiceError(PoolvizError, ValueError):
    """A name that is not on the list; the message shows the list."""


class ExportError(PoolvizError):
    """A figure or table cannot be written in the wanted format."""


class DiskFull(PoolvizError, OSError):
    """There is no room for a file; the message has its path and its size."""


class TrainingError(PoolvizError):
    """Training cannot start or go on."""


def check_choice(what: str, value: str, known: Collection[str]) -> None:
    """Check that `value` is on the list.

    Raises
    ------
    ChoiceError : it is not; the sentence says what the value should be, and shows the list.
    """
    if value not in known:
        raise ChoiceError(
            "Unknown {what} {value}; choose one of {known}.",
            what=what,
            value=value,
            known=", ".join(known),
        )
