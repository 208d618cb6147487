"""The rows that are left, or the first of them, as a file."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from poolviz.export.names import file_stem
from poolviz.export.rows import LARGEST, rows_to_csv, rows_to_parquet
from poolviz.language import _
from poolviz.ui.frame import loaders
from poolviz.ui.frame.controls import Choice
from poolviz.ui.frame.exports import draw_download_button
from poolviz.ui.input.browsed import Source, own_file

FIRST = (10, 100, 1_000)
_KINDS = {"csv": ("CSV", rows_to_csv), "parquet": ("Parquet", rows_to_parquet)}


def draw_row_export(choice: Choice, source: Source, every: np.ndarray) -> None:
    """How many of the rows, and a button for each kind of file; nothing where no row is left."""
    if not len(every):
        return
    st.subheader(_("Rows as a file"), anchor=False)
    offered = [count for count in FIRST if count < len(every)] + [min(len(every), LARGEST)]
    if st.session_state.get("export_rows") not in offered:  # of another filter
        st.session_state["export_rows"] = offered[-1]
    count = st.segmented_control(
        _("How many"),
        offered,
        format_func=lambda count: (
            _("All {count:,}") if count == len(every) else _("First {count:,}")
        ).format(count=count),
        required=True,
        key="export_rows",
    )
    explainers = [loaders.explainer(checkpoint) for checkpoint in choice.checkpoints]
    stem = file_stem(
        choice.dataset, [c.head for c in choice.checkpoints], f"{count}-rows", _origin(source)
    )
    with st.container(horizontal=True):
        for suffix, (title, write) in _KINDS.items():
            draw_download_button(
                title,
                partial(write, source.rows, every[:count], explainers),
                f"{stem}.{suffix}",
                f"download_rows_{suffix}",
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
