"""What goes into the layers of a Keras model and comes out, watched while it runs.

L = positions of the input with its padding, C = channels, R = weight rows, K = classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from poolviz.errors import ChoiceError

Call = tuple[Any, Any, Any]  # inputs, mask, output
Calls = dict[Any, list[Call]]  # by layer


@dataclass(frozen=True, eq=False)
class Watched:
    """What one pass has shown.

    Parameters
    ----------
    inputs, mask : of the pooling layer, (L, C) and (L,) of booleans.
    pooled, weights : what it gave, (R × C,) or another width, and (L, R).
    kernel, bias : of the read-out, (width, K) and (K,).
    output : of the model, (K,).
    """

    inputs: np.ndarray
    mask: np.ndarray
    pooled: np.ndarray
    weights: np.ndarray
    kernel: np.ndarray
    bias: np.ndarray
    output: np.ndarray


@contextmanager
def recorded(layers: Sequence[Any]) -> Iterator[Calls]:
    """Inputs, mask and output of every call of some layers."""
    calls: Calls = {layer: [] for layer in layers}

    def watched(layer: Any) -> Callable[..., Any]:
        plain = layer.call

        def call(inputs: Any, *arguments: Any, **named: Any) -> Any:
            output = plain(inputs, *arguments, **named)
            mask = named.get("mask", arguments[0] if arguments else None)
            calls[layer].append((inputs, mask, output))
            return output

        return call

    for layer in layers:
        object.__setattr__(layer, "call", watched(layer))
    try:
        yield calls
    finally:
        for layer in layers:
            object.__delattr__(layer, "call")


def pooling_layer(calls: Calls) -> Any:
    """The one layer that gives (pooled, weights), as `poolviz.training.head_contract` says.

    Raises
    ------
    ChoiceError : there is none, or there are several, or it is called several times.
    """
    found = [(layer, call) for layer, own in calls.items() for call in own if _pools(layer, call)]
    if len(found) != 1:
        raise ChoiceError(
            "The model pools {count} times for a text; with one layer that gives (pooled, "
            "weights), as those of poolviz.training.layers, it can be explained.",
            count=len(found),
        )
    return found[0][0]


def _pools(layer: Any, call: Call) -> bool:
    inputs, _mask, output = call
    if isinstance(layer, keras.Model) or not isinstance(output, tuple | list) or len(output) != 2:
        return False
    pooled, weights = (getattr(each, "shape", ()) for each in output)
    read = getattr(inputs, "shape", ())
    return (len(read), len(pooled), len(weights)) == (3, 2, 3) and weights[:2] == read[:2]


def numbers(tensor: Any) -> np.ndarray:
    """A tensor as float64."""
    return np.asarray(ops.convert_to_numpy(tensor), np.float64)
