"""What is measured of one text, the tables made of it, and the files."""

import csv
import io
import math

import numpy as np
import pytest

from poolviz.export.bundle import bundle
from poolviz.export.trust import trust_contents
from poolviz.figures.trust.rankings import agreement_matrix, weight_against_contribution
from poolviz.trust.ablation import erasure
from poolviz.trust.ablation.model import Model
from poolviz.trust.rows import results
from poolviz.trust.shown import rows_shown
from poolviz.trust.tables import (
    disagreement_table,
    measure_title,
    stress_table,
    text_table,
)
from poolviz.trust.text.measures import of_every_text
from poolviz.trust.text.rankings import RANKINGS
from poolviz.trust.text.reading import STRESS_TESTS, rank_shares, read, read_all
from poolviz.watch import Cancelled, Watch
from tests.pages.test_trust import surveyed
from tests.pages_helpers import HOTEL, explainer

TEXT = "=早餐<b>难吃</b>，但是前台好。"  # written for this test
HEADS = ("max", "average", "attention")


@pytest.fixture(scope="module")
def models():
    return [Model(explainer(HOTEL, head)) for head in HEADS]


def test_stress_tests_are_made_when_somebody_asks(monkeypatch, models):
    asked = []
    tests = Model.stress
    monkeypatch.setattr(Model, "stress", lambda *given: asked.append(1) or tests(*given))
    reading = read(models[-1], TEXT)
    assert not asked
    assert reading.stress is reading.stress and asked == [1]


@pytest.fixture(scope="module")
def found(models):
    return read_all(models, TEXT, "mask")


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_rank_shares_by_hand():
    assert rank_shares(np.array([3.0, 1.0, 2.0])).tolist() == [1, 0, 0.5]
    assert rank_shares(np.array([5.0, 5.0, 1.0])).tolist() == [0.75, 0.75, 0]
    assert rank_shares(np.array([4.0])).tolist() == [0]


def test_a_reading_knows_where_weight_and_contribution_disagree(found):
    most, average, attention = found
    assert average.apart() is None and math.isnan(average.agreement("weight", "contribution"))
    apart = attention.apart()
    weights, contributions = attention.score("weight"), attention.score("contribution")
    np.testing.assert_allclose(apart, rank_shares(weights) - rank_shares(contributions))
    assert most.agreement("contribution", "contribution") == pytest.approx(1)
    table = disagreement_table(found)
    assert table["Heavy, yet adds little"][1] == "n/a"
    heaviest = attention.unit_texts()[int(apart.argmax())]
    assert (heaviest in table["Heavy, yet adds little"][2]) == (apart.max() >= 0.5)


def test_only_units_far_apart_are_named_in_the_figure():
    numbers = np.array([0.5, 0.3, 0.2])
    names = ["<b>甲", "乙", "丙"]
    drawn = weight_against_contribution("t", names, numbers, numbers, 1 / 3, numbers + 0.2, [])
    assert list(drawn.data[0]["text"]) == ["&lt;b&gt;甲", "乙", ""]
    drawn = weight_against_contribution("t", names, numbers, numbers, 1 / 3, None, [])
    assert not any(drawn.data[0]["text"])


def test_what_is_not_defined_is_no_zero_in_the_matrix():
    taus = np.array([[1, np.nan], [np.nan, 1]])
    drawn = agreement_matrix("t", ["weight", "contribution"], taus, [])
    assert list(drawn.data[0]["text"]) == ["n/a", "n/a"]


def test_units_are_passages_of_the_text(models, found):
    assert "".join(found[0].unit_texts()) == TEXT
    long = read(models[0], "房间 很干净。" * 20)
    passages = long.unit_texts()
    assert len(passages) == 32 and passages[0] == "房间 很干"
    assert "".join(passages).replace(" ", "") == "房间很干净。" * 20


