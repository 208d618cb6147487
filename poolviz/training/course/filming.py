"""Filming a training: the weights of pinned sentences after every epoch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from poolviz.checkpoints import film
from poolviz.checkpoints.film import Film
from poolviz.encoders.vocabulary import encoder_of
from poolviz.engine.bulk import padded
from poolviz.engine.vectors import inputs_of
from poolviz.errors import TextError
from poolviz.text.encoding import Encoded, encode
from poolviz.text.vocabulary import Vocabulary
from poolviz.training.course.standing import Record


class Filming:
    """Adds an epoch to a film whenever it is called, as `Course.after_epoch` is.

    Parameters
    ----------
    sentences : what is filmed. One of which a vocabulary leaves nothing is left out.
    seed : only the training with this seed is filmed.
    place : where the film is kept until the training is over, and gone on with.
    """

    def __init__(self, sentences: Sequence[str], vocabulary: Vocabulary, seed: int, place: Path):
        self._encoded = list(filter(None, (_encoded(text, vocabulary) for text in sentences)))
        self._seed = seed
        self._place = place

    @property
    def film(self) -> Film | None:
        """What was filmed so far; None where there is nothing."""
        return film.read_unfinished(self._place)

    def __call__(self, model: keras.Model, seed: int, history: Sequence[Record]) -> None:
        """Film the model as it is after the last epoch of the history."""
        if seed != self._seed or not self._encoded or not can_be_filmed(model):
            return
        tokens = tuple(tuple(t.text for t in encoded.tokens) for encoded in self._encoded)
        before = (self.film if len(history) > 1 else None) or Film(tokens, (), (), ())
        if before.sentences != tokens or len(before) < len(history) - 1:
            return  # its beginning is lost
        record = history[-1]
        now = before.until(len(history) - 1).then(
            self._weights(model), record["loss"], record["validation_loss"]
        )
        self._place.parent.mkdir(parents=True, exist_ok=True)
        film.write_unfinished(self._place, now)

    def _weights(self, model: keras.Model) -> tuple[np.ndarray, ...]:
        """(H, T) of each sentence."""
        ids = padded([e.ids for e in self._encoded], np.arange(len(self._encoded)))
        read = getattr(model, "encode", model)  # a matcher reads one sentence so
        inputs = inputs_of(ids, encoder_of(self._encoded[0].vocabulary))
        weights = np.asarray(read(inputs, training=False)["weights"])
        return tuple(
            rows[:, : len(encoded.ids)]
            for rows, encoded in zip(weights, self._encoded, strict=True)
        )


def can_be_filmed(model: keras.Model) -> bool:
    """Whether a sentence has weights of its own: not where another one decides on them."""
    return getattr(model, "independent", True)  # a classifier does not say it


def _encoded(text: str, vocabulary: Vocabulary) -> Encoded | None:
    try:
        return encode(text, vocabulary)
    except TextError:
        return None
