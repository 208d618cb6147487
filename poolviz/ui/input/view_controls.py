"""The switches of a view: which numbers, on which scale, for which class."""

from __future__ import annotations

import streamlit as st

from poolviz.language import N_, _
from poolviz.model.heads import HEADS
from poolviz.ui.frame import state
from poolviz.ui.frame.controls import Choice
from poolviz.views.view import View

_QUANTITIES = {
    "weight": N_("Weight"),
    "contribution": N_("Contribution"),
    "alternative": N_("Alternative weight"),
}
_SCALE_NAMES = {
    "shared": N_("Shared by heads"),
    "head": N_("Each head its own"),
    "uniform": N_("Relative to uniform"),
}


def view_controls(choice: Choice) -> View:
    """Draw the switches, and below them the classes where contributions are shown."""
    show, scale = st.columns([3, 4])
    with show:
        quantity = state.switch(
            "quantity",
            _("Show"),
            {key: _QUANTITIES[key] for key in _offered_quantities(choice)},
            help=_(
                "A weight is what the head multiplies by (for max: the share of channels won). "
                "A contribution is what the position added to the centred logit of a class. "
                "Alternative weights: for max the sum of winning activations, for average the "
                "inverse distance to the mean."
            ),
        )
    with scale:
        state.switch(
            "scale",
            _("Colour scale"),
            _SCALE_NAMES,
            help=_("Relative to uniform: 1 is the weight that average pooling gives."),
        )
    with st.container(horizontal=True):
        state.bound(
            st.toggle,
            "words",
            _("Fold to words"),
            help=_("Characters become words; sums are kept."),
        )
        state.bound(
            st.toggle,
            "spread",
            _("Spread over the window"),
            help=_("Each value is shared by the tokens its position has read; sums are kept."),
        )
    if quantity == "contribution":
        _class_controls(choice)
    session = st.session_state
    return View(
        **{name: session[name] for name in ("quantity", "spread", "words", "scale")},
        target=session["target"] if quantity == "contribution" else None,
        against=session["against"] if quantity == "contribution" else None,
    )


def _offered_quantities(choice: Choice) -> list[str]:
    offered = ["weight", "contribution"]
    if any(HEADS[checkpoint.head].alternative for checkpoint in choice.checkpoints):
        offered.append("alternative")
    if st.session_state["quantity"] not in offered:
        st.session_state["quantity"] = "weight"
    return offered


def _class_controls(choice: Choice) -> None:
    for name in ("target", "against"):
        if st.session_state[name] not in choice.classes:
            st.session_state[name] = None
    target, against = st.columns(2)
    with target:
        state.bound(
            st.selectbox,
            "target",
            _("Contribution to"),
            options=choice.classes,
            placeholder=_("the class each head predicts"),
        )
    with against:
        state.bound(
            st.selectbox,
            "against",
            _("Against"),
            options=choice.classes,
            placeholder=_("no other class"),
        )
