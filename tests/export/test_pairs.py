"""What can be taken away of a pair or triplet."""

import csv
import io
import json

import numpy as np
import pytest

from poolviz.export.bundle import bundle
from poolviz.export.pairs import cells_to_csv, match_contents
from poolviz.text import subsequence
from poolviz.values.pairs import PairExplanation, TripletExplanation
from poolviz.views.pairs import pair_names, sentence_panels
from tests.export.test_bundle import contents as members
from tests.fakes import fake_pair, fake_triplet

PAIRS = [fake_pair("=早餐", "早饭"), fake_pair("=早餐", "早饭", readout="dense", seed=4)]


def contents_of(explained):
    places = [None for _pair in explained[0].pairs]
    return match_contents(explained, sentence_panels(explained), places)


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_matcher_has_its_figures_under_names_of_their_own():
    contents = contents_of(PAIRS)
    assert [f.part for f in contents.figures].count("highlight") == 4
    assert [f.part for f in contents.figures].count("matrix") == 2
    assert [f.part for f in contents.figures].count("pairs") == 2
    assert [f.of for f in contents.figures if f.part == "difference"] == [
        "Sentence A",
        "Sentence B",
    ]
    stems = [figure.stem for figure in contents.figures]
    assert len(set(stems)) == len(stems)
    charts = [f.picture for f in contents.figures if f.picture.kind == "chart"]
    assert len(charts) == 4
    assert all(chart.figure.alt for chart in charts)


def test_long_sentences_have_fewer_figures():
    contents = contents_of([fake_pair("甲" * 100, "乙")])
    parts = {figure.part for figure in contents.figures}
    assert parts == {"highlight", "matrix", "difference"}


def test_what_differs_is_tinted_in_files_as_on_the_page(monkeypatch):
    contents = contents_of([fake_pair("甲乙", "甲丙")])
    first, second = [f.picture for f in contents.figures if f.part == "difference"]
    assert "<b>乙</b>" in first.markdown().decode() and "<b>甲</b>" not in first.markdown().decode()
    assert b"<svg" in second.svg(None) and "丙" in second.svg(None).decode()
    monkeypatch.setattr(subsequence, "MAX_CELLS", 0)
    assert "difference" not in [f.part for f in contents_of([fake_pair("甲乙", "丙丁")]).figures]


def test_the_numbers_name_their_sentence_and_start_no_formula():
    [numbers, *_others] = contents_of(PAIRS).tables
    rows = table(numbers.make())
    assert [row["sentence"] for row in rows if row["position"] == "1"].count("Sentence A") == 2
    assert rows[0]["token"] == "'="
    weights = [float(row["weight"]) for row in rows if row["sentence"] == "Sentence B"]
    assert sum(weights) == pytest.approx(len(PAIRS))


def test_the_cells_are_all_there_and_start_no_formula():
    rows = table(cells_to_csv(PAIRS))
    assert len(rows) == sum(pair.cells.size for pair in PAIRS)
    assert rows[0]["token"] == "'="
    first = [float(row["value"]) for row in rows if row["exact"] == "True"]
    assert sum(first) == pytest.approx(PAIRS[0].score)


def test_of_long_sentences_only_the_strongest_cells_are_written(monkeypatch):
    monkeypatch.setattr("poolviz.export.pairs.MAX_LINES", 7)
    rows = table(cells_to_csv(PAIRS))
    assert len(rows) == 6
    for pair in PAIRS:
        values = [abs(float(r["value"])) for r in rows if (r["exact"] == "True") == pair.exact]
        assert sorted(values) == pytest.approx(np.sort(np.abs(pair.cells), axis=None)[-3:])
    [cells] = [one for one in contents_of(PAIRS).tables if one.part == "cells"]
    assert (cells.label, "the 3 pairs" in cells.meaning) == (
        "Strongest pairs of tokens (CSV)",
        True,
    )


def test_the_explanations_can_be_read_again():
    triplet = fake_triplet()
    for explained, read in ((PAIRS, PairExplanation), ([triplet], TripletExplanation)):
        [saved] = [t for t in contents_of(explained).tables if t.format == "json"]
        found = [read.from_json(item) for item in json.loads(saved.make())]
        for one, other in zip(found, explained, strict=True):
            assert [side.text for side in one.sentences] == [s.text for s in other.sentences]
            for pair, wanted in zip(one.pairs, other.pairs, strict=True):
                np.testing.assert_allclose(pair.cells, wanted.cells)
                assert (pair.score, pair.threshold) == (wanted.score, wanted.threshold)


def test_a_triplets_pairs_are_named():
    assert pair_names(fake_triplet()) == [("Anchor", "Positive"), ("Anchor", "Negative")]
    labels = [f.of for f in contents_of([fake_triplet()]).figures if f.part == "matrix"]
    assert "Anchor – Positive" in labels[0] and "Anchor – Negative" in labels[1]


def test_what_is_said_of_a_triplet_holds_its_gap_and_margin():
    triplet = fake_triplet()
    told = "\n".join(line for lines in contents_of([triplet]).about.values() for line in lines)
    assert f"gap {triplet.gap:.6f}" in told and f"cosines {triplet.margin:.2f}" in told
    assert "gap" not in str(contents_of(PAIRS).about)


def test_the_archive_says_what_it_holds_but_not_the_texts(no_browser):
    contents = contents_of(PAIRS)
    made = members(bundle(contents))
    assert {table.file_name for table in contents.tables} <= made.keys()
    readme = made["README.txt"].decode("utf-8")
    assert all(figure.stem in readme for figure in contents.figures)
    assert f"{PAIRS[0].score:.6f}" in readme
    assert "早饭" not in readme
