"""Heads and data sets of one's own: trained from a file, then looked at without it."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from poolviz import places
from poolviz.checkpoints.checkpoint import CARD, read
from poolviz.cli import BAD_INPUT, FINE, main, plugins
from poolviz.cli.work.queued import carry_out
from poolviz.datasets import CATALOGUE
from poolviz.engine.texts import Explainer
from poolviz.errors import ExportError
from poolviz.live.models import live_models
from poolviz.model.heads import HEADS
from poolviz.model.own_heads import FIELD
from poolviz.training.head_contract import check
from poolviz.training.heads import OWN
from poolviz.training.own import plugin
from poolviz.trainings import control
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.reading import read as read_trust
from tests import invented
from tests.pages_helpers import open_page
from tests.trainings.helpers import write_rows

pytest_plugins = ["tests.cli_fixtures"]
EXAMPLES = Path(__file__).parent / "plugins"
TEXT = "这家店的菜好吃，我们喜欢。"
SPLITS = {
    "gem": "payments",
    "top-k-mean": "payments",
    "log-sum-exp": "payments",
    "gated-attention": "weights",
}
DATA = '''
"""A data set of one's own."""

from poolviz.datasets import Dataset, PublishedFile
from poolviz.datasets.readers import published

REVIEWS = Dataset(
    key="my_reviews",
    title="My reviews",
    kind="classification",
    unit="character",
    classes=("差评", "中评", "好评"),
    files=(PublishedFile("invented.txt"),),
    reader=published.label_then_text,
    origin="Invented for the tests.",
    terms="None.",
)
'''
# Weighs as the attention of poolviz does, under names of its own.
SAME = '''
"""Attention, written by somebody else."""

import keras
from keras import ops


class Looks(keras.layers.Layer):
    """Softmax over the text of a learned score of each position."""

    def build(self, input_shape):
        self.first = self.add_weight(name="first", shape=(input_shape[-1], 6))
        self.second = self.add_weight(name="second", shape=(6, 1))

    def call(self, inputs, mask=None):
        real = ops.ones_like(inputs[..., :1], "bool") if mask is None else mask[..., None]
        inputs = ops.where(real, inputs, 0)
        scores = ops.matmul(ops.tanh(ops.matmul(inputs, self.first)), self.second)
        scores = ops.where(real, ops.cast(scores, "float32"), -3e38)
        top = ops.max(scores, axis=1, keepdims=True)
        raised = ops.where(real, ops.exp(scores - top), 0)
        total = ops.sum(raised, axis=1, keepdims=True)
        weights = raised / ops.where(total > 0, total, 1)
        pooled = ops.sum(weights * ops.cast(inputs, "float32"), axis=1)
        return ops.cast(pooled, inputs.dtype), weights
