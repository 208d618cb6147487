"""Texts that begin with a dash, which a parser of flags takes for flags."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TAKE_TEXTS = ("--text", "--changed", "--other", "--shapley")
_FLAG = re.compile(r"-h?|--[a-z][a-z-]*(?:=.*)?", re.DOTALL)


def joined_to_flags(words: Sequence[str]) -> list[str]:
    """The words of a command line, each text that begins with a dash joined to its flag.

    >>> joined_to_flags(["explain", "--text", "-5 stars", "--json"])
    ['explain', '--text=-5 stars', '--json']
    """
    found: list[str] = []
    for word in words:
        if found and found[-1] in _TAKE_TEXTS and word[:1] == "-" and not _FLAG.fullmatch(word):
            found[-1] += f"={word}"
        else:
            found.append(word)
    return found
