"""Texts and names that try to be more than text, in all HTML that pages show."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings

from poolviz.evaluation.comparison import Comparison
from poolviz.evaluation.retraining.apart import Apart
from poolviz.evaluation.retraining.results import Retraining
from poolviz.explore.agreement import agreement
from poolviz.explore.contexts import Context
from poolviz.figures.pairs.partners import partners_html
from poolviz.figures.pairs.rows import match_rows_html
from poolviz.figures.rows.agreement import agreement_html
from poolviz.figures.rows.confusion import confusion_html
from poolviz.figures.rows.contexts import contexts_html
from poolviz.figures.rows.curves import curves_html
from poolviz.figures.rows.duels import duels_html
from poolviz.figures.rows.holdings import holdings_html
from poolviz.figures.rows.retraining import retraining_html
from poolviz.figures.rows.standings import standings_html as accuracies_html
from poolviz.figures.rows.table import table_html
from poolviz.figures.rows.tokens import TokenPanel, tokens_html
from poolviz.figures.texts.aligned import aligned_changes_html, aligned_html
from poolviz.figures.texts.anatomy import anatomy_html
from poolviz.figures.texts.channels import channels_html
from poolviz.figures.texts.highlight import highlight_html, highlights_html
from poolviz.figures.texts.plain import inline_html
from poolviz.figures.texts.switched import switched_html
from poolviz.figures.trust.erasing import USUAL, Step, erasing_html
from poolviz.figures.trust.shapley import shapley_html
from poolviz.figures.trust.standing import standings_html
from poolviz.trust.rows.standing import Standing
from poolviz.trust.rows.verdict import Verdict
from poolviz.trust.text.channels import Channels
from poolviz.trust.text.shapley import Comparison as WithShapley
from poolviz.trust.text.shapley import Shapley
from poolviz.values.explanation import Explanation
from poolviz.values.interval import Interval
from poolviz.views.changes import compare_texts
from poolviz.views.matchers import pair_row
from poolviz.views.pairs import sentence_panels
from poolviz.views.panel import Panel, panel
from poolviz.views.view import View
from tests.explore_helpers import row_set, survey_of
from tests.fakes import fake_explanation, fake_pair
from tests.figures.test_curves import POINTS
from tests.figures.test_holdings import HOLDINGS
from tests.figures.test_match_rows import ACCURACY
from tests.figures.test_results import MAX
from tests.figures.test_rows import tokens
from tests.figures.test_trust import reading
from tests.house import SOURCES
from tests.texts import HOSTILE

PICTURES = ("data:image/svg+xml;base64,", "data:image/svg+xml,%3Csvg")  # curves, of numbers alone


class Parts(HTMLParser):
    """Kinds of elements, attributes that act or lead away, rules of style, and all that is read."""

    def __init__(self, page: str):
        super().__init__(convert_charrefs=True)
        self.kinds: set[str] = set()
        self.acting: list[tuple[str, str | None]] = []
        self.style, self.text, self.strange = "", "", []
        self._in_style = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.kinds.add(tag)
        self._in_style = tag == "style"
        for name, value in attrs:
            own_picture = name == "src" and (value or "").startswith(PICTURES)
            if name in ("href", "src", "srcdoc", "action") and not own_picture:
                self.acting.append((name, value))
            if name.startswith("on") or (name == "style" and ("url" in value or "\\" in value)):
                self.acting.append((name, value))

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, data):
        if self._in_style:
            self.style += data
        else:
            self.text += data

    def handle_comment(self, data):
        self.strange.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def explained(text: str, name: str = "") -> list[Explanation]:
    """Of two heads; a class is called by this name, or by the text."""
    classes = (name or text, "b")
    return [fake_explanation(text, head, classes=classes) for head in ("max", "multi-head")]


def shown(text: str) -> Panel:
    return panel(explained(text), View("contribution", target=text))


def changed(text: str) -> str:
    changes = compare_texts(explained(text), explained(f"好{text}", text), View("contribution"))
    return aligned_changes_html(changes, text)


def matched(text: str) -> str:
    pairs = [fake_pair(text, f"乙{text}")]
    panels = sentence_panels(pairs, "contribution")
    return match_rows_html([pair_row(pairs[0])], panels, [ACCURACY], "", text, notes=[text])


def agreed(name: str) -> str:
    found = agreement(np.array([[0, 1], [1, 1]]), np.zeros(2), -1)
    return agreement_html(found, {name: name, "b": f"b{name}"})


def held(text: str) -> str:
    return holdings_html(replace(HOLDINGS, classes={text: 1}, sample=[(text, text)]))


def listed(text: str) -> str:
    survey = survey_of([[0, 1]] * 2, [0.1] * 2)
    return table_html(row_set(text, "好"), np.arange(2), (text, "b"), survey, [text, "A"])


def taken(text: str) -> str:
    found = explained(text)[0]
    shares = np.zeros((len(found.tokens), 2))
    shares[0] = 1
    return channels_html(found, Channels(shares, np.ones(2), np.array([[0.5, -0.5]] * 2)), 0)


def compared(text: str) -> str:
    found = explained(text)[0]
    zeros = np.zeros((len(found.tokens), 2))
    shapley = {"remove": Shapley(zeros, zeros, exact=True)}
    return shapley_html([WithShapley(found, shapley)], "remove")


def stood(text: str) -> str:
    figures = dict.fromkeys(("random", "weight", "contribution"), Interval(0.5, 0.4, 0.6))
    return standings_html([Standing(text, Verdict(9, "mask", None, None), figures)], [text])


def retrained(name: str) -> str:
    apart = Apart(*[Interval(0.5, 0.4, 0.6)] * 3, p=0.5)
    return retraining_html(Retraining(9, 3, {name: apart}))


def erased(text: str) -> str:
    """The numbers of a harmless text under a model of which a class has this name."""
    found = reading()
    told = replace(found.explanation, classes=(text, f"b{text}"))
    return erasing_html([replace(found, explanation=told)], Step("weight", 3), USUAL)


PIECES: dict[str, Callable[[str], str]] = {
    "rows": lambda text: aligned_html(shown(text), text, known=text),
    "rows of a change": changed,
    "rows of matchers": matched,
    "lines between tokens": lambda text: partners_html(fake_pair(text[:50], "乙")),
    "where weight lies": lambda text: anatomy_html(panel(explained(text), View(scale="uniform"))),
    "a highlight": lambda text: highlight_html(shown(text), 1),
    "a paragraph": lambda text: inline_html(shown(text), shown(text).summaries),
    "rows switched off": lambda text: switched_html(explained(text)[1], np.array([0.5, 0.5])),
    "agreement": agreed,
    "confusion": lambda text: confusion_html(np.eye(2, dtype=int), ["a", text], text, text),
    "curves": lambda text: curves_html(POINTS, {"max": text, "attention": text}, 10),
    "duels": lambda text: duels_html(
        {"a": text, "b": f"b{text}"}, [Comparison("a", "b", 5, 3, 0.5, 0.5)]
    ),
    "holdings": held,
    "test rows": listed,
    "contexts": lambda text: contexts_html(
        [Context(0, 0, text, text, text, (1.0,))], [text], [text]
    ),
    "accuracies": lambda text: accuracies_html([replace(MAX, head=text, title=text)], {}, [text]),
    "retraining": retrained,
    "highlights": lambda text: highlights_html({text: shown(text)}, 0, [range(1)]),
    "channels": taken,
    "Shapley values": compared,
    "where weights stand": stood,
    "a text that is erased": erased,
    "tokens": lambda text: tokens_html([TokenPanel(text, tokens(1.0, name=text))], text, 0),
}
SHORTENED = (
    *("lines between tokens", "where weight lies", "tokens", "highlights", "channels"),
    "Shapley values",
)
WITHIN_OTHERS = "poolviz.figures.texts.token_rows"  # has parts of rows of tokens
# What a harmless text of one token does not need.
LATER = {"bdi", "br", "wbr", "span", "small"}


@pytest.mark.parametrize("name", PIECES)
def test_it_is_shown_and_is_nothing_but_text(name):
    draw = PIECES[name]
    harmless = Parts(draw("好"))

    @settings(max_examples=40)
    @given(HOSTILE)
    def check(text: str) -> None:
        found = Parts(draw(text))
        assert found.kinds <= harmless.kinds | LATER
        assert found.style == harmless.style
        assert not found.acting and not found.strange
        if name not in SHORTENED:
            assert text in found.text or " ".join(text.split()) in " ".join(found.text.split())

    check()


def test_no_piece_of_html_is_forgotten():
    tried = {(value.__module__, value.__name__) for value in globals().values() if callable(value)}
    every = {
        (module, node.name)
        for module, source in SOURCES.items()
        if module.startswith("poolviz.figures")
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        and node.name.endswith("_html")
        and not node.name.startswith("_")
        and module != WITHIN_OTHERS
    }
    assert every <= tried
