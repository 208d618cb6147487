"""What two sentences share, in order: their longest common subsequence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from poolviz.text.tokens import Token, lookup_form

MAX_CELLS = 4_000_000  # of the table, which grows with the product of the lengths


def common_subsequence(a: Sequence[Token], b: Sequence[Token]) -> list[tuple[int, int]] | None:
    """Positions (in a, in b) of a longest common subsequence; None for too long sentences.

    Tokens are the same when their lookup forms agree. Of several longest ones the first is taken:
    each of its tokens stands as early in a as it can. Time and memory: len(a) × len(b), once what
    both begin and end with is set aside; `MAX_CELLS` at most.
    """
    forms_a, forms_b = ([lookup_form(token.text) for token in side] for side in (a, b))
    start = _shared_ends(forms_a, forms_b)
    end = _shared_ends(forms_a[start:][::-1], forms_b[start:][::-1])
    middle_a = forms_a[start : len(forms_a) - end]
    middle_b = forms_b[start : len(forms_b) - end]
    if len(middle_a) * len(middle_b) > MAX_CELLS:
        return None
    return [
        *((position, position) for position in range(start)),
        *((start + i, start + j) for i, j in _subsequence(middle_a, middle_b)),
        *((len(a) - position, len(b) - position) for position in range(end, 0, -1)),
    ]


def _shared_ends(a: Sequence[str], b: Sequence[str]) -> int:
    """How many tokens two sentences begin with in common."""
    return next(
        (position for position, (x, y) in enumerate(zip(a, b, strict=False)) if x != y),
        min(len(a), len(b)),
    )


def _subsequence(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Wagner and Fischer's table (J. ACM 21, 1974), filled from the ends a row at a time."""
    if not a or not b:
        return []
    numbers = {form: number for number, form in enumerate(dict.fromkeys([*a, *b]))}
    of_b = np.array([numbers[form] for form in b])
    # longest[i, j]: of a[i:] and b[j:]
    longest = np.zeros((len(a) + 1, len(b) + 1), np.int32)
    for i in range(len(a) - 1, -1, -1):
        taken = np.where(of_b == numbers[a[i]], longest[i + 1, 1:] + 1, 0)
        best = np.maximum(longest[i + 1, :-1], taken)
        longest[i, :-1] = np.maximum.accumulate(best[::-1])[::-1]
    found: list[tuple[int, int]] = []
    i = j = 0
    while longest[i, j]:
        if a[i] == b[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif longest[i, j + 1] == longest[i, j]:
            j += 1
        else:
            i += 1
    return found
