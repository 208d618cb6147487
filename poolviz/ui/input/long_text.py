"""A long text's strip, the slider along it, and buttons to each head's heaviest sentence."""

from __future__ import annotations

from functools import partial

import streamlit as st

from poolviz.figures.texts.minimap import minimap
from poolviz.language import _
from poolviz.ui.frame import state
from poolviz.ui.frame.charts import draw_chart
from poolviz.views.panel import Panel
from poolviz.views.passages import LONG, PART, heaviest_sentence, part_at

_STEP = PART // 4


def part_shown(shown: Panel) -> range:
    """The tokens to show in full; for a long text draws what chooses them."""
    count = len(shown.tokens)
    if count <= LONG:
        return range(count)
    st.session_state["position"] = part_at(st.session_state["position"], count).start
    figure = minimap(shown, part_at(st.session_state["position"], count))
    draw_chart(figure, "minimap", toolbar=False)
    last = count - PART
    # A jump can lead between two of the slider's stops, and the last part begins where it must.
    stops = sorted({*range(0, last, _STEP), last, st.session_state["position"]})
    position = state.bound(
        st.select_slider,
        "position",
        _("Shown from position"),
        options=stops,
        format_func=lambda start: f"{start + 1:,}",
        help=_("All tokens are read; those from here on are written out."),
    )
    _jumps(shown)
    return part_at(position, count)


def _jumps(shown: Panel) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            _("Heaviest sentence, with its share of the head's sum:"),
            width="content",
            help=_("The sentence with the largest sum of the absolute values shown."),
        )
        for number, row in enumerate(shown.summaries):
            sentence, share = heaviest_sentence(row)
            st.button(
                f"{row.label} · {share:.1%}",
                key=f"jump_{number}",
                help=_("Shows the text from this sentence on."),
                on_click=partial(_show_from, sentence.start),
            )


def _show_from(position: int) -> None:
    st.session_state["position"] = position
    state.mark_choice()
