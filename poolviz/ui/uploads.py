"""Where a visitor gives a file, on servers that take files."""

from __future__ import annotations

from typing import Any

import streamlit as st

from poolviz import places
from poolviz.language import _


def draw_file_uploader(label: str, **options: Any) -> Any | None:
    """`st.file_uploader` for one file, or a sentence where this server takes none."""
    if places.files_taken():
        return st.file_uploader(label, **options)
    st.caption(_("This server takes no files of your own."))
    return None
