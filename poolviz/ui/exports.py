"""The export section: one figure in one format, the numbers, or everything in a ZIP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from poolviz import bundle, export
from poolviz.figures.heatmap import heatmap
from poolviz.figures.highlight_figure import highlight_figure
from poolviz.figures.lines import lines
from poolviz.figures.probabilities import probabilities
from poolviz.language import N_, _
from poolviz.render import IMAGE_FORMATS, browser_available
from poolviz.types import Explanation
from poolviz.ui import jobs, state
from poolviz.views import Panel

MIME = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf", "html": "text/html"}
ZIP_JOB = "zip"
_FIGURES = {
    "highlight": N_("Highlight"),
    "heatmap": N_("Heatmap"),
    "lines": N_("Weights by position"),
    "probabilities": N_("Probabilities"),
}


def exports(explanations: list[Explanation], shown: Panel, known: str | None) -> None:
    """Draw the export section of a view."""
    st.subheader(_("Export"), anchor=False)
    formats = _formats()
    state.relabel("export_figure", "export_head")
    kind, head, image_format, button = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
    figure_key = kind.selectbox(
        _("Figure"), list(_FIGURES), format_func=lambda key: _(_FIGURES[key]), key="export_figure"
    )
    index = head.selectbox(
        _("Head"),
        range(len(explanations)),
        format_func=lambda i: shown.summaries[i].label,
        key="export_head",
        disabled=figure_key not in ("highlight", "probabilities"),
    )
    chosen = image_format.selectbox(
        _("Format"), formats, format_func=str.upper, key="export_format"
    )
    with button:
        _figure_button(explanations, shown, known, figure_key, index, chosen)
    with st.container(horizontal=True):
        _numbers_buttons(explanations, shown)
        _zip(explanations, shown, known)


def _formats() -> list[str]:
    """The formats that can be written here; says what is missing for the others."""
    if not browser_available():
        st.info(
            _(
                "PNG, SVG and PDF need Chrome or Chromium on the server, which is not found. HTML "
                "works, and so does the camera button of each chart."
            )
        )
        return ["html"]
    if hint := export.cjk_font_hint():
        st.warning(hint)
    return [*IMAGE_FORMATS, "html"]


def _figure_button(explanations, shown, known, figure_key, index, image_format) -> None:
    alone = figure_key in ("highlight", "probabilities")
    named = explanations[index : index + 1] if alone else explanations
    make: dict[str, Callable[[], go.Figure]] = {
        "highlight": partial(highlight_figure, shown, index),
        "heatmap": partial(heatmap, shown),
        "lines": partial(lines, shown),
        "probabilities": partial(probabilities, explanations[index], known=known),
    }
    if image_format != "html":
        content = partial(_image, make[figure_key], image_format)
    elif figure_key == "highlight":
        content = partial(export.highlight_page, shown, index)
    else:
        content = partial(_page, make[figure_key])
    _download_button(
        _("Download figure"),
        content,
        export.file_name(named, figure_key, image_format),
        MIME[image_format],
        key="download_figure",
    )


def _numbers_buttons(explanations: list[Explanation], shown: Panel) -> None:
    _download_button(
        _("Numbers (CSV)"),
        partial(export.to_csv, shown),
        export.file_name(explanations, "numbers", "csv"),
        "text/csv",
        key="download_csv",
    )
    _download_button(
        _("Explanation (JSON)"),
        partial(export.to_json, explanations),
        export.file_name(explanations, "explanation", "json"),
        "application/json",
        key="download_json",
    )


def _zip(explanations: list[Explanation], shown: Panel, known: str | None) -> None:
    """Everything in one ZIP: made beside the page, then offered; another view needs another ZIP."""
    name = export.file_name(explanations, "all", "zip")
    subject = (name, shown.view, known, tuple(e.checkpoint_hash for e in explanations))
    if st.session_state.get("zip_subject") != subject:
        jobs.forget(ZIP_JOB)
    finished = jobs.watch(ZIP_JOB, _("Drawing figures …"))
    if finished:
        _download_button(
            _("Download the ZIP"),
            lambda: finished.result,
            name,
            "application/zip",
            key="download_zip",
        )
    elif not jobs.job(ZIP_JOB) and st.button(
        _("Everything (ZIP)"), icon=":material/folder_zip:", key="make_zip"
    ):
        st.session_state["zip_subject"] = subject
        jobs.start(ZIP_JOB, partial(_bundle, explanations, shown, known))
        st.rerun()


def _bundle(explanations, shown, known, progress, cancelled) -> bytes:
    return bundle.bundle(
        explanations, shown.view, known=known, progress=progress, cancelled=cancelled
    )


def _download_button(label: str, content: Callable[[], bytes], name: str, mime: str, key: str):
    st.download_button(
        label,
        content,
        name,
        mime,
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def _image(make: Callable[[], go.Figure], image_format: str) -> bytes:
    return export.to_image(make(), image_format)


def _page(make: Callable[[], go.Figure]) -> bytes:
    return export.to_html(make())
