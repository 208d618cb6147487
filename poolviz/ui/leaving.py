"""A page that is chosen while somebody types opens with what was typed, see leaving.js."""

from __future__ import annotations

from pathlib import Path

from streamlit.components.v2 import component

KEY = "leaving"  # the style of the page leaves no room for it
_waiting = component(
    "poolviz_leaving", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def draw_waiting() -> None:
    """Have links to pages wait for what was typed; nothing of it is seen."""
    _waiting(key=KEY)
