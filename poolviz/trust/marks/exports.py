"""Marked texts as doccano, Label Studio, Prodigy and argilla export them.

Each tool has its own names for the same thing: a text, and marks with a start and an end. Numbers
are strings here, as `poolviz.datasets.readers.objects.entries` gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_TEXTS = ("text", "data", "content", "sentence", "文本")
_STARTS, _ENDS = ("start", "start_offset"), ("end", "end_offset")
# Where marks stand, the surest first: people's answers before suggestions of programs.
_MARKS = (
    "spans",
    "entities",
    "annotations",
    "completions",
    "annotation",
    "label",
    "labels",
    "responses",
    "suggestions",
    "prediction",
)
_ENDINGS = (".responses", ".suggestion", ".suggestions")  # argilla: the question stands before
_INNER = ("result", "value", "spans", "entities")


class Mark(NamedTuple):
    """A mark as it stands in a file: its offsets in whatever unit, and its text where that stands
    beside them; None for an offset that is no whole number."""

    start: int | None
    end: int | None
    text: str | None = None


def text_of(entry: Any) -> Any:
    """The text of an entry; None where it has none."""
    if not isinstance(entry, Mapping):
        return None
    fields = entry.get("fields")
    found = entry | fields if isinstance(entry, dict) and isinstance(fields, dict) else entry
    for key in _TEXTS:
        value = found.get(key)
        if isinstance(value, str):
            # A number in a file of JSON is a string here, but no text.
            return None if value.lstrip("-").isdecimal() else value
        if isinstance(value, Mapping):
            return text_of(value) or next((v for v in value.values() if isinstance(v, str)), None)
    return None


def is_rejected(entry: Mapping[str, Any]) -> bool:
    """Whether whoever marked it said that it is not to be used (Prodigy, argilla)."""
    return entry.get("answer") in ("reject", "ignore") or entry.get("status") == "discarded"


def marks_of(entry: Mapping[str, Any]) -> list[Mark] | None:
    """The marks of an entry; None where it has no place for any."""
    keys = [key for key in _MARKS if key in entry]
    keys += [key for ending in _ENDINGS for key in entry if key.endswith(ending)]
    place = False
    for key in keys:
        value = entry[key]
        if isinstance(value, list | Mapping):
            found = list(_within(value))
            if found:
                return found
            place = place or not value or key not in ("label", "labels")
        elif key == "spans":
            return [Mark(None, None)]
    return [] if place else None


def _within(value: Any) -> Iterator[Mark]:
    if isinstance(value, list):
        if _is_pair(value):
            yield Mark(_offset(value[0]), _offset(value[1]))
            return
        for each in value:
            if isinstance(each, Mapping) and each.get("was_cancelled"):
                continue
            yield from _within(each)
    elif isinstance(value, Mapping):
        start = next((value[key] for key in _STARTS if key in value), None)
        end = next((value[key] for key in _ENDS if key in value), None)
        if start is not None and end is not None:
            text = value.get("text")
            yield Mark(_offset(start), _offset(end), text if isinstance(text, str) else None)
            return
        known = [key for key in _INNER if key in value]
        for inner in [value[key] for key in known] if known else value.values():
            if isinstance(inner, list | Mapping):
                yield from _within(inner)


def _is_pair(value: list[Any]) -> bool:
    """Whether a list is a start, an end and perhaps a label."""
    if not 2 <= len(value) <= 3 or any(isinstance(each, list | Mapping) for each in value[:2]):
        return False
    return any(_offset(each) is not None for each in value[:2])


def _offset(value: Any) -> int | None:
    if not isinstance(value, str) or not value.lstrip("-").isdecimal() or len(value) > 12:
        return None
    return int(value)
