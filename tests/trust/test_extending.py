"""Adding a measure takes two places: a function of a text and a ranking, and a line in a table."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest

from poolviz.checkpoints.listing import list_checkpoints
from poolviz.cli import main
from poolviz.datasets import CATALOGUE
from poolviz.engine.texts import Explainer
from poolviz.export.trust_csv import measures_to_csv, rows_to_csv
from poolviz.places import SHIPPED_CHECKPOINTS
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.model import Model
from poolviz.trust.rows import results
from poolviz.trust.rows.survey import survey
from poolviz.trust.tables import interval, offered, rows_table, text_table
from poolviz.trust.text.measures import MEASURES, ROWS, TEXT, Measure, TextTrust
from poolviz.trust.text.rankings import RANKINGS
from poolviz.trust.text.reading import read
from tests import invented
from tests.copies import copied
from tests.pages_helpers import HOTEL, charts, open_page, typed

KEY, TITLE, MEANING = "first", "First step", "What the class loses without the highest unit."
WRITTEN = "这家店的菜好吃，我们喜欢。"


def first_step(text: TextTrust, ranking: str) -> float:
    """The new measure's function."""
    return float(text.curves[ranking].comprehensiveness[1])


@pytest.fixture(autouse=True)
def line(monkeypatch):
    """The new measure's line; nothing else changes."""
    monkeypatch.setitem(
        MEASURES,
        KEY,
        Measure(TITLE, -1, 1, True, MEANING, first_step, (TEXT, ROWS), terminal="first"),
    )


@pytest.fixture
def kept(trained, nobodys_machine, monkeypatch):
    """A checkpoint of one's own, whose data set stands in the table."""
    monkeypatch.setitem(CATALOGUE, "invented", invented.dataset())
    return copied(trained("attention"), nobodys_machine / "checkpoints")


@pytest.fixture
def printed(kept, tmp_path, capsys) -> str:
    """What the command prints that surveys the checkpoint."""
    invented.write_rows(tmp_path)
    words = ["trust", "--dataset", "invented", "--folder", str(tmp_path), "--sample", "12"]
    assert main([*words, "--root", str(kept.folder.parents[2])]) == 0
    return capsys.readouterr().out


def lines(content: bytes) -> list[dict[str, str]]:
    """The lines of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_text_has_it_in_its_table_and_its_file(kept):
    reading = read(Model(Explainer(kept)), WRITTEN)
    wanted = {ranking: first_step(reading.trust, ranking) for ranking in RANKINGS}
    table = text_table([reading]).set_index("Ranking")
    assert table[f"{TITLE} ↑"]["Weight"] == f"{wanted['weight']:z.3f}"
    in_file = {line["ranking"]: float(line[KEY]) for line in lines(measures_to_csv([reading]))}
    assert in_file == wanted


def test_a_survey_has_it_in_its_rows_its_summary_its_table_and_its_file(printed, kept):
    rows, summary = results.read_rows(kept), results.read_summary(kept)
    assert len(rows) == 12
    for ranking in RANKINGS:
        assert np.isfinite(rows[f"mask.{ranking}.{KEY}"]).all()
        for how in ERASURES:
            figure = summary["figures"][f"{how}.{ranking}.{KEY}"]
            assert -1 <= figure["value"] <= 1 and figure["n"] == 12
    figure = summary["figures"][f"mask.weight.{KEY}"]
    assert figure["value"] == pytest.approx(rows[f"mask.weight.{KEY}"].mean(), abs=1e-3)
    assert figure["low"] is figure["high"] is None, "twelve rows have no interval"
    table = rows_table({"attention": summary}, "mask").set_index("Ranking")
    assert table[f"{TITLE} ↑"]["Weight"] == interval(figure)
    in_file = {line["figure"]: line for line in lines(rows_to_csv({"attention": summary}))}
    assert float(in_file[f"mask.weight.{KEY}"]["value"]) == figure["value"]
    assert in_file[f"mask.weight.{KEY}"]["low"] == ""


def test_the_command_prints_it(printed, kept):
    heading, line = printed.splitlines()[-3:-1]
    assert "first ↑" in heading
    assert interval(results.read_summary(kept)["figures"][f"mask.weight.{KEY}"]) in line


def test_the_page_shows_it(printed, kept, monkeypatch):
    monkeypatch.setattr("poolviz.ui.trust.readings.PATIENCE", 60.0)
    at = typed(open_page("pages/trust.py", dataset="invented", heads="attention"), WRITTEN)
    for section in ("text", "rows"):
        at.segmented_control(key="_trust_section").set_value(section).run()
        [shown] = at.dataframe
        assert f"{TITLE} ↑" in shown.value
        assert json.loads(shown.proto.columns)[f"{TITLE} ↑"]["help"] == MEANING
    at.selectbox(key="_trust_measure").set_value(KEY).run()
    assert not at.exception
    figure = results.read_summary(kept)["figures"][f"mask.weight.{KEY}"]
    drawn = charts(at)["rankings"]
    [points] = [trace for trace in drawn["data"] if trace["name"] == "Weight"]
    assert points["x"] == pytest.approx([figure["value"]])
    assert MEANING in str(drawn["layout"]).replace("<br>", " ")
    at.toggle(key="_trust_spread").set_value(True).run()
    assert f"{TITLE} ↑" in str(charts(at)["spread"]["layout"])


def test_files_that_were_made_before_do_not_offer_it():
    shipped = [c for c in list_checkpoints([SHIPPED_CHECKPOINTS]) if c.task == HOTEL]
    summaries = results.read_summaries(shipped)
    assert set(summaries) == {checkpoint.head for checkpoint in shipped}
    for how in ERASURES:
        assert offered(summaries, how) == [key for key in MEASURES if key != KEY]
        assert f"{TITLE} ↑" not in rows_table(summaries, how)
    at = open_page("pages/trust.py", trust="rows")
    assert f"{TITLE} ↑" not in at.selectbox(key="_trust_measure").options


def test_one_that_is_normalised_is_a_line_too(monkeypatch, kept, corpus):
    known = MEASURES["naopc.comprehensiveness"]
    monkeypatch.setitem(MEASURES, "naopc.again", replace(known, title="NAOPC, again"))
    table, summary = survey(kept, corpus, 12)
    assert table["naopc.weight.again"].equals(table["naopc.weight.comprehensiveness"])
    assert table["naopc.weight.again"].between(0, 1).any()
    shown = rows_table({"attention": summary}, "remove")
    assert shown["NAOPC, again ↑"].equals(shown["NAOPC, comprehensiveness ↑"])
