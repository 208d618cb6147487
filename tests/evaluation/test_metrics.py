"""Figures of predictions: by hand, against scikit-learn, and their intervals."""

import json
import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binom
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from poolviz.evaluation import metrics
from poolviz.evaluation.intervals import of_share

CLASSES = ("a", "b", "c")


def figures(truth, predicted, classes=CLASSES):
    return metrics.evaluate(np.array(truth), np.array(predicted), classes)


@st.composite
def predictions(draw, rows=(1, 120)):
    """(truth, predicted, number of classes), right about as often as not."""
    classes = draw(st.integers(2, 5))
    count = draw(st.integers(*rows))
    random = np.random.default_rng(draw(st.integers(0, 2**16)))
    truth = random.integers(0, classes, count)
    guesses = random.integers(0, classes, count)
    right = random.random(count) < draw(st.sampled_from([0.0, 0.5, 0.9, 1.0]))
    return truth, np.where(right, truth, guesses), classes


class TestByHand:
    # true a: a a b; true b: b b b; true c: a c
    TRUTH, PREDICTED = [0, 0, 0, 1, 1, 1, 2, 2], [0, 0, 1, 1, 1, 1, 0, 2]

    def test_confusion_has_true_classes_in_rows(self):
        matrix = metrics.confusion(np.array(self.TRUTH), np.array(self.PREDICTED), 3)
        assert matrix.tolist() == [[2, 1, 0], [0, 3, 0], [1, 0, 1]]

    def test_confusion_of_small_integers(self):
        truth, predicted = np.array([19, 19], np.int8), np.array([18, 19], np.int8)
        matrix = metrics.confusion(truth, predicted, 20)
        assert (matrix[19, 18], matrix[19, 19], matrix.sum()) == (1, 1, 2)

    def test_all_figures(self):
        found = figures(self.TRUTH, self.PREDICTED)
        assert found["rows"] == 8
        assert found["accuracy"]["value"] == 6 / 8
        # F1: 2·2/(3+3), 2·3/(3+4), 2·1/(2+1)
        assert found["macro_f1"]["value"] == pytest.approx((2 / 3 + 6 / 7 + 2 / 3) / 3)
        a, b, c = found["per_class"]
        assert (a["class"], a["rows"], a["precision"], a["recall"]) == ("a", 3, 2 / 3, 2 / 3)
        assert (b["precision"], b["recall"], b["f1"]) == (3 / 4, 1, pytest.approx(6 / 7))
        assert (c["precision"], c["recall"], c["f1"]) == (1, 1 / 2, pytest.approx(2 / 3))
        assert found["confusion"] == [[2, 1, 0], [0, 3, 0], [1, 0, 1]]

    def test_many_matrices_at_once(self):
        one = np.array([[2, 1], [0, 3]])
        both = np.stack([one, np.eye(2)])
        np.testing.assert_allclose(metrics.accuracy(both), [5 / 6, 1])
        np.testing.assert_allclose(metrics.macro_f1(both), [(4 / 5 + 6 / 7) / 2, 1])

    def test_interval_of_accuracy_is_that_of_the_binomial(self):
        # 320 of 400: the bootstrap counts hits ~ binomial(400, 0.8), 95 % within 304 to 335
        found = figures([0] * 400, [0] * 320 + [1] * 80)["accuracy"]
        assert found["low"] == pytest.approx(304 / 400, abs=0.006)
        assert found["high"] == pytest.approx(335 / 400, abs=0.006)


class TestAgainstScikitLearn:
    @given(predictions())
    def test_accuracy_and_confusion(self, case):
        truth, predicted, classes = case
        matrix = metrics.confusion(truth, predicted, classes)
        wanted = confusion_matrix(truth, predicted, labels=range(classes))
        assert matrix.tolist() == wanted.tolist()
        assert metrics.accuracy(matrix) == pytest.approx(accuracy_score(truth, predicted))

    @given(predictions())
    def test_macro_f1_over_the_classes_that_occur(self, case):
        truth, predicted, classes = case
        wanted = f1_score(truth, predicted, average="macro", zero_division=0)
        found = metrics.macro_f1(metrics.confusion(truth, predicted, classes))
        assert found == pytest.approx(wanted)

    @given(predictions())
    def test_per_class(self, case):
        truth, predicted, classes = case
        wanted = precision_recall_fscore_support(
            truth, predicted, labels=range(classes), zero_division=np.nan
        )
        names = tuple(map(str, range(classes)))
        for k, entry in enumerate(figures(truth, predicted, names)["per_class"]):
            for name, values in zip(("precision", "recall", "f1", "rows"), wanted, strict=True):
                value = values[k]
                assert entry[name] == (None if np.isnan(value) else pytest.approx(value))


