"""How long a training takes at most, and how large its models get: roughly, before it starts."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from poolviz import places
from poolviz.json_types import is_object
from poolviz.model.kinds import CLASSIFIER, KINDS, MATCHER
from poolviz.model.options import MatcherOptions, ModelOptions, TrainingOptions
from poolviz.writing import replacing

# Until this machine has trained models: measured of the shipped ones, on two processors.
TOKENS_A_SECOND = {CLASSIFIER.name: 250_000, MATCHER.name: 60_000}
SPEEDS = "speeds.json"  # beside the trainings: what this machine does instead
SECONDS_TO_START = 15.0
_SHORTEST = 5.0  # seconds; in less a training's first steps count too much
_CHARACTERS_A_WORD = 5.5  # with the space before it
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
    layers = 3 if _family(first) == MATCHER.name else 1
    width, channels = _widths(first)
    speed = _measured().get(_family(first), TOKENS_A_SECOND[_family(first)])
    seconds = len(models) * seeds * options.epochs * tokens / speed * _cost(first)
    parameters = vocabulary * width + layers * _WINDOW * width * channels + channels * classes
    size = 2 * 4 * parameters + _BYTES_OF_TOKEN * vocabulary  # two files of 32-bit numbers
    return Estimate(SECONDS_TO_START + seconds, size)


def tokens_of(characters: float, unit: str) -> float:
    """About how many tokens texts have, all together.

    >>> tokens_of(55, "word"), tokens_of(55, "character")
    (10.0, 55)
    """
    return characters / _CHARACTERS_A_WORD if unit == "word" else characters


def keep_speed(
    model: ModelOptions | MatcherOptions, characters: int, unit: str, fit: Mapping[str, Any]
) -> None:
    """Keep how fast this machine has trained a model; trainings that end at once tell nothing.

    Parameters
    ----------
    characters : of all training rows.
    fit : what the model's card says of its training.
    """
    if fit["seconds"] < _SHORTEST:
        return
    tokens = tokens_of(characters, unit) * fit["epochs"]
    speeds = _measured() | {_family(model): round(tokens * _cost(model) / fit["seconds"])}
    with replacing(places.trainings() / SPEEDS) as unfinished:
        unfinished.write_text(json.dumps(speeds), encoding="utf-8")


def _measured() -> dict[str, float]:
    """By family how many tokens a second this machine has trained, as far as it has."""
    try:
        found = json.loads((places.trainings() / SPEEDS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    known = TOKENS_A_SECOND.keys() & (found if is_object(found) else {})
    return {name: found[name] for name in known if type(found[name]) is int and found[name] > 0}


def _family(model: ModelOptions | MatcherOptions) -> str:
    return KINDS[model.kind].family.name


def _widths(model: ModelOptions | MatcherOptions) -> tuple[int, int]:
    """Of a token's vector, and of what is pooled."""
    if isinstance(model, MatcherOptions):
        return model.width, model.width
    return model.embedding, model.filters


def _cost(model: ModelOptions | MatcherOptions) -> float:
    """Time of a token, relative to a model of the usual size."""
    if isinstance(model, MatcherOptions):
        usual = MatcherOptions(model.kind, model.head)
    else:
        usual = ModelOptions(model.head)
    # A narrow model waits for other things.
    return max(math.prod(_widths(model)) / math.prod(_widths(usual)), 0.3)


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
