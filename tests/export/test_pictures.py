import os
import re
import signal
import subprocess
import sys
import threading
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from poolviz.errors import ExportError
from poolviz.export import pictures, render
from poolviz.export.formats import FORMATS, figure_formats
from poolviz.export.pictures import Chart, Highlight, to_file
from poolviz.figures.sheet import COLUMN, PAGE, Sheet
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.lines import lines
from poolviz.figures.texts.probabilities import probabilities
from poolviz.views.panel import panel
from poolviz.views.view import View
from tests.fakes import fake_explanation

TEXT = "这家酒店的早餐很好，房间也干净。"
BITMAP = re.compile(rb"/Subtype\s*/Image\b")
FIGURES = ("heatmap", "lines", "highlight", "probabilities")


def picture_of(name: str, view=None):
    e = fake_explanation(TEXT, "multi-head")
    shown = panel([e], view or View("contribution"))
    return {
        "heatmap": Chart(lambda: heatmap(shown)),
        "lines": Chart(lambda: lines(shown)),
        "highlight": Highlight(shown, 0),
        "probabilities": Chart(lambda: probabilities(e)),
    }[name]


@pytest.fixture(scope="module")
def browser():
    return render.Browser()


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


@pytest.mark.parametrize("inches", [COLUMN, PAGE])
@pytest.mark.parametrize("name", FIGURES)
def test_png_has_300_dots_an_inch(browser, name, inches):
    width, height = png_size(picture_of(name).on(Sheet(inches)).png(browser))
    assert width == pytest.approx(300 * inches, abs=4)
    svg = picture_of(name).on(Sheet(inches)).svg(browser).decode("utf-8")
    drawn = float(re.search(r'<svg[^>]* height="([0-9.]+)', svg)[1])
    assert height == pytest.approx(300 / 96 * drawn, abs=8)


@pytest.mark.parametrize("name", FIGURES)
def test_svg_holds_vectors_and_real_text_only(browser, name):
    svg = picture_of(name).svg(browser).decode("utf-8")
    assert svg.startswith("<svg")
    assert "<image" not in svg and "data:image" not in svg
    assert "linear read-out, adds up exactly" in svg
    if name != "probabilities":
        assert "餐" in svg


@pytest.mark.parametrize("name", FIGURES)
def test_pdf_holds_no_bitmap_and_embeds_its_fonts(browser, name):
    document = picture_of(name).pdf(browser)
    assert document.startswith(b"%PDF-")
    parts = pdf_parts(document)
    assert not BITMAP.search(parts)
    assert b"/FontFile" in parts and b"/Type3" not in parts
    if name != "probabilities":
        # The map from glyphs to characters has the code of 餐: it is text that can be searched.
        assert b"<9910>" in parts


def test_bold_chinese_is_no_type_3_font_either(browser):
    e = fake_explanation(TEXT, classes=("好评", "差评"))
    parts = pdf_parts(Chart(lambda: probabilities(e)).pdf(browser))
    assert b"/FontFile2" in parts and b"/Type3" not in parts


def test_the_check_for_type_3_fonts_would_find_one(browser, monkeypatch):
    """A browser by itself writes Chinese so; without our font the check above must fail."""
    monkeypatch.setattr(pictures, "web_font", lambda text: "")
    assert b"/Type3" in pdf_parts(picture_of("heatmap").pdf(browser))


def test_the_png_of_a_highlight_is_all_of_its_page(browser):
    short, long = (
        png_size(Highlight(panel([fake_explanation(text)], View()), 0).png(browser))
        for text in (TEXT, TEXT * 40)
    )
    assert short[0] == long[0]
    assert long[1] > 3 * short[1]


def test_scripts_of_a_page_do_not_run(browser):
    page = "<body><script>document.body.style.height = '4000px'</script>{}</body>"
    assert png_size(browser.screenshot(page, 300))[1] < 1000


def test_the_checks_for_bitmaps_would_find_one(browser):
    """Plotly itself writes a heatmap as a bitmap: without our bars the checks above must fail."""
    plain = picture_of("heatmap").figure
    sized = replace(plain, layout=plain.layout | {"width": 700, "height": 400})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "for_paper", lambda _figure, _sheet: sized)
        assert b"<image" in picture_of("heatmap").svg(browser)
        assert BITMAP.search(pdf_parts(picture_of("heatmap").pdf(browser)))


def test_markup_in_a_text_is_text_in_svg(browser):
    hostile = "<script>alert(1)</script><image href='x'/>"
    shown = panel([fake_explanation(hostile, unit="word")], View())
    for picture in (Chart(lambda: heatmap(shown)), Highlight(shown, 0)):
        svg = picture.svg(browser).decode("utf-8")
        assert "<script" not in svg and "<image" not in svg


def test_very_large_figures_become_smaller_png_instead_of_failing(browser):
    shown = panel([fake_explanation("好\n" * 400)], View())
    width, height = png_size(Highlight(shown, 0).png(browser))
    assert 12_000 < height <= 16_384
    assert width > 700


