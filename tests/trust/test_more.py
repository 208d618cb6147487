"""Bounds, stress tests, counterfactuals and the padding check."""

import math
from itertools import combinations, permutations
from typing import ClassVar

import numpy as np
import pytest

from poolviz.engine.pairs import PairExplainer
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.model.heads import HEADS
from poolviz.trust.ablation.erasure import Ablation
from poolviz.trust.ablation.model import Model
from poolviz.trust.ablation.selfcheck import PaddedRun, padding_check, pair_padding_check
from poolviz.trust.ablation.stress import Stress, total_variation
from poolviz.trust.text.bounds import Bounds, bounds
from poolviz.trust.text.counterfactual import smallest_flip, smallest_removals
from poolviz.trust.text.curves import aopc_comprehensiveness, curves
from poolviz.watch import Cancelled, Watch

TEXT = np.array([3, 9, 4, 7, 12, 5], np.int32)
WEIGHTED = [head for head in HEADS if HEADS[head].weighted_mean]


def model_of(values: dict[frozenset, float], count: int) -> Ablation:
    """An ablation of `count` tokens whose p depends on the set that is left, as a table says."""

    def forward(ids):
        p = np.array([values[frozenset(np.flatnonzero(row))] for row in ids])
        return np.stack([p, 1 - p], axis=1)

    return Ablation(forward, np.arange(2, 2 + count, dtype=np.int32))


def random_table(rng, count: int) -> dict[frozenset, float]:
    sets = [frozenset(s) for size in range(count + 1) for s in combinations(range(count), size)]
    values = dict(zip(sets, rng.random(len(sets)) / 2, strict=True))
    values[frozenset(range(count))] = 0.9
    return values


class TestBounds:
    def test_by_hand(self):
        # p: both .9, only the first .6, only the second .1, none .3.
        values = {(): 0.3, (0,): 0.6, (1,): 0.1, (0, 1): 0.9}
        found = bounds(model_of({frozenset(k): v for k, v in values.items()}, 2))
        assert found.exact
        assert found.high == pytest.approx((0.8 + 0.6) / 2)  # the first goes first
        assert found.low == pytest.approx((0.3 + 0.6) / 2)
        assert found.normalise(0.7) == pytest.approx(1)
        assert found.normalise(0.45) == pytest.approx(0)

    @pytest.mark.parametrize("seed", range(5))
    def test_exact_is_the_extreme_of_all_orders(self, seed):
        ablation = model_of(random_table(np.random.default_rng(seed), 5), 5)
        every = {str(order): np.array([order]) for order in permutations(range(5))}
        aopc = [aopc_comprehensiveness(found) for found in curves(ablation, every).values()]
        found = bounds(ablation)
        assert (found.low, found.high) == pytest.approx((min(aopc), max(aopc)))

    @pytest.mark.parametrize("seed", range(5))
    def test_a_beam_stays_within_and_a_wide_one_is_exact(self, seed, monkeypatch):
        ablation = model_of(random_table(np.random.default_rng(seed), 6), 6)
        exact = bounds(ablation)
        monkeypatch.setattr("poolviz.trust.text.bounds.EXACT_UNITS", 0)
        narrow, wide = bounds(ablation, beam=2), bounds(ablation, beam=64)
        assert exact.low <= narrow.low + 1e-12 and narrow.high <= exact.high + 1e-12
        assert not narrow.exact
        assert (wide.low, wide.high) == pytest.approx((exact.low, exact.high))

    def test_where_no_order_is_better_nothing_is_normalised(self):
        assert math.isnan(Bounds(0.2, 0.2, True).normalise(0.2))

    def test_orders_met_elsewhere_widen(self):
        found = Bounds(0.2, 0.4, False).widened([0.3, 0.5])
        assert found == Bounds(0.2, 0.5, False)


