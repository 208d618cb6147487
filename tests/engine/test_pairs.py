"""Pairs explained: the split over tokens and pairs of tokens, sides, triplets, bad input."""

import json
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.engine.pairs import PairExplainer, Split, explain_each
from poolviz.errors import CheckpointError, PoolvizError, TextError
from poolviz.model.kinds import OUTCOMES
from poolviz.values.pairs import PairExplanation, TripletExplanation

A, B, C = "请问怎么去机场", "想坐飞机该找谁？", "哪里能吃火锅呢"
KEYS = (
    ("siamese", "attention", "cosine"),
    ("siamese", "multi-head", "dense"),
    ("interactive", "additive", "cosine"),
    ("triplet", "max", "cosine"),
    ("label", "average", "cosine"),
)
EVERY_MATCHER = pytest.mark.parametrize("key", KEYS, ids="-".join)


@pytest.fixture(scope="module")
def explainers(trained_matcher):
    """`explainers(kind, head, readout)`: a tiny trained matcher, ready to explain."""
    return lambda *key: PairExplainer(trained_matcher(*key))


def vectors(explainer, *texts) -> list[np.ndarray]:
    """What the two graphs pooled for each sentence, in float64."""
    states = [explainer._read(text).outputs for text in texts]
    found = explainer.compare(*states)
    if explainer.independent:
        found = {f"vector_{side}": s["vector"] for side, s in zip("ab", states, strict=True)}
    return [found[f"vector_{side}"][0].astype(np.float64) for side in "ab"]


@EVERY_MATCHER
class TestEveryMatcher:
    def test_cells_add_up_to_the_score(self, explainers, key):
        explainer = explainers(*key)
        for a, b in ((A, B), (A, C), (A, A), ("好", "去"), ("哈哈哈哈" * 30, "嗯"), (A, "@#%")):
            pair = explainer.explain(a, b)
            assert pair.cells.shape == (len(pair.sides[0].tokens), len(pair.sides[1].tokens))
            assert abs(pair.cells.sum() + pair.rest - pair.score) < 1e-5
            if key[2] == "cosine":
                u, v = vectors(explainer, a, b)
                cosine = u @ v / np.linalg.norm(u) / np.linalg.norm(v)
                assert abs(pair.score - cosine) < 1e-5
                assert abs(pair.cells.sum() - cosine) < 1e-5
                assert abs(pair.rest) < 1e-5

    def test_sides_are_the_margins_of_the_cells_on_the_scale_of_the_logit(self, explainers, key):
        pair = explainers(*key).explain(A, B)
        margins = pair.cells.sum(axis=1), pair.cells.sum(axis=0)
        for side, margin in zip(pair.sides, margins, strict=True):
            assert side.classes == OUTCOMES
            match = side.contributions[..., 1].sum(axis=0)
            assert np.corrcoef(match, margin)[0, 1] > 1 - 1e-9
            exponentials = np.exp(side.logits - side.logits.max())
            probabilities = exponentials / exponentials.sum()
            np.testing.assert_allclose(probabilities, side.probabilities, atol=1e-5)
            assert side.probabilities.tolist() == [1 - pair.probability, pair.probability]
            np.testing.assert_allclose(side.contributions.sum(axis=-1), 0, atol=1e-9)
            np.testing.assert_allclose(side.weights.sum(axis=1), 1, atol=1e-5)

    def test_says_what_it_is(self, explainers, key):
        explainer = explainers(*key)
        pair = explainer.explain(A, B)
        assert (pair.kind, pair.head, pair.readout) == key
        assert pair.exact == (key[2] == "cosine")
        assert pair.matches == (pair.probability >= explainer.checkpoint.card["threshold"])
        assert [side.text for side in pair.sides] == [A, B]
        assert all(side.window == (2, 4) for side in pair.sides)

    def test_the_score_that_is_needed_is_that_of_the_threshold(self, explainers, key):
        """The same for every pair; the line through two pairs' logits leads to it."""
        explainer = explainers(*key)
        pairs = [explainer.explain(A, other) for other in (A, B, C, "好")]
        for pair in pairs:
            assert pair.needed == pytest.approx(pairs[0].needed, abs=1e-4)
            if abs(pair.score - pair.needed) > 1e-4:
                assert pair.matches == (pair.score > pair.needed)
        low, high = sorted(pairs, key=lambda pair: pair.score)[:: len(pairs) - 1]
        logits = [float(np.diff(pair.sides[0].logits)[0]) for pair in (low, high)]
        wanted = log(low.threshold / (1 - low.threshold))
        share = (wanted - logits[0]) / (logits[1] - logits[0])
        wanted = low.score + share * (high.score - low.score)
        assert low.needed == pytest.approx(wanted, abs=1e-3)

    def test_order(self, explainers, key):
        explainer = explainers(*key)
        there, back = explainer.explain(A, B), explainer.explain(B, A)
        if key[2] == "cosine":
            assert there.score == pytest.approx(back.score, abs=1e-6)
            np.testing.assert_allclose(there.cells, back.cells.T, atol=1e-6)
        else:
            assert there.score != pytest.approx(back.score, abs=1e-3)

    def test_json_there_and_back(self, explainers, key):
        pair = explainers(*key).explain(A, B)
        text = json.dumps(pair.to_json(), allow_nan=False)
        read = PairExplanation.from_json(json.loads(text))
        assert (read.kind, read.score, read.threshold) == (pair.kind, pair.score, pair.threshold)
        assert (read.matches, read.exact, read.rest) == (pair.matches, pair.exact, pair.rest)
        assert read.needed == pair.needed is not None
        np.testing.assert_array_equal(read.cells, pair.cells)
        for one, other in zip(read.sides, pair.sides, strict=True):
            assert one.tokens == other.tokens
            np.testing.assert_allclose(one.contributions, other.contributions)

    @pytest.mark.parametrize("bad", ["", " \n\u200b", "字" * 100_001])
    def test_a_side_that_cannot_be_read(self, explainers, key, bad):
        for pair in ((A, bad), (bad, A)):
            with pytest.raises(TextError):
                explainers(*key).explain(*pair)


