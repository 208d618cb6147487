"""`trust --shapley`: a short text, its contributions beside its Shapley values."""

import json

import pytest

from poolviz.checkpoints.checkpoint import read
from poolviz.cli import BAD_INPUT, FINE
from poolviz.engine.texts import Explainer, encoded_each
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.shapley import compare_all

pytest_plugins = ["tests.cli_fixtures"]
TEXT = "这家店的菜好吃，茶一般。"  # written for this test


def words(root, text: str = TEXT, *more) -> tuple:
    return ("trust", "--dataset", "invented", "--root", root, "--shapley", text, *more)


def compared(root, text: str = TEXT):
    model = Model(Explainer(read(root / "invented" / "max")))
    [found] = compare_all([model], encoded_each([model.explainer], text))
    return found


def test_both_numbers_of_every_token_stand_in_a_table(call, root):
    code, out, _err = call(*words(root, TEXT, "--head", "max"))
    assert code == FINE
    found = compared(root)
    target = found.explanation.predicted
    lines = [line.split() for line in out.splitlines()]
    for number, token in enumerate(found.explanation.tokens):
        numbers = [found.contributions(target), *(found.values(target, how) for how in ERASURES)]
        cells = [str(number + 1), token.text, *(f"{values[number]:+.3f}" for values in numbers)]
        assert cells in lines
    like = found.likeness(target, "mask")
    assert f"mask: r {like.r:.3f}, tau {like.tau:.3f}" in out
    assert "the parts sum exactly" in out


def test_sampled_values_have_their_error(call, root):
    _code, out, _err = call(*words(root, "好" + TEXT * 3, "--head", "max"))
    assert "±" in out and "Sampled over 400 orders" in out


def test_as_data(call, root):
    code, out, _err = call(*words(root, TEXT, "--json"))
    assert code == FINE
    of_heads = {one["name"]: one for one in json.loads(out)}
    assert set(of_heads) == {"attention", "max"}
    most = of_heads["max"]
    found, target = compared(root), most["class"]
    assert most["contributions"] == pytest.approx(found.contributions(target).tolist())
    for how in ERASURES:
        assert most["shapley"][how]["exact"]
        assert most["shapley"][how]["values"] == pytest.approx(found.values(target, how).tolist())
        assert most["shapley"][how]["r"] == pytest.approx(found.likeness(target, how).r)


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("好" * 65, (), "64 are the most"),
        (" ", (), "visible"),
        (TEXT, ("--folder", "."), "leave out --csv, --folder and --labels"),
    ],
)
def test_what_it_cannot_do_it_says(call, root, text, more, told):
    code, out, err = call(*words(root, text, *more))
    assert (code, out) == (BAD_INPUT, "")
    assert told in err


def test_a_text_and_a_sample_of_rows_do_not_go_together(call, root, capsys):
    with pytest.raises(SystemExit):
        call(*words(root, TEXT, "--sample", "5"))
    assert "not allowed with argument" in capsys.readouterr().err
