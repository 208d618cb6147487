"""Whether a matcher is worth anything: its test figures beside those of counted characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.values.interval import Interval

BASELINE = "character-cosine"


def baseline_accuracy(card: Mapping[str, Any]) -> Interval | None:
    """Test accuracy of the cosine of character counts, with its interval; None where unmeasured."""
    found = card.get("baselines")
    figures: Any = found.get(BASELINE) if isinstance(found, Mapping) else None
    try:
        return Interval.read(figures["test"]["accuracy"])
    except (KeyError, TypeError, ValueError):
        return None


def beats_baseline(card: Mapping[str, Any]) -> bool | None:
    """Whether a matcher's test accuracy is better than that cosine's by more than the intervals.

    Each of the two must lie outside of the other's 95 % interval. None where the cosine was not
    measured.
    """
    baseline, own = baseline_accuracy(card), Interval.read(card["test"]["accuracy"])
    if baseline is None:
        return None
    return own.value > baseline.high and own.low > baseline.value


def best_of(checkpoints: Sequence[Checkpoint]) -> Checkpoint:
    """The one with the highest test accuracy, the first of equals."""
    return max(checkpoints, key=lambda c: c.card["test"]["accuracy"]["value"])


def none_beats_baseline(checkpoints: Sequence[Checkpoint]) -> bool:
    """Whether the cosine was measured beside these matchers, and none of them is better."""
    verdicts = [beats_baseline(checkpoint.card) for checkpoint in checkpoints]
    return any(verdict is not None for verdict in verdicts) and not any(verdicts)
