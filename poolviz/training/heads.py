"""From a line in the table of heads to its layer, and what a layer's positions pay."""

from __future__ import annotations

import keras
from keras import ops

from poolviz.errors import TrainingError
from poolviz.model.heads import Head
from poolviz.training import asked_attention, layers

OWN: dict[Head, type[keras.layers.Layer]] = {}  # classes of people's own files, in this process


def make_head(head: Head):
    """A new layer of the class that the head's line in its table names.

    Raises
    ------
    TrainingError : the line says that its parts are exact, but the layer does not say what they
        are.
    """
    layer = (OWN[head] if head.own else _class_named(head.layer))()
    if head.exact and not head.weighted_mean and not hasattr(layer, "payments"):
        raise TrainingError(
            "The head {head} pools no weighted mean and does not say what each position pays; give "
            "it payments(inputs, mask), or say exact=False in its line of the table.",
            head=head.layer,
        )
    return layer


def row_payments(layer, inputs, mask, pooled, weights):
    """(B, rows, T, width / rows): what each position adds to its row's part of the pooled vector.

    For heads that pool no weighted mean. One that does not say what it pays is approximate: each
    part of its vector is shared out by the weights (B, rows, T).
    """
    rows, width = weights.shape[1], pooled.shape[-1]
    if not hasattr(layer, "payments"):
        parts = ops.reshape(pooled, (-1, rows, 1, width // rows))
        return ops.expand_dims(weights, -1) * parts
    paid = layer.payments(inputs, mask)  # (B, T, width)
    paid = ops.reshape(paid, (-1, ops.shape(paid)[1], rows, width // rows))
    return ops.transpose(paid, (0, 2, 1, 3))


def _class_named(name: str) -> type[keras.layers.Layer]:
    return getattr(layers if hasattr(layers, name) else asked_attention, name)
