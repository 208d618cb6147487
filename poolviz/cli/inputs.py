"""What several commands begin with: the text, the chosen checkpoints, a folder to write to."""

from __future__ import annotations

import sys
import tempfile
from argparse import Namespace
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import Which, kinds_for, select
from poolviz.cli import terminal
from poolviz.cli.flags.shared import STDIN
from poolviz.datasets.readers import sentences
from poolviz.datasets.readers.brought.files import findings_of
from poolviz.datasets.readers.encodings import decode
from poolviz.datasets.readers.reading import check_size, largest_file
from poolviz.engine.texts import Explainer, explain_each
from poolviz.engine.vectors import windows_of
from poolviz.errors import ChoiceError, TextError
from poolviz.language import error_message
from poolviz.model.kinds import CLASSIFIER, KINDS, MATCHER, Family, kinds_of
from poolviz.text.encoding import encode
from poolviz.text.tokens import has_visible
from poolviz.values.explanation import Explanation
from poolviz.views.captions import reading_sentence
from poolviz.views.doubts import doubts

MOST_LINES = 1_000  # texts of one file
TEXT_SHOWN = 200  # characters of a text above its tables


def listed_checkpoints(arguments: Namespace) -> list[Checkpoint]:
    """All checkpoints below `--root`, or the shipped and the user's own.

    Raises
    ------
    ChoiceError : `--root` is no folder.
    """
    if arguments.root is None:
        return list_checkpoints()
    if not arguments.root.is_dir():
        raise ChoiceError(
            "{folder} is no folder; give --root one that holds DATASET/NAME folders.",
            folder=arguments.root,
        )
    return list_checkpoints([arguments.root])


def chosen_checkpoints(arguments: Namespace, kinds: Sequence[str]) -> list[Checkpoint]:
    """The checkpoints that the flags of one choose; names damaged ones on stderr.

    Parameters
    ----------
    kinds : of one family: only those.

    Raises
    ------
    ChoiceError, CheckpointError : see `poolviz.checkpoints.selection.select`.
    """
    present = listed_checkpoints(arguments)
    which = Which(arguments.run, arguments.seed, arguments.model)
    chosen = select(present, arguments.dataset, kinds, arguments.head, arguments.readout, which)
    _name_damaged(present, arguments.dataset)
    return chosen


def chosen_explainers(arguments: Namespace) -> list[Explainer]:
    """Explainers of the chosen classifiers.

    Raises
    ------
    ChoiceError, CheckpointError : see `poolviz.checkpoints.selection.select`.
    """
    return [Explainer(each) for each in chosen_checkpoints(arguments, kinds_of(CLASSIFIER))]


def explanations(explainers: Sequence[Explainer], text: str, where: str = "") -> list[Explanation]:
    """A text under each of the models; notes what they miss, and where the text stands.

    Raises
    ------
    TextError : the text has no visible character, is too long, or nothing of it is left.
    """
    found = explain_each(explainers, text)
    read = encode(text, explainers[0].vocabulary)
    for sentence in (*doubts(read), *reading_sentence("The text", *windows_of(read))):
        terminal.note(where + sentence)
    return found


def writable_folder(folder: Path) -> Path:
    """The folder, made if it is not there: to fail before the work is better than after it.

    Raises
    ------
    ChoiceError : nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise ChoiceError(
            "Nothing can be written to {folder} ({reason}); give another place with --output.",
            folder=folder,
            reason=error.strerror,
        ) from error


def check_beside(checkpoints: Sequence[Checkpoint]) -> None:
    """Check that what is measured of checkpoints can be put beside their cards, before it is.

    Raises
    ------
    ChoiceError : it cannot.
    """
    for folder in dict.fromkeys(checkpoint.folder for checkpoint in checkpoints):
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise ChoiceError(
                "Nothing can be written to {folder} ({reason}), where what is measured belongs; "
                "make it writable, or copy the checkpoints and name their folder with --root.",
                folder=folder,
                reason=error.strerror,
            ) from error


def _name_damaged(present: list[Checkpoint], task: str) -> None:
    for checkpoint in present:
        if checkpoint.task == task and checkpoint.damage:
            terminal.note(error_message(checkpoint.damage))


def has_text(arguments: Namespace) -> bool:
    """Whether the command line says where the text is."""
    places = (arguments.text, arguments.text_file, arguments.stdin)
    return any(place is not None for place in places)


def the_text(arguments: Namespace) -> str:
    """The text itself, or a whole file but for the line end at its end.

    What there is to say of its encoding stands on stderr.

    Raises
    ------
    TextError : the file cannot be read.
    DataError : it is no text, or too large.
    """
    if arguments.text is not None:
        return arguments.text
    return _whole_file(arguments).removesuffix("\n").removesuffix("\r")


def the_lines(arguments: Namespace) -> list[tuple[int, str]]:
    """The lines of a file that hold something visible, with their numbers from 1.

    Raises
    ------
    ChoiceError : there is no file, no such line, or more than `MOST_LINES`.
    TextError, DataError : see `the_text`.
    """
    if arguments.text is not None:
        raise ChoiceError("--lines is for --text-file, or - for stdin; leave it out with --text.")
    lines = _whole_file(arguments).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found = [(number, line) for number, line in enumerate(lines, 1) if has_visible(line)]
    if not 0 < len(found) <= MOST_LINES:
        raise ChoiceError(
            "There are {count:,} lines with a text, and up to {limit:,} are explained, at least "
            "one; split the file. The Explore page takes a file of any length.",
            count=len(found),
            limit=MOST_LINES,
        )
    return found


def _whole_file(arguments: Namespace) -> str:
    name = arguments.stdin if arguments.text_file is None else arguments.text_file
    try:
        with nullcontext(sys.stdin.buffer) if name == STDIN else open(name, "rb") as file:
            content = file.read(largest_file() + 1)
    except OSError as error:
        raise TextError(
            "The text file {name} cannot be read ({reason}); give the path of a text file.",
            name=name,
            reason=error.strerror,
        ) from error
    check_size(name, len(content))
    decoded = decode(name, content)
    for said in sentences.sentences(findings_of(decoded)):
        terminal.note(said)
    return decoded.text


def family_for(arguments: Namespace) -> Family:
    """What is to explain a text: of the kind that was named, else what reads as many texts.

    Raises
    ------
    ChoiceError : there are other texts, and the kind that was named reads one text.
    """
    kind, others = arguments.kind, arguments.other
    if others and not kind:
        return MATCHER
    present = listed_checkpoints(arguments)
    family = KINDS[kinds_for(arguments.dataset, kind, present)[0]].family
    if others and family is not MATCHER:
        raise ChoiceError("--other is for matchers; leave it out for classifiers.")
    return family
