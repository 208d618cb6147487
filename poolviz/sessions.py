"""The door to ONNX Runtime, which hardly names its types: what is used of it, and how it is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NewType, Protocol, runtime_checkable

import numpy as np
import onnxruntime  # pyright: ignore[reportMissingTypeStubs]

_runtime: Any = onnxruntime

SharedArray = NewType("SharedArray", object)  # an `onnxruntime.OrtValue`
Shared = Mapping[str, SharedArray]


@runtime_checkable
class Named(Protocol):
    """An input or an output of a graph."""

    @property
    def name(self) -> str: ...

    @property
    def type(self) -> str: ...

    @property
    def shape(self) -> Sequence[int | str | None]: ...


@runtime_checkable
class Session(Protocol):
    """What is used of an `onnxruntime.InferenceSession`."""

    def get_inputs(self) -> Sequence[Named]: ...

    def get_outputs(self) -> Sequence[Named]: ...

    def run(
        self, output_names: Sequence[str], input_feed: Mapping[str, np.ndarray]
    ) -> Sequence[np.ndarray]: ...


def shared_array(values: np.ndarray) -> SharedArray:
    """An array that the sessions of several graphs have together."""
    return _runtime.OrtValue.ortvalue_from_numpy(values)


def loaded(content: bytes, shared: Shared) -> Session:
    """A graph ready to run.

    Parameters
    ----------
    content : of an ONNX file.
    shared : the constants beside it; a graph that has some was rewritten.
    """
    options = _runtime.SessionOptions()
    # One text is too little work to share: waking other threads costs more than it saves.
    options.intra_op_num_threads = 1
    # Lengths vary with every text; the arena would keep the largest of each for ever.
    options.enable_cpu_mem_arena = False
    if shared:
        # Rewritten as far as this, a graph runs no faster for what ONNX Runtime finds in it, and
        # looking takes as long as the rewriting.
        options.graph_optimization_level = _runtime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.add_external_initializers(list(shared), list(shared.values()))
    return _runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def opened(path: Path) -> Session:
    """A large graph on disk, ready to run by itself: all cores work on one batch."""
    return _runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
