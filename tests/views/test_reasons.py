"""Why two sentences match or not, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.views.reasons import reason_of, reason_sentences
from tests.fakes import fake_pair

# 改 密 码 against 换 密 码: the two shared tokens, each other's strongest, and 改, whose strongest
# (换) takes from the score.
CELLS = np.array([[-0.25, 0.01, 0.02], [0.03, 0.5, 0.05], [0.0, 0.06, 0.3125]])


def sentences(**fields) -> list[str]:
    given = {"cells": CELLS, "score": 0.71, "probability": 0.4, "threshold": 0.5, "needed": 0.75}
    reverse = fields.pop("reverse", None)
    return reason_sentences(fake_pair("改密码", "换密码", **{**given, **fields}), reverse)


def test_partners_are_each_others_strongest():
    reason = reason_of(CELLS)
    assert reason.partners == ((1, 1), (2, 2))
    assert reason.alone == ((0,), (0,))
    assert reason.pairs == ((1, 1), (2, 2), (0, 0), (2, 1))


def test_what_only_takes_from_the_score_has_no_partner():
    reason = reason_of(np.array([[-0.1, -0.2], [-0.3, -0.4]]))
    assert reason.partners == () and reason.alone == ((0, 1), (0, 1))


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 99))
def test_every_token_has_one_partner_or_none(rows, columns, seed):
    cells = np.random.default_rng(seed).normal(size=(rows, columns)).round(1)
    reason = reason_of(cells)
    for side, count in enumerate(cells.shape):
        taken = [pair[side] for pair in reason.partners]
        assert sorted([*taken, *reason.alone[side]]) == list(range(count))


def test_no_match_is_told_by_hand():
    assert sentences() == [
        "Siamese · Attention says no match: the cosine 0.710 is 0.040 below the 0.750 it needs.",
        "Strongest pairs of tokens: 密–密 +0.5, 码–码 +0.312, 改–换 −0.25, 码–密 +0.06.",
        "Without a partner of their own: “改” in Sentence A, “换” in Sentence B.",
    ]


def test_a_match_is_told_by_hand():
    assert sentences(probability=0.6, score=0.8)[0] == (
        "Siamese · Attention says match: the cosine 0.800 is 0.050 above the 0.750 it needs."
    )


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.348, "no match: the probability 34.8% is 20.1 percentage points below the"),
        (0.65, "match: the probability 65.0% is 10.1 percentage points above the"),
    ],
)
def test_a_dense_readout_is_told_by_its_probability(probability, said):
    told = sentences(readout="dense", probability=probability, threshold=0.549, reverse=0.66)
    assert told[0] == f"Siamese · Attention · dense says {said} threshold 54.9%."
    assert told[1].startswith("Strongest pairs of tokens, an estimate: 密–密 +0.5,")
    assert told[-1] == "In the other order, (B, A), the logit is 0.660, not 0.710."


def test_tokens_that_stand_together_are_quoted_together():
    pair = fake_pair("怎么取消", "怎么关", cells=np.diag([-1.0, -1, 0, 0.5])[:, 1:], needed=0.5)
    assert reason_sentences(pair)[-1] == (
        "Without a partner of their own: “怎么取” in Sentence A, “怎么” in Sentence B."
    )
    pair = fake_pair("改", "换", cells=np.array([[0.5]]), needed=0.5)
    assert reason_sentences(pair)[-1] == "Every token has a partner of its own."


def test_many_and_long_pieces_are_cut():
    cells = np.tile([[1.0], [-1.0]], (10, 20)) * np.eye(20)
    pair = fake_pair("甲乙" * 10, "甲乙" * 10, cells=cells, needed=0.5)
    assert reason_sentences(pair)[-1].count("“乙”") == 10
    assert reason_sentences(pair)[-1].count("…") == 2
    pair = fake_pair("乙" * 40, "乙", cells=-np.ones((40, 1)), needed=0.5)
    assert f"“{'乙' * 15}…”" in reason_sentences(pair)[-1]


def test_sentences_without_cells_say_so():
    assert sentences(cells=None)[1] == (
        "These sentences are too long to show every pair of their tokens."
    )


def test_cells_of_nothing_name_no_pair():
    told = sentences(cells=np.zeros((3, 3)))
    assert len(told) == 2 and "Strongest" not in " ".join(told)
