"""A person's own Keras model beside those of poolviz."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from poolviz.api.shown import Comparison


class Wrapped:
    """A Keras model of one's own that explains texts; what `wrap` returns."""

    def __init__(self, model: Any):
        self._model = model

    def explain(self, text: str) -> Comparison:
        """Explain one text: what it gives draws itself, and becomes a table or a file.

        `found[0].exact` says whether contributions and bias add up to the logits on this text.

        Raises
        ------
        TextError : there is no token in the text, or more than the model takes.
        ChoiceError : the model does not fit; the sentence says in what.
        """
        return Comparison([self._model.explain(text)])


def wrap(
    model: Any,
    vocabulary: Mapping[str, int] | Sequence[str],
    tokenizer: str | Callable[[str], Sequence[str]] = "character",
    classes: Sequence[str] | None = None,
    unknown: int = 1,
) -> Wrapped:
    """Explain a Keras model of one's own that pools with one layer and decides by a linear one.

    The pooling layer is one of `poolviz.training.layers`, or any that gives (pooled, weights) as
    `poolviz.training.head_contract` says. A Dense layer reads the pooled vector, also behind a
    dropout; the model gives its logits, or the softmax of them, or of a single one the sigmoid.

    Parameters
    ----------
    model : reads ids (batch, time); 0 is padding where its input has a fixed length.
    vocabulary : the id of each token, or the tokens in the order of their ids, as
        `keras.layers.TextVectorization.get_vocabulary()` gives them.
    tokenizer : "character", "word", or a function that cuts a text into tokens as they stand in it.
    classes : names of the classes, in the order of the outputs; without them their numbers.
    unknown : the id of tokens that are not in the vocabulary.

    Raises
    ------
    ChoiceError : this is no Keras model.
    """
    from poolviz.training.own import wrapping

    return Wrapped(wrapping.wrap(model, vocabulary, tokenizer, classes, unknown))
