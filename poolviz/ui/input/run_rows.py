"""Whether rows that are at hand are those that the models of a run were trained and tested on."""

from __future__ import annotations

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.identity import Rows
from poolviz.errors import DataError
from poolviz.ui import row_loaders


def check_run_rows(checkpoint: Checkpoint, dataset: str) -> None:
    """Check that the rows at hand of a model's own data set are those of its run.

    Rows of another data set are no such rows, and are not said to be.

    Raises
    ------
    DataError : they are others, or damaged.
    """
    if dataset == checkpoint.task and not _rows(dataset).are_of(checkpoint.card):
        raise DataError(
            "The rows of {dataset} on this machine are not those that these models were trained "
            "and tested on; choose another run, or open them as a file to look at them.",
            dataset=dataset,
        )


@st.cache_resource(max_entries=16, show_spinner=False)
def _rows(dataset: str) -> Rows:
    return Rows.of(row_loaders.corpus(dataset))
