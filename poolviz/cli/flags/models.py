"""The commands about models that are there, and about a layer that may become one."""

from __future__ import annotations

from pathlib import Path

from poolviz.cli.flags.shared import (
    add_checkpoint_choice,
    add_command,
    add_dataset,
    add_json,
    add_kind,
    add_root,
)
from poolviz.model.kinds import KINDS
from poolviz.text.names import normal


def checkpoints(commands) -> None:
    """`checkpoints`."""
    command = add_command(
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
    command.add_argument("--task", type=normal, metavar="KEY", help="of one data set only")
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
    add_root(command)
    add_json(command)


def pack(commands) -> None:
    """`pack`."""
    command = add_command(
        commands,
        "pack",
        "put a data set's checkpoints, with what was measured of them, into a ZIP to hand on",
        "pack --dataset my_reviews --output my_reviews.zip",
        "pack --dataset my_reviews --head max,attention --output two.zip",
    )
    add_dataset(command)
    command.add_argument("--kind", choices=KINDS, help="of this kind (all of the data set)")
    add_checkpoint_choice(command)
    command.add_argument(
        "--film",
        action="store_true",
        help="with the films of their trainings, which hold the sentences that were pinned",
    )
    command.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="the ZIP to write"
    )


def unpack(commands) -> None:
    """`unpack`."""
    command = add_command(
        commands,
        "unpack",
        "take in checkpoints from a ZIP that somebody has packed, once they are verified",
        "unpack my_reviews.zip",
        "unpack my_reviews.zip --dataset reviews_of_a_colleague",
    )
    command.add_argument("file", type=Path, metavar="FILE", help="the ZIP")
    command.add_argument(
        "--dataset",
        type=normal,
        metavar="KEY",
        help="what to call their data set (as in the ZIP)",
    )
    command.add_argument(
        "--output",
        type=Path,
        metavar="ROOT",
        help="where ROOT/DATASET/NAME is written (the user's folder)",
    )


def film(commands) -> None:
    """`film`."""
    command = add_command(
        commands,
        "film",
        "write how the weights of pinned sentences settled while a model was trained",
        "film --dataset my_reviews --head attention --output film.html",
        "film --dataset my_reviews --head attention --output film.zip",
    )
    add_dataset(command)
    add_kind(command)
    add_checkpoint_choice(command)
    command.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="an HTML file, or a ZIP with a picture of each epoch, too",
    )


def check_head(commands) -> None:
    """`check-head`."""
    command = add_command(
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
    add_json(command)
