"""In what the offsets of marks count: characters, or the units of UTF-16 as JavaScript does.

The two differ behind an emoji, which is one character and two units. A file comes from one tool, so
that one mark that is right in one of them alone tells for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from poolviz.datasets.readers.reading import Counted, Finding
from poolviz.errors import DataError
from poolviz.trust.marks.exports import Mark

Span = tuple[int, int]


class Offsets:
    """Looks at all marks of a file, then says where they are.

    Parameters
    ----------
    name : of the file, for messages.
    """

    def __init__(self, name: str):
        self._name = name
        self._shifted = Counted()  # marks that the two ways put at different places
        self._for_units: int | None = None  # an entry whose marks are right in units alone
        self._for_characters: int | None = None

    def look(self, number: int, text: str, marks: Sequence[Mark]) -> None:
        """Take in the marks of one text.

        Raises
        ------
        DataError : some marks of the file are right in characters alone, others in units alone.
        """
        if max(text, default="") <= "\uffff":
            return
        places = _characters_by_unit(text)
        shifted = False
        for mark in marks:
            in_characters, in_units = (_fits(mark, text, each) for each in (None, places))
            if _span(mark, None) != _span(mark, places):
                shifted = True
            if in_units and not in_characters:
                self._for_units = self._for_units or number
            elif in_characters and not in_units:
                self._for_characters = self._for_characters or number
        if shifted:
            self._shifted.add(number)
        if self._for_units and self._for_characters:
            raise DataError(
                "{name}: the marks of entry {one} count characters, those of entry {other} units "
                "of UTF-16; export them again in one way.",
                name=self._name,
                one=self._for_characters,
                other=self._for_units,
            )

    def spans(self, number: int, text: str, marks: Sequence[Mark]) -> tuple[Span, ...]:
        """Where the marks of a text are, in characters.

        Raises
        ------
        DataError : a mark is not within the text, or cuts a character in two.
        """
        places = None
        if self._for_units and max(text, default="") > "\uffff":
            places = _characters_by_unit(text)
        found = []
        for mark in marks:
            span = _span(mark, places)
            if span is None or not 0 <= span[0] < span[1] <= len(text):
                raise DataError(
                    "{name}, entry {number}: spans must be pairs of a start and an end in "
                    "characters, from 0 to {count}; correct them.",
                    name=self._name,
                    number=number,
                    count=len(text),
                )
            if mark.text is not None and mark.text.strip() and not _same(mark, text, span):
                raise DataError(
                    "{name}, entry {number}: “{passage}” does not stand where its mark is; export "
                    "it again.",
                    name=self._name,
                    number=number,
                    passage=mark.text[:40],
                )
            found.append(span)
        return tuple(sorted(found))

    def findings(self) -> list[Finding]:
        """What there is to say of offsets: that they were understood as units, or might be."""
        if self._for_units:
            return self._shifted.finding("units of UTF-16")
        if self._for_characters:
            return []
        return self._shifted.finding("marks behind emoji")


def _characters_by_unit(text: str) -> dict[int, int]:
    """The number of the character that begins at a unit of UTF-16."""
    starts = accumulate((1 + (character > "\uffff") for character in text), initial=0)
    return {unit: number for number, unit in enumerate(starts)}


def _span(mark: Mark, places: dict[int, int] | None) -> Span | None:
    if mark.start is None or mark.end is None:
        return None
    if places is None:
        return mark.start, mark.end
    start, end = places.get(mark.start), places.get(mark.end)
    return None if start is None or end is None else (start, end)


def _fits(mark: Mark, text: str, places: dict[int, int] | None) -> bool:
    """Whether a mark is within the text, and its text is what stands there."""
    span = _span(mark, places)
    if span is None or not 0 <= span[0] < span[1] <= len(text):
        return False
    return mark.text is None or _same(mark, text, span)


def _same(mark: Mark, text: str, span: Span) -> bool:
    """Whether the mark's own text stands there, white space aside."""
    return "".join((mark.text or "").split()) == "".join(text[slice(*span)].split())
