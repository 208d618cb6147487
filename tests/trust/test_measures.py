"""The measures on a four-token model worked by hand, and against a straight-line second writing."""

import math

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from poolviz.checkpoints.checkpoint import KERAS
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.errors import ChoiceError
from poolviz.model.heads import HEADS
from poolviz.trust.ablation.erasure import ERASURES, Ablation, erase, segments
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.agreement import kendall_tau, steps_for, top_overlap
from poolviz.trust.text.curves import (
    aopc_comprehensiveness,
    aopc_sufficiency,
    comprehensiveness,
    curves,
    deletion_area,
    faithfulness_gap,
    flip_share,
    insertion_area,
    sufficiency,
)
from poolviz.trust.text.measures import MEASURES, measure_text, of_every_text
from poolviz.trust.text.rankings import RANKINGS, all_orders, orders, significant, unit_scores
from tests import oracle

# --- Four tokens, worked by hand. Ids 2, 3, 4, 5 add .4, .2, -.1 and .1 to p(class 0) = .3 + Σ.

TEXT = np.array([2, 3, 4, 5], np.int32)
GAINS = {0: 0, 1: 0, 2: 0.4, 3: 0.2, 4: -0.1, 5: 0.1}


def by_hand(ids):
    p = 0.3 + np.vectorize(GAINS.get, otypes=[float])(ids).sum(axis=1)
    return np.stack([p, 1 - p], axis=1)


@pytest.fixture
def ablation():
    return Ablation(by_hand, TEXT)


def curves_of(ablation, *order):
    return curves(ablation, {"one": np.array([order])})["one"]


class TestFourTokensByHand:
    def test_the_whole_text(self, ablation):
        assert ablation.whole == pytest.approx([0.9, 0.1])
        assert (ablation.target, ablation.count) == (0, 4)

    def test_leave_one_out(self, ablation):
        assert ablation.leave_one_out[:, 0] == pytest.approx([0.4, 0.2, -0.1, 0.1])

    def test_curves_in_the_order_of_the_gains(self, ablation):
        found = curves_of(ablation, 0, 1, 3, 2)
        assert found.deletion == pytest.approx([0.9, 0.5, 0.3, 0.2, 0.3])
        assert found.insertion == pytest.approx([0.3, 0.7, 0.9, 1.0, 0.9])
        assert found.comprehensiveness == pytest.approx([0, 0.4, 0.6, 0.7, 0.6])
        assert found.sufficiency == pytest.approx([0.6, 0.2, 0, -0.1, 0])

    def test_measures_in_the_order_of_the_gains(self, ablation):
        found = curves_of(ablation, 0, 1, 3, 2)
        # 1, 5, 10 and 20 % of four tokens are one token, 50 % two.
        assert comprehensiveness(found) == pytest.approx((4 * 0.4 + 0.6) / 5)
        assert sufficiency(found) == pytest.approx((4 * 0.2 + 0) / 5)
        assert aopc_comprehensiveness(found) == pytest.approx((0.4 + 0.6 + 0.7 + 0.6) / 4)
        assert aopc_sufficiency(found) == pytest.approx((0.6 + 0.2 + 0 - 0.1) / 4)
        assert faithfulness_gap(found) == pytest.approx((2.3 - 0.7) / 4)
        assert deletion_area(found) == pytest.approx((0.45 + 0.5 + 0.3 + 0.2 + 0.15) / 4)
        assert insertion_area(found) == pytest.approx((0.15 + 0.7 + 0.9 + 1.0 + 0.45) / 4)
        # .5 against .5 is still the first class; two tokens of four are needed.
        assert flip_share(found) == 0.5

    def test_sufficiency_is_comprehensiveness_of_the_reversed_order(self, ablation):
        found, reverse = curves_of(ablation, 0, 1, 3, 2), curves_of(ablation, 2, 3, 1, 0)
        assert aopc_sufficiency(found) == pytest.approx(aopc_comprehensiveness(reverse))

    def test_two_orders_are_averaged(self, ablation):
        both = curves(ablation, {"both": np.array([[0, 1, 3, 2], [2, 3, 1, 0]])})["both"]
        assert both.deletion == pytest.approx([0.9, 0.75, 0.6, 0.45, 0.3])
        assert flip_share(both) == pytest.approx((2 / 4 + 4 / 4) / 2)

    def test_a_class_that_nothing_flips_has_no_flip_share(self):
        sure = Ablation(lambda ids: 0.5 + by_hand(ids) / 2 * [1, -1] + [0.05, 0], TEXT)
        assert math.isnan(flip_share(curves_of(sure, 0, 1, 3, 2)))

    def test_rankings(self, ablation):
        weights = np.array([[0.1, 0.2, 0.3, 0.4], [0.3, 0.2, 0.3, 0.2]])
        contributions = np.zeros((2, 4, 2))
        contributions[:, :, 0] = [[1, 0, -2, 0], [1, 0.5, -1, 0]]
        rng = np.random.default_rng(0)
        scores = unit_scores(ablation, weights, contributions, None, rng)
        assert set(scores) == set(RANKINGS) - {"gradient"}
        assert scores["weight"][0] == pytest.approx([0.2, 0.2, 0.3, 0.3])
        assert scores["contribution"][0] == pytest.approx([2, 0.5, -3, 0])
        assert scores["absolute"][0] == pytest.approx([2, 0.5, 3, 0])
        assert scores["leave-one-out"][0] == pytest.approx([0.4, 0.2, -0.1, 0.1])
        found = all_orders(scores, rng)
        assert found["contribution"].tolist() == [[0, 1, 3, 2]]
        assert found["absolute"].tolist() == [[2, 0, 1, 3]]
        assert {tuple(sorted(order[:2])) for order in found["weight"]} == {(2, 3)}
        assert len(found["weight"]) == len(found["random"]) == len(found["uniform"]) == 5

    def test_tau(self):
        # Of six pairs four agree and two do not: (4 - 2) / 6.
        assert kendall_tau(np.array([4, 3, 2, 1.0]), np.array([3, 4, 1, 2.0])) == pytest.approx(
            1 / 3
        )
        # Five untied pairs of six on one side: 5 / √(5 · 6).
        tied = np.array([4, 3, 1, 1.0])
        assert kendall_tau(tied, np.array([4, 3, 2, 1.0])) == pytest.approx(5 / math.sqrt(30))

    def test_overlap_of_the_top(self):
        first, second = np.array([[0, 1, 2, 3]]), np.array([[1, 0, 3, 2], [0, 1, 2, 3]])
        assert top_overlap(first, second, share=0.25) == 0.5
        assert top_overlap(first, second, share=0.5) == 1