class TestExplainer:
    def test_equal_sentences_have_cosine_one(self, explainers):
        pair = explainers("siamese", "attention", "cosine").explain(A, A)
        assert pair.score == pytest.approx(1, abs=1e-5)
        np.testing.assert_allclose(pair.cells, pair.cells.T, atol=1e-6)

    def test_long_against_short(self, explainers):
        pair = explainers("siamese", "multi-head", "dense").explain("长" * 10_000, "短句子")
        assert pair.cells.shape == (10_000, 3)
        assert abs(pair.cells.sum() + pair.rest - pair.score) < 1e-3

    def test_too_many_cells_are_left_out(self, explainers, monkeypatch):
        monkeypatch.setattr("poolviz.engine.pairs.MAX_CELLS", len(A) * len(B) - 1)
        pair = explainers("siamese", "attention", "cosine").explain(A, B)
        assert pair.cells is None
        assert PairExplanation.from_json(pair.to_json()).cells is None
        assert pair.sides[0].contributions[..., 1].sum() != 0

    def test_a_classifier_is_no_matcher(self, trained):
        with pytest.raises(CheckpointError, match="no matcher"):
            PairExplainer(trained("max"))

    def test_texts_are_cleaned(self, explainers):
        pair = explainers("siamese", "attention", "cosine").explain("你\ud800好", B)
        assert pair.sides[0].text == "你\N{REPLACEMENT CHARACTER}好"

    def test_triplet(self, explainers):
        explainer = explainers("triplet", "max", "cosine")
        triplet = explainer.explain_triplet(A, B, C)
        assert triplet.positive.score == pytest.approx(explainer.explain(A, B).score)
        assert triplet.negative.score == pytest.approx(explainer.explain(A, C).score)
        assert triplet.margin == explainer.checkpoint.card["margin"] == 0.3
        assert triplet.gap > 0
        assert triplet.loss == max(0, 0.3 - triplet.gap)
        read = TripletExplanation.from_json(json.loads(json.dumps(triplet.to_json())))
        assert (read.gap, read.loss) == (triplet.gap, triplet.loss)

    def test_no_score_is_needed_where_the_threshold_is_no_probability_of_any(self, explainers):
        outputs = random_outputs(1, 1, (2, 3), 4)
        assert Split(outputs).needed(0.0) is None and Split(outputs).needed(1.0) is None
        assert Split(outputs).needed(0.5) == float(outputs["score"]) - 0.3 / 2

    def test_a_file_of_before_says_of_no_score_that_it_is_needed(self, explainers):
        saved = explainers("siamese", "attention", "cosine").explain(A, B).to_json()
        del saved["needed"]
        assert PairExplanation.from_json(saved).needed is None


