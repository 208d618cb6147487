"""`rank`: a file of sentences by their cosine with a query, under the poolings of an encoder."""

from __future__ import annotations

from argparse import Namespace

import numpy as np

from poolviz.cli import terminal
from poolviz.cli.commands.encoders.chosen import chosen_poolings, chosen_reader, note_windows
from poolviz.datasets.readers import sentences as said
from poolviz.datasets.readers.brought.files import read_path
from poolviz.datasets.readers.reading import Wanted
from poolviz.datasets.sentence_lists import distinct
from poolviz.engine.encoding import rank
from poolviz.errors import ChoiceError
from poolviz.model.kinds import UNTRAINED, model_title
from poolviz.text.pieces import one_line, shortened
from poolviz.text.tokens import MAX_CHARACTERS
from poolviz.watch import Watch

_SHOWN = 100  # characters of a sentence
_STOPPED = "Stopped by Ctrl+C; nothing was ranked."


def run(arguments: Namespace) -> bool:
    """Write the nearest sentences under each pooling, or all of them as JSON."""
    heads = chosen_poolings(arguments)
    listed = _sentences(arguments)
    reader = chosen_reader(arguments)
    note_windows("The query", reader.read(arguments.query))
    with terminal.stop_on_interrupt(_STOPPED) as cancelled, terminal.StatusLine() as status:
        watch = Watch(terminal.count_progress(status, "Reading"), cancelled)
        found = rank(reader, arguments.query, listed, heads, watch)
    if arguments.json:
        terminal.write_json(
            [
                {
                    "head": key,
                    "encoder": reader.encoder.name,
                    "encoder_hash": reader.encoder.hash,
                    "query": arguments.query,
                    "sentences": [
                        {"text": listed[number], "cosine": float(scores[number])}
                        for number in _order(scores)
                    ],
                }
                for key, scores in found.items()
            ]
        )
        return True
    for place, (key, scores) in enumerate(found.items()):
        if place:
            terminal.write()
        terminal.write(model_title(UNTRAINED, key, "cosine"))
        rows = [
            [f"{scores[number]:.4f}", shortened(one_line(listed[number]), _SHOWN)]
            for number in _order(scores)[: arguments.top]
        ]
        terminal.write_table(["cosine", "sentence"], rows, "rl")
    return True


def _order(scores: np.ndarray) -> list[int]:
    return np.argsort(-scores, kind="stable").tolist()


def _sentences(arguments: Namespace) -> tuple[str, ...]:
    """The distinct sentences of the file that are not too long.

    Raises
    ------
    ChoiceError : the file has no such column, or no sentence.
    DataError : it cannot be read, or is too long.
    """
    table = read_path(arguments.input, Wanted(text=arguments.text_column))
    for sentence in said.sentences(table.findings):
        terminal.note(sentence)
    columns = list(table.columns)
    found = distinct(table.column(table.text or columns[0])) if columns else ()
    short = tuple(text for text in found if len(text) <= MAX_CHARACTERS)
    if len(short) < len(found):
        terminal.note(f"Too long to be read: {len(found) - len(short):,} of the sentences.")
    if not short:
        raise ChoiceError(
            "{name} holds no sentence; give a file with a sentence a line.", name=table.name
        )
    return short
