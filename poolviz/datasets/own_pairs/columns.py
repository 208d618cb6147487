"""Which columns hold the two or three texts of a row and its label: by names, then by contents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from poolviz.datasets.readers import columns
from poolviz.datasets.readers.columns import Kind, kind_of, plain_name
from poolviz.datasets.readers.reading import Table, Wanted, place_of
from poolviz.datasets.readers.tables import SAMPLED
from poolviz.errors import ChoiceError, DataError
from poolviz.language import N_

# What tells two columns of one row apart, wherever it stands in their names.
_TWINS = (
    *(("1", "2"), ("0", "1"), ("a", "b"), ("x", "y"), ("left", "right"), ("first", "second")),
    *(("一", "二"), ("甲", "乙"), ("source", "target"), ("src", "tgt"), ("text", "pair")),
)


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


# As people call the first text of a pair and the second one, the surest name first.
_FIRST = _names(
    "query question premise anchor 查询 问题 提问 问句 标准问 前提 原句 原文 source original "
    "search searchterm keyword input prompt sentence text 句子 文本"
)
_SECOND = _names(
    "title producttitle textpair hypothesis answer candidate document doc passage response reply "
    "positive paraphrase 标题 答案 回答 候选 相似问 扩展问 文档 假设 改写 译文 target "
    "similar item output reference text sentence 文本 句子"
)
_ANCHORS = _names("anchor query question sent0 sentence0 premise 锚 锚点 原句 查询 问题 句子 text")
_LABELS = _names(
    "isduplicate ismatch match matched duplicate similar similarity same relevance relevant "
    "goldlabel quality paraphrase isparaphrase 是否匹配 是否相似 是否相关 相似度 相关性 匹配"
)
_NO_SECOND = N_(
    "{name} has one column of texts that can be told, {column}, and a pair has two; name the other "
    "one with --other-column, one of {columns}, or train a classifier on it."
)
_NO_FIRST = N_(
    "{name} has one column of texts that can be told, {column}, and a pair has two; name the other "
    "one with --text-column, one of {columns}, or train a classifier on it."
)
_KEY = re.compile(r"\w{0,5}id[0-9ab]?")  # of a row or a text


@dataclass(frozen=True)
class PairColumns:
    """Names of columns.

    Parameters
    ----------
    texts : two of a pair; three of a triplet: anchor, positive and negative.
    label : of a pair; None for triplets.
    """

    texts: tuple[str, ...]
    label: str | None


def two_texts(table: Table, wanted: Wanted) -> tuple[str, str]:
    """Names of the two columns of texts of pairs, of which no labels are read.

    Raises
    ------
    ChoiceError : a column that is wanted is not there.
    DataError : there are not two columns of texts.
    """
    names = list(table.columns)
    said = [
        None if name is None else place_of(table.name, name, names)
        for name in (wanted.text, wanted.other)
    ]
    texts = _texts(*_seen(table), [*said, None], None, False)
    if len(texts) < 2:
        raise _one_text(table.name, names, texts, wanted.other is None)
    return names[texts[0]], names[texts[1]]


def pair_columns(table: Table, wanted: Wanted) -> PairColumns:
    """The columns that are wanted, and for those of which nothing is said what is found.

    Raises
    ------
    ChoiceError : a column that is wanted is not there, or labels of triplets are wanted.
    DataError : there are not two columns of texts, or no column of labels.
    """
    if wanted.negative and wanted.label:
        raise ChoiceError("Triplets have no labels; leave out --label-column or --negative-column.")
    names = list(table.columns)
    said = [
        None if name is None else place_of(table.name, name, names)
        for name in (wanted.text, wanted.other, wanted.negative)
    ]
    label = None if wanted.label is None else place_of(table.name, wanted.label, names)
    plain, kinds = _seen(table)
    texts = _texts(plain, kinds, said, label, wanted.label is None)
    if len(texts) < 2:
        raise _one_text(table.name, names, texts, wanted.other is None)
    if len(texts) == 3:
        return PairColumns(tuple(names[n] for n in texts), None)
    if label is None:
        label = _label(names, plain, kinds, texts)
    if label is None:
        if wanted.other is None and len(rows := _free(plain, kinds, ())) == 3:
            return PairColumns(tuple(names[n] for n in rows), None)
        raise _no_label(table.name, names, texts)
    return PairColumns(tuple(names[n] for n in texts), names[label])


def _seen(table: Table) -> tuple[list[str], list[Kind]]:
    """The plain names of all columns, and what stands in them."""
    kinds = [kind_of(column.slice(0, SAMPLED).to_pylist()) for column in table.columns.values()]
    return [plain_name(name) if table.how.header else "" for name in table.columns], kinds


def _texts(
    plain: Sequence[str],
    kinds: Sequence[Kind],
    said: Sequence[int | None],
    label: int | None,
    may_be_triplets: bool,
) -> list[int]:
    """The places of two or three columns of texts; of fewer where there are no more."""
    first, second, negative = said
    free = _free(plain, kinds, {*said, label})
    if second is None and negative is None and may_be_triplets:
        negative = _named(plain, free, columns.NEGATIVES)
        second = _named(plain, free, columns.POSITIVES)
        if negative is None or second is None:
            negative = second = None
        elif first is None:
            others = [n for n in free if n not in (second, negative)]
            first = next(iter(_by_name(plain, others, _ANCHORS) or others), None)
    free = [n for n in free if n not in (first, second, negative)]
    if first is None and second is None:
        first, second = _pair(plain, kinds, free)
    elif first is None and second is not None:
        twins = [n for n in free if _are_twins(plain[n], plain[second])]
        first = _partner(plain, kinds, free, twins or _by_name(plain, free, _FIRST))
    elif first is not None and second is None:
        twins = [n for n in free if _are_twins(plain[first], plain[n])]
        second = _partner(plain, kinds, free, twins or _by_name(plain, free, _SECOND))
    return [n for n in (first, second, negative) if n is not None]


def _partner(
    plain: Sequence[str], kinds: Sequence[Kind], free: Sequence[int], named: Sequence[int]
) -> int | None:
    """The other text of a pair of which one is known: by its name, else the longest cells."""
    return next(iter(named or _longest(kinds, _no_labels(plain, free), 1)), None)


def _no_labels(plain: Sequence[str], free: Sequence[int]) -> list[int]:
    return [n for n in free if plain[n] not in (*_LABELS, *columns.LABELS)]


def _free(plain: Sequence[str], kinds: Sequence[Kind], taken: Collection[int | None]) -> list[int]:
    """Places of columns that may hold texts."""
    return [
        n
        for n, kind in enumerate(kinds)
        if n not in taken and kind.filled and not kind.number and not _KEY.fullmatch(plain[n])
    ]


def _pair(
    plain: Sequence[str], kinds: Sequence[Kind], free: Sequence[int]
) -> tuple[int | None, int | None]:
    """Two columns: of names that belong together, else the two with the longest cells."""
    twins = [pair for pair in permutations(free, 2) if _are_twins(*(plain[n] for n in pair))]
    if twins:  # of several the shortest names: others hold the same in another form
        return min(twins, key=lambda pair: sum(len(plain[n]) for n in pair))
    for one in _by_name(plain, free, _FIRST):
        for other in _by_name(plain, [n for n in free if n != one], _SECOND):
            return one, other
    found = sorted(_longest(kinds, _no_labels(plain, free), 2))
    return (found[0], found[1]) if len(found) == 2 else (next(iter(found), None), None)


def _are_twins(one: str, other: str) -> bool:
    return any(twin == other for twin in _twins_of(one))


def _twins_of(name: str) -> Iterator[str]:
    """Names that differ from this one as that of a second text does from that of the first.

    >>> "question2" in _twins_of("question1"), "句子二" in _twins_of("句子一")
    (True, True)
    """
    for first, second in _TWINS:
        for found in re.finditer(first, name):
            yield name[: found.start()] + second + name[found.end() :]


def _named(plain: Sequence[str], places: Sequence[int], known: Sequence[str]) -> int | None:
    return next(iter(_by_name(plain, places, known)), None)


def _by_name(plain: Sequence[str], places: Sequence[int], known: Sequence[str]) -> list[int]:
    """Those of the places that have a known name, the surest first."""
    found = [n for n in places if plain[n] in known]
    return sorted(found, key=lambda n: known.index(plain[n]))


def _longest(kinds: Sequence[Kind], places: Sequence[int], count: int) -> list[int]:
    """So many of the places: those with many different cells first, of these the longest cells."""
    return sorted(places, key=lambda n: (bool(kinds[n].values), -kinds[n].length))[:count]


def _label(
    names: Sequence[str], plain: Sequence[str], kinds: Sequence[Kind], texts: Sequence[int]
) -> int | None:
    others = [n for n in range(len(names)) if n not in texts]
    if named := _by_name(plain, others, _LABELS):
        return named[0]
    found = columns.label_place([names[n] for n in others], [kinds[n] for n in others], None)
    return None if found is None else others[found]


def _one_text(
    name: str, names: Sequence[str], texts: Sequence[int], second_lacks: bool
) -> DataError:
    """What to say where one column of texts was found, or none."""
    if texts:
        sentence = _NO_SECOND if second_lacks else _NO_FIRST
        values = {"name": name, "column": names[texts[0]], "columns": _listed(names)}
        return DataError.again(sentence, values)
    return DataError(
        "{name} has no two columns of texts that can be told; name them with --text-column and "
        "--other-column: two of {columns}.",
        name=name,
        columns=_listed(names),
    )


def _no_label(name: str, names: Sequence[str], texts: Sequence[int]) -> DataError:
    return DataError(
        "{name} has two columns of texts, {first} and {second}, and no column that says which of "
        "them match; name it with --label-column, or a third text that does not match with "
        "--negative-column: of {columns}.",
        name=name,
        first=names[texts[0]],
        second=names[texts[1]],
        columns=_listed(names),
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")
