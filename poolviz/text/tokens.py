"""Text to tokens: grapheme-safe tokenizers, and the form in which tokens are looked up.

Tokens keep the original's characters and their spans in code points; only *looking up* uses a
folded form, so that "Government" or full-width letters are found while spans stay valid. Grapheme
clusters are those of Unicode Standard Annex #29 (https://www.unicode.org/reports/tr29/).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

import regex

from poolviz.errors import ChoiceError
from poolviz.text.preparation import AS_IS, Preparation

UNITS = ("character", "word")
MAX_CHARACTERS = 100_000
TOKEN_BYTES = 224  # of a short token in a tuple, about: with its text and its span

_SURROGATE = regex.compile("[\ud800-\udfff]")
# Default ignorable code points draw nothing: zero-width space, byte-order mark, Hangul filler …
_VISIBLE = regex.compile(r"[^\s\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}]")
# Scripts written without spaces between words: each of their characters is a token of its own. The
# prolonged sound marks ー and ｰ belong to no script by themselves, but stand among kana only.
_WORD_CHARACTER = (
    r"[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}\u30FC\uFF70"
    r"\p{Thai}\p{Khmer}\p{Lao}\p{Myanmar}]]"
)
# Soft hyphens and zero-width characters, of which nobody sees that they stand in a word.
_WITHIN = r"[[\p{Default_Ignorable_Code_Point}]&&[\p{GCB=Control}]]"
# Whole grapheme clusters (\X) only, so that a run can never end inside one.
_RUN = rf"(?:(?={_WORD_CHARACTER})\X)++"
# Flags are taken two by two here: \X counts back to the first one each time, quadratic in time.
_FLAG = r"\p{RI}{2}[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*+"
_LETTER = regex.compile(r"\p{L}")
_UNSEEN = regex.compile(r"(?V1)[\p{Default_Ignorable_Code_Point}--[\u200C\u200D]]")
# A text is matched whole, what is invisible included.
_PIECES = {
    "character": regex.compile(rf"{_FLAG}|\X"),
    "word": regex.compile(rf"(?V1){_RUN}(?:{_WITHIN}*+['’]?+{_WITHIN}*+{_RUN})*+|{_FLAG}|\X"),
}
# Code points that form clusters only with ones of other kinds: a text of them is cut in no time.
_ALONE = regex.compile(r"[\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}]*+")


class Token(NamedTuple):
    """One unit of a text.

    `text` is the original's own characters, `start` and `end` its span in code points
    (`text == original[start:end]`); `known` is False where the vocabulary has no entry for it. A
    token that an encoder adds, as [CLS], has an empty span and a name instead of a text.
    """

    text: str
    start: int
    end: int
    known: bool = True

    @property
    def special(self) -> bool:
        """Whether it stands for nothing in the text."""
        return self.start == self.end


def clean_text(text: str) -> str:
    """`text` with lone surrogates replaced by U+FFFD, code point for code point (spans hold)."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text) if _SURROGATE.search(text) else text


def text_hash(text: str) -> str:
    """First 12 hexadecimal digits of the UTF-8 text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def lookup_form(token: str) -> str:
    """The form in which a token is counted and looked up: NFKC, lower case.

    Words lose what is invisible in them, but for the joiners that some scripts write with.
    """
    form = unicodedata.normalize("NFKC", token).lower()
    return _UNSEEN.sub("", form) if _LETTER.search(form) else form


def has_visible(text: str) -> bool:
    """Whether a text has any visible character, and with it any token."""
    return _VISIBLE.search(text) is not None


def is_left(text: str, preparation: Preparation) -> bool:
    """Whether a preparation leaves anything of a text to read.

    >>> from poolviz.text.preparation import PREPARATIONS
    >>> is_left("[哈哈] @某人", PREPARATIONS["weibo-1"])
    False
    """
    return has_visible(preparation.blanked(text))


def tokenize(text: str, unit: str) -> list[Token]:
    """Cut a text into tokens; white space and other invisible characters give none.

    >>> [(token.text, token.start, token.end) for token in tokenize("Don't 走!", "word")]
    [("Don't", 0, 5), ('走', 6, 7), ('!', 7, 8)]

    Parameters
    ----------
    text : any text.
    unit : "character" gives one token per grapheme cluster (an emoji with its modifiers, a letter
        with its combining marks). "word" joins letters, digits and inner apostrophes to words;
        punctuation marks and Han or kana characters stay tokens of their own.

    Returns
    -------
    Tokens in order, without overlap; for each, `token.text == text[token.start:token.end]`.

    Raises
    ------
    ChoiceError : the unit is not in `UNITS`.
    """
    pieces = cut(text, unit)
    return [token for token in placed(pieces, [True] * len(pieces)) if has_visible(token.text)]


def cut(text: str, unit: str) -> list[str]:
    """All of a text in pieces: its tokens, and what is invisible between them.

    Raises
    ------
    ChoiceError : the unit is not in `UNITS`.
    """
    check_unit(unit)
    if unit == "character" and _ALONE.fullmatch(text):
        return list(text)
    return _PIECES[unit].findall(text)


def cut_prepared(text: str, unit: str, preparation: Preparation) -> Sequence[str]:
    """`cut` of what a preparation leaves of a text."""
    if preparation is AS_IS:
        return cut(text, unit)
    return preparation.split(cut(preparation.blanked(text), unit))


def placed(pieces: Sequence[str], known: Iterable[bool]) -> Iterable[Token]:
    """The pieces of `cut` as tokens with their spans, flagged known or not."""
    ends = list(accumulate(map(len, pieces)))
    return map(Token._make, zip(pieces, [0, *ends], ends, known, strict=False))


def check_unit(unit: str) -> None:
    """Check that it is one of `UNITS`.

    Raises
    ------
    ChoiceError : it is not.
    """
    if unit not in UNITS:
        raise ChoiceError(
            "Unknown unit {unit}; choose one of {known}.", unit=unit, known=", ".join(UNITS)
        )
