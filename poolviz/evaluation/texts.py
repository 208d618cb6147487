"""What a checkpoint does on a data set's rows, through the engine, without loading Keras.

How good it is stands on its card; where its weights lie, in `anatomy.json` beside the card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus
from poolviz.engine import bulk, ranking
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.errors import CheckpointError, DataError
from poolviz.evaluation import anatomy, metrics
from poolviz.evaluation.intervals import of_mean
from poolviz.model.kinds import CLASSIFIER, MATCHER
from poolviz.text.encoding import encode, encode_many
from poolviz.text.vocabulary import UNKNOWN_ID
from poolviz.watch import QUIET, Watch

ANATOMY = "anatomy.json"
ANATOMY_VERSION = 1
OUTPUTS = ("probabilities", "weights", "contributions")


def figures_on_test_rows(
    checkpoint: Checkpoint, corpus: Corpus, watch: Watch = QUIET
) -> dict[str, Any]:
    """Figures of a checkpoint on a corpus' test rows, as the card holds them: `metrics.evaluate`.

    A `label` matcher puts a text into the class whose name matches it best. For matchers of pairs
    see `poolviz.evaluation.pairs`.

    `watch` counts rows.

    Raises
    ------
    CheckpointError, DataError : see `rows_to_test_on`.
    """
    rows = rows_to_test_on(checkpoint, corpus)
    labels = rows["label"].to_numpy(np.int32)
    probabilities = _class_probabilities(checkpoint, rows["text"], watch)
    return _figures(checkpoint, labels, probabilities)


def rows_to_test_on(checkpoint: Checkpoint, corpus: Corpus) -> pd.DataFrame:
    """The corpus' test rows, where the checkpoint can be measured on them.

    Raises
    ------
    CheckpointError : the checkpoint is damaged, or its classes are not those of the corpus.
    DataError : the corpus has no test rows.
    """
    if checkpoint.damage:
        raise checkpoint.damage
    _check_classes(checkpoint, corpus)
    rows = corpus.split("test")
    if rows.empty:
        raise _nothing_to_test(corpus)
    return rows


def _figures(
    checkpoint: Checkpoint, labels: np.ndarray, probabilities: np.ndarray
) -> dict[str, Any]:
    return metrics.evaluate(labels, probabilities.argmax(axis=1), checkpoint.classes)


def _class_probabilities(checkpoint: Checkpoint, texts: Iterable[str], watch: Watch) -> np.ndarray:
    vocabulary = checkpoint.read_vocabulary()
    ids = encode_many(texts, vocabulary)
    return _PROBABILITIES[checkpoint.kind_record.family](checkpoint, ids, watch)


def _of_classifier(checkpoint: Checkpoint, ids: Sequence[np.ndarray], watch: Watch) -> np.ndarray:
    return bulk.probabilities(Engine(checkpoint), ids, watch)


def _of_matcher(checkpoint: Checkpoint, ids: Sequence[np.ndarray], watch: Watch) -> np.ndarray:
    return ranking.class_probabilities(PairExplainer(checkpoint), ids, watch)


# Probabilities of the classes for many texts, (texts, classes).
_PROBABILITIES = {CLASSIFIER: _of_classifier, MATCHER: _of_matcher}


@dataclass(frozen=True, eq=False)
class Pass:
    """What one pass of a classifier over a corpus' N test rows gave; all their figures follow.

    Parameters
    ----------
    explainer : of the classifier.
    corpus : whose test rows.
    labels : (N,) int32.
    lengths : (N,) tokens of each text.
    probabilities : (N, K).
    weights : of each text (T,), the mean over the head's weight rows.
    anatomy : `poolviz.evaluation.anatomy.measures` of all texts, in the order of the batches.
    """

    explainer: Explainer
    corpus: Corpus
    labels: np.ndarray
    lengths: np.ndarray
    probabilities: np.ndarray
    weights: Sequence[np.ndarray]
    anatomy: Mapping[str, np.ndarray]

    @property
    def checkpoint(self) -> Checkpoint:
        """Of the classifier."""
        return self.explainer.checkpoint

    def figures(self) -> dict[str, Any]:
        """As `figures_on_test_rows` gives them."""
        return _figures(self.checkpoint, self.labels, self.probabilities)


def read_test_rows(
    explainer: Explainer,
    corpus: Corpus,
    watch: Watch = QUIET,
    also: Callable[[np.ndarray, Mapping[str, np.ndarray]], None] = lambda ids, outputs: None,
) -> Pass:
    """Run a classifier over a corpus' test rows, once.

    Parameters
    ----------
    watch : counts rows.
    also : given each batch's ids (B, T) and its `OUTPUTS`, by those who sum up figures of their
        own.

    Raises
    ------
    CheckpointError, DataError : see `rows_to_test_on`.
    """
    rows = rows_to_test_on(explainer.checkpoint, corpus)
    ids, punctuation = [], []
    for text in rows["text"]:
        encoded = encode(text, explainer.vocabulary)
        ids.append(encoded.ids)
        punctuation.append(np.array([anatomy.is_punctuation(t.text) for t in encoded.tokens]))
    probabilities = np.empty((len(ids), len(explainer.checkpoint.classes)), np.float32)
    weights: list[np.ndarray] = [np.empty(0)] * len(ids)
    measured = []
    for batch, outputs in bulk.run_many(explainer.engine, ids, OUTPUTS, watch):
        of_batch = np.stack([ids[i] for i in batch])
        probabilities[batch] = outputs["probabilities"]
        for i, mean in zip(batch, outputs["weights"].mean(axis=1), strict=True):
            weights[i] = mean
        marks = np.stack([punctuation[i] for i in batch])
        measured.append(anatomy.measures(outputs["weights"], marks, of_batch == UNKNOWN_ID))
        also(of_batch, outputs)
    return Pass(
        explainer,
        corpus,
        rows["label"].to_numpy(np.int32),
        bulk.lengths_of(ids),
        probabilities,
        weights,
        {name: np.concatenate([part[name] for part in measured]) for name in measured[0]},
    )


def summarise_anatomy(found: Pass) -> dict[str, Any]:
    """Where a classifier's weights lie over the test rows, free of texts, ready for JSON.

    Returns
    -------
    `onnx_sha256` of the checkpoint, `files` (name and SHA-256 of what was read), `rows` (number of
    texts), and `weight_rows`: for each weight row of the head `entropy`, `effective_tokens`,
    `punctuation` and `unknown` as means over the texts with their intervals, and the mean
    `position_profile` (see `poolviz.evaluation.anatomy.measures`).
    """
    return {
        **beside.provenance(found.checkpoint, found.corpus),
        "rows": len(found.labels),
        "weight_rows": _over_texts(found.anatomy),
    }


def write_anatomy(checkpoint: Checkpoint, found: dict[str, Any]) -> Path:
    """Write what `summarise_anatomy` found beside the checkpoint's card, in one step."""
    return beside.write_json(checkpoint, ANATOMY, ANATOMY_VERSION, found)


