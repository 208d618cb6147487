"""What explanations are given in: they draw themselves in a notebook, become tables and files.

>>> import poolviz
>>> found = poolviz.explain("房间很干净", "chnsenticorp_htl_all", heads=["max", "attention"])
>>> found.to_frame()[["head", "token", "weight"]].shape
(10, 3)
"""

# pandas and Plotly say little of their types.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

import pandas as pd

from poolviz.errors import ChoiceError, check_choice
from poolviz.export.bundle import bundle
from poolviz.export.contents import Contents, Figure, compare_contents
from poolviz.export.files import numbers_of
from poolviz.export.formats import FORMATS
from poolviz.export.pairs import match_contents
from poolviz.export.pictures import Chart, to_file
from poolviz.export.trust import trust_contents
from poolviz.figures.colours import PAPER_TEXT, WHITE, css
from poolviz.figures.pairs.rows import Accuracy, match_rows_html
from poolviz.figures.texts.aligned import aligned_html
from poolviz.figures.trust.erasing import USUAL, Step, erasing_html
from poolviz.language import N_
from poolviz.trust.tables import text_table
from poolviz.trust.text.reading import Reading
from poolviz.values.explanation import Explanation
from poolviz.values.interval import Interval
from poolviz.values.pairs import PairExplanation
from poolviz.views.decisions import named_class
from poolviz.views.matchers import count_of_matches, pair_row
from poolviz.views.pairs import sentence_panels
from poolviz.views.panel import Panel, panel
from poolviz.views.view import View
from poolviz.writing import replacing

One = TypeVar("One", Explanation, PairExplanation, Reading)

# Notebooks are light or dark and tell nobody which: a sheet of its own is readable on both.
_SHEET = (
    f'<div style="background:{css(WHITE)};color:{PAPER_TEXT};color-scheme:light;'
    "padding:.6rem .8rem;"
    'border-radius:6px;max-width:70rem;font-family:sans-serif;font-size:16px">{body}</div>'
)
_ERASED = 3  # the first third of the tokens is erased in the picture of a text's trust
# The figure that a file holds where none is asked for: the first of these that there is.
_MAIN = ("highlights", "highlight", "deletion", "matrix")


