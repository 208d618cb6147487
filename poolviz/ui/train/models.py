"""Models of one's own: renamed, deleted, taken away as a ZIP, taken in from a colleague's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from poolviz import places
from poolviz.checkpoints import runs
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.runs import MAX_NAME, Run
from poolviz.datasets import dataset_title
from poolviz.export.names import file_stem
from poolviz.language import _, listed, ngettext
from poolviz.text.names import LONGEST, normal
from poolviz.text.pieces import one_line, shortened
from poolviz.trainings import control
from poolviz.trainings.limits import check_room
from poolviz.ui import visitor
from poolviz.ui.frame import jobs, loaders
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import draw_download_button
from poolviz.ui.frame.markdown import plain
from poolviz.ui.train.said import do
from poolviz.ui.uploads import draw_file_uploader
from poolviz.watch import Watch

_JOB = "unpack"
_ZIP = "train_zip"  # where a ZIP is given
_MB = 50  # of a ZIP, see `poolviz.engine.unpacking`


def draw_models() -> None:
    """Draw the runs of the visitor's own models, and where a ZIP is taken in."""
    owner = visitor.owner()
    if owner is None:
        return
    root = places.checkpoints_of(owner)
    own = [c for c in loaders.all_checkpoints() if c.folder.is_relative_to(root)]
    st.subheader(_("Models of my own"), anchor=False)
    for task in dict.fromkeys(checkpoint.task for checkpoint in own):
        for run in runs.runs_of(own, task):
            with st.container(border=True, key=f"run_{task}_{run.id}"):
                _draw_run(run, root)
    for checkpoint in own:
        if checkpoint.damage:
            _draw_damaged(checkpoint)
    _draw_intake(root, owner)


def _draw_run(run: Run, root: Path) -> None:
    key = f"{run.task}_{run.id}"
    st.markdown(_title(run))
    with st.container(horizontal=True, vertical_alignment="center"):
        stem = file_stem(run.task, [run.mark.name or run.id], "models", str(len(run.checkpoints)))
        films = _draw_films_box(run, f"films_{key}")
        packed = partial(_packed, run.checkpoints, films)
        about = _("For a colleague, who can take it in on this page, or with the command `unpack`.")
        draw_download_button(_("Download as ZIP"), packed, f"{stem}.zip", f"pack_{key}", about)
        named = _("A name for these models, instead of their run's number.")
        with st.popover(_("Rename"), icon=":material/edit:", help=named):
            _draw_name(run, root, f"name_{key}")
        _draw_keeping(run, root, f"keep_{key}")
        asked = _("Asks first, and which of the models.")
        with st.popover(_("Delete"), icon=":material/delete:", help=asked):
            _draw_question(run, root, key)


def _title(run: Run) -> str:
    """What the run is called, which models it has, and how good the best of them is."""
    name = run.mark.name or run.id
    facts = [listed(dict.fromkeys(checkpoint.title for checkpoint in run.checkpoints))]
    if run.accuracy is not None:
        facts.append(_("test accuracy up to {share:.1%}").format(share=run.accuracy))
    if run.trained:
        facts.append(f"{run.trained:%Y-%m-%d}")
    title = f"**{plain(dataset_title(run.task))}** · {plain(name)}"
    return " · ".join([title, *map(plain, facts)])


def _draw_name(run: Run, root: Path, key: str) -> None:
    def rename() -> None:
        do(partial(runs.rename, run, st.session_state[key], root))

    st.text_input(
        _("Name of these models"),
        run.mark.name,
        key=key,
        max_chars=MAX_NAME,
        placeholder=run.id,
        on_change=rename,
        help=_("It stands in the sidebar in the place of the run's number."),
    )


def _draw_keeping(run: Run, root: Path, key: str) -> None:
    st.session_state[key] = run.mark.kept
    st.toggle(
        _("Keep"),
        key=key,
        help=_("A run that is kept is shown before newer ones, and cannot be deleted."),
        on_change=lambda: do(partial(runs.keep, run, st.session_state[key], root)),
    )


