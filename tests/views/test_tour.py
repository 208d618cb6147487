"""The first minute: what it says are the text's own numbers."""

import re

import numpy as np
import pytest

from poolviz import language
from poolviz.model.heads import HEADS
from poolviz.views.tour import tour
from tests.fakes import fake_explanation

TEXT = "房间很干净，早餐一般。"


@pytest.fixture(autouse=True)
def english():
    yield
    language.use("en")


def said(*heads: str) -> str:
    return " ".join(
        answer for _question, answer in tour([fake_explanation(TEXT, h) for h in heads])
    )


@pytest.mark.parametrize("head", HEADS)
def test_its_numbers_are_those_of_the_explanation(head):
    example, found = fake_explanation(TEXT, head), said(head)
    k = example.predicted_index
    weights, adds = example.weights.mean(axis=0), example.contributions.sum(axis=0)[:, k]
    assert f"This text has {len(example.tokens)} tokens" in found
    assert f"{weights.max():.1%}" in found and f"{example.probabilities[k]:.1%}" in found
    numbers = [float(n.replace("−", "-")) for n in re.findall(r"[+−]\d+\.\d+", found)]
    expected = [adds.max(), adds.sum(), example.bias[k], example.logits[k]]
    np.testing.assert_allclose(numbers, expected, atol=6e-4)
    assert f"“{example.tokens[int(adds.argmax())].text}” adds the most" in found


def test_the_example_weighs_tokens_unlike_if_one_does():
    assert "gives all tokens the same, 9.1%" in said("average")
    assert "all tokens have the same weight" in said("average")
    assert "“Attention”" in said("average", "max", "attention")
    assert "“Max”" in said("average", "max")


def test_it_speaks_chinese():
    language.use("zh_CN")
    found = said("attention").replace("negative", "")
    assert "池化" in found and not re.search("[a-z]{4}", found)
