"""The verdict on each head in words: golden sentences of invented and of shipped numbers."""

import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.trust.rows.results import read_summary
from poolviz.trust.rows.standing import standings

BETTER, SAME, WORSE = (0.1, 0.2), (-0.1, 0.1), (-0.2, -0.1)


def figure(value: float, n: int = 200) -> dict[str, float]:
    return {"value": value, "low": value - 0.02, "high": value + 0.02, "n": n}


def summary(random, weight, own, chance=BETTER, contributions=WORSE, rows=1000, equal=False):
    """A survey's summary, with the intervals of both differences that the verdict rests on."""
    values = {"random": random, "weight": weight, "contribution": own}
    found = {f"naopc.{key}.comprehensiveness": figure(at) for key, at in values.items()}
    if not equal:
        found["mask.weight.tau"] = figure(0.1)
    differences = {
        f"mask.weight~{other}": {"value": (low + high) / 2, "low": low, "high": high, "n": rows}
        for other, (low, high) in (("random", chance), ("contribution", contributions))
    }
    return {"rows": rows, "figures": found, "differences": differences}


def sentence(*values, **differences) -> str:
    [standing] = standings({"attention": summary(*values, **differences)})
    return standing.sentence


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((0.2, 0.25, 0.9), "25%: little better than random (20%)"),
        ((0.2, 0.37, 0.9), "37%: little better than random (20%)"),
        ((0.2, 0.4, 0.9), "40%: a third of the way from random (20%) to contributions (90%)"),
        ((0.2, 0.5, 0.9), "50%: about half of the way from random (20%) to contributions (90%)"),
        ((0.2, 0.7, 0.9), "70%: most of the way from random (20%) to contributions (90%)"),
        ((0.2, 0.83, 0.9), "83%: nearly as good as contributions (90%)"),
        ((0.2, 0.4, 0.1), "40%: better than random (20%)"),
    ],
)
def test_how_far_the_weights_have_gone(numbers, said):
    assert sentence(*numbers) == said


def test_overlapping_intervals_are_said():
    assert sentence(0.2, 0.23, 0.9) == (
        "23%: little better than random (20%); their intervals overlap"
    )
    assert "overlap" not in sentence(0.2, 0.25, 0.9)


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ({"chance": SAME}, "50%: not told apart from random (20%)"),
        ({"chance": WORSE}, "50%: worse than random (20%)"),
        ({"contributions": SAME}, "50%: not told apart from contributions (90%)"),
        ({"contributions": BETTER}, "50%: better than contributions (90%)"),
        ({"rows": 99}, "No verdict: measured on too few test rows (99, 100 are needed)."),
        ({"equal": True}, "weights all equal: they rank nothing"),
    ],
)
def test_the_rule_of_the_verdict_decides_first(differences, said):
    assert sentence(0.2, 0.5, 0.9, **differences) == said


def test_what_was_not_measured_is_not_judged():
    found = summary(0.2, 0.5, 0.9)
    del found["figures"]["naopc.contribution.comprehensiveness"]
    [standing] = standings({"attention": found})
    assert standing.sentence.startswith("On 1,000 test rows the weights rank tokens better")
    assert set(standing.shown) == {"random", "weight"}
    [bare] = standings({"attention": found | {"figures": {}, "differences": {}}})
    assert bare.sentence == "Not measured." and not bare.shown


def test_equal_weights_stand_nowhere():
    [standing] = standings({"average": summary(0.2, 0.21, 0.9, equal=True)})
    assert set(standing.shown) == {"random", "contribution"}


def test_shipped_heads_are_told_apart():
    folder = places.SHIPPED_CHECKPOINTS / "chnsenticorp_htl_all"
    heads = ("max", "average", "min-variance", "attention", "multi-head")
    summaries = {head: read_summary(read(folder / head)) for head in heads}
    assert [standing.sentence for standing in standings(summaries)] == [
        "30%: little better than random (23%)",
        "weights all equal: they rank nothing",
        "37%: little better than random (19%)",
        "50%: about half of the way from random (20%) to contributions (95%)",
        "53%: about half of the way from random (19%) to contributions (96%)",
    ]
