"""Heads of people's own, as their cards describe them: nobody's code is needed to look at one.

Cards come from anywhere, so what one says of its head is checked, and its title can hold no mark of
HTML or Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from poolviz.json_types import is_object
from poolviz.language import _
from poolviz.model.heads import ASKED_HEADS, HEADS, Head

FIELD = "own_head"  # of a card
MAX_TITLE, MAX_MEANING, MAX_NAME, MAX_ROWS = 40, 300, 200, 64
_MARKS = " -.,+/()²³"  # what a title may hold beside letters and digits

# By key the titles that cards give it, by the card's place: one may be another person's.
_titles: dict[str, dict[str, str]] = {}


def as_fields(head: Head) -> dict[str, Any]:
    """What a card says of a head of one's own."""
    return {
        "file": head.file,
        "layer": head.layer,
        "title": head.title,
        "meaning": head.meaning,
        "weighted_mean": head.weighted_mean,
        "exact": head.exact,
        "rows": head.rows,
    }


def described(card: Mapping[str, Any]) -> Head | None:
    """The head that a card describes; None where it describes none, or not as it should.

    >>> said = as_fields(Head("GeM", "GeM", "Its share.", file="gem.py"))
    >>> described({FIELD: said}).title, described({FIELD: {**said, "title": "<b>"}})
    ('GeM', None)
    """
    said = card.get(FIELD)
    if not is_object(said) or not all(rule(said.get(name)) for name, rule in _RULES.items()):
        return None
    return Head(**{name: said[name] for name in _RULES})


def can_be_title(title: object, key: str = "") -> bool:
    """Whether it is short, of letters, digits and few marks, and no title of the table's.

    Parameters
    ----------
    key : of the head that is to have the title.
    """
    return (
        isinstance(title, str)
        and 0 < len(title) <= MAX_TITLE
        and title == title.strip()
        and all(letter.isalnum() or letter in _MARKS for letter in title)
        and any(letter.isalnum() for letter in title)
        and title.casefold() not in _titles_of_others(key)
    )


def can_be_meaning(meaning: object) -> bool:
    """Whether it is one line of printable characters that is not too long."""
    if not isinstance(meaning, str):
        return False
    return bool(meaning.strip()) and len(meaning) <= MAX_MEANING and meaning.isprintable()


def remember_title(key: str, where: str, title: str) -> None:
    """Keep the title of a head that is not in the table, as the card at a place gives it."""
    _titles.setdefault(key, {})[where] = title


def head_title(key: str) -> str:
    """A head's title in the language of the context.

    For a head that is not in the table it is what all cards read so far call it; its key where they
    disagree, or another head has the same title: a stranger's card renames nobody's head.
    """
    known = HEADS.get(key) or ASKED_HEADS.get(key)
    if known and not known.own:
        return _(known.title)
    given = set(_titles.get(key, {}).values())
    others = {t for other, titles in _titles.items() if other != key for t in titles.values()}
    return given.pop() if len(given) == 1 and not given & others else key


def _titles_of_others(key: str) -> set[str]:
    table = {**HEADS, **ASKED_HEADS}
    return {head.title.casefold() for k, head in table.items() if k != key and not head.own}


def _is_file_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= MAX_NAME and name.isprintable()


def _is_class_name(name: object) -> bool:
    return isinstance(name, str) and len(name) <= MAX_NAME and name.isidentifier()


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _counts_rows(value: object) -> bool:
    return type(value) is int and 1 <= value <= MAX_ROWS


_RULES: dict[str, Callable[[object], bool]] = {
    "file": _is_file_name,
    "layer": _is_class_name,
    "title": can_be_title,
    "meaning": can_be_meaning,
    "weighted_mean": _is_flag,
    "exact": _is_flag,
    "rows": _counts_rows,
}
