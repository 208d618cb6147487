"""Which script a text is written in, as far as that tells languages apart, and what cuts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import regex

from poolviz.language import N_, _, listed
from poolviz.text.vocabulary import Vocabulary

# Scripts by name, and how texts in them are called. Where no spaces stand between words a
# character counts as much as a word does elsewhere.
CALLED = {
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
    "Lao": N_("Lao letters"),
    "Khmer": N_("Khmer letters"),
    "Myanmar": N_("Burmese letters"),
    "Other": N_("letters of another script"),
}
UNSPACED = ("Han", "Kana", "Thai", "Lao", "Khmer", "Myanmar")


def _pattern(any_number: str, some: str) -> str:
    """Finds words, and runs of scripts without spaces; with the quantifiers that are given."""
    runs = [rf"(?<{name}>\p{{Script={name}}}{some})" for name in UNSPACED if name != "Kana"]
    in_words = [
        rf"(?<{name}>(?:\p{{Script={name}}}\p{{M}}{any_number}){some})"
        for name in CALLED
        if name not in UNSPACED and name != "Other"
    ]
    kana = rf"(?<Kana>[\p{{Script=Hiragana}}\p{{Script=Katakana}}]{some})"
    other = rf"(?<Other>(?:\p{{L}}\p{{M}}{any_number}){some})"
    return "|".join([*runs, kana, *in_words, other])


BROWSERS_PATTERN = _pattern("*", "+")  # finds the same where nothing can be kept from going back
_FOUND = regex.compile(_pattern("*+", "++"))
_LOOKED_AT = 1_000  # texts, and characters of each, by which the script of many is found
_SHARE_OF_WORDS = 0.25  # of all that is counted, from which texts are cut into words


def scripts_of(text: str) -> Mapping[str, int]:
    """How many words, or characters where words have no spaces, there are of each script.

    >>> dict(scripts_of("房间的 wifi 很慢"))
    {'Han': 5, 'Latin': 1}
    """
    counts: Counter[str] = Counter()
    for found in _FOUND.finditer(text):
        name = found.lastgroup or "Other"
        counts[name] += len(found[0]) if name in UNSPACED else 1
    return counts


@lru_cache(maxsize=64)
def script_of(vocabulary: Vocabulary) -> str | None:
    """The script of most entries; None where no entry has a letter."""
    found = Counter(scripts_of(" ".join(vocabulary.entries)))
    return max(found, key=found.__getitem__) if found else None


def usual_unit(texts: Sequence[str]) -> str:
    """What a token should be of these texts, one of `poolviz.text.tokens.UNITS`.

    Words where a good part is written with spaces between them, and then only that part is cut
    into words: each character of a script without spaces is a token under both units.

    >>> usual_unit(["The room was clean."]), usual_unit(["房间很干净，wifi很快。"])
    ('word', 'character')
    """
    return _unit_of(_scripts_in(texts))


def on_unit(texts: Sequence[str]) -> str:
    """A sentence that says what a token of these texts is, and why."""
    found = _scripts_in(texts)
    names = sorted(found, key=lambda name: -found[name])
    spaced = [_(CALLED[name]) for name in names if name not in UNSPACED]
    unspaced = [_(CALLED[name]) for name in names if name in UNSPACED]
    if _unit_of(found) == "character":
        if not unspaced:
            return _("Tokens are characters: the texts have no letters.")
        return _("Tokens are characters: no spaces stand between words in {scripts}.").format(
            scripts=listed(unspaced[:2])
        )
    if unspaced and found[names[0]] * 0.1 < sum(found[name] for name in UNSPACED):
        return _(
            "Tokens are words in {spaced}, and characters in {unspaced}, which have no spaces "
            "between words."
        ).format(spaced=listed(spaced[:2]), unspaced=listed(unspaced[:2]))
    return _("Tokens are words: spaces stand between them in {scripts}.").format(
        scripts=listed(spaced[:2])
    )


def _scripts_in(texts: Sequence[str]) -> Counter[str]:
    """`scripts_of` the beginnings of texts from everywhere among these."""
    found: Counter[str] = Counter()
    for text in texts[:: max(1, len(texts) // _LOOKED_AT)]:
        found.update(scripts_of(text[:_LOOKED_AT]))
    return found


def _unit_of(found: Mapping[str, int]) -> str:
    words = sum(count for name, count in found.items() if name not in UNSPACED)
    return "word" if words and words >= _SHARE_OF_WORDS * sum(found.values()) else "character"
