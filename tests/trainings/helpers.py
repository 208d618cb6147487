"""Work of small rows, queued without a process that does it."""

from pathlib import Path

from poolviz.trainings import control
from poolviz.trainings.request import TRAIN, OwnFile, Request
from tests import invented

SMALL = {"embedding": 4, "filters": 8}
FIT = {"epochs": 2, "min_frequency": 1, "texts_per_batch": 32}


def request(*heads: str, **changes) -> Request:
    """A training of a file of one's own, `rows.tsv`."""
    fields = {
        "work": TRAIN,
        "dataset": "mine",
        "heads": heads or ("max",),
        "file": OwnFile("rows.tsv"),
        "model": SMALL,
        "fit": FIT,
    }
    return Request(**fields | changes)


def write_rows(folder: Path) -> Path:
    """The invented rows as somebody's own file."""
    rows = invented.write_rows(folder).read_text(encoding="utf-8")
    path = folder / "rows.tsv"
    path.write_text(f"label\ttext\n{rows}", encoding="utf-8")
    return path


def queued(folder: Path, *heads: str, **changes) -> str:
    """The id of a training that nobody has begun."""
    folder.mkdir(exist_ok=True)
    return control.start(request(*heads, **changes), write_rows(folder), wake=lambda: None)
