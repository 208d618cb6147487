"""What is called exact was held to the model on real rows."""

from dataclasses import replace

import numpy as np
import pytest

from poolviz.checkpoints.checkpoint import CARD, read
from poolviz.cli.commands import train
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.texts import Explainer
from poolviz.errors import TrainingError
from poolviz.evaluation.sums import NEAR, ROWS, sums
from poolviz.figures.method import method
from poolviz.model.heads import HEADS, Head
from poolviz.model.options import MatcherOptions, ModelOptions
from poolviz.text.encoding import encode
from poolviz.training import layers, recipe
from tests import invented, invented_pairs, strangers

SHORT = replace(invented.TRAINING, epochs=1)


@pytest.fixture
def cubic(monkeypatch):
    """A head that pools no weighted mean, and whose line in the table says that it does."""
    monkeypatch.setattr(layers, "CubicMean", strangers.CubicMean, raising=False)
    monkeypatch.setitem(HEADS, "cubic", Head("CubicMean", "Cubic", "Its share."))


def worst_of_all(checkpoint, corpus) -> float:
    """The largest difference of all test rows, from what an explanation holds."""
    explainer, found = Explainer(checkpoint), []
    for text in corpus.split("test")["text"]:
        encoded = encode(text, explainer.vocabulary)
        explanation = explainer.explain(encoded)
        logits = explainer.engine.run(encoded.ids[None, :])["logits"][0].astype(np.float64)
        total = explanation.logits + explanation.offsets.sum() + explanation.bias_offset
        found.append(np.abs(total - logits).max() / max(1, np.abs(logits).max()))
    return max(found)


@pytest.mark.parametrize(("head", "readout"), [("max", "linear"), ("multi-head", "mlp")])
def test_heads_that_add_up(head, readout, trained, corpus):
    checkpoint = trained(head, readout)
    found = checkpoint.card["sums"]
    assert found == sums(checkpoint, corpus)
    assert found["exact"] and 0 < found["difference"] <= NEAR
    assert found["rows"] == min(ROWS, len(corpus.split("test")))
    assert checkpoint.adds_up and checkpoint.exact == (readout == "linear")


@pytest.mark.parametrize("kind", ["siamese", "label"])
def test_matchers_that_add_up(kind, trained_matcher, pair_corpus, corpus):
    checkpoint = trained_matcher(kind, "max")
    rows = corpus if kind == "label" else pair_corpus
    assert checkpoint.card["sums"] == sums(checkpoint, rows)
    assert checkpoint.exact and checkpoint.card["sums"]["difference"] <= NEAR


def test_nothing_is_said_where_nothing_is_claimed(trained_matcher):
    checkpoint = trained_matcher("siamese", "max", "dense")
    assert checkpoint.card["sums"] == {}
    assert not checkpoint.exact and checkpoint.adds_up


@pytest.mark.parametrize("readout", ["linear", "mlp"])
def test_a_head_that_pools_something_else_is_approximate(
    cubic, readout, prepared, corpus, tmp_path, capsys
):
    options = ModelOptions("cubic", readout, **invented.MODEL)
    checkpoint = recipe.train_checkpoint(prepared, options, SHORT, tmp_path)
    assert checkpoint.card["sums"]["difference"] > NEAR
    assert not checkpoint.exact and not checkpoint.weighted_mean
    explanation = Explainer(checkpoint).explain("这家店的菜好吃")
    assert not explanation.exact and explanation.values is None
    assert "approximate" in method(explanation)
    assert checkpoint.card["sums"]["difference"] <= worst_of_all(checkpoint, corpus) + 1e-6
    train._write_summary(checkpoint, tmp_path)
    assert "approximate: on 64 test rows" in " ".join(capsys.readouterr().out.split())


def test_a_matcher_that_pools_something_else_is_approximate(cubic, prepared_pairs, tmp_path):
    options = MatcherOptions("siamese", "cubic", **invented_pairs.MODEL)
    training = replace(invented_pairs.TRAINING, epochs=1)
    checkpoint = recipe.train_checkpoint(prepared_pairs, options, training, tmp_path)
    assert checkpoint.card["sums"]["difference"] > NEAR
    pair = PairExplainer(checkpoint).explain("怎么办", "如何办")
    assert not pair.exact and abs(pair.rest) > 0


def test_parts_that_nobody_names_are_refused_before_the_training(monkeypatch, prepared, tmp_path):
    monkeypatch.setattr(layers, "CubicMean", strangers.CubicMean, raising=False)
    line = Head("CubicMean", "Cubic", "Its share.", weighted_mean=False)
    monkeypatch.setitem(HEADS, "cubic", line)
    with pytest.raises(TrainingError, match="give it payments"):
        recipe.train_checkpoint(prepared, ModelOptions("cubic", **invented.MODEL), SHORT, tmp_path)


def test_a_card_whose_sums_say_nothing_is_incomplete(trained, tmp_path):
    checkpoint = trained("max")
    folder = tmp_path / "invented" / "max"
    folder.mkdir(parents=True)
    for path in checkpoint.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    card = (folder / CARD).read_text("utf-8")
    assert read(folder).damage is None
    (folder / CARD).write_text(card.replace('"exact": true', '"exact": "yes"'), "utf-8")
    assert "incomplete" in str(read(folder).damage)
