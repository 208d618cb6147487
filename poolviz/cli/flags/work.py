"""The commands that read the rows of a data set: to list, train, measure."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from poolviz.cli.flags.bulk import add_engine, add_input, add_results
from poolviz.cli.flags.options import add_options
from poolviz.cli.flags.shared import (
    HEADS,
    add_checkpoint_choice,
    add_command,
    add_dataset,
    add_files,
    add_folder,
    add_json,
    add_plugin,
    count,
    heads,
    seed,
)
from poolviz.model.kinds import KINDS, USUAL
from poolviz.text.names import normal
from poolviz.text.preparation import PREPARATIONS
from poolviz.text.tokens import UNITS


def datasets(commands) -> None:
    """`datasets`."""
    command = add_command(
        commands,
        "datasets",
        "list the data sets, show or download one",
        "datasets",
        "datasets waimai_10k --download",
        "datasets chnsenticorp_htl_all --folder data --json",
    )
    add_plugin(command)
    command.add_argument(
        "key", nargs="?", type=normal, metavar="KEY", help="a data set, for its details"
    )
    command.add_argument(
        "--download", action="store_true", help="fetch the files of KEY that are not at hand"
    )
    add_folder(command)
    add_json(command)


def train(commands) -> None:
    """`train`."""
    command = add_command(
        commands,
        "train",
        "train pooling heads on a data set",
        "train --dataset waimai_10k --head all --download",
        "train --dataset chnsenticorp_htl_all --head attention,max --seeds 3",
        "train --dataset chnsenticorp_htl_all --head all --seeds 0,1,2 --engine dask",
        "train --dataset bbc_news --head max --readout mlp --epochs 10 --output my-checkpoints",
        "train --dataset lcqmc --kind siamese --head attention --together bq_corpus,atec",
        "train --dataset thucnews_title --head max --preparation no-brackets-1",
        "train --csv reviews.csv --dry-run",
        "train --dataset my_reviews --csv reviews.csv --head all",
        "train --dataset my_reviews --csv train.csv --test-csv test.csv --head all",
        "train --dataset my_reviews --csv reviews.xlsx --label-column rating --head all",
        "train --dataset my_pairs --csv pairs.csv --kind siamese --head all",
        "train --dataset waimai_10k --head all --background --pin 很好吃",
        "train --dataset waimai_10k --plugin my_head.py --head my-head",
        "train --dataset bbc_news --encoder minilm --head all",
    )
    add_dataset(command, required=False)
    add_plugin(command)
    command.add_argument(
        "--kind", choices=KINDS, default=USUAL, help="what kind of model to train (%(default)s)"
    )
    command.add_argument(
        "--head", type=heads, default=(), help=f"{', '.join(HEADS)}; several, or all"
    )
    add_options(command)
    command.add_argument(
        "--seeds",
        type=_seeds,
        default=1,
        metavar="N",
        help="train with N seeds, keep the first; or a list such as 0,1,2: a model with each",
    )
    add_engine(command)
    add_files(command)
    command.add_argument(
        "--unit", choices=UNITS, help="what a token of --csv's texts is (by their script)"
    )
    command.add_argument(
        "--preparation",
        choices=PREPARATIONS,
        help="what is left out of the texts (what the catalogue says); it stands on the card",
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
    add_json(command, "with --dry-run: write JSON")
    command.add_argument("--download", action="store_true", help="fetch files not at hand")
    command.add_argument(
        "--output",
        type=Path,
        metavar="ROOT",
        help="where ROOT/DATASET/NAME is written (the user's folder); an older one is replaced",
    )


def trainings(commands) -> None:
    """`trainings`."""
    command = add_command(
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
    add_json(command, "with list or show: write JSON")


def evaluate(commands) -> None:
    """`evaluate`."""
    command = add_command(
        commands,
        "evaluate",
        "measure checkpoints on a data set's test rows",
        "evaluate --dataset chnsenticorp_htl_all",
        "evaluate --dataset waimai_10k --head attention,max --folder data --json",
        "evaluate --dataset thucnews_title --write",
        "evaluate --dataset chnsenticorp_htl_all --on waimai_10k --write",
        'evaluate --dataset chnsenticorp_htl_all --csv reviews.csv --labels "0=负面,1=正面"',
        "evaluate --dataset lcqmc --kind siamese",
        "evaluate --dataset waimai_10k --input reviews/ --output measured/ --engine dask",
    )
    add_dataset(command)
    add_plugin(command)
    command.add_argument("--kind", choices=KINDS, help="of this kind (those of the data set)")
    add_checkpoint_choice(command)
    add_input(add_files(command))
    add_results(command)
    command.add_argument(
        "--write",
        action="store_true",
        help="also keep predictions, weights, times and the comparison of read-outs beside the "
        "cards, for the pages",
    )
    command.add_argument(
        "--on",
        metavar="KEY",
        help="measure on all rows of another data set with the same classes instead, but for texts "
        "that also stand in DATASET",
    )
    _add_labels(command)
    add_json(command)


def trust(commands) -> None:
    """`trust`."""
    command = add_command(
        commands,
        "trust",
        "measure how far each head's weights can be believed, for the pages",
        "trust --dataset chnsenticorp_htl_all --sample 1000",
        "trust --dataset thucnews_title --head attention,max --sample 200 --json",
        'trust --dataset chnsenticorp_htl_all --csv reviews.csv --labels "0=负面,1=正面"',
        'trust --dataset chnsenticorp_htl_all --shapley "房间很干净，早餐一般。"',
        "trust --dataset waimai_10k --input reviews.parquet --output measured/ --sample 500",
    )
    add_dataset(command)
    add_plugin(command)
    what = command.add_mutually_exclusive_group()
    what.add_argument(
        "--shapley",
        metavar="TEXT",
        help="instead of test rows a short text: its contributions beside its Shapley values",
    )
    what.add_argument(
        "--sample",
        type=count,
        default=1_000,
        metavar="N",
        help="how many test rows, drawn with a fixed seed (%(default)s)",
    )
    add_checkpoint_choice(command)
    add_input(add_files(command))
    add_results(command)
    _add_labels(command)
    add_json(command)


def _add_labels(command: ArgumentParser) -> None:
    command.add_argument(
        "--labels",
        metavar="LABEL=CLASS,…",
        help="what the labels of --csv or --input mean, where they are no classes of the models",
    )


def _seeds(value: str) -> int | tuple[int, ...]:
    """How many seeds, or which ones."""
    if "," not in value:
        return count(value)
    return tuple(dict.fromkeys(seed(part.strip()) for part in value.split(",") if part.strip()))
