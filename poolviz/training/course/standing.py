"""What a long training is given beside a watch: to stop with what it has, and to go on later."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from poolviz.model.options import TrainingOptions
from poolviz.watch import Watch
from poolviz.writing import replacing

Record = dict[str, float]


def _nothing(*_told: object) -> None: ...


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Course(Watch):
    """A watch for a training that may end early, and may begin where an earlier process ended.

    Parameters
    ----------
    enough : True once the best epoch so far shall be the result.
    after_epoch : called with the model as the epoch left it, the seed, and the history so far.
    folder : where each seed's fit is kept after every epoch; None keeps nothing. What is kept
        there of the same training is gone on with.
    """

    enough: Callable[[], bool] = _never
    after_epoch: Callable[[keras.Model, int, Sequence[Record]], None] = _nothing
    folder: Path | None = None

    def all_or_nothing(self) -> Course:
        """The course of a fit that is of no use before its end: enough ends it without result."""
        return replace(self, cancelled=lambda: self.cancelled() or self.enough(), enough=_never)


def course_of(watch: Watch) -> Course:
    """A course that does no more than a watch."""
    return watch if isinstance(watch, Course) else Course(watch.progress, watch.cancelled)


@dataclass(frozen=True)
class Moving:
    """What an epoch changes beside the model's variables, and the next one begins with.

    Parameters
    ----------
    optimizer : of the model.
    holes : draws which tokens are masked out.
    generators : all other draws, but for the order of the batches.
    """

    optimizer: keras.Optimizer
    holes: keras.random.SeedGenerator
    generators: tuple[np.random.Generator, ...] = ()


@dataclass
class Standing:
    """Where a fit stands: what is known of its epochs, and all that the next one depends on.

    Parameters
    ----------
    variables : of the model, its optimiser and its draws, in one order.
    generators : NumPy's draws.
    identity : of the training: what was kept of another one is of no use.
    best : the epoch with the smallest validation loss, from 1; 0 before the first.
    seconds, training_seconds : spent on all epochs, and on their batches alone.
    """

    variables: Sequence[Any]
    generators: Sequence[np.random.Generator]
    identity: dict[str, Any]
    history: list[Record] = field(default_factory=list)
    best: int = 0
    best_weights: list[np.ndarray] = field(default_factory=list)
    seconds: float = 0.0
    training_seconds: float = 0.0

    def add(self, record: Record, model: keras.Model) -> None:
        """An epoch has ended; the weights of the best one are remembered."""
        self.history.append(record)
        before = self.history[self.best - 1]["validation_loss"]
        if not self.best or record["validation_loss"] < before:
            self.best, self.best_weights = len(self.history), model.get_weights()

    def is_over(self, options: TrainingOptions) -> bool:
        """Whether there is no next epoch."""
        epochs = len(self.history)
        return epochs >= options.epochs or epochs - self.best >= options.patience

    def save(self, file: Path) -> None:
        """Write all of it, in one step.

        Raises
        ------
        OSError : the system refuses.
        """
        arrays = {f"variable_{i}": v.numpy() for i, v in enumerate(self.variables)}
        arrays |= {f"best_{i}": array for i, array in enumerate(self.best_weights)}
        told = {
            "identity": self.identity,
            "history": self.history,
            "best": self.best,
            "seconds": self.seconds,
            "training_seconds": self.training_seconds,
            "generators": [generator.bit_generator.state for generator in self.generators],
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as unfinished, open(unfinished, "wb") as opened:
            np.savez(opened, told=np.array(json.dumps(told)), **arrays)

    def load(self, file: Path) -> None:
        """Go on with what `save` wrote; where that is of another training, or damaged, do not."""
        try:
            with np.load(file) as found:
                arrays = {name: found[name] for name in found.files}
            told = json.loads(str(arrays.pop("told")))
            variables = [arrays[f"variable_{i}"] for i in range(len(self.variables))]
            best = [arrays[f"best_{i}"] for i in range(len(arrays) - len(variables))]
            pairs = list(zip(self.variables, variables, strict=True))
            if told["identity"] != self.identity or any(v.shape != a.shape for v, a in pairs):
                return
            for generator, state in zip(self.generators, told["generators"], strict=True):
                generator.bit_generator.state = state
            self.seconds, self.training_seconds = told["seconds"], told["training_seconds"]
            self.history, self.best, self.best_weights = told["history"], told["best"], best
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
            return
        for variable, array in pairs:
            variable.assign(array)


def identity_of(options: TrainingOptions, lengths: np.ndarray) -> dict[str, Any]:
    """What two trainings of one model must have in common for one to go on with the other."""
    return {"fit": asdict(options), "rows": len(lengths), "tokens": int(lengths.sum())}
