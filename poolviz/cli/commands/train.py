"""`train`: fit pooling heads on a data set and write their checkpoints."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from poolviz import places, program
from poolviz.bulk.engines import dask_client
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.names import check_task_name
from poolviz.cli import plugins, terminal
from poolviz.cli.cards import FIGURES
from poolviz.cli.commands.datasets import chosen_rows, load
from poolviz.cli.commands.encoders.vectors import read_vectors
from poolviz.cli.flags.bulk import DASK, check_engine
from poolviz.cli.flags.options import options_of
from poolviz.cli.inputs import writable_folder
from poolviz.cli.loading import load_training
from poolviz.cli.own_file import own_rows, wanted_of, write_report
from poolviz.cli.own_pairs import own_pairs, write_pairs
from poolviz.cli.rivals import said_of_rivals, said_of_runs
from poolviz.cli.work import streamed
from poolviz.datasets import CATALOGUE, small
from poolviz.datasets.trainable import check_trainable
from poolviz.errors import ChoiceError, check_choice
from poolviz.language import N_
from poolviz.model.kinds import KINDS
from poolviz.model.options import (
    OPTIONS,
    MatcherOptions,
    ModelOptions,
    TrainingOptions,
    flag,
)
from poolviz.text.preparation import PREPARATIONS
from poolviz.trainings import control
from poolviz.trainings.request import TRAIN, OwnFile, Request
from poolviz.values.interval import Interval
from poolviz.watch import Watch

if TYPE_CHECKING:
    from poolviz.training.epochs import Progress
    from poolviz.training.many import Job
    from poolviz.training.recipe import Prepared

# What other processes do not have.
_HERE = ("output", "folder", "download", "preparation")


def run(arguments: Namespace) -> bool:
    """Train the heads one after the other; each checkpoint is complete when its line appears."""
    if arguments.dry_run:
        return _look(arguments)
    _check_complete(arguments)
    models, options = _chosen(arguments)
    if arguments.background:
        return _queue(arguments, models, options)
    root = writable_folder(arguments.output or places.user_checkpoints())
    rows = streamed.prepared if streamed.is_large(arguments.csv) else _prepared
    with rows(arguments, options, root) as (prepared, many):
        return _train(arguments, prepared, many, models, options, root)


@contextmanager
def _prepared(
    arguments: Namespace, options: TrainingOptions, _root: Path
) -> Generator[tuple[Prepared, ModuleType]]:
    """The rows that are meant, in memory, and what trains on them."""
    held = KINDS[arguments.kind].rows
    corpus = chosen_rows(arguments, held, PREPARATIONS.get(arguments.preparation))
    others = [load(key, None, arguments.download) for key in options.others]
    check_trainable(corpus)
    recipes, many = load_training("kinds.recipes", "many")
    encoder = arguments.encoder or ""
    prepared = recipes.prepare(corpus, arguments.kind, options.min_frequency, others, encoder)
    if encoder:
        read_vectors(prepared)
    yield prepared, many


def _train(
    arguments: Namespace,
    prepared: Prepared,
    many: ModuleType,
    models: list[ModelOptions | MatcherOptions],
    options: TrainingOptions,
    root: Path,
) -> bool:
    jobs = [many.Job(model, *each) for model in models for each in _seeds(arguments, options)]
    made = []
    told = "Training was stopped by Ctrl+C; what is not listed as written was not kept."
    with (
        terminal.stop_on_interrupt(told) as cancelled,
        terminal.StatusLine() as status,
        _engine(arguments, many, prepared, jobs) as train,
    ):
        for _job, checkpoint in train(root, watch=Watch(_progress(status), cancelled)):
            status.clear()
            _write_summary(checkpoint, root)
            made.append(checkpoint)
    if len(made) > 1:
        _write_table(made)
    if runs := said_of_runs(made[-1], root):
        terminal.write(runs)
    return True


def _seeds(arguments: Namespace, options: TrainingOptions) -> list[tuple[TrainingOptions, int]]:
    """The options of each training of a model, and with how many seeds it is done."""
    if isinstance(arguments.seeds, int):
        return [(options, arguments.seeds)]
    return [(replace(options, seed=seed), 1) for seed in arguments.seeds]


@contextmanager
def _engine(
    arguments: Namespace, many: Any, prepared: Any, jobs: Sequence[Job]
) -> Generator[Callable[..., Iterator[tuple[Job, Checkpoint]]]]:
    """What trains all of them, for as long as the block lasts."""
    if arguments.engine != DASK:
        yield partial(many.train_here, prepared, jobs)
        return
    files = plugins.files(arguments.plugin)
    set_up = partial(_set_up, files, tuple({job.model.head for job in jobs}))
    with dask_client(arguments.scheduler, arguments.workers) as client:
        yield partial(many.train_on, client, prepared, jobs, set_up=set_up)


def _set_up(files: Sequence[Path], heads: Sequence[str]) -> None:
    """What a worker's process needs beside the rows: heads of one's own."""
    plugins.load(files)
    plugins.enter_heads(heads)


def _queue(
    arguments: Namespace, models: list[ModelOptions | MatcherOptions], options: TrainingOptions
) -> bool:
    """Have it done by a process of its own, after what waits already; its id is written."""
    if not isinstance(arguments.seeds, int):
        raise ChoiceError("--seeds with a list is not for --background; give how many.")
    if arguments.engine == DASK:
        raise ChoiceError("--engine is not for --background; leave it out.")
    for name in _HERE:
        if getattr(arguments, name):
            raise ChoiceError("{name} is not for --background; leave it out.", name=flag(name))
    tests = arguments.test_csv and arguments.test_csv.name
    file = arguments.csv and OwnFile(
        arguments.csv.name, arguments.unit, wanted_of(arguments), tests
    )
    model = {k: v for k, v in asdict(models[0]).items() if k not in ("kind", "head")}
    request = Request(
        TRAIN,
        arguments.dataset,
        tuple(model.head for model in models),
        arguments.kind,
        file,
        model,
        asdict(options),
        arguments.seeds,
        pinned=tuple(arguments.pin),
        plugins=tuple(map(str, plugins.files(arguments.plugin))),
    )
    name = control.start(request, arguments.csv, tests=arguments.test_csv)
    terminal.write(name)
    terminal.note(f"Look at it with: {program.command('trainings', 'show', name)}")
    return True


def _look(arguments: Namespace) -> bool:
    """Say how `--csv` is read, before anything is loaded that takes long."""
    if arguments.csv is None:
        raise ChoiceError(
            "--dry-run looks at a file that --csv names; `datasets KEY` shows the catalogue's."
        )
    look = _LOOKS[KINDS[arguments.kind].rows]
    look(arguments)
    return True


# By what rows hold what is said of a file of them.
_LOOKS: dict[str, Callable[[Namespace], None]] = {
    "classification": lambda each: write_report(own_rows(each), each.unit, each.json),
    "matching": lambda each: write_pairs(own_pairs(each), each.unit, each.json),
}


def _check_complete(arguments: Namespace) -> None:
    if arguments.json:
        raise ChoiceError("--json is for --dry-run; leave it out.")
    if arguments.dataset is None:
        raise ChoiceError("Name the data set with --dataset; for a file of your own, as you like.")
    check_engine(arguments)
    if arguments.seed is not None and not isinstance(arguments.seeds, int):
        raise ChoiceError("--seed is for one seed, or the first; leave it out with a list.")
    if arguments.pin and not arguments.background:
        raise ChoiceError("--pin is for --background; leave it out.")
    if arguments.encoder and streamed.is_large(arguments.csv):
        raise ChoiceError("--encoder is for rows that fit into memory; give a part of the file.")
    if arguments.head == ():
        raise ChoiceError("Say which heads to train with --head: one, several, or all.")


def _chosen(
    arguments: Namespace,
) -> tuple[list[ModelOptions | MatcherOptions], TrainingOptions]:
    """Options of each model to train, in the order of the table of heads, and of the fits.

    Raises
    ------
    ChoiceError : a name that is not on its list, or a data set with other rows.
    """
    kind = KINDS[arguments.kind]
    if arguments.csv:
        check_task_name(arguments.dataset, arguments.output or places.user_checkpoints())
    else:
        check_choice(N_("data set"), arguments.dataset, CATALOGUE)
        CATALOGUE[arguments.dataset].check_rows(kind.rows)
    if kind.takes_own_heads:
        plugins.enter_heads(arguments.head or ())
    for head in arguments.head or ():
        check_choice(N_("pooling head"), head, kind.heads)
    of_model, of_fit = OPTIONS[kind.family]
    heads = [head for head in kind.heads if head in (arguments.head or kind.heads)]
    models = [options_of(of_model, arguments, head=head) for head in heads]
    return models, options_of(of_fit, arguments)


def _progress(status: terminal.StatusLine) -> Callable[[Job, Progress], None]:
    """A callback that shows epoch and batch; the end of an epoch is a milestone."""

    def report(job: Job, progress: Progress) -> None:
        epoch = (
            f"{job.model.head}, seed {progress.seed}, epoch {progress.epoch} of {progress.epochs}:"
        )
        loss = f"loss {progress.loss:.3f}"
        if progress.validation_accuracy is None:
            status.show(f"{epoch} {terminal.bar(progress.batch, progress.batches)} {loss}")
        else:
            accuracy = f"validation accuracy {progress.validation_accuracy:.1%}"
            status.show(f"{epoch} {loss}, {accuracy}", milestone=True)

    return report


def _write_summary(checkpoint: Checkpoint, root: Path) -> None:
    test = checkpoint.card["test"]
    figures = ", ".join(
        f"{title} {Interval.read(test[name]).as_share()}"
        for name, title in FIGURES.items()
        if name in test
    )
    terminal.write(
        f"{checkpoint.name}: {figures} on {test['rows']:,} test rows, "
        f"written to {checkpoint.folder}"
    )
    for caution in small.of_card(checkpoint.card):
        terminal.write(f"  {caution}")
    if rivals := said_of_rivals(checkpoint, root):
        terminal.write(f"  {rivals}")
    if not checkpoint.adds_up:
        terminal.write(f"  {_sums_missed(checkpoint.card['sums'])}")


def _write_table(made: Sequence[Checkpoint]) -> None:
    """How all trainings went, a line each."""
    lines = []
    for checkpoint in made:
        fit, test = checkpoint.card["fit"], checkpoint.card["test"]
        best = fit["history"][fit["best_epoch"] - 1]
        lines.append(
            [
                checkpoint.name,
                f"{fit['best_epoch']} of {fit['epochs']}",
                f"{best['loss']:.3f}",
                f"{best['validation_loss']:.3f}",
                f"{best['validation_accuracy']:.1%}",
                f"{test['accuracy']['value']:.1%}",
                f"{fit['seconds']:,.0f} s",
            ]
        )
    terminal.write()
    terminal.write_table(
        [
            *("checkpoint", "best epoch", "loss", "validation loss"),
            *("validation accuracy", "test accuracy", "fitted in"),
        ],
        lines,
        "lrrrrrr",
    )


def _sums_missed(sums: Mapping[str, Any]) -> str:
    return (
        f"approximate: on {sums['rows']:,} test rows contributions and bias miss the logits, or "
        f"the score, by up to {sums['difference']:.2g}. What it pools is not the sum of weights × "
        "inputs; give the layer payments(inputs, mask), as check-head says."
    )
