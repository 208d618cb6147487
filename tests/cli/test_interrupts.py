"""Ctrl+C in a terminal reaches every process: finished parts stay, the same command goes on."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest

from poolviz.__main__ import run
from poolviz.bulk.parts import MANIFEST
from poolviz.bulk.reading import blocks
from poolviz.cli import FINE, INTERRUPTED
from tests.bulk.helpers import threads
from tests.cli_helpers import TEXT, explain
from tests.house import ROOT

pytest_plugins = ["tests.cli_fixtures"]
STOPPED = "Stopped by Ctrl+C; finished parts stay, and the same command goes on from there."
# The command, with small parts; once the first are done, its whole group is interrupted.
INTERRUPTED_ONCE = """
import os, signal, sys
from poolviz.bulk import run
from poolviz.bulk.reading import blocks
from poolviz.cli import main

done, blocks.MOST_ROWS = run._done, 2

def interrupted(running):
    yield from done(running)
    run._done = done
    os.killpg(0, signal.SIGINT)

run._done = interrupted
sys.exit(main(sys.argv[1:]))
"""


def test_while_the_command_is_loaded(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("poolviz.cli.main", interrupted)
    with pytest.raises(SystemExit) as raised:
        run()
    assert raised.value.code == INTERRUPTED


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_finished_parts_stay(call, root, tmp_path, monkeypatch, engine):
    rows, out = tmp_path / "rows.csv", tmp_path / "out"
    lines = [f"{n},{TEXT[: 4 + n % 10]}" for n in range(60)]
    rows.write_text("\n".join(["id,text", *lines]) + "\n", encoding="utf-8")
    words = explain(root, "--input", rows, "--output", out)
    stopped = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_ONCE, *map(str, words), "--engine", engine],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )
    assert (stopped.returncode, stopped.stdout) == (INTERRUPTED, "")
    *_progress, said = stopped.stderr.splitlines()
    assert said == STOPPED
    assert "Traceback" not in stopped.stderr and "KeyboardInterrupt" not in stopped.stderr
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    assert not manifest["complete"] and 1 <= len(manifest["parts"]) < 30
    monkeypatch.setattr("poolviz.bulk.engines.local", lambda _processes: threads())
    monkeypatch.setattr(blocks, "MOST_ROWS", 2)
    kept = {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")}
    code, _out, _err = call(*words)
    assert code == FINE and len(list(out.glob("part-*"))) == 30
    assert {name: (out / name).stat().st_mtime_ns for name in kept} == kept
    assert set(pd.read_parquet(out)["id"]) == {str(n) for n in range(60)}
