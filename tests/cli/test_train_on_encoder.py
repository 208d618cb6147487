"""`train --encoder` and what the other commands say of models on an encoder."""

import json
import shutil

import pytest

from poolviz.cli import BAD_INPUT, FAILED, FINE
from poolviz.encoders.encoder import find
from tests.tiny_encoder import LIMIT, WIDTH

pytest_plugins = ["tests.cli_fixtures"]

TEXT = "The playing room was clean."


@pytest.fixture
def called(call, encoder_home, monkeypatch):
    """`call` on a machine that has the tiny encoder."""
    monkeypatch.setenv("POOLVIZ_HOME", str(encoder_home))
    return call


@pytest.fixture
def models(trained_on_encoder, tmp_path):
    """A root with two heads on the tiny encoder."""
    made = [trained_on_encoder(head) for head in ("attention", "max")]
    root = tmp_path / "models"
    for each in made:
        run = each.folder.parent
        shutil.copytree(each.folder, root / each.task / run.name / each.name)
    return root


@pytest.fixture
def rows(encoder_corpus, tmp_path):
    """A file of rows in words of the tiny encoder."""
    path = tmp_path / "rows.csv"
    lines = [f"{row.label},{row.text}" for row in encoder_corpus.rows.itertuples()]
    path.write_text("\n".join(["label,text", *lines]), encoding="utf-8")
    return path


class TestTrain:
    def test_what_is_read_is_said_first_and_read_once(self, called, rows, tmp_path):
        words = ["train", "--dataset", "mine", "--csv", rows, "--encoder", "tiny", "--epochs", 1]
        called("encoder", "clear")
        first = called(*words, "--head", "average", "--output", tmp_path / "one")
        assert first[0] == FINE, first[2]
        assert "tiny reads" in first[2] and "GB of token vectors" in first[2]
        assert "average: accuracy" in first[1]
        second = called(*words, "--head", "min-variance", "--output", tmp_path / "two")
        assert second[0] == FINE and "tiny reads" not in second[2]
        entry = json.loads(called("encoder", "list", "--json")[1])[0]
        assert entry["kept_vector_bytes"] > 100 * WIDTH * 2
        assert called("encoder", "clear", "tiny")[1].endswith("of token vectors were deleted.\n")
        assert json.loads(called("encoder", "list", "--json")[1])[0]["kept_vector_bytes"] == 0

    def test_an_encoder_that_was_not_added_is_a_sentence(self, called, rows):
        words = ["--dataset", "mine", "--csv", rows, "--encoder", "other", "--head", "max"]
        code, _out, err = called("train", *words)
        assert code == BAD_INPUT and "tiny" in err

    def test_matchers_have_none(self, called):
        words = ["train", "--dataset", "lcqmc", "--kind", "siamese", "--head", "max"]
        code, _out, err = called(*words, "--encoder", "tiny")
        assert code == BAD_INPUT and "for classifiers" in err

    def test_more_than_may_be_kept_is_a_sentence(self, called, rows, monkeypatch):
        called("encoder", "clear")
        monkeypatch.setenv("POOLVIZ_VECTORS_GB", "0")
        words = ["--dataset", "mine", "--csv", rows, "--encoder", "tiny", "--head", "max"]
        code, _out, err = called("train", *words)
        assert code != FINE and "POOLVIZ_VECTORS_GB" in err and "encoder clear" in err


class TestExplain:
    def test_pieces_and_special_tokens_are_listed(self, called, models):
        words = ["explain", "--text", TEXT, "--root", models, "--dataset", "invented_english"]
        code, out, err = called(*words)
        assert code == FINE, err
        assert "[CLS]" in out and "Attention" in out and "Max" in out
        found = json.loads(called(*words, "--json")[1])
        assert [each["head"] for each in found] == ["max", "attention"]
        assert {len(each["tokens"]) for each in found} == {9}

    def test_a_long_text_is_said_to_be_read_in_windows(self, called, models):
        text = "good food " * 2 * LIMIT
        words = ["explain", "--text", text, "--root", models, "--dataset", "invented_english"]
        code, out, err = called(*words)
        assert code == FINE and f"{4 * LIMIT + 2} tokens" in out
        assert "longer than the encoder reads at once" in err and "overlap of 5 tokens" in err

    def test_without_the_encoder_one_sentence_says_what_to_add(self, call, models, encoder_home):
        code, _out, err = call(
            *("explain", "--text", TEXT, "--root", models, "--dataset", "invented_english")
        )
        assert code == FAILED and "encoder add tiny FOLDER" in err
        assert err.count("\n") == 1


def test_remove_takes_the_vectors_along(called, encoder_home, tmp_path, monkeypatch):
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "other"))
    assert called("encoder", "add", "tiny", encoder_home / "brought")[0] == FINE
    folder = tmp_path / "other" / "cache" / "vectors" / find("tiny").hash[:12]
    folder.mkdir(parents=True)
    (folder / "something").write_bytes(b"0")
    assert called("encoder", "remove", "tiny")[0] == FINE
    assert not folder.exists()