class TestStress:
    def stress(self, trained, head):
        model = Model(Explainer(trained(head)))
        weights = Engine(model.checkpoint).run(TEXT[None])["weights"][0]
        return model.stress(TEXT, weights)

    def test_total_variation_by_hand(self):
        assert total_variation(np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.4, 0.5])) == (
            pytest.approx(0.6)
        )

    @pytest.mark.parametrize("head", WEIGHTED)
    def test_edited_weights_are_weights(self, trained, head):
        tests = self.stress(trained, head)
        outcomes = [
            tests.permuted(np.random.default_rng(0)),
            tests.uniform(),
            tests.without_heaviest(),
            tests.most_different(),
        ]
        for outcome in outcomes:
            assert outcome.weights.shape == tests.weights.shape
            np.testing.assert_allclose(outcome.weights.sum(axis=1), 1, atol=1e-6)
            assert (outcome.weights >= 0).all()
            distance = total_variation(outcome.probabilities, tests.probabilities)
            assert outcome.distance == pytest.approx(distance)
            assert outcome.flips == (outcome.probabilities.argmax() != tests.probabilities.argmax())

    def test_shuffled_weights_are_the_same_numbers(self, trained):
        tests = self.stress(trained, "multi-head")
        found = tests.permuted(np.random.default_rng(0), shuffles=7)
        np.testing.assert_array_equal(np.sort(found.weights), np.sort(tests.weights))

    def test_the_median_of_the_shuffles(self, trained):
        tests = self.stress(trained, "attention")
        found = tests.permuted(np.random.default_rng(0), shuffles=1001).distance
        rng = np.random.default_rng(1)
        distances = [
            tests._outcome(rng.permuted(tests.weights, axis=1)).distance for _ in range(1000)
        ]
        low, high = np.percentile(distances, [40, 60])
        assert low <= found <= high

    def test_uniform_weights_are_average_pooling(self, trained):
        tests = self.stress(trained, "average")
        found = tests.uniform()
        assert found.distance == pytest.approx(0, abs=1e-6)
        assert not found.flips and found.divergence == pytest.approx(0, abs=1e-6)

    def test_without_the_heaviest(self, trained):
        tests = self.stress(trained, "attention")
        heaviest = tests.weights[0].argmax()
        found = tests.without_heaviest().weights[0]
        assert found[heaviest] == 0
        others = np.arange(len(TEXT)) != heaviest
        kept = tests.weights[0][others]
        np.testing.assert_allclose(found[others], kept / kept.sum())

    def test_max_has_no_weights_to_edit_but_can_lose_a_token(self, trained):
        tests = self.stress(trained, "max")
        assert tests.permuted(np.random.default_rng(0)) is None
        assert tests.uniform() is None and tests.most_different() is None
        found = tests.without_heaviest()
        assert found.weights is None and math.isnan(found.divergence)
        vectors = np.delete(tests._vectors, tests.weights[0].argmax(), axis=0)
        wanted = tests._pooling.pool_kept(vectors, np.ones((1, len(vectors)), bool))[0]
        np.testing.assert_allclose(found.probabilities, wanted)

    @pytest.mark.parametrize("head", WEIGHTED)
    @pytest.mark.parametrize("epsilon", [0.01, 0.05, 0.3])
    def test_the_most_different_weights_keep_to_epsilon(self, trained, head, epsilon):
        tests = self.stress(trained, head)
        found = tests.most_different(epsilon)
        assert found.distance <= epsilon + 1e-6
        assert 0 <= found.divergence <= np.log(2) + 1e-9

    @pytest.mark.parametrize("head", WEIGHTED)
    def test_no_move_to_a_single_token_is_more_different(self, trained, head):
        tests = self.stress(trained, head)
        found = tests.most_different(0.05)
        for token in range(len(TEXT)):
            for share in np.linspace(0, 1, 101):
                edited = (1 - share) * tests.weights + share * np.eye(len(TEXT))[token]
                outcome = tests._outcome(edited)
                if outcome.distance <= 0.05:
                    assert outcome.divergence <= found.divergence + 1e-6

    def test_the_most_different_of_two_classes_is_found_exactly(self):
        """Margins 0, 1, -1 with all weight on the first token: the other two mix to 0."""

        class Line:
            """Two classes; p = sigmoid of the pooled margin."""

            def vectors(self, ids):
                return np.array([[0.0], [1.0], [-1.0]])

            def values(self, vectors):
                return vectors[None]

            def read_out(self, pooled):
                p = 1 / (1 + np.exp(-pooled[:, 0]))
                return np.stack([p, 1 - p], axis=1)

            def pool_kept(self, vectors, kept):
                return self.read_out(np.zeros((1, 1)))

        tests = Stress(Line(), np.array([2, 3, 4]), np.array([[1.0, 0, 0]]), editable=True)
        found = tests.most_different(epsilon=0.01)
        assert found.divergence == pytest.approx(np.log(2))
        assert found.weights[0] == pytest.approx([0, 0.5, 0.5])

    def test_a_single_token_cannot_be_dropped(self, trained):
        model = Model(Explainer(trained("attention")))
        assert model.stress(TEXT[:1], np.ones((1, 1))).without_heaviest() is None


