"""What `export` takes away: the contents of the view that its flags describe."""

from __future__ import annotations

from argparse import Namespace

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.selection import with_head
from poolviz.cli import terminal
from poolviz.cli.inputs import (
    chosen_checkpoints,
    family_for,
    has_text,
    listed_checkpoints,
    the_text,
)
from poolviz.cli.sentences import explained_sentences
from poolviz.datasets.examples import examples
from poolviz.engine.texts import Explainer, explain_each
from poolviz.errors import ChoiceError
from poolviz.export.changes import with_changes
from poolviz.export.contents import Contents, compare_contents
from poolviz.export.live import with_live
from poolviz.export.pairs import match_contents
from poolviz.export.trust import trust_contents
from poolviz.model.kinds import CLASSIFIER, MATCHER, kinds_of
from poolviz.trust.ablation.model import Model
from poolviz.trust.rows import results
from poolviz.trust.shown import rows_shown
from poolviz.trust.tables import CONTROL, offered
from poolviz.trust.text.reading import read_all
from poolviz.views.changes import compare_texts
from poolviz.views.pairs import sentence_panels
from poolviz.views.panel import panel
from poolviz.views.view import View
from poolviz.watch import Watch

STOPPED = "The export was stopped by Ctrl+C; nothing was written."


def contents_of(arguments: Namespace) -> Contents:
    """The contents that the page of this view would offer.

    Raises
    ------
    ChoiceError, CheckpointError, TextError : the flags describe none.
    """
    return BY_FAMILY[family_for(arguments)](arguments)


def _of_one_text(arguments: Namespace) -> Contents:
    return _of_trust(arguments) if arguments.trust else _of_text(arguments)


def _of_text(arguments: Namespace) -> Contents:
    chosen = chosen_checkpoints(arguments, kinds_of(CLASSIFIER))
    text = _text_of(arguments, chosen[0])
    explainers = [Explainer(checkpoint) for checkpoint in chosen]
    view = view_of(arguments)
    found = explain_each(explainers, text)
    contents = compare_contents(found, panel(found, view), None)
    contents = with_live(contents, chosen, text, view)
    if arguments.changed is None:
        return contents
    after = explain_each(explainers, arguments.changed)
    if after[0].text == found[0].text:
        raise ChoiceError("The text of --changed is the same; give another one.")
    return with_changes(contents, compare_texts(found, after, view))


def view_of(arguments: Namespace) -> View:
    """The view that the flags describe."""
    return View(
        quantity=arguments.quantity,
        target=arguments.target,
        against=arguments.against,
        spread=arguments.spread,
        words=arguments.words,
        scale=arguments.scale,
    )


def _text_of(arguments: Namespace, checkpoint: Checkpoint) -> str:
    """The text of the command line; a live page can do without, and begins with an example."""
    if has_text(arguments):
        return the_text(arguments)
    return examples(checkpoint.task, checkpoint.card["unit"])[0]


def _of_sentences(arguments: Namespace) -> Contents:
    if arguments.quantity == "alternative":
        raise ChoiceError("Matchers have no --quantity alternative; choose another one.")
    found = explained_sentences(arguments)
    unmarked = [None for _pair in found[0].pairs]
    return match_contents(found, sentence_panels(found, arguments.quantity), unmarked)


def _of_trust(arguments: Namespace) -> Contents:
    text = the_text(arguments)
    chosen = chosen_checkpoints(arguments, kinds_of(CLASSIFIER))
    measured = with_head(listed_checkpoints(arguments), chosen, CONTROL)
    models = [Model(Explainer(checkpoint)) for checkpoint in measured]
    with terminal.stop_on_interrupt(STOPPED) as cancelled, terminal.StatusLine() as status:
        watch = Watch(terminal.count_progress(status, "Measuring"), cancelled)
        readings = read_all(models, text, arguments.erase, watch)
    summaries = results.read_summaries(measured)
    rows = {checkpoint.head: results.read_rows(checkpoint) for checkpoint in measured}
    if not summaries:
        return trust_contents(readings, None)
    how = arguments.erase
    first = offered(summaries, how)[0]
    return trust_contents(readings, rows_shown(arguments.dataset, summaries, rows, first, how))


BY_FAMILY = {CLASSIFIER: _of_one_text, MATCHER: _of_sentences}
