"""The language of labels, help and messages: gettext catalogues under `poolviz/locale/`.

The language belongs to the running context (a page run, a command), not to the process: one server
speaks several at once. `contextvars.copy_context()` carries it into another thread.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from poolviz.errors import ChoiceError, PoolvizError

LOCALE_FOLDER = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

_current: ContextVar[str] = ContextVar("poolviz_language", default="en")


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
    """The language for a browser's locale such as "zh-TW" or "de-AT"; English for all others."""
    return "zh_CN" if locale and locale.lower().startswith("zh") else "en"


def _(message: str) -> str:
    """`message` in the language of this context; the message itself where no translation exists."""
    return _catalogue(_current.get()).gettext(message)


class Marked(str):
    """A message of the program's own, as opposed to a name or a number from elsewhere."""


def N_(message: str) -> Marked:
    """Mark a message in a table for translation; `_` translates it where it is shown."""
    return Marked(message)


def error_message(
    error: PoolvizError, shown: Callable[[object], object] = lambda value: value
) -> str:
    """The error's sentence in the language of this context, with the marked ones of its values.

    Parameters
    ----------
    shown : how a value that is no marked message is to stand there.
    """
    values = {
        name: _(value) if isinstance(value, Marked) else shown(value)
        for name, value in error.values.items()
    }
    return _(error.template).format(**values)


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("poolviz", LOCALE_FOLDER, [language], fallback=True)


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after the other; a Chinese full stop has its gap in itself."""
    return " ".join(sentences).replace("。 ", "。")


def listed(names: Iterable[str]) -> str:
    """Names one after the other, with the comma of the language."""
    return ("、" if current().startswith("zh") else ", ").join(names)
