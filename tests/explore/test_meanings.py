"""Labels of a file are matched by meaning, and only where somebody says so."""

import pytest

from poolviz.errors import ChoiceError
from poolviz.explore.meanings import numbers_of, proposed, read_said

OPINION = ("负面", "正面")


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (["0", "1"], ["负面", "正面"]),
        (["0.0", "1.0"], ["负面", "正面"]),
        (["-1", "0", "1"], ["负面", None, "正面"]),
        (["-1", "1"], ["负面", "正面"]),
        (["True", "False"], ["正面", "负面"]),
        (["yes", "NO"], ["正面", "负面"]),
        (["好评", "差评"], ["正面", "负面"]),
        (["Positive", " negative ", "neutral"], ["正面", "负面", None]),
        (["1", "2", "3", "4", "5"], ["负面", "负面", None, "正面", "正面"]),
        (["1.0", "5.0"], ["负面", "正面"]),
        (["1", "2"], [None, None]),  # nobody can tell
        (["1"], [None]),
        (["0", "1", "2", "3"], [None] * 4),
        (["nan", "10"], [None, None]),
    ],
)
def test_proposals(labels, wanted):
    assert list(proposed(labels, OPINION).values()) == wanted


def test_classes_by_their_meaning():
    found = proposed(["体育", "Sports", "tech", "1"], ("体育", "科技"))
    assert found == {"Sports": "体育", "tech": None, "1": None}
    assert proposed(["0", "1"], ("差评", "中评", "好评")) == {"0": None, "1": None}


def test_one_star_is_not_a_class_by_itself():
    assert numbers_of(OPINION, {}) == {"负面": 0, "正面": 1}
    said = {"1": "负面", "5": "正面", "3": None}
    assert numbers_of(OPINION, said) == {"1": 0, "5": 1, "负面": 0, "正面": 1}
    assert numbers_of(OPINION, {"正面": "负面"})["正面"] == 1  # a class is what it is


def test_what_is_said():
    assert read_said("0=负面, 1 = 正面", OPINION) == {"0": "负面", "1": "正面"}
    assert read_said("a=b=正面", OPINION) == {"a=b": "正面"}
    for wrong in ("0", "0=好", "=正面", ""):
        with pytest.raises(ChoiceError, match="LABEL=CLASS"):
            read_said(wrong, OPINION)
