"""In which encoding a file was written: what makes its bytes the most usual text.

UTF-8 shows itself: other encodings hardly ever give bytes that are valid in it. Of the others each
is tried, and each character costs bits: few where it is usual in texts of that encoding (the first
level of a character set, the small letters of a language), many where it is rare, and most where
it is private, unassigned or a control character. The text that costs least is the best guess.
GB18030 accepts nearly any bytes, but makes rare characters of them.
"""

from __future__ import annotations

import codecs
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace

import regex

from poolviz.errors import ChoiceError, DataError
from poolviz.text.usual_characters import bits_of

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
UTF8 = "utf-8"
_MARKS = (  # UTF-32 begins like UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 40_000  # bytes that are looked at, from each of three places
_FEW_NULS = 0.1  # of all bytes: UTF-16 of Latin letters has more of them
_LEAST_WIDE = 32  # bytes of which the same one may be looked for
_CONTROLS = {*range(32)} - {*b"\t\n\r"}
_GOOD_FOR_ONE_BAD = 4  # sequences of UTF-8 for each byte that is none
_ASCII, _RARE, _STRANGE = 6.0, 19.0, 26.0  # bits
_MIXED = 6.0  # bits where a Latin letter touches one of another script
_LATER = 0.5  # bits for each encoding that is more usual
_SURE = 12.0  # bits between the best guess and the next one
_POOR = 16.5  # bits of a character, in the mean, where the best guess is no usual text
_CONTROL = regex.compile(r"[\p{Cc}--[\t\n\r]]", regex.V1)  # a picture is full of them
_OTHER_LETTER = r"[\p{L}--\p{Latin}]"
_MIXTURE = regex.compile(rf"(?V1)[A-Za-z](?={_OTHER_LETTER})|{_OTHER_LETTER}(?=[A-Za-z])")


@dataclass(frozen=True)
class Decoded:
    """The text of a file, and how it was found.

    Parameters
    ----------
    encoding : a key of `ENCODINGS`.
    guessed : nobody said it, and the bytes do not show it for certain.
    doubtful : the guess is a poor one: another is nearly as good, or the text is an unusual one.
    replaced : how many bytes are none of the encoding; U+FFFD stands for them.
    """

    text: str
    encoding: str
    guessed: bool = False
    doubtful: bool = False
    replaced: int = 0


def decode(name: str, content: bytes, encoding: str | None = None) -> Decoded:
    """The text of a file, whatever it was written in.

    >>> decode("a.txt", "房间很干净".encode("gb18030")).text
    '房间很干净'

    Parameters
    ----------
    name : of the file, for messages.
    encoding : what somebody says it is; None finds out.

    Raises
    ------
    ChoiceError : the encoding is not in `ENCODINGS`.
    DataError : the bytes are text in no encoding.
    """
    if encoding is not None:
        return _as(content, checked(encoding))
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return _as(content, marked)
    if switched := _switched(content):
        return switched
    if not _is_wide(content) and (found := _utf8(content)):
        return found
    guess = _guessed(content)
    if guess is None:
        raise DataError(
            "{name} is text in no known encoding; save it again in UTF-8.",
            name=name,
        )
    return guess


def checked(encoding: str) -> str:
    """A key of `ENCODINGS` by any of its usual names.

    >>> checked("GBK"), checked("Shift_JIS")
    ('gb18030', 'cp932')

    Raises
    ------
    ChoiceError : no such encoding.
    """
    try:
        found = codecs.lookup(encoding.strip()).name
    except LookupError:
        found = ""
    found = _WIDER.get(found, found)
    if found not in ENCODINGS:
        raise ChoiceError(
            "Unknown encoding {encoding}; choose one of {known}.",
            encoding=encoding,
            known=", ".join(ENCODINGS),
        )
    return found


def _as(content: bytes, encoding: str) -> Decoded:
    text = content.decode(encoding, "replace")
    own = REPLACEMENT.encode(encoding, "ignore").removeprefix(_mark_of(encoding))
    # A replacement character that somebody else wrote into the file is no bad byte of it.
    written = content.count(own) if own else 0
    replaced = max(0, text.count(REPLACEMENT) - written)
    return Decoded(text.removeprefix("\ufeff"), encoding, replaced=replaced)


def _mark_of(encoding: str) -> bytes:
    return "".encode(encoding)  # "utf-16" and its like write their mark even before nothing


def _utf8(content: bytes) -> Decoded | None:
    """The text of a file in UTF-8, with a bad byte or without; None where it is none."""
    try:
        return Decoded(content.decode(UTF8), UTF8)
    except UnicodeDecodeError:
        return _as(content, UTF8) if b"\0" not in content and _mostly_utf8(content) else None


def _is_wide(content: bytes) -> bool:
    """Whether it looks like UTF-16 or UTF-32 without a mark, which may be valid UTF-8, too.

    Letters of one script begin, or end, with the same byte, which is that of a control character.
    """
    sample = content[:_SAMPLE]
    if len(sample) < _LEAST_WIDE:
        return sample.count(0) > len(sample) * _FEW_NULS
    halves = (Counter(sample[start::2]).most_common(1)[0] for start in (0, 1))
    same = any(byte in _CONTROLS and 4 * count > len(sample) for byte, count in halves)
    return same or sample.count(0) > len(sample) * _FEW_NULS


def _switched(content: bytes) -> Decoded | None:
    """The text of an encoding that says in signs which script follows; None where it is none."""
    if not content.isascii():
        return None
    for sign, encoding in _SWITCHES.items():
        if sign in content:
            try:
                return Decoded(content.decode(encoding), encoding, guessed=True)
            except UnicodeDecodeError:
                continue
    return None


def _mostly_utf8(content: bytes) -> bool:
    """Whether the bytes are UTF-8 but for a few of them."""
    found = _as(content, UTF8)
    beyond = sum(
        count for character, count in Counter(found.text).items() if not character.isascii()
    )
    return beyond - found.replaced >= _GOOD_FOR_ONE_BAD * found.replaced


def _guessed(content: bytes) -> Decoded | None:
    """The encoding whose text costs least; None where every one meets bytes that it lacks."""
    sample = _sample(content)
    costs: list[tuple[float, int, str, float]] = []
    for order, encoding in enumerate(_GUESSED):
        text = _decoded_sample(sample, encoding)
        if text is not None:
            total, mean = _cost(text, encoding)
            costs.append((total + order * _LATER, order, text, mean))
    costs.sort()
    for place, (total, order, seen, mean) in enumerate(costs):
        found = _as(content, _GUESSED[order])
        if found.replaced > len(content) // 1000 + 1:  # beyond the sample
            continue
        others = (other for other, _order, text, _mean in costs[place + 1 :] if text != seen)
        doubtful = mean > _POOR or next(others, math.inf) - total < _SURE
        return replace(found, guessed=found.encoding != UTF8, doubtful=doubtful)
    return None


def _sample(content: bytes) -> bytes:
    """The beginning of a file, and of long ones also a part of its middle and its end."""
    if len(content) <= 3 * _SAMPLE:
        return content
    middle = len(content) // 8 * 4  # whole characters of UTF-16 and UTF-32
    parts = (content[:_SAMPLE], content[middle : middle + _SAMPLE], content[-_SAMPLE // 4 * 4 :])
    return b"\n".join(parts) if b"\0" not in parts[0] else parts[0]


def _decoded_sample(sample: bytes, encoding: str) -> str | None:
    """The sample as text; None where too many bytes of it are none of the encoding, or of a text.

    A file may hold a damaged character, and the sample is cut between any two bytes.
    """
    text = sample.decode(encoding, "replace")
    if text.count(REPLACEMENT) > max(1, len(text) // 500):
        return None
    return text if len(_CONTROL.findall(text)) <= max(2, len(text) // 100) else None


def _cost(text: str, encoding: str) -> tuple[float, float]:
    """Bits of a text in all, and in the mean over its characters beyond ASCII."""
    bits = bits_of(encoding)
    total = beyond = 0.0
    number = 0
    for character, count in Counter(text).items():
        cost = bits.get(character)
        if cost is None:
            cost = _other_cost(character)
        total += cost * count
        if not character.isascii():
            beyond += cost * count
            number += count
    return total + _MIXED * len(_MIXTURE.findall(text)), beyond / max(number, 1)


def _other_cost(character: str) -> float:
    if character.isascii():
        return _ASCII if character.isprintable() or character in "\t\n\r" else _STRANGE
    return _STRANGE if unicodedata.category(character) in {"Cc", "Cn", "Co", "Cs"} else _RARE


# What people call them; each holds all that its smaller relatives hold.
ENCODINGS = {
    UTF8: "UTF-8",
    "utf-8-sig": "UTF-8 with a byte-order mark",
    "gb18030": "GB18030 (GBK, GB2312)",
    "big5": "Big5",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
    "cp1252": "Windows-1252 (ISO-8859-1)",
    "cp1251": "Windows-1251",
    "koi8-r": "KOI8-R",
    "iso8859-5": "ISO-8859-5",
    "cp1250": "Windows-1250",
    "iso8859-2": "ISO-8859-2",
    "cp1253": "Windows-1253 (ISO-8859-7)",
    "cp1254": "Windows-1254 (ISO-8859-9)",
    "cp1255": "Windows-1255 (ISO-8859-8)",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp1258": "Windows-1258",
    "cp874": "Windows-874 (TIS-620)",
    "iso8859-15": "ISO-8859-15",
    "mac-roman": "Mac Roman",
    "mac-cyrillic": "Mac Cyrillic",
    "cp866": "DOS 866 (Cyrillic)",
    "cp850": "DOS 850 (Western)",
    "koi8-u": "KOI8-U",
    "iso2022_jp": "ISO-2022-JP",
    "iso2022_kr": "ISO-2022-KR",
    "hz": "HZ (Chinese)",
    "utf-16": "UTF-16 with a byte-order mark",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "utf-32": "UTF-32 with a byte-order mark",
    "utf-32-le": "UTF-32, little end first",
    "utf-32-be": "UTF-32, big end first",
}
_MARKED = {"utf-8-sig", "utf-16", "utf-32"}  # known by their marks alone
# Seven bits a byte: these signs begin another script, and hardly stand in any other text.
_SWITCHES = {
    b"\x1b$B": "iso2022_jp",
    b"\x1b$@": "iso2022_jp",
    b"\x1b$)C": "iso2022_kr",
    b"~{": "hz",
}
# What its bytes mean is as usual a text on a Mac.
_NEVER_GUESSED = {*_MARKED, *_SWITCHES.values(), "cp850"}
_GUESSED = tuple(key for key in ENCODINGS if key not in _NEVER_GUESSED)
_WIDER = {
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "ascii": UTF8,
    "cp950": "big5",
    "big5hkscs": "big5",
    "iso8859-7": "cp1253",
    "iso8859-9": "cp1254",
    "iso8859-8": "cp1255",
    "tis-620": "cp874",
    "tis_620": "cp874",
}
