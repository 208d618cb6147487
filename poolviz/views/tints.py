"""How strongly values are tinted: small ones more than in proportion, or the eye misses them.

A tint's strength is |value / end of the scale| ** power. With a power of 1 a single heavy token
bleaches all others; LIT and SHAP raise small values for the same reason.
"""

from __future__ import annotations

import math

import numpy as np

from poolviz.values.shapes import PerToken
from poolviz.views.panel import Panel, Row

POWER = 0.65
SEEN = 0.2  # the least strength of twice what average pooling gives


def tint_power(panel: Panel) -> float:
    """The power of a panel's tints: `POWER`, or less where twice the average would not be seen."""
    if panel.reference is None or panel.diverging or panel.view.effective_scale == "head":
        return POWER
    top = max((row.high for row in panel.summaries), default=0.0)
    twice = 2 * float(np.max(panel.reference))
    if not 0 < twice < top:
        return POWER
    return min(POWER, math.log(SEEN) / math.log(twice / top))


def strengths(row: Row, power: float) -> PerToken:
    """(T,) from -1 or 0 to 1: how strongly each token is tinted, negative for negative values."""
    fractions = np.clip(row.fractions, -1, 1)
    return np.sign(fractions) * np.abs(fractions) ** power
