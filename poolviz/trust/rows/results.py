"""The survey of a checkpoint, kept beside its card: numbers by row hash, never a text.

`trust.json` is the summary; `trust.parquet` has a line for each row with the figures of masking,
the default erasure, for distributions.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation.intervals import FEWEST

SUMMARY = "trust.json"
ROWS = "trust.parquet"
VERSION = 1
_DIGITS = 3  # enough for how rows are spread; the summary has its own
_LEFT_OUT = ("unknown.", "remove.")


def write(checkpoint: Checkpoint, rows: pd.DataFrame, summary: dict[str, Any]) -> tuple[Path, Path]:
    """Write what `poolviz.trust.rows.survey.survey` found; returns the paths of both files."""
    kept = rows[[name for name in rows if not name.startswith(_LEFT_OUT)]]
    numbers = {name: np.float32 for name in kept if "." in name}
    return (
        beside.write_table(checkpoint, ROWS, kept.round(_DIGITS).astype(numbers)),
        beside.write_json(checkpoint, SUMMARY, VERSION, summary),
    )


def read_summary(checkpoint: Checkpoint) -> dict[str, Any] | None:
    """The summary; None where there is nothing, or it is not of this model.

    Older ones have intervals of few rows, which cover too little: these are left out.
    """
    found = beside.read_json(checkpoint, SUMMARY, VERSION)
    if found:
        for figure in (*found["figures"].values(), *found["differences"].values()):
            if figure["n"] < FEWEST:
                figure.update(low=None, high=None)
    return found


def read_summaries(checkpoints: Sequence[Checkpoint]) -> dict[str, dict[str, Any]]:
    """The summary of each of these heads that has one."""
    read = {checkpoint.head: read_summary(checkpoint) for checkpoint in checkpoints}
    return {head: summary for head, summary in read.items() if summary}


def read_rows(checkpoint: Checkpoint) -> pd.DataFrame | None:
    """The lines; None where there is nothing, or they are not of this model."""
    return beside.read_table(checkpoint, ROWS)
