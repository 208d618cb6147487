"""Test figures of matchers of pairs, and of what they must beat: on all pairs, on unseen ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus
from poolviz.datasets.pairs import PairSplits, stands_in_training, texts_of_pairs
from poolviz.engine import ranking
from poolviz.engine.pairs import PairExplainer
from poolviz.evaluation import baselines, metrics
from poolviz.evaluation.texts import rows_to_test_on
from poolviz.watch import QUIET, Watch


def matcher_figures(
    checkpoint: Checkpoint,
    corpus: Corpus,
    unseen: np.ndarray | None = None,
    watch: Watch = QUIET,
) -> dict[str, Any]:
    """Figures of a matcher of pairs on a corpus' test rows, as the card holds them.

    Parameters
    ----------
    unseen : (test rows,) booleans, see `unseen_pairs`; None where that is not known.
    watch : counts sentences or pairs.

    Returns
    -------
    `test`, and `test_unseen` where the unseen rows hold both labels: `metrics.evaluate_pairs`.

    Raises
    ------
    CheckpointError, DataError : see `poolviz.evaluation.texts.rows_to_test_on`.
    """
    rows = rows_to_test_on(checkpoint, corpus)
    found = ranking.score_pairs(PairExplainer(checkpoint), texts_of_pairs(rows), watch)
    return _figures(rows, found.probability, checkpoint.card["threshold"], unseen)


def unseen_pairs(rows: PairSplits) -> np.ndarray:
    """(test rows,): no sentence of the pair stands in a pair that was trained or tuned on."""
    return ~stands_in_training(rows.test, pd.concat([rows.train, rows.validation]))


def baseline_figures(rows: PairSplits, dataset: str, unseen: np.ndarray) -> dict[str, Any]:
    """What matchers must beat, by name: its threshold, and figures as of `matcher_figures`.

    The regression learns from the data set's own rows; thresholds are tuned as a matcher's.

    Parameters
    ----------
    dataset : key of the data set that is tested on.
    unseen : see `unseen_pairs`.
    """
    own = rows.train[rows.train["source"] == dataset]
    regression = baselines.NgramRegression()
    regression.fit(texts_of_pairs(own), own["label"].to_numpy())
    scores: dict[str, Callable] = {
        "character-cosine": baselines.character_cosines,
        "ngram-regression": regression.probabilities,
    }
    return {name: _baseline(score, rows, unseen) for name, score in scores.items()}


def _baseline(score: Callable, rows: PairSplits, unseen: np.ndarray) -> dict[str, Any]:
    tuned_on = score(texts_of_pairs(rows.validation))
    threshold = metrics.best_threshold(rows.validation["label"].to_numpy(), tuned_on)
    found = score(texts_of_pairs(rows.test))
    return {"threshold": threshold, **_figures(rows.test, found, threshold, unseen)}


def _figures(
    rows: pd.DataFrame, scores: np.ndarray, threshold: float, unseen: np.ndarray | None
) -> dict[str, Any]:
    labels = rows["label"].to_numpy(np.int32)
    figures = {"test": metrics.evaluate_pairs(labels, scores, threshold)}
    if unseen is not None and len(np.unique(labels[unseen])) == 2:
        figures["test_unseen"] = metrics.evaluate_pairs(labels[unseen], scores[unseen], threshold)
    return figures
