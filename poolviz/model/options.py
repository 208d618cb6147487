"""Hyper-parameters of a training and the command that repeats it, without loading Keras.

The fields of these classes are the one list of them: the card shows them under these names, and
each is a flag of `python -m poolviz train`.
"""

from __future__ import annotations

import math
import shlex
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from poolviz.errors import TrainingError, check_choice
from poolviz.language import N_
from poolviz.model.kinds import CLASSIFIER, KINDS, MATCHER, USUAL, Family, kinds_of
from poolviz.program import IN_CLONE


def _option(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


_ENCODER: str = _option("", N_("pretrained encoder whose token vectors are pooled"))


@dataclass(frozen=True)
class ModelOptions:
    """Hyper-parameters of a classifier.

    Raises
    ------
    ChoiceError : no such head or read-out.
    TrainingError : a number out of range.
    """

    kind: ClassVar[str] = USUAL
    head: str
    readout: str = _option("linear", N_("what turns the pooled vector into class scores"))
    embedding: int = _option(64, N_("width of a token's vector"))
    filters: int = _option(128, N_("channels of the convolution, the width of what is pooled"))
    dropout: float = _option(0.2, N_("share of features dropped in training"))
    diversity: float = _option(
        0.0, N_("weight of the loss that keeps a head's rows of weights apart, as multi-head's")
    )
    encoder: str = _ENCODER

    def __post_init__(self):
        _check_parts(self)
        usual = (ModelOptions.embedding, ModelOptions.filters)
        if self.encoder and (self.embedding, self.filters) != usual:
            raise TrainingError(
                "The token vectors of an encoder take the place of embedding and convolution; "
                "leave out --embedding and --filters."
            )
        _check_range("embedding", self.embedding, 1, 4_096)
        _check_range("filters", self.filters, 1, 4_096)
        _check_share("dropout", self.dropout)
        if not 0 <= self.diversity < math.inf:
            raise TrainingError("{name} must be at least {low}.", name="diversity", low=0)
        if self.diversity and KINDS[self.kind].heads[self.head].rows == 1:
            raise TrainingError(
                "Diversity keeps the rows of one head apart, and {head} has one row; train heads "
                "of several rows alone, as multi-head, or leave diversity at 0.",
                head=self.head,
            )


@dataclass(frozen=True)
class MatcherOptions:
    """Hyper-parameters of a matcher.

    Raises
    ------
    ChoiceError : no such kind, head or read-out, or a head that the kind cannot have.
    TrainingError : a number out of range.
    """

    kind: str
    head: str
    readout: str = _option("cosine", N_("what turns the two pooled vectors into a score"))
    width: int = _option(64, N_("width of a token's vector and of the convolutions"))
    dropout: float = _option(0.1, N_("share of features dropped in training"))
    margin: float = _option(0.3, N_("by how much a positive's cosine should exceed a negative's"))
    encoder: str = _ENCODER

    def __post_init__(self):
        check_choice(N_("kind of matcher"), self.kind, kinds_of(MATCHER))
        _check_parts(self)
        if self.encoder and self.width != MatcherOptions.width:
            raise TrainingError(
                "The token vectors of an encoder take the place of a matcher's own; leave out "
                "--width."
            )
        _check_range("width", self.width, 1, 4_096)
        _check_share("dropout", self.dropout)
        if not 0 < self.margin <= 2:
            raise TrainingError("The margin must be more than 0 and at most 2.")


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

    @property
    def others(self) -> tuple[str, ...]:
        """Keys of the data sets to train on as well: a classifier's classes are those of one."""
        return ()


def _default(name: str, default: Any) -> Any:
    """A field of `TrainingOptions` with another default."""
    return field(default=default, metadata=TrainingOptions.__dataclass_fields__[name].metadata)


@dataclass(frozen=True)
class MatchingOptions(TrainingOptions):
    """Hyper-parameters of a matcher's fit: those of any fit, and its own.

    The learning rate stays for `steady_epochs`, then falls by the factor `decay` every epoch.
    `contrast` weighs a loss in which each match must find its partner among the sentences of the
    batch: unlike labelled pairs, it teaches nothing about which sentences occur in matches at all.

    Raises
    ------
    TrainingError : a number out of range.
    """

    epochs: int = _default("epochs", 6)
    patience: int = _default("patience", 3)
    token_dropout: float = _default("token_dropout", 0.1)
    texts_per_batch: int = _default("texts_per_batch", 128)
    min_frequency: int = _default("min_frequency", 4)
    steady_epochs: int = _option(4, N_("epochs before the step size begins to fall"))
    decay: float = _option(0.7, N_("factor of the step size for every epoch after those"))
    contrast: float = _option(0.3, N_("weight of the loss by which matches find each other"))
    together: str = _option("", N_("data sets of pairs to train on as well, with commas between"))

    def __post_init__(self):
        super().__post_init__()
        _check_range("steady_epochs", self.steady_epochs, 1, math.inf)
        if not 0 < self.decay <= 1:
            raise TrainingError("The decay must be more than 0 and at most 1.")
        if not self.contrast >= 0:
            raise TrainingError("{name} must be at least {low}.", name="contrast", low=0)

    def learning_rate_in(self, epoch: int) -> float:
        """The step size in an epoch, counted from 1: epochs count, whatever their steps."""
        return self.learning_rate * self.decay ** max(epoch - self.steady_epochs, 0)

    @property
    def others(self) -> tuple[str, ...]:
        """Keys of the data sets to train on as well."""
        return tuple(key.strip() for key in self.together.split(",") if key.strip())


# By family the options of a model and of its fit.
OPTIONS: dict[Family, tuple[type, type]] = {
    CLASSIFIER: (ModelOptions, TrainingOptions),
    MATCHER: (MatcherOptions, MatchingOptions),
}

# What cards say nothing of that were written before there was such an option.
ADDED_LATER = {"diversity": 0.0, "encoder": ""}


def flag(name: str) -> str:
    """The command-line flag of a field."""
    return f"--{name.replace('_', '-')}"


def rebuild_command(
    dataset: str,
    model_options: ModelOptions | MatcherOptions,
    options: TrainingOptions,
    seeds: int,
) -> str:
    """The command line that trains the same checkpoint again: only what is not the default.

    Parameters
    ----------
    dataset : its key, with the flags that its files need.
    """
    words = [f"{IN_CLONE} train", f"--dataset {dataset}"]
    for chosen in (model_options, options):
        values = asdict(chosen)
        words += [
            f"{flag(option.name)} {shlex.quote(str(values[option.name]))}"
            for option in fields(chosen)
            if values[option.name] != option.default
        ]
    if seeds > 1:
        words.append(f"--seeds {seeds}")
    return " ".join(words)


def _check_parts(options: ModelOptions | MatcherOptions) -> None:
    kind = KINDS[options.kind]
    check_choice(N_("pooling head"), options.head, kind.heads)
    check_choice(N_("read-out"), options.readout, kind.readouts)


def _check_range(name: str, value: int, low: int, high: float) -> None:
    if value < low:
        raise TrainingError("{name} must be at least {low}.", name=name, low=low)
    if value > high:
        raise TrainingError("{name} must be at most {high}.", name=name, high=high)


def _check_share(name: str, value: float) -> None:
    if not 0 <= value < 1:
        raise TrainingError("{name} must be at least 0 and less than 1.", name=name)
