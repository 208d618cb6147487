"""What the labels of somebody's file may mean among a model's classes: proposals, no more.

A file's 1 is a class of the model only where somebody says so: it may be one star of five.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from poolviz.errors import ChoiceError
from poolviz.model.class_names import in_english

# As people write the two sides of an opinion; numbers are told apart by what stands beside them.
_NEGATIVE = frozenset(
    [
        "negative",
        "neg",
        "bad",
        "no",
        "false",
        "n",
        "f",
        "负面",
        "负",
        "负向",
        "消极",
        "差评",
        "差",
        "坏",
        "否",
        "不好",
        "👎",
    ]
)
_POSITIVE = frozenset(
    [
        "positive",
        "pos",
        "good",
        "yes",
        "true",
        "y",
        "t",
        "正面",
        "正",
        "正向",
        "积极",
        "好评",
        "好",
        "是",
        "喜欢",
        "👍",
    ]
)
_RATINGS = (1.0, 2.0, 3.0, 4.0, 5.0)


def proposed(labels: Iterable[str], classes: Sequence[str]) -> dict[str, str | None]:
    """For each label of a file that is no class: the class that it may mean, None where unclear.

    >>> proposed(["0.0", "1.0"], ["负面", "正面"])
    {'0.0': '负面', '1.0': '正面'}
    >>> proposed(["1", "3", "5"], ["负面", "正面"])  # stars
    {'1': '负面', '3': None, '5': '正面'}

    Parameters
    ----------
    labels : all different labels of the file, those that are classes among them.
    """
    written = list(dict.fromkeys(labels))
    named = {_plain(name): each for each in classes for name in (each, in_english(each))}
    sides = _sides(classes)
    numbers = [number for label in written if (number := _number(label)) is not None]
    return {
        label: named.get(_plain(label)) or sides.get(_side(label, numbers))
        for label in written
        if label not in classes
    }


def numbers_of(classes: Sequence[str], said: Mapping[str, str | None]) -> dict[str, int]:
    """Number of the class by each label that is one, or was said to mean one."""
    numbers = {name: number for number, name in enumerate(classes)}
    return {label: numbers[name] for label, name in said.items() if name in numbers} | numbers


def read_said(text: str, classes: Sequence[str]) -> dict[str, str]:
    """What labels mean, from "0=负面,1=正面".

    Raises
    ------
    ChoiceError : a part has no =, or a name is none of the classes.
    """
    said: dict[str, str] = {}
    for part in text.split(","):
        label, equals, name = (each.strip() for each in part.rpartition("="))
        if not label or not equals or name not in classes:
            raise ChoiceError(
                "{part} says of no label which class it means; write LABEL=CLASS, classes being "
                "{classes}.",
                part=repr(part.strip()),
                classes=", ".join(classes),
            )
        said[label] = name
    return said


def _sides(classes: Sequence[str]) -> dict[str, str]:
    """The model's classes by "negative" and "positive", where it has just these two."""
    sides = {_word_side(name) or _word_side(in_english(name)) or "": name for name in classes}
    return sides if len(classes) == 2 and set(sides) == {"negative", "positive"} else {}


def _side(label: str, numbers: Sequence[float]) -> str:
    number = _number(label)
    if number is None:
        return _word_side(label) or ""
    if set(numbers) <= {-1.0, 0.0, 1.0} and len(set(numbers)) > 1:
        negative = -1.0 if -1.0 in numbers else 0.0
        return {negative: "negative", 1.0: "positive"}.get(number, "")
    if set(numbers) <= set(_RATINGS) and max(numbers) > 2:
        return "negative" if number < 3 else "positive" if number > 3 else ""
    return ""


def _word_side(name: str) -> str | None:
    plain = _plain(name)
    return "negative" if plain in _NEGATIVE else "positive" if plain in _POSITIVE else None


def _number(label: str) -> float | None:
    try:
        return float(label)
    except ValueError:
        return None


def _plain(label: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())
