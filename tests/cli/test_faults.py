"""What keeps a command from its work is said in one sentence before the work."""

import errno
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import keras
import pytest

from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli import BAD_INPUT, FAILED, loading
from poolviz.errors import TrainingError

pytest_plugins = ["tests.cli_fixtures"]

SMALL = ("--epochs", "1", "--embedding", "4", "--filters", "4", "--min-frequency", "1")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """`settings(text)` writes the file in which Keras looks for its settings."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)

    def write(text):
        (tmp_path / "keras").mkdir(exist_ok=True)
        (tmp_path / "keras" / "keras.json").write_text(text, "utf-8")

    return write


def test_the_least_versions_are_those_of_the_requirements():
    lines = Path(loading._REQUIREMENTS).read_text("utf-8")
    for name, least in loading.LEAST.items():
        wanted = re.search(rf"^{name}>=(\d+)\.(\d+)", lines, re.MULTILINE).groups()
        assert tuple(map(int, wanted)) == least
    loading.check_libraries()  # as they are installed here


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"backend": "torch"}', "the backend tensorflow, and .*keras.json says torch"),
        ('{"floatx": "float16"}', "the floatx float32, and .*keras.json says float16"),
        ('{"floatx": "float64", "backend": "tensorflow"}', "says float64; change"),
        ('{"floatx": "half"}', "says half"),
        ('{"image_data_format": "channels_first"}', "says channels_first"),
    ],
)
def test_settings_that_training_cannot_do_with(settings, text, said, call, data):
    settings(text)
    with pytest.raises(TrainingError, match=said):
        loading.check_libraries()
    code, _out, err = call("train", "--dataset", "invented", "--folder", data, "--head", "max")
    assert code == BAD_INPUT and re.search(said, err) and len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("text", ['{"backend": "tensorflow"}', "{", "[]", '{"epsilon": 1e-5}'])
def test_settings_that_do(settings, text):
    settings(text)
    loading.check_libraries()


def test_the_environment_outdoes_the_file(settings, monkeypatch):
    settings('{"backend": "torch"}')
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    loading.check_libraries()
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    with pytest.raises(TrainingError, match="variable KERAS_BACKEND says jax"):
        loading.check_libraries()


def test_a_library_that_is_missing_old_or_broken(monkeypatch, call, data):
    words = ("train", "--dataset", "invented", "--folder", data, "--head", "max")

    def missing(name):
        raise loading.PackageNotFoundError(name)

    monkeypatch.setattr(loading, "version", missing)
    loading.check_libraries()  # another distribution brings it
    monkeypatch.setattr(loading, "find_spec", lambda _name: None)
    code, _out, err = call(*words)
    assert code == BAD_INPUT and "TensorFlow, which is not installed here" in err
    assert "-m pip install -r" in err
    monkeypatch.setattr(loading, "version", lambda _name: "2.15.0.post1")
    code, _out, err = call(*words)
    assert code == BAD_INPUT and "TensorFlow 2.21 or newer, and 2.15 is installed" in err
    monkeypatch.undo()

    def broken(_name):
        raise AttributeError("_ARRAY_API not found")

    monkeypatch.setattr(loading, "import_module", broken)
    with pytest.raises(TrainingError, match="cannot be loaded .AttributeError: _ARRAY_API"):
        loading.load_training("recipe")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("好", f"第{n}次来") for n in range(40)], "rows of mine.csv have the same label, “好”"),
        ([("好", "喜欢"), ("坏", "难吃")], "There are no rows .* 2 labelled ones of mine.csv"),
        ([("好", " "), ("坏", "")], "no row with a text|no column with labels"),
        ([("", "喜欢"), ("", "难吃")], "no column with labels"),
        ([("好坏"[n == 3], f"第{n}次来") for n in range(9)], "There are no rows|the same label"),
    ],
)
def test_faults_in_rows_are_found_before_tensorflow_is_loaded(
    rows, said, call, tmp_path, monkeypatch
):
    def load(*_names):
        raise AssertionError("TensorFlow is not needed to look at rows")

    monkeypatch.setattr("poolviz.cli.commands.train.load_training", load)
    place = tmp_path / "mine.csv"
    place.write_text("\n".join(["label,text", *(",".join(row) for row in rows)]), "utf-8")
    words = ("--dataset", "mine", "--csv", place, "--head", "max", "--output", tmp_path / "root")
    code, _out, err = call("train", *words)
    assert code == BAD_INPUT and re.search(said, err)


def test_a_disk_that_is_full_when_keras_saves(call, data, tmp_path, monkeypatch):
    def full(*_arguments, **_more):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(keras.Model, "save", full)
    words = ("--dataset", "invented", "--folder", data, "--head", "average")
    code, _out, err = call("train", *words, *SMALL, "--output", tmp_path / "root")
    assert code == FAILED and "The disk is full: " in err and "MB are free" in err
    assert not list_checkpoints([tmp_path / "root"])


@pytest.mark.parametrize("words", [("trust",), ("evaluate", "--write")])
def test_what_cannot_be_written_is_not_computed(words, call, root, data, monkeypatch):
    def refuse(*_arguments, **_more):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    def compute(*_arguments, **_more):
        raise AssertionError("computed in vain")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    for command in ("trust", "evaluate"):
        monkeypatch.setattr(f"poolviz.cli.commands.{command}.rows_of_run", compute)
    code, _out, err = call(*words, "--dataset", "invented", "--folder", data, "--root", root)
    assert code == BAD_INPUT and "Permission denied" in err and "--root" in err


def test_modules_that_look_at_rows_load_no_keras():
    code = (
        "import sys, poolviz.cli.commands.train, poolviz.cli.work.queued;"
        "print('keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
