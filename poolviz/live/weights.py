"""The weights of checkpoints by name, as the browser computes with them.

They are read from `model.keras`, by h5py: their names inside an ONNX graph are the exporter's own.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from poolviz.checkpoints.checkpoint import KERAS, Checkpoint
from poolviz.errors import ExportError
from poolviz.model.tower import KERNELS
from poolviz.model.tower import WINDOW as TOWER_WINDOW

Tensors = Mapping[str, np.ndarray]

# How the browser weighs positions, by the layer of a head; see `POOLINGS` in poolings.js. Any head
# of one of these layers can be taken along, whatever it is called.
WEIGHINGS = {
    "MaskedGlobalMaxPooling1D": "max",
    "MaskedGlobalAveragePooling1D": "uniform",
    "MinVariancePooling1D": "inverse-variance",
    "AttentionPooling1D": "softmax",
    "MultiHeadAttentionPooling1D": "softmax",
}
# Where a model's file has each tensor.
_ENCODER = {
    "embedding": "embedding/vars/0",
    "convolution": "convolution/vars/0",
    "convolution_bias": "convolution/vars/1",
}
_TOWER = {
    "embedding": "layers/tower/embedding/vars/0",
    "position_gain": "layers/tower/vars/0",
    "normalisation_scale": "layers/tower/normalisation/vars/0",
    "normalisation_bias": "layers/tower/normalisation/vars/1",
}
_CONVOLUTIONS = [f"conv1d_{number}" if number else "conv1d" for number in range(len(KERNELS))]
_OF_WEIGHING = {"softmax": {"projection": "head/vars/0", "scores": "head/vars/1"}}
# What each read-out has, in the order of its layer; see `READOUTS` in engine.js and pairs.js.
_DENSE = ("hidden_kernel", "hidden_bias", "kernel", "bias")
_OF_READOUT = {
    "linear": ("kernel", "bias"),
    "mlp": _DENSE,
    "cosine": ("log_scale", "bias"),
    "dense": _DENSE,
}


def weighing_of(checkpoint: Checkpoint) -> str | None:
    """How the model weighs positions, a value of `WEIGHINGS`; None where the browser knows it not.

    What a layer of somebody's own does its name does not say.
    """
    record = checkpoint.head_record
    if record.own or checkpoint.readout not in _OF_READOUT:
        return None
    return WEIGHINGS.get(record.layer)


def tensors_of_text(checkpoint: Checkpoint, weighing: str) -> Tensors:
    """The weights of a classifier.

    Raises
    ------
    ExportError : they have another form.
    """
    found = _read(checkpoint, _ENCODER, weighing)
    if found["convolution"].shape[0] != 3 or list(checkpoint.card["window"]) != [1, 1]:
        raise _other_form(checkpoint)
    return found


def tensors_of_pair(checkpoint: Checkpoint, weighing: str) -> Tensors:
    """The weights of a matcher.

    Raises
    ------
    ExportError : they have another form.
    """
    places = dict(_TOWER)
    for number, name in enumerate(_CONVOLUTIONS):
        places[f"convolution_{number}"] = f"layers/tower/convolutions/{name}/vars/0"
        places[f"convolution_bias_{number}"] = f"layers/tower/convolutions/{name}/vars/1"
    found = _read(checkpoint, places, weighing)
    kernels = tuple(found[f"convolution_{number}"].shape[0] for number in range(len(KERNELS)))
    if kernels != KERNELS or tuple(checkpoint.card["window"]) != TOWER_WINDOW:
        raise _other_form(checkpoint)
    return found


class Floats:
    """Tensors one after the other, float32."""

    def __init__(self) -> None:
        self._arrays: list[np.ndarray] = []
        self._size = 0

    def take(self, tensors: Tensors) -> dict[str, Any]:
        """Add the tensors of one model; what its header says of them."""
        places: dict[str, Any] = {}
        for name, array in tensors.items():
            places[name] = [self._size, list(array.shape)]
            self._size += array.size
            self._arrays.append(np.asarray(array, "<f4").ravel())
        rows = tensors["scores"].shape[1] if "scores" in tensors else 1
        return {"rows": rows, "tensors": places}

    def all(self) -> np.ndarray:
        """All of them."""
        return np.concatenate(self._arrays)


def _read(checkpoint: Checkpoint, encoder: Mapping[str, str], weighing: str) -> Tensors:
    """The tensors of an encoder, the head and the read-out."""
    import h5py

    try:
        with zipfile.ZipFile(checkpoint.path(KERAS)) as model:
            content = io.BytesIO(model.read("model.weights.h5"))
        with h5py.File(content, "r") as file:
            [readout] = [name for name in file["layers"] if name.endswith("readout")]
            places = {**encoder, **_OF_WEIGHING.get(weighing, {})}
            for number, name in enumerate(_OF_READOUT[checkpoint.readout]):
                places[name] = f"layers/{readout}/vars/{number}"
            return {name: np.asarray(file[place]) for name, place in places.items()}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise _other_form(checkpoint) from error


def _other_form(checkpoint: Checkpoint) -> ExportError:
    return ExportError(
        "The weights of {name} have another form than a live page reads; train it again, or "
        "choose another format.",
        name=f"{checkpoint.task}/{checkpoint.name}",
    )
