"""Cached loading of rows, and of what was found in them: each once for all sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from poolviz import datasets, places
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import CATALOGUE, Corpus
from poolviz.engine.texts import Explainer

if TYPE_CHECKING:
    from poolviz.datasets.holdings import Holdings
    from poolviz.explore.contexts import Occurrences
    from poolviz.explore.rows import RowSet
    from poolviz.explore.survey import Survey


def row_sources(classes: Sequence[str], task: str, held: str) -> list[str]:
    """Data sets at hand whose rows a model with these classes can be tried on, its own first.

    None on a server that hides rows.

    Parameters
    ----------
    held : key of `poolviz.model.kinds.ROWS`: what the rows hold.
    """
    if places.rows_hidden():
        return []
    fitting = [
        key
        for key, dataset in CATALOGUE.items()
        if dataset.kind == held and tuple(dataset.classes) == tuple(classes)
    ]
    fitting.sort(key=lambda key: key != task)
    return [key for key in fitting if datasets.available(key)]


@st.cache_resource(max_entries=2, show_spinner=False)
def corpus(key: str) -> Corpus:
    """The rows of a data set that is at hand; never change them, all sessions share them.

    Raises
    ------
    DataError : the data set is not at hand, or damaged.
    """
    return datasets.load(key)


@st.cache_resource(max_entries=16, show_spinner=False)
def holdings(key: str) -> Holdings:
    """What a data set that is at hand holds; never change it, all sessions share it.

    Raises
    ------
    DataError : the data set is not at hand, or damaged.
    """
    from poolviz.datasets import holdings

    return holdings.of_corpus(corpus(key))


@st.cache_resource(max_entries=4, show_spinner=False)
def row_set(key: str, split: str | None) -> RowSet:
    """The rows of one split of a data set that is at hand, or all of them.

    Raises
    ------
    DataError : the data set is not at hand, or damaged.
    """
    from poolviz.explore import rows

    return rows.of_corpus(corpus(key), split)


def row_survey(row_set: RowSet, checkpoints: Sequence[Checkpoint]) -> Survey | None:
    """What the heads predict for these rows; None where that was not computed yet."""
    hashes = tuple(checkpoint.onnx_hash for checkpoint in checkpoints)
    found = _survey(row_set.identity, hashes, row_set, checkpoints)
    if found is None:  # it may be there the next time
        _survey.clear(row_set.identity, hashes, row_set, checkpoints)
    return found


@st.cache_resource(max_entries=2, show_spinner=False)
def token_occurrences(
    identity: str, vocabulary: str, _rows: RowSet, _explainer: Explainer
) -> Occurrences:
    """Where the tokens of an explainer's vocabulary stand in some rows.

    Parameters
    ----------
    identity, vocabulary : of the rows, and of the file of the vocabulary, by their hashes.
    """
    from poolviz.explore.contexts import Occurrences

    return Occurrences(_rows, _explainer.vocabulary)


@st.cache_resource(max_entries=4, show_spinner=False)
def _survey(
    identity: str,
    hashes: tuple[str, ...],
    _rows: RowSet,
    _checkpoints: Sequence[Checkpoint],
) -> Survey | None:
    from poolviz.explore import survey

    return survey.read(_rows, _checkpoints)
