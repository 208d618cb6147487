"""Every flag of the command line, without loading what the commands need."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path

from poolviz.cli.export_flags import add_export_flags
from poolviz.cli.option_flags import READOUTS, add_options
from poolviz.model.kinds import KINDS, USUAL
from poolviz.program import called
from poolviz.text.tokens import UNITS
from poolviz.version import __version__

HEADS = tuple(dict.fromkeys(key for kind in KINDS.values() for key in kind.heads))
STDIN = "-"


def parser() -> ArgumentParser:
    """The parser of all commands; the chosen one's name is in `command`."""
    result = ArgumentParser(
        prog=called(),
        description="Compare text pooling heads: what each predicts, and what it looks at.",
        epilog=f"{called()} COMMAND --help shows a command's flags, with examples.\n"
        "Exit codes: 0 fine, 1 something went wrong, 2 other input helps, 130 Ctrl+C.",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    result.add_argument("--version", action="version", version=__version__)
    commands = result.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for add in _COMMANDS:
        add(commands)
    return result


def _trainings(commands) -> None:
    command = _command(
        commands,
        "trainings",
        "list, stop, resume or delete what is trained in processes of its own",
        "trainings list",
        "trainings show 000001-1f2e3d4c --json",
        "trainings cancel 000001-1f2e3d4c",
        "trainings run",
    )
    command.add_argument(
        "action",
        choices=("list", "show", "cancel", "resume", "delete", "run"),
        help="cancel keeps the best epoch so far; run works off the queue, or does one that waits",
    )
    command.add_argument("id", nargs="?", metavar="ID", help="one of trainings list")
    _add_json(command, "with list or show: write JSON")


def _datasets(commands) -> None:
    command = _command(
        commands,
        "datasets",
        "list the data sets, show or download one",
        "datasets",
        "datasets waimai_10k --download",
        "datasets chnsenticorp_htl_all --folder data --json",
    )
    _add_plugin(command)
    command.add_argument("key", nargs="?", metavar="KEY", help="a data set, for its details")
    command.add_argument(
        "--download", action="store_true", help="fetch the files of KEY that are not at hand"
    )
    _add_folder(command)
    _add_json(command)


def _train(commands) -> None:
    command = _command(
        commands,
        "train",
        "train pooling heads on a data set",
        "train --dataset waimai_10k --head all --download",
        "train --dataset chnsenticorp_htl_all --head attention,max --seeds 3",
        "train --dataset bbc_news --head max --readout mlp --epochs 10 --output my-checkpoints",
        "train --dataset lcqmc --kind siamese --head attention --together bq_corpus,atec",
        "train --csv reviews.csv --dry-run",
        "train --dataset my_reviews --csv reviews.csv --head all",
        "train --dataset my_reviews --csv train.csv --test-csv test.csv --head all",
        "train --dataset my_reviews --csv reviews.xlsx --label-column rating --head all",
        "train --dataset waimai_10k --head all --background --pin 很好吃",
        "train --dataset waimai_10k --plugin my_head.py --head my-head",
    )
    _add_dataset(command, required=False)
    _add_plugin(command)
    command.add_argument(
        "--kind", choices=KINDS, default=USUAL, help="what kind of model to train (%(default)s)"
    )
    command.add_argument(
        "--head", type=_heads, default=(), help=f"{', '.join(HEADS)}; several, or all"
    )
    add_options(command)
    command.add_argument(
        "--seeds", type=_count, default=1, metavar="N", help="train with N seeds, keep the first"
    )
    _add_files(command)
    command.add_argument(
        "--unit", choices=UNITS, help="what a token of --csv's texts is (by their script)"
    )
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="say how --csv is read, which rows are left out, and its classes; train nothing",
    )
    command.add_argument(
        "--background",
        action="store_true",
        help="train in a process of its own, after what waits already; see: trainings",
    )
    command.add_argument(
        "--pin",
        action="append",
        default=[],
        metavar="TEXT",
        help="with --background: keep its weights at every epoch, for film; up to 20 times",
    )
    _add_json(command, "with --dry-run: write JSON")
    command.add_argument("--download", action="store_true", help="fetch files not at hand")
    command.add_argument(
        "--output",
        type=Path,
        metavar="ROOT",
        help="where ROOT/DATASET/NAME is written (the user's folder); an older one is replaced",
    )


