"""Trainings: those that wait or run, with their curves, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.runs import same_choice
from poolviz.datasets import dataset_title
from poolviz.figures.rows.curves import curves_html
from poolviz.language import N_, _, listed, ngettext
from poolviz.model.kinds import CLASSIFIER, KINDS, Family
from poolviz.model.own_heads import head_title
from poolviz.trainings import control
from poolviz.trainings.control import Training
from poolviz.trainings.request import EVALUATE, TRAIN, TRUST, Request
from poolviz.trainings.state import BROKEN, CANCELLED, DONE, FAILED, QUEUED, RUNNING, TITLES
from poolviz.ui import visitor
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.menu import MENU
from poolviz.ui.frame.remembered import remembered
from poolviz.ui.train.said import do

_GLANCE = 1.0  # seconds between two looks at what runs
_SHOWN = 10  # of those that have ended
_ACTIVE = (QUEUED, RUNNING)
_STOPPED = (CANCELLED, FAILED, BROKEN)
# What each is called, and what comes of it.
_MEASURES = {
    EVALUATE: (N_("Measure on the test rows"), N_("Its figures stand on Results and Heads.")),
    TRUST: (
        N_("Survey how far weights can be believed"),
        N_("Erases tokens of test rows in the order of their weights; see Trust."),
    ),
}
_OFFERED = ("compare", "results", "trust")  # pages for models that are there


def draw_trainings() -> None:
    """Draw the visitor's trainings, the newest first."""
    owner = visitor.owner()
    found = [] if owner is None else control.list_trainings(owner)[::-1]
    if not found:
        return
    control.wake()  # after the machine has started anew nobody else does
    st.subheader(_("Trainings"), anchor=False)
    active = tuple(training.id for training in found if training.status in _ACTIVE)
    if active:
        _draw_active(active[::-1])
    for training in [each for each in found if each.status not in _ACTIVE][:_SHOWN]:
        with st.container(border=True, key=f"training_{training.id}"):
            _draw_ended(training)


@st.fragment(run_every=_GLANCE)
def _draw_active(names: Sequence[str]) -> None:
    """Those that wait or run, in the order of the queue; the page runs anew when one has ended."""
    state.speak()
    every = control.list_trainings()
    current = {training.id: training for training in every if training.status in _ACTIVE}
    if not set(names) <= set(current):
        st.rerun()
    for name in names:
        with st.container(border=True, key=f"training_{name}"):
            _draw_running(current[name], _before(name, current))


def _before(name: str, active: Mapping[str, Training]) -> int:
    """How many are done first: what runs, also where this one has come back to its place."""
    return sum(
        other < name or training.status == RUNNING
        for other, training in active.items()
        if other != name
    )


def _draw_running(training: Training, before: int) -> None:
    title, button = st.columns([5, 1], vertical_alignment="center")
    title.markdown(_title(training))
    button.button(
        _("Cancel"),
        key=f"cancel_{training.id}",
        on_click=do,
        args=(partial(control.cancel, training.id),),
        disabled=training.stopping,
        help=_("The best epoch so far is kept."),
    )
    progress = training.progress
    if training.status == QUEUED:
        waits = ngettext("{count} before you", "{count} before you", before)
        st.progress(0.0, text=waits.format(count=before))
        return
    st.progress(progress.share if progress else 0.0, text=_how_far(training))
    _draw_curves(training)
    _draw_log(training)


def _how_far(training: Training) -> str:
    progress = training.progress
    if training.stopping:
        return _("Stopping; the best epoch so far is kept …")
    if progress is None:
        return _("Starting …")
    said = _title_of(training.request, progress.head)
    if progress.epochs:
        said = _("{head}: epoch {epoch} of {epochs}").format(
            head=said, epoch=progress.epoch, epochs=progress.epochs
        )
    if progress.seconds_left is None:
        return said
    return f"{said} · {_left(progress.seconds_left)}"


def _left(seconds: float) -> str:
    if seconds < 90:
        return _("at most {count:.0f} s left").format(count=seconds)
    return _("at most {count:.0f} min left").format(count=seconds / 60)