class DecidedBy2:
    """A model of one class while a token of id 2 is there, else of the other."""

    def probabilities(self, ids):
        p = np.where((ids == 2).any(axis=1), 0.9, 0.1)
        # The more of them, the surer: so that a search has something to follow.
        p = p + 0.05 * (ids == 2).mean(axis=1)
        return np.stack([p, 1 - p], axis=1)


class TestCounterfactual:
    # The best first step is token 0, but tokens 1 and 2 alone flip.
    TABLE: ClassVar[dict] = {
        (): 0.1,
        (0,): 0.45,
        (1,): 0.7,
        (2,): 0.7,
        (0, 1): 0.8,
        (0, 2): 0.8,
        (1, 2): 0.6,
        (0, 1, 2): 0.9,
    }

    def test_by_hand(self):
        # Tokens a, b, c with votes 3, 2, -1 against a threshold of 1.5.
        def forward(ids):
            votes = (ids > 0) @ np.array([3, 2, -1.0])
            p = 1 / (1 + np.exp(1.5 - votes))
            return np.stack([p, 1 - p], axis=1)

        found = smallest_flip(Ablation(forward, np.array([2, 3, 4], np.int32)))
        assert found.units == (0,) and found.minimal
        assert found.probabilities.argmax() == 1

    def test_members_that_are_not_needed_are_put_back(self):
        found = smallest_flip(model_of({frozenset(k): v for k, v in self.TABLE.items()}, 3))
        assert found.units == (1, 2) and not found.minimal

    def test_nothing_flips(self):
        sure = Ablation(lambda ids: np.tile([0.8, 0.2], (len(ids), 1)), TEXT)
        assert smallest_flip(sure) is None

    def test_progress_and_cancel(self):
        seen = []
        sure = Ablation(lambda ids: np.tile([0.8, 0.2], (len(ids), 1)), TEXT)
        stop = iter([False, False, True])
        watch = Watch(lambda *at: seen.append(at), lambda: next(stop))
        with pytest.raises(Cancelled):
            smallest_flip(sure, None, watch)
        assert seen == [(1, 6), (2, 6)]

    def test_putting_back_can_be_cancelled_too(self):
        values = {(): 0.1, (0,): 0.6, (1,): 0.7, (0, 1): 0.9}
        ablation = model_of({frozenset(k): v for k, v in values.items()}, 2)
        steps = iter([False, False, True])
        assert smallest_flip(ablation).units == (0, 1)
        with pytest.raises(Cancelled):
            smallest_flip(ablation, watch=Watch(cancelled=lambda: next(steps)))
        assert next(steps, None) is None  # it was the third look, after the last step

    @pytest.mark.parametrize("seed", range(20))
    def test_passes_are_bounded(self, seed):
        ablation = model_of(random_table(np.random.default_rng(seed), 5), 5)
        smallest_flip(ablation)
        assert ablation.passes <= 25 + 2 * 5 + 2

    @pytest.mark.parametrize("head", HEADS)
    def test_each_member_is_needed(self, trained, head):
        model = Model(Explainer(trained(head)))
        rng = np.random.default_rng(11)
        flips = 0
        for _ in range(10):
            ablation = Ablation(model.probabilities, rng.integers(1, 30, 9).astype(np.int32))
            found = smallest_flip(ablation)
            if found is None:
                continue
            flips += 1
            erased = np.isin(np.arange(9), found.units)
            assert ablation.probabilities(erased[None])[0].argmax() != ablation.target
            for unit in found.units:
                less = erased.copy()
                less[unit] = False
                assert ablation.probabilities(less[None])[0].argmax() == ablation.target
        assert flips

    @pytest.mark.parametrize("head", HEADS)
    def test_removals_flip_and_leave_something(self, trained, head):
        model = Model(Explainer(trained(head)))
        rng = np.random.default_rng(5)
        found = 0
        for length in (1, 7, 8, 40):
            ids = rng.integers(1, 30, length).astype(np.int32)
            (removal,) = smallest_removals([model], [ids])
            if removal is None:
                continue
            found += 1
            left = np.delete(ids, removal.positions)
            before, after = (model.probabilities(each[None])[0] for each in (ids, left))
            assert before.argmax() != after.argmax()
            np.testing.assert_allclose(after, removal.probabilities, atol=1e-9)
            assert removal.minimal <= (len(removal.positions) == 1)
        assert found

    def test_only_some_units_may_be_erased(self):
        model = model_of({frozenset(k): v for k, v in self.TABLE.items()}, 3)
        assert smallest_flip(model, among=[1, 2]).units == (1, 2)
        assert smallest_flip(model, among=[0, 1]) is None

    @pytest.mark.parametrize("needed", [[0], [7, 50], list(range(40, 120)), list(range(0, 200, 2))])
    def test_a_long_text_is_searched_down_to_single_tokens(self, needed):
        """200 tokens; the class stands while one of the needed ones, of id 2, is there."""
        ids = np.full(200, 3, np.int32)
        ids[needed] = 2
        steps = []
        found = smallest_removals(
            [DecidedBy2()] * 2, [ids] * 2, Watch(lambda *at: steps.append(at))
        )
        assert [each.positions for each in found] == [tuple(needed)] * 2
        assert found[0].minimal == (len(needed) == 1)
        assert steps == sorted(steps) and steps[-1] == (200, 200)

    def test_a_long_search_is_cancelled_in_any_round(self):
        ids = np.array([2] + [3] * 2000, np.int32)
        for looks in range(4):  # each round needs a single step, and may put a single unit back
            asked = iter([False] * looks + [True])
            watch = Watch(cancelled=lambda asked=asked: next(asked))
            with pytest.raises(Cancelled):
                smallest_removals([DecidedBy2()], [ids], watch)

    def test_an_empty_text_is_no_removal(self):
        class NeedsAnyToken:
            def probabilities(self, ids):
                p = np.where((ids > 0).any(axis=1), 0.9, 0.1)
                return np.stack([p, 1 - p], axis=1)

        assert smallest_removals([NeedsAnyToken()], [np.array([2, 3], np.int32)]) == [None]

    def test_each_head_reads_ids_of_its_own(self):
        ids = [np.array(each, np.int32) for each in ([5, 2, 3], [2, 5, 3])]
        found = smallest_removals([DecidedBy2()] * 2, ids)
        assert [each.positions for each in found] == [(1,), (0,)]


