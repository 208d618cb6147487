"""What a view of sentence pairs shows."""

import numpy as np
import pytest

from poolviz.errors import TextError
from poolviz.model.kinds import OUTCOMES
from poolviz.values.pairs import TripletExplanation
from poolviz.views.pairs import (
    anchor_note,
    check_sentences,
    sentence_panels,
    strongest,
)
from poolviz.views.panel import Panel
from tests.fakes import fake_pair, fake_triplet

EXPLAINED = [
    fake_pair(seed=0),
    fake_pair(kind="interactive", head="additive", readout="dense", seed=5),
]


def ends(panel: Panel) -> set[tuple[float, float]]:
    return {(row.low, row.high) for row in panel.summaries}


@pytest.mark.parametrize("quantity", ["weight", "contribution"])
def test_all_sentences_of_all_matchers_share_one_scale(quantity):
    panels = sentence_panels(EXPLAINED, quantity)
    assert list(panels) == ["Sentence A", "Sentence B"]
    values = [row.values for panel in panels.values() for row in panel.summaries]
    top = max(np.abs(row).max() for row in values)
    low = 0.0 if quantity == "weight" else -top
    assert set.union(*map(ends, panels.values())) == {(low, top)}
    assert [row.label for row in panels["Sentence A"].summaries] == [
        "Siamese · Attention",
        "Interactive · Additive attention · dense",
    ]


def test_weights_and_contributions_are_the_explanations_own():
    pair = EXPLAINED[0]
    weights, contributions = (sentence_panels([pair], q) for q in ("weight", "contribution"))
    for side, name in zip(pair.sides, ("Sentence A", "Sentence B"), strict=True):
        np.testing.assert_allclose(weights[name].summaries[0].values, side.weights.mean(axis=0))
        to_match = side.contributions[..., OUTCOMES.index("匹配")].sum(axis=0)
        np.testing.assert_allclose(contributions[name].summaries[0].values, to_match)


def test_a_match_is_called_so_in_the_readers_language():
    panels = sentence_panels(EXPLAINED, "contribution")
    assert {panel.unit for panel in panels.values()} == {"contribution to “match”"}


def test_a_triplet_has_three_sentences_and_two_pairs():
    triplet = fake_triplet("甲", "乙乙", "丙丙丙")
    assert [side.text for side in triplet.sentences] == ["甲", "乙乙", "丙丙丙"]
    assert [pair.sides[1].text for pair in triplet.pairs] == ["乙乙", "丙丙丙"]
    assert list(sentence_panels([triplet])) == ["Anchor", "Positive", "Negative"]


@pytest.mark.parametrize(
    ("kind", "quantity", "noted"),
    [
        ("siamese", "weight", False),
        ("siamese", "contribution", True),
        ("interactive", "weight", True),
    ],
)
def test_an_anchors_values_that_depend_on_the_other_sentence_are_noted(kind, quantity, noted):
    parts = [fake_pair("甲", other, kind=kind) for other in ("乙乙", "丙丙丙")]
    triplet = TripletExplanation(*parts, margin=0.3)
    assert ("beside the positive" in anchor_note(triplet, quantity)) == noted
    assert anchor_note(parts[0], quantity) == ""


def test_the_strongest_cells_are_the_largest_of_either_sign_without_zeros():
    cells = np.array([[0.0, -0.5, 0.1], [0.3, 0.0, 0.0]])
    assert strongest(cells, 2) == [(0, 1), (1, 0)]
    assert strongest(cells, 10) == [(0, 1), (1, 0), (0, 2)]


@pytest.mark.parametrize(
    ("mode", "texts", "name"),
    [
        ("pair", ("", "好"), "Sentence A"),
        ("pair", ("好", " \u200b"), "Sentence B"),
        ("triplet", ("好", "好", "\n"), "Negative"),
    ],
)
def test_an_empty_sentence_is_named(mode, texts, name):
    with pytest.raises(TextError, match=name):
        check_sentences(mode, texts)


def test_a_sentence_that_is_too_long_is_named():
    with pytest.raises(TextError, match="Negative has 100,001 characters"):
        check_sentences("triplet", ("好", "好", "好" * 100_001))


def test_sentences_with_something_to_read_are_fine():
    check_sentences("triplet", ("好", "坏", "!"))
