import io
import json
import zipfile

import pytest

from poolviz.export.bundle import bundle
from poolviz.export.contents import compare_contents
from poolviz.export.formats import FORMATS, figure_formats
from poolviz.export.names import stem_of
from poolviz.views.panel import panel
from poolviz.views.view import View
from poolviz.watch import Cancelled, Watch
from tests.fakes import fake_explanation

TEXT = "早餐很好。"


def explanations():
    return [fake_explanation(TEXT, head) for head in ("max", "multi-head")]


def view_of(explanations, view=None):
    return compare_contents(explanations, panel(explanations, view or View()), None)


def contents(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def steps():
    return []


@pytest.fixture(scope="module")
def whole(steps):
    made = bundle(
        view_of(explanations(), View("contribution")), Watch(lambda *step: steps.append(step))
    )
    return contents(made)


def test_every_figure_is_there_in_every_format(whole):
    stems = [stem_of(explanations(), part) for part in ("highlights", "heatmap", "lines")] + [
        stem_of([e], part) for e in explanations() for part in ("highlight", "probabilities")
    ]
    for name in ("png", "svg", "pdf", "html"):
        for stem in stems:
            assert whole[f"{name}/{stem}.{name}"]
    drawn = [
        (name, figure.part)
        for name in figure_formats()
        for figure in view_of(explanations()).figures
        if figure.picture.kind in FORMATS[name].kinds
    ]
    assert len(whole) == len(drawn) + 4


def test_numbers_and_explanations_are_there(whole):
    numbers = whole[f"{stem_of(explanations(), 'numbers')}.csv"].decode("utf-8-sig")
    assert numbers.count("multi-head") >= 4 * len(TEXT)
    written = json.loads(whole[f"{stem_of(explanations(), 'explanations')}.json"])
    assert [item["head"] for item in written] == ["max", "multi-head"]


def test_the_readme_says_what_made_it(whole):
    readme = whole["README.txt"].decode("utf-8")
    for e in explanations():
        assert e.checkpoint_hash in readme and e.text_hash in readme
        assert stem_of([e], "highlight") in readme
    assert "contribution to" in readme and "plotly" in readme
    assert "missing" not in readme
    assert TEXT not in readme


def test_progress_counts_every_file(whole, steps):
    total = len(whole) - 1  # the README comes last, of itself
    assert steps == [(number, total) for number in range(1, total + 1)]


def test_the_readme_comes_first_and_the_order_is_always_the_same(no_browser):
    first, second = (bundle(view_of(explanations())) for _again in range(2))
    assert list(contents(first)) == list(contents(second))
    assert list(contents(first))[0] == "README.txt"


def test_without_a_browser_the_rest_is_there_and_the_readme_says_why(no_browser):
    made = contents(bundle(view_of(explanations())))
    there = {name.split("/")[0] for name in made if "/" in name}
    assert "html" in there and "png" not in there
    readme = made["README.txt"].decode("utf-8")
    assert readme.count("Chrome or Chromium") == 1
    assert f"png/{stem_of(explanations(), 'heatmap')}.png" in readme


@pytest.mark.parametrize("after", [0, 2, 8])
def test_it_can_be_stopped_before_any_file(after):
    done = []
    watch = Watch(lambda *step: done.append(step), lambda: len(done) >= after)
    with pytest.raises(Cancelled):
        bundle(view_of([fake_explanation(TEXT)]), watch)
    assert len(done) == after
