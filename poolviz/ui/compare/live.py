"""Compare's rows follow each key in the text box."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from poolviz.live.models import live_models
from poolviz.live.view import browser_view
from poolviz.ui.live.follower import Follower, telling
from poolviz.ui.sidebar.choice import Choice
from poolviz.values.explanation import Explanation
from poolviz.views.view import View

_FOLLOWER = Follower("live", Path(__file__).with_suffix(".js"), most=5_000, make=live_models)


def draw_live(
    choice: Choice, text: str, view: View, explanations: Sequence[Explanation] | None
) -> None:
    """Follow the keys in the text box.

    Parameters
    ----------
    text, view : of the page.
    explanations : of the text; None where there are none.
    """
    if view.words or choice.checkpoints[0].on_encoder:  # the browser has neither
        return
    _FOLLOWER.draw(
        choice.checkpoints,
        [text],
        [telling(each) for each in explanations] if explanations else None,
        {"pinned": st.session_state["pinned"], "view": browser_view(view, choice.classes)},
    )
