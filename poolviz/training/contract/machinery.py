"""Rules about what Keras and ONNX make of a head: short floats, files, graphs, gradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import onnxruntime
import tensorflow as tf
from keras import ops

from poolviz.scratch import scratch
from poolviz.training.contract.differences import change, farthest, of, weight_sums
from poolviz.training.contract.texts import (
    CHANNELS,
    ORDINARY,
    TEXTS,
    Outputs,
    Subject,
    Texts,
    empty,
    numbers,
    one_token,
    told_error,
)

SHORT_TYPES = ("float16", "bfloat16")
_NEAR_SHORT = 0.1  # relative to the texts' scale, where every step is rounded to a short float
_SUM_SHORT = 0.03
_LONG = 40  # positions of the text on which short floats are tried
_SIZES = ((1, 1), (3, 7), (2, 30))  # batch and time that the exported graph is run with


def stands_short_types(subject: Subject) -> str | None:
    """Nothing overflows: texts of numbers near 1, one of them empty."""
    shape = (2, _LONG, CHANNELS)
    inputs = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    texts = Texts(inputs, np.arange(_LONG) < np.array([[_LONG - 7], [0]]))
    for dtype in SHORT_TYPES:
        layer = subject.made(dtype)
        found = subject.run(texts, layer, dtype)
        wide = subject.made("float32")
        subject.run(texts, wide)
        wide.set_weights([numbers(weight.value) for weight in layer.weights])
        wanted = subject.run(texts, wide)
        for row in map(int, np.flatnonzero(np.isfinite(wanted.pooled).all(axis=1))):
            where = f" in {dtype}{of(texts, row)}"
            sums = weight_sums(found, texts)[row]
            if not np.abs(sums - weight_sums(wanted, texts)[row]).max() <= _SUM_SHORT:
                return f"Its weights sum to {farthest(sums, 1):.4g}{where}."
            off = np.abs(found.pooled[row] - wanted.pooled[row]).max()
            if not off <= _NEAR_SHORT * texts.scale:
                return f"Its pooled vector is off by {off:.3g}{where}."
    return None


def can_be_saved(subject: Subject) -> str | None:
    """Read back with the class among `custom_objects`: a stranger's need not be registered."""
    inputs, mask = keras.Input((None, CHANNELS)), keras.Input((None,), dtype="bool")
    model = keras.Model([inputs, mask], list(subject.layer(inputs, mask=mask)))
    given = [ops.cast(ORDINARY.inputs, "float32"), ops.convert_to_tensor(ORDINARY.mask)]
    with scratch() as folder:
        path = folder / "head.keras"
        try:
            model.save(path)
            wanted = Outputs(*map(numbers, model(given)))
            objects = {subject.name: subject.candidate}
            again = keras.saving.load_model(path, custom_objects=objects)  # in safe mode
        except Exception as error:
            return f"It cannot be saved and read back in safe mode ({told_error(error)})."
    found = Outputs(*map(numbers, again(given)))
    return change(ORDINARY, wanted, found, "After it was saved and read back")


class HeadGraph(keras.Model):
    """A head by itself, with named inputs and outputs, for its ONNX graph."""

    def __init__(self, layer: Any):
        super().__init__()
        self.layer = layer

    def call(self, given):
        pooled, weights = self.layer(given["inputs"], mask=given["real"] > 0)
        return {"pooled": pooled, "weights": weights}


def has_a_graph(subject: Subject) -> str | None:
    """Exported as a checkpoint's graph is, and run at several sizes."""
    graph = HeadGraph(subject.layer)
    graph({"inputs": ops.ones((1, 4, CHANNELS)), "real": ops.ones((1, 4))})
    sizes = {"inputs": (None, None, CHANNELS), "real": (None, None)}
    signature = {
        name: keras.InputSpec(shape=shape, dtype="float32", name=name)
        for name, shape in sizes.items()
    }
    with scratch() as folder:
        path = str(folder / "head.onnx")
        try:
            graph.export(path, format="onnx", input_signature=[signature], verbose=False)
            session = onnxruntime.InferenceSession(path)
        except Exception as error:
            return f"It cannot be exported as an ONNX graph ({told_error(error)})."
        random = np.random.default_rng(2)
        for batch, time in _SIZES:
            inputs = random.normal(size=(batch, time, CHANNELS)).astype(np.float32)
            texts = Texts(inputs, np.arange(time) < time - np.arange(batch)[:, None])
            given = {"inputs": inputs, "real": texts.mask.astype(np.float32)}
            wanted = subject.run(texts)
            found = Outputs(*session.run(["pooled", "weights"], given))
            if broken := change(texts, wanted, found, "In its ONNX graph"):
                return broken
    return None


def can_be_trained(subject: Subject) -> str | None:
    """Of the inputs and of every variable, on zeros and empty texts too."""
    for texts in (*TEXTS.values(), *one_token(), *empty(), *_zeros()):
        subject.last = texts
        inputs = tf.constant(texts.inputs)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            pooled, _ = subject.layer(inputs, mask=tf.constant(texts.mask))
            loss = tf.reduce_sum(pooled**2)
        if not np.isfinite(loss):
            continue  # another rule tells of it
        variables = subject.layer.trainable_variables
        of_inputs, *gradients = tape.gradient(
            loss, [inputs, *(variable.value for variable in variables)]
        )
        if of_inputs is None:
            return "No gradient reaches the inputs: what stands before this head cannot learn."
        names = ["inputs", *(variable.name for variable in variables)]
        for name, gradient in zip(names, [of_inputs, *gradients], strict=True):
            if gradient is not None and not np.isfinite(numbers(gradient)).all():
                return f"The gradient of its {name} is not finite on {texts.told()}."
    return None


def _zeros() -> Iterator[Texts]:
    """Some vectors, and all, are zero, as a ReLU may leave them."""
    some = np.where(np.arange(ORDINARY.inputs.shape[1])[:, None] % 2, ORDINARY.inputs, 0)
    yield Texts(some.astype(np.float32), ORDINARY.mask)
    yield Texts(np.zeros_like(ORDINARY.inputs), ORDINARY.mask)
