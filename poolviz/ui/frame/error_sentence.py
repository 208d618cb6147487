"""Errors as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Number

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import PoolvizError
from poolviz.language import error_message
from poolviz.ui.frame import loaders
from poolviz.ui.frame.markdown import plain


def error_sentence(error: PoolvizError) -> str:
    """The error's sentence as Markdown in which its values mean nothing.

    They can be names and passages of files, which may come from anybody.
    """
    return error_message(error, _as_value)


def draw_faults(checkpoints: Sequence[Checkpoint]) -> None:
    """Say what is wrong with files beside these cards, of which a page then shows nothing."""
    for error in loaders.faults(checkpoints):
        st.warning(error_sentence(error))


def _as_value(value: object) -> object:
    return value if isinstance(value, Number) else plain(str(value))
