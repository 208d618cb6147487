"""What the flags of several commands have in common, and how their values are read."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path

from poolviz.cli.flags.options import READOUTS
from poolviz.model.kinds import KINDS
from poolviz.program import called
from poolviz.text.names import normal

HEADS = tuple(dict.fromkeys(key for kind in KINDS.values() for key in kind.heads))
STDIN = "-"


def add_command(commands, name: str, purpose: str, *examples: str) -> ArgumentParser:
    """A command of the parser, its help with examples."""
    lines = [f"  {called()} {example}" for example in examples]
    return commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog="\n".join(["examples:", *lines]),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_dataset(command: ArgumentParser, required: bool = True) -> None:
    """The data set."""
    command.add_argument(
        "--dataset",
        required=required,
        type=normal,
        metavar="KEY",
        help=f"as `{called()} datasets` lists it",
    )


def add_plugin(command: ArgumentParser) -> None:
    """Files of one's own heads and data sets."""
    command.add_argument(
        "--plugin",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a file of heads or data sets of your own, whose code is run, or a folder of such; "
        "$POOLVIZ_PLUGINS names them for all commands",
    )


def add_checkpoint_choice(command: ArgumentParser) -> None:
    """Which checkpoints of a data set."""
    command.add_argument(
        "--head", type=heads, metavar="HEADS", help=f"{', '.join(HEADS)}; several, or all (all)"
    )
    add_models(command)


def add_models(command: ArgumentParser) -> None:
    """Which of the checkpoints of a data set's heads."""
    command.add_argument(
        "--readout", choices=READOUTS, help="of the checkpoints (linear; of matchers all)"
    )
    _add_run(command)
    command.add_argument(
        "--seed", type=seed, metavar="N", help="only those trained with it (each one's lowest)"
    )
    command.add_argument(
        "--model",
        type=_names,
        default=(),
        metavar="NAMES",
        help="these instead of others of the same head, as `checkpoints` lists them",
    )
    add_root(command)


def _add_run(command: ArgumentParser) -> None:
    command.add_argument(
        "--run",
        metavar="RUN",
        help="name or first digits of a run: models trained on the same rows (of those that are "
        "kept the newest, else the newest)",
    )


def add_root(command: ArgumentParser) -> None:
    """Where checkpoints lie."""
    command.add_argument(
        "--root",
        type=Path,
        metavar="FOLDER",
        help="look for checkpoints there, instead of the shipped and the user's own",
    )


def add_text(command: ArgumentParser, required: bool = True):
    """The text: given, in a file, or from stdin; the group, to which other places may be added."""
    text = command.add_mutually_exclusive_group(required=required)
    text.add_argument("--text", help="the text itself")
    text.add_argument("--text-file", metavar="FILE", help="a file that holds the text")
    text.add_argument(
        "stdin", nargs="?", choices=[STDIN], metavar=STDIN, help="read the text from stdin"
    )
    return text


def add_lines(command: ArgumentParser, written: str = "") -> None:
    """Whether a text file holds many texts, and what is written of them."""
    command.add_argument(
        "--lines",
        action="store_true",
        help=f"each line of the file, or of stdin, is a text{written}",
    )


def add_other(command) -> None:
    """What the text is matched with."""
    command.add_argument(
        "--other",
        action="append",
        metavar="TEXT",
        help="match the text with this one, by matchers; twice: a positive and a negative",
    )


def add_kind(command: ArgumentParser) -> None:
    """Which kind of model."""
    command.add_argument("--kind", choices=KINDS, help="of this kind (those that read the texts)")


def add_words(command: ArgumentParser) -> None:
    """Whether characters are folded to words."""
    command.add_argument("--words", action="store_true", help="fold characters to words")


def add_files(command: ArgumentParser):
    """The files of a data set, or rows of one's own and how they are read; the group of places."""
    files = command.add_mutually_exclusive_group()
    add_folder(files)
    files.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help="your own rows, for a KEY that you make up: CSV, TSV, text, JSON, Excel or Parquet, "
        "also in a ZIP or .gz; which columns hold texts and labels is found out. To train on, also "
        "a folder or a pattern: such rows, and those of 200 MB or more, stay on disk",
    )
    command.add_argument("--text-column", metavar="NAME", help="of --csv: a name, or a number")
    command.add_argument("--label-column", metavar="NAME", help="of --csv: a name, or a number")
    command.add_argument(
        "--other-column",
        metavar="NAME",
        help="of --csv with pairs: the second texts; --text-column has the first",
    )
    command.add_argument(
        "--negative-column",
        metavar="NAME",
        help="of --csv with triplets: texts that do not match those of --text-column",
    )
    command.add_argument(
        "--match",
        metavar="LABELS",
        help='of --csv with pairs: labels that mean a match, as 4,5 or ">=0.5"; 0 and 1, yes and '
        "no and their like are known",
    )
    command.add_argument(
        "--split-column",
        metavar="NAME",
        help="of --csv: which rows are to train, validation and test (found out); none for no such "
        "column",
    )
    command.add_argument(
        "--test-csv", type=Path, metavar="FILE", help="the test rows, where --csv holds the others"
    )
    command.add_argument("--encoding", metavar="NAME", help="of --csv (found out)")
    command.add_argument(
        "--sheet", metavar="NAME", help="of --csv: a sheet of a workbook, or a file in an archive"
    )
    command.add_argument(
        "--join-labels",
        action="store_true",
        help="of --csv: labels that differ in capitals, spaces or as 1 and 1.0 are one",
    )
    return files


def add_folder(command) -> None:
    """Where the files of a data set lie."""
    command.add_argument(
        "--folder", type=Path, metavar="FOLDER", help="where the data set's files lie"
    )


def add_json(command: ArgumentParser, purpose: str = "write JSON") -> None:
    """Whether JSON is written."""
    command.add_argument("--json", action="store_true", help=purpose)


def heads(value: str) -> tuple[str, ...] | None:
    """Keys of heads from "max,average"; None for "all". Whether there are such is known later."""
    if value == "all":
        return None
    return tuple(dict.fromkeys(part.strip() for part in value.split(",")))


def _names(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",")))


def seed(value: str) -> int:
    """A whole number from 0 up."""
    if value.isdecimal() and len(value) < 10:
        return int(value)
    raise ArgumentTypeError(f"{value!r} is no seed; give a whole number from 0 on")


def count(value: str) -> int:
    """A whole number from 1 up."""
    if not value.isdecimal() or int(value) < 1:
        raise ArgumentTypeError(f"{value!r} is no whole number from 1 up")
    return int(value)
