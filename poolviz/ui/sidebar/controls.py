"""The frame of every page: title, language, menu, and the sidebar that all pages share."""

from __future__ import annotations

import streamlit as st

from poolviz import language
from poolviz.errors import PoolvizError
from poolviz.language import N_, _
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.charts import PHONE_STYLE
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.menu import MENU
from poolviz.ui.leaving import draw_waiting
from poolviz.ui.sidebar.choice import Choice, EncoderChoice
from poolviz.ui.sidebar.models import chosen_of

# Streamlit leaves an inch above the first line, sets headings for a page of prose, and cuts off
# what is chosen in the sidebar after the fourth line.
PAGE_STYLE = """<style>
.stMainBlockContainer{padding:3.9rem clamp(1rem,2.5vw,4rem) 3rem}
.stMainBlockContainer h2{font-size:1.5rem;line-height:1.4;padding:0 0 .3rem}
.stMainBlockContainer h3{font-size:1.2rem;padding:.6rem 0 .2rem}
button[data-variant][data-selected=true] p,
[data-testid=stSliderThumbValue] p,
[role=tab][aria-selected=true] p{color:light-dark(currentColor,white)}
.st-key-leaving{display:none}
.stSidebar div:has(>[data-testid=stMultiSelectTagsContainer]){max-height:none}
.stTextArea textarea{field-sizing:content;height:auto;min-height:0;max-height:14rem}
@media (max-width:1100px){.st-key-_text{min-width:100%}}
@media (max-width:640px){.stMainBlockContainer h2{font-size:1.2rem}}
</style>"""
SIDEBAR_WIDTH = 340  # pixels: the names of all heads fit without scrolling


def controls(page: str) -> Choice:
    """Draw the frame of a page and return the shared choice; call it first on every page.

    Stops the page with a sentence where there is nothing to choose from.

    Parameters
    ----------
    page : key of the menu.
    """
    choice = _settled(page)
    if not isinstance(choice, Choice):
        raise LookupError(f"{page} shows no models")
    return choice


def pair_controls() -> Choice | EncoderChoice:
    """`controls` of the Match page, where an encoder can be chosen, too."""
    choice = _settled("match")
    assert choice is not None, "the page shows models"
    return choice


def _settled(page: str) -> Choice | EncoderChoice | None:
    """The frame's choice; stops the page with a sentence where there is nothing to choose from."""
    choice = frame(page)
    if isinstance(choice, PoolvizError):
        draw_heading(_(MENU[page].label))
        st.error(error_sentence(choice))
        st.stop()
    return choice


def frame(page: str) -> Choice | EncoderChoice | PoolvizError | None:
    """Draw the frame of a page; a page that shows no models calls it first.

    Returns
    -------
    What the sidebar holds, or why it cannot hold what was asked for; None on pages without models.
    """
    loaders.spare_what_stays()
    state.begin()
    state.speak()
    st.set_page_config(
        page_title=f"{_(MENU[page].label)} · poolviz",
        page_icon="🎯",
        layout="wide",
        initial_sidebar_state=SIDEBAR_WIDTH,
    )
    st.html(PHONE_STYLE + PAGE_STYLE)
    draw_waiting()
    family = MENU[page].family
    with st.sidebar:
        st.title("poolviz", anchor=False)
        _menu()
        choice = chosen_of(family) if family else None
        _language_switch()
    if not isinstance(choice, PoolvizError):
        state.write_address()
    return choice


def draw_heading(question: str) -> None:
    """The question that a page answers."""
    st.header(question, anchor=False)


def _menu() -> None:
    address = state.linked_address()
    for entry in MENU.values():
        if not entry.offered():
            continue
        st.page_link(
            entry.file,
            label=_(entry.label),
            icon=entry.icon,
            query_params=address,
        )


def _language_switch() -> None:
    """A switch that leaves the choice to the browser until somebody touches it."""
    st.session_state["_language"] = language.current()
    st.selectbox(
        language.in_all_languages(N_("Language")),
        options=list(language.LANGUAGES),
        format_func=lambda key: language.LANGUAGES[key].name,
        key="_language",
        help=_("Of this page and of the files that it saves; texts stay as they are."),
        on_change=state.copy_back,
        args=("language",),
    )
