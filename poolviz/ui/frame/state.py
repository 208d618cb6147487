"""The view's state: kept in the session under plain names, mirrored in the address.

A widget's own key vanishes when its page is left, so every shared choice lives in
`session_state[name]` and is copied to the widget's key "_name" before the widget is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from poolviz import language
from poolviz.language import _
from poolviz.text.tokens import clean_text
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.views.pairs import MODES
from poolviz.views.view import QUANTITIES, SCALES

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
    "text_own": None,  # the last that somebody gave; kept here, as no address holds it
    "editing": False,
    "edit_by": "tokens",
    "edited": None,  # (a text, what it was changed to); it counts for that text alone
    "pinned": None,  # the text that others are compared with
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
    # The Match page's own.
    "match_dataset": None,
    "matchers": None,  # None: all that the data set has
    "match_mode": "pair",
    "match_quantity": "weight",
    "matrix_of": None,  # None: the first of the matchers
    "common": False,
    "swapped": False,  # an example, or a row, with its sentences in the other order
    "pair": 0,
    "pair_row": None,
    "sentence_a": "",
    "sentence_b": "",
    "sentence_c": "",
    "sentence_a_in_address": False,
    "sentence_a_own": None,
}
MAX_TEXT_IN_ADDRESS = 1_000
MATCH_QUANTITIES = ("weight", "contribution")


@dataclass(frozen=True)
class TextPlace:
    """Where the texts of a page stand in the state and, under the same names, in the address.

    Parameters
    ----------
    texts : names of the texts; the first one's name, with "_in_address" after it, says whether
        they stand in the address, and with "_own" what the visitor gave last.
    example : name of the example's number; None where the texts are no example.
    row : name of the labelled row, "data set:first digits of the row's key".
    only_of : name of what is only said of these texts, and is the default for others.
    """

    texts: tuple[str, ...]
    example: str
    row: str
    only_of: str

    @property
    def in_address(self) -> str:
        """Name of what says whether the texts stand in the address."""
        return f"{self.texts[0]}_in_address"

    @property
    def own(self) -> str:
        """Name of the texts that the visitor gave last; None where there are none."""
        return f"{self.texts[0]}_own"


TEXT = TextPlace(("text",), "example", "row", "position")
PAIR = TextPlace(("sentence_a", "sentence_b", "sentence_c"), "pair", "pair_row", "swapped")
PLACES = (TEXT, PAIR)
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
    "editing": "edit",
    "position": "position",
    "match_dataset": "pairs",
    "matchers": "matchers",
    "match_mode": "mode",
    "match_quantity": "pair_show",
    "matrix_of": "matrix",
    "common": "common",
    "swapped": "swapped",
    "language": "lang",
}
_ALWAYS_WRITTEN = ("dataset", "heads", "quantity", "scale")


def begin() -> None:
    """Fill the session with defaults, then with what the address says if it is new."""
    for name, value in DEFAULTS.items():
        st.session_state.setdefault(name, value)
    just_chosen = st.session_state.pop("just_chosen", False)
    address = st.query_params.to_dict()
    own = [st.session_state.get(name) for name in ("address_written", "address_linked")]
    if address and not just_chosen and address not in own:
        _read_address(address)


def write_address() -> None:
    """Mirror the state in the address, so that copying it reproduces the view."""
    address = current_address()
    if address != st.query_params.to_dict():
        st.query_params.from_dict(address)
    st.session_state["address_written"] = address


def linked_address() -> dict[str, str]:
    """Query parameters for the links to the other pages.

    They are drawn before a page has settled what it adds to the address, so they can differ from
    what `write_address` writes; whoever follows them keeps what the address does not say.
    """
    address = st.session_state["address_linked"] = current_address()
    return address


def current_address(with_texts: TextPlace | None = None) -> dict[str, str]:
    """Query parameters that reproduce the view; the texts of a place only on demand."""
    state = st.session_state
    address = {}
    for name, parameter in _ADDRESS_NAMES.items():
        value = state[name]
        # Before the first run has chosen a data set and heads, they are None and stay unsaid.
        if value is not None and (name in _ALWAYS_WRITTEN or value != DEFAULTS[name]):
            address[parameter] = _as_text(value)
    for place in PLACES:
        if with_texts is place or state[place.in_address]:
            address |= {name: state[name] for name in place.texts if state[name]}
            address.setdefault(place.texts[0], "")
        elif state[place.row]:
            address[place.row] = state[place.row]
        elif state[place.example]:  # neither None nor the first, which is the default
            address[place.example] = str(state[place.example] + 1)
    return address


def bound(widget: Callable, name: str, label: str, **arguments) -> Any:
    """Draw a widget whose value is `session_state[name]`, on whichever page it stands."""
    st.session_state[f"_{name}"] = st.session_state[name]
    return widget(label, key=f"_{name}", on_change=copy_back, args=(name,), **arguments)


def switch(name: str, label: str, titles: Mapping[str, str], **arguments) -> str:
    """`bound` buttons of which one is pressed; what each says is a marked message of `titles`."""
    return bound(
        st.segmented_control,
        name,
        label,
        options=list(titles),
        format_func=lambda key: _(titles[key]),
        required=True,
        **arguments,
    )


def leave_unsaid(name: str) -> None:
    """After the widget of a choice that nobody has made: the address need not name it."""
    st.session_state[name] = DEFAULTS[name]


def choose_text(
    *texts: str, example: int | None = None, row: str | None = None, place: TextPlace = TEXT
) -> None:
    """Make these the texts of a place: an example, a row of a data set, or somebody's own.

    Texts that are not given are empty.
    """
    # Streamlit can send no lone surrogates to the browser.
    given = [*map(clean_text, texts), *[""] * (len(place.texts) - len(texts))]
    st.session_state.update(zip(place.texts, given, strict=True))
    st.session_state.update({place.example: example, place.row: row, place.in_address: False})
    st.session_state[place.only_of] = DEFAULTS[place.only_of]
    if row is None and not example:  # these two share an address: the later one counts in it
        st.session_state[place.own] = given if example is None else None


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
    known (`poolviz.ui.frame.controls`).
    """
    for name, parameter in _ADDRESS_NAMES.items():
        st.session_state[name] = _parsed(name, address.get(parameter))
    for place in PLACES:
        _read_texts(place, address)


