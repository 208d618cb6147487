"""Figures, tables and explanations as files: PNG, SVG, PDF, HTML, CSV, JSON, and all in one ZIP."""

from __future__ import annotations

import csv
import html
import io
import json
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence

import plotly.graph_objects as go

from poolviz.export.render import open_renderer
from poolviz.figures.texts.highlight import highlight_html
from poolviz.language import _, current
from poolviz.values.explanation import Explanation
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.panel import Panel, Row

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
# A cell that begins so is a formula to spreadsheet programs, the full-width forms to some of them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head><meta charset="utf-8"><title>{title}</title>
<style>:root{{color-scheme:light dark}}
body{{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}</style></head>
<body><h1>{title}</h1>{body}</body></html>
"""


def to_image(figure: go.Figure, image_format: str) -> bytes:
    """One figure as a file's content; starts a browser, so for several figures use `bundle`.

    Parameters
    ----------
    figure : made by `poolviz.figures`.
    image_format : "png", "svg" or "pdf". The last two hold vectors and text, no bitmaps.

    Raises
    ------
    ExportError : no Chrome or Chromium on this computer, or it failed.
    """
    with open_renderer() as renderer:
        return renderer.image(figure, image_format)


def to_html(figure: go.Figure) -> bytes:
    """One figure as a page of its own that works offline, Plotly's script (5 MB) within."""
    return _figure_page(figure, include_plotlyjs=True)


def to_linked_html(figure: go.Figure) -> bytes:
    """Like `to_html`, but for a folder that holds the script as `plotly.min.js` once."""
    return _figure_page(figure, include_plotlyjs="directory")


def highlight_page(panel: Panel, index: int) -> bytes:
    """The highlight of one head as a page of its own: numbers on hover and focus, no script."""
    title = html.escape(f"{panel.summaries[index].label}: {panel.summaries[index].unit}")
    page = _PAGE.format(
        language=current().replace("_", "-"), title=title, body=highlight_html(panel, index)
    )
    return page.encode("utf-8")


def to_csv(panel: Panel) -> bytes:
    """A panel's numbers: a line for each token of each weight row, UTF-8 with a mark for Excel.

    `value` is what the view shows; weight, alternative and contributions (centred, one column for
    each class) are the explanation's own, folded to words where the view is. `row` and `position`
    count from 1, `start` and `end` are code points from 0. Text cells that a spreadsheet would
    take for a formula begin with an apostrophe.
    """
    header, lines = _numbers(panel)
    return csv_file(header, lines)


def sentences_to_csv(panels: Mapping[str, Panel]) -> bytes:
    """The numbers of several sentences, as `to_csv` gives them, after the sentence's name."""
    tables = {name: _numbers(panel) for name, panel in panels.items()}
    header = next(iter(tables.values()))[0]
    lines = ([name, *line] for name, (_header, lines) in tables.items() for line in lines)
    return csv_file(["sentence", *header], lines)


def csv_file(header: Sequence[object], lines: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV that no spreadsheet program takes for formulas, UTF-8 with a mark for Excel.

    Texts that would be formulas begin with an apostrophe; numbers stay numbers.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    for line in (header, *lines):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in line])
    return table.getvalue().encode("utf-8-sig")


def to_json(explanations: Sequence[Explanation | PairExplanation | TripletExplanation]) -> bytes:
    """A JSON array with `to_json` of each explanation, as its class' `from_json` reads it."""
    return json.dumps([e.to_json() for e in explanations], ensure_ascii=False).encode("utf-8")


def file_name(explanations: Sequence[Explanation], part: str, extension: str) -> str:
    """A safe file name: data set, head (or how many), part of the view, hash of the text."""
    return f"{file_stem(explanations, part)}.{extension}"


def file_stem(explanations: Sequence[Explanation], part: str) -> str:
    """`file_name` without the extension."""
    first = explanations[0]
    if len(explanations) > 1:
        heads = f"{len(explanations)}-heads"
    else:  # checkpoints are named after their head, unless somebody renamed the folder
        named = first.head in first.checkpoint
        heads = first.checkpoint if named else f"{first.head}-{first.checkpoint}"
    return safe_stem(first.dataset, heads, part, first.text_hash)


def safe_stem(*words: str) -> str:
    """A file name without extension out of words that may hold anything."""
    return "_".join(_UNSAFE.sub("-", word)[:60] for word in words)


def harmless(text: str) -> str:
    """A text for a cell of a table, with an apostrophe before what would be a formula."""
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


def _figure_page(figure: go.Figure, include_plotlyjs: bool | str) -> bytes:
    page = figure.to_html(
        include_plotlyjs=include_plotlyjs,
        include_mathjax=False,
        config={"displaylogo": False, "responsive": True},
    )
    return page.encode("utf-8")


def _numbers(panel: Panel) -> tuple[list[str], Iterator[list[object]]]:
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
