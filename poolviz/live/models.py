"""The models of a data set as the browser reads them: a header of JSON, and float32 weights.

Weights are read from the checkpoints (`model.keras`, by h5py): their names inside an ONNX graph are
the exporter's own. Nothing that the header says stands in JavaScript a second time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.engine.texts import Explainer
from poolviz.errors import ExportError
from poolviz.figures import colours
from poolviz.figures.heaviest import ALIKE, HEAVIEST
from poolviz.figures.texts.token_rows import LEGEND_STEPS
from poolviz.live.recognised import recognised
from poolviz.live.script import FOLDER
from poolviz.live.weights import Floats, tensors_of_text, weighing_of
from poolviz.live.words import in_every_language, words
from poolviz.model.heads import MAX_TOLERANCE, MIN_VARIANCE_EPSILON
from poolviz.model.kinds import USUAL
from poolviz.model.tower import LONGEST_WAVE, NORM_EPSILON, SMALLEST_NORM
from poolviz.text.edits import SEPARATORS
from poolviz.text.encoding import most_characters
from poolviz.text.pieces import LABEL, SIGNS
from poolviz.text.scripts import BROWSERS_PATTERN, UNSPACED, script_of
from poolviz.text.subsequence import MAX_CELLS
from poolviz.text.vocabulary import PADDING_ID, RESERVED_IDS, UNKNOWN_ID, Vocabulary
from poolviz.views.doubts import FOREIGN, MOST, SAID_FROM
from poolviz.views.panel import UNIFORM_TOP
from poolviz.views.passages import BEFORE_THE_FIRST, LONG
from poolviz.views.tints import POWER, SEEN

# Read by both sides when a page opens: text of every preparation, and of what clusters.
CHECKED = "Didn't 房间 [哈哈] @a_b: 3次，Don’t b@c.de 很好！👍🏽 e\u0301 酒店 t.cn/x ok"


@dataclass(frozen=True)
class LiveModels:
    """What the browser needs of some checkpoints.

    Parameters
    ----------
    header : of plain values, see `Header` in engine.js.
    floats : all tensors one after the other, float32.
    """

    header: Mapping[str, Any]
    floats: np.ndarray


def schema() -> int:
    """The version of model files that engine.js reads."""
    found = re.search(r"SCHEMA = (\d+)", (FOLDER / "engine.js").read_text(encoding="utf-8"))
    assert found is not None, "engine.js says it"
    return int(found[1])


def live_models(checkpoints: Sequence[Checkpoint]) -> LiveModels:
    """The header and the weights of classifiers of one data set.

    Raises
    ------
    ExportError : a head or read-out that the browser does not know, or weights of another form.
    CheckpointError : a checkpoint is damaged.
    """
    first = checkpoints[0]
    vocabulary = first.read_vocabulary()
    floats = Floats()
    heads: list[dict[str, Any]] = []
    for checkpoint in checkpoints:
        weighing = _checked(checkpoint, vocabulary)
        tensors = floats.take(tensors_of_text(checkpoint, weighing))
        heads.append({**_head(checkpoint, weighing), **tensors})
    header = {
        "schema": schema(),
        "dataset": first.task,
        "vocabulary": vocabulary_header(vocabulary),
        "classes": first.classes,
        "window": first.card["window"],
        "heads": heads,
        "constants": constants(),
        "scripts": scripts_header(vocabulary),
        "signs": SIGNS,
        "separators": SEPARATORS,
        "words": in_every_language(lambda: words(checkpoints)),
        "check": _check_values(checkpoints),
    }
    return LiveModels(header, floats.all())


def vocabulary_header(vocabulary: Vocabulary) -> dict[str, Any]:
    """A vocabulary as the browser reads it, see `VocabularyHeader` in tokens.js."""
    return {
        "unit": vocabulary.unit,
        "preparation": vocabulary.preparation.name,
        "entries": vocabulary.entries,
        "padding": PADDING_ID,
        "unknown": UNKNOWN_ID,
        "reserved": RESERVED_IDS,
    }


def scripts_header(vocabulary: Vocabulary) -> dict[str, Any]:
    """What doubts.js needs to know of scripts."""
    return {"pattern": BROWSERS_PATTERN, "unspaced": UNSPACED, "own": script_of(vocabulary)}


def constants() -> dict[str, float]:
    """Numbers of Python's that the browser computes with, too."""
    return {
        "max_tolerance": MAX_TOLERANCE,
        "min_variance_epsilon": MIN_VARIANCE_EPSILON,
        "norm_epsilon": NORM_EPSILON,
        "smallest_norm": SMALLEST_NORM,
        "longest_wave": LONGEST_WAVE,
        "uniform_top": UNIFORM_TOP,
        "tint_power": POWER,
        "tint_seen": SEEN,
        "tint_steps": colours.TINT_STEPS,
        "legend_steps": LEGEND_STEPS,
        "heaviest": HEAVIEST,
        "alike": ALIKE,
        "unknown_said_from": SAID_FROM,
        "unknown_most": MOST,
        "foreign": FOREIGN,
        "most_characters": most_characters(),
        "most_drawn": LONG,
        "label": LABEL,
        "before_the_first": BEFORE_THE_FIRST,
        "most_cells": MAX_CELLS,
    }


def _head(checkpoint: Checkpoint, weighing: str) -> dict[str, Any]:
    return {
        "key": checkpoint.head,
        "weigh": weighing,
        "readout": checkpoint.readout,
        "other": checkpoint.head_record.alternative,
        "checkpoint": checkpoint.name,
        "onnx_sha256": checkpoint.onnx_hash,
    }


def _checked(checkpoint: Checkpoint, vocabulary: Vocabulary) -> str:
    """How a checkpoint weighs positions, if it can be taken along."""
    if checkpoint.damage:
        raise checkpoint.damage
    if checkpoint.on_encoder:
        raise ExportError(
            "A live page computes in the browser, and {head} reads the token vectors of an "
            "encoder; choose another format.",
            head=checkpoint.title,
        )
    weighing = weighing_of(checkpoint) or recognised(checkpoint)
    if checkpoint.kind != USUAL or weighing is None:
        raise ExportError(
            "A live page computes in the browser, which does not know {head}; leave this head "
            "out, or choose another format.",
            head=checkpoint.title,
        )
    if checkpoint.read_vocabulary().identity != vocabulary.identity:
        raise ExportError(
            "A live page has one vocabulary for all heads, and that of {head} is another; leave "
            "this head out, or train it together with the others.",
            head=checkpoint.title,
        )
    return weighing


def _check_values(checkpoints: Sequence[Checkpoint]) -> dict[str, Any]:
    """What Python says of `CHECKED`, for the browser to compare its own answer with."""
    found = [Explainer(checkpoint).explain(CHECKED) for checkpoint in checkpoints]
    return {
        "text": CHECKED,
        "tokens": [[token.text, token.start, token.known] for token in found[0].tokens],
        "probabilities": [each.probabilities.tolist() for each in found],
        "weights": [each.weights.mean(axis=0).tolist() for each in found],
    }