def _read_texts(place: TextPlace, address: dict[str, str]) -> None:
    if place.texts[0] in address:
        texts = {name: address.get(name, "")[:MAX_TEXT_IN_ADDRESS] for name in place.texts}
        example, row = None, None
    elif (own := st.session_state[place.own]) and not {place.row, place.example} & set(address):
        texts = dict(zip(place.texts, own, strict=True))
        example, row = None, None
    else:
        texts = dict.fromkeys(place.texts, "")
        row = address.get(place.row) or None
        number = address.get(place.example, "1")
        first = int(number) - 1 if number.isdecimal() and len(number) < 3 else 0
        example = None if row else max(first, 0)
    st.session_state.update(texts)
    st.session_state.update(
        {place.example: example, place.row: row, place.in_address: place.texts[0] in address}
    )


def _parsed(name: str, value: str | None) -> Any:
    default = DEFAULTS[name]
    known = {
        "quantity": QUANTITIES,
        "scale": SCALES,
        "erase": tuple(ERASURES),
        "language": tuple(language.LANGUAGES),
        "match_mode": tuple(MODES),
        "match_quantity": MATCH_QUANTITIES,
    }
    if value is None or (name in known and value not in known[name]):
        return default
    if isinstance(default, bool):
        return value == "1"
    if isinstance(default, int):
        return int(value) if value.isdecimal() and len(value) < 7 else default
    return value.split(",") if name in ("heads", "matchers") else value
