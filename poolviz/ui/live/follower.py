"""Rows that answer in the browser while somebody types; a pause hands the texts to Python.

The browser gets the models once, when somebody first goes to a text box. What it cannot compute is
answered as always, by Python alone.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit.components.v2 import component
from streamlit.runtime import get_instance

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import PoolvizError
from poolviz.language import _, current
from poolviz.live.models import LiveModels
from poolviz.live.script import script
from poolviz.ui.input.boxes import leave_boxes_alone
from poolviz.values.explanation import Explanation

OFFERED = 4  # runs in which the models lie ready: the first may be cut short by the next
PAUSE = 600  # milliseconds after the last key
CLOSE = 1e-4  # a larger difference is none of rounding

Make = Callable[[Sequence[Checkpoint]], LiveModels]


@dataclass(frozen=True)
class Follower:
    """Follows the keys in the text boxes of one page.

    Parameters
    ----------
    key : of its component.
    code : the page's script, which uses `poolviz/live/follower.js`.
    most : characters of a text that is followed.
    make : what the browser needs of some checkpoints; raises PoolvizError where it knows none.
    """

    key: str
    code: Path
    most: int
    make: Make

    @cached_property
    def _component(self) -> Any:
        return component(
            f"poolviz_{self.key}",
            html='<p class="live-note" role="status" hidden></p>',
            css=".live-note{color:var(--st-text-color);font-size:.9rem;margin:0}",
            js=script(self.code),
        )

    def draw(
        self,
        checkpoints: Sequence[Checkpoint],
        texts: Sequence[str],
        told: Sequence[Sequence[float]] | None,
        shown: Mapping[str, Any],
    ) -> None:
        """Say what the page shows, and follow the keys from here on.

        Parameters
        ----------
        texts : of the page.
        told : of Python's answer a few numbers for each model that follows, see `telling`; None
            where there is none.
        shown : what the page's script needs beside this.
        """
        version = "-".join(checkpoint.onnx_hash[:16] for checkpoint in checkpoints)
        url, unknown = self._offer(version, checkpoints)
        state = {
            "version": version,
            "url": url,
            "unknown": unknown,  # to the browser, which then asks no more
            "texts": list(texts),
            "told": told,
            "language": current(),
            "differs": _(
                "What your browser computed while you typed was not what Python says; these are "
                "Python's numbers."
            ),
            "pause": PAUSE,
            "most": self.most,
            "close": CLOSE,
            **shown,
        }
        # In a list: among the values of a mapping Streamlit looks for tables, and loads pandas.
        self._component(key=self.key, data=[state], on_wants_change=self._asked)

    def _offer(self, version: str, checkpoints: Sequence[Checkpoint]) -> tuple[str | None, bool]:
        """Where the browser finds the models, while it asks; and whether it knows none of them."""
        asked, runs = st.session_state.get(self._of_asking, (None, 0))
        if asked != version or not runs:
            return None, False
        st.session_state[self._of_asking] = asked, runs - 1
        try:
            return _address(version, checkpoints, self.make), False
        except PoolvizError:
            return None, True

    @property
    def _of_asking(self) -> str:
        return f"{self.key}_asked"

    def _asked(self) -> None:
        leave_boxes_alone()
        st.session_state[self._of_asking] = st.session_state[self.key].wants, OFFERED


def telling(explanation: Explanation) -> list[float]:
    """A few numbers that tell whether two answers are the same; follower.js has them, too."""
    weights = explanation.weights.mean(axis=0, dtype=np.float64)
    paid = explanation.contributions[..., 0].sum(axis=0)
    centre = weights @ np.arange(len(weights)) / len(weights)
    numbers = (*explanation.probabilities, centre, weights @ weights, paid.max())
    return [float(number) for number in numbers]


def _address(version: str, checkpoints: Sequence[Checkpoint], make: Make) -> str:
    """Where the browser finds the models; raises PoolvizError where it knows none of them."""
    content = _packed(version, checkpoints, make)
    return get_instance().media_file_mgr.add(content, "application/octet-stream", f"live-{version}")


@st.cache_resource(show_spinner=False, max_entries=4)
def _packed(version: str, _checkpoints: Sequence[Checkpoint], _make: Make) -> bytes:
    """Length of the header, header, floats: gzipped. The version stands for the checkpoints."""
    models = _make(_checkpoints)
    header = json.dumps(models.header, separators=(",", ":"), allow_nan=False).encode("ascii")
    content = [len(header).to_bytes(4, "little"), header, models.floats.tobytes()]
    return gzip.compress(b"".join(content), compresslevel=6, mtime=0)
