"""Which labels of pairs mean a match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from poolviz.datasets.readers.columns import plain_name
from poolviz.datasets.readers.labels import in_order, named, spelled_as
from poolviz.errors import ChoiceError, DataError, check_choice
from poolviz.language import N_

_AT_LEAST = (">=", "≥")
_SHOWN = 12  # labels in a sentence


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_MATCH = _words(
    "true yes y t match matched same similar duplicate duplicated isduplicate paraphrase "
    "equivalent relevant related positive pos entailment entailed 是 匹配 相同 相似 同义 一致 相关 "
    "正 正例 对 真 蕴含 重复"
)
_NO_MATCH = _words(
    "false no n f nomatch notmatch notmatched nonmatch mismatch unmatched different dissimilar "
    "notsame notsimilar notduplicate nonduplicate notparaphrase nonparaphrase notequivalent "
    "irrelevant notrelevant unrelated notrelated negative neg notentailment 否 不匹配 不相同 不同 "
    "不相似 不一致 不相关 无关 负 负例 错 假 不是 不蕴含 不重复"
)


def outcomes(name: str, labels: Iterable[str], match: str | None) -> dict[str, int]:
    """By label 1 for a match, 0 for none.

    >>> outcomes("a.csv", ["1", "0"], None), outcomes("a.csv", ["0.2", "3.5"], ">=2.5")
    ({'0': 0, '1': 1}, {'0.2': 0, '3.5': 1})

    Parameters
    ----------
    name : of the file.
    labels : the different ones.
    match : those that mean a match, with commas between them, or ">=" and a number; all others
        mean none. None where it is to be found out.

    Raises
    ------
    ChoiceError : what is said names no label, or a number where labels are none.
    DataError : what the labels mean is not to be found out, or all of them mean the same.
    """
    known = in_order(set(labels))
    found = _found(name, known) if match is None else _said(name, known, match)
    if len(set(found.values())) < 2:
        raise DataError(
            "All pairs of {name} have the same outcome, by their labels: {labels}; a matcher "
            "learns from pairs that match and pairs that do not, so add the others, or say with "
            "--match which labels mean a match.",
            name=name,
            **named(known),
        )
    return found


def outcome(label: str, match: str | None) -> int | None:
    """What one label means, of which no others are known: 1 a match, 0 none; None where unclear.

    >>> outcome("1", None), outcome("maybe", None), outcome("3.5", ">=2.5")
    (1, None, 1)

    Parameters
    ----------
    match : see `outcomes`.

    Raises
    ------
    ChoiceError : ">=" is said without a number.
    """
    if match is None:
        return _usual(label)
    for sign in _AT_LEAST:
        if match.strip().startswith(sign):
            least, value = _number(match.strip().removeprefix(sign)), _number(label)
            if least is None:
                raise ChoiceError("{match} says no number; write as >=0.5.", match=match)
            return None if value is None else int(value >= least)
    return int(label in spelled_as(_words_of(match), [label]).values())


def _found(name: str, labels: list[str]) -> dict[str, int]:
    found = {label: _usual(label) for label in labels}
    if {-1.0, 0.0} <= set(map(_number, labels)):  # one of them is something else than no match
        found = dict.fromkeys(labels)
    known = {label: outcome for label, outcome in found.items() if outcome is not None}
    if len(known) < len(found):
        raise DataError(
            "The labels of {name} are {labels}, and which of them mean a match is not to be found "
            'out; say it with --match, as --match "{first}", or --match ">=0.5" for numbers.',
            name=name,
            labels=", ".join(label[:40] for label in labels[:_SHOWN])
            + (" …" if len(labels) > _SHOWN else ""),
            first=labels[-1][:40],
        )
    return known


def _usual(label: str) -> int | None:
    """What a label usually means."""
    number = _number(label)
    if number is not None:
        return {1.0: 1, 0.0: 0, -1.0: 0}.get(number)
    plain = plain_name(label)
    return 1 if plain in _MATCH else 0 if plain in _NO_MATCH else None


def _said(name: str, labels: list[str], match: str) -> dict[str, int]:
    for sign in _AT_LEAST:
        if match.strip().startswith(sign):
            least = _number(match.strip().removeprefix(sign))
            numbers = {label: _number(label) for label in labels}
            if least is None or None in numbers.values():
                raise ChoiceError(
                    "{match} needs labels of {name} that are numbers, and a number; name the "
                    "labels that mean a match instead, of {labels}.",
                    match=match,
                    name=name,
                    labels=", ".join(labels[:_SHOWN]),
                )
            return {label: int(value >= least) for label, value in _given(numbers).items()}
    wanted = _words_of(match)
    spelled = spelled_as(wanted, labels)
    for word in wanted:
        check_choice(N_("label"), spelled[word], dict.fromkeys(labels))
    matching = {spelled[word] for word in wanted}
    return {label: int(label in matching) for label in labels}


def _words_of(match: str) -> list[str]:
    return [word.strip() for word in match.replace("，", ",").split(",") if word.strip()]


def _given(numbers: Mapping[str, float | None]) -> dict[str, float]:
    return {label: value for label, value in numbers.items() if value is not None}


def _number(label: str) -> float | None:
    try:
        return float(label.strip())
    except ValueError:
        return None
