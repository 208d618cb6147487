"""Where a head's weights stand between the worst and the best order, and what that is in words.

The words follow the rule of `poolviz.trust.rows.verdict` for better and worse, tokens masked. How
much better is read off NAOPC: which share of the way from random orders to the head's own
contributions the weights have gone. Where the intervals of weights and random orders overlap, the
words say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poolviz.language import N_, _
from poolviz.trust.rows.verdict import EQUAL, Verdict, verdicts
from poolviz.trust.text.measures import column
from poolviz.values.interval import Interval

MEASURE = "naopc.comprehensiveness"
SHOWN = ("random", "weight", "contribution")

# From which share of the way on which words hold; the last that fits counts.
_WAYS = (
    (0.0, N_("{weight}: little better than random ({random})")),
    (0.25, N_("{weight}: a third of the way from random ({random}) to contributions ({own})")),
    (0.4, N_("{weight}: about half of the way from random ({random}) to contributions ({own})")),
    (0.6, N_("{weight}: most of the way from random ({random}) to contributions ({own})")),
    (0.85, N_("{weight}: nearly as good as contributions ({own})")),
)
_BETTER = N_("{weight}: better than random ({random})")
_UNDECIDED = N_("{weight}: not told apart from random ({random})")
_WORSE = N_("{weight}: worse than random ({random})")
_AS_GOOD = N_("{weight}: not told apart from contributions ({own})")
_BETTER_THAN_OWN = N_("{weight}: better than contributions ({own})")


@dataclass(frozen=True)
class Standing:
    """NAOPC of one head's rankings over the test rows, 0 = worst order, 1 = best.

    Parameters
    ----------
    head : key of the head.
    verdict : on its weights, tokens masked.
    figures : for each of `SHOWN` that was measured its mean with its interval.
    """

    head: str
    verdict: Verdict
    figures: Mapping[str, Interval]

    @property
    def shown(self) -> dict[str, Interval]:
        """The figures that mean something: equal weights rank nothing and stand nowhere."""
        equal = self.verdict.chance == EQUAL
        return {key: at for key, at in self.figures.items() if not (equal and key == "weight")}

    @property
    def sentence(self) -> str:
        """What the figures say, in the reader's language."""
        if self.verdict.chance == EQUAL:
            return _("weights all equal: they rank nothing")
        if self.verdict.chance is None or set(self.figures) != set(SHOWN):
            return self.verdict.sentence
        random, weight, own = (self.figures[key] for key in SHOWN)
        sentence = _(self._words()).format(
            weight=f"{weight.value:.0%}", random=f"{random.value:.0%}", own=f"{own.value:.0%}"
        )
        if self.verdict.chance == "better" and weight.low <= random.high:
            sentence = _("{sentence}; their intervals overlap").format(sentence=sentence)
        return sentence

    def _words(self) -> str:
        if self.verdict.chance != "better":
            return _UNDECIDED if self.verdict.chance == "same" else _WORSE
        if self.verdict.contributions != "worse":
            return _AS_GOOD if self.verdict.contributions == "same" else _BETTER_THAN_OWN
        random, weight, own = (self.figures[key].value for key in SHOWN)
        if own <= random:
            return _BETTER
        way = (weight - random) / (own - random)
        return [words for least, words in _WAYS if least <= max(way, 0)][-1]


def standings(summaries: Mapping[str, Mapping[str, Any]]) -> list[Standing]:
    """Where the weights of each head stand, from summaries of `poolviz.trust.rows.summary`."""
    return [
        Standing(head, verdict, _figures(summaries[head]))
        for head, verdict in verdicts(summaries).items()
    ]


def _figures(summary: Mapping[str, Any]) -> dict[str, Interval]:
    found = {ranking: summary["figures"].get(column(MEASURE, ranking, "mask")) for ranking in SHOWN}
    return {ranking: Interval.read(figure) for ranking, figure in found.items() if figure}
