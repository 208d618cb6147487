"""Tables and explanations as files: CSV that no spreadsheet takes for formulas, JSON."""

from __future__ import annotations

import csv
import io
import json
import platform
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from poolviz.engine.ranking import Ranking
from poolviz.export.names import file_stem
from poolviz.language import _
from poolviz.text.tokens import text_hash
from poolviz.values.explanation import Explanation
from poolviz.values.interval import Interval
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.panel import Panel, Row

# A cell that begins so is a formula to spreadsheet programs, the full-width forms to some of them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def to_csv(panel: Panel) -> bytes:
    """A panel's numbers: a line for each token of each weight row, UTF-8 with a mark for Excel.

    `value` is what the view shows; weight, alternative and contributions (centred, one column for
    each class) are the explanation's own, folded to words where the view is. `row` and `position`
    count from 1, `start` and `end` are code points from 0. Text cells that a spreadsheet would
    take for a formula begin with an apostrophe.

    >>> import poolviz
    >>> from poolviz.views.panel import View, panel
    >>> table = to_csv(panel(poolviz.explain("好的", "chnsenticorp_htl_all", "average"), View()))
    >>> table.decode("utf-8-sig").splitlines()[1].split(",")[7:13]
    ['好', '0', '1', 'True', 'weight', '0.5']
    """
    header, lines = numbers_of(panel)
    return csv_file(header, lines)


def several_to_csv(what: str, panels: Mapping[Any, Panel]) -> bytes:
    """The numbers of several texts, as `to_csv` gives them, after what each is known by.

    Parameters
    ----------
    what : the name of that column, such as "sentence".
    """
    tables = {name: numbers_of(panel) for name, panel in panels.items()}
    header = next(iter(tables.values()))[0]
    lines = ([name, *line] for name, (_header, lines) in tables.items() for line in lines)
    return csv_file([what, *header], lines)


def csv_file(header: Sequence[object], lines: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV that no spreadsheet program takes for formulas, UTF-8 with a mark for Excel.

    Texts that would be formulas begin with an apostrophe; numbers stay numbers.
    """
    content = io.BytesIO()
    with io.TextIOWrapper(content, encoding="utf-8-sig", newline="") as table:
        writer = csv.writer(table)
        for line in chain([header], lines):
            writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in line])
        table.flush()
        return content.getvalue()


def to_json(explanations: Sequence[Explanation | PairExplanation | TripletExplanation]) -> bytes:
    """A JSON array with `to_json` of each explanation, as its class' `from_json` reads it."""
    return json.dumps([e.to_json() for e in explanations], ensure_ascii=False).encode("utf-8")


def nearest_file_name(ranking: Ranking) -> str:
    """A safe name for the table of a whole ranking."""
    task, name = ranking.checkpoint.task, ranking.checkpoint.name
    return f"{file_stem(task, [name], 'nearest', text_hash(ranking.query))}.csv"


def nearest_to_csv(ranking: Ranking) -> bytes:
    """All sentences that could be read, best first."""
    header = ["rank", "sentence", "score", "probability"]
    order = ranking.scores.order
    return csv_file(header, ([n, *ranking.line(i)] for n, i in enumerate(order, 1)))


def lines_to_csv(lines: Iterable[Mapping[str, object]]) -> bytes:
    """Lines of named values as CSV; an interval takes three columns, None leaves its cell empty.

    >>> lines = [{"head": "max", "accuracy": Interval(0.5, 0.25, 0.75)}]
    >>> lines_to_csv(lines).decode("utf-8-sig").splitlines()
    ['head,accuracy,accuracy low,accuracy high', 'max,0.5,0.25,0.75']
    """
    flat = [_flat(line) for line in lines]
    header = list(dict.fromkeys(name for line in flat for name in line))
    return csv_file(header, ([line.get(name, "") for name in header] for line in flat))


def harmless(text: str) -> str:
    """A text for a cell of a table, with an apostrophe before what would be a formula.

    >>> harmless("=1+1"), harmless("1+1")
    ("'=1+1", '1+1')
    """
    return "'" + text if text.startswith(_FORMULA) else text


def cjk_font_hint() -> str | None:
    """What to install where images would show boxes for Chinese; None where a font is found."""
    if platform.system() != "Linux":  # macOS and Windows come with one
        return None
    try:
        found = subprocess.run(
            ["fc-list", ":lang=zh"], capture_output=True, timeout=10, check=False
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        found = b""
    if found:
        return None
    return _(
        "No font for Chinese was found, so images may show boxes: install one, "
        "for example with: apt-get install fonts-noto-cjk"
    )


def numbers_of(panel: Panel) -> tuple[list[str], Iterator[list[object]]]:
    """Header and lines of a panel's numbers, see `to_csv`."""
    classes = list(dict.fromkeys(c for row in panel.rows for c in row.explanation.classes))
    header = ["dataset", "checkpoint", "head", "readout", "exact", "row", "position", "token"]
    header += ["start", "end", "known", "shown", "value", "weight", "alternative"]
    header += [f"contribution: {name}" for name in classes]
    return header, (line for row in panel.rows for line in _row_lines(row, classes))


def _row_lines(row: Row, classes: Sequence[str]) -> Iterator[list[object]]:
    e, n = row.explanation, row.number
    for t, token in enumerate(e.tokens):
        contributions = dict(zip(e.classes, e.contributions[n, t].tolist(), strict=True))
        yield (
            [e.dataset, e.checkpoint, e.head, e.readout, e.exact, n + 1, t + 1, token.text]
            + [token.start, token.end, token.known, row.unit]
            + [float(row.values[t]), float(e.weights[n, t])]
            + ["" if e.alternative is None else float(e.alternative[n, t])]
            + [contributions.get(name, "") for name in classes]
        )


def _flat(line: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in line.items():
        if isinstance(value, Interval):
            found |= {name: value.value, f"{name} low": value.low, f"{name} high": value.high}
        else:
            found[name] = "" if value is None else value
    return found
