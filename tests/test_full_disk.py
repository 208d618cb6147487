"""A disk that becomes full: what was there stays, nothing half is left, and the file is named."""

import os

import pandas as pd
import pytest

from poolviz.checkpoints import beside, marks, tables
from poolviz.checkpoints.checkpoint import FILES, read, write
from poolviz.errors import DiskFull
from poolviz.text.vocabulary import Vocabulary
from tests.disks import KILOBYTES, small_disk
from tests.invented import CARD_FIELDS

SMALL, LARGE = 1_000, KILOBYTES * 2_000


def checkpoint(folder, size):
    def make(place):
        for file in FILES:
            (place / file).write_bytes(os.urandom(size))

    write(folder, "hotel", "max", CARD_FIELDS, make)


def table(folder, size):
    frame = pd.DataFrame({"a": [os.urandom(size)]})
    tables.write(folder / "table.parquet", frame, {})


def figures(folder, size):
    beside.save_json(folder / "figures.json", 1, {"text": "x" * size})


def said_of_runs(folder, size):
    marks.write_marks(folder, {"0": marks.RunMark("0", "x" * size)})


def vocabulary(folder, size):
    entries = (f"{number:08}" for number in range(size // 8))
    Vocabulary("character", 1, tuple(entries)).save(folder / "vocab.json")


WRITERS = {
    checkpoint: "max",
    table: "table.parquet",
    figures: "figures.json",
    said_of_runs: "runs.json",
    vocabulary: "vocab.json",
}


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".lock")
    }


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.__name__)
def test_what_was_there_stays_on_a_small_disk_or_else_by_an_injected_error(writer, tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        writer(disk, SMALL)
        before = contents(disk)
        with pytest.raises(DiskFull) as raised:
            writer(disk, LARGE)
        assert contents(disk) == before
        assert f"{WRITERS[writer]} cannot be written" in str(raised.value)
        writer(disk, SMALL)  # there is room for this again
    assert before


def test_a_checkpoint_that_was_there_is_still_whole(tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        checkpoint(disk, SMALL)
        with pytest.raises(DiskFull):
            checkpoint(disk, LARGE)
        assert read(disk / "hotel" / "max").damage is None
