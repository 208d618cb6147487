"""The view's state: kept in the session under plain names, mirrored in the address.

A widget's own key vanishes when its page is left, so every shared choice lives in
`session_state[name]` and is copied to the widget's key "_name" before the widget is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from poolviz import language
from poolviz.language import _
from poolviz.text.tokens import clean_text
from poolviz.ui.frame.settings import ALL_TEXTS, SETTINGS, TEXT, TextFields

MAX_TEXT_IN_ADDRESS = 1_000


def begin() -> None:
    """Fill the session with defaults, then with what the address says if it is new."""
    if "settled" not in st.session_state:
        for name, setting in SETTINGS.items():
            st.session_state.setdefault(name, setting.default)
        st.session_state["settled"] = True
    just_chosen = st.session_state.pop("just_chosen", False)
    address = st.query_params.to_dict()
    own = [st.session_state.get(name) for name in ("address_written", "address_linked")]
    if address and not just_chosen and address not in own:
        _read_address(address)


def speak() -> None:
    """Use the visitor's language: that of the last run is forgotten, also by a fragment's."""
    language.use(st.session_state.get("language") or language.best_match(st.context.locale))


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


def current_address(with_texts: TextFields | None = None) -> dict[str, str]:
    """Query parameters that reproduce the view; texts of the visitor's own only on demand."""
    state = st.session_state
    address = {}
    # Before the first run has chosen a data set and heads, they are None and stay unsaid.
    for name, setting in SETTINGS.items():
        if setting.parameter:  # asking the session takes time, and most pages have few settings
            address |= setting.in_address(state[name])
    for fields in ALL_TEXTS:
        if with_texts is fields or state[fields.in_address]:
            address |= {name: state[name] for name in fields.texts if state[name]}
            address.setdefault(fields.texts[0], "")
        elif state[fields.row]:
            address[fields.row] = state[fields.row]
        elif state[fields.example]:  # neither None nor the first, which is the default
            address[fields.example] = str(state[fields.example] + 1)
    return address


def bound(widget: Callable, name: str, label: str, **arguments) -> Any:
    """Draw a widget whose value is `session_state[name]`, on whichever page it stands."""
    st.session_state[f"_{name}"] = st.session_state[name]
    return widget(label, key=f"_{name}", on_change=copy_back, args=(name,), **arguments)


def switch(name: str, label: str, titles: Mapping[str, str], **arguments) -> str:
    """`bound` buttons of which one is pressed; what each says is a marked message of `titles`.

    A choice that is not offered now shows as the first, and is kept for when it is again.
    """
    shown = st.session_state[name]
    st.session_state[f"_{name}"] = shown if shown in titles else next(iter(titles))
    return st.segmented_control(
        label,
        options=list(titles),
        format_func=lambda key: _(titles[key]),
        required=True,
        key=f"_{name}",
        on_change=copy_back,
        args=(name,),
        **arguments,
    )


def open_section(name: str, titles: Mapping[str, str]) -> str | None:
    """`bound` buttons for the parts below a page's picture; the key of the one that is open.

    At most one is open at a time, and a closed one costs nothing.

    Parameters
    ----------
    titles : marked messages by key, of the parts that are offered now.
    """
    if st.session_state[name] not in titles:
        st.session_state[name] = None
    return bound(
        st.segmented_control,
        name,
        _("More"),
        options=list(titles),
        format_func=lambda key: _(titles[key]),
        label_visibility="collapsed",
        help=_("Opens a part below, or closes it; a closed one costs nothing."),
    )


@contextmanager
def settled(name: str, value: Any) -> Iterator[None]:
    """Inside, a choice has this value, and addresses say so; afterwards it is as it was made."""
    chosen = st.session_state[name]
    st.session_state[name] = value
    try:
        yield
    finally:
        st.session_state[name] = chosen


def leave_unsaid(name: str) -> None:
    """After the widget of a choice that nobody has made: the address need not name it."""
    st.session_state[name] = SETTINGS[name].default


def choose_text(
    *texts: str, example: int | None = None, row: str | None = None, fields: TextFields = TEXT
) -> None:
    """Make these the texts of a page: an example, a row of a data set, or somebody's own.

    Texts that are not given are empty.
    """
    # Streamlit can send no lone surrogates to the browser.
    given = [*map(clean_text, texts), *[""] * (len(fields.texts) - len(texts))]
    st.session_state.update(zip(fields.texts, given, strict=True))
    st.session_state.update({fields.example: example, fields.row: row, fields.in_address: False})
    for name in fields.only_of:
        leave_unsaid(name)
    if row is None and not example:  # these two share an address: the later one counts in it
        st.session_state[fields.own] = given if example is None else None


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


def _read_address(address: dict[str, str]) -> None:
    """Take over an address. It is user input: what is not understood is as if it were not there."""
    for name, setting in SETTINGS.items():
        if setting.parameter:
            st.session_state[name] = setting.from_address(address)
            st.session_state.pop(f"{name}_among", None)  # names are of what the address names
    for fields in ALL_TEXTS:
        _read_texts(fields, address)


def _read_texts(fields: TextFields, address: dict[str, str]) -> None:
    said = fields.texts[0] in address
    own = st.session_state[fields.own]
    example, row = None, None
    if said:
        texts = [address.get(name, "")[:MAX_TEXT_IN_ADDRESS] for name in fields.texts]
    elif own and not {fields.row, fields.example} & set(address):
        texts = own
    else:
        texts = [""] * len(fields.texts)
        row = address.get(fields.row) or None
        example = None if row else _example(address.get(fields.example, "1"))
    st.session_state.update(zip(fields.texts, texts, strict=True))
    st.session_state.update({fields.example: example, fields.row: row, fields.in_address: said})


def _example(number: str) -> int:
    """The example that an address calls by its number from 1 on."""
    return max(int(number) - 1, 0) if number.isdecimal() and len(number) < 3 else 0