def _draw_question(run: Run, root: Path, key: str) -> None:
    """Which models, and whether they are to go."""
    names = [checkpoint.name for checkpoint in run.checkpoints]
    # All of them anew once some are gone.
    chosen = st.multiselect(
        _("Models"),
        names,
        names,
        key=f"delete_which_{key}_{len(names)}",
        help=_("Those that stand here are deleted; take away what is to stay."),
    )
    question = ngettext(
        "Delete {count:,} model for good?", "Delete {count:,} models for good?", len(chosen)
    )
    st.markdown(question.format(count=len(chosen)))
    models = [checkpoint for checkpoint in run.checkpoints if checkpoint.name in chosen]
    st.button(
        _("Yes, delete"),
        key=f"delete_{key}",
        type="primary",
        disabled=not chosen or run.mark.kept,
        help=_("This run is kept; let it go before you delete it.")
        if run.mark.kept
        else _("Nothing brings them back."),
        on_click=_delete,
        args=(run, models, root),
    )


def _delete(run: Run, models: Sequence[Checkpoint], root: Path) -> None:
    if len(models) == len(run.checkpoints):
        do(partial(runs.delete, run, root))
        return
    for checkpoint in models:
        do(partial(runs.delete_model, checkpoint))


def _draw_damaged(checkpoint: Checkpoint) -> None:
    if checkpoint.damage is None:
        return
    st.error(error_sentence(checkpoint.damage))
    st.button(
        _("Delete"),
        icon=":material/delete:",
        key=f"delete_{checkpoint.task}_{checkpoint.folder.parent.name}_{checkpoint.name}",
        on_click=do,
        args=(partial(runs.delete_model, checkpoint),),
        help=_("Nothing brings them back."),
    )


def _draw_films_box(run: Run, key: str) -> bool:
    """Whether the films go into the ZIP; asked only where there are any."""
    from poolviz.checkpoints import film

    if not any(checkpoint.path(film.NAME).exists() for checkpoint in run.checkpoints):
        return False
    return st.checkbox(
        _("With films"),
        key=key,
        help=_("The films of their trainings hold the sentences that were pinned."),
    )


def _packed(checkpoints: Sequence[Checkpoint], films: bool) -> bytes:
    from poolviz.checkpoints.packing import pack

    return pack(checkpoints, films=films)


def _draw_intake(root: Path, owner: str) -> None:
    """Where a ZIP of models is taken in, and what became of it."""
    with st.expander(_("Take in models from a ZIP"), icon=":material/upload:"):
        task = st.text_input(
            _("Name of their data set"),
            key="train_zip_name",
            max_chars=LONGEST,
            placeholder=_("as in the ZIP"),
            width=300,
            help=_("Where you have models of that name: another one, under which these stand."),
        )
        file = draw_file_uploader(
            _(
                "A ZIP of up to {limit} MB that this page or `pack` has made. What is in it is "
                "checked: nothing of it is run that poolviz would not have written itself."
            ).format(limit=_MB),
            type=["zip"],
            key=_ZIP,
            help=_("Or drop it here."),
        )
        if file and st.button(
            _("Take in"),
            icon=":material/upload:",
            key="train_zip_take",
            help=_("The models are checked, then stand among those of your own."),
        ):
            work = _unpacking(file.name, file.getvalue(), root, normal(task.strip()) or None, owner)
            jobs.start(_JOB, work, patience=1.0)
        finished = jobs.draw(_JOB, _("Checking …"))
        if finished:
            jobs.forget(_JOB)
            st.session_state["train_taken_in"] = finished.result
            st.rerun()
        _draw_taken_in()


def _draw_taken_in() -> None:
    found: list[Checkpoint] = st.session_state.pop("train_taken_in", [])
    if found:
        names = listed(f"{checkpoint.task}/{checkpoint.name}" for checkpoint in found)
        st.success(
            _("Taken in: {names}").format(names=plain(shortened(one_line(names), 300))),
            icon=":material/check:",
        )


def _unpacking(
    name: str, content: bytes, root: Path, task: str | None, owner: str
) -> Callable[[Watch], list[Checkpoint]]:
    def work(watch: Watch) -> list[Checkpoint]:
        from poolviz.engine.unpacking import unpack

        check_room(owner, control.list_trainings())
        root.mkdir(parents=True, exist_ok=True)
        return unpack(name, content, root, task, watch)

    return work