class Shown(Sequence[One], Generic[One]):
    """Explanations beside each other, in the order of the tables.

    As the last line of a notebook's cell it draws itself: HTML that needs neither a script nor the
    network. A slice of it is of its kind, and so is `of("max")`.
    """

    def __init__(self, found: Sequence[One], **shown: Any):
        self._found = tuple(found)
        self._shown = shown

    @overload
    def __getitem__(self, index: int) -> One: ...
    @overload
    def __getitem__(self, index: slice) -> Shown[One]: ...
    def __getitem__(self, index: int | slice) -> One | Shown[One]:
        if isinstance(index, slice):
            return type(self)(self._found[index], **self._shown)
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[One]:
        return iter(self._found)

    @property
    def heads(self) -> tuple[str, ...]:
        """Keys of the pooling heads, in order; one can occur twice among matchers."""
        return tuple(_head(each) for each in self)

    def of(self, *heads: str) -> Shown[One]:
        """Those of some heads alone.

        Raises
        ------
        ChoiceError : a head is not among them.
        """
        for head in heads:
            check_choice(N_("pooling head"), head, dict.fromkeys(self.heads))
        return type(self)([each for each in self if _head(each) in heads], **self._shown)

    @abstractmethod
    def contents(self) -> Contents:
        """All figures and tables there are of them, as the page that shows the same offers them."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """Their numbers as a table."""

    @abstractmethod
    def _body(self) -> str:
        """What is drawn in a notebook."""

    def _repr_html_(self) -> str:
        return _SHEET.format(body=self._body()) if len(self) else ""

    def figure(self, name: str, number: int | None = None) -> Any:
        """One of the figures, for a notebook: Plotly's for charts, else one that draws itself.

        >>> import poolviz
        >>> poolviz.explain("很好", "chnsenticorp_htl_all").figure("heatmap").data[0].type
        'heatmap'

        Parameters
        ----------
        name : such as "heatmap"; a name that there is not gets a sentence with all names.
        number : which of several figures of that name, from 1.

        Raises
        ------
        ChoiceError : no such figure, or several.
        """
        picture = _one(self.contents().figures, name, number).picture
        return picture.figure.plotly() if isinstance(picture, Chart) else picture

    def save(self, path: str | Path, name: str | None = None, number: int | None = None) -> Path:
        """Write a file, whose name ends in its format, and return its path.

        SVG, PDF, PNG and HTML hold one figure, CSV and JSON one table, ZIP all of them. Charts of
        Plotly as SVG, PDF or PNG, and all PNG files, take Chromium.

        Parameters
        ----------
        name, number : of the figure, as for `figure`, or the name of the table.

        Raises
        ------
        ChoiceError : the name ends in no format, or there is no such figure or table, or several.
        ExportError : the figure takes a browser, and there is none.
        """
        path = Path(path)
        endings = {each.suffix: key for key, each in reversed(FORMATS.items())}  # the first's
        fitting = [ending for ending in endings if path.name.lower().endswith(f".{ending}")]
        if not fitting:
            raise ChoiceError(
                "The file name {name} does not end in {known}; rename it.",
                name=path.name,
                known=", ".join(endings),
            )
        content = self._file(endings[max(fitting, key=len)], name, number)
        with replacing(path) as unfinished:
            unfinished.write_bytes(content)
        return path

    def _file(self, wanted: str, name: str | None, number: int | None) -> bytes:
        contents = self.contents()
        if wanted == "zip":
            return bundle(contents)
        if not FORMATS[wanted].draw:
            tables = {table.part: table for table in contents.tables if table.format == wanted}
            name = name or next(iter(tables), "")
            check_choice(N_("table"), name, tables)
            return tables[name].make()
        kinds = FORMATS[wanted].kinds
        drawn = [figure for figure in contents.figures if figure.picture.kind in kinds]
        parts = [figure.part for figure in drawn]
        name = name or next(part for part in (*_MAIN, *parts) if part in parts)
        return to_file(_one(drawn, name, number).picture, wanted)


class Comparison(Shown[Explanation]):
    """One text under several pooling heads: a sequence of `Explanation`, one for each head."""

    @property
    def text(self) -> str:
        """The text."""
        return self[0].text

    def show(self, **view: Any) -> Comparison:
        """The same, drawn otherwise: `found.show(quantity="contribution", words=True)`.

        Parameters
        ----------
        view : fields of `poolviz.views.view.View`: quantity ("weight", "alternative",
            "contribution"), target, against, spread, words, scale.
        """
        return Comparison(self._found, **{**self._shown, **view})

    def contents(self) -> Contents:
        """All figures and tables of the Compare page."""
        return compare_contents(self._found, self._panel(), None)

    def to_frame(self) -> pd.DataFrame:
        """A line for each token of each weight row, a column for what it adds to each class."""
        return _frame(self._panel())

    def _panel(self) -> Panel:
        return panel(self._found, View(**self._shown))

    def _body(self) -> str:
        shown = self._panel()
        target = shown.view.target or named_class([row.explanation for row in shown.summaries])
        return aligned_html(shown, target)

    def __repr__(self) -> str:
        said = ", ".join(f"{e.head}: {e.predicted} {e.probabilities.max():.1%}" for e in self)
        return f"Comparison({said})"


class PairComparison(Shown[PairExplanation]):
    """Two sentences under several matchers: a sequence of `PairExplanation`."""

    @property
    def texts(self) -> tuple[str, str]:
        """The two sentences."""
        first, second = (side.text for side in self[0].sides)
        return first, second

    def show(self, quantity: str = "weight") -> PairComparison:
        """The same, drawn otherwise: tokens tinted by "weight" or "contribution"."""
        return PairComparison(self._found, **{**self._shown, "quantity": quantity})

    def contents(self) -> Contents:
        """All figures and tables of the Match page."""
        return match_contents(self._found, self._panels(), [None])

    def to_frame(self) -> pd.DataFrame:
        """A line for each token of each sentence under each matcher."""
        named = [_frame(each).assign(sentence=name) for name, each in self._panels().items()]
        table = pd.concat(named, ignore_index=True)
        return table[["sentence", *table.columns.drop("sentence")]]

    def _panels(self) -> dict[str, Panel]:
        return sentence_panels(self._found, self._shown.get("quantity", "weight"))

    def _body(self) -> str:
        known: Mapping[str, Interval] = self._shown.get("accuracies", {})
        accuracies = [_accuracy(known.get(pair.sides[0].checkpoint)) for pair in self]
        rows = [pair_row(pair) for pair in self]
        return match_rows_html(rows, self._panels(), accuracies, "", count_of_matches(self._found))

    def __repr__(self) -> str:
        said = ", ".join(f"{e.kind} {e.head}: {e.probability:.1%}" for e in self)
        return f"PairComparison({said})"


class TrustComparison(Shown[Reading]):
    """How far the weights of one text can be believed: a sequence of `Reading`, one for each head.

    A `Reading` has `explanation`, `trust` (measures, curves, orders) and `stress`.
    """

    @property
    def text(self) -> str:
        """The text."""
        return self[0].explanation.text

    def contents(self) -> Contents:
        """All figures and tables of the Trust page that are of this text."""
        return trust_contents(self._found, None)

    def to_frame(self) -> pd.DataFrame:
        """A line for each head and ranking, a column for each measure."""
        return text_table(self._found)

    def _body(self) -> str:
        count = self[0].trust.ablation.count
        rankings = [ranking for ranking in USUAL if ranking in self[0].trust.orders]
        return erasing_html(self._found, Step("weight", max(count // _ERASED, 1)), rankings)

    def __repr__(self) -> str:
        said = ", ".join(
            f"{head}: comprehensiveness {each.trust.figures['weight']['comprehensiveness']:.2f}"
            for head, each in zip(self.heads, self, strict=True)
        )
        return f"TrustComparison({said})"


def _head(each: Explanation | PairExplanation | Reading) -> str:
    return each.explanation.head if isinstance(each, Reading) else each.head


def _one(figures: Sequence[Figure], name: str, number: int | None) -> Figure:
    check_choice(N_("figure"), name, dict.fromkeys(figure.part for figure in figures))
    found = [figure for figure in figures if figure.part == name]
    if len(found) > 1 and number not in range(1, len(found) + 1):
        raise ChoiceError(
            "There are {count} figures {name} ({whose}); say which with number=1 to {count}.",
            count=len(found),
            name=name,
            whose=", ".join(str(figure.of) for figure in found),
        )
    return found[(number or 1) - 1]


def _frame(shown: Panel) -> pd.DataFrame:
    header, lines = numbers_of(shown)
    return pd.DataFrame(list(lines), columns=header)


def _accuracy(found: Interval | None) -> Accuracy:
    return Accuracy(f"{found.value:.1%}", found.as_share()) if found else Accuracy("", "")
