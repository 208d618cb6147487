"""What was made for a subject, kept in the session until it is made for another one.

A subject is all that the result depends on, such as a text and models; subjects are compared with
`==`. Under each name the result for one subject is kept, the last one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


def once(name: str, subject: object, make: Callable[[], Any]) -> Any:
    """What `make` gives for this subject: called the first time, and after another subject.

    Nothing is kept where it raises.
    """
    found = read(name, subject)
    return keep(name, subject, make()) if found is None else found


def keep(name: str, subject: object, result: Any) -> Any:
    """Keep a result, which is not None; returns it."""
    st.session_state[_key(name)] = (subject, result)
    return result


def read(name: str, subject: object) -> Any:
    """What was kept for this subject; None where there is nothing, or it is of another one."""
    of, result = st.session_state.get(_key(name), (None, None))
    return result if of == subject else None


def drop(name: str) -> Any:
    """Keep no longer what is kept under a name, whatever its subject; returns it, or None."""
    _of, result = st.session_state.pop(_key(name), (None, None))
    return result


def _key(name: str) -> str:
    return f"kept_for_{name}"
