"""Folders for a while: gone with the block, and with the process that made them."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from poolviz import places, scratch
from poolviz.scratch import new_folder

HOLDS = """
import sys, time
from pathlib import Path
from poolviz.scratch import scratch
with scratch(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("a")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_it_is_gone_with_the_block_however_that_ends(tmp_path):
    with pytest.raises(ZeroDivisionError), scratch.scratch(tmp_path) as folder:
        assert folder.parent == tmp_path and folder.is_dir()
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_leaves_goes_when_another_one_begins(tmp_path):
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    root = str(places.SHIPPED_CHECKPOINTS.parent)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
    )
    left = Path(process.stdout.readline().strip())
    with scratch.scratch(tmp_path):
        assert (left / "half").exists()  # its process is at work
    process.kill()
    process.wait()
    process.stdout.close()
    assert left.exists()
    new_folder(tmp_path)
    assert not left.exists()


def test_folders_of_others_are_let_be(tmp_path, monkeypatch):
    kept = [tmp_path / name for name in (".poolviz-x@y-z", ".other-1@here-a", "poolviz-1@here-a")]
    kept.append(tmp_path / f".poolviz-{os.getpid()}@{scratch._machine()}-abc")
    kept.append(tmp_path / ".poolviz-999999999@elsewhere-abc")  # written to a moment ago
    for folder in kept:
        folder.mkdir()
    mine = new_folder(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*kept, mine])
    monkeypatch.setattr(scratch, "_age", lambda _folder: 90_000.0)
    new_folder(tmp_path)
    assert not kept[-1].exists() and kept[-2].exists()


@pytest.mark.parametrize("name", ["box", "my-box.local", "", "机器"])
def test_a_machine_may_have_any_name(name, monkeypatch, tmp_path):
    monkeypatch.setattr(platform, "node", lambda: name)
    folder = new_folder(tmp_path)
    pid = folder.name.partition("@")[0].removeprefix(".poolviz-")
    assert int(pid) == os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: 1)

    def ended(*_):
        raise ProcessLookupError

    monkeypatch.setattr(os, "kill", ended)
    new_folder(tmp_path)
    assert not folder.exists()
