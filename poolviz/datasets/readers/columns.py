"""Which columns hold texts, labels and splits: by their names, and by what stands in them."""

from __future__ import annotations

import statistics
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import regex


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


# As people call them, the surest name first.
TEXTS = _names(
    "text 文本 review 评论内容 评论 content 内容 正文 文本内容 sentence 句子 comment "
    "评价内容 评价 reviewtext commenttext tweet 微博正文 微博 message 留言 post 帖子 body "
    "document 新闻 question 问题 query 提问 utterance v2 data description 描述 summary "
    "title 标题 headline 题目 sentence1 texta question1 phrase 反馈 语句 文章"
)
LABELS = _names(
    "label 标签 labels class 类别 cat category 分类 target sentiment 情感标签 情感 "
    "情感倾向 polarity 极性 rating 评分 score 分数 stars star 星级 emotion 情绪 topic "
    "主题 tag tags intent 意图 type 类型 y v1 gold 结果 labelid classlabel"
)
OTHERS = _names(
    "id 编号 序号 index no uid date 日期 time 时间 author 作者 user 用户 url "
    "sentence2 textb question2 answer 答案 rationale spans"
)
# The second and the third text of a triplet.
POSITIVES = _names(
    "positive pos positives sent1 sentence1 entailment similar 正例 正样本 正句 相似句 正"
)
NEGATIVES = _names(
    "negative neg negatives hardneg hardnegative contradiction dissimilar 负例 负样本 负句 难负例 "
    "不相似句 负"
)
SPLITS = _names(
    "split fold set subset dataset partition part usage 划分 数据集 数据集划分 集合 子集 拆分 分割"
)
# What is written for a row to train on, to choose the epoch by, to test on.
_SPLIT_WORDS = {
    **dict.fromkeys(_names("train training tr trn 训练"), "train"),
    **dict.fromkeys(
        _names("validation valid validate val dev devel development eval 验证 校验 开发"),
        "validation",
    ),
    **dict.fromkeys(_names("test testing tst holdout heldout 测试 测评"), "test"),
}
FEW = 50  # different values, of a column that may be one of labels
_NUMBER = regex.compile(r"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?%?")
_PARTS = regex.compile(r"(?V1)[[\p{L}\p{N}]--[\p{Han}]]+|\p{Han}+")
_REPEATED = regex.compile(r" \(\d+\)$")  # as `reading.titles` tells columns of one name apart
_CAMEL = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_SET = regex.compile(r"(?:set|split|data|rows|数据集|数据|集)$")


def plain_name(name: str) -> str:
    """A column's name without capitals, spaces and signs.

    >>> plain_name(" Review_Text ")
    'reviewtext'
    """
    return "".join(_PARTS.findall(unicodedata.normalize("NFKC", name).lower()))


def is_known(name: str) -> bool:
    """Whether a column may be called so: what stands there is a name, not a text."""
    plain = plain_name(name)
    return plain in (*TEXTS, *LABELS, *OTHERS, *SPLITS)


def names_triplets(names: Sequence[str]) -> bool:
    """Whether these can be the names of columns of triplets; one of them alone may be a label.

    >>> names_triplets(["anchor", "positive", "negative"]), names_triplets(["negative", "bad"])
    (True, False)
    """
    plain = set(map(plain_name, names))
    return not plain.isdisjoint(POSITIVES) and not plain.isdisjoint(NEGATIVES)


def is_number(value: str) -> bool:
    """Whether a cell holds a number, whatever the form.

    >>> is_number(" 1.0 "), is_number("v1")
    (True, False)
    """
    return _NUMBER.fullmatch(value.strip()) is not None


@dataclass(frozen=True)
class Kind:
    """What the cells of a column are like.

    Parameters
    ----------
    number : all that hold something hold numbers.
    values : the different ones, without capitals, where they are few; else empty.
    repeated : those of `values` that stand there more than once: what stands there once may have
        come from a damaged line.
    distinct : how many different ones there are.
    length : characters of a cell, in the mean.
    filled : how many cells hold something.
    """

    number: bool
    values: frozenset[str]
    repeated: frozenset[str]
    distinct: int
    length: float
    filled: int

    def fits(self, value: str) -> bool | None:
        """Whether a value is one of this column's; None where that cannot be told."""
        if self.number:
            return is_number(value)
        if self.repeated:
            return value.strip().casefold() in self.repeated
        return None


