import csv
import io
import json
import subprocess

import pytest

from poolviz.export.files import cjk_font_hint, to_csv, to_json
from poolviz.values.explanation import Explanation
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

TEXT = "这家酒店的早餐很好，房间也干净。"


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")  # Excel reads UTF-8 by this mark only
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_line_for_each_token_of_each_row():
    multi = fake_explanation(TEXT, "multi-head")
    table = rows_of(to_csv(panel([fake_explanation(TEXT, "max"), multi], View())))
    assert len(table) == 5 * len(multi.tokens)
    line = table[len(multi.tokens) * 3 + 4]  # third row of multi-head, fifth token
    assert (line["head"], line["row"], line["position"], line["token"]) == (
        "multi-head",
        "3",
        "5",
        "的",
    )
    assert TEXT[int(line["start"]) : int(line["end"])] == "的"
    assert float(line["weight"]) == multi.weights[2, 4]
    assert float(line["contribution: positive"]) == multi.contributions[2, 4, 1]
    assert line["alternative"] == "" and table[0]["alternative"] != ""


def test_csv_shows_the_views_own_values_beside_the_raw_ones():
    e = fake_explanation(TEXT)
    view = View("contribution", target="positive", spread=True)
    shown = panel([e], view)
    table = rows_of(to_csv(shown))
    assert [float(line["value"]) for line in table] == shown.rows[0].values.tolist()
    assert [float(line["weight"]) for line in table] == e.weights[0].tolist()
    assert table[0]["shown"] == shown.rows[0].unit


def test_csv_folds_to_words_where_the_view_does():
    table = rows_of(to_csv(panel([fake_explanation(TEXT)], View(words=True))))
    assert [line["token"] for line in table][:3] == ["这家", "酒店", "的"]
    assert sum(float(line["weight"]) for line in table) == pytest.approx(1)


@pytest.mark.parametrize("token", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_text_cells_cannot_start_a_formula_and_numbers_stay_numbers(token):
    classes = ("=1+1", "@sum")
    e = fake_explanation(f"{token}好", classes=classes)
    content = to_csv(panel([e], View("contribution")))
    table = rows_of(content)
    assert table[0]["token"] == f"'{token}"
    assert table[1]["token"] == "好"
    values = [float(line["value"]) for line in table]
    assert values == e.contributions[0, :, e.predicted_index].tolist()
    header = content.decode("utf-8-sig").splitlines()[0].split(",")
    assert not [cell for cell in header if cell.startswith(("=", "+", "-", "@"))]


def test_json_is_an_array_that_reads_back():
    explanations = [fake_explanation(TEXT, head) for head in ("max", "multi-head")]
    written = json.loads(to_json(explanations).decode("utf-8"))
    assert [item["head"] for item in written] == ["max", "multi-head"]
    assert Explanation.from_json(written[1]).tokens == explanations[1].tokens


def test_the_font_hint_depends_on_what_is_installed(monkeypatch):
    monkeypatch.setattr("platform.system", lambda: "Linux")

    def lists(output: bytes):
        return lambda *args, **kwargs: subprocess.CompletedProcess(args, 0, output)

    monkeypatch.setattr("subprocess.run", lists(b"/fonts/NotoSansCJK.ttc: Noto Sans CJK"))
    assert cjk_font_hint() is None
    monkeypatch.setattr("subprocess.run", lists(b""))
    assert "fonts-noto-cjk" in cjk_font_hint()

    def missing(*args, **kwargs):
        raise FileNotFoundError("fc-list")

    monkeypatch.setattr("subprocess.run", missing)
    assert "fonts-noto-cjk" in cjk_font_hint()
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert cjk_font_hint() is None
