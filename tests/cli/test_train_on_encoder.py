"""`train --encoder` and what the other commands say of models on an encoder."""

import json
import shutil

import pandas as pd
import pytest

from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import select
from poolviz.cli import BAD_INPUT, FAILED, FINE
from poolviz.datasets import CATALOGUE
from poolviz.encoders.encoder import find
from poolviz.engine.pairs import PairExplainer
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
    return _copied(made, tmp_path / "models")


@pytest.fixture
def matchers(matcher_on_encoder, tmp_path):
    """A root with two matchers on the tiny encoder."""
    keys = (("siamese", "attention"), ("interactive", "additive"))
    return _copied([matcher_on_encoder(*key) for key in keys], tmp_path / "matchers")


def _copied(made, root):
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


@pytest.fixture
def pairs(encoder_pairs, tmp_path):
    """A file of pairs in words of the tiny encoder."""
    path = tmp_path / "pairs.csv"
    encoder_pairs.rows[["text_a", "text_b", "label"]].to_csv(path, index=False)
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

    def test_more_than_may_be_kept_is_a_sentence(self, called, rows, monkeypatch):
        called("encoder", "clear")
        monkeypatch.setenv("POOLVIZ_VECTORS_GB", "0")
        words = ["--dataset", "mine", "--csv", rows, "--encoder", "tiny", "--head", "max"]
        code, _out, err = called("train", *words)
        assert code != FINE and "POOLVIZ_VECTORS_GB" in err and "encoder clear" in err


class TestMatchers:
    def test_pairs_are_trained_on_and_matched(self, called, pairs, tmp_path):
        root = tmp_path / "models"
        words = ["train", "--dataset", "mine", "--csv", pairs, "--encoder", "tiny", "--epochs", 1]
        words += ["--kind", "siamese", "--output", root]
        called("encoder", "clear")
        first = called(*words, "--head", "max")
        assert first[0] == FINE and "tiny reads" in first[2], first[2]
        second = called(*words, "--head", "attention", "--readout", "dense")
        assert second[0] == FINE and "tiny reads" not in second[2]
        chosen = ["--dataset", "mine", "--kind", "siamese", "--root", root]
        code, out, err = called("explain", *chosen, "--text", TEXT, "--other", "good food")
        assert code == FINE and "Siamese · Max" in out and "[CLS]" in out, err
        code, out, err = called("match", *chosen, "--input", pairs, "--output", tmp_path / "found")
        assert code == FINE and "160 rows" in out, err
        found = pd.read_parquet(tmp_path / "found")
        explainer = PairExplainer(select(list_checkpoints([root]), "mine", ["siamese"], ["max"])[0])
        first = pd.read_csv(pairs).iloc[0]
        said = explainer.explain(first["text_a"], first["text_b"])
        assert found["siamese-max: score"][0] == pytest.approx(said.score, abs=1e-5)

    def test_evaluate_gives_what_the_card_says(self, called, matchers, encoder_pairs, monkeypatch):
        monkeypatch.setitem(CATALOGUE, encoder_pairs.dataset.key, encoder_pairs.dataset)
        folder = encoder_pairs.files[0]["path"].rsplit("/", 1)[0]
        words = ["--dataset", encoder_pairs.dataset.key, "--root", matchers, "--folder", folder]
        code, out, err = called("evaluate", *words, "--json")
        assert code == FINE, err
        for found in json.loads(out):
            [card] = (c.card for c in list_checkpoints([matchers]) if c.name == found["name"])
            assert found["accuracy"] == card["test"]["accuracy"]

    def test_pieces_are_joined_and_windows_said(self, called, matchers):
        words = ["explain", "--dataset", "invented_english_pairs", "--root", matchers]
        long = "playing " * LIMIT
        code, out, err = called(*words, "--text", long, "--other", TEXT)
        assert code == FINE and "Sentence A is longer than the encoder reads at once" in err
        assert f"  {2 * LIMIT + 2} tokens" in out and "Sentence B is" not in err
        code, out, _err = called(*words, "--text", TEXT, "--other", TEXT, "--words")
        assert code == FINE and " playing " in out and " play " not in out


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


def test_remove_takes_the_vectors_along_and_names_the_models(
    called, models, encoder_home, tmp_path, monkeypatch
):
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "other"))
    shutil.copytree(models, tmp_path / "other" / "checkpoints")
    assert called("encoder", "add", "tiny", encoder_home / "brought")[0] == FINE
    folder = tmp_path / "other" / "cache" / "vectors" / find("tiny").hash[:12]
    folder.mkdir(parents=True)
    (folder / "something").write_bytes(b"0")
    code, _out, err = called("encoder", "remove", "tiny")
    assert code == FINE and "cannot be used until it is added again: 2 of invented_english" in err
    assert not folder.exists()
