"""Sentences of the command line under the matchers that its flags choose."""

from __future__ import annotations

from argparse import Namespace

from poolviz.cli import terminal
from poolviz.cli.inputs import chosen_checkpoints, the_text
from poolviz.engine.pairs import PairExplainer, explain_each
from poolviz.engine.vectors import windows_of
from poolviz.errors import ChoiceError
from poolviz.model.kinds import MATCHER, kinds_of
from poolviz.text.encoding import encode
from poolviz.views.captions import reading_sentence
from poolviz.views.pairs import MODE_OF, Explained, check_sentences, sentence_names


def explained_sentences(arguments: Namespace) -> list[Explained]:
    """The text and `--other`, as a pair or a triplet, under each of the chosen matchers.

    Raises
    ------
    ChoiceError, CheckpointError, TextError : too few or too many sentences, no such matcher, or
        one that cannot be read.
    """
    texts = (the_text(arguments), *(arguments.other or ()))
    if len(texts) not in MATCHER.texts:
        raise ChoiceError(
            "Matchers read two or three sentences: give --other once for a pair, twice for a "
            "positive and a negative."
        )
    check_sentences(MODE_OF[len(texts)], texts)
    kinds = (arguments.kind,) if arguments.kind else kinds_of(MATCHER)
    chosen = chosen_checkpoints(arguments, kinds)
    explainers = [PairExplainer(checkpoint) for checkpoint in chosen]
    found = explain_each(explainers, texts)
    for name, text in zip(sentence_names(found[0]), texts, strict=True):
        read = encode(text, explainers[0].vocabulary)
        for said in reading_sentence(name, *windows_of(read)):
            terminal.note(said)
    return found