def _evaluate(commands) -> None:
    command = _command(
        commands,
        "evaluate",
        "measure checkpoints on a data set's test rows",
        "evaluate --dataset chnsenticorp_htl_all",
        "evaluate --dataset waimai_10k --head attention,max --folder data --json",
        "evaluate --dataset thucnews_title --write",
        'evaluate --dataset chnsenticorp_htl_all --csv reviews.csv --labels "0=负面,1=正面"',
        "evaluate --dataset lcqmc --kind siamese",
    )
    _add_dataset(command)
    _add_plugin(command)
    command.add_argument("--kind", choices=KINDS, help="of this kind (those of the data set)")
    _add_checkpoint_choice(command)
    _add_files(command)
    command.add_argument(
        "--write",
        action="store_true",
        help="also keep predictions, weights, times and the comparison of read-outs beside the "
        "cards, for the pages",
    )
    command.add_argument(
        "--labels",
        metavar="LABEL=CLASS,…",
        help="what the labels of --csv mean, where its rows are others than the models' own",
    )
    _add_json(command)


def _trust(commands) -> None:
    command = _command(
        commands,
        "trust",
        "measure how far each head's weights can be believed, for the pages",
        "trust --dataset chnsenticorp_htl_all --sample 1000",
        "trust --dataset thucnews_title --head attention,max --sample 200 --json",
        'trust --dataset chnsenticorp_htl_all --shapley "房间很干净，早餐一般。"',
    )
    _add_dataset(command)
    _add_plugin(command)
    what = command.add_mutually_exclusive_group()
    what.add_argument(
        "--shapley",
        metavar="TEXT",
        help="instead of test rows a short text: its contributions beside its Shapley values",
    )
    what.add_argument(
        "--sample",
        type=_count,
        default=1_000,
        metavar="N",
        help="how many test rows, drawn with a fixed seed (%(default)s)",
    )
    _add_checkpoint_choice(command)
    _add_files(command)
    _add_json(command)


def _explain(commands) -> None:
    command = _command(
        commands,
        "explain",
        "show what each head predicts for a text, and what it looks at",
        'explain --dataset chnsenticorp_htl_all --text "房间很干净，早餐一般。"',
        "explain --dataset thucnews_title --text-file title.txt --head attention,max --words",
        "explain --dataset chnsenticorp_htl_all --json - < review.txt",
        "explain --dataset chnsenticorp_htl_all --text-file reviews.txt --lines --head max",
        'explain --dataset lcqmc --text "怎么注销账号" --other "账号如何注销" --kind siamese',
    )
    _add_dataset(command)
    _add_text(command)
    command.add_argument(
        "--lines", action="store_true", help="each line of the file, or of stdin, is a text"
    )
    _add_other(command)
    _add_kind(command)
    _add_checkpoint_choice(command)
    _add_words(command)
    command.add_argument(
        "--top",
        type=_count,
        default=8,
        metavar="N",
        help="tokens, or pairs of tokens, in each table (%(default)s)",
    )
    _add_json(command)


def _export(commands) -> None:
    command = _command(
        commands,
        "export",
        "write the figures and numbers of a text, or of sentences to match, to files",
        'export --dataset chnsenticorp_htl_all --text "房间很干净。" --output all.zip',
        "export --dataset thucnews_title --text-file title.txt --output figures/ --format pdf "
        "--figure lines --quantity contribution",
        'export --dataset chnsenticorp_htl_all --text "房间很干净。" --head max --output max.svg '
        "--figure highlight",
        'export --dataset chnsenticorp_htl_all --text "房间很干净。" --changed "房间很脏。" '
        "--output changes.zip",
        'export --dataset chnsenticorp_htl_all --text "房间很干净。" --trust --output curves.csv '
        "--table trust-curves",
        'export --dataset lcqmc --text "怎么注销账号" --other "账号如何注销" --output pair.zip',
        "export --dataset chnsenticorp_htl_all --format live --output page.html",
    )
    _add_dataset(command)
    _add_text(command, required=False)
    subject = command.add_mutually_exclusive_group()
    subject.add_argument(
        "--changed", metavar="TEXT", help="compare the text with this one, as it is afterwards"
    )
    subject.add_argument(
        "--trust",
        action="store_true",
        help="whether the weights can be believed, instead of the weights",
    )
    _add_other(subject)
    _add_kind(command)
    _add_checkpoint_choice(command)
    _add_words(command)
    add_export_flags(command)


