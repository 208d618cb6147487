"""What the texts of a data set had lost before models were trained on them.

Typed text must be read as those texts were, so what was taken out of them is left out of it, too:
it stays where it is, and gives no token. A preparation has a name with a version. It stands on the
data set and on the card of every model; what a name means never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import regex

# Posts were cut at a length: a code without its end, at the end of the text, is one, too.
_EMOJI_CODE = r"\[\s?[^\[\]\s]{1,10}\s?\]|\[[^\[\]\s]{0,10}$"
# A retweet's "//@name:" goes as a whole; question marks stand where a name's characters were lost.
# Chinese text may follow a URL without a space, so URLs are ASCII only. An address is looked for
# where a run of its characters begins, and once, so that time stays linear in the text.
_MENTION = (
    r"(?:https?://|www\.)[!-~]+|(?<![A-Za-z0-9.])t\.cn/[A-Za-z0-9]+"
    r"|(?:(?<![A-Za-z0-9._+-])|\G)[A-Za-z0-9._+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?://\s*[@＠]\s*|[@＠])[\w·?-]+(?:\s*[:：])?"
)
_IN_BRACKETS = r"[(（\[【][^()（）\[\]【】]*[)）\]】]"
_NUMBER = r"(?<!\w)(?=\w*?\d)\w+"
_SHORT_FORM = r"(?i)(?<=\p{L})['’](?:s|m|d|re|ve|ll)(?!\p{L})"
# All but letters, white space and the two marks that the texts kept; "n't" stays for `_NOT`.
_NO_LETTER = r"(?i)(?!(?<=n)['’]t(?!\p{L}))[^\p{L}\p{M}\s!`\p{Default_Ignorable_Code_Point}]"
_NOT = regex.compile(r"(?i)(?|(can)(['’]t)|(\p{L}+)(n['’]t))")
_NOT_FORMS = {"n't", "n’t", "'t", "’t"}


@dataclass(frozen=True)
class Preparation:
    """How the texts of a data set were prepared, and how others are read alike.

    Parameters
    ----------
    name : with its version.
    left_out : patterns of what was taken out, in the order in which that was done.
    short_not : whether "didn't" is read as two words, "did" and "not".
    """

    name: str
    left_out: tuple[str, ...] = ()
    short_not: bool = False
    _patterns: tuple[regex.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        patterns = tuple(map(regex.compile, self.left_out))
        object.__setattr__(self, "_patterns", patterns)

    def blanked(self, text: str) -> str:
        """The text, of the same length, with spaces in place of what is left out.

        >>> PREPARATIONS["weibo-1"].blanked("好[哈哈]的")
        '好    的'
        """
        for pattern in self._patterns:
            text = pattern.sub(lambda found: " " * len(found[0]), text)
        return text

    def split(self, pieces: Iterable[str]) -> Sequence[str]:
        """Pieces of a text, those that this preparation reads as two cut in two.

        >>> PREPARATIONS["letters-1"].split(["we", " ", "didn't"])
        ['we', ' ', 'did', "n't"]
        """
        if not self.short_not:
            return list(pieces)
        return [part for piece in pieces for part in _apart(piece)]

    def look_up_as(self, form: str) -> str:
        """The entry that a token's lookup form stands for.

        >>> PREPARATIONS["letters-1"].look_up_as("n't")
        'not'
        """
        return "not" if self.short_not and form in _NOT_FORMS else form


def _apart(piece: str) -> Sequence[str]:
    found = _NOT.fullmatch(piece)
    return found.groups("") if found else (piece,)


AS_IS = Preparation("as-is-1")
PREPARATIONS: Mapping[str, Preparation] = {
    each.name: each
    for each in (
        AS_IS,
        # Posts without codes such as [smile], which give the label away, @names, addresses, URLs.
        Preparation("weibo-1", (_EMOJI_CODE, _MENTION)),
        # Posts with their codes.
        Preparation("weibo-codes-1", (_MENTION,)),
        # Titles without what stands in brackets, such as (图) or 【组图】.
        Preparation("no-brackets-1", (_IN_BRACKETS,)),
        # English without numbers, short forms and marks other than ! and `.
        Preparation("letters-1", (_NUMBER, _SHORT_FORM, _NO_LETTER), short_not=True),
    )
}
