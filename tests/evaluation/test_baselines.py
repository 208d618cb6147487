"""The scores to beat: by hand, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics.pairwise import cosine_similarity

from poolviz.evaluation import baselines
from poolviz.evaluation.baselines import NgramRegression, character_cosines


def test_cosines_by_hand():
    pairs = [("ab", "ab"), ("aab", "ac"), ("ab", "cd"), ("a b", "ＡB"), ("", "ab")]
    # (2, 1, 0) · (1, 0, 1) = 2, over √5 √2
    assert character_cosines(pairs) == pytest.approx([1, 2 / 10**0.5, 0, 1, 0])


def test_cosines_against_scikit_learn():
    a, b = "今天天气怎么样", "明天天气好吗"
    characters = sorted(set(a + b))
    counts = [[text.count(c) for c in characters] for text in (a, b)]
    assert character_cosines([(a, b)])[0] == pytest.approx(cosine_similarity(counts)[0, 1])


def features(pairs, columns) -> np.ndarray:
    """Dense, with each n-gram counted by looking for it at every place."""

    def count(text, gram):
        return sum(text.startswith(gram, i) for i in range(len(text)))

    rows = []
    for a, b in pairs:
        counts = [(count(a, gram), count(b, gram)) for gram in columns]
        rows.append([x for p, q in counts for x in (min(p, q), abs(p - q))])
    return np.array(rows, float)


def test_regression_against_scikit_learn():
    random = np.random.default_rng(0)
    texts = ["".join(random.choice(list("abcde"), size=random.integers(1, 9))) for _ in range(400)]
    pairs = list(zip(texts[::2], texts[1::2], strict=True))
    labels = np.array([len(set(a) & set(b)) > 2 for a, b in pairs]).astype(int)
    ours = NgramRegression(ridge=2.0, steps=3_000).fit(pairs, labels)
    x = features(pairs, ours.columns)
    theirs = LogisticRegression(C=1 / 2.0, tol=1e-10, max_iter=10_000).fit(x, labels)
    np.testing.assert_allclose(ours.probabilities(pairs), theirs.predict_proba(x)[:, 1], atol=1e-4)
    assert set(ours.columns) <= {a + b for a in "abcde" for b in ["", *"abcde"]}


def test_regression_on_what_it_has_never_seen():
    model = NgramRegression(steps=50).fit([("ab", "ab"), ("ab", "cd")] * 10, np.array([1, 0] * 10))
    same, other, unknown = model.probabilities([("ab", "ab"), ("ab", "cd"), ("xyz", "uvw")])
    assert same > 0.5 > other
    assert 0 < unknown < 1


def test_rare_ngrams_are_left_out():
    labels = np.array([1, 0] * 3)
    model = NgramRegression(steps=1).fit([("aa", "b")] * 5 + [("cc", "b")], labels)
    assert set(model.columns) == {"a", "aa", "b"}
    assert baselines.MIN_COUNT == 3