class TestPadding:
    @pytest.mark.parametrize("head", HEADS)
    def test_real_checkpoints_pass(self, trained, head):
        engine = Engine(trained(head))
        runs = padding_check(engine, TEXT)
        assert [run.length for run in runs] == [7, 8, 22, 70, 262]
        assert all(run.passed for run in runs)

    @pytest.mark.parametrize(
        "key", [("siamese", "attention"), ("interactive", "additive", "dense")], ids=str
    )
    def test_real_matchers_pass(self, trained_matcher, key, monkeypatch):
        explainer = PairExplainer(trained_matcher(*key))
        runs = pair_padding_check(explainer, TEXT, TEXT[:2])
        assert [run.length for run in runs] == [7, 8, 22, 70, 262]
        assert all(run.passed for run in runs)
        monkeypatch.setattr("poolviz.trust.ablation.selfcheck.PADDING_ID", 2)  # no padding at all
        assert not any(run.passed for run in pair_padding_check(explainer, TEXT, TEXT[:2]))

    def test_a_leak_is_found(self):
        class Leaky:
            """Average pooling over all positions, padding included."""

            def run(self, ids, outputs):
                share = 1 / ids.shape[1]
                weights = np.full((len(ids), 1, ids.shape[1]), share)
                p = np.full(len(ids), share)
                return {"weights": weights, "probabilities": np.stack([p, 1 - p], axis=1)}

        (run,) = padding_check(Leaky(), TEXT, pads=[6])
        assert not run.passed
        wanted = PaddedRun(12, 1 / 6 - 1 / 12, 1 / 6 - 1 / 12, 1 / 12)
        assert vars(run) == pytest.approx(vars(wanted))
