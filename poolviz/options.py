"""Hyper-parameters of a training and the command that repeats it, without loading Keras.

The fields of `ModelOptions` and `TrainingOptions` are the one list of them: the card shows them
under these names, and each is a flag of `python -m poolviz train`.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from poolviz.errors import ChoiceError, TrainingError
from poolviz.heads import HEADS, READOUTS
from poolviz.language import N_


def _option(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class ModelOptions:
    """Hyper-parameters of a classifier.

    Raises
    ------
    ChoiceError : no such head or read-out.
    TrainingError : a number out of range.
    """

    head: str
    readout: str = _option("linear", N_("what turns the pooled vector into class scores"))
    embedding: int = _option(64, N_("width of a token's vector"))
    filters: int = _option(128, N_("channels of the convolution, the width of what is pooled"))
    dropout: float = _option(0.2, N_("share of features dropped in training"))

    def __post_init__(self):
        check_choice(N_("pooling head"), self.head, HEADS)
        check_choice(N_("read-out"), self.readout, READOUTS)
        _check_range("embedding", self.embedding, 1, 4_096)
        _check_range("filters", self.filters, 1, 4_096)
        _check_share("dropout", self.dropout)


@dataclass(frozen=True)
class TrainingOptions:
    """Hyper-parameters of a fit.

    `token_dropout` is the share of tokens masked out (id 0) in every training batch. It keeps a
    small model from learning rare words by heart, and makes a text with masked tokens an input of
    the kind the model was trained on.

    Raises
    ------
    TrainingError : a number out of range.
    """

    seed: int = _option(0, N_("number that fixes everything random"))
    epochs: int = _option(30, N_("passes over the training rows, at most"))
    patience: int = _option(6, N_("epochs without a better validation loss before training stops"))
    learning_rate: float = _option(1e-3, N_("step size of Adam"))
    token_dropout: float = _option(0.3, N_("share of tokens masked out in training"))
    texts_per_batch: int = _option(64, N_("texts of one batch, at most"))
    min_frequency: int = _option(8, N_("how often a token must occur to enter the vocabulary"))

    def __post_init__(self):
        _check_range("seed", self.seed, 0, 2**32 - 1)
        for name in ("epochs", "patience", "texts_per_batch", "min_frequency"):
            _check_range(name, getattr(self, name), 1, math.inf)
        if not 0 < self.learning_rate < 1:
            raise TrainingError("The learning rate must lie between 0 and 1.")
        _check_share("token_dropout", self.token_dropout)


def check_choice(what: str, value: str, known: Collection[str]) -> None:
    """Check that `value` is on the list.

    Raises
    ------
    ChoiceError : it is not; the sentence says what the value should be, and shows the list.
    """
    if value not in known:
        raise ChoiceError(
            "Unknown {what} {value}; choose one of {known}.",
            what=what,
            value=value,
            known=", ".join(known),
        )


def flag(name: str) -> str:
    """The command-line flag of a field."""
    return f"--{name.replace('_', '-')}"


def rebuild_command(
    dataset: str, model_options: ModelOptions, options: TrainingOptions, seeds: int
) -> str:
    """The command line that trains the same checkpoint again: only what is not the default."""
    words = ["python -m poolviz train", f"--dataset {dataset}", f"--head {model_options.head}"]
    for chosen in (model_options, options):
        values = asdict(chosen)
        words += [
            f"{flag(option.name)} {values[option.name]}"
            for option in fields(chosen)
            if option.name != "head" and values[option.name] != option.default
        ]
    if seeds > 1:
        words.append(f"--seeds {seeds}")
    return " ".join(words)


def _check_range(name: str, value: int, low: int, high: float) -> None:
    if value < low:
        raise TrainingError("{name} must be at least {low}.", name=name, low=low)
    if value > high:
        raise TrainingError("{name} must be at most {high}.", name=name, high=high)


def _check_share(name: str, value: float) -> None:
    if not 0 <= value < 1:
        raise TrainingError("{name} must be at least 0 and less than 1.", name=name)
