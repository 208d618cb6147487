"""Which script a text is written in, as far as that tells languages apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

import regex

from poolviz.language import N_
from poolviz.text.tokens import Vocabulary

# Scripts by name, and how texts in them are called. Where no spaces stand between words a
# character counts as much as a word does elsewhere.
_CALLED = {
    "Han": N_("Chinese characters"),
    "Kana": N_("Japanese kana"),
    "Hangul": N_("Korean letters"),
    "Latin": N_("Latin letters"),
    "Cyrillic": N_("Cyrillic letters"),
    "Greek": N_("Greek letters"),
    "Arabic": N_("Arabic letters"),
    "Hebrew": N_("Hebrew letters"),
    "Devanagari": N_("Devanagari letters"),
    "Thai": N_("Thai letters"),
    "Other": N_("letters of another script"),
}
_FOUND = regex.compile(
    r"(?P<Han>\p{Script=Han})|(?P<Kana>[\p{Script=Hiragana}\p{Script=Katakana}])"
    r"|(?P<Thai>\p{Script=Thai})|(?P<Hangul>\p{Script=Hangul}+)|(?P<Latin>\p{Script=Latin}+)"
    r"|(?P<Cyrillic>\p{Script=Cyrillic}+)|(?P<Greek>\p{Script=Greek}+)"
    r"|(?P<Arabic>\p{Script=Arabic}+)|(?P<Hebrew>\p{Script=Hebrew}+)"
    r"|(?P<Devanagari>\p{Script=Devanagari}+)|(?P<Other>\p{L})"
)


def scripts_of(text: str) -> Mapping[str, int]:
    """How many words, or characters where words have no spaces, there are of each script.

    >>> dict(scripts_of("房间的 wifi 很慢"))
    {'Han': 5, 'Latin': 1}
    """
    return Counter(found.lastgroup or "Other" for found in _FOUND.finditer(text))


@lru_cache(maxsize=64)
def script_of(vocabulary: Vocabulary) -> str | None:
    """The script of most entries; None where no entry has a letter."""
    found = Counter(scripts_of(" ".join(vocabulary.entries)))
    return max(found, key=found.__getitem__) if found else None


def called(script: str) -> str:
    """What a script is called, a message to be translated."""
    return _CALLED[script]
