"""What `import poolviz` offers to scripts and notebooks."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import poolviz
from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.engine.texts import Explainer
from poolviz.errors import CheckpointError, ChoiceError, TextError
from poolviz.model.heads import HEADS
from tests.copies import copied
from tests.house import SOURCES

TEXT = "房间很干净，早餐一般。"
HOTEL = "chnsenticorp_htl_all"
OWN = "酒店 评论"
CALLS = {
    "explain": lambda: poolviz.explain(TEXT, dataset=HOTEL, heads=["max"]),
    "explain_pair": lambda: poolviz.explain_pair("怎么注销账号", "账号如何注销", dataset="lcqmc"),
    "measure_trust": lambda: poolviz.measure_trust("很好", HOTEL, heads="max"),
    "load": lambda: poolviz.load(HOTEL, "attention").explain(TEXT),
    "list_heads": lambda: poolviz.list_heads(),
    "list_datasets": lambda: poolviz.list_datasets(),
}
pytestmark = pytest.mark.usefixtures("nobodys_machine")


def test_a_text_under_all_heads():
    found = poolviz.explain(TEXT, dataset=HOTEL)
    assert found.heads == tuple(HEADS) and len(found) == 5 and found.text == TEXT
    for explanation in found:
        own = Explainer(read(places.SHIPPED_CHECKPOINTS / HOTEL / explanation.head)).explain(TEXT)
        np.testing.assert_array_equal(explanation.weights, own.weights)
        assert f"{explanation.head}: {explanation.predicted}" in repr(found)
    assert [e.head for e in found[1:3]] == ["average", "min-variance"]


def test_some_heads_and_another_readout():
    assert poolviz.explain(TEXT, HOTEL, heads="max").heads == ("max",)
    assert poolviz.explain(TEXT, HOTEL, heads=["attention", "max"]).heads == ("max", "attention")
    assert not poolviz.explain(TEXT, HOTEL, "max", readout="mlp")[0].exact


def test_a_pair_under_all_matchers():
    found = poolviz.explain_pair("怎么注销账号", "账号如何注销", dataset="lcqmc")
    assert len(found) == 8 and found.texts == ("怎么注销账号", "账号如何注销")
    assert {pair.kind for pair in found} == {"siamese", "interactive", "triplet"}
    assert {pair.head for pair in poolviz.explain_pair("甲", "乙", "lcqmc", "max")} == {"max"}


@pytest.fixture
def own(nobodys_machine):
    """A data set of one's own: a head with two seeds, retrained with one, in a run and another."""
    found = {c.name: c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS], HOTEL)}
    root = places.user_checkpoints()
    first = {"head": "max", "run": run("a"), "trained": "2026-01-01T00:00:00+00:00"}
    copied(found["max"], root, OWN, **first)
    copied(found["average"], root, OWN, "max-s1", seed=1, **first)
    copied(found["attention"], root, OWN, "max.2", fit={"seconds": 1.0}, **first)
    second = {"run": run("b"), "trained": "2026-02-01T00:00:00+00:00"}
    copied(found["multi-head"], root, OWN, **second)
    return OWN


def run(letter: str) -> dict[str, str]:
    return {"identity": letter * 64, "rows": letter * 64}


def test_which_training_is_meant_can_be_said_as_on_the_command_line(own):
    taken = {
        "multi-head": poolviz.explain(TEXT, own),
        "max": poolviz.explain(TEXT, own, run="aaaa"),
        "max-s1": poolviz.explain(TEXT, own, run="aaaa", seed=1),
        "max.2": poolviz.explain(TEXT, own, run="aaaa", model="max.2"),
    }
    assert {name: [e.checkpoint for e in found] for name, found in taken.items()} == {
        name: [name] for name in taken
    }
    loaded = poolviz.load(own, "max", run="aaaa", seed=1).explain(TEXT)
    assert loaded.checkpoint == "max-s1"
    np.testing.assert_array_equal(loaded.weights, taken["max-s1"][0].weights)
    [measured] = poolviz.measure_trust("很好", own, run="aaaa", model=["max.2"])
    assert measured.explanation.checkpoint == "max.2"


