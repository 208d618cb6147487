"""Adding a head, a data set or a format takes what the design says and not a line more."""

import io
import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from poolviz.checkpoints.checkpoint import KERAS
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli import FINE, main
from poolviz.datasets import CATALOGUE, available, load
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.export.bundle import bundle
from poolviz.export.contents import compare_contents
from poolviz.export.files import to_csv, to_json
from poolviz.export.formats import FORMATS, Format
from poolviz.figures.method import method
from poolviz.model.heads import HEADS, Head
from poolviz.model.options import ModelOptions
from poolviz.training import layers, recipe
from poolviz.training.head_contract import check
from poolviz.training.kinds import recipes
from poolviz.values.explanation import Explanation
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests import invented, strangers
from tests.fakes import fake_explanation

TEXT = "这家店的菜好吃，我们喜欢。"

NEW_HEADS = {
    "plain": Head("Plain", "Plain", "Its share."),
    "log-sum-exp": Head("LogSumExp", "Log-sum-exp", "Its share.", weighted_mean=False),
    "squared": Head("Squared", "Squared", "Its share.", weighted_mean=False, exact=False),
}


@pytest.fixture(params=NEW_HEADS)
def new_head(request, monkeypatch):
    """One layer class, a stranger's, and one line in the table; nothing else changes."""
    head = NEW_HEADS[request.param]
    monkeypatch.setattr(layers, head.layer, getattr(strangers, head.layer), raising=False)
    monkeypatch.setitem(HEADS, request.param, head)
    return request.param


def test_one_more_head(new_head, prepared, tmp_path):
    head = HEADS[new_head]
    report = check(getattr(layers, head.layer))
    assert (report.key, report.broken) == (new_head, {})
    assert (report.splits == "weights", report.exact) == (head.weighted_mean, head.exact)

    options = ModelOptions(new_head, "linear", **invented.MODEL)
    trained = recipe.train_checkpoint(prepared, options, invented.TRAINING, tmp_path)
    assert trained.damage is None
    assert trained.card["test"]["accuracy"]["value"] > 0.9
    assert f"--head {new_head}" in trained.card["command"]
    (listed,) = list_checkpoints([tmp_path])
    assert (listed.head, listed.damage) == (new_head, None)

    model = keras.saving.load_model(listed.path(KERAS), safe_mode=True)
    ids = np.array([[3, 4, 5, 0], [6, 7, 8, 9]], np.int32)
    found, wanted = Engine(listed).run(ids), model(ids)
    assert set(found) == set(wanted)
    for name in found:
        np.testing.assert_allclose(found[name], wanted[name], atol=1e-4, rtol=1e-4)
    logits = found["logits"] - found["logits"].mean(axis=1, keepdims=True)
    total = found["contributions"].sum(axis=(1, 2)) + found["bias"]
    np.testing.assert_allclose(total, logits, atol=1e-4)

    explanation = Explainer(listed).explain(TEXT)
    np.testing.assert_allclose(explanation.weights.sum(axis=1), 1, atol=1e-5)
    assert len(np.unique(explanation.weights)) > 1
    assert (explanation.values is not None) == head.weighted_mean
    if head.weighted_mean:
        product = explanation.weights[..., None] * explanation.values
        np.testing.assert_allclose(product, explanation.contributions, atol=1e-5)
    assert ("approximate" in method(explanation)) == (not head.exact)
    (read,) = map(Explanation.from_json, json.loads(to_json([explanation])))
    assert (read.head, read.text) == (new_head, TEXT)
    shown = panel([explanation], View(quantity="contribution"))
    assert shown.rows[0].label == head.title
    assert f",{new_head}," in to_csv(shown).decode("utf-8-sig")


def test_one_more_data_set(monkeypatch, tmp_path):
    monkeypatch.setitem(CATALOGUE, "invented", invented.dataset())
    assert not available("invented", tmp_path)
    invented.write_rows(tmp_path)
    assert available("invented", tmp_path)
    corpus = load("invented", tmp_path)
    assert corpus.dataset.classes == invented.CLASSES
    assert {"train", "validation", "test"} == set(corpus.rows["split"])
    prepared = recipes.prepare(corpus, "classification", 1)
    assert len(prepared.train) == len(corpus.split("train")) > 200


def _export_section():
    from poolviz.export.contents import compare_contents
    from poolviz.ui.frame.exports import draw_exports
    from poolviz.views.panel import panel
    from poolviz.views.view import View
    from tests.fakes import fake_explanation

    explanation = fake_explanation()
    draw_exports(
        compare_contents([explanation], panel([explanation], View()), None), subject="same"
    )


def test_one_more_format_of_figures(no_browser, monkeypatch, tmp_path, trained, capsys):
    """One line in the table: pages offer it, the command line writes it, archives hold it."""
    line = Format(
        "Words",
        "words.txt",
        "text/plain",
        lambda picture, browser: picture.kind.encode("ascii"),
        kinds={"chart": False, "drawing": False, "highlight": False},
    )
    monkeypatch.setitem(FORMATS, "words", line)

    at = AppTest.from_function(_export_section, default_timeout=60).run()
    menu = at.selectbox(key="export_format")
    assert "Words" in menu.options
    assert not menu.set_value("words").run().exception

    head = trained("max")
    words = ("export", "--dataset", head.task, "--text", TEXT, "--root", head.folder.parents[2])
    words = (*words, "--head", "max", "--figure", "lines", "--format", "words")
    assert main([str(word) for word in (*words, "--output", tmp_path / "files/")]) == FINE
    [path] = capsys.readouterr().out.splitlines()
    assert path.endswith(".words.txt")
    assert Path(path).read_bytes() == b"chart"
    assert main([str(word) for word in (*words, "--output", tmp_path / "one.txt")]) == FINE
    assert (tmp_path / "one.txt").read_bytes() == b"chart"

    explanation = fake_explanation(TEXT)
    contents = compare_contents([explanation], panel([explanation], View()), None)
    with zipfile.ZipFile(io.BytesIO(bundle(contents))) as archive:
        found = [name for name in archive.namelist() if name.startswith("words/")]
    assert sorted(found) == sorted(f"words/{one.stem}.words.txt" for one in contents.figures)
