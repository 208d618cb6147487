"""What a person marked as the reason for a text's class: passages, tokens, and files of them.

A file of rationales is one of

- CSV with the columns `text` and `rationale`: passages of the text, `|` between them;
- JSON, a list of objects, or JSON Lines: `text`, and `spans`, a list of [start, end] in code points
  without the end, or `rationale`, a list of passages.

A passage marks each of its occurrences; a token is marked where a span touches it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from poolviz.datasets.sentence_lists import read_columns
from poolviz.errors import DataError
from poolviz.text.tokens import MAX_CHARACTERS, Token, clean_text, has_visible
from poolviz.values.shapes import Marked

MAX_TEXTS = 2_000
MAX_BYTES = 20_000_000
SEPARATOR = "|"
TEXT, PASSAGES, SPANS = "text", "rationale", "spans"

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


def occurrences(text: str, passage: str) -> list[Span]:
    """The spans of a passage in a text, from the left and without overlap.

    >>> occurrences("好，很好", "好")
    [(0, 1), (3, 4)]
    """
    found, start = [], text.find(passage)
    while passage and start >= 0:
        found.append((start, start + len(passage)))
        start = text.find(passage, start + len(passage))
    return found


def read_rationales(name: str, content: bytes) -> list[Rationale]:
    """Read a file of rationales.

    Parameters
    ----------
    name : of the file, for messages; one that ends in `.csv` is CSV, others are JSON.

    Raises
    ------
    DataError : the file is too large, cannot be read, or an entry of it is wrong.
    """
    if len(content) > MAX_BYTES:
        raise DataError(
            "{name} holds more than {limit} MB; split it into smaller files.",
            name=name,
            limit=MAX_BYTES // 1_000_000,
        )
    is_csv = name.lower().endswith(".csv")
    entries = _of_csv(name, content) if is_csv else _of_json(name, content)
    if not entries:
        raise DataError("{name} holds no entry; add texts with their rationale to it.", name=name)
    if len(entries) > MAX_TEXTS:
        raise DataError(
            "{name} holds {count:,} texts; shorten it to {limit:,} or fewer.",
            name=name,
            count=len(entries),
            limit=MAX_TEXTS,
        )
    return [_read(name, number, entry) for number, entry in enumerate(entries, 1)]


def _of_csv(name: str, content: bytes) -> list[dict[str, Any]]:
    columns = read_columns(name, content)
    if TEXT not in columns or PASSAGES not in columns:
        raise DataError(
            "{name} has no columns {text} and {rationale}; name them so in the first line.",
            name=name,
            text=TEXT,
            rationale=PASSAGES,
        )
    return [
        {TEXT: text, PASSAGES: [part for part in passages.split(SEPARATOR) if part.strip()]}
        for text, passages in zip(columns[TEXT], columns[PASSAGES], strict=True)
        if text.strip() or passages.strip()
    ]


def _of_json(name: str, content: bytes) -> list[Any]:
    try:
        text = content.decode("utf-8-sig")
        try:
            entries = json.loads(text)
        except json.JSONDecodeError:
            # `splitlines` would cut at characters that JSON's strings may hold, like U+2028.
            entries = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:  # ValueError: also where it is not UTF-8
        raise DataError(
            "{name} is neither JSON nor JSON Lines in UTF-8; save it again as one of them.",
            name=name,
        ) from error
    return entries if isinstance(entries, list) else [entries]


def _read(name: str, number: int, entry: Any) -> Rationale:
    if not isinstance(entry, Mapping) or not isinstance(entry.get(TEXT), str):
        raise DataError(
            "{name}, entry {number}: it has no text; add one.", name=name, number=number
        )
    text = clean_text(entry[TEXT])
    if not has_visible(text) or len(text) > MAX_CHARACTERS:
        raise DataError(
            "{name}, entry {number}: the text is empty or longer than {limit:,} characters; "
            "leave it out.",
            name=name,
            number=number,
            limit=MAX_CHARACTERS,
        )
    if SPANS in entry:
        return Rationale(text, _checked_spans(name, number, text, entry[SPANS]))
    return Rationale(text, _spans_of_passages(name, number, text, entry.get(PASSAGES)))


def _checked_spans(name: str, number: int, text: str, spans: Any) -> tuple[Span, ...]:
    if not isinstance(spans, list) or not all(_is_span(span, len(text)) for span in spans):
        raise DataError(
            "{name}, entry {number}: spans must be pairs of a start and an end in characters, from "
            "0 to {count}; correct them.",
            name=name,
            number=number,
            count=len(text),
        )
    return tuple(sorted((start, end) for start, end in spans))


def _is_span(span: Any, length: int) -> bool:
    if not isinstance(span, list) or len(span) != 2:
        return False
    return all(type(value) is int for value in span) and 0 <= span[0] < span[1] <= length


def _spans_of_passages(name: str, number: int, text: str, passages: Any) -> tuple[Span, ...]:
    if not isinstance(passages, list) or not all(isinstance(p, str) for p in passages):
        raise DataError(
            "{name}, entry {number}: it has neither spans nor a rationale; add one of them.",
            name=name,
            number=number,
        )
    spans: set[Span] = set()
    for passage in (clean_text(passage).strip() for passage in passages):
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
