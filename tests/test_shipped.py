"""What is shipped: the checkpoints in the repository, and what README says of them."""

import itertools

import pytest
from scipy.special import softmax

from poolviz import places
from poolviz.checkpoints import beside, own_rows
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose, select
from poolviz.datasets import CATALOGUE
from poolviz.datasets.examples import examples, question_list, sentence_examples
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.ranking import ranked
from poolviz.engine.texts import Explainer
from poolviz.errors import PoolvizError
from poolviz.evaluation import exactness, measurements, predictions
from poolviz.evaluation.texts import read_anatomy
from poolviz.model.heads import ASKED_HEADS, HEADS
from poolviz.model.kinds import CLASSIFIER, KINDS, MATCHER, kinds_of
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.rows import results
from tests.readme import with_tables

ROOT = places.SHIPPED_CHECKPOINTS.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHIPPED = list_checkpoints([places.SHIPPED_CHECKPOINTS])
MATCHERS = [c for c in SHIPPED if not c.damage and c.kind_record.family is MATCHER]
CLASSIFIERS = [c for c in SHIPPED if c not in MATCHERS]
NAMED = {"ids": lambda c: f"{c.task}/{c.name}"}
MEGABYTE = 1_000_000


def test_every_head_is_shipped_for_every_data_set():
    tasks = {checkpoint.task for checkpoint in CLASSIFIERS}
    assert {"chnsenticorp_htl_all", "thucnews_title", "weibo_senti_100k", "bbc_news"} <= tasks
    for task in tasks:
        heads = {c.head for c in CLASSIFIERS if c.task == task and c.readout == "linear"}
        assert heads == set(HEADS), task


def test_no_row_of_anybodys_file_is_shipped():
    assert not [*places.SHIPPED_CHECKPOINTS.rglob(own_rows.NAME)]


def test_checkpoints_stay_small():
    sizes = {f: f.stat().st_size for f in places.SHIPPED_CHECKPOINTS.rglob("*") if f.is_file()}
    assert max(sizes.values()) < 4 * MEGABYTE
    assert sum(sizes.values()) < 90 * MEGABYTE


@pytest.mark.parametrize("checkpoint", CLASSIFIERS, **NAMED)
def test_a_shipped_checkpoint_is_sound_and_explains_its_examples(checkpoint):
    assert checkpoint.damage is None
    explainer = Explainer(checkpoint)
    for text in examples(checkpoint.task, checkpoint.card["unit"]):
        explanation = explainer.explain(text)
        assert abs(explanation.weights.sum(axis=1) - 1).max() < 1e-5
        assert abs(explanation.probabilities.sum() - 1) < 1e-5
        assert abs(softmax(explanation.logits) - explanation.probabilities).max() < 1e-4
        known = [token.known for token in explanation.tokens]
        assert sum(known) > len(known) / 2


@pytest.mark.parametrize("task", sorted({c.task for c in CLASSIFIERS}))
def test_the_first_example_is_one_on_which_heads_disagree(task):
    shown = [Explainer(c) for c in select(SHIPPED, task, kinds_of(CLASSIFIER))]
    first = examples(task, shown[0].vocabulary.unit)[0]
    assert len({explainer.explain(first).predicted for explainer in shown}) > 1


@pytest.mark.parametrize("checkpoint", MATCHERS, **NAMED)
def test_a_shipped_matcher_explains_pairs(checkpoint):
    explainer = PairExplainer(checkpoint)
    texts = examples(checkpoint.task, checkpoint.card["unit"])
    for text, other in itertools.pairwise(texts):
        pair = explainer.explain(text, other)
        assert abs(pair.cells.sum() + pair.rest - pair.score) < 1e-4
        assert pair.exact == (abs(pair.rest) < 1e-5)
        for side in pair.sides:
            assert abs(side.weights.sum(axis=1) - 1).max() < 1e-5
            known = [token.known for token in side.tokens]
            assert sum(known) > len(known) / 2


def test_examples_show_what_matchers_agree_and_differ_on():
    """The first is what the page opens on."""
    explainers = [PairExplainer(c) for c in MATCHERS if c.task == "lcqmc"]
    counts = [
        sum(explainer.explain(first, second).matches for explainer in explainers)
        for first, second, _third in sentence_examples("lcqmc")
    ]
    assert len(explainers) == 8
    assert counts == [3, 8, 0, 6, 8, 0]


def test_the_first_list_has_a_question_that_all_matchers_find():
    query = sentence_examples("lcqmc")[0][0]
    for checkpoint in MATCHERS:
        if checkpoint.task == "lcqmc":
            best = ranked(PairExplainer(checkpoint), query, question_list()).best(1)
            assert best[0][2] >= checkpoint.card["threshold"], checkpoint.name


