"""`explain` with another sentence: pairs and triplets under matchers."""

import json
import shutil

import numpy as np
import pytest

from poolviz.checkpoints.checkpoint import read
from poolviz.cli import BAD_INPUT, FAILED, FINE, tinted
from poolviz.engine.pairs import PairExplainer
from poolviz.text.width import width_units
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.pairs import strongest

pytest_plugins = ["tests.cli_fixtures"]

TASK = "my_pairs"
A, B, C = "请问怎么去机场", "坐飞机要多少钱", "帮我租房子吧"


@pytest.fixture
def matcher_root(trained_matcher, tmp_path):
    """A folder with two matchers and no classifier."""
    for key in (("siamese", "attention"), ("interactive", "additive", "dense")):
        checkpoint = trained_matcher(*key)
        shutil.copytree(checkpoint.folder, tmp_path / TASK / checkpoint.name)
    return tmp_path


@pytest.fixture
def explain_pair(call, matcher_root):
    """`explain_pair(*words)` of the matchers, A being the text."""
    return lambda *words: call(
        "explain", "--dataset", TASK, "--root", matcher_root, "--text", A, *words
    )


def explainer(root, name):
    return PairExplainer(read(root / TASK / name))


def test_json_is_what_the_match_page_can_open(explain_pair, matcher_root):
    code, out, err = explain_pair("--other", B, "--json")
    assert (code, err) == (FINE, "")
    first, second = map(PairExplanation.from_json, json.loads(out))
    assert (first.kind, second.kind) == ("siamese", "interactive")
    same = explainer(matcher_root, "siamese-attention").explain(A, B)
    np.testing.assert_allclose(first.cells, same.cells)


def test_two_others_are_a_positive_and_a_negative(explain_pair, matcher_root):
    out = explain_pair("--other", B, "--other", C, "--json", "--kind", "siamese")[1]
    [triplet] = map(TripletExplanation.from_json, json.loads(out))
    same = explainer(matcher_root, "siamese-attention").explain_triplet(A, B, C)
    assert triplet.gap == pytest.approx(same.gap)
    out = explain_pair("--other", B, "--other", C)[1]
    assert f"gap {same.gap:.3f}" in out and "Anchor – Negative: " in out
    assert out.count("margin") == 1  # a gap of logits has none


def test_the_tables_hold_the_decision_and_the_strongest_pairs(explain_pair, matcher_root):
    code, out, _err = explain_pair("--other", B, "--top", "3", "--head", "attention")
    pair = explainer(matcher_root, "siamese-attention").explain(A, B)
    lines = out.splitlines()
    start = next(i for i, line in enumerate(lines) if line.lstrip().startswith("#"))
    assert code == FINE
    decided = "match" if pair.matches else "no match"
    assert f"Sentence A – Sentence B: {decided}, probability {pair.probability:.1%}" in out
    assert f"cosine {pair.score:.3f}" in out
    [(i, j), *_others] = strongest(pair.cells, 3)
    assert len(lines[start:]) == 4
    assert {width_units(line) for line in lines[start:]} == {width_units(lines[start])}
    assert lines[start + 1].split() == [
        str(i + 1),
        pair.sides[0].tokens[i].text,
        str(j + 1),
        pair.sides[1].tokens[j].text,
        f"{pair.cells[i, j]:+.4f}",
    ]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--kind", "siamese"), BAD_INPUT, "give --other once"),
        (("--other", B) * 3, BAD_INPUT, "give --other once"),
        (("--other", " "), BAD_INPUT, "Sentence B is empty"),
        (("--other", B, "--other", ""), BAD_INPUT, "Negative is empty"),
        (("--other", "好" * 100_001), BAD_INPUT, "Sentence B has 100,001 characters"),
        (("--other", B, "--kind", "label"), FAILED, "has no checkpoint"),
        (("--other", B, "--kind", "classification"), BAD_INPUT, "--other is for matchers"),
        (("--other", B, "--readout", "mlp"), BAD_INPUT, "choose one of cosine, dense"),
    ],
)
def test_sentences_that_cannot_be_matched(explain_pair, words, code, sentence):
    found, out, err = explain_pair(*words)
    assert (found, out) == (code, "")
    assert sentence in err and err.count("\n") == 1


def test_one_sentence_of_a_data_set_of_pairs_asks_for_the_other(call):
    code, _out, err = call("explain", "--dataset", "lcqmc", "--text", A)
    assert (code, "give --other once" in err) == (BAD_INPUT, True)


def test_sentences_are_exported_as_on_the_match_page(call, matcher_root, tmp_path):
    words = ("export", "--dataset", TASK, "--root", matcher_root, "--text", A, "--other", B)
    assert call(*words, "--output", tmp_path / "f/", "--format", "csv")[0] == FINE
    parts = {path.name.split("_")[3] for path in tmp_path.glob("f/my_pairs_2-matchers_*.csv")}
    assert parts == {"numbers", "cells"}
    words = (*words, "--kind", "siamese")
    assert call(*words, "--output", tmp_path / "m.html")[0] == FINE
    assert b"Plotly.newPlot" in (tmp_path / "m.html").read_bytes()
    quantity = ("--quantity", "contribution")
    code, _out, err = call(*words, "--output", tmp_path / "n.html", *quantity)
    assert (code, "--quantity" in err) == (BAD_INPUT, True)
    assert call(*words, "--output", tmp_path / "n.csv", "--table", "numbers", *quantity)[0] == FINE


def test_an_export_of_pairs_asks_for_the_other_sentence(call, matcher_root, tmp_path):
    words = ("export", "--dataset", "lcqmc", "--root", matcher_root, "--text", A)
    code, out, err = call(*words, "--output", tmp_path / "x.zip")
    assert (code, out, err.count("\n")) == (BAD_INPUT, "", 1)
    assert "--other" in err


def test_what_differs_is_counted(explain_pair):
    out = explain_pair("--other", "请问去机场的路")[1]
    assert "Sentence A: 2 of 7 tokens differ." in out and "\x1b[" not in out


def test_on_a_terminal_the_sentences_are_tinted(explain_pair, monkeypatch):
    monkeypatch.setattr(tinted, "colours_of_terminal", lambda: 256)
    out = explain_pair("--other", B)[1]
    strips = out.count("\x1b[0m")
    assert strips >= 2 * 3  # what differs, and two matchers, for both sentences
    assert out.index("differs, 0: shared") < out.index("Siamese")
    assert out.count("Sentence A, weight:") == 2
