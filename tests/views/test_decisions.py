"""The class that several heads are measured by, and who decides for what."""

from dataclasses import replace

import numpy as np

from poolviz.views.decisions import named_class, tally
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

HEADS = ("max", "average", "min-variance", "attention", "multi-head")


def deciding(*shares: tuple[float, ...], classes=("负面", "正面")):
    return [
        replace(fake_explanation(head=head, classes=classes), probabilities=np.array(share))
        for head, share in zip(HEADS, shares, strict=False)
    ]


def test_of_two_classes_it_is_always_the_second():
    assert named_class(deciding((0.9, 0.1), (0.8, 0.2))) == "正面"
    assert named_class(deciding((0.1, 0.9))) == "正面"


def test_of_more_it_is_the_most_probable_on_average():
    found = deciding((0.5, 0.3, 0.2), (0.1, 0.5, 0.4), classes=("a", "b", "c"))
    assert named_class(found) == "b"
    assert named_class(deciding((0.4, 0.4, 0.2), classes=("a", "b", "c"))) == "a"


def test_camps_are_counted_the_largest_first():
    found = deciding((0.9, 0.1), (0.2, 0.8), (0.3, 0.7), (0.4, 0.6))
    assert tally(found) == "3 heads: positive, 1 head: negative"


def test_contributions_of_all_heads_go_to_that_class():
    found = deciding((0.9, 0.1), (0.2, 0.8))
    shown = panel(found, View("contribution"))
    assert shown.view.target == "正面"
    for row, explanation in zip(shown.summaries, found, strict=True):
        np.testing.assert_allclose(row.values, explanation.contributions[..., 1].sum(axis=0))
