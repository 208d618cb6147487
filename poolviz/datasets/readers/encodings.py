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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import regex

from poolviz.errors import ChoiceError, DataError

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
    if b"\0" not in content[:_SAMPLE]:
        try:
            return Decoded(content.decode(UTF8), UTF8)
        except UnicodeDecodeError:
            if _mostly_utf8(content):
                return _as(content, UTF8)
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
    bits = _bits(encoding)
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


@dataclass(frozen=True)
class _Usual:
    """Characters that are usual together, and how large a share of a text they are."""

    characters: str
    share: float

    def bits(self) -> dict[str, float]:
        cost = math.log2(len(self.characters) / self.share)
        return dict.fromkeys(self.characters, cost)


@cache
def _bits(encoding: str) -> Mapping[str, float]:
    """What the usual characters of an encoding cost; of several costs the lowest."""
    found: dict[str, float] = {}
    for usual in _USUAL[encoding]():
        for character, cost in usual.bits().items():
            found[character] = min(cost, found.get(character, cost))
    return found


def _rows(encoding: str, first: int, last: int) -> str:
    """The characters of a set of 94 by 94 in these rows, given by their first bytes."""
    both = (bytes((high, low)) for high in range(first, last + 1) for low in range(0xA1, 0xFF))
    return "".join(code.decode(encoding, "ignore") for code in both)


_CHINESE_MARKS = "，。！？、：；“”‘’（）《》…—～「」『』"
_KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC)))
_TYPOGRAPHY = "’“”‘–—…€£°«»•·\xa0"


def _simplified() -> Iterable[_Usual]:
    yield _Usual(_CHINESE_MARKS, 0.1)
    yield _Usual(_COMMON_SIMPLIFIED, 0.5)
    yield _Usual(_rows("gb2312", 0xB0, 0xD7), 0.35)
    yield _Usual(_rows("gb2312", 0xD8, 0xF7), 0.02)
    yield _Usual("".join(map(chr, range(0xFF01, 0xFF5F))), 0.01)


def _traditional() -> Iterable[_Usual]:
    first = (
        bytes((high, low)).decode("big5", "ignore")
        for high in range(0xA4, 0xC7)
        for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    )
    yield _Usual(_CHINESE_MARKS, 0.1)
    yield _Usual(_COMMON_TRADITIONAL, 0.5)
    yield _Usual("".join(first), 0.35)
    yield _Usual("".join(map(chr, range(0xFF01, 0xFF5F))), 0.01)


def _japanese() -> Iterable[_Usual]:
    yield _Usual("、。ー「」！？（）・～…", 0.1)
    yield _Usual(_KANA, 0.5)
    yield _Usual(_rows("euc_jp", 0xB0, 0xCF), 0.3)
    yield _Usual("".join(map(chr, range(0xFF01, 0xFF5F))), 0.01)
    yield _Usual("".join(map(chr, range(0xFF61, 0xFFA0))), 0.002)


def _korean() -> Iterable[_Usual]:
    yield _Usual(_rows("euc_kr", 0xB0, 0xC8), 0.97)
    yield _Usual("“”‘’…·「」『』《》", 0.01)


def _letters(small: str, other: str = "", typography: float = 0.08) -> Iterable[_Usual]:
    """An alphabet: its small letters, its capitals, and what is set between them."""
    capitals = "".join(dict.fromkeys(small.upper())) if small.upper() != small else ""
    yield _Usual(small, 0.94 - typography)
    yield _Usual(_TYPOGRAPHY, typography)
    if capitals:
        yield _Usual(capitals, 0.05)
    if other:
        yield _Usual(other, 0.01)


def _any_script() -> Iterable[_Usual]:
    """What the encodings of all of Unicode may hold: any of the above, each a little dearer."""
    parts = (_simplified, _traditional, _japanese, _korean, lambda: _letters(_WESTERN))
    for part in parts:
        for usual in part():
            yield _Usual(usual.characters, usual.share / 4)
    yield _Usual("".join(map(chr, range(0xC0, 0x0600))), 0.1)


_WESTERN = "éèàçüöäßñóíáêâôîûùïëåæøúãõìòœ"
_CENTRAL = "ąćęłńóśźżáéíýčďěňřšťůžöüőúäőűăâîșțôĺľŕđ"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ"
_TURKISH = "çğıöşüâî"
_HEBREW = "אבגדהוזחטיךכלםמןנסעףפץצקרשת"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ،؟"
_BALTIC = "āčēģīķļņšūžąęėįųõäöü"
_VIETNAMESE = "ăâđêôơưàáãèéêìíòóõùúý\u0300\u0301\u0303\u0309\u0323"
_THAI = "".join(map(chr, (*range(0x0E01, 0x0E3B), *range(0x0E3F, 0x0E5C))))

# The most frequent characters of Chinese texts, those of either script in its own form.
_COMMON_SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员"
    "解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件"
    "计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔房餐饭店"
)
_COMMON_TRADITIONAL = _COMMON_SIMPLIFIED.translate(
    str.maketrans(
        "这个们来为国说时会对过发后里种经么学现当没动还进样开从实军无与长机关点业将两间问并应战头体见产"
        "话东声儿员论处义几认条系气题尔别变总电数报结务场计资区队决马书则听达强难权设记类据边张该规万觉术"
        "领确传师观让识带导争运笔饭内给门",
        "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭體見產"
        "話東聲兒員論處義幾認條係氣題爾別變總電數報結務場計資區隊決馬書則聽達強難權設記類據邊張該規萬覺術"
        "領確傳師觀讓識帶導爭運筆飯內給門",
    )
)

_USUAL = {
    UTF8: _any_script,
    "gb18030": _simplified,
    "big5": _traditional,
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp949": _korean,
    "cp1252": lambda: _letters(_WESTERN, "¡¿®©™½¼²³×ÿžš", 0.3),
    "cp1251": lambda: _letters(_CYRILLIC, "іїєґўђјљњћџ№"),
    "koi8-r": lambda: _letters(_CYRILLIC),
    "iso8859-5": lambda: _letters(_CYRILLIC, "іїєґў№"),
    "cp1250": lambda: _letters(_CENTRAL),
    "iso8859-2": lambda: _letters(_CENTRAL),
    "cp1253": lambda: _letters(_GREEK),
    "cp1254": lambda: _letters(_TURKISH),
    "cp1255": lambda: _letters(_HEBREW),
    "cp1256": lambda: _letters(_ARABIC),
    "cp1257": lambda: _letters(_BALTIC),
    "cp1258": lambda: _letters(_VIETNAMESE),
    "cp874": lambda: _letters(_THAI),
    "iso8859-15": lambda: _letters(_WESTERN),
    "utf-16-le": _any_script,
    "utf-16-be": _any_script,
    "utf-32-le": _any_script,
    "utf-32-be": _any_script,
}
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
    "utf-16": "UTF-16 with a byte-order mark",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "utf-32": "UTF-32 with a byte-order mark",
    "utf-32-le": "UTF-32, little end first",
    "utf-32-be": "UTF-32, big end first",
}
_MARKED = {"utf-8-sig", "utf-16", "utf-32"}  # known by their marks alone
_GUESSED = tuple(key for key in ENCODINGS if key not in _MARKED)
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
