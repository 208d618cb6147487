"""Which pairs are to train, to validate and to test on, with sentences kept apart where that goes.

Pairs that share a sentence, over any chain, go together. Where that leaves no such division, since
one chain links most pairs, first sentences are kept apart, and where not even that goes, pairs.
What is drawn follows from the texts alone, but for small files, which are drawn again until each
part has pairs of both outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from poolviz.datasets.dataset import SPLITS
from poolviz.datasets.pairs import VALIDATION_SHARE
from poolviz.datasets.readers.reading import Finding
from poolviz.datasets.split import TEST_SHARE, fraction, row_key, sentence_groups
from poolviz.errors import DataError

_DRAWS = 16
_LEAST, _MOST = 0.05, 0.4  # of the pairs, in each of validation and test
Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Division:
    """How pairs were divided.

    Parameters
    ----------
    splits : of each pair, one of `SPLITS`.
    rule : what was kept apart, one of `poolviz.datasets.pairs.OWN_RULES`.
    shared : how many pairs to test on have a sentence that is trained or validated on, too.
    """

    splits: tuple[str, ...]
    rule: str
    shared: int

    def findings(self) -> list[Finding]:
        """What there is to say of it."""
        if not self.shared:
            return [Finding("sentences apart", grave=False)]
        kind = "first sentences apart" if self.rule == "first sentences" else "sentences shared"
        return [Finding(kind, self.shared)]


def divide(
    name: str, pairs: Sequence[Pair], labels: Sequence[int], published: Sequence[str | None]
) -> Division:
    """The splits of the pairs.

    Parameters
    ----------
    name : of the file.
    labels : 1 for a match, 0 for none.
    published : of `SPLITS` where a file says it, else None. What is not said is drawn; where pairs
        to test on are said, only among those to train and to validate on.

    Raises
    ------
    DataError : a part would have no pairs of both outcomes.
    """
    outcomes = np.asarray(labels)
    told = np.array([split or "" for split in published])
    drawn = told == ""
    if {"test"} <= set(told) and "validation" not in told:
        drawn = told != "test"
    if not drawn.any():
        splits, rule = told, "said"
    else:
        splits, rule = _drawn(pairs, outcomes, told, drawn)
    if not _has_all(splits, outcomes):
        raise _too_few(name, splits, outcomes)
    return Division(tuple(map(str, splits)), rule, _shared(pairs, splits))


def _drawn(
    pairs: Sequence[Pair], outcomes: np.ndarray, told: np.ndarray, drawn: np.ndarray
) -> tuple[np.ndarray, str]:
    """The first draw that is good; else the last one, with which the caller must not be content."""
    tests = "test" not in told
    splits, rule = told, "pairs"
    for rule, groups_of in _RULES.items():
        groups = groups_of(pairs)
        for draw in range(_DRAWS):
            splits = np.where(drawn, _draw(groups, draw, tests), told)
            if _has_all(splits, outcomes) and _is_even(splits, tests):
                return splits, rule
    return splits, rule


def _draw(groups: Sequence[str], draw: int, tests: bool) -> np.ndarray:
    """A split for each group by its name, where `tests` says so also to test on."""
    names, places = np.unique(groups, return_inverse=True)
    again = (str(draw),) if draw else ()
    # The key of the name: a smallest key is small itself.
    number = np.array([fraction(row_key(name, *again)) for name in names])[places]
    test = TEST_SHARE if tests else 0.0
    validation = test + (1 - test) * VALIDATION_SHARE
    return np.select([number < test, number < validation], ["test", "validation"], "train")


def _has_all(splits: np.ndarray, outcomes: np.ndarray) -> bool:
    """Whether each part has pairs of both outcomes."""
    return all(len(np.unique(outcomes[splits == split])) == 2 for split in SPLITS)


def _is_even(splits: np.ndarray, tests: bool) -> bool:
    parts = ("validation", "test") if tests else ("validation",)
    return all(_LEAST <= (splits == part).mean() <= _MOST for part in parts)


def _shared(pairs: Sequence[Pair], splits: np.ndarray) -> int:
    keys = [tuple(map(row_key, pair)) for pair in pairs]
    tested = splits == "test"
    known = {key for pair, test in zip(keys, tested, strict=True) if not test for key in pair}
    return sum(not known.isdisjoint(pair) for pair in compress(keys, tested))


def _too_few(name: str, splits: np.ndarray, outcomes: np.ndarray) -> DataError:
    counts = {
        split: " + ".join(str(int((outcomes[splits == split] == one).sum())) for one in (1, 0))
        for split in SPLITS
    }
    return DataError(
        "{name} has too few pairs: pairs that match and pairs that do not are needed to train on "
        "(there are {train}), to choose the epoch by ({validation}) and to test on ({test}); add "
        "labelled pairs.",
        name=name,
        **counts,
    )


# By the rule the group of each pair; groups are not divided.
_RULES: dict[str, Callable[[Sequence[Pair]], list[str]]] = {
    "sentences": sentence_groups,
    "first sentences": lambda pairs: [row_key(first) for first, _second in pairs],
    "pairs": lambda pairs: [row_key(*pair) for pair in pairs],
}
