"""Whether what the positions add, and the bias, add up to what the model says: on real rows.

A head may pool something else than the sum that its explanation is made of. Then its contributions
are an estimate, whatever the tables of heads and read-outs say; the card holds what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import Corpus
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.runtime import Engine
from poolviz.model.kinds import CLASSIFIER, MATCHER
from poolviz.text.encoding import encode_many
from poolviz.text.tokens import MAX_CHARACTERS

NEAR = 1e-4  # of the largest logit or score, or of 1 where that is smaller
ROWS = 64


def sums(checkpoint: Checkpoint, corpus: Corpus) -> dict[str, Any]:
    """What the card holds as `sums`: of how many rows, how far apart, and whether that is near.

    `difference` is the largest one between a logit and the sum of all contributions and the bias;
    of a matcher between the score and the sum over pairs of tokens. It is relative to the largest
    logit or score of the row where that is above 1. `exact` says that it is at most `NEAR`. Empty
    where nothing is said to be exact.

    Parameters
    ----------
    checkpoint : its files are there; the card may be a draft.
    corpus : up to `ROWS` of its test rows are read, from the first to the last.

    Raises
    ------
    CheckpointError : a graph does not load, or gives something that is no number.
    """
    if not (checkpoint.head_record.exact and _CLAIMS[checkpoint.kind_record.family](checkpoint)):
        return {}
    rows = _some_rows(checkpoint, corpus)
    found = [float(each) for each in _DIFFERENCES[checkpoint.kind_record.family](checkpoint, rows)]
    worst = max(found, default=0.0)
    return {"rows": len(found), "difference": worst, "exact": worst <= NEAR}


def _some_rows(checkpoint: Checkpoint, corpus: Corpus) -> list[tuple[str, ...]]:
    """The texts of rows at equal distances; of a matcher with classes each with a class's name."""
    table = corpus.split("test").drop(columns=["label", "split", "key"])
    short = table[(table.map(len) <= MAX_CHARACTERS).all(axis=1)]
    places = np.unique(np.linspace(0, len(short) - 1, ROWS).astype(int)) if len(short) else []
    rows = [tuple(short.iloc[place]) for place in places]
    if checkpoint.kind_record.against_classes:
        names = checkpoint.classes
        return [(text, names[n % len(names)]) for n, (text,) in enumerate(rows)]
    return rows


def _of_classifier(checkpoint: Checkpoint, rows: Sequence[tuple[str, ...]]) -> Iterator[float]:
    engine = Engine(checkpoint)
    for ids in encode_many([text for (text,) in rows], checkpoint.read_vocabulary()):
        found = {name: array[0] for name, array in engine.run(ids[None, :]).items()}
        paid = found["contributions"].sum(axis=(0, 1)) + found["offsets"].sum()
        total = paid + found["bias"] + found["bias_offset"]
        yield _apart(total, found["logits"])


def _of_matcher(checkpoint: Checkpoint, rows: Sequence[tuple[str, ...]]) -> Iterator[float]:
    explainer = PairExplainer(checkpoint)
    sides = (encode_many(side, explainer.vocabulary) for side in zip(*rows, strict=True))
    for pair in zip(*sides, strict=True):
        a, b = (explainer.encoder.run(ids[None, :]) for ids in pair)
        split = explainer.split(a, b)
        yield _apart(np.array(split.score - split.rest), np.array(split.score))


def _apart(total: np.ndarray, wanted: np.ndarray) -> float:
    return np.abs(total - wanted).max() / max(1.0, np.abs(wanted).max())


# By family: whether there is a sum to hold to the model, and the differences row by row. A logit
# always is one, under `mlp` with the tangent's rest as its bias. A score under the dense read-out
# is none: what its tangent leaves is not said.
_CLAIMS = {CLASSIFIER: lambda _c: True, MATCHER: lambda c: c.readout_record.exact}
_DIFFERENCES = {CLASSIFIER: _of_classifier, MATCHER: _of_matcher}