class TestIntervals:
    @given(predictions(rows=(200, 300)))
    def test_contain_the_value(self, case):
        truth, predicted, classes = case
        right = int((truth == predicted).sum())
        assume(5 <= right <= len(truth) - 5 and np.bincount(truth, minlength=classes).min() >= 3)
        found = figures(truth, predicted, tuple(map(str, range(classes))))
        for name in ("accuracy", "macro_f1"):
            assert 0 <= found[name]["low"] <= found[name]["value"] <= found[name]["high"] <= 1

    @given(predictions(rows=(1, 199)))
    def test_of_few_rows_accuracy_alone_has_one(self, case):
        truth, predicted, classes = case
        found = figures(truth, predicted, tuple(map(str, range(classes))))
        hits = int((truth == predicted).sum())
        assert found["accuracy"] == of_share(hits, len(truth)).to_json()
        assert found["macro_f1"]["low"] is None and found["macro_f1"]["high"] is None

    def test_where_next_to_nothing_is_wrong_accuracy_alone_has_one(self):
        for wrong in (0, 4):
            found = figures([0] * 1_000, [0] * (1_000 - wrong) + [1] * wrong)
            assert found["accuracy"] == of_share(1_000 - wrong, 1_000).to_json()
            assert found["macro_f1"]["low"] is None
        assert figures([0] * 1_000, [0] * 995 + [1] * 5)["macro_f1"]["low"] is not None

    @pytest.mark.parametrize("rows", [20, 50, 100, 200, 500])
    def test_that_of_accuracy_covers(self, rows):
        """Not simulated: the chance of every number of hits is known."""
        hits, chances = np.arange(rows + 1), np.array([0.5, 0.7, 0.85, 0.9, 0.95, 0.97])
        found = [
            metrics.figures_of(np.diag([k, 0]) + [[0, rows - k], [0, 0]], ("a", "b"))
            for k in hits.tolist()
        ]
        low, high = (np.array([each["accuracy"][end] for each in found]) for end in ("low", "high"))
        within = (low[:, None] <= chances + 1e-9) & (chances - 1e-9 <= high[:, None])
        covered = (binom.pmf(hits[:, None], rows, chances) * within).sum(axis=0)
        assert covered.min() >= 0.92 and covered.mean() >= 0.94

    @pytest.mark.parametrize("shares", [(0.5, 0.5), (0.9, 0.1), (0.2,) * 5])
    def test_that_of_macro_f1_covers(self, shares):
        random, names, covered = np.random.default_rng(7), tuple("abcde")[: len(shares)], []
        for right in (0.7, 0.9):
            wrong = (1 - right) / (len(shares) - 1)
            cells = np.where(np.eye(len(shares)), right, wrong) * np.array(shares)[:, None]
            wanted = metrics.macro_f1(cells)
            for drawn in random.multinomial(200, cells.ravel(), size=150):
                found = metrics.figures_of(drawn.reshape(cells.shape), names)["macro_f1"]
                covered.append(found["low"] <= wanted <= found["high"])
        assert np.mean(covered) >= 0.92

    def test_narrow_with_more_rows(self):
        def width(repeats):
            found = figures([0, 0, 1, 1] * repeats, [0, 1, 1, 1] * repeats)["accuracy"]
            return found["high"] - found["low"]

        # four times the rows, half the width
        assert width(200) == pytest.approx(width(50) / 2, rel=0.2)

    def test_are_the_same_each_time(self):
        assert figures([0, 1, 2, 0], [0, 1, 1, 2]) == figures([0, 1, 2, 0], [0, 1, 1, 2])