@pytest.mark.parametrize("task", sorted({c.task for c in MATCHERS}))
def test_a_matcher_is_never_chosen_as_a_classifier(task):
    assert MATCHERS
    classifiers = [c for c in CLASSIFIERS if c.task == task]
    if classifiers:
        assert set(map(id, select(SHIPPED, task, kinds_of(CLASSIFIER)))) <= set(
            map(id, classifiers)
        )
    else:
        with pytest.raises(PoolvizError):
            select(SHIPPED, task, kinds_of(CLASSIFIER))
    assert {c.name for c in choose(SHIPPED, task, kinds_of(MATCHER))} == {
        c.name for c in MATCHERS if c.task == task
    }


@pytest.mark.parametrize("checkpoint", SHIPPED, **NAMED)
def test_a_card_says_where_its_rows_came_from_and_not_what_they_say(checkpoint):
    card = checkpoint.card
    assert card["task"] in CATALOGUE
    assert card["data"]["origin"] == CATALOGUE[card["task"]].origin
    assert all("path" not in file for file in card["data"]["files"])
    if checkpoint in CLASSIFIERS:
        assert len(card["seeds"]["seeds"]) == 3
    assert card["command"].startswith("python -m poolviz train --dataset ")


def test_readme_names_every_head_and_data_set():
    for key in (*HEADS, *ASKED_HEADS, *kinds_of(MATCHER), *CATALOGUE):
        assert f"| `{key}` |" in README


def test_readme_gives_the_figures_of_the_cards():
    """If this fails, `python -m tests.readme` writes the tables again."""
    assert with_tables(README) == README


def test_readmes_tables_are_what_is_shipped():
    """Tables made of nothing would be equal to themselves."""
    for checkpoint in CLASSIFIERS:
        if checkpoint.readout == "linear":
            accuracy = checkpoint.card["test"]["accuracy"]["value"]
            assert f"| `{checkpoint.task}` | `{checkpoint.head}` | {accuracy:.3f} (" in README


@pytest.mark.parametrize("checkpoint", CLASSIFIERS, **NAMED)
def test_a_shipped_checkpoint_was_measured_on_the_test_rows_of_its_card(checkpoint):
    measured = measurements.read(checkpoint)
    assert measured["rows"] == checkpoint.card["test"]["rows"]
    assert len(predictions.read(checkpoint)) == measured["rows"]
    assert read_anatomy(checkpoint)["rows"] == measured["rows"]
    others = [
        c for c in CLASSIFIERS if (c.task, c.readout) == (checkpoint.task, checkpoint.readout)
    ]
    assert len(measured["weight_distance"]) == len(others) - 1


@pytest.mark.parametrize("checkpoint", CLASSIFIERS, **NAMED)
def test_how_far_its_weights_can_be_believed_was_measured(checkpoint):
    summary, rows = results.read_summary(checkpoint), results.read_rows(checkpoint)
    assert summary["rows"] == len(rows) == min(1000, checkpoint.card["test"]["rows"])
    assert set(summary["cost"]) == {*ERASURES, "stress", "naopc"}
    assert set(summary["curves"]) == set(ERASURES)
    assert summary["figures"]["naopc.weight.comprehensiveness"]["n"] == 200


def test_read_outs_are_those_of_the_shipped_cards():
    for task in {c.task for c in CLASSIFIERS}:
        file = places.SHIPPED_CHECKPOINTS / task / exactness.FILE
        written = beside.load_json(file, exactness.VERSION)["heads"]
        assert exactness.read([c for c in CLASSIFIERS if c.task == task]) == written
        assert set(written) == set(HEADS), task
        for pair in written.values():
            assert all(len(side["seeds"]["accuracy"]) == 3 for side in pair.values())
            assert "--readout mlp" in pair["mlp"]["command"]


def test_pairs_have_the_same_baselines_on_every_card():
    cards = [c.card for c in MATCHERS if KINDS[c.kind].rows == "matching"]
    first = {card["task"]: card["baselines"] for card in reversed(cards)}
    for card in cards:
        for name, wanted in first[card["task"]].items():
            for test in ("test", "test_unseen"):
                found = card["baselines"][name][test]
                assert found["rows"] == wanted[test]["rows"]
                assert found["confusion"] == wanted[test]["confusion"]
                for figure in ("accuracy", "f1", "roc_auc"):  # sums are rounded otherwise elsewhere
                    assert found[figure] == pytest.approx(wanted[test][figure], abs=1e-3)


@pytest.mark.parametrize("checkpoint", CLASSIFIERS, **NAMED)
def test_a_shipped_card_names_the_preparation_of_its_data_set(checkpoint):
    assert checkpoint.preparation == CATALOGUE[checkpoint.task].preparation
    assert Explainer(checkpoint).vocabulary.preparation is checkpoint.preparation


def test_ordinary_english_is_read_as_the_news_were():
    for checkpoint in (c for c in CLASSIFIERS if c.task == "bbc_news"):
        explainer = Explainer(checkpoint)
        plain = explainer.explain("the minister said no")
        marked = explainer.explain("The minister said: “no.” (12)")
        assert marked.probabilities == pytest.approx(plain.probabilities, abs=1e-6)
        assert [token.start for token in marked.tokens] == [0, 4, 13, 20]
