"""What the commands that read sentences through an encoder have in common."""

from __future__ import annotations

from argparse import Namespace

from poolviz.cli import terminal
from poolviz.encoders.encoder import find
from poolviz.encoders.reader import Reader, Reading
from poolviz.errors import check_choice
from poolviz.language import N_
from poolviz.model.poolings import POOLINGS


def chosen_reader(arguments: Namespace) -> Reader:
    """The encoder that `--encoder` names, ready to read.

    Raises
    ------
    ChoiceError : there is none of this name, or it has to be named.
    CheckpointError : it is damaged.
    """
    return Reader(find(arguments.encoder))


def chosen_poolings(arguments: Namespace) -> tuple[str, ...]:
    """Keys of the poolings of `--head`.

    Raises
    ------
    ChoiceError : there is no such pooling.
    """
    for key in arguments.head or ():
        check_choice(N_("head"), key, POOLINGS)
    return arguments.head or tuple(POOLINGS)


def note_windows(name: str, reading: Reading) -> None:
    """Say so where a text was read in several windows."""
    if reading.windows > 1:
        terminal.note(
            f"{name}: longer than the encoder reads at once, so it was read in {reading.windows} "
            f"windows that overlap by {reading.overlap} tokens or more."
        )
