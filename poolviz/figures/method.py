"""How numbers came about, in a line for the foot of a figure."""

from __future__ import annotations

from poolviz.datasets import dataset_title
from poolviz.language import _
from poolviz.values.explanation import Explanation
from poolviz.views.panel import Panel


def method(*explanations: Explanation) -> str:
    """Data set, read-out and exactness of explanations that are shown together."""
    parts = dict.fromkeys(
        _("{dataset}, {readout} read-out, {exactness}").format(
            dataset=dataset_title(explanation.dataset),
            readout=explanation.readout,
            exactness=_("adds up exactly") if explanation.exact else _("approximate"),
        )
        for explanation in explanations
    )
    return " · ".join(parts)


def method_of(panel: Panel) -> str:
    """`method` of all that a panel shows, for the foot of a figure."""
    return method(*(row.explanation for row in panel.summaries))
