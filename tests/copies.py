"""Copies of checkpoints, to be changed by a test."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from poolviz.checkpoints.checkpoint import ONNX, Checkpoint, write


def copied(
    source: Checkpoint, root: Path, task: str = "", name: str = "", **card: object
) -> Checkpoint:
    """A copy below `root`, under the source's task and name unless others are given.

    `card` are changed entries of its card; one with the value None is left out.
    """

    def copy(folder: Path) -> None:
        for file in source.card["files"]:
            shutil.copy(source.path(file), folder / file)

    changed = {key: value for key, value in {**source.card, **card}.items() if value is not None}
    return write(root, task or source.task, name or source.name, changed, copy)


def without_numbers(source: Checkpoint, root: Path) -> Checkpoint:
    """A copy below `root` whose model gives NaN, as one does whose training went wrong."""

    def spoil(folder: Path) -> None:
        for file in source.card["files"]:
            shutil.copy(source.path(file), folder / file)
        model = onnx.load(folder / ONNX)
        for tensor in model.graph.initializer:
            values = numpy_helper.to_array(tensor)
            if values.dtype == np.float32 and values.ndim > 1:
                tensor.CopyFrom(numpy_helper.from_array(values * np.float32(np.nan), tensor.name))
        onnx.save(model, folder / ONNX)

    return write(root, source.task, source.name, source.card, spoil)