def _checkpoints(commands) -> None:
    command = _command(
        commands,
        "checkpoints",
        "list the checkpoints, and what is wrong with damaged ones; name, keep, delete runs",
        "checkpoints",
        "checkpoints --task thucnews_title --json",
        "checkpoints --verify",
        'checkpoints --task my_reviews --run 5429bbb6331c --rename "first rows"',
        'checkpoints --task my_reviews --run "first rows" --keep',
        "checkpoints --task my_reviews --run 5429 --model max.2 --delete",
    )
    command.add_argument("--task", metavar="KEY", help="of one data set only")
    command.add_argument("--run", metavar="RUN", help="name or first digits of one of its runs")
    command.add_argument("--model", metavar="NAME", help="one model of the run")
    command.add_argument("--verify", action="store_true", help="exit with 1 if any is damaged")
    change = command.add_mutually_exclusive_group()
    change.add_argument("--rename", metavar="NAME", help="call the run so; '' takes its name away")
    change.add_argument(
        "--keep", action="store_true", help="show the run before newer ones; it is not deleted"
    )
    change.add_argument("--release", action="store_true", help="keep the run no longer")
    change.add_argument(
        "--delete", action="store_true", help="delete the run, or the model, after a question"
    )
    command.add_argument("--yes", action="store_true", help="delete without a question")
    _add_root(command)
    _add_json(command)


def _pack(commands) -> None:
    command = _command(
        commands,
        "pack",
        "put a data set's checkpoints, with what was measured of them, into a ZIP to hand on",
        "pack --dataset my_reviews --output my_reviews.zip",
        "pack --dataset my_reviews --head max,attention --output two.zip",
    )
    _add_dataset(command)
    command.add_argument("--kind", choices=KINDS, help="of this kind (all of the data set)")
    _add_checkpoint_choice(command)
    command.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the ZIP to write"
    )


def _film(commands) -> None:
    command = _command(
        commands,
        "film",
        "write how the weights of pinned sentences settled while a model was trained",
        "film --dataset my_reviews --head attention --output film.html",
        "film --dataset my_reviews --head attention --output film.zip",
    )
    _add_dataset(command)
    _add_kind(command)
    _add_checkpoint_choice(command)
    command.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="an HTML file, or a ZIP with a picture of each epoch, too",
    )


def _unpack(commands) -> None:
    command = _command(
        commands,
        "unpack",
        "take in checkpoints from a ZIP that somebody has packed, once they are verified",
        "unpack my_reviews.zip",
        "unpack my_reviews.zip --dataset reviews_of_a_colleague",
    )
    command.add_argument("file", type=Path, metavar="FILE", help="the ZIP")
    command.add_argument(
        "--dataset", metavar="KEY", help="what to call their data set (as in the ZIP)"
    )
    command.add_argument(
        "--output",
        type=Path,
        metavar="ROOT",
        help="where ROOT/DATASET/NAME is written (the user's folder)",
    )


def _check_head(commands) -> None:
    command = _command(
        commands,
        "check-head",
        "check a Keras layer of your own against the contract of a pooling head",
        "check-head my_head.py:TopKMean",
        "check-head my_head.py:TopKMean --json",
    )
    command.add_argument(
        "layer",
        metavar="FILE:CLASS",
        help="a file whose code is run, and its class: call(inputs, mask=None) returns "
        "(pooled, weights), weights (batch, time, rows)",
    )
    _add_json(command)


