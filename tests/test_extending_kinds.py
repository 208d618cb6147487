"""Adding a kind of model, or a kind of input, takes what the design says and not a line more."""

import json
from dataclasses import replace

import pytest

from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.cli import FINE
from poolviz.cli.commands import evaluate
from poolviz.datasets import CATALOGUE, Corpus
from poolviz.engine.pairs import PairExplainer
from poolviz.evaluation.pairs import matcher_figures
from poolviz.model.heads import PAIR_READOUTS
from poolviz.model.kinds import KINDS, MATCHER, ROWS, Kind, kinds_of
from poolviz.training.kinds import recipes
from poolviz.training.matching import fit_pairs
from poolviz.training.matching.matcher_recipe import prepare_pairs
from poolviz.values.pairs import PairExplanation
from tests import invented_pairs
from tests.pages_helpers import MATCH_PAGE, open_page, rows, table

pytest_plugins = ["tests.cli_fixtures"]

A, B = "请问怎么去机场", "坐飞机要多少钱"
SMALL = ("--epochs", "2", "--width", "8", "--min-frequency", "1", "--head", "average")


@pytest.fixture
def twins(monkeypatch):
    """A new kind of model of sentence pairs: one line in the table of kinds."""
    meaning = "Two sentences as two children see them."
    line = Kind("Twins", meaning, MATCHER, "matching", "pairs", PAIR_READOUTS)
    monkeypatch.setitem(KINDS, "twins", line)
    monkeypatch.setitem(CATALOGUE, "invented_pairs", invented_pairs.dataset())


def as_pairs(corpus: Corpus) -> Corpus:
    """Titles with bodies, as the pairs of texts that they are."""
    names = dict(zip(ROWS["titled"].columns, ROWS["matching"].columns, strict=True))
    return replace(corpus, rows=corpus.rows.rename(columns=names))


@pytest.fixture
def titled(monkeypatch):
    """A new kind of input, titles with bodies, in five places.

    1. The tables of rows and of kinds: a line in each.
    2. The recipes: how its rows are made ready to be trained on.
    3. The steps of a fit: what is learned from a batch.
    4. `evaluate`: how it is measured on its rows.
    5. The catalogue: a data set of such rows.
    """
    rows = replace(ROWS["matching"], title="titles with bodies", columns=("title", "body"))
    meaning = "Does a body belong to a title?"
    line = Kind("Titled", meaning, MATCHER, "titled", "titled", PAIR_READOUTS)
    monkeypatch.setitem(ROWS, "titled", rows)
    monkeypatch.setitem(KINDS, "titled", line)
    monkeypatch.setitem(
        recipes.RECIPES, "titled", lambda corpus, *others: prepare_pairs(as_pairs(corpus), *others)
    )
    monkeypatch.setitem(fit_pairs.STEPS, "titled", fit_pairs.pair_steps)

    def measure(arguments, chosen) -> bool:
        corpus = as_pairs(evaluate.rows_of_run(arguments, chosen))
        print(json.dumps([matcher_figures(checkpoint, corpus)["test"] for checkpoint in chosen]))
        return True

    monkeypatch.setitem(evaluate.BY_ROWS, "titled", measure)
    monkeypatch.setitem(CATALOGUE, "bodies", invented_pairs.dataset(key="bodies", kind="titled"))


def check_all(call, tmp_path, kind: str, title: str, dataset: str) -> None:
    """Trained, listed, chosen, explained and measured by the commands, and shown on the page."""
    invented_pairs.write_rows(tmp_path)
    of_data = ("--dataset", dataset, "--folder", tmp_path)
    code, _out, err = call("train", *of_data, "--kind", kind, *SMALL)
    assert code == FINE, err
    place = tmp_path / "home" / "checkpoints"
    [listed] = list_checkpoints([place])
    assert (listed.name, listed.title, listed.damage) == (
        f"{kind}-average",
        f"{title} · Average",
        None,
    )
    assert f"--kind {kind} --head average" in listed.card["command"]
    assert call("checkpoints", "--task", dataset, "--verify")[1].count(listed.name) == 2

    assert choose([listed], dataset, kinds_of(MATCHER)) == [listed]
    assert choose([listed], dataset, ["siamese"]) == []

    code, out, err = call("explain", "--dataset", dataset, "--text", A, "--other", B, "--json")
    assert code == FINE, err
    [found] = map(PairExplanation.from_json, json.loads(out))
    assert (found.kind, found.exact) == (kind, True)
    assert found.score == pytest.approx(PairExplainer(read(listed.folder)).explain(A, B).score)
    assert title in call("explain", "--dataset", dataset, "--text", A, "--other", B)[1]

    code, out, err = call("evaluate", *of_data, "--json")
    assert code == FINE, err
    [figures] = json.loads(out)
    assert {name: figures[name] for name in listed.card["test"]} == listed.card["test"]

    page = open_page(MATCH_PAGE, pairs=dataset, a=A, b=B)
    assert not page.exception
    assert page.multiselect(key="_matchers").value == [listed.name]
    assert len(rows(page)) == 1 and f"{title} · Average" in table(page)


def test_one_more_kind_of_model(twins, call, tmp_path):
    check_all(call, tmp_path, "twins", "Twins", "invented_pairs")


def test_one_more_kind_of_input(titled, call, tmp_path):
    check_all(call, tmp_path, "titled", "Titled", "bodies")


def test_another_kinds_rows_are_refused(titled, call, tmp_path):
    invented_pairs.write_rows(tmp_path)
    words = ("--dataset", "bodies", "--folder", tmp_path, "--kind", "siamese", *SMALL)
    _code, _out, err = call("train", *words)
    assert "bodies holds titles with bodies; choose a data set of sentence pairs" in err
