"""Shapley values: by hand, by code over all orders, sampled, and on shipped models."""

import math
from itertools import permutations

import numpy as np
import pytest

from poolviz.engine.texts import encoded_each
from poolviz.errors import TextError
from poolviz.figures.trust.shapley import shapley_html
from poolviz.text.vocabulary import PADDING_ID, UNKNOWN_ID
from poolviz.trust.ablation.erasure import ERASURES, Ablation
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.shapley import MOST_TOKENS, compare_all, likeness, shapley
from poolviz.watch import Cancelled, Watch
from tests.pages_helpers import HOTEL, explainer

TEXT = "早餐<难吃>，前台好。"  # written for this test
RNG = np.random.default_rng(7)


def two_classes(logit):
    """A model of two classes whose centred logits are (-logit / 2, logit / 2) of the ids."""

    def forward(ids):
        half = np.array([logit(row) for row in ids.tolist()])[:, None] / 2
        odds = np.exp(np.concatenate([-half, half], axis=1))
        return odds / odds.sum(axis=1, keepdims=True)

    return forward


def over_all_orders(ablation: Ablation) -> np.ndarray:
    """The definition, order after order, written without the library's sums over sets."""

    def worth(members):
        erased = np.array([[unit not in members for unit in range(ablation.count)]])
        logs = [math.log(p) for p in ablation.probabilities(erased)[0]]
        return np.array(logs) - sum(logs) / len(logs)

    orders = list(permutations(range(ablation.count)))
    total = np.zeros((ablation.count, len(ablation.whole)))
    for order in orders:
        for place, unit in enumerate(order):
            total[unit] += worth(order[: place + 1]) - worth(order[:place])
    return total / len(orders)


def test_two_tokens_by_hand():
    # Alone the tokens give 1 and 3, together 10: they share the 6 that neither has alone.
    worth = {(): 0.0, (5,): 1.0, (6,): 3.0, (5, 6): 10.0}
    forward = two_classes(lambda row: worth[tuple(i for i in row if i)])
    found = shapley(Ablation(forward, np.array([5, 6])), RNG)
    assert found.exact and not found.errors.any()
    np.testing.assert_allclose(found.values[:, 1], [(1 + 7) / 2 / 2, (3 + 9) / 2 / 2])
    np.testing.assert_allclose(found.values[:, 0], -found.values[:, 1])


def crowded(row):
    """Positions, neighbours, and three in a row together all count."""
    a, b, c = row, row[1:], row[2:]
    alone = sum(math.sin(place * x) for place, x in enumerate(a))
    pairs = sum(0.3 * x * y for x, y in zip(a, b, strict=False))
    return alone + pairs + sum(0.1 * x * y * z for x, y, z in zip(a, b, c, strict=False))


@pytest.mark.parametrize("how", ERASURES)
def test_all_sets_give_what_all_orders_give(how):
    ablation = Ablation(two_classes(crowded), np.array([2, 3, 2, 4, 5]), how=how)
    found = shapley(ablation, RNG)
    np.testing.assert_allclose(found.values, over_all_orders(ablation), atol=1e-9)


def test_what_adds_nothing_has_nothing_and_equals_have_equal_parts():
    forward = two_classes(lambda row: 2.0 * (7 in row) * (8 in row))
    found = shapley(Ablation(forward, np.array([7, 9, 8])), RNG).values[:, 1]
    np.testing.assert_allclose(found, [0.5, 0, 0.5], atol=1e-12)


def test_sampled_values_sum_exactly_and_their_errors_cover():
    """Within 1.96 standard errors in about 95 % of the tokens of many drawings."""
    ablation = Ablation(two_classes(crowded), np.array([2, 3, 2, 4, 5, 3, 6]))
    exact = shapley(ablation, RNG).values
    within = []
    for seed in range(40):
        found = shapley(ablation, np.random.default_rng(seed), exact_up_to=0)
        assert not found.exact
        np.testing.assert_allclose(found.values.sum(axis=0), exact.sum(axis=0), atol=1e-9)
        within.append(np.abs(found.values - exact)[:, 1] <= 1.96 * found.errors[:, 1] + 1e-12)
    assert 0.9 <= np.mean(within) <= 0.99


@pytest.fixture(scope="module")
def models():
    heads = ("max", "attention")
    return [
        *(Model(explainer(HOTEL, head)) for head in heads),
        Model(explainer(HOTEL, "attention-mlp")),
    ]


@pytest.fixture(scope="module")
def found(models):
    return compare_all(models, encoded_each([model.explainer for model in models], TEXT))


def test_values_of_shipped_models_sum_to_the_difference_of_two_texts(models, found):
    for model, comparison in zip(models, found, strict=True):
        explanation = comparison.explanation
        for how, erased in (("mask", PADDING_ID), ("unknown", UNKNOWN_ID)):
            ids = np.full((1, len(explanation.tokens)), erased, np.int32)
            nothing = np.log(model.probabilities(ids)[0])
            wanted = explanation.logits - (nothing - nothing.mean())
            np.testing.assert_allclose(
                comparison.shapley[how].values.sum(axis=0), wanted, atol=1e-5
            )


def test_the_bias_is_the_logit_of_a_masked_text_under_a_linear_readout_alone(found):
    for comparison in found:
        target = comparison.explanation.predicted
        gap = comparison.values(target, "mask").sum() - comparison.contributions(target).sum()
        assert (abs(gap) < 1e-5) == comparison.explanation.exact


def test_contributions_are_no_shapley_values(found):
    for comparison in found:
        like = comparison.likeness(comparison.explanation.predicted, "mask")
        assert 0.5 < like.r < 0.99 and like.tau < 1


def test_likeness_by_hand():
    found = likeness(np.array([1.0, 2.0, -3.0]), np.array([2.0, -1.0, -3.0]))
    assert found.same_sign == pytest.approx(2 / 3)
    assert found.tau == pytest.approx(1 / 3)
    assert found.r == pytest.approx(np.corrcoef([1, 2, -3], [2, -1, -3])[0, 1])
    constant = likeness(np.ones(3), np.arange(3.0))
    assert math.isnan(constant.r) and math.isnan(constant.tau)


def test_a_longer_text_is_sampled_and_a_long_one_refused(models):
    explainers = [model.explainer for model in models[:1]]
    [longer] = compare_all(models[:1], encoded_each(explainers, "早餐难吃。" * 3))
    assert not longer.shapley["mask"].exact
    assert 0 < longer.errors(longer.explanation.predicted, "mask").max() < 0.1
    with pytest.raises(TextError, match=f"65 tokens, {MOST_TOKENS} are the most"):
        compare_all(models[:1], encoded_each(explainers, "好" * 65))


def test_the_work_reports_and_can_be_cancelled(models):
    texts = encoded_each([model.explainer for model in models], "好")
    seen = []
    compare_all(models, texts, Watch(lambda *step: seen.append(step)))
    assert seen == [(done, 9) for done in range(1, 10)]
    with pytest.raises(Cancelled):
        compare_all(models, texts, Watch(cancelled=lambda: True))


def test_the_picture_has_both_numbers_of_every_token(found):
    html = shapley_html(found[:2], "remove")
    assert "早餐<难吃>" not in html and "&lt;" in html
    assert html.count('role="listitem"') == 2 * 2 * len(found[0].explanation.tokens)
    like = found[0].likeness(found[0].explanation.classes[1], "remove")
    assert f"r {like.r:.2f}, tau {like.tau:.2f}, same sign {like.same_sign:.0%}" in html
    assert ERASURES["remove"] in html and "Over all sets of tokens" in html
    assert "gradient × input" in shapley_html(found, "remove")
