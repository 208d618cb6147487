import csv
import io
import json
import re
import subprocess
import threading
import zlib
from pathlib import Path

import pytest

from poolviz.errors import ExportError
from poolviz.export import files as export
from poolviz.export import render
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.highlight_figure import highlight_figure
from poolviz.figures.texts.lines import lines
from poolviz.figures.texts.probabilities import probabilities
from poolviz.values.explanation import Explanation
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

TEXT = "这家酒店的早餐很好，房间也干净。"
BITMAP = re.compile(rb"/Subtype\s*/Image\b")
FIGURES = ("heatmap", "lines", "highlight", "probabilities")


def figure_of(name: str, view=None):
    e = fake_explanation(TEXT, "multi-head")
    shown = panel([e], view or View("contribution"))
    return {
        "heatmap": lambda: heatmap(shown),
        "lines": lambda: lines(shown),
        "highlight": lambda: highlight_figure(shown, 0),
        "probabilities": lambda: probabilities(e),
    }[name]()


@pytest.fixture(scope="module")
def renderer():
    with render.open_renderer() as running:
        yield running


def png_size(image: bytes) -> tuple[int, int]:
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")


def pdf_parts(document: bytes) -> bytes:
    """A PDF's plain parts and its streams, unpacked."""
    parts = [document]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            parts.append(stream)
    return b"\n".join(parts)


@pytest.mark.parametrize("name", FIGURES)
def test_png_has_twice_the_figures_size(renderer, name):
    figure = figure_of(name)
    width, height = png_size(renderer.image(figure, "png"))
    assert width == 2 * figure.layout.meta["width"]
    assert height == 2 * figure.layout.height


@pytest.mark.parametrize("name", FIGURES)
def test_svg_holds_vectors_and_real_text_only(renderer, name):
    svg = renderer.image(figure_of(name), "svg").decode("utf-8")
    assert svg.startswith("<svg")
    assert "<image" not in svg and "data:image" not in svg
    assert "linear read-out, exact" in svg
    if name != "probabilities":
        assert "餐" in svg


@pytest.mark.parametrize("name", FIGURES)
def test_pdf_holds_no_bitmap_and_embeds_its_fonts(renderer, name):
    document = renderer.image(figure_of(name), "pdf")
    assert document.startswith(b"%PDF-")
    parts = pdf_parts(document)
    assert not BITMAP.search(parts)
    assert b"/FontFile" in parts
    if name != "probabilities":
        # The map from glyphs to characters has the code of 餐: it is text that can be searched.
        assert b"<9910>" in parts


def test_the_checks_for_bitmaps_would_find_one(renderer):
    """Plotly itself writes a heatmap as a bitmap: without our bars the checks above must fail."""
    figure = figure_of("heatmap").to_dict()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "for_paper", lambda _figure: _Plain(figure))
        assert b"<image" in renderer.image(figure_of("heatmap"), "svg")
        assert BITMAP.search(pdf_parts(renderer.image(figure_of("heatmap"), "pdf")))


class _Plain(dict):
    """A figure's JSON that has a layout with a size, as the renderer expects."""

    class layout:  # noqa: N801
        width, height = 700, 400


def test_markup_in_a_text_is_text_in_svg(renderer):
    hostile = "<script>alert(1)</script><image href='x'/>"
    shown = panel([fake_explanation(hostile, unit="word")], View())
    for figure in (heatmap(shown), highlight_figure(shown, 0)):
        svg = renderer.image(figure, "svg").decode("utf-8")
        assert "<script" not in svg and "<image" not in svg


def test_very_large_figures_become_smaller_png_instead_of_failing(renderer):
    shown = panel([fake_explanation("好\n" * 400)], View())
    width, height = png_size(renderer.image(highlight_figure(shown, 0), "png"))
    assert 12_000 < height <= 16_384
    assert width > 700