@pytest.mark.parametrize(
    ("said", "error", "sentence"),
    [
        ({"run": "cc"}, ChoiceError, "names no run"),
        ({"seed": 5}, CheckpointError, "--seed 5"),
        ({"run": "aaaa", "model": "max.3"}, ChoiceError, "choose one of max"),
        ({"model": "max.2"}, ChoiceError, "choose one of multi-head"),
        ({"run": "aaaa", "model": ("max", "max.2")}, ChoiceError, "another model stands"),
    ],
)
def test_a_training_that_is_not_there_is_a_sentence(own, said, error, sentence):
    with pytest.raises(error, match=sentence):
        poolviz.explain(TEXT, own, **said)


def test_a_pair_takes_a_training_by_name_too():
    found = poolviz.explain_pair("甲", "乙", "lcqmc", model="triplet-attention", seed=0)
    assert ("triplet", "attention") in [(pair.kind, pair.head) for pair in found]
    with pytest.raises(ChoiceError, match="names no run"):
        poolviz.explain_pair("甲", "乙", "lcqmc", run="zz")


def test_lists_have_names_that_the_calls_take():
    assert [entry.name for entry in poolviz.list_heads()] == list(HEADS)
    entries = {entry.name: entry for entry in poolviz.list_datasets()}
    assert entries[HOTEL].heads == tuple(HEADS) and entries[HOTEL].title == "Hotel reviews"
    assert entries["lcqmc"].rows == "matching" and "additive" in entries["lcqmc"].heads
    assert entries["waimai_10k"].heads == ()


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: poolviz.explain(" ", HOTEL), TextError, "visible character"),
        (lambda: poolviz.explain(TEXT, "nothing"), ChoiceError, "choose one of"),
        (lambda: poolviz.explain(TEXT, HOTEL, ["nothing"]), ChoiceError, "choose one of"),
        (lambda: poolviz.explain(TEXT, HOTEL, readout="nothing"), ChoiceError, "choose one of"),
        (lambda: poolviz.explain(TEXT, "lcqmc"), ChoiceError, "pairs"),
        (lambda: poolviz.explain(TEXT, "waimai_10k"), CheckpointError, "train"),
        (lambda: poolviz.explain_pair("甲", "乙", HOTEL), ChoiceError, "sentence pairs"),
        (lambda: poolviz.load("nothing", "max"), ChoiceError, "choose one of"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


def test_what_is_not_offered_is_no_attribute():
    with pytest.raises(AttributeError, match="nothing_here"):
        poolviz.nothing_here  # noqa: B018
    assert set(CALLS) < set(dir(poolviz))


@pytest.mark.parametrize("name", CALLS)
def test_every_call_works_twice_also_after_every_module_was_imported(name):
    CALLS[name]()
    for module in SOURCES:
        leave_out = ("poolviz.ui", "poolviz.training", "poolviz.__main__", "pages", "dashboard")
        if not module.startswith(leave_out):
            __import__(module)
    CALLS[name]()


def test_no_module_or_folder_has_the_name_of_a_call():
    taken = {part for name in SOURCES for part in name.split(".")}
    assert not taken & set(CALLS)


def test_the_stub_offers_what_the_package_offers():
    stub = Path(poolviz.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    assert {line.split()[-1] for line in stub.splitlines()} == set(poolviz.__all__)


def test_asking_for_one_loads_no_figures_and_no_pages():
    script = "import poolviz, sys; poolviz.explain; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    loaded = set(result.stdout.split())
    assert "onnxruntime" in loaded, result.stderr
    assert not loaded & {"tensorflow", "keras", "streamlit", "plotly"}
