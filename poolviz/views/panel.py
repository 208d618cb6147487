"""Which numbers a view shows: explanations and a choice become a panel of rows with their scale.

Figures and tables draw what a `Panel` holds and compute nothing of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from poolviz.errors import PoolvizError
from poolviz.model.own_heads import head_title
from poolviz.text.tokens import Token
from poolviz.values.explanation import Explanation
from poolviz.values.shapes import PerToken
from poolviz.views.decisions import named_class
from poolviz.views.quantities import reference_of, values_of
from poolviz.views.view import View
from poolviz.views.words import fold_at, words_of

# Under "relative to uniform" the scale reaches at least this, so that 1 is never its glaring end.
UNIFORM_TOP = 2.0


@dataclass(frozen=True, eq=False)
class Row:
    """One line of numbers over the tokens of one explanation.

    Parameters
    ----------
    label : the head's name, with the row's number where the head has several.
    number : which weight row of its head it is, from 0; 0 for summaries.
    explanation : where the values come from, folded to words if the view is.
    values : (T,), one for each token.
    unit : what a value is, in words.
    low, high : ends of the colour scale; low is 0, or -high where values can be negative.
    """

    label: str
    number: int
    explanation: Explanation
    values: PerToken
    unit: str
    low: float = 0.0
    high: float = 0.0

    @property
    def ends(self) -> tuple[float, ...]:
        """Low end, middle and high end of the scale; a single 0 where all values are 0."""
        return (self.low, (self.low + self.high) / 2, self.high) if self.high else (0.0,)

    @property
    def fractions(self) -> PerToken:
        """(T,) values relative to `high`, from -1 or 0 to 1; all 0 on an empty scale."""
        return self.values / self.high if self.high > 0 else np.zeros_like(self.values)


@dataclass(frozen=True, eq=False)
class Panel:
    """What one view shows of one text under several heads; all that figures need.

    Parameters
    ----------
    view : the choice it answers.
    tokens : T tokens, the columns; runs of tokens where `per_column` is not 1.
    rows : one for each weight row of each head.
    summaries : one for each head: mean of its rows for weights, sum for contributions.
    diverging : True where values lie around 0 on a symmetric scale.
    reference : (T,) the level to compare with: what average pooling gives for weights, 0 for
        contributions; None where there is none.
    per_column : tokens in a column, more than 1 where a figure has to shorten a long text.
    texts : how many texts share the colour scale: this one, or several beside each other.
    """

    view: View
    tokens: tuple[Token, ...]
    rows: tuple[Row, ...]
    summaries: tuple[Row, ...]
    diverging: bool
    reference: PerToken | None = None
    per_column: int = 1
    texts: int = 1

    @property
    def unit(self) -> str:
        """What the values of `rows` are, in words."""
        return " / ".join(dict.fromkeys(row.unit for row in self.rows))

    @property
    def one_scale(self) -> bool:
        """True where one colour means one number in all `rows`."""
        return len({(_scale_group(row, self.view), row.high) for row in self.rows}) == 1


def panel(
    explanations: Sequence[Explanation], view: View, labels: Sequence[str] | None = None
) -> Panel:
    """The numbers a view shows of one text's explanations.

    >>> import poolviz
    >>> found = poolviz.explain("房间很干净", "chnsenticorp_htl_all", heads=["max", "attention"])
    >>> shown = panel(found, View("contribution", target="正面"))
    >>> [row.label for row in shown.rows], shown.unit
    (['Max', 'Attention'], 'contribution to “正面 positive”')

    Parameters
    ----------
    explanations : one for each head, of the same text cut into the same tokens, not folded.
    view : what to show.
    labels : names of the explanations; None for those of their heads.

    Raises
    ------
    PoolvizError : no explanation, or explanations of different texts or tokens.
    ChoiceError : the target, or the class it is compared with, is not among the classes.
    """
    _check_same_text(explanations)
    view = with_target(view, explanations)
    rows: list[Row] = []
    summaries: list[Row] = []
    folds = [words_of(explanation) if view.words else None for explanation in explanations]
    names = labels or _labels(explanations)
    for explanation, label, words in zip(explanations, names, folds, strict=True):
        values, unit = values_of(explanation, view, words)  # (H, T)
        shown = explanation if words is None else fold_at(explanation, words)
        rows += [
            Row(name, n, shown, row, unit)
            for n, (name, row) in enumerate(zip(row_names(label, len(values)), values, strict=True))
        ]
        total = values.sum(axis=0) if view.quantity == "contribution" else values.mean(axis=0)
        summaries.append(Row(label, 0, shown, total, unit))
    diverging = view.quantity == "contribution" or any((row.values < 0).any() for row in rows)
    return Panel(
        view=view,
        tokens=rows[0].explanation.tokens,
        rows=scaled(rows, view, diverging),
        summaries=scaled(summaries, view, diverging),
        diverging=diverging,
        reference=reference_of(explanations[0], view, folds[0]),
    )


def with_target(view: View, explanations: Sequence[Explanation]) -> View:
    """The view with the class that contributions go to, where nobody has chosen one."""
    if view.quantity != "contribution" or view.target is not None:
        return view
    return replace(view, target=named_class(explanations))


def row_names(label: str, count: int) -> list[str]:
    """Names of a head's weight rows: the head's own, with a number from 1 where it has several."""
    return [label] if count == 1 else [f"{label} {number}" for number in range(1, count + 1)]


def scaled(rows: Sequence[Row], view: View, diverging: bool) -> tuple[Row, ...]:
    """The rows with the ends of their colour scales fitted to their values, as the view asks."""
    tops = [float(np.abs(row.values).max()) for row in rows]
    if view.effective_scale != "head":
        groups = [_scale_group(row, view) for row in rows]
        shared = {
            group: max(top for top, other in zip(tops, groups, strict=True) if other == group)
            for group in set(groups)
        }
        tops = [shared[group] for group in groups]
    if view.effective_scale == "uniform":
        tops = [max(top, UNIFORM_TOP) for top in tops]
    return tuple(
        replace(row, low=-top if diverging else 0.0, high=top)
        for row, top in zip(rows, tops, strict=True)
    )


def by_head(panel: Panel) -> Panel:
    """The panel with one row a head, so that all heads can be compared."""
    return replace(panel, rows=panel.summaries)


def top_tokens(row: Row, count: int) -> list[dict[str, Any]]:
    """The `count` positions with the largest absolute values, the first of equals first.

    >>> import poolviz
    >>> found = poolviz.explain("房间很干净", "chnsenticorp_htl_all", heads="attention")
    >>> [token["token"] for token in top_tokens(panel(found, View()).rows[0], 2)]
    ['很', '干']

    Returns
    -------
    Dictionaries with position (counted from 1), token, value and known, ready for a DataFrame.
    """
    order = np.argsort(-np.abs(row.values), kind="stable")[:count]
    tokens = row.explanation.tokens
    return [
        {
            "position": index + 1,
            "token": tokens[index].text,
            "value": float(row.values[index]),
            "known": tokens[index].known,
        }
        for index in map(int, order)
    ]


def _scale_group(row: Row, view: View) -> str:
    """Rows of one group can share a scale: contributions are all in logits, weights by unit."""
    return "" if view.quantity == "contribution" else row.unit


def _labels(explanations: Sequence[Explanation]) -> list[str]:
    """Names of heads; the checkpoint's name too where two explanations share a head."""
    heads = [explanation.head for explanation in explanations]
    names = [head_title(head) for head in heads]
    return [
        name if heads.count(explanation.head) == 1 else f"{name} ({explanation.checkpoint})"
        for name, explanation in zip(names, explanations, strict=True)
    ]


def _check_same_text(explanations: Sequence[Explanation]) -> None:
    if not explanations:
        raise PoolvizError("Choose at least one head.")
    cuts = {(e.text, tuple((t.start, t.end) for t in e.tokens)) for e in explanations}
    if len(cuts) > 1:
        raise PoolvizError(
            "These explanations are of different texts or cut the text differently; "
            "explain one text with heads of one data set."
        )


def with_one_scale(panels: Sequence[Panel]) -> tuple[Panel, ...]:
    """Panels of several texts, of one view, with the ends of their colour scales fitted to all."""
    diverging = any(panel.diverging for panel in panels)

    def together(rows_of: Callable[[Panel], tuple[Row, ...]]) -> list[tuple[Row, ...]]:
        fitted = iter(scaled([r for p in panels for r in rows_of(p)], panels[0].view, diverging))
        return [tuple(islice(fitted, len(rows_of(panel)))) for panel in panels]

    parts = zip(
        panels,
        together(lambda panel: panel.rows),
        together(lambda panel: panel.summaries),
        strict=True,
    )
    return tuple(
        replace(panel, rows=rows, summaries=summaries, diverging=diverging, texts=len(panels))
        for panel, rows, summaries in parts
    )
