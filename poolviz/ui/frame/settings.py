"""Everything that outlives the page it was chosen on: one line a setting."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from poolviz.explore.choices import BY, DIFFERENCES, MOST_APART, ORDERS, OUTCOMES
from poolviz.language import LANGUAGES
from poolviz.text.names import normal
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.views.view import QUANTITIES, SCALES


@dataclass(frozen=True)
class Setting:
    """What somebody can choose, and how an address says it.

    Parameters
    ----------
    default : its value until somebody chooses another.
    parameter : its name in the address; None where no address holds it as it is.
    read : turns the text of an address into a value, None where it is not understood.
    always : whether the address says it even of a default.
    """

    default: Any = None
    parameter: str | None = None
    read: Callable[[str], Any] = str
    always: bool = False

    def from_address(self, address: Mapping[str, str]) -> Any:
        """Its value in an address; its default where that says nothing that is understood."""
        text = address.get(self.parameter) if self.parameter else None
        value = None if text is None else self.read(text)
        return self.default if value is None else value

    def in_address(self, value: Any) -> dict[str, str]:
        """The part of an address that says this value.

        None is never said, and a default only if it is always to be said.
        """
        if self.parameter is None or value is None or (value == self.default and not self.always):
            return {}
        return {self.parameter: _as_text(value)}


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, list | tuple) else str(value)


def _one_of(known: Collection[str]) -> Callable[[str], str | None]:
    return lambda text: text if text in known else None


def _flag(text: str) -> bool:
    return text == "1"


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _count(text: str) -> int | None:
    return _number(text) or None


def _apart(text: str) -> float | None:
    """A divergence that the filter of weights offers: two decimals, as its address is written."""
    found = _number(text.removeprefix("0.").ljust(2, "0")) if text.startswith("0.") else None
    return None if found is None or found > 100 * MOST_APART else found / 100


def _names(text: str) -> list[str]:
    return text.split(",")


@dataclass(frozen=True)
class TextFields:
    """The texts of a page: what their settings, and their parameters in an address, are called.

    Parameters
    ----------
    texts : the texts.
    example : the example's number; None where the texts are no example.
    row : the labelled row, "data set:first digits of the row's key".
    only_of : settings that are only said of these texts, and have their defaults for others.
    """

    texts: tuple[str, ...]
    example: str
    row: str
    only_of: tuple[str, ...]

    @property
    def in_address(self) -> str:
        """Name of what says whether the texts stand in the address."""
        return f"{self.texts[0]}_in_address"

    @property
    def own(self) -> str:
        """Name of the texts that the visitor gave last, which no address holds; else None."""
        return f"{self.texts[0]}_own"

    @property
    def settings(self) -> dict[str, Setting]:
        """The settings; an address holds one of text, row and example, so each has no parameter."""
        return {
            **{name: Setting("") for name in self.texts},
            self.example: Setting(0),
            self.row: Setting(),
            self.in_address: Setting(False),
            self.own: Setting(),
        }


TEXT = TextFields(("text",), "example", "row", ("position", "walk"))
PAIR = TextFields(("sentence_a", "sentence_b", "sentence_c"), "pair", "pair_row", ("swapped",))
ALL_TEXTS = (TEXT, PAIR)

# Names of data sets, heads and classes are checked where the lists to check them against are
# known (`poolviz.ui.sidebar.controls`).
SETTINGS = {
    "dataset": Setting(None, "dataset", normal, always=True),
    # Which training of it: said only where there are several.
    "run": Setting(None, "run"),
    "seed": Setting(None, "seed", _number),
    "models": Setting(None, "models", _names),
    "heads": Setting(None, "heads", _names, always=True),  # None: all that the data set has
    "readout": Setting("linear", "readout"),
    "quantity": Setting("weight", "show", _one_of(QUANTITIES), always=True),
    "target": Setting(None, "class"),
    "against": Setting(None, "against"),
    "scale": Setting("uniform", "scale", _one_of(SCALES), always=True),
    "spread": Setting(False, "spread", _flag),
    "words": Setting(False, "words", _flag),
    "erase": Setting("mask", "erase", _one_of(ERASURES)),
    "position": Setting(0, "position", _number),  # of the first token shown of a long text
    **TEXT.settings,
    # The Trust page's own; names of rankings, tests and sections are checked where they are drawn.
    "trust_curve": Setting("deletion", "curve", _one_of(("deletion", "insertion"))),
    "trust_ranking": Setting("weight", "erase_by"),
    "trust_erased": Setting(None, "erased", _number),  # units; None: a third of the text's
    "trust_all": Setting(False, "rankings", _flag),
    "trust_section": Setting(None, "trust"),
    "trust_measure": Setting("naopc.comprehensiveness", "measure"),
    "trust_spread": Setting(False, "rows_spread", _flag),
    "trust_stress": Setting("permuted", "stress"),
    "trust_head": Setting(None, "trust_head"),  # None: the first that makes a choice
    # Changing the text.
    "section": Setting(None, "open"),  # what is open below the rows
    "edited": Setting(),  # (a text, what it was changed to); it counts for that text alone
    "pinned": Setting(),  # the text that others are compared with
    # The Results page's own.
    "results_section": Setting(None, "results"),
    "classes_of": Setting(None, "classes_of"),  # the head whose classes are shown, and
    "classes_against": Setting(None, "classes_against"),  # the one it is held against
    "card_of": Setting(None, "card"),
    # The Heads page's own.
    "heads_section": Setting(None, "heads_part"),
    "rows_off": Setting(None, "off", _names),  # weight rows, as "checkpoint.number"
    # The Explore page's own; where it opens a row, these say among which rows Compare goes on.
    "walk": Setting(None, "walk", _number),  # number of that row in its source
    "explore_view": Setting("rows", "view", _one_of(("rows", "tokens"))),
    "explore_source": Setting(None, "rows"),
    "explore_search": Setting("", "search"),
    "explore_label": Setting(None, "label"),
    "explore_predicted": Setting(None, "predicted"),
    "explore_outcome": Setting(None, "outcome", _one_of(OUTCOMES)),
    "explore_head": Setting(None, "by"),
    "explore_pair": Setting(None, "disagree", _names),  # two heads
    "explore_difference": Setting(None, "differ", _one_of(DIFFERENCES)),
    "explore_apart": Setting(0.1, "apart", _apart),
    "explore_shortest": Setting(None, "shortest", _count),
    "explore_longest": Setting(None, "longest", _count),
    "explore_order": Setting("file", "order", _one_of(ORDERS)),
    "explore_page": Setting(1, "rows_page", _count),
    "explore_class": Setting(None, "tokens_of"),
    "explore_by": Setting("contribution", "tokens_by", _one_of(BY)),
    "explore_token": Setting(None, "token"),
    "explore_contexts": Setting(1, "contexts", _count),
    # The Match page's own.
    "match_dataset": Setting(None, "pairs", normal),
    "match_run": Setting(None, "pairs_run"),
    "match_seed": Setting(None, "pairs_seed", _number),
    "match_models": Setting(None, "pairs_models", _names),
    "matchers": Setting(None, "matchers", _names),  # None: all that the data set has
    "poolings": Setting(None, "poolings", _names),  # of an encoder; None: all
    "match_section": Setting(None, "mode"),  # what is open below the matchers
    "match_quantity": Setting("contribution", "pair_show", _one_of(("weight", "contribution"))),
    "matrix_of": Setting(None, "matrix"),  # whose reasons are shown; None: the first matcher's
    "common": Setting(False, "common", _flag),
    "swapped": Setting(False, "swapped", _flag),  # an example, or a row, in the other order
    **PAIR.settings,
    # The Train page's own.
    "train_source": Setting(None),
    "language": Setting(None, "lang", _one_of(LANGUAGES)),  # None: the browser's
}
