"""Cached loading: checkpoints, explainers and what was measured, each once for all sessions.

So is the code that reads tables: with the first table that somebody asks for.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from poolviz.checkpoints import marks
from poolviz.checkpoints.checkpoint import CARD, Checkpoint, read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.names import RUN_FOLDER
from poolviz.encoders.encoder import Encoder
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.texts import Explainer
from poolviz.errors import DataError
from poolviz.ui import visitor

if TYPE_CHECKING:
    import pandas as pd

    from poolviz.checkpoints.own_rows import OwnRows
    from poolviz.encoders.reader import Reader
    from poolviz.evaluation.comparison import Comparison
    from poolviz.evaluation.standings import Standing
    from poolviz.trust.ablation.model import Model
    from poolviz.trust.rows.believed import Believed

Changed = tuple[float | None, ...]
Stamps = tuple[tuple[str, Changed], ...]  # of each checkpoint its folder, and when that changed

_MANY_MODULES = 100


def spare_what_stays() -> None:
    """Spare loaded modules the search for garbage that Streamlit starts after each run.

    It looks at every object of the process: with all that pages import, that was most of what a
    run cost. What is garbage now is collected first; later on only what came later is looked at.
    Done anew after many imports only, since what is spared and becomes garbage stays.
    """
    _spare_objects(len(sys.modules) // _MANY_MODULES)


def all_checkpoints() -> list[Checkpoint]:
    """Every checkpoint that the visitor sees, verified again only when a card has changed."""
    roots = visitor.roots()
    tasks = [task.path for root in roots for task in _folders(root)]
    inside = [folder for task in tasks for folder in _folders(task)]
    models = [m for run in inside if RUN_FOLDER.fullmatch(run.name) for m in _folders(run.path)]
    stamps = [f"{folder.path} {_changed(folder.path)}" for folder in (*inside, *models)]
    stamps += [f"{task} {_said(task)}" for task in tasks]
    return _listed("\n".join(stamps), tuple(map(str, roots)))


def explainer(checkpoint: Checkpoint) -> Explainer:
    """The explainer of one checkpoint; never change the object, all sessions share it.

    Raises
    ------
    CheckpointError : the checkpoint is damaged.
    """
    return _explainer(str(checkpoint.folder), checkpoint.onnx_hash)


def own_rows(checkpoint: Checkpoint) -> OwnRows:
    """What is kept beside a model of the file that somebody trained it on."""
    return _own_rows(str(checkpoint.folder), _changed(checkpoint.folder), checkpoint)


def trust_model(checkpoint: Checkpoint) -> Model:
    """What measures one checkpoint's weights; never change the object, all sessions share it.

    Raises
    ------
    CheckpointError : the checkpoint is damaged.
    """
    return _trust_model(str(checkpoint.folder), checkpoint.onnx_hash)


def trust_summary(checkpoint: Checkpoint) -> dict[str, Any] | None:
    """The summary of a checkpoint's survey; never change it. None without."""
    return _trust_summary(str(checkpoint.folder), _changed(checkpoint.folder), checkpoint)


def trust_rows(checkpoint: Checkpoint) -> pd.DataFrame | None:
    """What the survey of a checkpoint's test rows says of each; never change it. None without."""
    return _trust_rows(str(checkpoint.folder), _changed(checkpoint.folder), checkpoint)


def faults(checkpoints: Sequence[Checkpoint]) -> list[DataError]:
    """What is wrong with files beside these cards."""
    found = [
        error
        for c in checkpoints
        for error in _faults(str(c.folder), (*_changed(c.folder), *_changed(c.folder.parent)), c)
    ]
    return list({str(error): error for error in found}.values())  # heads share some files


def pair_explainer(checkpoint: Checkpoint) -> PairExplainer:
    """The same for a matcher.

    Raises
    ------
    CheckpointError : the checkpoint is damaged, or no matcher.
    """
    return _pair_explainer(str(checkpoint.folder), checkpoint.onnx_hash)


def reader(encoder: Encoder) -> Reader:
    """An encoder ready to read; the one that was asked for last stays loaded.

    Raises
    ------
    CheckpointError : it is damaged.
    """
    from poolviz.encoders.reader import reader_of

    return reader_of(encoder)


def comparisons(checkpoints: Sequence[Checkpoint]) -> list[Comparison]:
    """Every pair of these heads on the same test rows; those not measured are left out."""
    return _comparisons(_stamps(checkpoints), checkpoints)


def standings(checkpoints: Sequence[Checkpoint]) -> list[Standing]:
    """What was measured of these heads, the most accurate first."""
    return _standings(_stamps(checkpoints), checkpoints)


