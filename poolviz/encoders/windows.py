"""How a text that is longer than an encoder reads at once is read: in windows that overlap."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

OVERLAP = 4  # windows share one part in so many


@dataclass(frozen=True)
class Window:
    """A run of tokens that is read together, and those of them whose vectors are taken from it.

    Both count the text's own tokens, from 0.
    """

    read: range
    kept: range


def windows(count: int, room: int) -> list[Window]:
    """Windows over all tokens; each token's vector is from where it stands farthest from an end.

    >>> [(window.read, window.kept) for window in windows(10, 6)]
    [(range(0, 6), range(0, 5)), (range(4, 10), range(5, 10))]

    Parameters
    ----------
    count : tokens of the text.
    room : tokens that are read at once, two at least.
    """
    last = max(count - room, 0)
    starts = [*range(0, last, room - room // OVERLAP), last]
    read = [range(start, min(start + room, count)) for start in starts]
    borders = [0, *((a.stop + b.start) // 2 for a, b in pairwise(read)), count]
    return [Window(*each) for each in zip(read, map(range, borders, borders[1:]), strict=True)]
