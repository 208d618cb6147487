"""Driving the pages without a browser, and what they have to show."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.engine.texts import Explainer
from poolviz.figures.texts.aligned import aligned_html
from poolviz.model.heads import HEADS
from poolviz.model.kinds import CLASSIFIER
from poolviz.ui.frame.menu import MENU
from poolviz.values.explanation import Explanation
from poolviz.views.decisions import named_class
from poolviz.views.panel import Panel, panel
from poolviz.views.view import View
from tests.copies import copied

PROJECT = Path(__file__).resolve().parent.parent
DASHBOARD = PROJECT / "dashboard.py"
PAGES = [entry.file for entry in MENU.values() if entry.family is CLASSIFIER]
MATCH_PAGE = "pages/match.py"
HOTEL, TITLES = "chnsenticorp_htl_all", "thucnews_title"
ALL_HEADS = tuple(HEADS)

# What people and machines put into a text box, and worse.
HOSTILE_TEXTS = {
    "unknown characters": "𠮷𡈽㐂 龘靐齉爩 ꙮ",
    "empty": "",
    "white space only": " \t\n\u3000\u00a0\u200b",
    "one character": "好",
    "10,000 characters": "服务好，房间差。吃" * 1111 + "!",
    "emoji": "👍🏽👨‍👩‍👧‍👦🇨🇳 好评❤️",
    "right to left": "الفندق جميل جداً ונקי 酒店",
    "direction overrides": "\u202eevil\u202c 好 \u2066x",
    "script": "<script>alert(1)</script>",
    "image": "</span><img src=x onerror=alert(1)>",
    "style": "</style><style>body{display:none}</style>",
    "comment": "<!-- --> ]]> &lt;b&gt; &amp;",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "markdown": "**粗** _i_ [x](javascript:alert(1)) ![i](http://127.0.0.1:9/x.png) # - | `c`",
    "latex": "$\\frac{1}{0}$ $$x^2$$ \\(y\\)",
    "streamlit's markdown": ":red[x] :material/home: :smile: :blue-background[y]",
    "plotly's html": "<b>%{x}</b><br><a href='javascript:alert(1)'>%{customdata}</a>",
    "format fields": "{text} {0} %s %(x)s {",
    "zero characters": "好\x00坏\x07\x1b[31m",
    "line breaks": "一\r\n二\n\n三\u2028四",
    "combining marks": "Z̷̡͍̈́a̸l̵g̶o̴ é ñ",
    "formula": "=1+1 @x +2 -3",
}


@dataclass
class Highlighted:
    """One highlight as a reader gets it."""

    text: str = ""
    tokens: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    tips: list[str] = field(default_factory=list)


@dataclass
class AlignedRow:
    """One head's row: its decision in words, and its lines, the last one of the text as it is."""

    decision: str = ""
    lines: list[Highlighted] = field(default_factory=list)

    @property
    def line(self) -> Highlighted:
        return self.lines[-1]


def open_page(page: str = "dashboard.py", **address: str) -> AppTest:
    """A page as a visitor gets it who comes with this address; "class" is `class_` here.

    Without another one the data set is the hotel reviews.
    """
    at = AppTest.from_file(str(DASHBOARD), default_timeout=60)
    if page != "dashboard.py":
        at.switch_page(page)
    for name, value in {"dataset": HOTEL, **address}.items():
        at.query_params[name.rstrip("_")] = value
    at.run()
    assert not at.exception, at.exception
    return at


def reopened(address: Mapping[str, Sequence[str] | str]) -> AppTest:
    """The Compare page of a new visitor with this address."""
    return open_page(**{name: _one(value) for name, value in address.items()})


def address(at: AppTest) -> dict[str, str]:
    """The address as the page has written it."""
    return {name: _one(value) for name, value in at.query_params.items()}


def menu_links(at: AppTest) -> list:
    """The menu's links, in order; they have a `label` and a `query_string`."""
    return [link.proto for link in at.sidebar.get("page_link")]


def highlights(at: AppTest) -> list[str]:
    """The HTML of the highlights, in the order of the cards."""
    return [element.proto.body for element in at.main.get("html")]


def tables(at: AppTest) -> list[str]:
    """The HTML of the tables whose rows hold tokens."""
    return [html for html in highlights(at) if html.startswith('<div class="pva ')]


def table(at: AppTest) -> str:
    """The first of them; empty where there is none."""
    return next(iter(tables(at)), "")


def rows(at: AppTest, number: int = 0) -> list[AlignedRow]:
    """The rows of one as a reader gets them; fails where they hold what no rows have."""
    reader = _RowsReader()
    reader.feed("".join(tables(at)[number : number + 1]))
    reader.close()
    return reader.rows


def read_highlight(html: str) -> Highlighted:
    """What stands in a highlight; fails where it holds elements that no highlight has."""
    reader = _HighlightReader()
    reader.feed(html)
    reader.close()
    return reader.result