def _command(commands, name: str, purpose: str, *examples: str) -> ArgumentParser:
    lines = [f"  {called()} {example}" for example in examples]
    return commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog="\n".join(["examples:", *lines]),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _add_dataset(command: ArgumentParser, required: bool = True) -> None:
    command.add_argument(
        "--dataset",
        required=required,
        metavar="KEY",
        help=f"as `{called()} datasets` lists it",
    )


def _add_plugin(command: ArgumentParser) -> None:
    command.add_argument(
        "--plugin",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a file of heads or data sets of your own, whose code is run, or a folder of such; "
        "$POOLVIZ_PLUGINS names them for all commands",
    )


def _add_checkpoint_choice(command: ArgumentParser) -> None:
    command.add_argument(
        "--head", type=_heads, metavar="HEADS", help=f"{', '.join(HEADS)}; several, or all (all)"
    )
    command.add_argument(
        "--readout", choices=READOUTS, help="of the checkpoints (linear; of matchers all)"
    )
    _add_run(command)
    command.add_argument(
        "--seed", type=_seed, metavar="N", help="only those trained with it (each one's lowest)"
    )
    command.add_argument(
        "--model",
        type=_names,
        default=(),
        metavar="NAMES",
        help="these instead of others of the same head, as `checkpoints` lists them",
    )
    _add_root(command)


def _add_run(command: ArgumentParser) -> None:
    command.add_argument(
        "--run",
        metavar="RUN",
        help="name or first digits of a run: models trained on the same rows (of those that are "
        "kept the newest, else the newest)",
    )


def _add_root(command: ArgumentParser) -> None:
    command.add_argument(
        "--root",
        type=Path,
        metavar="FOLDER",
        help="look for checkpoints there, instead of the shipped and the user's own",
    )


def _add_text(command: ArgumentParser, required: bool = True) -> None:
    text = command.add_mutually_exclusive_group(required=required)
    text.add_argument("--text", help="the text itself")
    text.add_argument("--text-file", metavar="FILE", help="a file that holds the text")
    text.add_argument(
        "stdin", nargs="?", choices=[STDIN], metavar=STDIN, help="read the text from stdin"
    )


def _add_other(command) -> None:
    command.add_argument(
        "--other",
        action="append",
        metavar="TEXT",
        help="match the text with this one, by matchers; twice: a positive and a negative",
    )


def _add_kind(command: ArgumentParser) -> None:
    command.add_argument("--kind", choices=KINDS, help="of this kind (those that read the texts)")


def _add_words(command: ArgumentParser) -> None:
    command.add_argument("--words", action="store_true", help="fold characters to words")


def _add_files(command: ArgumentParser) -> None:
    files = command.add_mutually_exclusive_group()
    _add_folder(files)
    files.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help="your own rows, for a KEY that you make up: CSV, TSV, text, JSON, Excel or Parquet, "
        "also in a ZIP or .gz; which columns hold texts and labels is found out",
    )
    command.add_argument("--text-column", metavar="NAME", help="of --csv: a name, or a number")
    command.add_argument("--label-column", metavar="NAME", help="of --csv: a name, or a number")
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


def _add_folder(command) -> None:
    command.add_argument(
        "--folder", type=Path, metavar="FOLDER", help="where the data set's files lie"
    )


def _add_json(command: ArgumentParser, purpose: str = "write JSON") -> None:
    command.add_argument("--json", action="store_true", help=purpose)


def _heads(value: str) -> tuple[str, ...] | None:
    """Keys of heads from "max,average"; None for "all". Whether there are such is known later."""
    if value == "all":
        return None
    return tuple(dict.fromkeys(part.strip() for part in value.split(",")))


def _names(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in value.split(",")))


def _seed(value: str) -> int:
    if value.isdecimal() and len(value) < 10:
        return int(value)
    raise ArgumentTypeError(f"{value!r} is no seed; give a whole number from 0 on")


def _count(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise ArgumentTypeError(f"{value!r} is no whole number from 1 up")
    return int(value)


_COMMANDS = (
    *(_datasets, _train, _trainings, _evaluate, _trust),
    *(_explain, _export, _checkpoints, _pack, _unpack, _film, _check_head),
)