def test_reading_reports_and_can_be_cancelled(models):
    seen = []
    read_all(models, "好", "mask", Watch(lambda *step: seen.append(step)))
    assert seen == sorted(seen) and len({total for _done, total in seen}) == 1
    assert seen[0][0] > 0 and seen[-1][0] <= seen[-1][1]
    asked = []
    watch = Watch(cancelled=lambda: len(asked) > 2 or asked.append(1))
    with pytest.raises(Cancelled):
        read_all(models, "好", "mask", watch)
    assert len(asked) == 3


def test_a_long_text_is_measured_in_batches_that_change_nothing(models, monkeypatch):
    whole = read(models[2], TEXT)
    batches = []
    monkeypatch.setattr(erasure, "_TOKENS_AT_ONCE", 1)
    parts = read(models[2], TEXT, watch=Watch(lambda done, _all: batches.append(done)))
    assert len(batches) > 20 and batches[-1] == parts.trust.ablation.passes
    assert whole.trust.ablation.passes == parts.trust.ablation.passes
    for ranking, found in whole.trust.curves.items():
        np.testing.assert_allclose(parts.trust.curves[ranking].erased, found.erased, atol=1e-9)


def test_tables_say_what_is_not_defined(found):
    table = text_table(found)
    average = table[(table["Head"] == "Average (trained control)") & (table["Ranking"] == "Weight")]
    assert average[measure_title("tau")].tolist() == ["n/a"]
    assert average[measure_title("comprehensiveness")].tolist() != ["n/a"]
    shuffled = stress_table(found, "permuted")
    assert shuffled["Total variation distance"].tolist()[0] == "n/a"
    assert float(shuffled["Total variation distance"][2]) >= 0


def test_the_files_hold_what_was_measured(found):
    tables = {table.part: lines(table.make()) for table in trust_contents(found, None).tables}
    attention = found[2]
    measures = [line for line in tables["trust-measures"] if line["head"] == "attention"]
    assert [line["ranking"] for line in measures] == list(RANKINGS)
    for line in measures:
        for name in of_every_text():
            value = attention.trust.figures[line["ranking"]].get(name, math.nan)
            assert line[name] == "" if math.isnan(value) else float(line[name]) == value
    steps = [
        float(line["insertion"])
        for line in tables["trust-curves"]
        if (line["head"], line["ranking"]) == ("attention", "gradient")
    ]
    np.testing.assert_allclose(steps, attention.trust.curves["gradient"].insertion)
    scores = [line for line in tables["trust-scores"] if line["head"] == "attention"]
    assert scores[0]["text"] == "'=" and "random" not in scores[0]
    np.testing.assert_allclose(
        [float(line["weight"]) for line in scores], attention.score("weight")
    )
    stress = [line for line in tables["trust-stress"] if line["head"] == "max"]
    assert [line["test"] for line in stress if line["distance"]] == ["heaviest"]
    assert len(stress) == len(STRESS_TESTS)


def test_every_figure_can_be_taken_away(found, tmp_path, no_browser):
    checkpoint, summary = surveyed(tmp_path)
    summaries = {"attention": summary}
    of_rows = {checkpoint.head: results.read_rows(checkpoint)}
    rows = rows_shown("my_reviews", summaries, of_rows, "tau", "mask")
    contents = trust_contents(found, rows)
    assert [figure.part for figure in contents.figures] == [
        *(p for p in ("deletion", "insertion", "disagreement", "agreement") for _head in HEADS),
        "rankings",
        "spread",
    ]
    stems = [figure.stem for figure in contents.figures]
    assert len(set(stems)) == len(stems)
    assert stems[0] == f"{HOTEL}_max_deletion_{found[0].explanation.text_hash}"
    for figure in contents.figures:
        drawn = figure.picture.figure
        assert drawn.alt and "<b>难" not in str(drawn.plotly())
    archive = bundle(contents)
    assert archive[:2] == b"PK" and len(lines(contents.tables[-1].make())) == len(
        summary["figures"]
    ) + len(summary["differences"])
