"""The models of a data set as the browser reads them: a header of JSON, and float32 weights.

Weights are read from the checkpoints (`model.keras`, by h5py): their names inside an ONNX graph are
the exporter's own. Nothing that the header says stands in JavaScript a second time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from poolviz.checkpoints.checkpoint import KERAS, Checkpoint
from poolviz.engine.texts import Explainer
from poolviz.errors import ExportError
from poolviz.figures import colours
from poolviz.figures.texts.token_rows import LEGEND_STEPS
from poolviz.live.script import FOLDER
from poolviz.live.words import in_every_language, words
from poolviz.model.heads import MAX_TOLERANCE, MIN_VARIANCE_EPSILON
from poolviz.model.kinds import USUAL
from poolviz.text.edits import SEPARATORS
from poolviz.text.pieces import LABEL, SIGNS
from poolviz.text.subsequence import MAX_CELLS
from poolviz.text.tokens import MAX_CHARACTERS, PADDING_ID, RESERVED_IDS, UNKNOWN_ID
from poolviz.views.doubts import SAID_FROM
from poolviz.views.panel import UNIFORM_TOP
from poolviz.views.passages import BEFORE_THE_FIRST, LONG
from poolviz.views.tints import POWER, SEEN

Tensors = Mapping[str, np.ndarray]

# How the browser weighs positions, by the layer of a head; see POOLINGS in engine.js. Any head of
# one of these layers can be taken along, whatever it is called.
WEIGHINGS = {
    "MaskedGlobalMaxPooling1D": "max",
    "MaskedGlobalAveragePooling1D": "uniform",
    "MinVariancePooling1D": "inverse-variance",
    "AttentionPooling1D": "softmax",
    "MultiHeadAttentionPooling1D": "softmax",
}
# Where a model's file has each tensor; "*" stands for the read-out's name.
_ENCODER = {
    "embedding": "embedding/vars/0",
    "convolution": "convolution/vars/0",
    "convolution_bias": "convolution/vars/1",
}
_OF_WEIGHING = {"softmax": {"projection": "head/vars/0", "scores": "head/vars/1"}}
_OF_READOUT = {
    "linear": ("kernel", "bias"),
    "mlp": ("hidden_kernel", "hidden_bias", "kernel", "bias"),
}
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
    arrays: list[np.ndarray] = []
    heads: list[dict[str, Any]] = []
    size = 0
    for checkpoint in checkpoints:
        _check(checkpoint)
        places: dict[str, Any] = {}
        tensors = _tensors(checkpoint)
        for name, array in tensors.items():
            places[name] = [size, list(array.shape)]
            size += array.size
            arrays.append(np.asarray(array, "<f4").ravel())
        rows = tensors["scores"].shape[1] if "scores" in tensors else 1
        heads.append({**_head(checkpoint), "rows": rows, "tensors": places})
    header = {
        "schema": schema(),
        "dataset": first.task,
        "vocabulary": {
            "unit": vocabulary.unit,
            "preparation": vocabulary.preparation.name,
            "entries": vocabulary.entries,
            "padding": PADDING_ID,
            "unknown": UNKNOWN_ID,
            "reserved": RESERVED_IDS,
        },
        "classes": first.classes,
        "window": first.card["window"],
        "heads": heads,
        "constants": constants(),
        "signs": SIGNS,
        "separators": SEPARATORS,
        "words": in_every_language(lambda: words(checkpoints)),
        "check": _check_values(checkpoints),
    }
    return LiveModels(header, np.concatenate(arrays))


def constants() -> dict[str, float]:
    """Numbers of Python's that the browser computes with, too."""
    return {
        "max_tolerance": MAX_TOLERANCE,
        "min_variance_epsilon": MIN_VARIANCE_EPSILON,
        "uniform_top": UNIFORM_TOP,
        "tint_power": POWER,
        "tint_seen": SEEN,
        "tint_steps": colours.TINT_STEPS,
        "legend_steps": LEGEND_STEPS,
        "unknown_said_from": SAID_FROM,
        "most_characters": MAX_CHARACTERS,
        "most_drawn": LONG,
        "label": LABEL,
        "before_the_first": BEFORE_THE_FIRST,
        "most_cells": MAX_CELLS,
    }


def _head(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "key": checkpoint.head,
        "weigh": WEIGHINGS[checkpoint.head_record.layer],
        "readout": checkpoint.readout,
        "other": checkpoint.head_record.alternative,
        "checkpoint": checkpoint.name,
        "onnx_sha256": checkpoint.onnx_hash,
    }


def _check(checkpoint: Checkpoint) -> None:
    if checkpoint.damage:
        raise checkpoint.damage
    known = checkpoint.kind == USUAL and checkpoint.head_record.layer in WEIGHINGS
    if not known or checkpoint.readout not in _OF_READOUT:
        raise ExportError(
            "A live page computes in the browser, which does not know {head}; leave this head "
            "out, or choose another format.",
            head=checkpoint.title,
        )


def _tensors(checkpoint: Checkpoint) -> Tensors:
    """The weights of a checkpoint by name, in the order in which files hold them."""
    import h5py

    weighing = WEIGHINGS[checkpoint.head_record.layer]
    try:
        with zipfile.ZipFile(checkpoint.path(KERAS)) as model:
            content = io.BytesIO(model.read("model.weights.h5"))
        with h5py.File(content, "r") as file:
            [readout] = [name for name in file["layers"] if name.endswith("readout")]
            places = _ENCODER | _OF_WEIGHING.get(weighing, {})
            for number, name in enumerate(_OF_READOUT[checkpoint.readout]):
                places[name] = f"layers/{readout}/vars/{number}"
            found = {name: np.asarray(file[place]) for name, place in places.items()}
    except (OSError, KeyError, ValueError) as error:
        raise _other_form(checkpoint) from error
    if found["convolution"].shape[0] != 3 or list(checkpoint.card["window"]) != [1, 1]:
        raise _other_form(checkpoint)
    return found


def _other_form(checkpoint: Checkpoint) -> ExportError:
    return ExportError(
        "The weights of {name} have another form than a live page reads; train it again, or "
        "choose another format.",
        name=f"{checkpoint.task}/{checkpoint.name}",
    )


def _check_values(checkpoints: Sequence[Checkpoint]) -> dict[str, Any]:
    """What Python says of `CHECKED`, for the browser to compare its own answer with."""
    found = [Explainer(checkpoint).explain(CHECKED) for checkpoint in checkpoints]
    return {
        "text": CHECKED,
        "tokens": [[token.text, token.start, token.known] for token in found[0].tokens],
        "probabilities": [each.probabilities.tolist() for each in found],
        "weights": [each.weights.mean(axis=0).tolist() for each in found],
    }
