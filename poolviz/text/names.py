"""Names of data sets and models: in any script, and safe wherever they are written.

A name is part of folders, file names, addresses, commands and pages, on every system. Two names
that look the same are the same: names are in Unicode's composed form (NFC), and hold nothing that
is not seen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import regex

from poolviz.errors import ChoiceError

LONGEST = 64  # characters of a data set's name, or a head's
LONGEST_OF_MODEL = 100  # which is a head's, its kind and more
MAX_BYTES = 200  # a file name has room for 255
_MARKS = 8  # on one letter: Burmese has six

_LETTER = rf"[[\p{{L}}\p{{N}}]--\p{{DI}}][\p{{M}}--\p{{DI}}]{{0,{_MARKS}}}"
_NAME = regex.compile(rf"(?V1){_LETTER}(?:{_LETTER}|[._-]| (?! ))*(?<![ .])")
_OTHERS = regex.compile(r"(?V1)[^[\p{L}\p{M}\p{N}._-]--\p{DI}]+")
# Windows keeps these for devices, whatever follows behind a dot.
_DEVICES = regex.compile(r"(?i)(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]) *(?:\..*)?")


def normal(name: str) -> str:
    """A name as it is kept and compared: a macOS file name, say, comes with its accents apart.

    >>> normal("Cafe\\u0301") == "Caf\\u00e9"
    True
    """
    return unicodedata.normalize("NFC", name)


def can_be_name(name: str, longest: int = LONGEST) -> bool:
    """Whether a name can be that of a data set, a head or a model.

    >>> [can_be_name(name) for name in ("酒店评论", "my reviews 2", "../up", "aux", "a ", "")]
    [True, True, False, False, False, False]

    Parameters
    ----------
    longest : how many characters it may have.
    """
    return (
        len(name) <= longest
        and _NAME.fullmatch(name) is not None
        and len(name.encode("utf-8")) <= MAX_BYTES
        and normal(name) == name
        and _DEVICES.fullmatch(name) is None
    )


def check_name(name: str, longest: int = LONGEST) -> None:
    """Check that a name can be that of a data set, a head or a model.

    Raises
    ------
    ChoiceError : it cannot.
    """
    if can_be_name(name, longest):
        return
    if _DEVICES.fullmatch(name):
        raise ChoiceError(
            "{name} cannot be a name, since Windows keeps it for a device; choose another one.",
            name=repr(name),
        )
    raise ChoiceError(
        "{name} cannot be a name; use up to {limit} letters and digits of any script, and between "
        "them single spaces, dots, dashes or underscores.",
        name=repr(name[: 2 * longest]),
        limit=longest,
    )


def check_distinct(name: str, others: Iterable[str]) -> None:
    """Check that no other name is the same where capitals are small letters, as on Windows.

    Raises
    ------
    ChoiceError : one is.
    """
    for other in others:
        if other != name and _folded(other) == _folded(name):
            raise ChoiceError(
                "There is a data set {other}, and some systems take {name} for the same; use that "
                "name, or quite another one.",
                other=other,
                name=name,
            )


def as_name(text: str, otherwise: str) -> str:
    """The name nearest to a text, such as the name of a file.

    >>> as_name("My reviews (2)", "rows"), as_name("Отзывы/2024", "rows"), as_name("…", "rows")
    ('My reviews 2', 'Отзывы 2024', 'rows')

    Parameters
    ----------
    otherwise : the name where nothing of the text can be in one.
    """
    words = " ".join(_OTHERS.sub(" ", normal(text)).split())
    letters: list[str] = regex.findall(rf"(?V1){_LETTER}|[._ -]", words)
    name = ""
    for letter in letters:
        if len(longer := name + letter) > LONGEST or len(longer.encode("utf-8")) > MAX_BYTES:
            break
        name = longer
    name = name.strip("._- ")
    return name if can_be_name(name) else otherwise


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
