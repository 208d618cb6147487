"""What is kept of somebody's own file beside a model."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolviz.checkpoints import own_rows
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.own_rows import LONGEST, MOST, NAME, OwnRows
from poolviz.datasets.own.texts import load_own
from tests import invented


@pytest.fixture
def kept(tmp_path):
    """`kept(texts)`: what is kept of a file with these texts of two labels."""

    def keep(texts, key="mine"):
        place = tmp_path / "mine.csv"
        lines = [f"{text},{'good' if n % 3 else 'bad'}" for n, text in enumerate(texts)]
        place.write_text("\n".join(["text,label", *lines]), "utf-8")
        corpus = load_own("mine", place)
        corpus = replace(corpus, dataset=replace(corpus.dataset, key=key))
        own_rows.keep(corpus, tmp_path)
        return own_rows.read(Checkpoint(tmp_path, key, "max", {})), corpus

    return keep


def test_some_test_rows_are_kept_with_their_labels_and_the_place_of_the_file(kept, tmp_path):
    found, corpus = kept([f"visit number {n} was fine" for n in range(400)])
    assert found.files == (str(tmp_path / "mine.csv"),)
    tested = corpus.split("test")
    named = [corpus.dataset.classes[k] for k in tested["label"]]
    assert len(found.rows) == MOST
    assert set(found.rows) <= set(zip(named, tested["text"], strict=True))
    assert {label for label, _text in found.rows[:2]} == {"good", "bad"}  # in turns


def test_they_are_short_ones_as_far_as_there_are_any(kept):
    short = [f"visit {n}" for n in range(200)]
    found, _corpus = kept([*short, *(f"{n} {'long ' * LONGEST}" for n in range(200))])
    assert all(len(text) <= LONGEST for _label, text in found.rows)
    long, _corpus = kept([f"{n} {'long ' * 100}" for n in range(200)])
    assert len(long.rows) == MOST
    too_long, _corpus = kept([f"{n} {'long ' * 2_000}" for n in range(40)])
    assert too_long.rows == () and too_long.files


def test_of_a_data_set_of_the_catalogue_nothing_is(kept, tmp_path):
    assert kept(["a room", "b room"] * 40, "bbc_news")[0] == OwnRows()
    assert not (tmp_path / NAME).exists()


def test_a_server_that_hides_rows_keeps_and_shows_none(kept, tmp_path, monkeypatch):
    texts = [f"visit {n}" for n in range(100)]
    kept(texts)
    monkeypatch.setenv("POOLVIZ_HIDE_ROWS", "1")
    assert own_rows.read(Checkpoint(tmp_path, "mine", "max", {})) == OwnRows()
    kept(texts)
    assert "visit" not in (tmp_path / NAME).read_text("utf-8")


VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
)


@given(files=VALUES, rows=VALUES, version=st.just(1) | VALUES)
def test_a_damaged_file_is_as_if_it_were_not_there(tmp_path_factory, files, rows, version):
    folder = tmp_path_factory.getbasetemp()
    content = {"schema_version": version, "files": files, "rows": rows}
    (folder / NAME).write_text(json.dumps(content), "utf-8")
    found = own_rows.read(Checkpoint(folder, "mine", "max", dict(invented.CARD_FIELDS)))
    assert all(isinstance(path, str) for path in found.files)
    assert all(isinstance(part, str) for row in found.rows for part in row)
