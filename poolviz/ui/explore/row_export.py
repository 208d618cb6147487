"""The rows that are left, or the first of them, as a file."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from poolviz.export.names import file_stem
from poolviz.export.rows import LARGEST, rows_to_csv, rows_to_parquet
from poolviz.language import _
from poolviz.ui.frame import loaders
from poolviz.ui.frame.exports import draw_download_button
from poolviz.ui.input.browsed import Source, own_file
from poolviz.ui.sidebar.choice import Choice

FIRST = (10, 100, 1_000)
_KINDS = {"csv": ("CSV", rows_to_csv), "parquet": ("Parquet", rows_to_parquet)}


def draw_row_export(choice: Choice, source: Source, every: np.ndarray) -> None:
    """A line for all rows that are left and for the first of them; a button for each kind of file.

    Each button is bound to its rows, so none can give what an earlier choice would have given.
    """
    if not len(every):
        return
    st.subheader(_("Rows as a file"), anchor=False)
    explainers = [loaders.explainer(checkpoint) for checkpoint in choice.checkpoints]
    heads = [checkpoint.head for checkpoint in choice.checkpoints]
    for count in (*(few for few in FIRST if few < len(every)), min(len(every), LARGEST)):
        label = _("All {count:,}") if count == len(every) else _("First {count:,}")
        stem = file_stem(choice.dataset, heads, f"{count}-rows", _origin(source))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(label.format(count=count), width=110)
            for suffix, (title, write) in _KINDS.items():
                draw_download_button(
                    title,
                    partial(write, source.rows, every[:count], explainers),
                    f"{stem}.{suffix}",
                    f"download_{count}_rows_{suffix}",
                )
    st.caption(
        _(
            "In the order of the table: full texts, labels, and each head's class, probabilities "
            "and weights. Many rows take a while: all are run under the heads again."
        )
    )


def _origin(source: Source) -> str:
    file = own_file()
    return source.dataset or (file.name.rpartition(".")[0] if file else "")
