"""What a reader calls the classes of the catalogue's data sets, in the language of the page."""

from __future__ import annotations

from poolviz.language import N_, _
from poolviz.model.kinds import OUTCOMES, SCORE

_MEANINGS = {
    **dict(zip(OUTCOMES, (N_("no match"), N_("match")), strict=True)),
    "正面": N_("positive"),
    "负面": N_("negative"),
    "喜悦": N_("joy"),
    "愤怒": N_("anger"),
    "厌恶": N_("disgust"),
    "低落": N_("sadness"),
    "体育": N_("sports"),
    "娱乐": N_("entertainment"),
    "家居": N_("home"),
    "教育": N_("education"),
    "时政": N_("current affairs"),
    "游戏": N_("games"),
    "社会": N_("society"),
    "科技": N_("technology"),
    "股票": N_("stocks"),
    "财经": N_("finance"),
    "房产": N_("property"),
    "时尚": N_("fashion"),
    "彩票": N_("lottery"),
    "星座": N_("horoscopes"),
    "书籍": N_("books"),
    "平板": N_("tablets"),
    "手机": N_("phones"),
    "水果": N_("fruit"),
    "洗发水": N_("shampoo"),
    SCORE: N_("cosine"),
    "热水器": N_("water heaters"),
    "蒙牛": N_("dairy"),
    "衣服": N_("clothes"),
    "计算机": N_("computers"),
    "酒店": N_("hotels"),
    "business": N_("business"),
    "entertainment": N_("entertainment"),
    "politics": N_("politics"),
    "sport": N_("sport"),
    "tech": N_("tech"),
}


def meaning_of(name: str) -> str:
    """A class in the language of the page: "negative" for 负面; the name itself where unknown."""
    return _(_MEANINGS[name]) if name in _MEANINGS else name


def in_english(name: str) -> str:
    """A class in English, whatever the language of the page; the name itself where unknown."""
    return _MEANINGS.get(name, name)


def class_label(name: str) -> str:
    """A class by its own name and, beside it, in the language of the page: "负面 negative".

    An outcome of a pair is no name of anybody's: it is only said in the language of the page.
    """
    meaning = meaning_of(name)
    own = name not in (*OUTCOMES, SCORE) and meaning != name
    return f"{name} {meaning}" if own else meaning
