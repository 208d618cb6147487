"""What scripts get draws itself, becomes a table, and becomes files."""

import json
import re
import zipfile
from html.parser import HTMLParser

import numpy as np
import plotly.graph_objects as go
import pytest

import poolviz
from poolviz.errors import ChoiceError
from poolviz.figures.texts.aligned import aligned_html
from poolviz.views.decisions import named_class
from poolviz.views.panel import panel
from poolviz.views.view import View

TEXT = "房间<b>很干净</b>，早餐一般。"
HOTEL = "chnsenticorp_htl_all"


@pytest.fixture(scope="module")
def found():
    return poolviz.explain(TEXT, HOTEL, heads=["max", "multi-head"])


@pytest.fixture(scope="module")
def pairs():
    return poolviz.explain_pair("怎么<i>注销", "账号如何注销", "lcqmc", heads="max")


@pytest.fixture(scope="module")
def trust():
    return poolviz.measure_trust("房间<b>很干净。", HOTEL, heads=["max", "attention"])


class Looked(HTMLParser):
    """Every tag and every attribute that could load something or run."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.suspicious = set(), []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.suspicious += [
            (name, value)
            for name, value in attrs
            if name[:2] == "on"
            or (name in ("src", "href") and not value.startswith("data:image/svg+xml,"))
        ]


@pytest.mark.parametrize("name", ["found", "pairs", "trust"])
def test_it_draws_itself_without_script_and_network(name, request):
    html = request.getfixturevalue(name)._repr_html_()
    seen = Looked(html)
    assert seen.suspicious == []
    assert not seen.tags & {"script", "iframe", "link", "object", "base"}
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", html)
    assert "<b>很" not in html and "<i>注" not in html


def test_it_draws_the_rows_of_the_compare_page(found):
    shown = panel(list(found), View())
    assert aligned_html(shown, named_class(list(found))) in found._repr_html_()
    other = found.show(quantity="contribution", words=True)
    assert other._repr_html_() != found._repr_html_() and "pva-signed" in other._repr_html_()
    assert other.heads == found.heads
    with pytest.raises(ChoiceError, match="quantity"):
        found.show(quantity="heat")._repr_html_()


def test_a_table_has_every_number(found, pairs, trust):
    table = found.to_frame()
    assert len(table) == len(found[0].tokens) * 5
    of_max = table[table["head"] == "max"]
    np.testing.assert_allclose(of_max["weight"], found[0].weights[0])
    np.testing.assert_allclose(of_max["contribution: 正面"], found[0].contributions[0, :, 1])
    assert "".join(of_max["token"]) == TEXT
    assert set(pairs.to_frame()["sentence"]) == {"Sentence A", "Sentence B"}
    assert len(trust.to_frame()) == 2 * 6


def test_figures_by_name(found, pairs, trust):
    assert isinstance(found.figure("heatmap"), go.Figure)
    assert "<script" not in found.figure("highlights")._repr_html_()
    assert isinstance(pairs[:1].figure("matrix"), go.Figure)
    assert isinstance(trust.of("max").figure("deletion"), go.Figure)
    with pytest.raises(ChoiceError, match="choose one of highlights, highlight, heatmap"):
        found.figure("nothing")
    with pytest.raises(ChoiceError, match="number=1 to 2"):
        found.figure("probabilities")
    second = found.figure("probabilities", number=2).layout.title.text
    assert "Multi-head" in second
    assert found[1:].figure("probabilities").layout.title.text == second
    with pytest.raises(ChoiceError, match="number=1 to 2"):
        found.figure("probabilities", number=3)


def test_parts_of_it_are_of_its_kind(found, pairs):
    assert found.of("max").heads == ("max",) and found[1:].heads == ("multi-head",)
    assert found[1:]._repr_html_().count("data-head=") == 1
    assert pairs[:1]._repr_html_().count("data-head=") == 1
    assert "%" in pairs._repr_html_()
    with pytest.raises(ChoiceError, match="pooling head"):
        found.of("nothing")
    assert found[5:]._repr_html_() == ""


def test_files_by_their_ending(found, trust, pairs, tmp_path, no_browser):
    assert found.save(tmp_path / "x.svg").read_bytes().startswith(b"<svg")
    assert found.save(str(tmp_path / "x.pdf")).read_bytes().startswith(b"%PDF")
    assert b"<!DOCTYPE html>" in found.save(tmp_path / "x.html", "highlights").read_bytes()
    saved = json.loads(found.save(tmp_path / "x.json").read_text("utf-8"))
    assert [entry["head"] for entry in saved] == ["max", "multi-head"]
    assert found.save(tmp_path / "x.csv").read_text("utf-8-sig").startswith("dataset,")
    assert b"<path" in found.save(tmp_path / "x.outlines.svg").read_bytes()
    assert "ranking" in trust.save(tmp_path / "t.csv", "trust-curves").read_text("utf-8-sig")
    assert "other_token" in pairs.save(tmp_path / "p.csv", "cells").read_text("utf-8-sig")
    with zipfile.ZipFile(found.save(tmp_path / "x.zip")) as archive:
        assert "README.txt" in archive.namelist()
    for name in ("x", "x.doc", "svg"):
        with pytest.raises(ChoiceError, match="does not end in"):
            found.save(tmp_path / name)
    with pytest.raises(ChoiceError, match="table"):
        found.save(tmp_path / "y.csv", "heatmap")
    assert not (tmp_path / "y.csv").exists()


def test_trust_says_what_can_not_be_measured():
    with pytest.raises(ChoiceError, match="way to erase"):
        poolviz.measure_trust("很好", HOTEL, how="burn")