def not_measured(checkpoints: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Those without predictions of the test rows, or without measurements."""
    names = _not_measured(_stamps(checkpoints), checkpoints)
    return [checkpoint for checkpoint in checkpoints if checkpoint.name in names]


def believed(checkpoints: Sequence[Checkpoint]) -> dict[str, Believed]:
    """How far the weights of these heads can be believed; those not measured are left out."""
    return _believed(_stamps(checkpoints), checkpoints)


@cache
def _spare_objects(_imported: int) -> None:
    gc.collect()
    gc.freeze()


@st.cache_resource(max_entries=32, show_spinner=False)
def _listed(stamps: str, roots: tuple[str, ...]) -> list[Checkpoint]:
    return list_checkpoints([Path(root) for root in roots])


@st.cache_resource(max_entries=64, show_spinner=False)
def _comparisons(stamps: Stamps, _checkpoints: Sequence[Checkpoint]) -> list[Comparison]:
    from poolviz.evaluation import predictions
    from poolviz.evaluation.comparison import compare

    right = predictions.right_on_same_rows(_checkpoints)
    seeds = {c.head: c.card.get("seeds", {}).get("accuracy", []) for c in _checkpoints}
    return compare(right, seeds)


@st.cache_resource(max_entries=64, show_spinner=False)
def _standings(stamps: Stamps, _checkpoints: Sequence[Checkpoint]) -> list[Standing]:
    from poolviz.evaluation.standings import standings

    return standings(_checkpoints)


@st.cache_resource(max_entries=64, show_spinner=False)
def _not_measured(stamps: Stamps, _checkpoints: Sequence[Checkpoint]) -> set[str]:
    from poolviz.evaluation import measurements, predictions

    return {
        c.name for c in _checkpoints if predictions.read(c) is None or measurements.read(c) is None
    }


@st.cache_resource(max_entries=64, show_spinner=False)
def _believed(stamps: Stamps, _checkpoints: Sequence[Checkpoint]) -> dict[str, Believed]:
    from poolviz.trust.rows import results
    from poolviz.trust.rows.believed import believed

    summaries = results.read_summaries(_checkpoints)
    found = {head: believed(summary) for head, summary in summaries.items()}
    return {head: each for head, each in found.items() if each}


@st.cache_resource(max_entries=64, show_spinner=False)
def _explainer(folder: str, onnx_hash: str) -> Explainer:
    return Explainer(read(Path(folder)))


@st.cache_resource(max_entries=16, show_spinner=False)
def _own_rows(folder: str, changed: Changed, _checkpoint: Checkpoint) -> OwnRows:
    from poolviz.checkpoints import own_rows

    return own_rows.read(_checkpoint)


@st.cache_resource(max_entries=16, show_spinner=False)
def _trust_model(folder: str, onnx_hash: str) -> Model:
    from poolviz.trust.ablation.model import Model

    return Model(_explainer(folder, onnx_hash))


@st.cache_resource(max_entries=64, show_spinner=False)
def _trust_summary(folder: str, changed: Changed, _checkpoint: Checkpoint) -> dict[str, Any] | None:
    from poolviz.trust.rows import results

    return results.read_summary(_checkpoint)


@st.cache_resource(max_entries=16, show_spinner=False)
def _trust_rows(folder: str, changed: Changed, _checkpoint: Checkpoint) -> pd.DataFrame | None:
    from poolviz.trust.rows import results

    return results.read_rows(_checkpoint)


@st.cache_resource(max_entries=256, show_spinner=False)
def _faults(folder: str, changed: Changed, _checkpoint: Checkpoint) -> list[DataError]:
    from poolviz.checkpoints import beside

    return beside.faults(_checkpoint)


@st.cache_resource(max_entries=32, show_spinner=False)
def _pair_explainer(folder: str, onnx_hash: str) -> PairExplainer:
    return PairExplainer(read(Path(folder)))


def _folders(place: str | os.PathLike[str]) -> list[os.DirEntry[str]]:
    """The folders at a place, by name; none where there is no such place."""
    try:
        return sorted((e for e in os.scandir(place) if e.is_dir()), key=lambda e: e.name)
    except OSError:
        return []


def _stamps(checkpoints: Sequence[Checkpoint]) -> Stamps:
    """By which it is seen that something beside these cards has changed."""
    return tuple((str(c.folder), _changed(c.folder)) for c in checkpoints)


def _said(task: str) -> float | None:
    """When somebody last said something of a data set's runs; None where nobody has."""
    return _modified(os.path.join(task, marks.FILE))


def _changed(folder: str | os.PathLike[str]) -> Changed:
    """When a file was last put into the folder or taken away, and when its card was written.

    Every run of a page asks, so not every file is looked at. The later of the two would not do:
    clocks go back.
    """
    return _modified(os.fspath(folder)), _modified(os.path.join(folder, CARD))


def _modified(place: str) -> float | None:
    """When a file or a folder was changed; None where there is none, or not any more."""
    try:
        return os.stat(place).st_mtime
    except OSError:
        return None
