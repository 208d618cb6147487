"""Pieces of words on the Match page, as a pretrained encoder reads them: joined, or apart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.language import _
from poolviz.ui.frame import state
from poolviz.views.pairs import Explained, in_words


def words_switch() -> bool:
    """Draw the switch; whether pieces are to be joined."""
    return state.bound(st.toggle, "words", _("Whole words"), help=_("Joins the pieces of a word."))


def are_joined(checkpoints: Sequence[Checkpoint]) -> bool:
    """Whether the sentences of these matchers are shown in words: matchers on an encoder alone."""
    return checkpoints[0].on_encoder and st.session_state["words"]


def as_chosen(checkpoints: Sequence[Checkpoint], found: Sequence[Explained]) -> list[Explained]:
    """What these matchers say, in words where the switch says so."""
    return [in_words(each) for each in found] if are_joined(checkpoints) else list(found)
