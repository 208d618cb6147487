"""A figure with its 95 % interval, as cards and result files hold it, and how it is written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poolviz.language import _


@dataclass(frozen=True)
class Interval:
    """A figure and the ends of its 95 % interval; the ends are NaN where it has none.

    In JSON it is an object with these three fields, the ends null where there is none: `to_json`
    writes one, `read` reads it.

    >>> Interval(0.8712, 0.8664, 0.8753).as_share()
    '87.1% (86.6% – 87.5%)'
    """

    value: float
    low: float
    high: float

    @classmethod
    def read(cls, figure: Mapping[str, Any]) -> Interval:
        """The interval of a JSON object, whatever else that holds.

        Raises
        ------
        KeyError, TypeError, ValueError : it is no such object.
        """
        low, high = (
            math.nan if figure[end] is None else float(figure[end]) for end in ("low", "high")
        )
        return cls(float(figure["value"]), low, high)

    def to_json(self) -> dict[str, float | None]:
        """The object that `read` reads."""
        ends = {"low": self.low, "high": self.high}
        return {
            "value": self.value,
            **{name: None if math.isnan(end) else end for name, end in ends.items()},
        }

    def as_share(self) -> str:
        """A share in per cent, each number with the sign: 87.1% (86.6% – 87.5%)."""
        return self._written("z.1%")

    def as_percent(self) -> str:
        """The same for a column whose heading has the unit: 87.1 (86.6–87.5)."""
        return self._written("z.1f", 100)

    def as_points(self) -> str:
        """A difference of shares in percentage points: +0.3 (−0.1 – +0.7)."""
        return self._written("+z.1f", 100)

    def as_number(self, digits: int = 3) -> str:
        """A plain number: 0.871 (0.866–0.876)."""
        return self._written(f"z.{digits}f")

    def _written(self, form: str, factor: int = 1) -> str:
        value, low, high = (
            format(factor * part, form).replace("-", "−")
            for part in (self.value, self.low, self.high)
        )
        if math.isnan(self.low):
            ends = _("n/a")
        else:
            # Numbers with a sign or a unit stand apart from the dash.
            bare = f"{low}{high}".replace(".", "").isdigit()
            ends = f"{low}–{high}" if bare else f"{low} – {high}"
        return _("{value} ({ends})").format(value=value, ends=ends)


def as_chance(p: float) -> str:
    """The p-value of a test, as it is written in a sentence: "p = 0.012", or "p < 0.001"."""
    return f"p = {p:.3f}" if p >= 0.001 else "p < 0.001"
