"""The weights of pinned sentences at every epoch, on disk."""

import json

import numpy as np
import pandas as pd
import pytest

from poolviz.checkpoints import film, tables
from poolviz.checkpoints.film import Film
from tests.copies import copied

SENTENCES = (("好", "吃"), ("不", "好", "吃"))
RNG = np.random.default_rng(0)


def weights():
    return tuple(RNG.random((2, len(tokens)), np.float32) for tokens in SENTENCES)


FILM = Film(SENTENCES, (weights(), weights(), weights()), (0.9, 0.5, 0.25), (1.0, 0.75, 0.5))


def assert_same(one: Film, other: Film):
    assert one.sentences == other.sentences
    assert (one.loss, one.validation_loss) == (other.loss, other.validation_loss)
    for a, b in zip(one.weights, other.weights, strict=True):
        assert all(map(np.array_equal, a, b))


def test_what_is_written_is_read(tmp_path):
    place = film.write_unfinished(tmp_path / film.NAME, FILM)
    assert_same(film.read_unfinished(place), FILM)


def test_beside_a_card_it_is_of_one_model(trained, tmp_path):
    one, other = (copied(trained(head), tmp_path / head) for head in ("max", "average"))
    film.write(one, FILM)
    assert_same(film.read(one), FILM)
    assert film.read(other) is None
    other.path(film.NAME).write_bytes(one.path(film.NAME).read_bytes())
    assert film.read(other) is None


def test_it_is_cut_and_goes_on():
    assert_same(FILM.until(2).then(FILM.weights[2], 0.25, 0.5), FILM)


def columns(**changes) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "epoch": [1, 1],
            "sentence": [0, 1],
            "row": [0, 0],
            "weights": [[0.5, 0.5], [0.5, 0.25, 0.25]],
            "loss": [0.9, 0.9],
            "validation_loss": [1.0, 1.0],
        }
        | changes
    )


AS_JSON = json.dumps(SENTENCES)


def written(tmp_path, table, sentences=AS_JSON):
    return film.read_unfinished(tables.write(tmp_path / film.NAME, table, {"sentences": sentences}))


def test_a_sound_table_is_a_film(tmp_path):
    assert len(written(tmp_path, columns())) == 1


@pytest.mark.parametrize("name", ["epoch", "sentence", "row", "weights", "loss", "validation_loss"])
def test_a_table_without_a_column_is_none(tmp_path, name):
    assert written(tmp_path, columns().drop(columns=name)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": [2, 2]},
        {"epoch": [1, 2]},
        {"epoch": ["a", "b"]},
        {"sentence": [0, 0]},
        {"sentence": [0, 2]},
        {"weights": [[0.5], [0.5, 0.25, 0.25]]},
        {"weights": [[0.5, float("nan")], [0.5, 0.25, 0.25]]},
        {"weights": ["a", "b"]},
        {"loss": ["a", "b"]},
        {"validation_loss": [None, None]},
    ],
)
def test_a_table_of_other_things_is_none(tmp_path, changes):
    assert written(tmp_path, columns(**changes)) is None


@pytest.mark.parametrize("sentences", ["", "[", "{}", "[]", "[1]", "[[1]]", '["ab", "abc"]'])
def test_other_sentences_are_none(tmp_path, sentences):
    assert written(tmp_path, columns(), sentences) is None


def test_what_is_no_table_is_none(tmp_path):
    (tmp_path / film.NAME).write_text("no Parquet")
    assert film.read_unfinished(tmp_path / film.NAME) is None
    assert film.read_unfinished(tmp_path / "nothing") is None
