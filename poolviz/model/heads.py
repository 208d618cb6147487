"""The table of pooling heads and of read-outs: names and meanings, without loading Keras.

Adding a head is one layer class in `poolviz.training.layers` and one line here.
"""

from __future__ import annotations

from dataclasses import dataclass

from poolviz.language import N_

MAX_TOLERANCE = 1e-5  # relative: values this near a channel's maximum share it
MIN_VARIANCE_EPSILON = 1e-3


@dataclass(frozen=True)
class Head:
    """One way of pooling.

    Parameters
    ----------
    layer : name of the class in `poolviz.training.layers`.
    title : English name, the key of its translation.
    meaning : what one weight says, in one sentence.
    weighted_mean : True where pooled = Σ weight × vector, so that edited weights can be recomputed.
    alternative : name of the head's other published weight, or None.
    """

    layer: str
    title: str
    meaning: str
    weighted_mean: bool = True
    alternative: str | None = None


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
    ),
}

READOUTS: dict[str, str] = {
    "linear": N_("Linear: contributions are exact"),
    "mlp": N_("MLP: contributions are approximate"),
}
