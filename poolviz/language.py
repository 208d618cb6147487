"""The language of labels, help and messages: gettext catalogues under `poolviz/locale/`.

The language belongs to the running context (a page run, a command), not to the process: one server
speaks several at once. `contextvars.copy_context()` carries it into another thread.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from poolviz.errors import ChoiceError, PoolvizError

LOCALE_FOLDER = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"  # of the messages in the sources; it needs no catalogue


@dataclass(frozen=True)
class Language:
    """One language; its messages stand in `locale/<key>/LC_MESSAGES/poolviz.po`.

    Parameters
    ----------
    name : as those who speak it write it.
    locales : beginnings of a browser's locale, as "zh" is of "zh-TW"; lower case, with hyphens.
    comma : what stands between the names of a list.
    stop : what ends a sentence, with the gap before the next one.
    """

    name: str
    locales: tuple[str, ...]
    comma: str = ", "
    stop: str = ". "


LANGUAGES = {
    "en": Language("English", ("en",)),
    "zh_CN": Language("简体中文", ("zh",), comma="、", stop="。"),
}

_current: ContextVar[str] = ContextVar("poolviz_language", default=SOURCE_LANGUAGE)


def use(language: str) -> None:
    """Speak `language`, a key of `LANGUAGES`, from here on in this context.

    Raises
    ------
    ChoiceError : the language is not in `LANGUAGES`.
    """
    if language not in LANGUAGES:
        raise ChoiceError(
            "Unknown language {language}; choose one of {known}.",
            language=language,
            known=", ".join(LANGUAGES),
        )
    _current.set(language)


def current() -> str:
    """The key of the language spoken in this context."""
    return _current.get()


def best_match(locale: str | None) -> str:
    """The key of the language for a browser's locale such as "zh-TW"; English where none fits."""
    parts = (locale or "").lower().replace("_", "-")
    for key, language in LANGUAGES.items():
        if any(f"{parts}-".startswith(f"{wanted}-") for wanted in language.locales):
            return key
    return SOURCE_LANGUAGE


def _(message: str) -> str:
    """`message` in the language of this context; the message itself where no translation exists."""
    return _catalogue(_current.get()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The message for `count` things in the language of this context, which has its own plurals.

    The count is not put in: `ngettext("{count} row", "{count} rows", 1)` is "{count} row".
    """
    return _catalogue(_current.get()).ngettext(one, many, count)


def in_all_languages(message: str) -> str:
    """A message for somebody whose language is not known: "Language · 语言"."""
    return " · ".join(dict.fromkeys(_catalogue(key).gettext(message) for key in LANGUAGES))


class Marked(str):
    """A message of the program's own, as opposed to a name or a number from elsewhere."""


def N_(message: str) -> Marked:
    """Mark a message in a table for translation; `_` translates it where it is shown."""
    return Marked(message)


def error_message(
    error: PoolvizError, as_value: Callable[[object], object] = lambda value: value
) -> str:
    """The error's sentence in the language of this context, with the marked ones of its values.

    Parameters
    ----------
    as_value : how a value that is no marked message is to stand there.
    """
    values = {
        name: _(value) if isinstance(value, Marked) else as_value(value)
        for name, value in error.values.items()
    }
    return _(error.template).format(**values)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("poolviz", LOCALE_FOLDER, [language], fallback=True)


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other; a full stop may have its gap in itself."""
    stop = LANGUAGES[current()].stop
    return " ".join(sentences).replace(f"{stop.strip()} ", stop)


def listed(names: Iterable[str]) -> str:
    """Names one after the other, with the comma of the language."""
    return LANGUAGES[current()].comma.join(names)
