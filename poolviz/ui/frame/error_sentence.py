"""Errors as pages show them."""

from __future__ import annotations

from numbers import Number

from poolviz.errors import PoolvizError
from poolviz.language import error_message
from poolviz.ui.frame.markdown import plain


def error_sentence(error: PoolvizError) -> str:
    """The error's sentence as Markdown in which its values mean nothing.

    They can be names and passages of files, which may come from anybody.
    """
    return error_message(error, _as_value)


def _as_value(value: object) -> object:
    return value if isinstance(value, Number) else plain(str(value))
