"""The table of poolings without training, of the token vectors of a pretrained encoder.

They are those of sentence-transformers' module Pooling, under its names
(https://sbert.net/docs/package_reference/sentence_transformer/models.html); special tokens count
in them as any token does. What each computes stands in `poolviz.engine.poolings`.
"""

from __future__ import annotations

from poolviz.language import N_
from poolviz.model.heads import HEADS, Head

POOLINGS: dict[str, Head] = {
    "cls": Head("", N_("CLS"), N_("The first token alone, of most encoders [CLS].")),
    "mean": Head("", N_("Mean"), N_("1/n for each of n tokens, special ones among them.")),
    "max": Head("", HEADS["max"].title, HEADS["max"].meaning, weighted_mean=False),
    "mean_sqrt_len": Head(
        "",
        N_("Mean √length"),
        N_("1/√n for each of n tokens: the mean's direction; longer texts have longer vectors."),
    ),
    "weightedmean": Head(
        "",
        N_("Weighted mean"),
        N_("In proportion to the position: the last of n tokens counts n times the first."),
    ),
    "lasttoken": Head("", N_("Last token"), N_("The last token alone, of BERT [SEP].")),
}
