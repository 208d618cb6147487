"""Which training of a data set is shown: its run, seed and read-out, and one of several alike.

A page shows one run. What is asked for is drawn only where there is a choice.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from poolviz import program
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.runs import Run, runs_of, same_choice, validation_of
from poolviz.checkpoints.selection import Which, choose, the_run
from poolviz.errors import ChoiceError
from poolviz.language import N_, _, listed
from poolviz.model.heads import Readout
from poolviz.text.width import shortened_to
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.markdown import plain
from poolviz.ui.frame.settings import SETTINGS

_NAME_WIDTH = 17  # narrow characters of a run's name in the sidebar


def of_one_training(
    usable: Sequence[Checkpoint], task: str, kinds: Collection[str], prefix: str = ""
) -> list[Checkpoint]:
    """A data set's checkpoints of the chosen run and seed, one for each head and read-out.

    Parameters
    ----------
    prefix : of the names of the settings that hold the choice.

    Raises
    ------
    ChoiceError : the run or the seed that was chosen is not there, or not any more.
    """
    runs = runs_of((c for c in usable if c.kind in kinds), task)
    run = _chosen_run(f"{prefix}run", runs)
    seed = _chosen_seed(f"{prefix}seed", run)
    return choose(usable, task, kinds, which=Which(run.id, seed))


def of_one_readout(checkpoints: list[Checkpoint]) -> list[Checkpoint]:
    """Those with the read-out of the view, which is asked for only where there is a choice.

    Raises
    ------
    ChoiceError : the read-out that was chosen is not there, or not any more.
    """
    records = checkpoints[0].kind_record.readouts
    present = {checkpoint.readout for checkpoint in checkpoints}
    options = [readout for readout in records if readout in present]
    lost = _lost("readout", options, _of(checkpoints))
    if st.session_state["readout"] not in options:
        st.session_state["readout"] = options[0]
    if len(options) > 1:
        state.bound(
            st.radio,
            "readout",
            _("Read-out"),
            options=options,
            format_func=lambda key: _meaning(records[key], checkpoints),
            help=_("How the pooled vector becomes a decision."),
        )
    if lost and lost != SETTINGS["readout"].default:
        raise _absent(N_("The read-out"), lost)
    return [c for c in checkpoints if c.readout == st.session_state["readout"]]


def instead_of(
    chosen: Sequence[Checkpoint], usable: Sequence[Checkpoint], prefix: str = ""
) -> tuple[Checkpoint, ...]:
    """The chosen ones; where one was trained several times with its seed, the one asked for.

    Raises
    ------
    ChoiceError : one that was asked for is not there, or not any more.
    """
    name = f"{prefix}models"
    alike = {c.name: same_choice(c, usable) for c in chosen}
    known = [other.name for others in alike.values() for other in others]
    asked = st.session_state[name] or []
    lost = [_lost(name, known, _of(chosen), one) for one in asked]
    st.session_state[name] = [one for one in asked if one in known] or None
    result = tuple(_one_of(name, others) for others in alike.values())
    if absent := list(filter(None, lost)):
        raise _absent(N_("The model"), absent[0])
    return result


def flags_of_training(checkpoint: Checkpoint) -> list[str]:
    """What has a command take a checkpoint and its run, where neither is taken unasked."""
    present, kinds = loaders.all_checkpoints(), [checkpoint.kind]
    unasked = the_run(present, checkpoint.task, kinds)
    if unasked is None or not checkpoint.run.id:
        return []
    flags, which = [], Which()
    if unasked.id != checkpoint.run.id:
        flags, which = ["--run", checkpoint.run.id], Which(checkpoint.run.id)
    heads = [checkpoint.head]
    alike = choose(present, checkpoint.task, kinds, heads, checkpoint.readout, which)
    if alike and alike[0].name != checkpoint.name:
        flags += ["--model", checkpoint.name]
    return flags


def _chosen_run(name: str, runs: Sequence[Run]) -> Run:
    """The run of the state, or the one shown last in this session, or the first."""
    task = runs[0].task
    of, shown = st.session_state.get(f"{name}_among", (task, None))
    asked = (st.session_state[name] or shown) if of == task else None
    by_id = {run.id: run for run in runs}
    run = by_id.get(asked or "", runs[0])
    st.session_state[f"{name}_among"] = (task, run.id)
    st.session_state[name] = run.id if len(runs) > 1 else None
    titles = {run.id: run_title(run) for run in runs}
    if len(runs) > 1:
        state.bound(
            st.selectbox,
            name,
            _("Run ({count})").format(count=len(runs)),
            options=list(titles),
            format_func=titles.get,
            help=_(
                "A run is what was trained on the same rows, classes, unit and preparation; models "
                "of two runs never stand side by side. The newest run is shown first, unless one "
                "is kept. On the Train page runs are named, kept and deleted."
            ),
        )
        if more := _more_of(run):
            st.caption(plain(more))
    if asked and asked not in by_id:
        raise _absent(N_("The run"), asked)
    return run


def run_title(run: Run) -> str:
    """A run in a line as long as the sidebar is wide: what it is called, and its best accuracy."""
    name = shortened_to(run.mark.name or run.encoder, _NAME_WIDTH) or _date(run)
    accuracy = "" if run.accuracy is None else f"{run.accuracy:.1%}"
    return " · ".join(filter(None, [name, accuracy, run.id[:4]]))


def _more_of(run: Run) -> str:
    """What a run's title leaves out: its whole name, its date, and that it is kept."""
    name = run.mark.name if shortened_to(run.mark.name, _NAME_WIDTH) != run.mark.name else ""
    encoder = run.encoder if run.mark.name else ""
    date = _date(run) if run.mark.name or run.encoder else ""
    parts = [name, encoder, date, _("kept") if run.mark.kept else ""]
    return " · ".join(filter(None, parts))


