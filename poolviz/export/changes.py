"""What of two texts compared can be taken away as files, beside what the view itself shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from poolviz.export.contents import Contents, Figure, Table, numbers_read
from poolviz.export.files import csv_file
from poolviz.export.names import stem_of
from poolviz.export.pictures import Chart
from poolviz.figures.texts.changes import change_map
from poolviz.language import _
from poolviz.text.tokens import text_hash
from poolviz.views.changes import Changes, HeadChange, values_at


def with_changes(contents: Contents, changes: Changes | None) -> Contents:
    """The contents of a view, with the figure and the numbers of two texts compared if there are.

    Parameters
    ----------
    changes : None where no second text is shown.
    """
    if changes is None:
        return contents
    before, after = changes.texts
    view = changes.heads[0].panels[0].view
    of_both = text_hash("\n".join(changes.texts))
    stem = partial(stem_of, [head.explained[0] for head in changes.heads], of=of_both)
    figures = []
    if changes.shared:
        figures.append(
            Figure(
                "changes",
                None,
                stem("changes"),
                _("how each token's value changes from one text to the other"),
                Chart(partial(change_map, changes)),
                numbers_read(view),
            )
        )
    tables = [
        Table(
            "changed-probabilities",
            "csv",
            _("Changed probabilities (CSV)"),
            stem("changed-probabilities"),
            _("changed probabilities (CSV): each class under each head, before and after"),
            partial(probabilities_to_csv, changes),
        )
    ]
    if changes.shared is not None:
        tables.append(
            Table(
                "changed-tokens",
                "csv",
                _("Changed tokens (CSV)"),
                stem("changed-tokens"),
                _("changed tokens (CSV): each token's values before and after, row by row"),
                partial(tokens_to_csv, changes),
                numbers_read(view),
            )
        )
    return replace(
        contents,
        figures=[*contents.figures, *figures],
        tables=[*contents.tables, *tables],
        about={**contents.about, _("Texts compared"): _of_texts(before, after)},
    )


def probabilities_to_csv(changes: Changes) -> bytes:
    """A line for each class under each head: its probability before, after, and the change."""
    header = ["dataset", "checkpoint", "head", "class", "before", "after", "change"]
    return csv_file(header, (line for head in changes.heads for line in _class_lines(head)))


def tokens_to_csv(changes: Changes) -> bytes:
    """A line for each token of either text in each weight row; positions and rows count from 1.

    `before` and `after` are what the view shows; empty where a text lacks the token.
    """
    header = ["dataset", "checkpoint", "head", "row", "token", "position before"]
    header += ["position after", "shown", "before", "after", "change"]
    return csv_file(
        header, (line for head in changes.heads for line in _token_lines(changes, head))
    )


def _of_texts(before: str, after: str) -> list[str]:
    return [
        _("before: SHA-256 {hash}…").format(hash=text_hash(before)),
        _("after: SHA-256 {hash}…").format(hash=text_hash(after)),
    ]


def _class_lines(head: HeadChange) -> Iterator[list[object]]:
    e = head.explained[0]
    for name, before, after in zip(e.classes, *head.probabilities.tolist(), strict=True):
        yield [e.dataset, e.checkpoint, e.head, name, before, after, after - before]


def _token_lines(changes: Changes, head: HeadChange) -> Iterator[list[object]]:
    e = head.explained[0]
    for rows in zip(*(panel.rows for panel in head.panels), strict=True):
        values = values_at(changes.aligned, *rows)
        for each, pair in zip(changes.aligned, values.T.tolist(), strict=True):
            kept = each.kept
            yield [
                *(e.dataset, e.checkpoint, e.head, rows[0].number + 1, changes.token(each).text),
                "" if each.before is None else each.before + 1,
                "" if each.after is None else each.after + 1,
                rows[0].unit,
                *("" if value != value else value for value in pair),
                pair[1] - pair[0] if kept else "",
            ]
