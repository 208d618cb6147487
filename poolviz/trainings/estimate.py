"""How long a training takes at most, and how large its models get: roughly, before it starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from poolviz.model.kinds import KINDS, MATCHER
from poolviz.model.options import MatcherOptions, ModelOptions, TrainingOptions

# Measured of the shipped models of the usual size, on two processors.
TOKENS_A_SECOND = {"classifier": 250_000, "matcher": 60_000}
SECONDS_TO_START = 15.0
_LOOKED_AT = 20_000  # texts by which the vocabulary is counted
_BYTES_OF_TOKEN = 12  # in the vocabulary's file
_WINDOW = 3  # tokens that a convolution reads


@dataclass(frozen=True)
class Estimate:
    """`seconds` of all models together, at most; `bytes` of one model on disk."""

    seconds: float
    bytes: int


def estimate(
    models: Sequence[ModelOptions | MatcherOptions],
    options: TrainingOptions,
    seeds: int,
    tokens: float,
    vocabulary: int,
    classes: int,
) -> Estimate:
    """What models cost: training can end sooner, where it gets no better.

    Parameters
    ----------
    models : at least one, of one kind and size.
    tokens : of all training rows.
    vocabulary : how many tokens are known, see `vocabulary_size`.

    >>> models = [ModelOptions("max"), ModelOptions("attention")]
    >>> one, three = (estimate(models, TrainingOptions(), n, 1e6, 5_000, 2) for n in (1, 3))
    >>> three.seconds > 2 * one.seconds, three.bytes == one.bytes
    (True, True)
    """
    first = models[0]
    matches = KINDS[first.kind].family is MATCHER
    if isinstance(first, MatcherOptions):
        width, channels = first.width, first.width
        usual = MatcherOptions(first.kind, first.head).width ** 2
    else:
        width, channels = first.embedding, first.filters
        plain = ModelOptions(first.head)
        usual = plain.embedding * plain.filters
    speed = TOKENS_A_SECOND["matcher" if matches else "classifier"]
    cost = max(width * channels / usual, 0.3)  # a narrow model waits for other things
    seconds = len(models) * seeds * options.epochs * tokens / speed * cost
    layers = 3 if matches else 1
    parameters = vocabulary * width + layers * _WINDOW * width * channels + channels * classes
    size = 2 * 4 * parameters + _BYTES_OF_TOKEN * vocabulary  # two files of 32-bit numbers
    return Estimate(SECONDS_TO_START + seconds, size)


def vocabulary_size(texts: Sequence[str], unit: str, min_frequency: int) -> int:
    """About how many tokens occur that often; many texts are represented by some of them.

    >>> vocabulary_size(["A clean room", "a room"], "word", min_frequency=2)
    2
    """
    step = max(1, len(texts) // _LOOKED_AT)
    counts: Counter[str] = Counter()
    for text in texts[::step]:
        counts.update(_cut(text.lower(), unit))
    return sum(count * step >= min_frequency for count in counts.values())


def _cut(text: str, unit: str) -> Iterable[str]:
    return text.split() if unit == "word" else text