def read_anatomy(checkpoint: Checkpoint) -> dict[str, Any] | None:
    """What `write_anatomy` wrote; None where there is nothing, or it is not of this model."""
    return beside.read_json(checkpoint, ANATOMY, ANATOMY_VERSION)


def _over_texts(every: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Means over the first axis of (texts, H) and (texts, H, bins), one entry for each of H."""
    profiles = every["position_profile"].mean(axis=0)  # (H, bins)
    scalars = [name for name in every if name != "position_profile"]
    return [
        {
            **{name: of_mean(every[name][:, h]).to_json() for name in scalars},
            "position_profile": profile.round(6).tolist(),
        }
        for h, profile in enumerate(profiles)
    ]


def _nothing_to_test(corpus: Corpus) -> DataError:
    return DataError(
        "The files of {dataset} hold no row to test on; give more rows.",
        dataset=corpus.dataset.key,
    )


def _check_classes(checkpoint: Checkpoint, corpus: Corpus) -> None:
    if checkpoint.classes != corpus.dataset.classes:
        raise CheckpointError(
            "Checkpoint {task}/{name} was trained on other classes ({known}) than these files "
            "hold ({found}); give the files it was trained on, or train it again.",
            task=checkpoint.task,
            name=checkpoint.name,
            known=", ".join(checkpoint.classes),
            found=", ".join(corpus.dataset.classes),
        )
