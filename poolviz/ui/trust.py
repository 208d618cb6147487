"""Names that both halves of the Trust page show: measures with their directions, columns."""

from __future__ import annotations

from poolviz.language import N_, _
from poolviz.trust.measures import MEASURES

NOT_DEFINED = "n/a"
IN_TABLES = ("weight", "contribution", "random", "uniform")
# Only these may be compared between heads; the other measures hold within one head.
NORMALISED = {
    "naopc.comprehensiveness": (N_("NAOPC, comprehensiveness"), True),
    "naopc.sufficiency": (N_("NAOPC, sufficiency"), False),
}


def measure_title(measure: str) -> str:
    """A measure's name with an arrow that says which direction is better."""
    title, higher = (
        NORMALISED[measure]
        if measure in NORMALISED
        else (MEASURES[measure].title, MEASURES[measure].higher)
    )
    return f"{_(title)} {'↑' if higher else '↓'}"


def column(measure: str, ranking: str, how: str) -> str:
    """The column of a survey that holds a measure of a ranking."""
    group, _dot, name = measure.partition(".")
    return f"{group}.{ranking}.{name}" if name else f"{how}.{ranking}.{measure}"
