"""Rows that answer in the browser while somebody types; a pause hands the text to Python.

The browser gets the models once, when somebody first goes to the text box. What it cannot compute
is answered as always, by Python alone.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st
from streamlit.components.v2 import component
from streamlit.runtime import get_instance

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import PoolvizError
from poolviz.language import _, current
from poolviz.live.models import live_models
from poolviz.live.script import script
from poolviz.live.view import browser_view
from poolviz.ui.frame.controls import Choice
from poolviz.ui.input.text_input import leave_box_alone
from poolviz.values.explanation import Explanation
from poolviz.views.view import View

OFFERED = 4  # runs in which the models lie ready: the first may be cut short by the next
PAUSE = 600  # milliseconds after the last key
MOST = 5_000  # characters of a text that is followed
CLOSE = 1e-4  # a larger difference is none of rounding
_KEY, _ASKED = "live", "live_asked"
_follower = component(
    "poolviz_live",
    html='<p class="live-note" role="status" hidden></p>',
    css=".live-note{color:var(--st-text-color);font-size:.9rem;margin:0}",
    js=script(Path(__file__).with_suffix(".js")),
)


def draw_live(
    choice: Choice, text: str, view: View, explanations: Sequence[Explanation] | None
) -> None:
    """Follow the keys in the text box.

    Parameters
    ----------
    text, view : of the page.
    explanations : of the text; None where there are none.
    """
    if view.words:  # the browser has no dictionary
        return
    version = "-".join(checkpoint.onnx_hash[:16] for checkpoint in choice.checkpoints)
    url, unknown = None, False
    asked, runs = st.session_state.get(_ASKED, (None, 0))
    if asked == version and runs:
        st.session_state[_ASKED] = asked, runs - 1
        try:
            url = _address(version, choice.checkpoints)
        except PoolvizError:
            unknown = True
    state = {
        "version": version,
        "url": url,
        "unknown": unknown,  # to the browser, which then asks no more
        "text": text,
        "pinned": st.session_state["pinned"],
        "view": browser_view(view, choice.classes),
        "language": current(),
        "told": [_telling(each) for each in explanations] if explanations else None,
        "differs": _(
            "What your browser computed while you typed was not what Python says; these are "
            "Python's numbers."
        ),
        "pause": PAUSE,
        "most": MOST,
        "close": CLOSE,
    }
    # In a list: among the values of a mapping Streamlit looks for tables, and loads pandas for it.
    _follower(key=_KEY, data=[state], on_wants_change=_asked)


def _asked() -> None:
    leave_box_alone()
    st.session_state[_ASKED] = st.session_state[_KEY].wants, OFFERED


def _address(version: str, checkpoints: Sequence[Checkpoint]) -> str:
    """Where the browser finds the models.

    Raises
    ------
    PoolvizError
        If it does not know one of them.
    """
    content = _packed(version, checkpoints)
    return get_instance().media_file_mgr.add(content, "application/octet-stream", f"live-{version}")


@st.cache_resource(show_spinner=False, max_entries=4)
def _packed(version: str, _checkpoints: Sequence[Checkpoint]) -> bytes:
    """Length of the header, header, floats: gzipped. The version stands for the checkpoints."""
    models = live_models(_checkpoints)
    header = json.dumps(models.header, separators=(",", ":"), allow_nan=False).encode("ascii")
    content = [len(header).to_bytes(4, "little"), header, models.floats.tobytes()]
    return gzip.compress(b"".join(content), compresslevel=6, mtime=0)


def _telling(explanation: Explanation) -> list[float]:
    """A few numbers that tell whether two answers are the same; live.js has them, too."""
    weights = explanation.weights.mean(axis=0, dtype=np.float64)
    paid = explanation.contributions[..., 0].sum(axis=0)
    centre = weights @ np.arange(len(weights)) / len(weights)
    numbers = (*explanation.probabilities, centre, weights @ weights, paid.max())
    return [float(number) for number in numbers]
