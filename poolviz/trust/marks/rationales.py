"""What a person marked as the reason for a text's class: passages, tokens, and files of them.

A file of rationales is one of

- a table (CSV, Excel …) with a column of texts and a column `rationale`: passages of the text, `|`
  between them;
- JSON, a list of objects, or JSON Lines: `text`, and `spans`, pairs of start and end in characters
  without the end, or `rationale`, a list of passages; also as doccano, Label Studio, Prodigy and
  argilla write them (`poolviz.trust.marks.exports`).

A passage marks each of its occurrences; a token is marked where a span touches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from poolviz.datasets.readers.brought.files import Entries, read_entries, read_table
from poolviz.datasets.readers.columns import plain_name
from poolviz.datasets.readers.reading import AS_FOUND, Finding, How, Wanted
from poolviz.errors import DataError
from poolviz.text.tokens import MAX_CHARACTERS, Token, clean_text, has_visible
from poolviz.trust.marks.exports import Mark, is_rejected, marks_of, text_of
from poolviz.trust.marks.offsets import Offsets
from poolviz.values.shapes import Marked
from poolviz.watch import QUIET, Watch

MAX_TEXTS = 2_000
MAX_BYTES = 20_000_000
SEPARATOR = "|"
_PASSAGES = ("rationale", "rationales", "reason", "reasons", "理由", "依据", "原因")
_BARS = str.maketrans("｜¦", "||")

Span = tuple[int, int]


@dataclass(frozen=True)
class Rationale:
    """A text and the spans of it that a person marked: (start, end) in code points, in order."""

    text: str
    spans: tuple[Span, ...]


def marked_tokens(tokens: Sequence[Token], spans: Iterable[Span]) -> Marked:
    """(T,) booleans: which tokens a span touches."""
    starts = np.array([token.start for token in tokens])
    ends = np.array([token.end for token in tokens])
    marked = np.zeros(len(tokens), bool)
    for start, end in spans:
        marked |= (starts < end) & (ends > start)
    return marked


@dataclass(frozen=True, eq=False)
class RationaleFile:
    """What a file holds, how it was read, and what there is to say of it."""

    rationales: tuple[Rationale, ...]
    how: How
    findings: tuple[Finding, ...] = ()


def occurrences(text: str, passage: str) -> list[Span]:
    """The spans of a passage in a text, from the left and without overlap.

    Where it stands nowhere as it is written, capitals are small letters.

    >>> occurrences("好，很好", "好")
    [(0, 1), (3, 4)]
    """
    if passage not in text and len(text.lower()) == len(text):
        text, passage = text.lower(), passage.lower()
    found, start = [], text.find(passage)
    while passage and start >= 0:
        found.append((start, start + len(passage)))
        start = text.find(passage, start + len(passage))
    return found


def read_rationales(
    name: str, content: bytes, wanted: Wanted = AS_FOUND, watch: Watch = QUIET
) -> RationaleFile:
    """Read a file of rationales.

    Parameters
    ----------
    name : of the file, for messages.
    watch : counts texts.

    Raises
    ------
    ChoiceError : what is wanted of the file is not there.
    DataError : the file is too large, cannot be read, or an entry of it is wrong.
    Cancelled : it was stopped.
    """
    if len(content) > MAX_BYTES:
        raise DataError(
            "{name} holds more than {limit} MB; split it into smaller files.",
            name=name,
            limit=MAX_BYTES // 1_000_000,
        )
    found = read_entries(name, content, wanted, watch)
    if found is None:
        return _of_table(name, content, wanted, watch)
    _check_count(name, len(found.entries))
    return _of_entries(name, found, watch)


def _check_count(name: str, count: int) -> None:
    if not count:
        raise DataError("{name} holds no entry; add texts with their rationale to it.", name=name)
    if count > MAX_TEXTS:
        raise DataError(
            "{name} holds {count:,} texts; shorten it to {limit:,} or fewer.",
            name=name,
            count=count,
            limit=MAX_TEXTS,
        )


def _of_table(name: str, content: bytes, wanted: Wanted, watch: Watch) -> RationaleFile:
    table = read_table(name, content, wanted, watch)
    column = next((c for c in table.columns if plain_name(c) in _PASSAGES), None)
    if column is None or table.text is None:
        raise DataError(
            "{name} has no columns {text} and {rationale}; name them so in the first line.",
            name=name,
            text="text",
            rationale=_PASSAGES[0],
        )
    rows = [
        (text, passages.translate(_BARS))
        for text, passages in zip(table.cells(table.text), table.cells(column), strict=True)
        if text.strip() or passages.strip()
    ]
    _check_count(name, len(rows))
    rationales = []
    for number, (text, passages) in enumerate(rows, 1):
        watch.check()
        watch.progress(number, len(rows))
        parts = [part for part in passages.split(SEPARATOR) if part.strip()]
        plain = _checked_text(name, number, text)
        rationales.append(Rationale(plain, _spans_of_passages(name, number, plain, parts, watch)))
    return RationaleFile(tuple(rationales), table.how, table.findings)


def _of_entries(name: str, found: Entries, watch: Watch) -> RationaleFile:
    read: list[tuple[int, str, list[Mark] | tuple[Span, ...]]] = []
    rejected = 0
    offsets = Offsets(name)
    for done, (number, entry) in enumerate(found.entries, 1):
        watch.check()
        watch.progress(done, len(found.entries))
        if isinstance(entry, Mapping) and is_rejected(entry):
            rejected += 1
            continue
        text = _checked_text(name, number, text_of(entry))
        marks = _marks(name, number, text, entry, watch)
        if isinstance(marks, list):
            offsets.look(number, text, marks)
        read.append((number, text, marks))
    _check_count(name, len(read))
    rationales = tuple(
        Rationale(text, offsets.spans(number, text, marks) if isinstance(marks, list) else marks)
        for number, text, marks in read
    )
    said = [*found.findings, *offsets.findings()]
    if rejected:
        said.append(Finding("rejected entries", rejected, grave=False))
    return RationaleFile(rationales, found.how, tuple(said))


def _checked_text(name: str, number: int, text: Any) -> str:
    if not isinstance(text, str):
        raise DataError(
            "{name}, entry {number}: it has no text; add one.", name=name, number=number
        )
    text = clean_text(text)
    if not has_visible(text) or len(text) > MAX_CHARACTERS:
        raise DataError(
            "{name}, entry {number}: the text is empty or longer than {limit:,} characters; "
            "leave it out.",
            name=name,
            number=number,
            limit=MAX_CHARACTERS,
        )
    return text


def _marks(
    name: str, number: int, text: str, entry: Mapping[str, Any], watch: Watch
) -> list[Mark] | tuple[Span, ...]:
    """Marks whose offsets are still to be understood, or spans of passages."""
    for key in _PASSAGES:
        passages = entry.get(key)
        if isinstance(passages, list) and all(isinstance(p, str) for p in passages):
            return _spans_of_passages(name, number, text, passages, watch)
    marks = marks_of(entry)
    if marks is None:
        raise DataError(
            "{name}, entry {number}: it has neither spans nor a rationale; add one of them.",
            name=name,
            number=number,
        )
    return marks


def _spans_of_passages(
    name: str, number: int, text: str, passages: Iterable[str], watch: Watch
) -> tuple[Span, ...]:
    spans: set[Span] = set()
    for passage in dict.fromkeys(clean_text(passage).strip() for passage in passages):
        watch.check()
        found = occurrences(text, passage)
        if not found:
            raise DataError(
                "{name}, entry {number}: “{passage}” does not stand in the text; correct it.",
                name=name,
                number=number,
                passage=passage[:40],
            )
        spans.update(found)
    return tuple(sorted(spans))
