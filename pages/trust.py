"""The Trust page: can these weights be believed? One text, then the test rows, people, padding."""

from functools import partial

import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.export.trust import trust_contents
from poolviz.language import _
from poolviz.model.heads import HEADS
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.selfcheck import PaddedRun, padding_check
from poolviz.trust.rows import results
from poolviz.ui.frame import explained, loaders, state
from poolviz.ui.frame.controls import Choice, controls, dataset_title
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import draw_exports
from poolviz.ui.input.text_input import text_input
from poolviz.ui.trust.padding import draw_padding
from poolviz.ui.trust.plausibility import plausibility
from poolviz.ui.trust.rows import draw_test_rows, draw_verdicts, with_control
from poolviz.ui.trust.text import draw_this_text, readings


def padded_runs(choice: Choice, text: str) -> dict[str, list[PaddedRun]]:
    """The text at several padded lengths under every chosen head."""
    explainers = {_(HEADS[c.head].title): loaders.explainer(c) for c in choice.checkpoints}
    return {
        head: padding_check(explainer.engine, explained.encoded(explainer.vocabulary, text).ids)
        for head, explainer in explainers.items()
    }


choice = controls("trust")
st.header(
    _("Can these weights be believed? {title}").format(title=dataset_title(choice.dataset)),
    anchor=False,
)
measured = with_control(choice)
summaries = results.read_summaries(measured)
draw_verdicts(summaries, st.session_state["erase"])
given = text_input(choice)
how = state.switch("erase", _("Erased tokens are"), ERASURES)
found, usable = None, True
try:
    found = readings(measured, given.text, how)
except PoolvizError as error:
    st.info(error_sentence(error))
    usable = False
if found:
    draw_this_text(found)
st.header(_("Over the test rows"), anchor=False)
rows = draw_test_rows(choice, measured, summaries, how)
st.header(_("Does it agree with a person?"), anchor=False)
tables = plausibility(choice, found or [])
if usable:
    st.header(_("Does padding leak?"), anchor=False)
    draw_padding(
        (given.text, [checkpoint.onnx_hash for checkpoint in choice.checkpoints]),
        _("Head"),
        partial(padded_runs, choice, given.text),
    )
if found and given.share.open:
    hashes = [checkpoint.onnx_hash for checkpoint in measured]
    with given.share:
        draw_exports(
            trust_contents(found, rows, tables),
            subject=(
                *(given.text, how, hashes, rows and rows.title),
                [table.make() for table in tables],
            ),
        )