'''
SMALL = ("--epochs", "3", "--learning-rate", "0.02", "--min-frequency", "1", "--embedding", "8")


@pytest.fixture
def tables(monkeypatch):
    """The tables are those of poolviz again afterwards, as in any other process."""
    with _tables():
        yield


class _tables:
    def __enter__(self):
        self.kept = [(table, dict(table)) for table in (HEADS, CATALOGUE, OWN)]

    def __exit__(self, *_):
        for table, before in self.kept:
            table.clear()
            table.update(before)
        plugins._loaded.clear()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A person's folder with models of two heads and one data set, all from their own files."""
    home = tmp_path_factory.mktemp("home")
    invented.write_rows(home)
    (home / "my_data.py").write_text(DATA, "utf-8")
    (home / "looks.py").write_text(SAME, "utf-8")
    with _tables(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("POOLVIZ_HOME", str(home / "poolviz"))
        patch.setenv("POOLVIZ_PLUGINS", str(home / "my_data.py"))
        words = ("train", "--dataset", "my_reviews", "--folder", str(home), "--plugin")
        words = (*words, str(EXAMPLES), "--plugin", str(home / "looks.py"))
        words = (*words, "--head", "gem,gated-attention,looks,max", *SMALL)
        assert main(words) == FINE
    return home


@pytest.fixture
def at_home(home, monkeypatch):
    monkeypatch.setenv("POOLVIZ_HOME", str(home / "poolviz"))
    return home


def checkpoint(home, head):
    (card,) = (home / "poolviz" / "checkpoints" / "my_reviews").rglob(f"{head}/{CARD}")
    return read(card.parent)


@pytest.mark.parametrize("head", SPLITS)
def test_the_examples_keep_the_contract_and_name_their_source(head, tables):
    (module,) = plugin.load([EXAMPLES / f"{head.replace('-', '_')}.py"])
    from poolviz.training.own import heads as own_heads

    report = check(own_heads.classes([module])[head])
    assert (report.broken, report.splits) == ({}, SPLITS[head])
    assert "arXiv" in module.__doc__


@pytest.mark.parametrize("head", SPLITS)
def test_the_examples_need_nothing_of_poolviz(head):
    source = (EXAMPLES / f"{head.replace('-', '_')}.py").read_text("utf-8")
    imported = [
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert imported == ["keras", "keras"]


def test_the_card_describes_the_head_and_how_to_train_it_again(home):
    for head, title in (("gem", "GeM"), ("gated-attention", "Gated attention (MIL)")):
        found = checkpoint(home, head)
        assert found.damage is None
        assert (found.title, found.head_record.own, found.exact) == (title, True, True)
        assert found.card[FIELD]["file"] == f"{head.replace('-', '_')}.py"
        assert "--plugin my_data.py --plugin " in found.card["command"]
    assert FIELD not in checkpoint(home, "max").card


@pytest.mark.parametrize("head", ["gem", "gated-attention"])
def test_what_it_says_adds_up_without_the_file(home, head):
    explainer = Explainer(checkpoint(home, head))
    explanation = explainer.explain(TEXT)
    np.testing.assert_allclose(explanation.weights.sum(axis=1), 1, atol=1e-5)
    shifted = np.exp(explanation.logits)
    np.testing.assert_allclose(shifted / shifted.sum(), explanation.probabilities, atol=1e-4)
    assert (explanation.values is not None) == (head == "gated-attention")


def test_the_browser_knows_a_head_that_weighs_as_one_of_ours(home):
    own = [checkpoint(home, head) for head in ("looks", "max")]
    header = live_models(own).header
    assert [head["weigh"] for head in header["heads"]] == ["softmax", "max"]
    assert header["words"]["en"]["heads"] == ["Looks", "Max"]
    assert header["heads"][0]["tensors"]["scores"][1] == [6, 1]


@pytest.mark.parametrize(
    ("head", "title"), [("gem", "GeM"), ("gated-attention", r"Gated attention \(MIL\)")]
)
def test_the_browser_refuses_others_by_name(home, head, title):
    with pytest.raises(ExportError, match=f"does not know {title}; leave this head out"):
        live_models([checkpoint(home, "max"), checkpoint(home, head)])


def test_trust_measures_it_through_the_graph(home):
    for head in ("gem", "gated-attention"):
        figures = read_trust(Model(Explainer(checkpoint(home, head))), TEXT).trust.figures
        assert {"weight", "contribution", "random"} <= set(figures)
        assert np.isfinite(figures["weight"]["comprehensiveness"])


@pytest.fixture
def queued(tables, call, tmp_path, monkeypatch):
    """The id of a training of a head of one's own, and the head's file; nobody has begun it."""
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))
    start = control.start
    monkeypatch.setattr(
        control, "start", lambda request, file, tests: start(request, file, lambda: None, tests)
    )
    file = tmp_path / "looks.py"
    file.write_text(SAME, "utf-8")
    words = ("train", "--dataset", "mine", "--csv", write_rows(tmp_path), "--plugin", file)
    with _tables():
        code, out, err = call(*words, "--head", "looks", *SMALL, "--epochs", "1", "--background")
    assert code == FINE, err
    return out.strip(), file


def test_it_is_trained_in_a_process_of_its_own(queued):
    name, file = queued
    assert "looks" not in HEADS  # as in the dashboard's process
    asked = control.read(name)
    assert asked.damage is None
    assert (asked.request.heads, asked.request.plugins) == (("looks",), (str(file),))
    assert carry_out(name), control.read(name).state.error
    made = read(control.read(name).model_folder("looks"))
    assert (made.damage, made.title, made.task) == (None, "Looks", "mine")


def test_its_file_is_gone_when_its_turn_comes(queued):
    name, file = queued
    file.unlink()
    assert not carry_out(name)
    assert "There is no plug-in" in str(control.read(name).state.error)


@pytest.mark.parametrize(
    "page", ["dashboard.py", *(f"pages/{name}.py" for name in ("heads", "results", "trust"))]
)
def test_pages_show_it_beside_the_others(at_home, page):
    at = open_page(page, dataset="my_reviews", text=TEXT)
    titles = [option for menu in at.multiselect for option in menu.options]
    assert titles[:3] == ["Max", "Gated attention (MIL)", "GeM"]
    assert not at.exception and not at.error


def test_no_page_runs_the_file(at_home, tmp_path):
    """In a process of its own: neither Keras nor the plug-in is there when the model is used."""
    program = (
        "import sys; from poolviz.cli import main; "
        f"assert main(['explain', '--dataset', 'my_reviews', '--text', {TEXT!r}, '--head', 'gem']) "
        "== 0; assert not {m for m in sys.modules if m.startswith(('keras', 'poolviz_plugin'))}"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (found.returncode, "GeM: " in found.stdout) == (0, True), found.stderr


@pytest.mark.parametrize(
    "change", [{"title": "<script>"}, {"exact": "yes"}, {"rows": 0}, {"title": "Max"}]
)
def test_a_description_that_is_not_as_it_should_be_is_damage(home, tmp_path, change):
    folder = shutil.copytree(checkpoint(home, "gem").folder, tmp_path / "my_reviews" / "gem")
    card = json.loads((folder / CARD).read_text("utf-8"))
    assert read(folder).damage is None
    card[FIELD] |= change
    (folder / CARD).write_text(json.dumps(card), "utf-8")
    assert "is not known here" in str(read(folder).damage)


@pytest.mark.parametrize("kept", ["../gem", "a,b", "<b>", ""])
def test_the_heads_name_is_one_that_can_be_a_folders(home, tmp_path, kept):
    folder = shutil.copytree(checkpoint(home, "gem").folder, tmp_path / "my_reviews" / "gem")
    card = json.loads((folder / CARD).read_text("utf-8"))
    (folder / CARD).write_text(json.dumps(card | {"head": kept}), "utf-8")
    assert read(folder).damage is not None


BROKEN = """
import keras
class Mine(keras.layers.Layer):
    {body}
"""
CALL = "def call(self, inputs, mask=None): return inputs"
BODIES = {
    "breaks the rule 'outputs': Its call returns one value": CALL,
    "There are two heads of the name max": f"key = 'max'\n    {CALL}",
    "Unknown pooling head": "pass",
}


@pytest.mark.parametrize("told", BODIES)
def test_a_head_that_cannot_be_used_is_one_sentence(told, tables, tmp_path, call, at_home):
    (tmp_path / "mine.py").write_text(BROKEN.format(body=BODIES[told]), "utf-8")
    words = ("train", "--dataset", "waimai_10k", "--plugin", tmp_path / "mine.py", "--head", "mine")
    code, out, err = call(*words)
    assert (code, out) == (BAD_INPUT, "")
    assert told in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def", "SyntaxError"),
        (DATA.replace("my_reviews", "waimai_10k"), "has a data set waimai_10k, which there is"),
        (DATA.replace("my_reviews", "../up"), "cannot be a name"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(content, told, tables, tmp_path, call):
    (tmp_path / "mine.py").write_text(content, "utf-8")
    code, _out, err = call("datasets", "--plugin", tmp_path / "mine.py")
    assert code == BAD_INPUT
    assert told in err and "Traceback" not in err


def test_a_file_that_is_not_there_is_named(tables, tmp_path, call, monkeypatch):
    monkeypatch.setenv("POOLVIZ_PLUGINS", str(tmp_path / "nothing.py"))
    code, _out, err = call("datasets")
    assert code == BAD_INPUT and "There is no plug-in" in err
    assert places.plugins() == [tmp_path / "nothing.py"]


def test_a_data_set_of_ones_own_is_listed_and_found(tables, at_home, call):
    code, out, _err = call("datasets", "my_reviews", "--plugin", at_home, "--folder", at_home)
    assert code == FINE
    assert "title: My reviews" in out and "SHA-256" in out


def test_the_docs_show_the_file_as_it_is():
    page = (EXAMPLES.parent.parent / "docs" / "plugins.md").read_text("utf-8")
    assert (EXAMPLES / "gated_attention.py").read_text("utf-8") in page
    for head in SPLITS:
        assert f"(../tests/plugins/{head.replace('-', '_')}.py)" in page
    assert (
        DATA.partition("\n\n")[2].strip().replace("invented.txt", "reviews.txt").split("origin")[0]
        in page
    )
