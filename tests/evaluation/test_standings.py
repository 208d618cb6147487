"""The answer to "which head?": sentences that follow from comparisons, and shipped figures."""

from dataclasses import replace

import pytest

from poolviz import language, places
from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.evaluation import predictions
from poolviz.evaluation.comparison import Comparison, between, compare
from poolviz.evaluation.standings import Standing, answer, how_chosen, standings
from poolviz.model.kinds import CLASSIFIER, kinds_of
from poolviz.values.interval import Interval

SEEDS = (0.9, 0.89, 0.91)
MAX = Standing("max", "Max", 1561, Interval(0.9, 0.88, 0.92), SEEDS, 200, 30.0, 0.7)
AVERAGE = replace(MAX, head="average", title="Average", parameters=200)
ATTENTION = replace(MAX, head="attention", title="Attention", parameters=300)
ALL = [MAX, AVERAGE, ATTENTION]


def pair(first: Standing, second: Standing, better: Standing | None = None) -> Comparison:
    p = 0.001 if better else 0.2
    return Comparison(first.head, second.head, 9, 3, p, p, better.head if better else None)


def pairs(*better: Standing | None) -> list[Comparison]:
    """Max and Average, Max and Attention, Average and Attention: who is better in each."""
    both = ((MAX, AVERAGE), (MAX, ATTENTION), (AVERAGE, ATTENTION))
    return [pair(*two, winner) for two, winner in zip(both, better, strict=True)]


@pytest.mark.parametrize(
    ("better", "said"),
    [
        (
            (None, None, None),
            "No head is shown to be better on these 1,561 test rows. "
            "Cheapest that are not shown worse: Max, Average (200 parameters each).",
        ),
        (
            (MAX, None, None),
            "Max is shown to be better than Average. "
            "Cheapest that is not shown worse: Max (200 parameters).",
        ),
        (
            (MAX, MAX, None),
            "Max is shown to be better than every other head. "
            "Cheapest that is not shown worse: Max (200 parameters).",
        ),
        (
            (None, ATTENTION, ATTENTION),
            "Attention is shown to be better than every other head. "
            "Cheapest that is not shown worse: Attention (300 parameters).",
        ),
        (
            (MAX, None, ATTENTION),
            "Max is shown to be better than Average. Attention is shown to be better than Average. "
            "Cheapest that is not shown worse: Max (200 parameters).",
        ),
    ],
)
def test_the_answer_follows_from_the_comparisons(better, said):
    assert " ".join(answer(ALL, pairs(*better))) == said


def test_of_two_heads_the_other_one_is_named():
    assert answer([MAX, AVERAGE], [pair(MAX, AVERAGE, MAX)])[0] == (
        "Max is shown to be better than Average."
    )


def test_one_head_alone_is_not_compared():
    assert answer([MAX], []) == ["Max is right on 90.0% (88.0% – 92.0%) of 1,561 test rows."]


def test_what_was_not_compared_is_not_judged():
    assert answer(ALL, []) == ["These heads were not compared on the same test rows."]
    cheap = replace(MAX, head="cheap", title="Cheap", parameters=1)
    assert "Cheap," not in answer([*ALL, cheap], pairs(None, None, None))[-1]


def test_heads_trained_once_prove_nothing():
    once = [replace(standing, seeds=()) for standing in ALL]
    assert answer(once, pairs(None, None, None)) == [
        "Each head was trained once, which cannot show that one is better."
    ]
    found = answer([MAX, AVERAGE, once[2]], pairs(MAX, None, None))
    assert found[:2] == [
        "Max is shown to be better than Average.",
        "Trained once, so that nothing is shown of them: Attention.",
    ]


def test_it_is_said_in_chinese():
    language.use("zh_CN")
    try:
        found = answer(ALL, pairs(MAX, None, None))
    finally:
        language.use("en")
    assert found[0].startswith("最大池化") and "No head" not in "".join(found)


def test_a_comparison_is_found_from_either_side():
    found = pairs(None, None, MAX)
    assert between(found, "attention", "average") is found[2]
    assert between(found, "average", "attention") is found[2]
    assert between(found, "average", "min-variance") is None
    assert found[2].other("average") == "attention" and found[2].other("attention") == "average"


@pytest.mark.parametrize(
    ("task", "first"),
    [
        ("chnsenticorp_htl_all", "No head is shown to be better on these 1,561 test rows."),
        (
            "simplifyweibo_4_moods",
            "Max is shown to be better than Min-variance, Average.",
        ),
        ("bbc_news", "No head is shown to be better on these 667 test rows."),
    ],
)
def test_what_is_said_of_the_shipped_heads(task, first):
    present = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    shipped = choose(present, task, kinds_of(CLASSIFIER), readout="linear")
    found = standings(shipped)
    values = [standing.accuracy.value for standing in found]
    assert values == sorted(values, reverse=True)
    for standing in found:
        assert standing.seeds[0] == standing.accuracy.value and len(standing.other_seeds) == 2
    right = predictions.right_on_same_rows(shipped)
    compared = compare(right, {standing.head: standing.seeds for standing in found})
    assert answer(found, compared)[0] == first


def test_how_shipped_hyper_parameters_were_chosen_is_said(trained):
    own = read(places.SHIPPED_CHECKPOINTS / "chnsenticorp_htl_all" / "max")
    said = how_chosen(own)
    assert "but for --texts-per-batch 32, --min-frequency 32." in said
    assert "test figures were in sight" in said
    same = read(places.SHIPPED_CHECKPOINTS / "weibo_senti_100k" / "max")
    assert how_chosen(same).startswith("Hyper-parameters are the defaults for all heads and both")
    assert "but for" not in how_chosen(same)
    assert how_chosen(trained("max")) == ""
