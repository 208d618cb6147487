"""The switches of a view in one row: which numbers, on which scale, for which class."""

from __future__ import annotations

import streamlit as st

from poolviz.language import _
from poolviz.model.class_names import class_label
from poolviz.ui.frame import state
from poolviz.ui.sidebar.choice import Choice
from poolviz.views.view import QUANTITY_NAMES, SCALE_NAMES, View


def view_controls(choice: Choice) -> View:
    """Draw the switches; the classes among them where contributions are shown."""
    with st.container(horizontal=True, vertical_alignment="center"):
        quantity = state.switch(
            "quantity",
            _("Show"),
            {key: QUANTITY_NAMES[key] for key in _offered_quantities(choice)},
            label_visibility="collapsed",
            help=_(
                "A weight is what the head multiplies by (for max: the share of channels won). "
                "A contribution is what the vector at the position adds to the centred logit of a "
                "class; the token itself also acts through its neighbours. "
                "Alternative weights: for max the sum of winning activations, for average the "
                "inverse distance to the mean."
            ),
        )
        if quantity == "contribution":
            _class_controls(choice)
        _scale_switch(quantity)
        state.bound(
            st.toggle,
            "words",
            _("Words"),
            help=_("Characters are folded to words; sums are kept."),
        )
        with st.popover(_("More"), type="tertiary", key="more_of_view"):
            state.bound(
                st.toggle,
                "spread",
                _("Spread over the window"),
                help=_("Each value is shared by the tokens its position has read; sums are kept."),
            )
    session = st.session_state
    return View(
        **{name: session[name] for name in ("quantity", "spread", "words", "scale")},
        target=session["target"] if quantity == "contribution" else None,
        against=session["against"] if quantity == "contribution" else None,
    )


def _scale_switch(quantity: str) -> None:
    """Contributions have no scale relative to average pooling: they are shown on the shared one."""
    names = dict(SCALE_NAMES)
    if quantity == "contribution":
        del names["uniform"]
    state.switch(
        "scale",
        _("Colour scale"),
        names,
        label_visibility="collapsed",
        help=_("× average: 1 is the weight that average pooling gives."),
    )


def _offered_quantities(choice: Choice) -> list[str]:
    offered = ["weight", "contribution"]
    if any(checkpoint.head_record.alternative for checkpoint in choice.checkpoints):
        offered.append("alternative")
    if st.session_state["quantity"] not in offered:
        st.session_state["quantity"] = "weight"
    return offered


def _class_controls(choice: Choice) -> None:
    for name in ("target", "against"):
        if st.session_state[name] not in choice.classes:
            st.session_state[name] = None
    state.bound(
        st.selectbox,
        "target",
        _("Contribution to"),
        options=choice.classes,
        format_func=class_label,
        placeholder=_("to the named class"),
        help=_("The class to which tokens contribute; unsaid, the one that is named above."),
        label_visibility="collapsed",
        width=190,
    )
    if len(choice.classes) > 2:
        state.bound(
            st.selectbox,
            "against",
            _("Against"),
            options=choice.classes,
            format_func=class_label,
            placeholder=_("against no other class"),
            help=_("What a token adds to the one class less what it adds to this one."),
            label_visibility="collapsed",
            width=190,
        )
