"""What the Match page shows of two or three sentences, ready to be taken away as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from poolviz.export.contents import Contents, Figure, Table, model_lines, text_identity
from poolviz.export.files import csv_file, several_to_csv, to_json
from poolviz.export.names import stem_of
from poolviz.export.pictures import Chart, Highlight
from poolviz.figures.method import method_of
from poolviz.figures.pairs.lines import pair_lines
from poolviz.figures.pairs.matrix import pair_matrix
from poolviz.figures.pairs.token_places import can_draw
from poolviz.language import _
from poolviz.model.kinds import UNTRAINED
from poolviz.text.tokens import text_hash
from poolviz.values.pairs import PairExplanation
from poolviz.views.differences import difference_panels
from poolviz.views.pairs import (
    Explained,
    anchor_note,
    pair_names,
    strongest,
    title,
)
from poolviz.views.panel import Panel

Positions = Sequence[tuple[int, int]]

MAX_LINES = 250_000  # of the file of cells: more than a server or a spreadsheet should hold


def match_contents(
    explained: Sequence[Explained],
    panels: Mapping[str, Panel],
    shared: Sequence[Positions | None],
) -> Contents:
    """All figures and numbers of one pair or triplet under one matcher or several.

    Parameters
    ----------
    panels : `poolviz.views.pairs.sentence_panels` of `explained`.
    shared : for each pair of sentences the positions of common tokens, if they are marked.
    """
    figures = [
        *(f for each in range(len(explained)) for f in _highlights(explained[each], panels, each)),
        *(f for each in explained for f in _of_pairs(each, shared)),
        *_differences(explained[0]),
    ]
    return Contents(
        stem=_stem(explained, "all"),
        one=_("Matcher") if _trained(explained) else _("Pooling"),
        figures=figures,
        tables=_tables(explained, panels),
        about=_about(explained, panels),
        models=_models(explained),
    )


def _stem(explained: Sequence[Explained], part: str) -> str:
    firsts = [each.sentences[0] for each in explained]
    texts = "\n".join(sentence.text for sentence in explained[0].sentences)
    each = "matchers" if _trained(explained) else "poolings"
    return stem_of(firsts, part, text_hash(texts), each)


def _trained(explained: Sequence[Explained]) -> bool:
    return explained[0].pairs[0].kind != UNTRAINED


def _models(explained: Sequence[Explained]) -> list[str]:
    firsts = [each.sentences[0] for each in explained]
    if _trained(explained):
        return model_lines(firsts)
    first = firsts[0]
    return [
        _("{name}: encoder, SHA-256 {hash}").format(name=first.dataset, hash=first.checkpoint_hash)
    ]


def _highlights(each: Explained, panels: Mapping[str, Panel], index: int) -> Iterator[Figure]:
    for number, (name, panel) in enumerate(panels.items(), 1):
        yield Figure(
            "highlight",
            f"{title(each)}: {name}",
            _stem([each], f"highlight-{number}"),
            _("{matcher}: {sentence}, each token tinted by its value").format(
                matcher=title(each), sentence=name
            ),
            Highlight(panel, index),
            ("quantity",),
        )


def _of_pairs(each: Explained, shared: Sequence[Positions | None]) -> Iterator[Figure]:
    pairs = each.pairs
    for number, (pair, names, common) in enumerate(
        zip(pairs, pair_names(each), shared, strict=True), 1
    ):
        if pair.cells is None:
            continue
        which = " – ".join(names)
        of = title(each) if len(pairs) == 1 else f"{title(each)}: {which}"
        end = "" if len(pairs) == 1 else f"-{number}"
        yield Figure(
            "matrix",
            of,
            _stem([each], f"matrix{end}"),
            _("{matcher}: what each pair of tokens adds to the score").format(matcher=of),
            Chart(partial(pair_matrix, pair, names, common)),
        )
        if can_draw(pair):
            yield Figure(
                "pairs",
                of,
                _stem([each], f"pairs{end}"),
                _("{matcher}: the strongest pairs of tokens").format(matcher=of),
                Chart(partial(pair_lines, pair, names, common)),
            )


def _differences(first: Explained) -> Iterator[Figure]:
    """The same under every matcher, since it depends on the tokens alone."""
    for number, (name, panel) in enumerate((difference_panels(first) or {}).items(), 1):
        yield Figure(
            "difference",
            name,
            _stem([first], f"difference-{number}"),
            _("{sentence}: tokens that differ, or are shared in another order, tinted").format(
                sentence=name
            ),
            Highlight(panel, 0),
        )


def _tables(explained: Sequence[Explained], panels: Mapping[str, Panel]) -> list[Table]:
    return [
        Table(
            "numbers",
            "csv",
            _("Numbers (CSV)"),
            _stem(explained, "numbers"),
            _("numbers (CSV): a line for each token of each weight row; from position 1"),
            partial(several_to_csv, "sentence", panels),
            ("quantity",),
        ),
        _cells_table(explained),
        Table(
            "explanations",
            "json",
            _("Explanation (JSON)"),
            _stem(explained, "explanations"),
            _("explanations (JSON): all that poolviz knows of these sentences"),
            partial(to_json, explained),
        ),
    ]


def _cells_table(explained: Sequence[Explained]) -> Table:
    limit = _cells_of_each(explained)
    label = _("Pairs of tokens (CSV)")
    meaning = _("cells (CSV): what each pair of tokens adds to each matcher's score")
    if any(cells.size > limit for cells in _all_cells(explained)):
        label = _("Strongest pairs of tokens (CSV)")
        meaning = _(
            "cells (CSV): the {count:,} pairs of tokens that add most to each score, or take most "
            "of it"
        ).format(count=limit)
    stem = _stem(explained, "cells")
    return Table("cells", "csv", label, stem, meaning, partial(cells_to_csv, explained))


def _all_cells(explained: Sequence[Explained]) -> list[np.ndarray]:
    found = (pair.cells for each in explained for pair in each.pairs)
    return [cells for cells in found if cells is not None]


def _cells_of_each(explained: Sequence[Explained]) -> int:
    """How many cells of each score the file may hold."""
    return MAX_LINES // max(len(_all_cells(explained)), 1)


def cells_to_csv(explained: Sequence[Explained]) -> bytes:
    """A line for each pair of tokens of each matcher: what it adds to the score.

    Positions count from 1. Matchers without cells, whose sentences are too long, are left out. Of
    more than `MAX_LINES` in all, each score has its cells of the largest absolute values.
    """
    limit = _cells_of_each(explained)
    header = ["dataset", "checkpoint", "kind", "head", "readout", "exact", "score"]
    header += ["first", "second", "position", "token", "other_position", "other_token", "value"]
    lines = (
        line
        for each in explained
        for pair, names in zip(each.pairs, pair_names(each), strict=True)
        if pair.cells is not None
        for line in _cell_lines(pair, names, limit)
    )
    return csv_file(header, lines)


def _cell_lines(
    pair: PairExplanation, names: tuple[str, str], limit: int
) -> Iterator[list[object]]:
    assert pair.cells is not None, "its cells are there"
    first, second = pair.sides
    fixed = [first.dataset, first.checkpoint, pair.kind, pair.head, pair.readout]
    fixed += [pair.exact, pair.score, *names]
    cells = np.ndindex(pair.cells.shape)
    if pair.cells.size > limit:
        cells = sorted(strongest(pair.cells, limit))
    for i, j in cells:
        tokens = [i + 1, first.tokens[i].text, j + 1, second.tokens[j].text]
        yield [*fixed, *tokens, float(pair.cells[i, j])]


def _score_line(pair: PairExplanation, of: str) -> str:
    if pair.probability is None:
        return _("{pooling}: cosine {score}").format(pooling=of, score=f"{pair.score:.6f}")
    return _("{matcher}: score {score}, probability of a match {probability}").format(
        matcher=of, score=f"{pair.score:.6f}", probability=f"{pair.probability:.6f}"
    )


def _about(explained: Sequence[Explained], panels: Mapping[str, Panel]) -> dict[str, Sequence[str]]:
    counts = [
        _("{name}: {identity}").format(name=name, identity=text_identity(side))
        for name, side in zip(panels, explained[0].sentences, strict=True)
    ]
    scores = [
        _score_line(pair, f"{title(each)}, {' – '.join(names)}")
        for each in explained
        for pair, names in zip(each.pairs, pair_names(each), strict=True)
    ]
    scores += [
        _(
            "{matcher}: gap {gap:.6f}, positive minus negative; margin of cosines {margin:.2f}"
        ).format(matcher=title(each), gap=each.gap, margin=each.margin)
        for each in explained
        if each.gap is not None
    ]
    shown = next(iter(panels.values()))
    notes = dict.fromkeys(anchor_note(each, shown.view.quantity) for each in explained)
    return {
        _("Sentences"): counts,
        _("Scores"): scores,
        _("View"): [shown.unit, method_of(shown), *filter(None, notes)],
    }
