"""The matrix of contextual token vectors beside an attribution to the input, on the tiny encoder.

Integrated Jacobians (Moeller, Nikolaev and Padó, EMNLP 2023 and EACL 2024): e(x) − e(r) is the
integral of the encoder's Jacobian along the line from a reference r to the input x, and splits over
the input's positions into parts g. A product of two sentences then splits over pairs of inputs:

    Σ_ij ⟨g_i, g_j⟩ = ⟨e(a) − e(r), e(b) − e(r)⟩ = s(a, b) − s(r, b) − s(a, r) + s(r, r)

where e is the mean of the token vectors and r a sentence of padding, of the same length.
"""

import numpy as np
import pytest

from poolviz.engine.graph import Graph
from poolviz.engine.poolings import payments
from poolviz.sessions import loaded
from poolviz.views.pairs import INPUT_AGREEMENT
from tests.tiny_encoder import INPUTS, VOCABULARY, bert

STEPS, STEP = 24, 1e-3
SENTENCES = (
    ["the", "room", "was", "clean", "."],
    ["good", "food"],
    ["the", "play", "##ing", "was", "bad"],
    ["un", "##known", "cafe", ","],
)


class Encoder:
    """The tiny encoder in two parts: numbers to embeddings, and embeddings to token vectors."""

    def __init__(self):
        content = bert().SerializeToString()
        model = bert().graph
        self.embedded = next(n.output[0] for n in model.node if n.op_type == "LayerNormalization")
        first = Graph(content)
        first.add_output(self.embedded, "embeddings")
        self._first = loaded(*first.cut(["embeddings"]))
        self._second = loaded(*Graph(content).cut(["last_hidden_state"], [self.embedded]))

    def embeddings(self, names):
        """(T, C) of a sentence between its special tokens."""
        ids = np.array([[VOCABULARY[name] for name in ("[CLS]", *names, "[SEP]")]])
        return self._first.run(["embeddings"], self._fed(ids))[0][0].astype(np.float64)

    def vectors(self, embeddings):
        """(B, T, C) of embeddings (B, T, C)."""
        fed = self._fed(np.zeros(embeddings.shape[:2], np.int64))
        fed[self.embedded] = embeddings.astype(np.float32)
        return self._second.run(["last_hidden_state"], fed)[0].astype(np.float64)

    def _fed(self, ids):
        given = dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids)), strict=True))
        return given


@pytest.fixture(scope="module")
def encoder():
    return Encoder()


def parts(encoder, names):
    """(T, C) parts g of each position, what they must add up to, and the two pooled vectors."""
    x, r = encoder.embeddings(names), encoder.embeddings(["[PAD]"] * len(names))
    tokens, channels = x.shape
    moved = np.eye(x.size).reshape(-1, tokens, channels) * STEP
    found = np.zeros_like(x)
    for place in (np.arange(STEPS) + 0.5) / STEPS:
        middle = r + place * (x - r)
        above, below = (encoder.vectors(middle + way * moved).mean(axis=1) for way in (1, -1))
        jacobian = ((above - below) / (2 * STEP)).reshape(tokens, channels, -1)
        found += np.einsum("tc,tcd->td", x - r, jacobian) / STEPS
    whole, nothing = (encoder.vectors(each[None])[0].mean(axis=0) for each in (x, r))
    return found, whole, nothing


@pytest.fixture(scope="module")
def found(encoder):
    """For each two sentences the matrix of inputs, and that of token vectors."""
    split = [parts(encoder, names) for names in SENTENCES]
    paid = [
        payments("mean", encoder.vectors(encoder.embeddings(names)[None])[0]) for names in SENTENCES
    ]
    return [
        (split[i][0] @ split[j][0].T, paid[i] @ paid[j].T)
        for i in range(len(SENTENCES))
        for j in range(i)
    ]


def test_parts_of_the_input_add_up_to_what_the_text_adds_to_a_reference(encoder):
    for names in SENTENCES:
        split, whole, nothing = parts(encoder, names)
        np.testing.assert_allclose(split.sum(axis=0), whole - nothing, atol=0.02)


def test_both_matrices_are_of_the_same_sentences_and_differ(found):
    for of_input, of_vectors in found:
        assert of_input.shape == of_vectors.shape
        assert np.abs(of_input - of_vectors).max() > 0.01


def test_the_page_says_how_far_they_agree(found):
    agreement = [np.corrcoef(one.ravel(), other.ravel())[0, 1] for one, other in found]
    assert np.mean(agreement) == pytest.approx(INPUT_AGREEMENT, abs=0.02)
