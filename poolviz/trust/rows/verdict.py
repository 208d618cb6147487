"""A plain sentence about a head's weights that follows from the numbers by a fixed rule.

The rule: rankings of one head are compared by their faithfulness gap (comprehensiveness less
sufficiency, full-step AOPC, tokens masked) on the same rows. One is better than another where the
95 % bootstrap interval of the mean paired difference lies above 0, worse where it lies below, and
otherwise they cannot be told apart. Weights that are equal in every text rank nothing, so they are
not compared: what the interval of their random orders says would be chance. Nor is there a
verdict from fewer than `FEWEST_ROWS`: resampling so few rows says little about others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poolviz.language import N_, _, ngettext
from poolviz.values.interval import Interval

RULE = N_(
    "Rule: two rankings of one head are compared by comprehensiveness less sufficiency (both as "
    "AOPC over all steps) on the same rows. One is called better where the 95 % bootstrap interval "
    "of the mean paired difference lies above 0, worse where it lies below 0. Equal weights rank "
    "nothing and are not compared. Fewer than 10 rows give no verdict."
)
FEWEST_ROWS = 10
EQUAL = "equal"
_CHANCE = {
    "better": N_("the weights rank tokens better than chance"),
    "same": N_("the weights rank tokens no better and no worse than chance"),
    "worse": N_("the weights rank tokens worse than chance"),
}
_CONTRIBUTIONS = {
    "better": N_("and better than the contributions"),
    "same": N_("and as well as the contributions"),
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
                return _("No verdict: measured on too few test rows ({rows}).").format(
                    rows=self.rows
                )
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


def verdict(summary: Mapping[str, Any], how: str = "mask") -> Verdict:
    """Apply the rule to a summary of `poolviz.trust.rows.survey`."""
    differences = summary["differences"]
    pair = tuple(
        compared(differences.get(f"{how}.weight~{other}")) for other in ("random", "contribution")
    )
    # Tau is not defined for equal values.
    if None not in pair and f"{how}.weight.tau" not in summary["figures"]:
        pair = (EQUAL, EQUAL)
    return Verdict(summary["rows"], how, *pair)


def compared(difference: Mapping[str, float] | None) -> str | None:
    """Whether a mean difference is "better", "same" or "worse" by its interval.

    None where it was not measured, or on fewer than `FEWEST_ROWS`.
    """
    if difference is None or difference["n"] < FEWEST_ROWS:
        return None
    found = Interval.read(difference)
    if not found.is_clear:
        return "same"
    return "better" if found.low > 0 else "worse"


def ceiling(summary: Mapping[str, Any], how: str = "mask") -> tuple[str, dict[str, float]] | None:
    """The tau with leave-one-out to hope for: the better of contribution and gradient × input.

    Returns
    -------
    The ranking's key and its figure; None where neither is defined.
    """
    figures = summary["figures"]
    found = {
        ranking: figures[f"{how}.{ranking}.tau"]
        for ranking in ("contribution", "gradient")
        if f"{how}.{ranking}.tau" in figures
    }
    return max(found.items(), key=lambda item: item[1]["value"]) if found else None
