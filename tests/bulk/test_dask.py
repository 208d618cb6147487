"""The same parts from the workers of a cluster as from here, one of them killed in the middle."""

import json
import os
import signal

import pandas as pd
import pyarrow.parquet as pq
import pytest

from poolviz.bulk import engines
from poolviz.bulk.parts import MANIFEST
from poolviz.bulk.reading import blocks
from poolviz.errors import ChoiceError
from poolviz.watch import Cancelled, Watch
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


def test_what_is_stopped_leaves_finished_parts(rows, checkpoints, tmp_path, monkeypatch, address):
    monkeypatch.setattr(blocks, "MOST_ROWS", 2)
    steps = []
    watch = Watch(lambda *step: steps.append(step), lambda: len(steps) >= 3)
    run = a_run(rows, checkpoints, tmp_path / "out")
    with engines.dask(address) as engine, pytest.raises(Cancelled):
        run(engine, watch)
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
    kept = [part["name"] for part in manifest["parts"]]
    assert not manifest["complete"] and 3 <= len(kept) < 30
    for name in kept:
        assert pq.ParquetFile(tmp_path / "out" / name).metadata.num_rows <= 2
    again = a_run(rows, checkpoints, tmp_path / "out")
    with engines.dask(address) as engine:
        found = again(engine)
    assert again.resumed >= len(kept) and found["rows"] == 58
    assert found == done(a_run(rows, checkpoints, tmp_path / "whole"))


def test_workers_of_this_machine_hear_no_interrupts_and_keep_their_memory(monkeypatch):
    """Also one in place of a lost one: nobody tells that anything."""
    monkeypatch.setattr(engines.os, "cpu_count", lambda: 1)
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)  # of a cluster before
    with engines.dask_client() as client:
        [left] = client.run(lambda: signal.getsignal(signal.SIGINT) is signal.SIG_IGN).values()
        kill_one(client.scheduler.address)
        blocked, variables = client.submit(told_from_the_start).result()
    assert left and signal.SIGINT in blocked
    assert "MALLOC_TRIM_THRESHOLD_" not in variables


def told_from_the_start():
    return signal.pthread_sigmask(signal.SIG_BLOCK, ()), set(os.environ)


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr(engines, "_PATIENCE", 0.2)
    with (
        pytest.raises(ChoiceError, match=r"Nobody answers at the scheduler tcp://127\.0\.0\.1:9"),
        engines.dask("tcp://127.0.0.1:9"),
    ):
        pass