def kind_of(cells: Sequence[str]) -> Kind:
    """What the cells of a column have in common."""
    filled = [plain for cell in cells if (plain := cell.strip())]
    distinct = Counter(value.casefold() for value in filled)
    number = bool(filled) and all(map(is_number, filled))
    few = 1 <= len(distinct) <= min(FEW, len(filled) // 2) or (number and len(filled) < 4)
    short = few and max(map(len, distinct)) <= 40
    return Kind(
        number,
        frozenset(distinct) if short else frozenset(),
        frozenset(value for value, count in distinct.items() if short and count > 1),
        len(distinct),
        statistics.fmean(map(len, filled)) if filled else 0.0,
        len(filled),
    )


def kinds_of(rows: Sequence[Sequence[str]], width: int) -> list[Kind]:
    """The kind of each column, by the rows that have so many."""
    whole = [row for row in rows if len(row) == width]
    return [kind_of([row[place] for row in whole]) for place in range(width)]


def text_place(names: Sequence[str], kinds: Sequence[Kind]) -> int | None:
    """The place of the column that holds the texts; None where no column may."""
    ranks = {n: _rank(name, TEXTS) for n, name in enumerate(names)}
    named = sorted((rank, -kinds[n].length, n) for n, rank in ranks.items() if rank is not None)
    words = [n for n, kind in enumerate(kinds) if kind.filled and not kind.number]
    free = [n for n in words if _rank(names[n], LABELS) is None]
    choices = (
        [n for _rank, _length, n in named if n in words][:1],
        _longest([n for n in free if not kinds[n].values], kinds),
        [n for _rank, _length, n in named if kinds[n].filled or not free][:1],
        _longest(free, kinds),
        _longest(words, kinds),
        [n for n, kind in enumerate(kinds) if kind.filled][: len(kinds) == 1],
    )
    return next((places[0] for places in choices if places), None)


def _longest(places: Sequence[int], kinds: Sequence[Kind]) -> list[int]:
    return sorted(places, key=lambda n: -kinds[n].length)[:1]


def label_place(names: Sequence[str], kinds: Sequence[Kind], text: int | None) -> int | None:
    """The place of the column that holds the labels; None where none is sure to."""
    places = [n for n in range(len(kinds)) if n != text]
    named = [(rank, n) for n in places if (rank := _rank(names[n], LABELS)) is not None]
    # Running numbers are no labels, whatever their name, where another column has some.
    usable = [(rank, n) for rank, n in named if not _all_differ(kinds[n])]
    if usable or named:
        return min(usable or named)[1]
    few = [
        n
        for n in places
        if kinds[n].values and _rank(names[n], TEXTS) is None and not _is_other(names[n], kinds[n])
    ]
    if len(few) == 1:
        return few[0]
    return None


def may_hold_labels(name: str) -> bool:
    """Whether a column's name says that it holds labels.

    >>> may_hold_labels("sentiment_label"), may_hold_labels("text")
    (True, False)
    """
    return _rank(name, LABELS) is not None


def split_word(cell: str) -> str | None:
    """What a cell says of its row: "train", "validation" or "test"; None where it says neither.

    >>> split_word(" Train-Set "), split_word("测试集"), split_word("dev"), split_word("bus")
    ('train', 'test', 'validation', None)
    """
    plain = plain_name(cell)
    return _SPLIT_WORDS.get(plain) or _SPLIT_WORDS.get(_SET.sub("", plain))


def split_place(
    names: Sequence[str], taken: Collection[int], distinct: Callable[[int], Iterable[str]]
) -> int | None:
    """The place of the column that says which rows are to train and which to test on, if any.

    Rows to train on and others must be named. What else stands there is no split in a column that
    is called one, and makes any other column none.

    Parameters
    ----------
    taken : places that hold something else.
    distinct : the different cells of a column that holds few, else none.
    """
    free = [n for n in range(len(names)) if n not in taken]
    for n in sorted(free, key=lambda n: _rank(names[n], SPLITS) is None):
        found = {split_word(cell) for cell in distinct(n) if cell.strip()}
        sure = None not in found or _rank(names[n], SPLITS) is not None
        if sure and "train" in found and len(found - {None}) > 1:
            return n
    return None


def _is_other(name: str, kind: Kind) -> bool:
    """Whether a column of few values holds something else than labels."""
    known = plain_name(name) in OTHERS or _rank(name, SPLITS) is not None
    return known or all(map(split_word, kind.values))


def _all_differ(kind: Kind) -> bool:
    return kind.filled >= 20 and kind.distinct > 0.9 * kind.filled


def _rank(name: str, known: Sequence[str]) -> int | None:
    """How sure a name is: its place among the known ones; a part of it counts less."""
    name = _REPEATED.sub("", name)
    plain = plain_name(name)
    if plain in known:
        return known.index(plain)
    parts = [plain_name(part) for part in _PARTS.findall(_CAMEL.sub(" ", name))]
    ranks = [known.index(part) for part in parts if part in known]
    return len(known) + min(ranks) if ranks else None
