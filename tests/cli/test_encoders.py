"""`encoder`, `match` and `rank`: a pretrained encoder on the command line."""

import json
import shutil
from subprocess import CompletedProcess

import numpy as np
import pytest

from poolviz.cli import BAD_INPUT, FAILED, FINE
from poolviz.cli.commands.encoders import converting
from poolviz.encoders.encoder import find
from poolviz.encoders.reader import Reader
from poolviz.engine import poolings
from poolviz.model.poolings import POOLINGS
from poolviz.values.pairs import PairExplanation
from poolviz.views.pairs import strongest
from tests.tiny_encoder import LIMIT, WIDTH, bert, write_folder

pytest_plugins = ["tests.cli_fixtures"]

A, B = "the playing room", "good food"


@pytest.fixture
def brought(call, tmp_path):
    """The folder of a tiny encoder."""
    return write_folder(tmp_path / "brought")


@pytest.fixture
def tiny(call, brought):
    """The tiny encoder, added."""
    assert call("encoder", "add", "tiny", brought)[0] == FINE
    return find("tiny")


class TestEncoder:
    def test_add_says_what_was_checked_and_where_it_is(self, call, brought):
        code, out, err = call("encoder", "add", "tiny", brought)
        assert (code, out) == (FINE, f"tiny: kept in {find('tiny').folder} (0.0 MB)\n")
        for said in ("inputs input_ids", "places in the text", f"{WIDTH} channels", f"{LIMIT} tok"):
            assert said in err

    def test_list_is_a_table_or_json(self, call, tiny):
        out = call("encoder", "list")[1]
        assert "tiny" in out and tiny.hash[:12] in out and str(tiny.folder) in out
        [entry] = json.loads(call("encoder", "list", "--json")[1])
        assert (entry["name"], entry["hash"], entry["damage"]) == ("tiny", tiny.hash, None)
        assert entry["bytes"] == tiny.bytes

    def test_a_damaged_one_is_named(self, call, tiny):
        tiny.path("model.onnx").write_bytes(b"")
        code, out, err = call("encoder", "list")
        assert code == FAILED and "damaged" in out and "add it again" in err
        code, _out, err = call("match", "--a", A, "--b", B)
        assert code == FAILED and "add it again" in err

    def test_remove_takes_it_away(self, call, tiny):
        assert call("encoder", "remove", "tiny")[0] == FINE
        assert not tiny.folder.exists()
        code, out, err = call("encoder", "list")
        assert (code, out) == (FINE, "") and "encoder add NAME FOLDER" in err

    @pytest.mark.parametrize(
        "words",
        [("add",), ("add", "x"), ("remove",), ("remove", "x", "y"), ("list", "x")],
    )
    def test_a_word_too_many_or_too_few_is_told(self, call, words):
        code, _out, err = call("encoder", *words)
        assert code == BAD_INPUT and "encoder" in err

    def test_what_cannot_be_used_is_told(self, call, tmp_path):
        code, _out, err = call("encoder", "add", "x", tmp_path)
        assert code == BAD_INPUT and "no model.onnx" in err
        folder = write_folder(tmp_path / "b", bert(masked=False))
        assert "beside padding" in call("encoder", "add", "x", folder)[2]
        assert call("encoder", "remove", "x")[0] == BAD_INPUT


class TestWeights:
    """A folder with weights that were not exported to ONNX."""

    @pytest.fixture
    def weights(self, brought):
        (brought / "model.onnx").rename(brought.parent / "made.onnx")
        (brought / "model.safetensors").write_bytes(b"weights")
        return brought

    def test_are_converted_before_the_checks(self, call, weights, monkeypatch):
        made = weights.parent / "made.onnx"
        monkeypatch.setattr(converting, "find_spec", lambda name: True)
        monkeypatch.setattr(converting, "_convert", lambda _from, file: shutil.copy(made, file))
        code, out, err = call("encoder", "add", "tiny", weights)
        assert code == FINE and "kept in" in out and "Converting model.safetensors" in err
        assert find("tiny").files == ("model.onnx", "tokenizer.json")

    def test_without_what_converts_the_command_that_installs_it_is_told(
        self, call, weights, monkeypatch
    ):
        monkeypatch.setattr(converting, "find_spec", lambda name: None)
        code, _out, err = call("encoder", "add", "tiny", weights)
        assert code == BAD_INPUT and "-r " in err and "requirements-encoders.txt" in err

    def test_that_cannot_be_converted_are_told_with_the_reason(self, call, weights, monkeypatch):
        monkeypatch.setattr(converting, "find_spec", lambda name: True)
        failed = CompletedProcess([], 1, "", "Traceback\nValueError: no such layer\n")
        monkeypatch.setattr(converting.subprocess, "run", lambda *_words, **_options: failed)
        code, _out, err = call("encoder", "add", "tiny", weights)
        assert code == BAD_INPUT and "cannot be converted to ONNX (ValueError: no such" in err
        assert "Traceback" not in err.replace("(ValueError", "")

    def test_a_name_on_a_hub_is_no_folder(self, call):
        code, _out, err = call("encoder", "add", "x", "sentence-transformers/all-MiniLM-L6-v2")
        assert code == BAD_INPUT and "nothing is fetched from a hub" in err


