"""`explain` with another sentence: what each matcher says, and which pairs of tokens make it so."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence

from poolviz.cli import terminal, tinted
from poolviz.cli.inputs import TEXT_SHOWN
from poolviz.cli.sentences import explained_sentences
from poolviz.model.class_names import meaning_of
from poolviz.model.kinds import OUTCOMES
from poolviz.text.pieces import as_label
from poolviz.values.pairs import PairExplanation
from poolviz.views.differences import difference_panels, differences_in_words
from poolviz.views.pairs import (
    Explained,
    in_words,
    sentence_names,
    sentence_panels,
    strongest,
    title,
)
from poolviz.views.panel import Panel, Row
from poolviz.views.tints import tint_power


def run(arguments: Namespace) -> bool:
    """Explain the sentences; tables for people, or one JSON array with an object a matcher."""
    found = explained_sentences(arguments)
    if arguments.words:
        found = [in_words(each) for each in found]
    if arguments.json:
        terminal.write_json([each.to_json() for each in found])
        return True
    _write_sentences(found[0])
    weights = sentence_panels(found)
    for index, each in enumerate(found):
        _write_matcher(each, arguments.top)
        _write_tinted([panel.summaries[index] for panel in weights.values()], weights)
    return True


def _write_sentences(explained: Explained) -> None:
    for name, side in zip(sentence_names(explained), explained.sentences, strict=True):
        unknown = sum(not token.known for token in side.tokens)
        terminal.write(f"{name}: {as_label(side.text, TEXT_SHOWN)}")
        terminal.write(f"  {len(side.tokens):,} tokens, {unknown:,} not in the vocabulary")
    panels = difference_panels(explained)
    if panels is None:
        terminal.write("These sentences are too long for a longest common subsequence.")
        return
    for sentence in differences_in_words(panels):
        terminal.write(sentence)
    _write_tinted([panel.summaries[0] for panel in panels.values()], panels)


def _write_tinted(rows: Sequence[Row], panels: Mapping[str, Panel]) -> None:
    """A strip for each sentence, on terminals with colours: all on one scale."""
    if not tinted.colours_of_terminal():
        return
    power = min(tint_power(panel) for panel in panels.values())
    for name, row in zip(panels, rows, strict=True):
        terminal.write(f"  {name}, {row.unit}:")
        tinted.write_tinted(row, power)


def _write_matcher(explained: Explained, count: int) -> None:
    terminal.write()
    terminal.write(title(explained))
    if explained.gap is not None:
        bounded = explained.positive.readout_record.bounded
        margin = f", margin {explained.margin:.2f}" if bounded else ""
        terminal.write(f"  gap {explained.gap:.3f}, positive minus negative{margin}")
    anchor, *others = sentence_names(explained)
    for pair, other in zip(explained.pairs, others, strict=True):
        _write_pair(pair, f"{anchor} – {other}", count)


def _write_pair(pair: PairExplanation, names: str, count: int) -> None:
    """The decision, and the pairs of tokens that add most to the score, or take most of it."""
    decided = meaning_of(OUTCOMES[bool(pair.matches)])
    terminal.write(
        f"  {names}: {decided}, probability {pair.probability:.1%}, threshold "
        f"{pair.threshold:.1%}, {pair.readout_record.score} {pair.score:.3f}"
    )
    if pair.cells is None:
        terminal.write("  These sentences are too long to show every pair of their tokens.")
        return
    first, second = (side.tokens for side in pair.sides)
    terminal.write_table(
        ["", "#", "token", "#", "token", "adds exactly" if pair.exact else "estimate"],
        [
            ["", i + 1, as_label(first[i].text), j + 1, as_label(second[j].text), f"{value:+.4f}"]
            for i, j in strongest(pair.cells, count)
            for value in [pair.cells[i, j]]
        ],
        "lrlrlr",
    )
