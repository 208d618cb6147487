"""Parquet files."""

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from poolviz.datasets.readers import reading
from poolviz.datasets.readers.brought.files import read_table
from poolviz.errors import DataError
from poolviz.watch import Cancelled, Watch


def parquet(table) -> bytes:
    content = io.BytesIO()
    pq.write_table(table if isinstance(table, pa.Table) else pa.table(table), content)
    return content.getvalue()


class TestParquet:
    def test_texts_and_labels_of_any_type(self):
        columns = {
            "text": ["好", None, "坏"],
            "label": pa.array(["a", "b", "a"]).dictionary_encode(),
            "number": [1, 2, None],
            "share": [1.0, float("nan"), 0.5],
            "list": [["x"], [], None],
            "bytes": [b"y", b"\xff", None],
            "flag": [True, False, None],
            "day": pd.to_datetime(["2026-01-01"] * 3),
        }
        found = read_table("a.parquet", parquet(columns))
        assert (found.text, found.label, found.how.form) == ("text", "label", "Parquet")
        assert found.column("text") == ["好", "", "坏"]
        assert found.column("label") == ["a", "b", "a"]
        assert found.column("number") == ["1", "2", ""]
        assert found.column("share") == ["1.0", "", "0.5"]
        assert found.column("list") == ["x", "", ""]
        assert found.column("bytes") == ["y", "\ufffd", ""]
        assert found.column("flag") == ["true", "false", ""]
        assert found.column("day")[0].startswith("2026-01-01")

    def test_what_becomes_too_large_is_a_sentence(self, monkeypatch):
        long = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), ["长" * 10_000])
        content = parquet({"text": long})
        assert len(content) < 200_000
        with pytest.raises(DataError, match="more than 50 MB"):
            read_table("a.parquet", content)
        monkeypatch.setattr(reading, "MAX_LINES", 2)
        with pytest.raises(DataError, match="3 lines"):
            read_table("a.parquet", parquet({"text": ["a", "b", "c"]}))

    def test_an_empty_one_has_its_columns(self):
        found = read_table("a.parquet", parquet({"text": pa.array([], pa.string())}))
        assert (len(found), list(found.columns)) == (0, ["text"])

    def test_reading_can_be_stopped(self):
        with pytest.raises(Cancelled):
            content = parquet({"text": ["a"]})
            read_table("a.parquet", content, watch=Watch(cancelled=lambda: True))

    def test_a_damaged_one_is_a_sentence(self):
        content = parquet({"text": ["a"] * 100})
        for damaged in (content[:60], content[:4] + bytes(40), content[:-60] + bytes(60)):
            with pytest.raises(DataError, match="damaged"):
                read_table("a.parquet", damaged)
