"""Rows in, parts out: what has to be done, by whom, and what there is afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from poolviz.bulk.engines import Engine
from poolviz.bulk.parts import Part, Results, Task, Work
from poolviz.bulk.reading.blocks import Block
from poolviz.watch import QUIET, Watch

_AHEAD = 2  # tasks for each place, so that none waits for its next one


class Rows(Protocol):
    """What gives the rows, block by block: the same ones each time."""

    @property
    def bytes(self) -> int:
        """How much there is to be read."""
        ...

    def watched(self, watch: Watch) -> Iterator[Block]:
        """The blocks, unless reading is stopped."""
        ...


@dataclass
class Run:
    """One run over all rows.

    Parameters
    ----------
    rows : a `poolviz.bulk.reading.blocks.Reader`, or what takes some of its rows.
    work : what is made of them.
    folder : where the parts go; all processes that work must see it.
    about : see `poolviz.bulk.parts.Results`.
    """

    rows: Rows
    work: Work
    folder: Path
    about: Mapping[str, Any]
    resumed: int = field(default=0, init=False)  # parts that were there

    def __call__(self, engine: Engine, watch: Watch = QUIET) -> dict[str, Any]:
        """Make what is not there yet, and return the manifest.

        Parameters
        ----------
        watch : counts bytes of the input that are done.

        Raises
        ------
        Cancelled : it was stopped; finished parts stay, and a second run goes on.
        ChoiceError, DataError : see `poolviz.bulk.reading.blocks.Reader` and
            `poolviz.bulk.parts.Results`.
        """
        results = Results(self.folder.resolve(), self.about)
        parts: list[Part] = []
        complete, done, total = False, 0, self.rows.bytes
        try:
            for task, part in self._made(results, parts, engine, watch):
                parts.append(part)
                done = max(done, task.read)
                watch.progress(done, total)
            watch.progress(total, total)
            complete = True
        finally:
            manifest = results.keep(parts, complete)
        return manifest

    def _made(
        self, results: Results, parts: list[Part], engine: Engine, watch: Watch
    ) -> Iterator[tuple[Task, Part]]:
        """The parts as they are done; only a few tasks are taken before they are needed."""
        running: dict[Future[Part], Task] = {}
        try:
            for task in self._missing(results, parts, watch):
                future = engine.executor.submit(task.run, self.work, results.folder, results.about)
                running[future] = task
                if len(running) >= _AHEAD * engine.places:
                    yield from _done(running)
            while running:
                watch.check()
                yield from _done(running)
        finally:
            for future in running:
                future.cancel()

    def _missing(self, results: Results, parts: list[Part], watch: Watch) -> Iterator[Task]:
        """The tasks of the parts that are not there; those that are go to `parts`."""
        for number, block in enumerate(self.rows.watched(watch)):
            packed = block.pack()
            name = results.name_of(number, packed)
            if (part := results.find(name)) is not None:
                parts.append(part)
                self.resumed += 1
            else:
                yield Task(name, packed, block.read)


def _done(running: dict[Future[Part], Task]) -> Iterator[tuple[Task, Part]]:
    """Wait for one task or more."""
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()
