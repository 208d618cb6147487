"""All measures of one text under one head, and the table of what each means.

A measure is a function of a text and one of its rankings, and a line in `MEASURES`: tables, charts,
files, surveys and the terminal read what they show of it there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from poolviz.language import N_
from poolviz.trust.ablation.erasure import Ablation
from poolviz.trust.ablation.model import Model
from poolviz.trust.ablation.stress import total_variation
from poolviz.trust.text.agreement import mean_tau, top_overlap
from poolviz.trust.text.curves import (
    Curves,
    aopc_comprehensiveness,
    aopc_sufficiency,
    comprehensiveness,
    curves,
    deletion_area,
    faithfulness_gap,
    flip_share,
    insertion_area,
    sufficiency,
)
from poolviz.trust.text.rankings import DRAWS, all_orders, text_generator, unit_scores
from poolviz.values.shapes import (
    Ids,
    Orders,
    PerDrawUnit,
    PerRowToken,
    PerRowTokenClass,
    PerUnit,
    Units,
)
from poolviz.watch import QUIET, Watch

SATURATED = 0.01  # of probability
TEXT, ROWS = "text", "rows"  # the page's tables: of one text, of the test rows


@dataclass(frozen=True, eq=False)
class TextTrust:
    """How one text fared under one head and one way to erase.

    Parameters
    ----------
    ablation : the text and its units.
    scores : for each ranking (D, S), one row for each draw.
    orders : for each ranking (R, S), units from the top; ties in random orders.
    curves : for each ranking.
    effect : (S,) how far all probabilities move when a unit is erased alone, for each token of it.
    """

    ablation: Ablation
    scores: Mapping[str, PerDrawUnit]
    orders: Mapping[str, Orders]
    curves: Mapping[str, Curves]
    effect: PerUnit

    @property
    def saturated(self) -> bool:
        """Whether no unit erased alone moves the class's probability by `SATURATED`.

        Leave-one-out then orders what is next to nothing, and tau with it means little.
        """
        return bool(np.abs(self.ablation.leave_one_out[:, self.ablation.target]).max() < SATURATED)

    @cached_property
    def figures(self) -> dict[str, dict[str, float]]:
        """For each ranking the value of each of `of_every_text`; NaN where it is not defined."""
        return {
            ranking: {
                key: MEASURES[key].function(self, ranking)
                for key in of_every_text()
                if not (ranking == _ALONE and MEASURES[key].compares)
            }
            for ranking in self.scores
        }


@dataclass(frozen=True)
class Measure:
    """One measure of how well a ranking reflects what the model does.

    Parameters
    ----------
    title : English name, the key of its translation.
    low, high : its range.
    higher : True where higher is more faithful, False where lower is.
    meaning : one sentence.
    function : of a text and the key of a ranking; NaN where it is not defined.
    tables : those of `TEXT` and `ROWS` in which it stands. Files and charts have all measures.
    terminal : its heading in the terminal's table; empty where it has no column there.
    compares : whether it compares with leave-one-out, which then has no figure itself.
    normalised : whether its function's AOPC is given as where it lies between the bounds of the
        text, see `poolviz.trust.text.bounds`. That is dear, so only some rows of a survey have it.
        Such measures alone may be compared between heads. Their keys begin with `naopc.`.
    """

    title: str
    low: float
    high: float
    higher: bool
    meaning: str
    function: Callable[[TextTrust, str], float]
    tables: tuple[str, ...] = ()
    terminal: str = ""
    compares: bool = False
    normalised: bool = False

    @property
    def arrow(self) -> str:
        """Which direction is better."""
        return "↑" if self.higher else "↓"


def _of_curves(function: Callable[[Curves], float]) -> Callable[[TextTrust, str], float]:
    return lambda text, ranking: function(text.curves[ranking])


def _tau(text: TextTrust, ranking: str) -> float:
    return mean_tau(text.scores[ranking], text.scores[_ALONE][0])


def _tau_effect(text: TextTrust, ranking: str) -> float:
    return mean_tau(text.scores[ranking], text.effect)


def _overlap(text: TextTrust, ranking: str) -> float:
    return top_overlap(text.orders[ranking], text.orders[_ALONE])


_ALONE = "leave-one-out"
MEASURES: dict[str, Measure] = {
    "naopc.comprehensiveness": Measure(
        N_("NAOPC, comprehensiveness"),
        0,
        1,
        True,
        N_("AOPC of comprehensiveness, from the least (0) to the greatest (1) of any order."),
        _of_curves(aopc_comprehensiveness),
        tables=(ROWS,),
        terminal="NAOPC comp.",
        normalised=True,
    ),
    "naopc.sufficiency": Measure(
        N_("NAOPC, sufficiency"),
        0,
        1,
        False,
        N_("AOPC of sufficiency, from the least (0) to the greatest (1) of any order."),
        _of_curves(aopc_sufficiency),
        tables=(ROWS,),
        terminal="NAOPC suff.",
        normalised=True,
    ),
    "comprehensiveness": Measure(
        N_("Comprehensiveness"),
        -1,
        1,
        True,
        N_("What the class loses without the top 1, 5, 10, 20 and 50 % (rounded up), on average."),
        _of_curves(comprehensiveness),
        tables=(TEXT,),
    ),
    "sufficiency": Measure(
        N_("Sufficiency"),
        -1,
        1,
        False,
        N_(
            "What the class loses with only the top 1, 5, 10, 20 and 50 % (rounded up), on average."
        ),
        _of_curves(sufficiency),
        tables=(TEXT,),
    ),
    "aopc_comprehensiveness": Measure(
        N_("AOPC, comprehensiveness"),
        -1,
        1,
        True,
        N_("What the class loses on average while the text is erased from the top."),
        _of_curves(aopc_comprehensiveness),
    ),
    "aopc_sufficiency": Measure(
        N_("AOPC, sufficiency"),
        -1,
        1,
        False,
        N_("What the class loses on average while the text is erased from the bottom."),
        _of_curves(aopc_sufficiency),
    ),
    "gap": Measure(
        N_("Faithfulness gap"),
        -2,
        2,
        True,
        N_("AOPC of comprehensiveness less AOPC of sufficiency; 0 is chance."),
        _of_curves(faithfulness_gap),
    ),
    "deletion": Measure(
        N_("Deletion area"),
        0,
        1,
        False,
        N_("Mean probability of the class while the text is erased from the top."),
        _of_curves(deletion_area),
    ),
    "insertion": Measure(
        N_("Insertion area"),
        0,
        1,
        True,
        N_("Mean probability of the class while the text is put in from the top."),
        _of_curves(insertion_area),
    ),
    "tau": Measure(
        N_("Tau with leave-one-out"),
        -1,
        1,
        True,
        N_("Kendall's tau-b with what the class loses when a unit is erased alone."),
        _tau,
        tables=(TEXT, ROWS),
        terminal="tau",
        compares=True,
    ),
    "tau_effect": Measure(
        N_("Tau with the size of the effect"),
        -1,
        1,
        True,
        N_("Kendall's tau-b with how far all probabilities move when a unit is erased alone."),
        _tau_effect,
        tables=(TEXT, ROWS),
        compares=True,
    ),
    "overlap": Measure(
        N_("Top 20 % in common"),
        0,
        1,
        True,
        N_("Share of the top 20 % that the ranking has in common with leave-one-out."),
        _overlap,
        tables=(TEXT,),
        compares=True,
    ),
    "flip": Measure(
        N_("Flip share"),
        0,
        1,
        False,
        N_("The smallest share from the top without which the class is another one."),
        _of_curves(flip_share),
        tables=(TEXT, ROWS),
        terminal="flip share",
    ),
}


def of_every_text() -> list[str]:
    """Keys of the measures that every text has: all but the normalised ones."""
    return [key for key, measure in MEASURES.items() if not measure.normalised]


def in_table(table: str) -> list[str]:
    """Keys of the measures in a table of the page, `TEXT` or `ROWS`."""
    return [key for key, measure in MEASURES.items() if table in measure.tables]


def column(measure: str, ranking: str, how: str) -> str:
    """The column of a survey that holds a measure of a ranking."""
    group, _dot, name = measure.partition(".")
    return f"{group}.{ranking}.{name}" if name else f"{how}.{ranking}.{measure}"


def measure_text(
    model: Model,
    ids: Ids,
    weights: PerRowToken,
    contributions: PerRowTokenClass,
    how: str = "mask",
    units: Units | None = None,
    draws: int = DRAWS,
    watch: Watch = QUIET,
) -> TextTrust:
    """All measures of one text.

    Parameters
    ----------
    ids : (T,).
    weights, contributions : (H, T) and (H, T, K), as in `poolviz.values.explanation.Explanation`.
    how : one of `poolviz.trust.ablation.erasure.ERASURES`.
    units : (T,), see `Ablation`; None for tokens, or 32 segments where there are more.
    draws : how many random orders stand for ties and for a random ranking.
    watch : as of `Ablation`.
    """
    rng = text_generator(ids)
    ablation = model.ablation(ids, units, how, watch)
    gradient = model.gradient_times_input(ids, ablation.whole)
    scores = unit_scores(ablation, weights, contributions, gradient, rng, draws)
    orders = all_orders(scores, rng, draws)
    found = curves(ablation, orders)
    moved = total_variation(ablation.whole - ablation.leave_one_out, ablation.whole)
    return TextTrust(ablation, scores, orders, found, moved / np.bincount(ablation.units))