class TestWhatIsNotDefined:
    def test_equal_scores_have_no_tau(self):
        assert math.isnan(kendall_tau(np.ones(4), np.arange(4.0)))
        assert math.isnan(kendall_tau(np.array([1.0]), np.array([2.0])))

    def test_one_token_has_no_overlap(self):
        assert math.isnan(top_overlap(np.array([[0]]), np.array([[0]])))

    def test_average_pooling_has_no_tau_but_curves(self, trained):
        found = _measured(trained("average"), np.array([3, 9, 4, 7, 12], np.int32))
        assert math.isnan(found.figures["weight"]["tau"])
        assert math.isnan(found.figures["uniform"]["tau_effect"])
        assert np.isfinite(found.figures["weight"]["comprehensiveness"])

    def test_a_single_token(self, trained):
        found = _measured(trained("attention"), np.array([3], np.int32))
        assert found.ablation.count == 1
        assert math.isnan(found.figures["weight"]["tau"])
        assert np.isfinite(found.figures["weight"]["aopc_comprehensiveness"])


class TestErasing:
    def test_three_ways(self):
        erased = np.array([[False, True, False, True]])
        assert erase(TEXT, erased, "mask").tolist() == [[2, 0, 4, 0]]
        assert erase(TEXT, erased, "unknown").tolist() == [[2, 1, 4, 1]]
        assert erase(TEXT, erased, "remove").tolist() == [[2, 4, 0, 0]]

    def test_another_way(self):
        with pytest.raises(ChoiceError, match="mask, unknown, remove"):
            erase(TEXT, np.zeros((1, 4), bool), "delete")

    def test_removing_is_the_shorter_text(self, trained):
        model = Model(Explainer(trained("attention")))
        text = np.array([3, 9, 4, 7, 12], np.int32)
        erased = np.array([[False, True, True, False, False]])
        whole = model.probabilities(erase(text, erased, "remove"))
        shorter = Engine(model.checkpoint).run(text[[0, 3, 4]][None])["probabilities"]
        np.testing.assert_allclose(whole, shorter, atol=1e-5)

    def test_short_texts_are_measured_by_token(self):
        assert segments(4).tolist() == [0, 1, 2, 3]
        assert len(np.unique(segments(32))) == 32

    @given(st.integers(33, 2_000))
    def test_long_texts_have_32_equal_segments(self, count):
        found = segments(count)
        sizes = np.bincount(found)
        assert len(sizes) == 32 and sizes.max() - sizes.min() <= 1
        assert (np.diff(found) >= 0).all()

    def test_a_segment_is_erased_whole(self):
        ablation = Ablation(by_hand, TEXT, units=np.array([0, 0, 1, 1]))
        assert ablation.leave_one_out[:, 0] == pytest.approx([0.6, 0.0])
        assert ablation.unit_means(np.array([1, 2, 3, 5.0])) == pytest.approx([1.5, 4])

    def test_equal_ablations_are_one_pass(self):
        seen = []
        ablation = Ablation(lambda ids: seen.append(len(ids)) or by_hand(ids), TEXT)
        erased = np.array([[True, False, False, False]] * 3 + [[False] * 4])
        found = ablation.probabilities(erased)
        assert found[:, 0] == pytest.approx([0.5, 0.5, 0.5, 0.9])
        assert seen == [2] and ablation.passes == 2