def _date(run: Run) -> str:
    if run.trained is None:
        return _("came with poolviz")
    return f"{run.trained.astimezone(_time_zone()):%Y-%m-%d %H:%M}"


def _chosen_seed(name: str, run: Run) -> int | None:
    """The seed of the state; asked for only where a model was trained with several."""
    seeds = sorted({checkpoint.card["seed"] for checkpoint in run.checkpoints})
    lost = _lost(name, seeds, (run.task, run.id))
    if lost is not None:
        st.session_state[name] = None
    models = {(c.kind, c.head, c.readout, c.card["seed"]) for c in run.checkpoints}
    if len({model[:-1] for model in models}) < len(models):
        state.bound(
            st.selectbox,
            name,
            _("Seed"),
            options=seeds,
            index=None,
            placeholder=_("the lowest of each head"),
            help=_("The same training begun elsewhere: what differs between seeds is chance."),
        )
    if lost is not None:
        raise _absent(N_("The seed"), lost)
    return st.session_state[name]


def _one_of(name: str, alike: Sequence[Checkpoint]) -> Checkpoint:
    """Draw the choice among trainings of one model with one seed, the best first."""
    by_name = {checkpoint.name: checkpoint for checkpoint in alike}
    asked = next((one for one in st.session_state[name] or () if one in by_name), alike[0].name)
    if len(alike) > 1:
        key = f"_{name}_{alike[0].head}"
        st.session_state[key] = asked
        st.selectbox(
            _("Training of {model}").format(model=alike[0].title),
            options=list(by_name),
            format_func=lambda one: _training_title(by_name[one]),
            key=key,
            on_change=_take,
            args=(name, key, tuple(by_name)),
            help=_("The one that did best on the validation rows is shown first."),
        )
    return by_name[asked]


def _take(name: str, key: str, alike: Collection[str]) -> None:
    others = [one for one in st.session_state[name] or () if one not in alike]
    st.session_state[name] = [*others, st.session_state[key]]
    state.mark_choice()


def _training_title(checkpoint: Checkpoint) -> str:
    accuracy, _loss = validation_of(checkpoint)
    if accuracy < 0:
        return checkpoint.name
    return _("{name}: {accuracy:.1%} of the validation rows").format(
        name=checkpoint.name, accuracy=accuracy
    )


def _meaning(readout: Readout, checkpoints: list[Checkpoint]) -> str:
    """What a read-out is, and for which heads what it says does not hold."""
    others = dict.fromkeys(
        c.head_title for c in checkpoints if c.readout_record is readout and not c.exact
    )
    if not readout.exact or not others:
        return _(readout.meaning)
    return _("{meaning}, but not of {heads}").format(
        meaning=_(readout.meaning), heads=listed(others)
    )


def _absent(what: str, name: object) -> ChoiceError:
    """What an address names, or what was shown, is not there."""
    return ChoiceError(
        "{what} {name} of this data set is not on this machine; choose another one in the sidebar, "
        "or train it: {command}",
        what=what,
        name=name,
        command=program.command("train", "--help"),
    )


def _of(checkpoints: Sequence[Checkpoint]) -> tuple[str, str]:
    return checkpoints[0].task, checkpoints[0].run.id


def _lost(name: str, known: Collection[Hashable], of: Hashable, asked: object = None) -> object:
    """What was asked for among the same ones and is not there; None where all is well.

    Parameters
    ----------
    of : what it was asked of; what is chosen of one data set need not be there in another.
    asked : None for what the state has.
    """
    asked = st.session_state[name] if asked is None else asked
    among, st.session_state[f"{name}_among"] = st.session_state.get(f"{name}_among", of), of
    return asked if among == of and asked not in known else None


def _time_zone() -> tzinfo:
    """The visitor's, as the browser says."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
