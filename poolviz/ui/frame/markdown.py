"""Texts of others inside Markdown."""

from __future__ import annotations


def plain(text: str) -> str:
    """A text of somebody's, such as a class name, without a meaning in Markdown."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>:$~&" else c for c in text)
