"""A plain sentence about a head's weights that follows from the numbers by a fixed rule.

The rule: rankings of one head are compared by their faithfulness gap (comprehensiveness less
sufficiency, full-step AOPC, tokens masked) on the same rows. One is better than another where the
mean paired difference is above 0 and its p-value below .05, worse where it is below 0, and
otherwise they cannot be told apart. The p-values are those of
`poolviz.evaluation.intervals.mean_p`, with Holm's correction over all comparisons that are shown
together: of every head, and of its weights with both other rankings. Weights that are equal in
every text rank nothing, so they are not compared: what their random orders say would be chance. Nor
is there a verdict from fewer than `FEWEST_ROWS`. From so many rows on, where no two rankings
differ, at most one data set in twenty has any "better" or "worse": `tests/trust/test_verdict.py`
simulates it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy.special import stdtr, stdtrit

from poolviz.evaluation.comparison import LEVEL, holm
from poolviz.language import N_, _, ngettext
from poolviz.values.interval import Interval

RULE = N_(
    "Rule: two rankings of one head are compared by comprehensiveness less sufficiency (both as "
    "AOPC over all steps) on the same rows. One is called better where the mean paired difference "
    "is above 0 and p < .05, worse where it is below 0: a t test that allows for skewed rows (Hall "
    "1992), corrected by Holm over all heads shown and both comparisons of each. Equal weights "
    "rank nothing and are not compared. Fewer than 100 rows give no verdict."
)
FEWEST_ROWS = 100
EQUAL = "equal"
_OTHERS = ("random", "contribution")
_CHANCE = {
    "better": N_("the weights rank tokens better than chance"),
    "same": N_("the weights are not shown to rank tokens better or worse than chance"),
    "worse": N_("the weights rank tokens worse than chance"),
}
_CONTRIBUTIONS = {
    "better": N_("and better than the contributions"),
    "same": N_("and are not told apart from the contributions"),
    "worse": N_("and worse than the contributions"),
}


@dataclass(frozen=True)
class Verdict:
    """How a head's weights compare: each is "better", "same" or "worse", None without a verdict.

    Both are "equal" where the weights of every text are, and so rank nothing.

    Parameters
    ----------
    rows : how many test rows it rests on.
    how : the way to erase.
    chance : weights against a random ranking.
    contributions : weights against contributions.
    """

    rows: int
    how: str
    chance: str | None
    contributions: str | None

    @property
    def sentence(self) -> str:
        """The verdict in words, in the reader's language."""
        if self.chance is None or self.contributions is None:
            if self.rows < FEWEST_ROWS:
                return _(
                    "No verdict: measured on too few test rows ({rows}, {least} are needed)."
                ).format(rows=self.rows, least=FEWEST_ROWS)
            return _("Not measured.")
        if self.chance == EQUAL:
            return ngettext(
                "On {rows:,} test row the weights are equal within every text: they rank no token "
                "above another.",
                "On {rows:,} test rows the weights are equal within every text: they rank no token "
                "above another.",
                self.rows,
            ).format(rows=self.rows)
        return _("On {rows:,} test rows {chance}, {contributions}.").format(
            rows=self.rows,
            chance=_(_CHANCE[self.chance]),
            contributions=_(_CONTRIBUTIONS[self.contributions]),
        )


def verdicts(summaries: Mapping[str, Mapping[str, Any]], how: str = "mask") -> dict[str, Verdict]:
    """Apply the rule to summaries of `poolviz.trust.rows.survey` that are shown together.

    Parameters
    ----------
    summaries : by any name, which the verdicts have, too.
    how : the way to erase.
    """
    differences = {
        (name, other): found
        for name, summary in summaries.items()
        for other in _OTHERS
        if (found := summary["differences"].get(f"{how}.weight~{other}"))
        and found["n"] >= FEWEST_ROWS
        and not equal_weights(summary, how)
    }
    adjusted = holm([p_value(found) for found in differences.values()])
    said = {
        key: _compared(found["value"], p)
        for (key, found), p in zip(differences.items(), adjusted, strict=True)
    }
    return {
        name: Verdict(summary["rows"], how, EQUAL, EQUAL)
        if equal_weights(summary, how)
        else Verdict(summary["rows"], how, *(said.get((name, other)) for other in _OTHERS))
        for name, summary in summaries.items()
    }


def equal_weights(summary: Mapping[str, Any], how: str = "mask") -> bool:
    """Whether the weights were measured, and are equal within every text: then tau is undefined."""
    measured = all(
        summary["differences"].get(f"{how}.weight~{other}", {}).get("n", 0) >= 1
        for other in _OTHERS
    )
    return measured and f"{how}.weight.tau" not in summary["figures"]


def p_value(difference: Mapping[str, float]) -> float:
    """The p-value of a mean difference, before correction.

    Files of older surveys have none; their interval's half width is taken for the reach of a t
    interval then.
    """
    if "p" in difference:
        return difference["p"]
    found, freedom = Interval.read(difference), difference["n"] - 1
    error = (found.high - found.low) / 2 / float(stdtrit(freedom, 0.975))
    if not error > 0:
        return float(found.value == 0)
    return float(2 * stdtr(freedom, -abs(found.value) / error))


def _compared(value: float, adjusted: float) -> str:
    if not adjusted < LEVEL:
        return "same"
    return "better" if value > 0 else "worse"
