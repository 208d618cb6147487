"""Texts of others inside Markdown."""

from __future__ import annotations

import re

# Where addresses become links, whatever is escaped.
_LINKS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@[\w-]+\.)", re.IGNORECASE)


def plain(text: str) -> str:
    """A text of somebody's, such as a class name, without a meaning in Markdown.

    An invisible word joiner keeps addresses in it text.
    """
    text = _LINKS.sub("\u2060", text)
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>:$~&" else c for c in text)
