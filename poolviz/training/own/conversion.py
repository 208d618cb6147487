"""A folder with `model.safetensors` becomes an ONNX graph, through keras-hub.

`python -m poolviz.training.own.conversion FOLDER FILE`, in a process of its own: keras-hub and
TensorFlow take seconds to load and much memory, and nothing else needs keras-hub.
"""

from __future__ import annotations

import sys
from pathlib import Path

import keras
import keras_hub  # pyright: ignore[reportMissingImports], of requirements-encoders.txt
from keras import ops

# What keras-hub calls the inputs, and what they are called in ONNX.
INPUTS = {
    "token_ids": "input_ids",
    "padding_mask": "attention_mask",
    "segment_ids": "token_type_ids",
}
OUTPUT = "last_hidden_state"


def convert(folder: Path, file: Path) -> None:
    """Write the graph of an encoder, from numbers of tokens to token vectors.

    Parameters
    ----------
    folder : of a model of BERT's family, with `config.json` and `model.safetensors`.
    """
    model = token_vectors(folder)
    shape = (None, None)
    named = {name: keras.InputSpec(shape=shape, dtype="int32", name=name) for name in model.input}
    model({name: ops.ones((1, 4), "int32") for name in named})  # exports only after a first call
    model.export(str(file), format="onnx", input_signature=[named], verbose=False)


def token_vectors(folder: Path) -> keras.Model:
    """The encoder as a model whose inputs and output are called as in ONNX."""
    backbone = keras_hub.models.Backbone.from_preset(str(folder))
    wanted = {own: name for own, name in INPUTS.items() if own in backbone.input}
    inputs = {name: keras.Input((None,), dtype="int32", name=name) for name in wanted.values()}
    found = backbone({own: inputs[name] for own, name in wanted.items()})
    vectors = found["sequence_output"] if isinstance(found, dict) else found
    return keras.Model(inputs, {OUTPUT: keras.layers.Identity(name=OUTPUT)(vectors)})


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
