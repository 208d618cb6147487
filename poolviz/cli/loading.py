"""Loading what needs TensorFlow: it takes seconds, and prints much that is nobody's business."""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from poolviz import places
from poolviz.cli import terminal
from poolviz.errors import TrainingError

# The least versions, as `requirements.txt` has them, and how Keras must be set.
LEAST = {"tensorflow": (2, 21), "keras": (3, 15), "tf2onnx": (1, 17)}
SETTINGS = {"backend": "tensorflow", "floatx": "float32", "image_data_format": "channels_last"}
_TITLES = {"tensorflow": "TensorFlow", "keras": "Keras", "tf2onnx": "tf2onnx"}
_REQUIREMENTS = places.SHIPPED_CHECKPOINTS.parent / "requirements.txt"
_INSTALL = f"{sys.executable} -m pip install -r {_REQUIREMENTS}"
_TOLD = 300  # characters of what a library says


def load_training(*names: str) -> list[ModuleType]:
    """Modules of `poolviz.training`.

    Raises
    ------
    TrainingError : TensorFlow or Keras cannot do here what training needs.
    """
    check_libraries()
    warnings.filterwarnings("ignore", category=FutureWarning, module="keras")
    # A pooling layer ends the mask's way, as it should; Keras warns of it for layers of others.
    warnings.filterwarnings("ignore", message=".*does not support masking.*", module="keras")
    with terminal.StatusLine() as status:
        status.show("Loading TensorFlow", milestone=True)
        with silent_libraries():
            try:
                return [import_module(f"poolviz.training.{name}") for name in names]
            except Exception as error:  # whatever a library says that does not fit the others
                raise TrainingError(
                    "TensorFlow cannot be loaded ({reason}); install what poolviz needs anew: "
                    "{command}",
                    reason=" ".join(f"{type(error).__name__}: {error}".split())[:_TOLD],
                    command=_INSTALL,
                ) from error


def check_libraries() -> None:
    """Check what TensorFlow and Keras are, and are told to be, without loading them.

    Raises
    ------
    TrainingError : one is missing or too old, or Keras is told to use something else.
    """
    for name, least in LEAST.items():
        found = _version(name)
        if found is None:
            raise TrainingError(
                "Training needs {name}, which is not installed here; install it: {command}",
                name=_TITLES[name],
                command=_INSTALL,
            )
        if found and found < least:
            raise TrainingError(
                "Training needs {name} {least} or newer, and {found} is installed; install it: "
                "{command}",
                name=_TITLES[name],
                least=".".join(map(str, least)),
                found=".".join(map(str, found)),
                command=_INSTALL,
            )
    for place, name, value in _settings():
        if value != SETTINGS[name]:
            raise TrainingError(
                "Training needs Keras with the {name} {wanted}, and {place} says {found}; change "
                "that there.",
                name=name,
                wanted=SETTINGS[name],
                place=place,
                found=value,
            )


def _version(name: str) -> tuple[int, ...] | None:
    """Major and minor version; empty where only that it is installed is known; None without it."""
    try:
        parts = version(name).split(".")[:2]
    except PackageNotFoundError:  # another distribution may bring it, as tensorflow-cpu does
        return () if find_spec(name) else None
    return tuple(int(part) for part in parts if part.isdecimal())


def _settings() -> Iterator[tuple[str, str, object]]:
    """Where Keras is told something, what, and which value; as Keras itself looks for it."""
    folder = os.environ.get("KERAS_HOME") or os.path.join("~", ".keras")
    file = Path(folder, "keras.json").expanduser()
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    backend = os.environ.get("KERAS_BACKEND")
    if backend:
        yield "the environment variable KERAS_BACKEND", "backend", backend
    for name in SETTINGS if isinstance(told, dict) else ():
        if name in told and not (name == "backend" and backend):
            yield str(file), name, told[name]


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
