"""The live page among what can be taken away of a view."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import replace
from datetime import date
from functools import partial

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.export.contents import VIEW, Contents, Table
from poolviz.export.names import file_stem
from poolviz.language import _
from poolviz.live.page import live_page
from poolviz.text.tokens import clean_text, text_hash
from poolviz.views.view import View

# Folding needs a dictionary of words, which is not in the page.
_READS = tuple(name for name in VIEW if name != "words")


def with_live(
    contents: Contents,
    checkpoints: Sequence[Checkpoint],
    text: str,
    view: View,
    theme: str | None = None,
) -> Contents:
    """The contents, and a page in which the same heads answer at every key.

    There is none of models on a pretrained encoder, which does not run in a browser.

    Parameters
    ----------
    checkpoints : classifiers of one data set.
    text, view : that the page shows first, in the language of the context.
    theme : "light" or "dark"; None for the reader's own.
    """
    if checkpoints[0].on_encoder:
        return contents
    names = [checkpoint.name for checkpoint in checkpoints]
    make = partial(live_page, checkpoints, text, view, date.today(), theme)
    table = Table(
        "live",
        "live",
        _("Live page (HTML)"),
        file_stem(checkpoints[0].task, names, "live", text_hash(clean_text(text))),
        _("live page (HTML): the heads answer at every key, without a server or a network"),
        partial(copy_context().run, make),  # whoever makes it may speak another language
        _READS,
    )
    return replace(contents, tables=[*contents.tables, table])