def test_several_threads_export_at_once():
    results: dict[str, bytes] = {}

    def work(kind: str) -> None:
        results[kind] = export.to_image(figure_of("probabilities"), kind)

    threads = [threading.Thread(target=work, args=[kind]) for kind in render.IMAGE_FORMATS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results["png"].startswith(b"\x89PNG")
    assert results["svg"].startswith(b"<svg")
    assert results["pdf"].startswith(b"%PDF")


def test_no_browser_is_left_running():
    with render.open_renderer() as running:
        process = running._kaleido.subprocess
        assert process.poll() is None
    assert process.wait(timeout=20) is not None


def test_without_a_browser_the_error_says_what_else_works(monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chrome")
    assert not render.browser_available()
    with pytest.raises(ExportError, match="save the figure as HTML"):
        export.to_image(figure_of("lines"), "png")


@pytest.mark.parametrize("program", ["exit 1", 'echo $$ > "$0.pid"; exec sleep 600'])
def test_a_browser_that_does_not_start_is_an_error_in_bounded_time(monkeypatch, tmp_path, program):
    script = tmp_path / "chrome"
    script.write_text(f"#!/bin/sh\n{program}\n")
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(script))
    monkeypatch.setattr(render, "_START_SECONDS", 1.0)
    monkeypatch.setattr(render, "_CLOSE_SECONDS", 1.0)
    assert render.browser_available()
    with pytest.raises(ExportError, match="could not draw"):
        export.to_image(figure_of("lines"), "png")
    for pid in tmp_path.glob("*.pid"):
        # A process that ended has no command line, even before its parent has noticed.
        command = Path(f"/proc/{pid.read_text().strip()}/cmdline")
        assert not command.exists() or command.read_bytes() == b""


def test_a_browser_is_available_here():
    assert render.browser_available()


@pytest.mark.parametrize("name", FIGURES)
def test_html_works_offline(name):
    page = export.to_html(figure_of(name)).decode("utf-8")
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", page)
    assert "Plotly.newPlot" in page and len(page) > 1_000_000


def test_linked_html_takes_the_script_from_its_folder():
    page = export.to_linked_html(figure_of("lines")).decode("utf-8")
    assert re.findall(r'src="([^"]+)"', page) == ["plotly.min.js"]
    assert len(page) < 200_000


def test_the_highlight_page_is_a_whole_page_without_scripts():
    shown = panel(
        [fake_explanation(TEXT, classes=("<b>", "c"))], View("contribution", target="<b>")
    )
    page = export.highlight_page(shown, 0).decode("utf-8")
    assert page.startswith("<!DOCTYPE html>") and '<html lang="en">' in page
    assert "<script" not in page and "<b>" not in page


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")  # Excel reads UTF-8 by this mark only
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_line_for_each_token_of_each_row():
    multi = fake_explanation(TEXT, "multi-head")
    table = rows_of(export.to_csv(panel([fake_explanation(TEXT, "max"), multi], View())))
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
    table = rows_of(export.to_csv(shown))
    assert [float(line["value"]) for line in table] == shown.rows[0].values.tolist()
    assert [float(line["weight"]) for line in table] == e.weights[0].tolist()
    assert table[0]["shown"] == shown.rows[0].unit


def test_csv_folds_to_words_where_the_view_does():
    table = rows_of(export.to_csv(panel([fake_explanation(TEXT)], View(words=True))))
    assert [line["token"] for line in table][:3] == ["这家", "酒店", "的"]
    assert sum(float(line["weight"]) for line in table) == pytest.approx(1)


@pytest.mark.parametrize("token", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_text_cells_cannot_start_a_formula_and_numbers_stay_numbers(token):
    classes = ("=1+1", "@sum")
    e = fake_explanation(f"{token}好", classes=classes)
    content = export.to_csv(panel([e], View("contribution")))
    table = rows_of(content)
    assert table[0]["token"] == f"'{token}"
    assert table[1]["token"] == "好"
    values = [float(line["value"]) for line in table]
    assert values == e.contributions[0, :, e.predicted_index].tolist()
    header = content.decode("utf-8-sig").splitlines()[0].split(",")
    assert not [cell for cell in header if cell.startswith(("=", "+", "-", "@"))]


def test_json_is_an_array_that_reads_back():
    explanations = [fake_explanation(TEXT, head) for head in ("max", "multi-head")]
    written = json.loads(export.to_json(explanations).decode("utf-8"))
    assert [item["head"] for item in written] == ["max", "multi-head"]
    assert Explanation.from_json(written[1]).tokens == explanations[1].tokens


def test_file_names_say_data_set_head_and_text_and_are_safe():
    e = fake_explanation(TEXT)
    assert export.file_name([e], "highlight", "svg") == (
        f"hotel-reviews_attention_highlight_{e.text_hash}.svg"
    )
    both = [e, fake_explanation(TEXT, "max")]
    assert export.file_name(both, "all", "zip") == f"hotel-reviews_2-heads_all_{e.text_hash}.zip"
    mlp = fake_explanation(TEXT, readout="mlp")
    assert "attention-mlp" in export.file_name([mlp], "highlight", "svg")
    odd = type(e)(
        **(vars(e) | {"dataset": "../我的 data\\set:*?" + "x" * 300, "checkpoint": "../a"})
    )
    name = export.file_name([odd], "highlight", "svg")
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,200}[.]svg", name)


def test_the_font_hint_depends_on_what_is_installed(monkeypatch):
    monkeypatch.setattr(export.platform, "system", lambda: "Linux")

    def lists(output: bytes):
        return lambda *args, **kwargs: subprocess.CompletedProcess(args, 0, output)

    monkeypatch.setattr(export.subprocess, "run", lists(b"/fonts/NotoSansCJK.ttc: Noto Sans CJK"))
    assert export.cjk_font_hint() is None
    monkeypatch.setattr(export.subprocess, "run", lists(b""))
    assert "fonts-noto-cjk" in export.cjk_font_hint()

    def missing(*args, **kwargs):
        raise FileNotFoundError("fc-list")

    monkeypatch.setattr(export.subprocess, "run", missing)
    assert "fonts-noto-cjk" in export.cjk_font_hint()
    monkeypatch.setattr(export.platform, "system", lambda: "Darwin")
    assert export.cjk_font_hint() is None
