"""How far weights can be believed, row by row: the columns that docs/bulk.md describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from poolviz.bulk.models import OfModels
from poolviz.bulk.reading.blocks import FILE, ID, LINE, TEXT, Bad
from poolviz.bulk.sampled import NORMALISED
from poolviz.bulk.texts import different
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets.split import row_key
from poolviz.engine.texts import Explainer
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.model import Model
from poolviz.trust.rows.summary import GRID, columns, summarise
from poolviz.trust.rows.survey import Cost, measure_row, read_texts
from poolviz.trust.text.rankings import RANKINGS, SEED

HEAD = "head"
_KEY_DIGITS = 16  # as of `poolviz.datasets.split.row_keys`
_NO_CURVE = np.full((2, GRID), np.nan)
_CURVES = [(how, ranking) for how in ERASURES for ranking in RANKINGS]


@dataclass(frozen=True)
class Trusting(OfModels):
    """What is made of rows of texts: a line for each row and head."""

    def __call__(self, rows: pa.RecordBatch) -> tuple[pa.Table, list[Bad]]:
        """The lines of rows from `poolviz.bulk.sampled`, all of which can be read.

        Raises
        ------
        CheckpointError : a model cannot be loaded, or its two files disagree.
        """
        models = self.opened(_model)
        vocabularies = different(model.explainer.vocabulary for model in models)
        places = {each.identity: place for place, each in enumerate(vocabularies)}
        about = {name: rows[name] for name in (FILE, LINE, ID) if name in rows.schema.names}
        tables = []
        for model in models:
            place = places[model.explainer.vocabulary.identity]
            flags = rows[NORMALISED.format(place)].to_pylist()
            head = pa.array([model.checkpoint.head] * len(rows))
            found = _measured(model, rows[TEXT].to_pylist(), flags)
            tables.append(pa.table({**about, HEAD: head, **found}))
        return pa.concat_tables(tables), []


def summaries(
    folder: Path, manifest: Mapping[str, Any], checkpoints: Sequence[Checkpoint], sample: int
) -> list[dict[str, Any]]:
    """Of each checkpoint what `poolviz.trust.rows.survey` finds, but for the cost.

    Parameters
    ----------
    folder : of the parts of `Trusting`.
    manifest : of the run that made them.
    """
    found = []
    for checkpoint in checkpoints:
        of_head = [(HEAD, "=", checkpoint.head)]
        paths = [folder / part["name"] for part in manifest["parts"]]
        lines = pa.concat_tables(pq.read_table(path, filters=of_head) for path in paths)
        table = lines.select(columns()).to_pandas()
        curves = {key: _curves_of(lines[_curve(*key)]) for key in _CURVES}
        measured = {key: list(of_rows) for key, of_rows in curves.items() if len(of_rows)}
        settings = {"sample": sample, "seed": SEED}
        said = {"onnx_sha256": checkpoint.onnx_hash, **settings, **summarise(table, measured)}
        found.append(said)
    return found


def _measured(
    model: Model, texts: Sequence[str], normalised: Sequence[bool]
) -> dict[str, pa.Array]:
    """The columns of numbers; a curve is NaN all along where a head has none."""
    keys = [int(row_key(text)[:_KEY_DIGITS], 16) for text in texts]
    lines, curves = [], []
    for row, chosen in zip(read_texts(model, texts, keys), normalised, strict=True):
        line, of_row = measure_row(model, row, chosen, Cost())
        lines.append(line)
        curves.append(of_row)
    table = pd.DataFrame(lines).reindex(columns=columns())
    found = {name: pa.array(table[name].to_numpy()) for name in table}
    for key in _CURVES:
        values = np.array([of_row.get(key, _NO_CURVE) for of_row in curves])
        found[_curve(*key)] = pa.FixedSizeListArray.from_arrays(values.reshape(-1), 2 * GRID)
    return found


def _curves_of(column: pa.ChunkedArray) -> np.ndarray:
    """(rows, 2, GRID) of the rows that have one, see `poolviz.trust.rows.summary.on_grid`."""
    values = column.combine_chunks().flatten().to_numpy().reshape(-1, 2, GRID)
    return values[~np.isnan(values[:, 0, 0])]


def _curve(how: str, ranking: str) -> str:
    return f"{how}.{ranking}.curves"


def _model(classifier: Checkpoint) -> Model:
    return Model(Explainer(classifier))
