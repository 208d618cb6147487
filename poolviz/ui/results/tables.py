"""The Results page's tables: lines of numbers as readers get them, and as a file."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from poolviz.evaluation.report import Lines
from poolviz.export.files import lines_to_csv
from poolviz.language import _
from poolviz.ui.frame.exports import draw_download_button
from poolviz.ui.results.columns import COLUMNS, Column


def draw_table(lines: Lines, key: str, stem: str) -> None:
    """Lines as a table whose headings say what they mean, and below it the same as CSV.

    Parameters
    ----------
    key : of the widget.
    stem : the file's name without extension.
    """
    columns = {name: COLUMNS[name] for name in lines[0]}
    st.dataframe(
        pd.DataFrame([_written(line, columns) for line in lines]),
        hide_index=True,
        height="content",
        key=key,
        column_config={_(column.title): _configured(column) for column in columns.values()},
    )
    draw_csv_button(lines, key, stem)


def draw_csv_button(lines: Lines, key: str, stem: str) -> None:
    """The lines as a file."""
    draw_download_button(
        _("Table (CSV)"), partial(lines_to_csv, lines), f"{stem}.csv", f"download_{key}"
    )


def _written(line: dict[str, Any], columns: dict[str, Column]) -> dict[str, Any]:
    return {
        _(column.title): column.nothing if line[name] is None else column.write(line[name])
        for name, column in columns.items()
    }


def _configured(column: Column) -> Any:
    text = _(column.help) if column.help else None
    if column.form:
        return st.column_config.NumberColumn(help=text, format=column.form)
    return st.column_config.Column(help=text, width=column.width)
