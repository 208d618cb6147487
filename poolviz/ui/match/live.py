"""The rows of Match follow each key in the boxes of both sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.live.matchers import live_matchers
from poolviz.live.view import browser_view
from poolviz.model.kinds import OUTCOMES
from poolviz.ui.live.follower import Follower, telling
from poolviz.ui.match.matchers import baseline_note
from poolviz.values.pairs import PairExplanation
from poolviz.views.pairs import view_of_pairs

# Longer ones are read from their beginning at each key, in every matcher: that takes too long.
_MOST = 500
_FOLLOWER = Follower("match_live", Path(__file__).with_suffix(".js"), _MOST, live_matchers)


def draw_live(
    checkpoints: Sequence[Checkpoint],
    texts: Sequence[str],
    quantity: str,
    pairs: Sequence[PairExplanation] | None,
) -> None:
    """Follow the keys in the boxes.

    Parameters
    ----------
    texts, quantity : of the page.
    pairs : of the sentences under all matchers; None where there are none.
    """
    _FOLLOWER.draw(
        checkpoints,
        texts,
        [_telling(pair) for pair in pairs] if pairs else None,
        {
            "view": browser_view(view_of_pairs(quantity, OUTCOMES), OUTCOMES),
            "notes": baseline_note(checkpoints),
        },
    )


def _telling(pair: PairExplanation) -> list[float]:
    return [pair.score, *(number for side in pair.sides for number in telling(side))]
