"""Reading the token vectors of a data set once, before heads are trained on them."""

from __future__ import annotations

from typing import Any

from poolviz import places
from poolviz.cli import terminal
from poolviz.encoders.store import GB, limit
from poolviz.watch import Watch

_STOPPED = "Reading was stopped by Ctrl+C; no token vectors were kept."


def read_vectors(prepared: Any) -> None:
    """Read what is not on disk yet; what it takes there is said first.

    Parameters
    ----------
    prepared : of `poolviz.training.on_encoder.rows`.

    Raises
    ------
    Cancelled : it was stopped.
    DataError, DiskFull : there is no room for the vectors.
    """
    texts, size = prepared.missing
    if not texts:
        return
    terminal.note(
        f"{prepared.encoder.name} reads {texts:,} texts once, for all heads and seeds: "
        f"{size / GB:.2f} GB of token vectors (float16) in {places.vectors()}. Up to {limit():g} "
        "GB are kept; `encoder clear` deletes them."
    )
    with terminal.stop_on_interrupt(_STOPPED) as cancelled, terminal.StatusLine() as status:
        prepared.read(Watch(terminal.count_progress(status, "Reading"), cancelled))
