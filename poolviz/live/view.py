"""A view as the browser has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from poolviz.views.view import View


def browser_view(view: View, classes: Sequence[str]) -> dict[str, Any]:
    """The fields of a view that the browser knows; classes by their numbers."""
    found = asdict(view)
    del found["words"]
    for name in ("target", "against"):
        found[name] = None if found[name] is None else classes.index(found[name])
    return found
