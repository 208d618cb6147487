"""The view's state: kept in the session under plain names, mirrored in the address.

A widget's own key vanishes when its page is left, so every shared choice lives in
`session_state[name]` and is copied to the widget's key "_name" before the widget is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from poolviz import language
from poolviz.text import clean_text
from poolviz.trust.erasure import ERASURES
from poolviz.views import QUANTITIES, SCALES

DEFAULTS: dict[str, Any] = {
    "language": None,  # None: the browser's
    "dataset": None,
    "heads": None,  # None: all that the data set has
    "readout": "linear",
    "quantity": "weight",
    "target": None,
    "against": None,
    "scale": "shared",
    "spread": False,
    "words": False,
    "erase": "mask",
    "position": 0,  # of the first token shown of a long text
    "example": 0,
    "row": None,  # "data set:first digits of the row's key"
    "text": "",
    "text_in_address": False,
    # The Explore page's own; they are not in the address.
    "explore_view": "rows",
    "explore_source": None,
    "explore_search": "",
    "explore_label": None,
    "explore_predicted": None,
    "explore_outcome": None,
    "explore_head": None,
    "explore_difference": None,
    "explore_apart": 0.3,
    "explore_shortest": None,
    "explore_longest": None,
    "explore_order": "file",
    "explore_page": 1,
    "explore_class": None,
    "explore_by": "contribution",
    "explore_token": None,
    "explore_contexts": 1,
}
MAX_TEXT_IN_ADDRESS = 1_000
# Name in the address of every choice that is mirrored there as it is.
_ADDRESS_NAMES = {
    "dataset": "dataset",
    "heads": "heads",
    "readout": "readout",
    "quantity": "show",
    "target": "class",
    "against": "against",
    "scale": "scale",
    "spread": "spread",
    "words": "words",
    "erase": "erase",
    "position": "position",
    "language": "lang",
}
_ALWAYS_WRITTEN = ("dataset", "heads", "quantity", "scale")


def begin() -> None:
    """Fill the session with defaults, then with what the address says if it is new."""
    for name, value in DEFAULTS.items():
        st.session_state.setdefault(name, value)
    just_chosen = st.session_state.pop("just_chosen", False)
    address = st.query_params.to_dict()
    if address and not just_chosen and address != st.session_state.get("address_written"):
        _read_address(address)


def write_address() -> None:
    """Mirror the state in the address, so that copying it reproduces the view."""
    address = current_address()
    if address != st.query_params.to_dict():
        st.query_params.from_dict(address)
    st.session_state["address_written"] = address


def current_address(with_text: bool = False) -> dict[str, str]:
    """Query parameters that reproduce the view; the text itself only on demand."""
    state = st.session_state
    address = {}
    for name, parameter in _ADDRESS_NAMES.items():
        value = state[name]
        # Before the first run has chosen a data set and heads, they are None and stay unsaid.
        if value is not None and (name in _ALWAYS_WRITTEN or value != DEFAULTS[name]):
            address[parameter] = _as_text(value)
    if with_text or state["text_in_address"]:
        address["text"] = state["text"]
    elif state["row"]:
        address["row"] = state["row"]
    elif state["example"] is not None:
        address["example"] = str(state["example"] + 1)
    return address


def bound(widget: Callable, name: str, label: str, **arguments) -> Any:
    """Draw a widget whose value is `session_state[name]`, on whichever page it stands."""
    st.session_state[f"_{name}"] = st.session_state[name]
    return widget(label, key=f"_{name}", on_change=copy_back, args=(name,), **arguments)


def choose_text(text: str, example: int | None = None, row: str | None = None) -> None:
    """Make `text` the text of the view: an example, a row of a data set, or somebody's own."""
    # Streamlit can send no lone surrogates to the browser.
    text = clean_text(text)
    st.session_state.update(text=text, example=example, row=row, text_in_address=False, position=0)


def copy_back(name: str) -> None:
    """Callback of a widget with the key "_name": take its value over into the state."""
    st.session_state[name] = st.session_state[f"_{name}"]
    mark_choice()


def mark_choice() -> None:
    """For callbacks: what was just chosen counts, not the address that the browser sent with it.

    That can be an older one: somebody who makes two choices in a row makes the second before the
    browser has heard of the address of the first.
    """
    st.session_state["just_chosen"] = True


def relabel(*keys: str) -> None:
    """Before widgets with keys of their own: have the browser show the labels of now.

    A select box keeps the label of its value, in whatever language that is, until it is told a
    value.
    """
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, list | tuple) else str(value)


def _read_address(address: dict[str, str]) -> None:
    """Take over an address. It is user input: what is not understood is as if it were not there.

    Names of data sets, heads and classes are checked where the lists to check them against are
    known (`poolviz.ui.controls`).
    """
    state = st.session_state
    for name, parameter in _ADDRESS_NAMES.items():
        state[name] = _parsed(name, address.get(parameter))
    if "text" in address:
        text = address["text"][:MAX_TEXT_IN_ADDRESS]
        state.update(text=text, example=None, row=None, text_in_address=True)
    elif address.get("row"):
        state.update(text="", example=None, row=address["row"], text_in_address=False)
    else:
        number = address.get("example", "1")
        example = int(number) - 1 if number.isdecimal() and len(number) < 3 else 0
        state.update(text="", example=max(example, 0), row=None, text_in_address=False)


def _parsed(name: str, value: str | None) -> Any:
    default = DEFAULTS[name]
    known = {
        "quantity": QUANTITIES,
        "scale": SCALES,
        "erase": tuple(ERASURES),
        "language": tuple(language.LANGUAGES),
    }
    if value is None or (name in known and value not in known[name]):
        return default
    if isinstance(default, bool):
        return value == "1"
    if isinstance(default, int):
        return int(value) if value.isdecimal() and len(value) < 7 else default
    return value.split(",") if name == "heads" else value