def charts(at: AppTest) -> dict[str, dict]:
    """Plotly's JSON of all charts by key, arrays as NumPy arrays."""
    return {e.key: _decoded(json.loads(e.proto.spec)) for e in at.get("plotly_chart")}


def sentences(at: AppTest) -> list[str]:
    """What the page says in its boxes, as somebody reads it: errors, warnings, notes."""
    boxes = [element.value for kind in (at.error, at.warning, at.info) for element in kind]
    return [re.sub(r"\\(.)", r"\1", box) for box in boxes]


@cache
def explainer(dataset: str, head: str) -> Explainer:
    """A shipped checkpoint's explainer, not the page's."""
    return Explainer(read(places.SHIPPED_CHECKPOINTS / dataset / head))


def explain(text: str, dataset: str = HOTEL, heads: Sequence[str] = ALL_HEADS) -> list[Explanation]:
    """What the page has to show of a text, in the order of its cards."""
    return [explainer(dataset, head).explain(text) for head in heads]


def expected_panel(at: AppTest, view: View) -> Panel:
    """The panel of a view of the text and heads that the page's own state names."""
    state = at.session_state
    return panel(explain(state["text"], state["dataset"], state["heads"]), view)


def assert_shows(at: AppTest, **view) -> None:
    """The page shows this view of its text in the aligned rows."""
    assert not at.exception
    shown = expected_panel(at, View(**{"scale": "uniform", **view}))
    target = shown.view.target or named_class([row.explanation for row in shown.summaries])
    assert table(at) == aligned_html(shown, target)


def opened_part(at: AppTest, part: str) -> AppTest:
    """The Compare page with this part open below the rows."""
    return at.segmented_control(key="_section").set_value(part).run()


def shared(at: AppTest) -> AppTest:
    """The page with its menu for files and links open."""
    at.session_state["share_menu"] = True
    return at.run()


def typed(at: AppTest, text: str) -> AppTest:
    """The page after somebody has typed this text."""
    return at.text_area(key="_text").set_value(text).run()


def copied_checkpoint(root: Path, task: str, name: str, **card: object) -> Checkpoint:
    """A copy of the hotel reviews' attention checkpoint, see `tests.copies`."""
    source = read(places.SHIPPED_CHECKPOINTS / HOTEL / "attention")
    return copied(source, root, task, name, **card)


class _RowsReader(HTMLParser):
    """Collects rows and their lines of tokens; there may be no other elements than these."""

    ELEMENTS = ("div", "span", "style", "br", "b", "i", "bdi", "details", "summary")

    def __init__(self):
        super().__init__()
        self.rows: list[AlignedRow] = []
        self._open: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert tag in self.ELEMENTS, f"<{tag}> in the rows"
        assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attrs)
        values = dict(attrs)
        classes = (values.get("class") or "").split()
        self._open.append(" ".join([tag, *classes]))
        if "data-label" in values:
            self.rows.append(AlignedRow())
        elif "pva-text" in classes and "pva-rows" not in classes:
            self.rows[-1].lines.append(Highlighted())
        elif "data-position" in values and "pva-rows" not in " ".join(self._open):
            self.rows[-1].line.tokens.append("")
            self.rows[-1].line.values.append(values["data-value"])

    def handle_endtag(self, tag):
        assert self._open.pop().split()[0] == tag

    def handle_data(self, data):
        within = " ".join(self._open).split()
        if "pva-decision" in within:
            self.rows[-1].decision += data
        elif "pva-text" in within and not {"pva-rows", "pva-void"} & set(within):
            self.rows[-1].line.text += data
            if "pva-t" in within:
                self.rows[-1].line.tokens[-1] += data


class _HighlightReader(HTMLParser):
    """Collects the tokens; there may be no other elements than these."""

    ELEMENTS = ("div", "span", "style", "br", "bdi")

    def __init__(self):
        super().__init__()
        self.result = Highlighted()
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        assert tag in self.ELEMENTS, f"<{tag}> in a highlight"
        assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attrs)
        values = dict(attrs)
        classes = values.get("class", "")
        if tag != "br":
            self._open.append((tag, classes))
        if "pv-t" in classes.split():
            self.result.tokens.append("")
            self.result.values.append(values["aria-label"].rpartition(", ")[2])
            self.result.tips.append(values["data-tip"])

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        if any("pv-text" in classes.split() for _tag, classes in self._open):
            self.result.text += data
            if any("pv-t" in classes.split() for _tag, classes in self._open):
                self.result.tokens[-1] += data


def _one(value: Sequence[str] | str) -> str:
    return value if isinstance(value, str) else value[0]


def _decoded(value):
    """Plotly's JSON with its base64 arrays read."""
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() >= {"dtype", "bdata"}:
        array = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        shape = value.get("shape")
        return array.reshape([int(n) for n in shape.split(",")]) if shape else array
    return {name: _decoded(item) for name, item in value.items()}
