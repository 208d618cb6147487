"""Which head of a data set is shown to be better than which, as a table of heads against heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from poolviz.evaluation.comparison import Comparison, between
from poolviz.language import _
from poolviz.text.pieces import html_attribute, html_text

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
SIGNS = {"better": "■", "worse": "□", "none": "·"}


def outcome(comparison: Comparison, head: str) -> str:
    """How a head fares in a comparison: key of `SIGNS`."""
    if comparison.better is None:
        return "none"
    return "better" if comparison.better == head else "worse"


def in_words(comparison: Comparison, names: Mapping[str, str]) -> str:
    """What was found of two heads, with its numbers."""
    first, second = names[comparison.first], names[comparison.second]
    numbers = _(
        "only {first} right: {only_first:,} rows, only {second} right: {only_second:,}, p = {p:.2g}"
    ).format(
        first=first,
        second=second,
        only_first=comparison.only_first,
        only_second=comparison.only_second,
        p=comparison.adjusted,
    )
    if comparison.better:
        found = _("{head} is shown to be better than {others}").format(
            head=names[comparison.better], others=names[comparison.other(comparison.better)]
        )
    elif comparison.differ:
        found = _(
            "{first} and {second}: these two models differ, other trainings do not bear it out"
        ).format(first=first, second=second)
    else:
        found = _("{first} and {second}: no difference shown").format(first=first, second=second)
    return f"{found} ({numbers})"


def duels_html(
    names: Mapping[str, str], comparisons: Sequence[Comparison], small: bool = False
) -> str:
    """A row and a column for each head: a sign says how the row's head fares against the column's.

    Parameters
    ----------
    names : of the heads by their keys, in their order.
    comparisons : of these heads; what was not compared stays empty.
    small : without names, for somebody who sees the same table with names beside it.
    """
    lines = []
    for row, name in names.items():
        cells = "".join(_cell(between(comparisons, row, c), row, c, names) for c in names)
        title = "" if small else f'<th scope="row">{html_text(name)}</th>'
        lines.append(f"<tr>{title}{cells}</tr>")
    head, foot = ("", "") if small else (_head(names), _foot())
    return (
        f'<div class="pvd{" pvd-small" if small else ""}"><style>{_STYLE}</style>'
        f"<table>{head}<tbody>{''.join(lines)}</tbody></table>{foot}</div>"
    )


def _head(names: Mapping[str, str]) -> str:
    titles = "".join(f'<th scope="col">{html_text(name)}</th>' for name in names.values())
    return f"<thead><tr><th></th>{titles}</tr></thead>"


def _foot() -> str:
    meaning = _(
        "The head of the line against that of the column: {better} shown to be better, {worse} "
        "shown to be worse, {none} no difference shown."
    ).format(**SIGNS)
    return f'<div class="pvd-foot">{html_text(meaning)}</div>'


def _cell(comparison: Comparison | None, row: str, column: str, names: Mapping[str, str]) -> str:
    if row == column:
        return '<td class="pvd-own"></td>'
    if comparison is None:
        return "<td></td>"
    found = outcome(comparison, row)
    words = html_attribute(in_words(comparison, names))
    return f'<td class="pvd-{found}" title="{words}">{SIGNS[found]}</td>'
