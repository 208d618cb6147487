"""Heads measured on all rows of their data set: what the pages show of these, beside the cards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import Which
from poolviz.datasets import Corpus
from poolviz.datasets.split import SPLITS
from poolviz.engine.texts import Explainer
from poolviz.evaluation import exactness, measurements, predictions
from poolviz.evaluation.retraining import results as retraining
from poolviz.evaluation.texts import Pass, read_test_rows, summarise_anatomy, write_anatomy
from poolviz.explore import shipped
from poolviz.explore.rows import of_corpus
from poolviz.watch import QUIET, Watch


def measure(
    checkpoint: Checkpoint, corpus: Corpus, watch: Watch = QUIET
) -> tuple[Pass, list[Path]]:
    """Run every row once, and write what follows from this head's numbers alone.

    The tokens that lead are those of all rows, whatever their split.

    Parameters
    ----------
    watch : counts rows.

    Returns
    -------
    The numbers of the test rows, and the files that were written.

    Raises
    ------
    CheckpointError : the checkpoint is damaged.
    DataError : the corpus has no test rows.
    Cancelled : it was stopped.
    """
    explainer = Explainer(checkpoint)
    leading = shipped.Leading(explainer)
    rows = {split: of_corpus(corpus, split).texts for split in SPLITS}
    others = [text for split in SPLITS if split != "test" for text in rows[split]]
    tested, total = len(rows["test"]), len(rows["test"]) + len(others)
    found = read_test_rows(explainer, corpus, watch.part(0, total), leading.add)
    leading.read(others, watch.part(tested, total))
    table = leading.table([*rows["test"], *others])
    return found, [
        write_anatomy(checkpoint, summarise_anatomy(found)),
        predictions.write(checkpoint, predictions.predictions_of(found)),
        shipped.write(checkpoint, table, total),
    ]


def write_together(passes: Sequence[Pass], present: Sequence[Checkpoint]) -> list[Path]:
    """Write what follows from the numbers of several heads of one run; returns the files.

    Parameters
    ----------
    passes : at least one.
    present : all checkpoints, among them those with other read-outs.
    """
    measured = zip(passes, measurements.measure(passes), strict=True)
    written = [measurements.write(each.checkpoint, found) for each, found in measured]
    first = passes[0].checkpoint
    folder = first.folder.parent
    found = exactness.collect(present, first.task, Which(first.run.id))
    together = (
        exactness.update(folder, found),
        retraining.update(folder, [each.checkpoint for each in passes]),
    )
    return [*written, *filter(None, together)]