def _draw_ended(training: Training) -> None:
    st.markdown(f"{_title(training)} · {_(TITLES[training.status])}")
    error = training.damage or (training.state and training.state.error)
    if error:
        st.error(error_sentence(error))
    with st.container(horizontal=True, vertical_alignment="center"):
        if training.state and training.state.made:
            _draw_links(training)
        if training.status in _STOPPED and not training.damage:
            st.button(
                _("Resume"),
                icon=":material/resume:",
                key=f"resume_{training.id}",
                on_click=do,
                args=(partial(control.resume, training.id),),
                help=_("Goes on after the last epoch that was finished."),
            )
        if training.status == DONE:
            _draw_measuring(training)
        opened = remembered(
            st.toggle,
            f"look_{training.id}",
            _("Curves and log"),
            False,
            help=_("Loss and accuracy by epoch, the film if there is one, what the process wrote."),
        )
        st.button(
            _("Take off the list"),
            icon=":material/close:",
            key=f"drop_{training.id}",
            type="tertiary",
            on_click=do,
            args=(partial(control.delete, training.id),),
            help=_("The models stay."),
        )
    if opened:
        from poolviz.ui.train.films import draw_films  # with pandas, which the page can do without

        _draw_curves(training)
        draw_films(training.id, _made(training))
        _draw_log(training)


def _draw_measuring(training: Training) -> None:
    """Buttons that have the models measured, in the queue like a training."""
    request = training.request
    if request is None or request.work != TRAIN or KINDS[request.kind].family is not CLASSIFIER:
        return
    for work, (label, use) in _MEASURES.items():
        st.button(
            _(label),
            icon=":material/monitoring:",
            key=f"{work}_{training.id}",
            on_click=do,
            args=(partial(_measure, training, work),),
            help=_(use),
        )


def _measure(training: Training, work: str) -> None:
    if training.request and training.state:
        made = training.state.made
        asked = replace(
            training.request,
            work=work,
            heads=tuple(made),
            names=tuple(each.name for each in made.values()),
            pinned=(),
        )
        control.start(asked, training.file, tests=training.tests)


def _draw_links(training: Training) -> None:
    """To the pages that show the models that are there."""
    request = training.request
    if request is None or training.state is None:
        return
    made = training.state.made
    names = ",".join(each.name for each in made.values())
    if KINDS[request.kind].family is CLASSIFIER:
        pages, address = _OFFERED, {"dataset": request.dataset, "heads": ",".join(made)}
        if readout := request.model.get("readout"):
            address["readout"] = readout
    else:
        pages, address = ("match", "results"), {"pairs": request.dataset, "matchers": names}
    address |= _which(training, KINDS[request.kind].family)
    for page in pages:
        entry = MENU[page]
        st.page_link(entry.file, label=_(entry.label), icon=entry.icon, query_params=address)


def _which(training: Training, family: Family) -> dict[str, str]:
    """What names the run of what was made, and the models where others are alike."""
    made = _made(training)
    if not made:
        return {}
    prefix = "" if family is CLASSIFIER else "pairs_"
    names = [c.name for c in made if len(same_choice(c, loaders.all_checkpoints())) > 1]
    found = {f"{prefix}run": made[0].run.id}
    return found | ({f"{prefix}models": ",".join(names)} if names else {})


def _made(training: Training) -> list[Checkpoint]:
    """The models that a training made, as far as they are there."""
    if training.request is None or training.state is None or training.request.work != TRAIN:
        return []
    folders = set(map(training.model_folder, training.state.made))
    return [c for c in loaders.all_checkpoints() if c.folder in folders]


def _draw_curves(training: Training) -> None:
    request = training.request
    if request is None or request.work != TRAIN:
        return
    titles = {head: _title_of(request, head) for head in request.heads}
    points = control.curve(training.id)
    if points:
        st.html(curves_html(points, titles, request.options.epochs))


def _draw_log(training: Training) -> None:
    if log := control.log(training.id):
        with st.expander(_("Log"), icon=":material/terminal:"):
            st.code(log, language=None, wrap_lines=True, height=240)


def _title(training: Training) -> str:
    request = training.request
    if request is None:
        return f"**{plain(training.id)}**"
    heads = listed(_title_of(request, head) for head in request.heads)
    kind, _use = _MEASURES.get(request.work, (KINDS[request.kind].title, ""))
    return f"**{plain(dataset_title(request.dataset))}** · {_(kind)} · {heads}"


def _title_of(request: Request | None, head: str) -> str:
    record = KINDS[request.kind].heads.get(head) if request else None
    return _(record.title) if record else head_title(head)
