"""Widgets of one page whose values Streamlit would forget as soon as a run does not draw them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def remembered(widget: Callable, key: str, label: str, initial: Any, **arguments) -> Any:
    """Draw a widget of one page whose value outlives runs that do not draw it.

    Parameters
    ----------
    key : of the widget; it may name a text or a data set that the value belongs to.
    initial : its value until somebody chooses another, and where `options` no longer have that.
    """
    kept, options = f"kept_{key}", arguments.get("options")
    value = recalled(key, initial)
    known = options is None or isinstance(value, list) or value in options
    st.session_state[key] = value if known else initial
    value = st.session_state[kept] = widget(label, key=key, **arguments)
    return value


def recalled(key: str, initial: Any) -> Any:
    """The value of such a widget, whether or not this run draws it."""
    return st.session_state.get(key, st.session_state.get(f"kept_{key}", initial))