class TestMatch:
    @pytest.fixture
    def same(self, tiny):
        reader = Reader(tiny)
        return poolings.match(tiny, reader.read(A), reader.read(B))

    def test_json_is_what_the_engine_gives_under_every_pooling(self, call, same):
        code, out, err = call("match", "--a", A, "--b", B, "--json")
        assert (code, err) == (FINE, "")
        found = [PairExplanation.from_json(each) for each in json.loads(out)]
        assert [pair.head for pair in found] == list(POOLINGS)
        for pair, expected in zip(found, same, strict=True):
            np.testing.assert_allclose(pair.cells, expected.cells)
            assert pair.score == expected.score

    def test_tables_have_the_cosines_and_the_strongest_pairs(self, call, same):
        out = call("match", "--a", A, "--b", B, "--head", "mean,max", "--top", "2")[1]
        by_head = {pair.head: pair for pair in same}
        assert f"{by_head['mean'].score:.4f}" in out and f"{by_head['max'].score:.4f}" in out
        assert "CLS  " not in out and "6 tokens, [CLS], [SEP] counted" in out
        for i, j in strongest(by_head["mean"].cells, 2):
            assert f"{by_head['mean'].cells[i, j]:+.4f}" in out
        assert out.count("adds exactly") == 2

    def test_pieces_of_words_are_joined_on_demand(self, call, same):
        split = call("match", "--a", A, "--b", B, "--json", "--head", "mean")[1]
        joined = call("match", "--a", A, "--b", B, "--json", "--head", "mean", "--words")[1]
        tokens = [
            [token["text"] for token in json.loads(out)[0]["sides"][0]["tokens"]]
            for out in (split, joined)
        ]
        assert tokens[0] == ["[CLS]", "the", "play", "ing", "room", "[SEP]"]
        assert tokens[1] == ["[CLS]", "the", "playing", "room", "[SEP]"]

    def test_a_long_text_is_said_to_be_read_in_windows(self, call, tiny):
        err = call("match", "--a", " ".join(["good"] * 50), "--b", B)[2]
        assert "Sentence A: longer than the encoder reads at once" in err

    def test_bad_input_is_told(self, call, tiny, brought):
        for words, said in (
            (("--a", " ", "--b", B), "Sentence A is empty"),
            (("--a", A, "--b", B, "--head", "median"), "Unknown head median"),
            (("--a", A, "--b", B, "--encoder", "no"), "Name one of the encoders"),
        ):
            code, _out, err = call("match", *words)
            assert code == BAD_INPUT and said in err
        call("encoder", "add", "other", brought)
        assert "other, tiny" in call("match", "--a", A, "--b", B)[2]

    def test_without_any_encoder_the_command_to_add_one_is_told(self, call):
        code, _out, err = call("match", "--a", A, "--b", B)
        assert code == BAD_INPUT and "encoder add NAME FOLDER" in err


class TestRank:
    @pytest.fixture
    def sentences(self, tmp_path):
        path = tmp_path / "list.txt"
        path.write_text("good food\nthe room was clean\n\ngood food\nbad food\n", encoding="utf-8")
        return path

    def test_json_has_every_distinct_sentence_under_every_pooling_best_first(
        self, call, tiny, sentences
    ):
        out = call("rank", "--query", B, "--input", sentences, "--json")[1]
        found = {each["head"]: each["sentences"] for each in json.loads(out)}
        assert list(found) == list(POOLINGS)
        reader = Reader(tiny)
        for head, ranked in found.items():
            assert {each["text"] for each in ranked} == {B, "the room was clean", "bad food"}
            assert ranked[0]["text"] == B and ranked[0]["cosine"] == pytest.approx(1)
            for each in ranked:
                [pair] = poolings.match(tiny, reader.read(B), reader.read(each["text"]), [head])
                assert each["cosine"] == pytest.approx(pair.score, abs=1e-5)
            cosines = [each["cosine"] for each in ranked]
            assert cosines == sorted(cosines, reverse=True)

    def test_tables_have_as_many_as_asked(self, call, tiny, sentences):
        out = call("rank", "--query", B, "--input", sentences, "--head", "mean", "--top", "2")[1]
        lines = out.splitlines()
        assert lines[0] == "Mean" and len(lines) == 4 and "1.0000  good food" in lines[2]

    def test_a_column_of_a_table_can_be_named(self, call, tiny, tmp_path):
        path = tmp_path / "list.csv"
        path.write_text("id,title\n1,good food\n2,bad food\n", encoding="utf-8")
        words = ("rank", "--query", B, "--input", path, "--head", "mean", "--json")
        [found] = json.loads(call(*words, "--text-column", "title")[1])
        assert len(found["sentences"]) == 2
        assert "no column x" in call(*words, "--text-column", "x")[2]

    def test_bad_input_is_told(self, call, tiny, sentences, tmp_path):
        code, _out, err = call("rank", "--query", B, "--input", tmp_path / "none.txt")
        assert code == BAD_INPUT and "cannot be read" in err
        assert call("rank", "--query", " ", "--input", sentences)[0] == BAD_INPUT
