"""Classes against classes: how often each was taken for each, errors as visible as the rest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from poolviz.figures import colours
from poolviz.language import _
from poolviz.model.class_names import class_label
from poolviz.text.pieces import html_attribute, html_text

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")


def confusion_html(counts: np.ndarray, classes: Sequence[str], rows: str, columns: str) -> str:
    """A table of counts, tinted by their share of the row, errors by that of the worst error.

    Parameters
    ----------
    counts : (K, K).
    classes : K names.
    rows, columns : what the two axes are.
    """
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    worst = float(np.max(np.where(np.eye(len(classes), dtype=bool), 0, shares)))
    labels = [class_label(name) for name in classes]
    heading = "".join(f'<th scope="col">{html_text(label)}</th>' for label in labels)
    lines = []
    for i, label in enumerate(labels):
        cells = []
        for j, other in enumerate(labels):
            share = float(shares[i, j])
            right, wrong = ("weight", share), ("negative", share / (worst or 1.0))
            style = colours.tint_style(*(right if i == j else wrong))
            title = _("{row} → {column}: {count:,} rows, {share:.1%} of the line").format(
                row=label, column=other, count=int(counts[i, j]), share=share
            )
            cells.append(
                f'<td style="{style}" title="{html_attribute(title)}">{int(counts[i, j]):,}</td>'
            )
        lines.append(f'<tr><th scope="row">{html_text(label)}</th>{"".join(cells)}</tr>')
    caption = _(
        "Lines: {rows}. Columns: {columns}. Violet: the same class, by its share of the line. "
        "Orange: another one, by that of the worst error."
    ).format(rows=rows, columns=columns)
    return (
        f'<div class="pvk"><style>{_STYLE}</style><table><caption>{html_text(caption)}</caption>'
        f"<thead><tr><th></th>{heading}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
