"""Characters that are usual in texts of each encoding, and what one costs in bits.

A cost is the logarithm of how rare a character is: those of a group are taken to be equally usual.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache


@cache
def bits_of(encoding: str) -> Mapping[str, float]:
    """What the usual characters of an encoding cost; of several costs the lowest."""
    found: dict[str, float] = {}
    for usual in USUAL[encoding]():
        for character, cost in usual.bits().items():
            found[character] = min(cost, found.get(character, cost))
    return found


@dataclass(frozen=True)
class _Usual:
    """Characters that are usual together, and how large a share of a text they are."""

    characters: str
    share: float

    def bits(self) -> dict[str, float]:
        cost = math.log2(len(self.characters) / self.share)
        return dict.fromkeys(self.characters, cost)


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


def _letters(
    small: str, other: str = "", typography: float = 0.08, letters: float | None = None
) -> Iterable[_Usual]:
    """An alphabet: its small letters, its capitals, and what is set between them."""
    capitals = "".join(dict.fromkeys(small.upper())) if small.upper() != small else ""
    yield _Usual(small, letters or 0.94 - typography)
    yield _Usual(_TYPOGRAPHY, typography)
    if capitals:
        yield _Usual(capitals, 0.05)
    if other:
        yield _Usual(other, 0.01)


def _western_mac() -> Iterable[_Usual]:
    """What stands where Windows has its quotation marks and dashes is a little dearer."""
    instead = bytes(range(0x91, 0x98)).decode("mac-roman")
    yield _Usual("".join(letter for letter in _WESTERN if letter not in instead), 0.6)
    yield _Usual(instead, 0.02)
    yield _Usual(_TYPOGRAPHY, 0.3)
    yield _Usual(_WESTERN.upper(), 0.05)


def _any_script() -> Iterable[_Usual]:
    """What the encodings of all of Unicode may hold: any of the above, each a little dearer."""
    parts = (_simplified, _traditional, _japanese, _korean, lambda: _letters(_WESTERN))
    for part in parts:
        for usual in part():
            yield _Usual(usual.characters, usual.share / 4)
    yield _Usual("".join(map(chr, range(0xC0, 0x0600))), 0.1)


_WESTERN = "éèàçüöäßñóíáêâôîûùïëåæøúãõìòœ¿¡"
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

USUAL: dict[str, Callable[[], Iterable[_Usual]]] = {
    "utf-8": _any_script,
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
    "cp1258": lambda: _letters(_VIETNAMESE, letters=0.5),
    "cp874": lambda: _letters(_THAI),
    "iso8859-15": lambda: _letters(_WESTERN),
    "mac-roman": _western_mac,
    "mac-cyrillic": lambda: _letters(_CYRILLIC, "іїєґўђјљњћџ№"),
    "cp866": lambda: _letters(_CYRILLIC, "№"),
    "koi8-u": lambda: _letters(_CYRILLIC, "іїєґ"),
    "utf-16-le": _any_script,
    "utf-16-be": _any_script,
    "utf-32-le": _any_script,
    "utf-32-be": _any_script,
}
