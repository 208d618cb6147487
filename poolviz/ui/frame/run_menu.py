"""The menu of a run: naming and keeping it, deleting it or one of its models after a question."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.runs import MAX_NAME, Run, delete, delete_model, keep, rename
from poolviz.errors import PoolvizError
from poolviz.language import _, ngettext
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain

_FAILED = "run_menu_failed"


def draw_run_menu(run: Run) -> None:
    """Draw the menu of a run of somebody's own; none on a public server, where all share them."""
    if not run.own or places.rows_hidden():
        return
    menu = st.popover(
        "",
        icon=":material/edit:",
        help=_("Name, keep or delete this run"),
        on_change="rerun",
        key="run_menu",
    )
    if menu.open:
        with menu:
            _draw(run)


def _draw(run: Run) -> None:
    if failed := st.session_state.pop(_FAILED, None):
        st.error(failed)
    name, kept = f"run_name_{run.id}", f"run_kept_{run.id}"
    st.session_state.setdefault(name, run.mark.name)
    st.session_state[kept] = run.mark.kept
    st.text_input(
        _("Name of this run"),
        max_chars=MAX_NAME,
        key=name,
        on_change=_attempt,
        args=(lambda: rename(run, st.session_state[name]),),
    )
    st.toggle(
        _("Keep it"),
        key=kept,
        help=_("A run that is kept is shown before newer ones, and cannot be deleted."),
        on_change=_attempt,
        args=(lambda: keep(run, st.session_state[kept]),),
    )
    if not run.mark.kept:
        _draw_deleting(run)


def _draw_deleting(run: Run) -> None:
    """The choice of what is to go, and the question; nothing goes at the first press."""
    models = {checkpoint.name: checkpoint for checkpoint in run.own}
    everything = ngettext(
        "the run with its {count} model", "the run with its {count} models", len(models)
    ).format(count=len(models))
    titles = {"": everything, **{name: c.title for name, c in models.items()}}
    what = st.selectbox(
        _("Delete"),
        options=list(titles),
        format_func=lambda name: f"{titles[name]} ({name})" if name else everything,
        key=f"run_delete_{run.id}",
    )
    asked = f"run_asked_{run.id}_{what}"
    if not st.session_state.get(asked):
        st.button(
            _("Delete …"),
            icon=":material/delete:",
            key="run_delete",
            on_click=_set,
            args=(asked, True),
        )
        return
    st.warning(_("Delete {what} for good? It cannot be undone.").format(what=plain(titles[what])))
    work = partial(_delete, run, models.get(what))
    with st.container(horizontal=True):
        st.button(
            _("Yes, delete"),
            type="primary",
            key="run_delete_yes",
            on_click=_attempt,
            args=(work, asked),
        )
        st.button(_("No"), key="run_delete_no", on_click=_set, args=(asked, False))


def _delete(run: Run, model: Checkpoint | None) -> None:
    if model:
        delete_model(model)
    else:
        delete(run)


def _attempt(work: Callable[[], None], asked: str | None = None) -> None:
    """Do it; what goes wrong is said in the menu."""
    if asked:
        _set(asked, False)
    try:
        work()
    except PoolvizError as error:
        st.session_state[_FAILED] = error_sentence(error)
    except OSError as error:
        st.session_state[_FAILED] = _("The system refuses: {reason}").format(
            reason=plain(str(error))
        )


def _set(name: str, value: bool) -> None:
    st.session_state[name] = value
