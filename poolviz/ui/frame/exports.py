"""The export section: one figure in one format, the numbers, or everything in a ZIP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.export.bundle import bundle
from poolviz.export.contents import Contents
from poolviz.export.files import cjk_font_hint
from poolviz.export.formats import FORMATS, PARTS, figure_formats, media_type
from poolviz.export.live import with_live
from poolviz.export.pictures import to_file
from poolviz.export.render import browser_available
from poolviz.figures.sheet import COLUMN, PAGE, Sheet
from poolviz.language import N_, _, current
from poolviz.ui.frame import jobs, state
from poolviz.ui.frame.markdown import plain
from poolviz.views.view import View

ZIP_JOB = "zip"
_WIDTHS = {PAGE: N_("{inches} in, both columns"), COLUMN: N_("{inches} in, one column")}


def draw_exports(contents: Contents, subject: object) -> None:
    """Draw the export section of a view.

    Parameters
    ----------
    subject : all that the view depends on; a ZIP is offered for as long as this stays equal.
    """
    st.subheader(_("Export"), anchor=False)
    _say_what_is_missing()
    state.relabel("export_figure", "export_head", "export_format")
    part, of, image_format, button = st.columns([4, 5, 3, 5], vertical_alignment="bottom")
    parts = list(dict.fromkeys(figure.part for figure in contents.figures))
    chosen_part = part.selectbox(
        _("Figure"),
        parts,
        format_func=lambda key: _(PARTS[key]),
        key="export_figure",
        help=_("Which picture of this page is saved."),
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
        help=_("One of them alone, or all in one picture."),
    )
    figure = figures[number]
    formats = _formats(figure.picture.kind)
    if st.session_state.get("export_format") not in formats:  # of another kind of figure
        st.session_state["export_format"] = formats[0]
    chosen_format = image_format.selectbox(
        _("Format"),
        formats,
        format_func=lambda name: _(FORMATS[name].title),
        key="export_format",
        help=_("SVG and PDF stay sharp at any size; PNG is made of pixels; HTML is a page."),
    )
    sheet = _sheet(FORMATS[chosen_format].sized)
    with button:
        draw_download_button(
            _("Download figure"),
            partial(to_file, figure.picture.on(sheet), chosen_format),
            figure.file_name(chosen_format),
            "download_figure",
        )
    contents, subject = contents.on(sheet), (subject, sheet)
    with st.container(horizontal=True):
        for table in contents.tables:
            draw_download_button(table.label, table.make, table.file_name, f"download_{table.part}")
        _zip(contents, subject)


def with_live_page(
    contents: Contents, checkpoints: Sequence[Checkpoint], text: str, view: View
) -> Contents:
    """The contents with a live page that looks as this page does."""
    return with_live(contents, checkpoints, text, view, st.context.theme.type)


def _sheet(sized: bool) -> Sheet:
    """What the files of figures are fitted to, by the reader's choice."""
    width, titled = st.columns([9, 8], vertical_alignment="center")
    inches = width.selectbox(
        _("Width of figures"),
        list(_WIDTHS),
        format_func=lambda inches: _(_WIDTHS[inches]).format(inches=inches),
        key="export_width",
        disabled=not sized,
        help=_("All letters are 8 points high at this width. A page (HTML) takes what it gets."),
    )
    st.session_state.setdefault("export_titled", True)
    on = titled.toggle(
        _("Title and notes"),
        key="export_titled",
        disabled=not sized,
        help=_("Off: the picture alone, for a caption of your own."),
    )
    return Sheet(inches, on)


def draw_download_button(
    label: str, content: Callable[[], bytes], name: str, key: str, help: str | None = None
) -> None:
    """A button for a file that is made when it is pressed; its kind follows from its name."""
    st.download_button(
        label,
        content,
        name,
        media_type(name),
        key=key,
        on_click="ignore",
        icon=":material/download:",
        help=help or _("Made when it is pressed: {name}").format(name=plain(name)),
    )


def _formats(kind: str) -> list[str]:
    """The formats that can be written here of a kind of picture."""
    browser = browser_available()
    return [
        name
        for name in figure_formats()
        if kind in FORMATS[name].kinds and (browser or not FORMATS[name].kinds[kind])
    ]


def _say_what_is_missing() -> None:
    if not browser_available():
        st.info(
            _(
                "PNG, and SVG and PDF of charts, need Chrome or Chromium on the server, which is "
                "not found. The other formats work, and so does the camera button of each chart."
            )
        )
    elif hint := cjk_font_hint():
        st.warning(hint)


def _zip(contents: Contents, subject: object) -> None:
    """Everything in one ZIP: made beside the page, then offered; another view needs another ZIP."""
    subject = (subject, current())  # its captions and file list are in a language
    finished = jobs.draw(ZIP_JOB, _("Drawing figures …"), subject)
    if finished:
        draw_download_button(
            _("Download the ZIP"), lambda: finished.result, contents.file_name, key="download_zip"
        )
    elif not jobs.job(ZIP_JOB, subject) and st.button(
        _("Everything (ZIP)"),
        icon=":material/folder_zip:",
        key="make_zip",
        help=_("Draws every figure in every format beside the page; it can be cancelled."),
    ):
        jobs.start(ZIP_JOB, partial(bundle, contents), subject)
        st.rerun()
