"""What the browser says, in every language: the pages' own sentences, by short names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import copy_context
from dataclasses import asdict
from typing import Any

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.language import LANGUAGES, N_, _, current, ngettext, use
from poolviz.live.pointing import words_to_edit
from poolviz.model.class_names import class_label, meaning_of
from poolviz.model.kinds import OUTCOMES
from poolviz.text.scripts import CALLED
from poolviz.views.captions import contribution_sentence, window_sentence
from poolviz.views.doubts import said
from poolviz.views.pairs import SENTENCES
from poolviz.views.quantities import ALTERNATIVES
from poolviz.views.view import QUANTITY_NAMES, SCALE_NAMES

Words = dict[str, Any]

# Of the table, as `poolviz.figures.texts.aligned` has them.
_OF_ROWS = {
    "head": N_("Head"),
    "axis_of_two": N_("Decision ({low} ◂ ▸ {high})"),
    "axis": N_("Decision; bar: share of {name}"),
    "own_scale": N_("each row's own scale"),
    "open_rows": N_("Open its weight rows"),
    "line": N_("{head}: {unit}"),
    "named_line": N_("{line}; most: {tokens}"),
    "left_out": N_("left out"),
    "decided": N_("{heads}."),
    "part": N_("Tokens {first:,}–{last:,} of {count:,}: those around the cursor."),
    "was": N_("before: {name} {share:.0%}"),
    "flips": N_("Another decision under: {heads}."),
    "steady": N_("Every head decides as before."),
    "note_uniform": N_("1 is what average pooling gives."),
    "note_spread": N_("Each value is spread over the window its position has read."),
    "note_left_out": N_("Grey: left out; these models were trained on texts without it."),
    "note_unknown": N_("Dotted underline: not in the vocabulary."),
    "note_unknown_share": N_("Dotted underline: not in the vocabulary, {share:.0%}."),
    "weight": N_("weight"),
    "contribution": N_("contribution to “{target}”"),
    "contribution_against": N_("contribution to “{target}” against “{against}”"),
    "times_average": N_("{unit}, × average"),
}
# Of the controls, as `poolviz.ui.input` has them.
_OF_CONTROLS = {
    "text": N_("Text"),
    "placeholder": N_("Type or paste a text here."),
    "show": N_("Show"),
    "scale": N_("Colour scale"),
    "spread": N_("Spread over the window"),
    "target": N_("Contribution to"),
    "named_class": N_("to the named class"),
    "against": N_("Against"),
    "no_other": N_("against no other class"),
    "language": N_("Language"),
    "start_over": N_("Start over"),
    "go_on": N_("Go on with this text"),
    "pin": N_("Pin this text"),
    "unpin": N_("Unpin"),
    "pinned": N_("Before: the pinned text “{text}”"),
}
# Of the table of sentence pairs, as `poolviz.figures.pairs` and `poolviz.views.matchers` have them.
_OF_PAIRS = {
    "cosine": N_("cosine {reached}, needs {needed}"),
    "probability": N_("probability {probability:.1%}, threshold {threshold:.1%}"),
    "same": N_("These sentences are the same."),
    "later": N_("answers when you pause"),
}
_REFUSED = {
    "empty": N_("Type at least one visible character: the text is empty or only white space."),
    "nothing_left": N_(
        "Nothing of this text is left: these models were trained on texts without what it holds, "
        "such as digits, marks, @names or [codes]; type words, too."
    ),
    "all_gone": N_("Every token would be gone, and nothing left to read: leave at least one."),
    "no_replacement": N_(
        "Type what the chosen tokens become; to take them out without a replacement, delete them."
    ),
    "too_long": N_("The text has {count:,} characters; shorten it to {limit:,} or fewer."),
    "schema": N_("This file was made for another version of poolviz; make it again."),
    "differs": N_(
        "This browser computes other numbers than Python did when the file was made, so none are "
        "shown; use another browser, or make the file again."
    ),
    "cannot": N_(
        "This browser cannot compute these models ({reason}); use a current Chrome, Edge, Firefox "
        "or Safari."
    ),
}


def in_every_language(make: Callable[[], Any]) -> dict[str, Any]:
    """What `make` gives in the language of each key of `LANGUAGES`."""

    def spoken(language: str) -> Any:
        use(language)
        return make()

    return {language: copy_context().run(spoken, language) for language in LANGUAGES}


def words(checkpoints: Sequence[Checkpoint]) -> Words:
    """All that the view says of these classifiers, in the language of the context."""
    return {
        **_of_tables(checkpoints, checkpoints[0].classes),
        **{name: _(message) for name, message in (_OF_CONTROLS | _REFUSED).items()},
        "heads": [checkpoint.head_title for checkpoint in checkpoints],
        "others": {key: _(name) for key, name in ALTERNATIVES.items()},
        "quantities": {key: _(name) for key, name in QUANTITY_NAMES.items()},
        "scales": {key: _(name) for key, name in SCALE_NAMES.items()},
        # By how many heads they are: languages have plurals of their own.
        "tally": [
            ngettext("{count} head: {name}", "{count} heads: {name}", count)
            for count in range(len(checkpoints) + 1)
        ],
        "pointing": words_to_edit(),
    }


def words_of_pairs(checkpoints: Sequence[Checkpoint]) -> Words:
    """All that the view says of these matchers, in the language of the context."""
    return {
        **_of_tables(checkpoints, OUTCOMES),
        **{name: _(message) for name, message in _OF_PAIRS.items()},
        "sentences": [_(name) for name in SENTENCES["pair"]],
        # By how many matchers say match.
        "counts": [
            ngettext("{count} of {total} says match.", "{count} of {total} say match.", count)
            for count in range(len(checkpoints) + 1)
        ],
    }


def _of_tables(checkpoints: Sequence[Checkpoint], classes: Sequence[str]) -> Words:
    language = LANGUAGES[current()]
    return {
        **{name: _(message) for name, message in _OF_ROWS.items()},
        "doubts": asdict(said()),
        "scripts": {key: _(name) for key, name in CALLED.items()},
        "comma": language.comma,
        "stop": language.stop,
        "note_window": window_sentence(tuple(checkpoints[0].card["window"])),
        "note_contribution": contribution_sentence(*checkpoints),
        "classes": [class_label(name) for name in classes],
        "meanings": [meaning_of(name) for name in classes],
    }
