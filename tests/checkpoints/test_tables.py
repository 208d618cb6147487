"""Tables on disk with the marks of what made them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pyarrow.parquet
import pytest

from poolviz.checkpoints import tables

MARKS = {tables.MODEL: "abc", "rows": "3"}


@pytest.fixture
def table() -> pd.DataFrame:
    return pd.DataFrame({"key": pd.array([1, 2, 3], "uint64"), "value": [0.5, 0.25, 0.125]})


def test_what_was_written_is_read_with_all_its_marks(tmp_path, table):
    place = tables.write(tmp_path / "a.parquet", table, MARKS)
    found = tables.read(place, {tables.MODEL: "abc"})
    assert found.equals(table)
    assert found.attrs == MARKS
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]


def test_two_visitors_can_write_the_same_table_at_once(tmp_path, table, monkeypatch):
    both, write = threading.Barrier(2, timeout=20), pyarrow.parquet.write_table

    def slowly(content, place, **options):
        write(content, place, **options)
        both.wait()  # neither moves its file before the other has written

    monkeypatch.setattr(pyarrow.parquet, "write_table", slowly)
    with ThreadPoolExecutor(2) as pool:
        place = tmp_path / "a.parquet"
        done = [pool.submit(tables.write, place, table, MARKS) for _visitor in range(2)]
        assert [each.result() for each in done] == [place, place]
    assert tables.read(place, MARKS).equals(table)


@pytest.mark.parametrize("marks", [{tables.MODEL: "abd"}, {"other": "1"}, MARKS | {"rows": "4"}])
def test_other_marks_count_as_missing(tmp_path, table, marks):
    assert tables.read(tables.write(tmp_path / "a.parquet", table, MARKS), marks) is None


@pytest.mark.parametrize("content", [b"", b"PAR1 and nothing more", b"PAR1" * 100])
def test_a_damaged_file_counts_as_missing(tmp_path, content):
    place = tmp_path / "a.parquet"
    place.write_bytes(content)
    assert tables.read(place, {}) is None
    assert tables.read(tmp_path / "none.parquet", {}) is None
