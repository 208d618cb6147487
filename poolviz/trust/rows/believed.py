"""How far a head's weights can be believed, as one number over the test rows: NAOPC.

Of each text the order in which tokens are erased by falling weight, placed between the worst order
there is (0) and the best (1) by how fast the model loses its class; see
`poolviz.trust.text.bounds`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poolviz.trust.rows.verdict import equal_weights
from poolviz.trust.text.measures import column
from poolviz.values.interval import Interval

_MEASURE = "naopc.comprehensiveness"


@dataclass(frozen=True)
class Believed:
    """NAOPC of comprehensiveness: 0 is the worst order of the tokens, 1 the best.

    Parameters
    ----------
    weights : of the order of the weights; None where they are equal within every text.
    chance : of random orders.
    rows : test rows it was measured on.
    """

    weights: Interval | None
    chance: Interval
    rows: int


def believed(summary: Mapping[str, Any]) -> Believed | None:
    """What a summary of `poolviz.trust.rows.survey` says of it; None where it was not measured."""
    figures = summary["figures"]
    chance = figures.get(column(_MEASURE, "random", "mask"))
    weights = figures.get(column(_MEASURE, "weight", "mask"))
    if chance is None or weights is None:
        return None
    own = None if equal_weights(summary) else Interval.read(weights)
    return Believed(own, Interval.read(chance), chance["n"])
