"""The same parts from the workers of a cluster as from here, one of them killed in the middle."""

import pandas as pd
import pytest

from poolviz.bulk import blocks, engines
from poolviz.errors import ChoiceError
from poolviz.watch import Watch
from tests.bulk.helpers import a_run, done, names
from tests.clusters import kill_one, two_workers


@pytest.fixture(scope="module")
def address():
    with two_workers() as address:
        yield address


def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    rows, checkpoints, tmp_path, monkeypatch, address
):
    monkeypatch.setattr(blocks, "MOST_ROWS", 2)
    here, there = tmp_path / "here", tmp_path / "there"
    expected = done(a_run(rows, checkpoints, here))
    killed = []

    def progress(count, total):
        if not killed:
            killed.append(kill_one(address))

    with engines.dask(address) as engine:
        assert engine.places == 2
        found = a_run(rows, checkpoints, there)(engine, Watch(progress))
    assert killed and found == expected
    assert names(there) == names(here) and len(names(there)) == 30
    pd.testing.assert_frame_equal(pd.read_parquet(there), pd.read_parquet(here))
    bad = [(folder / "_bad_rows.jsonl").read_bytes() for folder in (here, there)]
    assert bad[0] == bad[1]


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr(engines, "_PATIENCE", 0.2)
    with (
        pytest.raises(ChoiceError, match=r"Nobody answers at the scheduler tcp://127\.0\.0\.1:9"),
        engines.dask("tcp://127.0.0.1:9"),
    ):
        pass
