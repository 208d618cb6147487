"""Runs over files in this process, and what they leave."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from poolviz.bulk.engines import Engine
from poolviz.bulk.outputs import OUTPUTS
from poolviz.bulk.reading.blocks import Columns, Reader
from poolviz.bulk.reading.inputs import inputs_of
from poolviz.bulk.run import Run
from poolviz.bulk.texts import Explaining
from poolviz.watch import Watch

HEADS = ("max", "multi-head")


@contextmanager
def threads():
    with ThreadPoolExecutor(2) as executor:
        yield Engine(executor, 2)


def a_run(rows, checkpoints, folder, outputs=OUTPUTS, **about):
    reader = Reader(inputs_of(str(rows)), Columns())
    work = Explaining.of(checkpoints, outputs, 3)
    return Run(reader, work, folder, {"outputs": work.outputs, **about})


def done(run, watch=None):
    with threads() as engine:
        return run(engine, watch or Watch())


def names(folder):
    return sorted(path.name for path in folder.glob("part-*.parquet"))