class TestDegenerate:
    def test_all_right(self):
        found = figures([0, 1, 2], [0, 1, 2])
        assert found["accuracy"] == of_share(3, 3).to_json()
        assert found["macro_f1"] == {"value": 1, "low": None, "high": None}

    def test_all_wrong(self):
        found = figures([0, 1, 2], [1, 2, 0])
        assert found["accuracy"] == of_share(0, 3).to_json()
        assert found["macro_f1"]["value"] == 0

    def test_class_that_neither_occurs_nor_is_predicted(self):
        found = figures([0, 1], [0, 1])
        assert found["macro_f1"]["value"] == 1
        absent = {"class": "c", "rows": 0, "precision": None, "recall": None, "f1": None}
        assert found["per_class"][2] == absent

    def test_class_that_is_predicted_only(self):
        entry = figures([0, 1], [0, 2])["per_class"][2]
        assert (entry["precision"], entry["recall"], entry["f1"]) == (0, None, 0)

    def test_class_that_is_never_predicted(self):
        entry = figures([0, 2], [0, 0])["per_class"][2]
        assert (entry["precision"], entry["recall"], entry["f1"]) == (None, 0, 0)

    def test_one_row(self):
        assert figures([1], [1])["accuracy"] == of_share(1, 1).to_json()
        assert figures([1], [1])["macro_f1"] == {"value": 1, "low": None, "high": None}

    def test_no_warnings_and_strict_json(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = figures([0, 1], [0, 0])
        json.dumps(found, allow_nan=False)


@st.composite
def scored_pairs(draw):
    """(truth, probabilities), both classes present, with ties."""
    random = np.random.default_rng(draw(st.integers(0, 2**16)))
    count = draw(st.integers(2, 80))
    truth = random.integers(0, 2, count)
    truth[:2] = [0, 1]
    steps = draw(st.sampled_from([3, 10, 1000]))
    return truth, np.round(np.clip(truth * 0.2 + random.random(count) * 0.8, 0, 1) * steps) / steps


class TestPairs:
    def test_by_hand(self):
        truth, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.6, 0.9])
        found = metrics.evaluate_pairs(truth, scores, 0.6)
        assert found["accuracy"]["value"] == 3 / 4
        assert found["f1"]["value"] == pytest.approx(2 * 2 / (3 + 2))
        # of four pairs of a match and a non-match three are in order, one is a tie
        assert found["roc_auc"]["value"] == pytest.approx(3.5 / 4)
        assert found["confusion"] == [[1, 1], [0, 2]]

    @given(scored_pairs(), st.floats(0, 1))
    def test_against_scikit_learn(self, pairs, threshold):
        truth, scores = pairs
        found = metrics.evaluate_pairs(truth, scores, threshold)
        predicted = scores >= threshold
        assert found["accuracy"]["value"] == pytest.approx(accuracy_score(truth, predicted))
        assert found["f1"]["value"] == pytest.approx(f1_score(truth, predicted, zero_division=0))
        assert found["roc_auc"]["value"] == pytest.approx(roc_auc_score(truth, scores))

    def test_intervals_hold_the_value_and_narrow_with_rows(self):
        random = np.random.default_rng(1)
        widths = []
        for rows in (400, 10_000):
            truth = random.integers(0, 2, rows)
            found = metrics.evaluate_pairs(truth, truth * 0.3 + random.random(rows), 0.65)
            for name in ("accuracy", "f1", "roc_auc"):
                assert found[name]["low"] < found[name]["value"] < found[name]["high"]
            widths.append(found["roc_auc"]["high"] - found["roc_auc"]["low"])
        assert widths[1] < widths[0] / 4

    @given(scored_pairs())
    def test_no_threshold_beats_the_best(self, pairs):
        truth, scores = pairs
        best = metrics.best_threshold(truth, scores)
        reached = ((scores >= best) == truth).mean()
        assert reached == max(((scores >= t) == truth).mean() for t in [*scores, 2.0])

    def test_of_equal_thresholds_the_one_nearest_to_one_half(self):
        assert metrics.best_threshold(np.array([0, 1]), np.array([0.2, 0.8])) == 0.5
        assert metrics.best_threshold(np.array([0, 0, 1]), np.array([0.0, 0.3, 0.4])) == 0.35

    def test_calibration_against_scikit_learn(self):
        random = np.random.default_rng(3)
        logits = random.normal(2, 3, 500)
        truth = (random.random(500) < 1 / (1 + np.exp(1 - 0.7 * logits))).astype(int)
        theirs = LogisticRegression(C=1e6, tol=1e-10).fit(logits[:, None], truth)
        scale, bias = metrics.calibration(logits, truth)
        assert scale == pytest.approx(theirs.coef_[0, 0], abs=1e-3)
        assert bias == pytest.approx(theirs.intercept_[0], abs=1e-3)

    def test_calibration_never_turns_scores_round(self):
        scale, _ = metrics.calibration(np.array([0.0, 1.0, 2.0, 3.0]), np.array([1, 1, 0, 0]))
        assert scale > 0
        scale, bias = metrics.calibration(np.array([0.0, 1.0]), np.array([0, 1]))
        assert np.isfinite([scale, bias]).all()
