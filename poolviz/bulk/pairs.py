"""Rows of two sentences under several matchers: the columns that docs/bulk.md describes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from poolviz.bulk.blocks import TEXT, Bad
from poolviz.bulk.texts import check_same, different, reason_against, sorted_out
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.ranking import score_pairs

OTHER = "other"  # the second sentence's column


@dataclass(frozen=True)
class Matching:
    """What is made of rows of two sentences.

    Parameters
    ----------
    folders, hashes : see `poolviz.bulk.texts.Explaining`.
    """

    folders: tuple[Path, ...]
    hashes: tuple[str, ...]

    @classmethod
    def of(cls, checkpoints: Sequence[Checkpoint]) -> Matching:
        """What these matchers say."""
        folders = tuple(checkpoint.folder.resolve() for checkpoint in checkpoints)
        return cls(folders, tuple(checkpoint.onnx_hash for checkpoint in checkpoints))

    def __call__(self, rows: pa.RecordBatch) -> tuple[pa.Table, list[Bad]]:
        """The columns of the rows that can be matched, and the other rows.

        Raises
        ------
        CheckpointError : a model cannot be loaded, or gives what is no number.
        """
        explainers = _opened(self.folders, self.hashes)
        vocabularies = different(explainer.vocabulary for explainer in explainers)
        pairs = list(zip(rows[TEXT].to_pylist(), rows[OTHER].to_pylist(), strict=True))
        reasons = [reason_against(pair, vocabularies) for pair in pairs]
        good, columns, bad = sorted_out(rows, reasons)
        for explainer in explainers:
            scores = score_pairs(explainer, [pairs[number] for number in good])
            matches = (
                scores.probability.astype(np.float64) >= explainer.checkpoint.card["threshold"]
            )
            found = {"score": scores.score, "probability": scores.probability, "matches": matches}
            columns |= {f"{explainer.checkpoint.name}: {k}": pa.array(v) for k, v in found.items()}
        return pa.table(columns), bad


@lru_cache(maxsize=1)
def _opened(folders: tuple[Path, ...], hashes: tuple[str, ...]) -> list[PairExplainer]:
    """The matchers, loaded once in a process."""
    explainers = [PairExplainer(read(folder)) for folder in folders]
    for explainer, expected in zip(explainers, hashes, strict=True):
        check_same(explainer.checkpoint, expected)
    return explainers
