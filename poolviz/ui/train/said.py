"""What a click could not do is said when the page is drawn next."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.ui.frame.error_sentence import error_sentence

_KEY = "train_error"


def do(what: Callable[[], object]) -> None:
    """Callback: do something, and keep what went wrong."""
    try:
        what()
    except PoolvizError as error:
        st.session_state[_KEY] = error
    except OSError as error:
        st.session_state[_KEY] = PoolvizError(
            "The server's system refuses ({reason}); that has to be repaired there.",
            reason=error.strerror or error,
        )


def draw_error() -> None:
    """Say what went wrong, once."""
    if error := st.session_state.pop(_KEY, None):
        st.error(error_sentence(error))
