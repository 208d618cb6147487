"""Tables on disk with the marks of what made them."""

import pandas as pd
import pytest

from poolviz import tables

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


@pytest.mark.parametrize("marks", [{tables.MODEL: "abd"}, {"other": "1"}, MARKS | {"rows": "4"}])
def test_other_marks_count_as_missing(tmp_path, table, marks):
    assert tables.read(tables.write(tmp_path / "a.parquet", table, MARKS), marks) is None


@pytest.mark.parametrize("content", [b"", b"PAR1 and nothing more", b"PAR1" * 100])
def test_a_damaged_file_counts_as_missing(tmp_path, content):
    place = tmp_path / "a.parquet"
    place.write_bytes(content)
    assert tables.read(place, {}) is None
    assert tables.read(tmp_path / "none.parquet", {}) is None
