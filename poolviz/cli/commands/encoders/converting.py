"""Encoders that were not exported to ONNX: their weights are turned into a graph elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from poolviz import places
from poolviz.cli import terminal
from poolviz.cli.loading import check_libraries
from poolviz.encoders.folder import GRAPH, has_graph
from poolviz.encoders.hub import WEIGHTS
from poolviz.errors import DataError, TrainingError
from poolviz.scratch import scratch

_REQUIREMENTS = places.SHIPPED_CHECKPOINTS.parent / "requirements-encoders.txt"
_TOLD = 300  # characters of what a library says


@contextmanager
def graph_of(folder: Path) -> Iterator[Path | None]:
    """The graph made of a folder's weights, until the block ends; None where it needs none.

    Raises
    ------
    DataError : the weights cannot be converted.
    TrainingError : a library that converts is missing.
    """
    if has_graph(folder) or not (folder / WEIGHTS).is_file():
        yield None
        return
    check_libraries()
    if find_spec("keras_hub") is None:
        raise TrainingError(
            "{folder} has no {file}; it can be made from {weights} by keras-hub, which is not "
            "installed here: {command}",
            folder=folder,
            file=GRAPH,
            weights=WEIGHTS,
            command=f"{sys.executable} -m pip install -r {_REQUIREMENTS}",
        )
    with scratch() as made, terminal.StatusLine() as status:
        status.show(f"Converting {WEIGHTS} to ONNX, about a minute", milestone=True)
        _convert(folder, made / GRAPH)
        yield made / GRAPH


def _convert(folder: Path, file: Path) -> None:
    words = ["-m", "poolviz.training.own.conversion", str(folder.resolve()), str(file)]
    process = subprocess.run(
        [sys.executable, *words], env=places.for_children(), capture_output=True, text=True
    )
    if process.returncode or not file.is_file():
        said = process.stderr.strip().splitlines() or ["it wrote no file"]
        raise DataError(
            "{folder} cannot be converted to ONNX ({reason}); export it with another tool, and "
            "give the folder with {file}.",
            folder=folder,
            reason=said[-1][:_TOLD],
            file=GRAPH,
        )
