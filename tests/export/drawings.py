"""Drawings for the tests of vector files."""

from poolviz.figures.texts.highlight_figure import highlight_drawing
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

TEXT = "这家酒店的早餐很好，房间也干净。breakfast 也好。"  # has a token that is unknown
HOSTILE = "]]>--></svg><script>&amp;\"'`"
STRANGE = "\x00\x07\x1b\ud800\ufffe\uffff"


def drawing_of(text: str = TEXT, unit: str = "character", **options):
    shown = panel([fake_explanation(text, unit=unit, **options)], View("contribution"))
    return highlight_drawing(shown, shown.summaries)
