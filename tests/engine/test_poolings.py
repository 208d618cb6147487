"""Poolings without training: against sentence-transformers, by hand, and that the parts add up."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.encoders.encoder import Encoder
from poolviz.encoders.reader import Reading
from poolviz.engine import poolings
from poolviz.engine.pairs import MAX_CELLS
from poolviz.model.poolings import POOLINGS
from poolviz.text.tokens import Token
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.values.pairs import PairExplanation
from poolviz.views.pairs import fold_pair, sentence_panels, title

# Made by `python tests/engine/golden_poolings.py`, see there.
GOLDEN = json.loads(Path(__file__).with_name("golden_poolings.json").read_text(encoding="utf-8"))
ENCODER = Encoder(Path("tiny"), "0" * 64, (), (), "last_hidden_state", 3, 16, "mean")
VECTORS = np.array([[1, 0, -2], [3, 4, -2], [2, 0, -5], [0, 0, -2]], np.float32)
BY_HAND = {
    "cls": [1, 0, -2],
    "mean": [1.5, 1, -2.75],
    "max": [3, 4, -2],
    "mean_sqrt_len": [3, 2, -5.5],
    "weightedmean": [1.3, 0.8, -2.9],
    "lasttoken": [0, 0, -2],
}
WEIGHTS = {
    "cls": [1, 0, 0, 0],
    "mean": [0.25] * 4,
    "max": [1 / 9, 7 / 9, 0, 1 / 9],
    "mean_sqrt_len": [0.25] * 4,
    "weightedmean": [0.1, 0.2, 0.3, 0.4],
    "lasttoken": [0, 0, 0, 1],
}


def reading(vectors, text="abcdefghijklmnopqrst"):
    """Each vector a token of one letter, the first one special."""
    own = [Token(text[place], place, place + 1) for place in range(len(vectors) - 1)]
    tokens = (Token("[CLS]", 0, 0), *own)
    return Reading(text[: len(own)], tokens, np.arange(len(tokens)), np.float32(vectors))


def drawn(seed, count, width=6):
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


@pytest.mark.parametrize("pooling", POOLINGS)
class TestPooled:
    def test_vectors_are_those_of_sentence_transformers(self, pooling):
        for case in GOLDEN["cases"]:
            vectors = np.array(case["vectors"], np.float32)
            np.testing.assert_allclose(
                poolings.pooled(pooling, vectors), case["pooled"][pooling], rtol=0, atol=1e-5
            )

    def test_by_hand(self, pooling):
        np.testing.assert_allclose(poolings.pooled(pooling, VECTORS), BY_HAND[pooling], atol=1e-6)
        np.testing.assert_allclose(poolings.weights(pooling, VECTORS), WEIGHTS[pooling], atol=1e-6)

    @given(seed=st.integers(0, 99), count=st.integers(1, 9))
    def test_what_positions_add_is_the_vector(self, pooling, seed, count):
        vectors = drawn(seed, count)
        paid = poolings.payments(pooling, vectors)
        np.testing.assert_allclose(paid.sum(axis=0), poolings.pooled(pooling, vectors), atol=1e-6)
        weights = poolings.weights(pooling, vectors)
        assert weights.sum() == pytest.approx(1) and (weights >= 0).all()


@pytest.mark.parametrize("pooling", POOLINGS)
class TestMatch:
    @pytest.fixture
    def pair(self, pooling):
        first, second = reading(drawn(1, 5)), reading(drawn(2, 7))
        [found] = poolings.match(ENCODER, first, second, [pooling])
        return found

    def test_the_score_is_the_cosine_of_what_sentence_transformers_pools(self, pooling):
        first, second = GOLDEN["cases"][:2]
        a, b = (reading(case["vectors"]) for case in (first, second))
        [pair] = poolings.match(ENCODER, a, b, [pooling])
        assert pair.score == pytest.approx(GOLDEN["cosines"][pooling], abs=1e-5)

    def test_cells_add_up_exactly(self, pooling, pair):
        assert pair.cells.shape == (5, 7) and pair.exact
        assert float(pair.cells.sum()) == pytest.approx(pair.score, abs=1e-9)
        assert pair.rest == pytest.approx(0, abs=1e-9)
        for side, axis in zip(pair.sides, (1, 0), strict=True):
            np.testing.assert_allclose(
                side.contributions[0, :, 0], pair.cells.sum(axis=axis), atol=1e-9
            )
            assert side.logits[0] == pytest.approx(pair.score)

    def test_cells_are_products_of_token_vectors_times_both_shares(self, pooling, pair):
        a, b = drawn(1, 5).astype(float), drawn(2, 7).astype(float)
        if pooling == "max":
            expected = np.zeros((5, 7))
            for channel in range(a.shape[1]):
                i, j = a[:, channel].argmax(), b[:, channel].argmax()
                expected[i, j] += a[i, channel] * b[j, channel]
        else:
            alpha, beta = (
                {
                    "cls": np.eye(count)[0],
                    "lasttoken": np.eye(count)[count - 1],
                    "mean": np.ones(count) / count,
                    "mean_sqrt_len": np.ones(count) / np.sqrt(count),
                    "weightedmean": np.arange(1, count + 1) / np.arange(1, count + 1).sum(),
                }[pooling]
                for count in (5, 7)
            )
            expected = alpha[:, None] * beta * (a @ b.T)
        u, v = (poolings.pooled(pooling, vectors) for vectors in (a, b))
        expected /= np.linalg.norm(u) * np.linalg.norm(v)
        np.testing.assert_allclose(pair.cells, expected, atol=1e-5)

    def test_nothing_decides_and_json_says_so(self, pooling, pair):
        assert pair.probability is pair.threshold is pair.matches is pair.needed is None
        same = PairExplanation.from_json(json.loads(json.dumps(pair.to_json())))
        np.testing.assert_allclose(same.cells, pair.cells)
        assert (same.matches, same.score, same.kind) == (None, pair.score, "untrained")
        assert same.sides[0].tokens == pair.sides[0].tokens
        assert same.sides[0].window == WHOLE_TEXT

    def test_panels_show_the_parts_of_the_cosine(self, pooling, pair):
        panels = sentence_panels([pair], "contribution")
        for panel, axis in zip(panels.values(), (1, 0), strict=True):
            np.testing.assert_allclose(panel.summaries[0].values, pair.cells.sum(axis=axis))
            assert panel.summaries[0].label == title(pair)


def test_parts_that_tie_share_a_maximum():
    paid = poolings.payments("max", np.array([[2.0], [2.0], [1.0]]))
    assert paid.tolist() == [[1.0], [1.0], [0.0]]


def test_a_token_of_several_vectors_has_the_sum_of_their_parts():
    vectors = drawn(3, 4)
    tokens = (Token("a", 0, 1), Token("b", 1, 2), Token("c", 2, 3))
    joined = Reading("abc", tokens, np.array([0, 1, 3]), vectors)
    [pair] = poolings.match(ENCODER, joined, reading(drawn(4, 2)), ["mean"])
    [split] = poolings.match(ENCODER, reading(vectors), reading(drawn(4, 2)), ["mean"])
    expected = np.add.reduceat(split.cells, [0, 1, 3], axis=0)
    np.testing.assert_allclose(pair.cells, expected)
    assert pair.sides[0].weights[0].tolist() == pytest.approx([0.25, 0.5, 0.25])
    assert pair.score == pytest.approx(split.score)


def test_words_are_sums_of_their_pieces_and_special_tokens_stay_alone():
    text = "playing well"
    spans = [("play", 0, 4), ("ing", 4, 7), ("well", 8, 12)]
    tokens = (Token("[CLS]", 0, 0), *(Token(*span) for span in spans), Token("[SEP]", 12, 12))
    first = Reading(text, tokens, np.arange(5), drawn(5, 5))
    second = reading(drawn(6, 3))
    [pair] = poolings.match(ENCODER, first, second, ["mean"])
    folded = fold_pair(pair)
    words = [token.text for token in folded.sides[0].tokens]
    assert words == ["[CLS]", "playing", "well", "[SEP]"]
    summed = np.add.reduceat(pair.cells, [0, 1, 3, 4], axis=0)
    np.testing.assert_allclose(folded.cells, np.add.reduceat(summed, [0, 1], axis=1))
    assert folded.score == pair.score


def test_two_texts_of_very_many_tokens_have_no_cells():
    count = int(MAX_CELLS**0.5) + 1
    long = Reading(
        "a" * count,
        tuple(Token("a", i, i + 1) for i in range(count)),
        np.arange(count),
        drawn(7, count, 2),
    )
    [pair] = poolings.match(ENCODER, long, long, ["mean"])
    assert pair.cells is None and pair.score == pytest.approx(1)


def test_a_vector_of_zeros_has_no_direction():
    nothing = reading(np.zeros((3, 6)))
    for pair in poolings.match(ENCODER, nothing, reading(drawn(8, 3))):
        assert pair.score == 0 and not pair.cells.any()


def test_json_of_an_unknown_pooling_is_refused():
    [pair] = poolings.match(ENCODER, reading(drawn(1, 2)), reading(drawn(2, 2)), ["mean"])
    content = pair.to_json()
    for side in content["sides"]:
        side["head"] = "median"
    with pytest.raises(Exception, match="damaged"):
        PairExplanation.from_json(content)
