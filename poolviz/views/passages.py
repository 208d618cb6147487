"""Long texts in parts: which tokens are shown at once, and where the heaviest sentence is."""

from __future__ import annotations

import numpy as np
import regex

from poolviz.views.changes import Changes
from poolviz.views.panel import Row

PART = 400  # tokens shown at once
BEFORE_THE_FIRST = 40  # of the places shown of two long texts
LONG = 600  # texts with more tokens than this are shown in parts
# What ends a sentence: closing marks (ASCII ones only before a space), line breaks.
_END = regex.compile(r"[。！？…]+[”’」』）]*|(?<![.!?])[.!?]++(?=\s|$)|\n+")


def part_at(position: int, count: int) -> range:
    """The tokens shown at once of a text of `count` tokens, from `position` where that can be.

    A text of up to `LONG` tokens is one part.
    """
    if count <= LONG:
        return range(count)
    start = min(max(position, 0), count - PART)
    return range(start, start + PART)


def part_of_changes(changes: Changes) -> range:
    """The places shown at once of two texts compared: of long ones, around the first difference."""
    firsts = (number for number, place in enumerate(changes.aligned) if not place.kept)
    return part_at(next(firsts, 0) - BEFORE_THE_FIRST, len(changes.aligned))


def heaviest_sentence(row: Row) -> tuple[range, float]:
    """The sentence with the largest sum of absolute values, the first of equals.

    Returns
    -------
    Its tokens, and its share (0 to 1) of the sum over the whole text; 0 where all values are 0.
    """
    tokens = row.explanation.tokens
    starts = np.array([token.start for token in tokens])
    firsts = np.unique(np.searchsorted(starts, _sentence_starts(row.explanation.text)))
    firsts = firsts[firsts < len(tokens)]
    sums = np.add.reduceat(np.abs(row.values), firsts)
    heaviest = int(sums.argmax())
    end = [*firsts[1:], len(tokens)][heaviest]
    total = sums.sum()
    return range(int(firsts[heaviest]), int(end)), float(sums[heaviest] / total) if total else 0.0


def _sentence_starts(text: str) -> list[int]:
    return [0, *(end.end() for end in _END.finditer(text))]
