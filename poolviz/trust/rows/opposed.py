"""Tau with leave-one-out beside the faithfulness gap, and where the two disagree.

Tau asks whether a ranking has the order of what single erasures cost; the gap, what erasing more
and more tokens in its order costs. Neither bounds the other, and either may be the better for a
ranking that the other calls worse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from poolviz.trust.text.measures import column

COMPARED = ("weight", "contribution", "gradient")


@dataclass(frozen=True)
class Opposed:
    """Two rankings of one head: tau puts `first` above `second`, the gap below.

    Parameters
    ----------
    tau, gap : the means of the first and of the second.
    """

    first: str
    second: str
    tau: tuple[float, float]
    gap: tuple[float, float]


def taus(summary: Mapping[str, Any], how: str = "mask") -> dict[str, Mapping[str, float]]:
    """Tau with leave-one-out of each of `COMPARED` that has one, as figures of the summary."""
    found = {ranking: _figure(summary, "tau", ranking, how) for ranking in COMPARED}
    return {ranking: figure for ranking, figure in found.items() if figure}


def opposed(summary: Mapping[str, Any], how: str = "mask") -> Iterator[Opposed]:
    """The pairs of rankings that tau and the faithfulness gap put in opposite orders."""
    found = taus(summary, how)
    for pair in combinations(found, 2):
        gaps = {ranking: _figure(summary, "gap", ranking, how) for ranking in pair}
        if None in gaps.values():
            continue
        first, second = sorted(pair, key=lambda ranking: -found[ranking]["value"])
        tau = (found[first]["value"], found[second]["value"])
        gap = (gaps[first]["value"], gaps[second]["value"])
        if tau[0] > tau[1] and gap[0] < gap[1]:
            yield Opposed(first, second, tau, gap)


def _figure(summary: Mapping[str, Any], measure: str, ranking: str, how: str) -> Any:
    return summary["figures"].get(column(measure, ranking, how))