class TestTies:
    def test_ties_are_in_random_orders_and_the_rest_is_not(self):
        found = orders(np.array([[1, 5, 1, 0, 1.0]]), np.random.default_rng(0), draws=200)
        assert (found[:, 0] == 1).all() and (found[:, 4] == 3).all()
        shares = [(found[:, 1] == token).mean() for token in (0, 2, 4)]
        assert min(shares) > 0.2

    def test_no_ties_no_draws(self):
        assert orders(np.array([[1, 5, 2.0]]), np.random.default_rng(0)).tolist() == [[1, 2, 0]]

    def test_what_differs_in_the_last_bit_is_tied(self):
        values = np.array([0.3, np.nextafter(0.3, 1), -2e-9, 0, 1234567])
        rounded = significant(values)
        assert rounded[0] == rounded[1] == 0.3
        assert rounded.tolist()[2:] == pytest.approx([-2e-9, 0, 1234600])

    def test_the_same_text_gives_the_same_figures(self, trained):
        text = np.array([3, 9, 4, 7, 12], np.int32)
        one, other = (_measured(trained("average"), text).figures for _ in range(2))
        assert str(one) == str(other)


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_tau_is_scipys(values, random):
    other = [random.randint(-3, 3) for _ in values]
    wanted = stats.kendalltau(values, other).statistic
    assert kendall_tau(np.array(values), np.array(other)) == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize(
    ("share", "count", "steps"), [(0.2, 5, 1), (0.2, 6, 2), (0.01, 4, 1), (0.1, 30, 3), (0.5, 3, 2)]
)
def test_shares_are_rounded_up(share, count, steps):
    assert steps_for(share, count) == steps


# --- The measures once more, straight from their definitions, text by text and pass by pass.


def _measured(checkpoint, text, how="mask"):
    outputs = Engine(checkpoint).run(text[None])
    weights, contributions = outputs["weights"][0], outputs["contributions"][0]
    return measure_text(Model(Explainer(checkpoint)), text, weights, contributions, how)


def straight_line(keras_model, text, scores, orders):
    """Comprehensiveness, sufficiency and tau of one ranking, tokens masked."""

    def p(kept):
        mask = np.isin(np.arange(len(text)), kept)
        return oracle.classify_masked(keras_model, text, mask)["probabilities"][j]

    everything = list(range(len(text)))
    j = int(np.argmax(oracle.classify(keras_model, text)["probabilities"]))
    comprehensiveness, sufficiency = [], []
    for order in orders:
        for percent in (1, 5, 10, 20, 50):
            k = -(-percent * len(text) // 100)
            comprehensiveness.append(p(everything) - p(order[k:]))
            sufficiency.append(p(everything) - p(order[:k]))
    lost = [p(everything) - p([t for t in everything if t != u]) for u in everything]
    lost = [float(f"{round(x, 12):.5g}") for x in lost]
    tau = stats.kendalltau([float(f"{x:.5g}") for x in scores], lost).statistic
    return np.mean(comprehensiveness), np.mean(sufficiency), tau


@pytest.mark.parametrize("head", HEADS)
def test_a_second_writing_agrees_on_random_texts(trained, head):
    checkpoint = trained(head)
    keras_model = keras.saving.load_model(checkpoint.path(KERAS))
    rng = np.random.default_rng([7, len(head)])
    for _ in range(10):  # for each of the five heads: 50 texts
        text = rng.integers(2, 30, rng.integers(4, 13)).astype(np.int32)
        outputs = oracle.classify(keras_model, text)
        j = int(np.argmax(outputs["probabilities"]))
        scores = {
            "weight": outputs["weights"].mean(axis=0),
            "contribution": outputs["contributions"][:, :, j].sum(axis=0),
        }
        found = _measured(checkpoint, text)
        for ranking in scores:
            wanted = straight_line(keras_model, text, scores[ranking], found.orders[ranking])
            names = ("comprehensiveness", "sufficiency", "tau")
            figures = [found.figures[ranking][name] for name in names]
            np.testing.assert_allclose(figures, wanted, atol=1e-5)


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("how", ERASURES)
def test_all_figures_keep_to_their_ranges(trained, head, how):
    rng = np.random.default_rng(5)
    for length in (1, 2, 7, 33, 70):
        found = _measured(trained(head), rng.integers(1, 30, length).astype(np.int32), how)
        assert set(found.figures) == set(RANKINGS)
        for figures in found.figures.values():
            assert set(figures) <= set(of_every_text())
            for name, value in figures.items():
                measure = MEASURES[name]
                assert math.isnan(value) or measure.low - 1e-9 <= value <= measure.high + 1e-9
        sizes = {len(one.deletion) for one in found.curves.values()}
        assert sizes == {min(length, 32) + 1}
