"""Two processes write one checkpoint while a third looks: there is always a whole one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from poolviz.checkpoints.checkpoint import CARD, ONNX, write
from poolviz.checkpoints.listing import list_checkpoints
from tests.invented import CARD_FIELDS

TIMES = 25
WRITER = """
import sys
from pathlib import Path
from poolviz.checkpoints.checkpoint import FILES, write
from tests.invented import CARD_FIELDS

def make(folder):
    for file in FILES:
        (folder / file).write_bytes(sys.argv[2].encode() * 1000)

for _time in range(int(sys.argv[3])):
    assert write(Path(sys.argv[1]), "hotel", "max", CARD_FIELDS, make).damage is None
"""


def make(folder):
    for file in ("model.keras", ONNX, "vocab.json"):
        (folder / file).write_bytes(b"first")


@pytest.fixture
def root(tmp_path):
    write(tmp_path, "hotel", "max", CARD_FIELDS, make)
    return tmp_path


def test_nobody_finds_half_of_one_or_none(root):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(root), mark, str(TIMES)],
            cwd=Path(__file__).parents[2],
            stderr=subprocess.PIPE,
        )
        for mark in "ab"
    ]
    looks = 0
    while any(writer.poll() is None for writer in writers):
        (found,) = list_checkpoints([root])
        assert found.damage is None
        looks += 1
    assert [writer.communicate()[1] for writer in writers] == [b"", b""]
    assert looks > 1
    left = sorted(path.name for path in (root / "hotel").iterdir())
    assert left == ["max"]


@pytest.mark.parametrize("name", [CARD, ONNX, "anatomy.json", "notes"])
def test_a_link_that_leads_nowhere_is_as_good_as_no_file(root, name):
    write(root, "titles", "max", CARD_FIELDS, make)
    place = root / "hotel" / "max" / name
    place.unlink(missing_ok=True)
    os.symlink(root / "nowhere", place)
    found = {checkpoint.task: checkpoint for checkpoint in list_checkpoints([root])}
    assert bool(found["hotel"].damage) == (name in (CARD, ONNX))
    assert found["titles"].damage is None


def test_a_lock_that_cannot_be_had_is_not_waited_for(root):
    (root / ".folders.lock").unlink()
    (root / ".folders.lock").mkdir()
    (found,) = list_checkpoints([root])
    assert found.damage is None
