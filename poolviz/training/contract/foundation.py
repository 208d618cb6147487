"""Rules on which all others stand: a layer that can be made and called, and gives numbers."""

from __future__ import annotations

import inspect

import keras
import numpy as np
from keras import ops

from poolviz.training.contract.differences import first_change, of, worst
from poolviz.training.contract.texts import CHANNELS, ORDINARY, TEXTS, Subject, told_error


def is_layer(subject: Subject) -> str | None:
    """A class derived from Keras' Layer, whose call takes inputs and a mask."""
    layer = subject.candidate
    if not isinstance(layer, type):
        return f"It is no class, but of type {type(layer).__name__}."
    if not issubclass(layer, keras.layers.Layer):
        return f"{subject.name} is no keras.layers.Layer; derive it from that class."
    if layer.call is keras.layers.Layer.call:
        return f"{subject.name} has no call; write call(self, inputs, mask=None)."
    parameters = inspect.signature(layer.call).parameters
    if "mask" not in parameters and not any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return f"The call of {subject.name} takes no mask; write call(self, inputs, mask=None)."
    return None


def is_made(subject: Subject) -> str | None:
    """A layer comes of it without arguments."""
    try:
        subject.made("float32")
    except Exception as error:
        return f"{subject.name}() cannot be made without arguments ({told_error(error)})."
    return None


def gives_a_pair(subject: Subject) -> str | None:
    """Two tensors come back."""
    found = subject.call(ORDINARY)
    if not isinstance(found, tuple | list):
        return f"Its call returns one value, not (pooled, weights){of(ORDINARY)}."
    if len(found) != 2:
        return f"Its call returns {len(found)} values, not (pooled, weights){of(ORDINARY)}."
    if not all(map(ops.is_tensor, found)):
        return f"What its call returns are no tensors{of(ORDINARY)}."
    return None


def has_shapes(subject: Subject) -> str | None:
    """With real inputs, and with open sizes of batch and time as a model is built."""
    batch, time = ORDINARY.mask.shape
    pooled, weights = (tuple(output.shape) for output in subject.call(ORDINARY))
    if len(weights) != 3 or weights[:2] != (batch, time) or not weights[2]:
        wanted = f"({batch}, {time}, rows)"
        return f"The weights have the shape {weights} instead of {wanted}{of(ORDINARY)}."
    if len(pooled) != 2 or pooled[0] != batch or not pooled[1]:
        return f"The pooled vectors have the shape {pooled}, not ({batch}, width){of(ORDINARY)}."
    if pooled[1] % weights[2]:
        return (
            f"A pooled width of {pooled[1]} is no multiple of {weights[2]} rows of weights"
            f"{of(ORDINARY)}."
        )
    opened = subject.layer(keras.Input((None, CHANNELS)), mask=keras.Input((None,), dtype="bool"))
    if opened[0].shape[-1] != pooled[1] or opened[1].shape[-1] != weights[2]:
        shapes = " and ".join(str(tuple(output.shape)) for output in opened)
        return f"For inputs of open batch and time, (None, None, {CHANNELS}), it gives {shapes}."
    return None


def is_finite(subject: Subject) -> str | None:
    """Numbers come of numbers, whatever is masked."""
    for texts in TEXTS.values():
        found = subject.run(texts)
        for row in range(len(texts.mask)):
            for name, output in (("pooled vector", found.pooled), ("weights", found.weights)):
                if not np.isfinite(output[row]).all():
                    return f"The {name} of {texts.told(row)} holds {worst(output[row])}."
    return None


def is_repeatable(subject: Subject) -> str | None:
    """Nothing is drawn by chance outside of training."""
    return first_change(subject, ORDINARY, ORDINARY, "When it is read again")