class TestSeveralMatchers:
    @pytest.fixture(scope="class")
    def several(self, explainers):
        return [explainers(*key) for key in KEYS[:4]]  # one data set, one vocabulary

    @pytest.mark.parametrize("texts", [(A, B), (A, B, C)])
    def test_explain_as_each_does_and_share_the_tokens(self, several, texts):
        found = explain_each(several, texts)
        for explainer, explained in zip(several, found, strict=True):
            alone = explainer.explain if len(texts) == 2 else explainer.explain_triplet
            assert explained.to_json() == alone(*texts).to_json()
        pairs = found if len(texts) == 2 else [triplet.positive for triplet in found]
        assert len({id(pair.sides[1].tokens) for pair in pairs}) == 1

    def test_a_sentence_that_cannot_be_read(self, several):
        with pytest.raises(TextError):
            explain_each(several, (A, " "))


class TestDamagedFiles:
    @pytest.fixture(scope="class")
    def good(self, trained_matcher):
        explainer = PairExplainer(trained_matcher("siamese", "attention", "cosine"))
        return explainer.explain("你好", "您好").to_json()

    @pytest.mark.parametrize(
        "change",
        [
            {"pair_schema_version": 3},
            {"kind": "twins"},
            {"score": "0.5"},
            {"probability": 1.5},
            {"threshold": None},
            {"needed": "0.8"},
            {"needed": float("inf")},
            {"cells": [[1.0]]},
            {"cells": [[1, 2], [float("nan"), 1]]},
            {"sides": []},
            {"sides": None},
        ],
    )
    def test_a_wrong_field_is_told(self, good, change):
        with pytest.raises(PoolvizError):
            PairExplanation.from_json({**good, **change})

    def test_other_files_are_told(self, good):
        for data in ([], None, {}, good["sides"][0]):
            with pytest.raises(PoolvizError, match="no poolviz explanation"):
                PairExplanation.from_json(data)

    def test_a_triplet_has_one_anchor(self, good, trained_matcher):
        explainer = PairExplainer(trained_matcher("siamese", "attention", "cosine"))
        other = explainer.explain("再见", "您好").to_json()
        data = {"pair_schema_version": 2, "positive": good, "negative": other, "margin": 0.1}
        with pytest.raises(PoolvizError, match="damaged"):
            TripletExplanation.from_json(data)


def random_outputs(seed, heads, tokens, width) -> dict[str, np.ndarray]:
    """Outputs of both graphs with any slopes, keeping that payments sum to the vectors."""
    random = np.random.default_rng(seed)
    outputs = {"logit": np.array(0.3), "scale": np.array(2.0), "probability": np.array(0.6)}
    for side, count in zip("ab", tokens, strict=True):
        weights = random.random((heads, count)) + 0.1
        outputs[f"weights_{side}"] = weights / weights.sum(axis=1, keepdims=True)
        outputs[f"payments_{side}"] = random.normal(size=(heads, count, width))
        outputs[f"slope_{side}"] = random.normal(size=heads * width)
    outputs["slope_product"] = random.normal(size=heads * width)
    u, v = (outputs[f"payments_{side}"].sum(axis=1).ravel() for side in "ab")
    outputs["score"] = np.array(
        outputs["slope_a"] @ u + outputs["slope_b"] @ v + (outputs["slope_product"] * u) @ v + 0.7
    )
    return outputs


@given(
    st.integers(0, 1000),
    st.integers(1, 4),
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    st.integers(1, 5),
)
def test_a_split_adds_up_in_every_direction(seed, heads, tokens, width):
    split = Split(random_outputs(seed, heads, tokens, width))
    cells = split.cells()
    assert split.rest == pytest.approx(0.7, abs=1e-9)
    assert cells.sum() == pytest.approx(split.score - 0.7, abs=1e-9)
    np.testing.assert_allclose(cells.sum(axis=1), split.shares("a").sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(cells.sum(axis=0), split.shares("b").sum(axis=0), atol=1e-9)


def test_a_split_by_hand():
    """Two tokens against one, one row, two channels, a plain dot product."""
    outputs = {
        "score": np.array(11.0),
        "logit": np.array(0.0),
        "scale": np.array(1.0),
        "probability": np.array(0.5),
        "weights_a": np.array([[0.25, 0.75]]),
        "weights_b": np.array([[1.0]]),
        "payments_a": np.array([[[1.0, 0.0], [2.0, 1.0]]]),
        "payments_b": np.array([[[3.0, 2.0]]]),
        "slope_a": np.zeros(2),
        "slope_b": np.zeros(2),
        "slope_product": np.ones(2),
    }
    split = Split(outputs)
    assert split.cells().tolist() == [[3.0], [8.0]]
    assert split.shares("b").tolist() == [[11.0]]
    outputs["slope_b"] = np.array([1.0, 0.0])  # v's first channel, 3, is shared by weight
    assert Split(outputs).cells().tolist() == [[3.75], [10.25]]
