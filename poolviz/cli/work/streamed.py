"""`train --csv` on rows that do not fit into memory: read from their files while models learn."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from fsspec.core import has_magic

from poolviz.bulk.reading.blocks import LABEL, TEXT, Columns, Reader
from poolviz.bulk.reading.inputs import inputs_of
from poolviz.cli import terminal
from poolviz.cli.flags.bulk import DASK
from poolviz.cli.loading import load_training
from poolviz.cli.own_file import wanted_of
from poolviz.cli.work.bulk import note_findings
from poolviz.datasets.own.entering import check_key
from poolviz.datasets.streamed import rows
from poolviz.errors import ChoiceError
from poolviz.model.kinds import KINDS
from poolviz.model.options import TrainingOptions, flag
from poolviz.scratch import scratch
from poolviz.watch import Watch

if TYPE_CHECKING:
    from poolviz.training.recipe import Prepared

LARGE = 200_000_000  # bytes of a file, from which on its rows are not held in memory
_NOT_LARGE = ("test_csv", "split_column", "sheet", "join_labels", "negative_column", "match")


def is_large(path: Path | None) -> bool:
    """Whether a file's rows are read while models learn: a large one, a folder's, a pattern's."""
    if path is None:
        return False
    if path.is_file():
        return path.stat().st_size >= LARGE
    return path.is_dir() or has_magic(str(path))


@contextmanager
def prepared(
    arguments: Namespace, options: TrainingOptions, root: Path
) -> Generator[tuple[Prepared, ModuleType]]:
    """The rows of `--csv`, and what trains on them, for as long as the block lasts.

    The ids of those to train on lie in a folder below `root` meanwhile.

    What there is to say of the files stands on stderr.

    Raises
    ------
    ChoiceError, DataError, TrainingError : see `poolviz.bulk.reading.blocks.Reader` and
        `poolviz.datasets.streamed.rows.read`; also for flags that are not for such rows.
    """
    _check(arguments, options)
    columns = Columns((arguments.text_column,), None, arguments.encoding, arguments.label_column)
    reader = Reader(inputs_of(str(arguments.csv)), columns, labelled=True)
    recipes, many = load_training("kinds.recipes", "many")
    size = sum(file.size for file in reader.inputs)
    terminal.note(
        f"{size / 1e6:,.0f} MB of rows: they are read from disk while models learn. Splits follow "
        "from the texts."
    )
    told = "Reading was stopped by Ctrl+C; nothing was trained."
    with scratch(root) as folder:
        with terminal.stop_on_interrupt(told) as cancelled, terminal.StatusLine() as status:
            watch = Watch(cancelled=cancelled)
            status.show("Reading rows …")
            found = rows.read(
                arguments.dataset,
                rows.Files(arguments.csv, tuple(Path(file.path) for file in reader.inputs)),
                lambda: _rows(reader),
                arguments.unit,
                wanted_of(arguments),
                watch,
            )
            status.show("Looking up tokens …")
            ready = recipes.prepare_streamed(found, options.min_frequency, folder, watch)
        note_findings(reader)
        yield ready, many


def _rows(reader: Reader) -> Iterator[tuple[str, str]]:
    """Label and text of each row."""
    for block in reader:
        columns = (block.rows[name].to_pylist() for name in (LABEL, TEXT))
        yield from zip(*columns, strict=True)


def _check(arguments: Namespace, options: TrainingOptions) -> None:
    for name in _NOT_LARGE:
        if getattr(arguments, name):
            raise ChoiceError("{name} is not for rows that are read from disk.", name=flag(name))
    if KINDS[arguments.kind].recipe != "texts" or options.others:
        raise ChoiceError(
            "Rows that are read from disk train classifiers; give pairs in files of less than "
            f"{LARGE // 1_000_000} MB."
        )
    if arguments.engine == DASK:
        raise ChoiceError("Rows that are read from disk are trained on here; leave out --engine.")
    if arguments.preparation:
        raise ChoiceError("--preparation is for the catalogue's texts; leave it out with --csv.")
    check_key(arguments.dataset)
