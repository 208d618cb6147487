"""The tables of pooling heads and of read-outs: names and meanings, without loading Keras.

Adding a head is one layer class in `poolviz.training.layers` and one line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from poolviz.language import N_

MAX_TOLERANCE = 1e-5  # relative: values this near a channel's maximum share it
# A position whose channels are all 0 after the ReLU has no variance: it must not have all weight.
MIN_VARIANCE_EPSILON = 1e-3


@dataclass(frozen=True)
class Head:
    """One way of pooling.

    Parameters
    ----------
    layer : name of the class in `poolviz.training.layers`; of a head that the other sentence asks,
        in `poolviz.training.asked_attention`.
    title : English name, the key of its translation.
    meaning : what one weight says, in one sentence.
    weighted_mean : True where pooled = Σ weight × vector, so that edited weights can be recomputed.
    exact : True where the positions' parts add up exactly to the pooled vector; else contributions
        are approximate under any read-out.
    alternative : name of the head's other published weight, or None.
    rows : of weights.
    file : name of a person's own file that has the class; empty for those of poolviz.
    """

    layer: str
    title: str
    meaning: str
    weighted_mean: bool = True
    exact: bool = True
    alternative: str | None = None
    rows: int = 1
    file: str = ""

    @property
    def own(self) -> bool:
        """Whether it is somebody's own, so that the cards of its models describe it."""
        return bool(self.file)


@dataclass(frozen=True)
class Readout:
    """One way from pooled vectors to scores.

    Parameters
    ----------
    title : English name, the key of its translation.
    meaning : what it is and what that means for the explanation, in a phrase.
    exact : True where what the positions add is a sum's own parts, which add up exactly to the
        score; else gradient × input. Either way it is not what the text would lose without the
        tokens that stand there: these act through their neighbours, too.
    score : of two vectors: what their score is, in a word.
    symmetric : of two vectors: True where (A, B) has the score of (B, A) by definition.
    bounded : of two vectors: True where scores lie between -1 and 1, so that a margin between two
        of them means the same everywhere.
    """

    title: str
    meaning: str
    exact: bool
    score: str = N_("logit")
    symmetric: bool = False
    bounded: bool = False


HEADS: dict[str, Head] = {
    "max": Head(
        "MaskedGlobalMaxPooling1D",
        N_("Max"),
        N_("The share of channels in which this position has the largest value; ties are split."),
        weighted_mean=False,
        alternative="activation",
    ),
    "average": Head(
        "MaskedGlobalAveragePooling1D",
        N_("Average"),
        N_("1/n for each of n tokens: the control that makes no choice."),
        alternative="inverse-distance",
    ),
    "min-variance": Head(
        "MinVariancePooling1D",
        N_("Min-variance"),
        N_("1 / (variance over the features of the position + 0.001), normalised."),
    ),
    "attention": Head(
        "AttentionPooling1D",
        N_("Attention"),
        N_("Softmax over the text of a learned score of each position."),
    ),
    "multi-head": Head(
        "MultiHeadAttentionPooling1D",
        N_("Multi-head attention"),
        N_("Four softmaxes of four learned scores; the four pooled vectors are concatenated."),
        rows=4,
    ),
}

# Heads that the other sentence asks: the layer's call takes its query, too.
ASKED_HEADS: dict[str, Head] = {
    "additive": Head(
        "AdditiveAttention1D",
        N_("Additive attention"),
        N_("Softmax over the text of a score that depends on the other sentence, too."),
    ),
    "gated-additive": Head(
        "GatedAttention1D",
        N_("Gated attention"),
        N_("Softmax over the text of a score of what the other sentence lets through."),
    ),
}

# The first read-out of each table is the usual one, which goes without saying.
READOUTS: dict[str, Readout] = {
    "linear": Readout(N_("linear"), N_("Linear: contributions add up exactly"), exact=True),
    "mlp": Readout(
        N_("MLP"),
        N_("MLP: contributions are approximate; the bias is what is left, and no text's logit"),
        exact=False,
    ),
}
PAIR_READOUTS: dict[str, Readout] = {
    "cosine": Readout(
        N_("cosine"),
        N_("Cosine: the pairs of tokens add up exactly to it"),
        exact=True,
        score=N_("cosine"),
        symmetric=True,
        bounded=True,
    ),
    "dense": Readout(
        N_("dense"), N_("Dense layer: what the pairs of tokens add is an estimate"), exact=False
    ),
}
# Of two vectors with a margin between two scores.
MARGIN_READOUTS: dict[str, Readout] = {
    "cosine": PAIR_READOUTS["cosine"],
    "weighted-cosine": Readout(
        N_("weighted cosine"),
        N_("Weighted cosine: how much each channel counts is learned; pairs add up exactly"),
        exact=True,
        score=N_("cosine"),
        symmetric=True,
        bounded=True,
    ),
}


def head_key(layer: Any) -> str:
    """The name of a head: the class's `key`, else its name in words with dashes between them.

    >>> class TopKMean: ...
    >>> head_key(TopKMean)
    'top-k-mean'
    """
    key = getattr(layer, "key", None)
    if isinstance(key, str) and key:
        return key
    return dashed(getattr(layer, "__name__", type(layer).__name__))


def dashed(name: str) -> str:
    """A name like TopKMean in lower case with dashes.

    One stands before each capital that follows a small letter or a digit, or that begins a word
    after capitals.

    >>> [dashed(name) for name in ("TopKMean", "LSEPooling2D", "HTTPHead", "max")]
    ['top-k-mean', 'lse-pooling2-d', 'http-head', 'max']
    """
    result = ""
    for before, letter, after in zip(" " + name, name, name[1:] + " ", strict=False):
        begins = before.islower() or before.isdigit() or (before.isupper() and after.islower())
        result += "-" * (letter.isupper() and begins) + letter.lower()
    return result
