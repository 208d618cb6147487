"""The export section: one figure in one format, the numbers, or everything in a ZIP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from poolviz.export import files as export
from poolviz.export.bundle import bundle
from poolviz.export.contents import PARTS, Contents, Figure
from poolviz.export.render import IMAGE_FORMATS, browser_available
from poolviz.language import _, current
from poolviz.ui.frame import jobs, state

MIME = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "html": "text/html",
    "csv": "text/csv",
    "json": "application/json",
    "zip": "application/zip",
}
ZIP_JOB = "zip"


def exports(contents: Contents, subject: object) -> None:
    """Draw the export section of a view.

    Parameters
    ----------
    subject : all that the view depends on; a ZIP is offered for as long as this stays equal.
    """
    st.subheader(_("Export"), anchor=False)
    formats = _formats()
    state.relabel("export_figure", "export_head")
    part, of, image_format, button = st.columns([5, 5, 3, 4], vertical_alignment="bottom")
    parts = list(dict.fromkeys(figure.part for figure in contents.figures))
    chosen_part = part.selectbox(
        _("Figure"), parts, format_func=lambda key: _(PARTS[key]), key="export_figure"
    )
    figures = [figure for figure in contents.figures if figure.part == chosen_part]
    if st.session_state.get("export_head", 0) >= len(figures):  # of another figure's list
        st.session_state["export_head"] = 0
    number = of.selectbox(
        contents.one,
        range(len(figures)),
        format_func=lambda number: figures[number].of or _("all"),
        key="export_head",
        disabled=figures[0].of is None,
    )
    chosen_format = image_format.selectbox(
        _("Format"), formats, format_func=str.upper, key="export_format"
    )
    with button:
        _figure_button(figures[number], chosen_format)
    with st.container(horizontal=True):
        for table in contents.tables:
            download_button(table.label, table.make, table.name, f"download_{table.key}")
        _zip(contents, subject)


def download_button(label: str, content: Callable[[], bytes], name: str, key: str) -> None:
    """A button for a file that is made when it is pressed; its kind follows from its name."""
    st.download_button(
        label,
        content,
        name,
        MIME[name.rsplit(".", 1)[1]],
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


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


def _figure_button(figure: Figure, image_format: str) -> None:
    if image_format != "html":
        content = partial(_image, figure.draw, image_format)
    else:
        content = figure.page or partial(_page, figure.draw)
    name = f"{figure.stem}.{image_format}"
    download_button(_("Download figure"), content, name, key="download_figure")


def _zip(contents: Contents, subject: object) -> None:
    """Everything in one ZIP: made beside the page, then offered; another view needs another ZIP."""
    subject = (subject, current())  # its captions and file list are in a language
    finished = jobs.watch(ZIP_JOB, _("Drawing figures …"), subject)
    if finished:
        download_button(
            _("Download the ZIP"), lambda: finished.result, contents.name, key="download_zip"
        )
    elif not jobs.job(ZIP_JOB, subject) and st.button(
        _("Everything (ZIP)"), icon=":material/folder_zip:", key="make_zip"
    ):
        jobs.start(ZIP_JOB, partial(_bundle, contents), subject)
        st.rerun()


def _bundle(contents: Contents, progress, cancelled) -> bytes:
    return bundle(contents, progress=progress, cancelled=cancelled)


def _image(draw: Callable[[], go.Figure], image_format: str) -> bytes:
    return export.to_image(draw(), image_format)


def _page(draw: Callable[[], go.Figure]) -> bytes:
    return export.to_html(draw())
