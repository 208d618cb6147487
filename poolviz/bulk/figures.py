"""How good models are on rows with labels, read off the parts: never more than one in memory.

The figures are those of `poolviz.evaluation.metrics`, as of rows that are read at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from poolviz.bulk.reading.blocks import LABEL
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.errors import DataError
from poolviz.evaluation import metrics
from poolviz.writing import replacing

FIGURES = "_figures.json"  # readers of Parquet pass over names that begin so
Figures = dict[str, Any]


def of_classifiers(
    folder: Path, manifest: Mapping[str, Any], classifiers: Sequence[Checkpoint]
) -> list[Figures]:
    """For each classifier `metrics.evaluate` of all rows.

    Parameters
    ----------
    folder : of the parts of `Labelled` texts.
    manifest : of the run that made them.

    Raises
    ------
    DataError : no row had a label that is a class.
    """
    names = [f"{each.head}: predicted" for each in classifiers]
    classes = classifiers[0].classes
    matrices = np.zeros((len(names), len(classes), len(classes)), np.int64)
    for part in _parts(folder, manifest, [LABEL, *names]):
        truth = _numbers(part[LABEL], classes)
        for matrix, name in zip(matrices, names, strict=True):
            matrix += metrics.confusion(truth, _numbers(part[name], classes), len(classes))
    if not matrices.sum():
        raise _no_row(classes)
    return [metrics.figures_of(matrix, classes) for matrix in matrices]


def of_matchers(
    folder: Path, manifest: Mapping[str, Any], matchers: Sequence[Checkpoint]
) -> list[Figures]:
    """For each matcher `metrics.evaluate_pairs` of all rows: the area needs a number of each.

    Raises
    ------
    DataError : the rows do not hold pairs that match and pairs that do not.
    """
    classes = matchers[0].classes
    truth = _whole(folder, manifest, LABEL, lambda column: _numbers(column, classes))
    if len(np.unique(truth)) < 2:
        raise DataError(
            "The rows hold no pairs that match, or none that do not; add the others, or say with "
            "--match which labels mean a match."
        )
    found = []
    for each in matchers:
        name = f"{each.name}: probability"
        scores = _whole(folder, manifest, name, lambda column: column.to_numpy())
        found.append(metrics.evaluate_pairs(truth, scores, each.card["threshold"]))
    return found


def write(folder: Path, found: Sequence[Mapping[str, Any]]) -> Path:
    """Write the figures beside the parts, in one step."""
    path = folder / FIGURES
    with replacing(path) as unfinished:
        content = json.dumps(found, ensure_ascii=False, indent=1)
        unfinished.write_text(content + "\n", encoding="utf-8")
    return path


def _whole(
    folder: Path,
    manifest: Mapping[str, Any],
    name: str,
    numbers: Callable[[pa.ChunkedArray], np.ndarray],
) -> np.ndarray:
    """(rows,): a column of all parts."""
    columns = [numbers(part[name]) for part in _parts(folder, manifest, [name])]
    return np.concatenate([np.empty(0, np.float32), *columns])


def _parts(folder: Path, manifest: Mapping[str, Any], names: list[str]) -> Iterator[pa.Table]:
    for part in manifest["parts"]:
        yield pq.read_table(folder / part["name"], columns=names)


def _numbers(column: pa.ChunkedArray, names: Sequence[str]) -> np.ndarray:
    """The places of names in their list."""
    found = pc.index_in(column.cast(pa.string()), pa.array(names, pa.string()))
    return found.to_numpy().astype(np.int64)


def _no_row(classes: Sequence[str]) -> DataError:
    return DataError(
        "No row has a label that is one of the models' classes ({classes}); say what the labels "
        "mean: --labels LABEL=CLASS,…",
        classes=", ".join(classes),
    )
