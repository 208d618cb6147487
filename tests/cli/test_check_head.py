"""`check-head`: a person's file against the contract of a head."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import poolviz
from poolviz.cli import BAD_INPUT, FAILED, FINE

ROOT = Path(poolviz.__file__).parent.parent
pytest_plugins = ["tests.cli_fixtures"]

HEADS = """
import keras
from keras import ops
from beside import HALF

print("loading")


class MeanHead(keras.layers.Layer):
    def call(self, inputs, mask=None):
        real = ops.ones_like(inputs[..., 0]) if mask is None else ops.cast(mask, inputs.dtype)
        weights = ops.expand_dims(real / ops.maximum(ops.sum(real, 1, keepdims=True), 1), -1)
        return ops.sum(ops.where(weights > 0, inputs, 0) * weights, axis=1), weights


class Doubled(MeanHead):
    key = "twice"

    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        return pooled / HALF, weights


class TooLight(MeanHead):
    def call(self, inputs, mask=None):
        pooled, weights = super().call(inputs, mask)
        return pooled, weights * HALF


class Said(MeanHead):
    def payments(self, inputs, mask):
        raise ValueError("not today")


class NeedsSize(MeanHead):
    def __init__(self, size):
        super().__init__()


def function():
    return None
"""


@pytest.fixture
def file(tmp_path):
    """Its name and its folder have colons, dots and letters of their own."""
    folder = tmp_path / "C:.头"
    folder.mkdir()
    (folder / "beside.py").write_text("HALF = 0.5\n", "utf-8")
    path = folder / "my head.v1.py"
    path.write_text(HEADS, "utf-8")
    return path


def test_a_head_that_keeps_all_rules(call, file):
    code, out, _err = call("check-head", f"{file}:MeanHead")
    assert code == FINE
    assert out.count("holds   ") == 23
    last = out.splitlines()[-1]
    assert last.startswith("MeanHead keeps all 23 rules. As a head its name is mean-head;")
    assert "contributions are parts that add up exactly" in last


def test_an_approximate_head_is_no_failure(call, file):
    code, out, _err = call("check-head", f"{file}:Doubled")
    assert code == FINE
    assert "its name is twice; contributions are approximate" in out


def test_broken_rules_are_sentences(call, file):
    code, out, err = call("check-head", f"{file}:TooLight")
    assert code == FAILED
    assert "broken  sum: The weights of inputs (7, 8) [[" in out
    assert ", mask 1111111 sum to 0.5, not 1." in out
    assert out.splitlines()[-1] == "Broken: 2 of 23 rules."
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Said", "payments: Said raises ValueError: not today on inputs (7, 8) [["),
        ("NeedsSize", "NeedsSize() cannot be made without arguments"),
        ("function", "It is no class, but of type function."),
        ("HALF", "It is no class, but of type float."),
    ],
)
def test_what_is_no_head_is_told_in_a_sentence(call, file, name, told):
    code, out, _err = call("check-head", f"{file}:{name}")
    assert code == FAILED
    assert told in out


def test_json_has_the_answer_alone(call, file):
    code, out, err = call("check-head", f"{file}:MeanHead", "--json")
    assert (code, "loading" in err) == (FINE, True)
    found = json.loads(out)
    assert (found["class"], found["head"]) == ("MeanHead", "mean-head")
    assert (found["exact"], found["splits"]) == (True, "weights")
    assert (len(found["held"]), found["broken"], found["unchecked"]) == (23, {}, [])
    code, out, _err = call("check-head", f"{file}:function", "--json")
    found = json.loads(out)
    assert (code, found["exact"], list(found["broken"])) == (FAILED, None, ["layer"])
    assert len(found["unchecked"]) == 22


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("{file}", "names no class of a file; write FILE:CLASS"),
        ("{file}:", "names no class of a file; write FILE:CLASS"),
        (":MeanHead", "names no class of a file; write FILE:CLASS"),
        ("C:\\heads.py", "names no class of a file; write FILE:CLASS"),
        ("{folder}/none.py:MeanHead", "There is no file"),
        ("C:\\none.py:MeanHead", "There is no file C:\\none.py"),
        ("{folder}:MeanHead", "There is no file"),
        ("{file}:Median", "has no class Median; its classes are: MeanHead, Doubled, "),
        ("{folder}/broken.py:MeanHead", "cannot be loaded (SyntaxError: "),
        ("{folder}/leaves.py:MeanHead", "cannot be loaded (SystemExit: 0)"),
        ("{folder}/bytes.py:MeanHead", "cannot be loaded ("),
    ],
)
def test_a_file_or_class_that_is_not_there_is_bad_input(call, file, words, told):
    (file.parent / "broken.py").write_text("class :", "utf-8")
    (file.parent / "leaves.py").write_text("raise SystemExit(0)", "utf-8")
    (file.parent / "bytes.py").write_bytes(b"\x00\xff")
    code, out, err = call("check-head", words.format(file=file, folder=file.parent))
    assert (code, out) == (BAD_INPUT, "")
    assert told in err.splitlines()[-1]


def test_a_process_of_its_own_says_the_same(file):
    words = [sys.executable, "-m", "poolviz", "check-head", f"{file}:MeanHead", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "tensorflow"}
    done = subprocess.run(words, capture_output=True, text=True, cwd=file.parent, env=environment)
    assert (done.returncode, json.loads(done.stdout)["broken"]) == (FINE, {})
    assert done.stderr.splitlines() == ["Loading TensorFlow", "loading"]