def test_several_threads_export_at_once():
    results: dict[str, bytes] = {}

    def work(kind: str) -> None:
        results[kind] = to_file(picture_of("probabilities"), kind)

    threads = [threading.Thread(target=work, args=[kind]) for kind in ("png", "svg", "pdf")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results["png"].startswith(b"\x89PNG")
    assert results["svg"].startswith(b"<svg")
    assert results["pdf"].startswith(b"%PDF")


def test_all_exports_have_one_browser_which_can_be_ended():
    with render.open_renderer() as running:
        process = running._kaleido.subprocess
    with render.open_renderer() as again:
        assert again is running and process.poll() is None
    render.end_browser()
    assert process.wait(timeout=20) is not None
    with render.open_renderer() as another:
        assert another is not running


def test_after_an_error_the_next_export_has_another_browser():
    with pytest.raises(ExportError), render.open_renderer() as running:
        raise ExportError("It does not answer.")
    with render.open_renderer() as another:
        assert another is not running


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "hanging"])
def test_a_browser_that_dies_or_hangs_in_an_export_is_an_error_and_the_next_one_works(
    sent, monkeypatch
):
    with render.open_renderer() as running:
        process = running._kaleido.subprocess
    monkeypatch.setattr(render, "_RENDER_SECONDS", 2.0)
    monkeypatch.setattr(render, "_CLOSE_SECONDS", 1.0)
    os.killpg(process.pid, sent)
    with pytest.raises(ExportError, match="could not draw the image"):
        to_file(picture_of("lines"), "png")
    assert process.wait(timeout=20) is not None
    monkeypatch.undo()
    assert to_file(picture_of("lines"), "png").startswith(b"\x89PNG")


def test_no_browser_outlives_its_process():
    code = (
        "from poolviz.export import render\n"
        "with render.open_renderer() as running: print(running._kaleido.subprocess.pid)"
    )
    pid = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=100).strip()
    command = Path(f"/proc/{pid}/cmdline")
    assert not command.exists() or command.read_bytes() == b""


def test_without_a_browser_the_error_says_what_else_works(no_browser):
    assert not render.browser_available()
    with pytest.raises(ExportError, match="save the figure as HTML"):
        to_file(picture_of("lines"), "png")


@pytest.mark.parametrize("program", ["exit 1", 'echo $$ > "$0.pid"; exec sleep 600'])
def test_a_browser_that_does_not_start_is_an_error_in_bounded_time(
    no_browser, monkeypatch, tmp_path, program
):
    script = tmp_path / "chrome"
    script.write_text(f"#!/bin/sh\n{program}\n")
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER_PATH", str(script))
    monkeypatch.setattr(render, "_START_SECONDS", 1.0)
    monkeypatch.setattr(render, "_CLOSE_SECONDS", 1.0)
    monkeypatch.setattr(render, "_GRACE", 60.0)  # nothing holds up the loop but a busy machine
    assert render.browser_available()
    with pytest.raises(ExportError, match="could not draw"):
        to_file(picture_of("lines"), "png")
    for pid in tmp_path.glob("*.pid"):
        # A process that ended has no command line, even before its parent has noticed.
        command = Path(f"/proc/{pid.read_text().strip()}/cmdline")
        assert not command.exists() or command.read_bytes() == b""


def test_a_browser_is_available_here():
    assert render.browser_available()


@pytest.mark.parametrize("name", ["heatmap", "lines", "probabilities"])
def test_html_works_offline(name):
    page = picture_of(name).page().decode("utf-8")
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", page)
    assert "Plotly.newPlot" in page and len(page) > 1_000_000


def test_linked_html_takes_the_script_from_its_folder():
    page = picture_of("lines").linked_page().decode("utf-8")
    assert re.findall(r'src="([^"]+)"', page) == ["plotly.min.js"]
    assert len(page) < 200_000


def test_the_highlight_page_is_a_whole_page_without_scripts():
    shown = panel(
        [fake_explanation(TEXT, classes=("<b>", "c"))], View("contribution", target="<b>")
    )
    page = Highlight(shown, 0).page().decode("utf-8")
    assert page.startswith("<!DOCTYPE html>") and '<html lang="en">' in page
    assert "<script" not in page and "<b>" not in page


def test_a_browser_that_failed_is_not_tried_again(monkeypatch):
    started = []

    def failing():
        started.append(1)
        raise ExportError("There is no browser.")

    monkeypatch.setattr(render, "open_renderer", failing)
    browser = render.Browser()
    for _again in range(2):
        with pytest.raises(ExportError, match="no browser"):
            picture_of("lines").png(browser)
    assert started == [1]


def test_what_takes_no_browser_starts_none(monkeypatch):
    monkeypatch.setattr(render, "open_renderer", None)
    for name in figure_formats():
        for picture in (picture_of("lines"), picture_of("highlight")):
            if FORMATS[name].kinds.get(picture.kind) is False:
                assert to_file(picture, name)
