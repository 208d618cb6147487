"""Rows of two sentences under several matchers: the columns that docs/bulk.md describes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from poolviz.bulk.models import OfModels
from poolviz.bulk.reading.blocks import TEXT, Bad
from poolviz.bulk.texts import different, reason_against, sorted_out
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.ranking import score_pairs

OTHER = "other"  # the second sentence's column


@dataclass(frozen=True)
class Matching(OfModels):
    """What is made of rows of two sentences."""

    def __call__(self, rows: pa.RecordBatch) -> tuple[pa.Table, list[Bad]]:
        """The columns of the rows that can be matched, and the other rows.

        Raises
        ------
        CheckpointError : a model cannot be loaded, or gives what is no number.
        """
        explainers = self.opened(PairExplainer)
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
