"""Loading what needs TensorFlow: it takes seconds, and prints much that is nobody's business."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from poolviz.cli import terminal


def load_training(*names: str) -> list[ModuleType]:
    """Modules of `poolviz.training`."""
    warnings.filterwarnings("ignore", category=FutureWarning, module="keras")
    # A pooling layer ends the mask's way, as it should; Keras warns of it for layers of others.
    warnings.filterwarnings("ignore", message=".*does not support masking.*", module="keras")
    with terminal.StatusLine() as status:
        status.show("Loading TensorFlow", milestone=True)
        with silent_libraries():
            return [import_module(f"poolviz.training.{name}") for name in names]


@contextmanager
def silent_libraries() -> Iterator[None]:
    """Drop what C++ code writes to the process' stderr before it has read its log level."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    stderr = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)
