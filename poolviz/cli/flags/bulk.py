"""The flags of commands that work through files of any size."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from poolviz.bulk.outputs import OUTPUTS
from poolviz.cli.flags.shared import count
from poolviz.errors import ChoiceError
from poolviz.model.options import flag

DASK = "dask"
OF_ROWS = ("output", "id_column", "engine", "scheduler", "workers")
OF_COLUMNS = ("text_column", "other_column", "encoding")


def add_input(group) -> None:
    """Where the rows are."""
    group.add_argument(
        "--input",
        metavar="ROWS",
        help="files of any size: Parquet, CSV, TSV, lines of text or JSON; one, a folder, a "
        "pattern, or a URL that fsspec knows",
    )


def add_bulk(command: ArgumentParser) -> None:
    """How the rows of `--input` are read, where to, and on which engine."""
    rows = add_results(command)
    rows.add_argument("--text-column", metavar="NAME", help="a name, or a number (found out)")
    rows.add_argument(
        "--other-column", metavar="NAME", help="of the second sentences, for matchers (found out)"
    )
    rows.add_argument("--encoding", metavar="NAME", help="of text files (found out)")


def add_results(command: ArgumentParser):
    """Where what is made of the rows goes, and on which engine; the group, for other flags."""
    rows = command.add_argument_group("rows of --input")
    rows.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="where the Parquet files go; a second run with the same arguments goes on",
    )
    rows.add_argument("--id-column", metavar="NAME", help="of ids to keep (id, where there is one)")
    add_engine(rows)
    return rows


def add_engine(command) -> None:
    """Who does the work."""
    command.add_argument(
        "--engine",
        choices=("local", DASK),
        help="this machine, or the worker processes of a Dask cluster (local)",
    )
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="of the cluster, for --engine dask (one on this machine, for as long as it takes)",
    )
    command.add_argument(
        "--workers", type=count, metavar="N", help="processes at once (one for each core)"
    )


def check_engine(arguments: Namespace) -> None:
    """Check that an address is given to the engine that has one.

    Raises
    ------
    ChoiceError : it is not.
    """
    if arguments.scheduler and arguments.engine != DASK:
        raise ChoiceError("--scheduler is for --engine dask; leave it out.")
    if arguments.scheduler and arguments.workers:
        raise ChoiceError("--workers is for this machine; a cluster has the workers that it has.")


def add_outputs(command: ArgumentParser) -> None:
    """What is kept of texts."""
    command.add_argument(
        "--outputs",
        type=_outputs,
        metavar="NAMES",
        help=f"of --input's rows, one or several of {', '.join(OUTPUTS)} (predictions)",
    )


def check_rows(arguments: Namespace, only: Sequence[str], others: Sequence[str]) -> None:
    """Check that the flags fit together: those of rows, and those of something else.

    Parameters
    ----------
    only : names of flags that are for rows alone.
    others : of those that are not for rows.

    Raises
    ------
    ChoiceError : they do not.
    """
    if arguments.input is None:
        given = [name for name in only if getattr(arguments, name)]
        reason = "{name} is for the rows of --input; leave it out."
    else:
        given = [name for name in others if getattr(arguments, name)]
        reason = "{name} is not for the rows of --input; leave it out."
        check_engine(arguments)
        if arguments.output is None:
            raise ChoiceError("Say with --output which folder the results of --input go to.")
    if given:
        raise ChoiceError(reason, name=flag(given[0]))


def _outputs(value: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in value.split(",")))
    unknown = [name for name in names if name not in OUTPUTS]
    if unknown:
        raise ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(OUTPUTS)}")
    return names
