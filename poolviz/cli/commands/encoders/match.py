"""`match`: two sentences under the poolings of an encoder, nothing trained; or files of pairs."""

from __future__ import annotations

from argparse import Namespace

from poolviz.cli import terminal
from poolviz.cli.commands.encoders.chosen import chosen_poolings, chosen_reader, note_windows
from poolviz.cli.flags.bulk import OF_COLUMNS, OF_ROWS, check_rows
from poolviz.cli.inputs import TEXT_SHOWN
from poolviz.cli.work import bulk
from poolviz.encoders.encoder import find
from poolviz.engine import poolings
from poolviz.errors import ChoiceError
from poolviz.model.options import flag
from poolviz.text.pieces import as_label
from poolviz.values.pairs import PairExplanation
from poolviz.views.pairs import check_sentences, fold_pair, sentence_names, strongest, title

_OF_MATCHERS = ("kind", "readout", "run", "seed", "model", "root")


def run(arguments: Namespace) -> bool:
    """Explain the pair; tables for people, or one JSON array with an object a pooling.

    False where some rows of `--input` cannot be read.
    """
    check_rows(arguments, (*OF_ROWS, *OF_COLUMNS, "dataset"), ("a", "b", "words"))
    if arguments.dataset is not None:
        if arguments.encoder is not None:
            raise ChoiceError("Either --encoder or --dataset says what matches; give one.")
        return bulk.match(arguments)
    given = [name for name in _OF_MATCHERS if getattr(arguments, name)]
    if given:
        raise ChoiceError("{name} is for the matchers of --dataset.", name=flag(given[0]))
    heads = chosen_poolings(arguments)
    if arguments.input is not None:
        return bulk.compare(arguments, find(arguments.encoder), heads)
    if arguments.a is None or arguments.b is None:
        raise ChoiceError("Give two sentences, --a and --b, or files of pairs, --input.")
    texts = (arguments.a, arguments.b)
    check_sentences("pair", texts)
    reader = chosen_reader(arguments)
    readings = [reader.read(text) for text in texts]
    found = poolings.match(reader.encoder, readings[0], readings[1], heads)
    for name, reading in zip(sentence_names(found[0]), readings, strict=True):
        note_windows(name, reading)
    if arguments.words:
        found = [fold_pair(pair) for pair in found]
    if arguments.json:
        terminal.write_json([pair.to_json() for pair in found])
        return True
    _write_sentences(found[0])
    terminal.write_table(
        ["pooling", "cosine"], [[title(pair), f"{pair.score:.4f}"] for pair in found], "lr"
    )
    for pair in found:
        _write_cells(pair, arguments.top)
    return True


def _write_sentences(pair: PairExplanation) -> None:
    for name, side in zip(sentence_names(pair), pair.sides, strict=True):
        special = [token.text for token in side.tokens if token.special]
        terminal.write(f"{name}: {as_label(side.text, TEXT_SHOWN)}")
        counted = f", {', '.join(special)} counted" if special else ""
        terminal.write(f"  {len(side.tokens):,} tokens{counted}")
    terminal.write()


def _write_cells(pair: PairExplanation, count: int) -> None:
    """The pairs of tokens that add most to the cosine, or take most of it."""
    terminal.write()
    terminal.write(title(pair))
    if pair.cells is None:
        terminal.write("  These sentences are too long to show every pair of their tokens.")
        return
    first, second = (side.tokens for side in pair.sides)
    terminal.write_table(
        ["", "#", "token", "#", "token", "adds exactly"],
        [
            ["", i + 1, as_label(first[i].text), j + 1, as_label(second[j].text), f"{value:+.4f}"]
            for i, j in strongest(pair.cells, count)
            for value in [pair.cells[i, j]]
        ],
        "lrlrlr",
    )
