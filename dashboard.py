"""The Compare page: one text, every pooling head side by side."""

from functools import partial

import streamlit as st

from poolviz.datasets import small
from poolviz.errors import PoolvizError
from poolviz.export.changes import with_changes
from poolviz.export.contents import compare_contents
from poolviz.figures.texts.aligned import aligned_changes_html, aligned_html
from poolviz.language import _, joined
from poolviz.ui.compare import edits
from poolviz.ui.compare.live import draw_live
from poolviz.ui.compare.sections import Shown, draw_sections
from poolviz.ui.frame import explained
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.frame.exports import draw_exports, with_live_page
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input.long_text import part_shown
from poolviz.ui.input.text_input import text_input
from poolviz.ui.input.view_controls import view_controls
from poolviz.ui.sidebar.controls import controls, draw_heading
from poolviz.ui.tokens.token_rows import draw_rows_to_edit
from poolviz.views.changes import compare_texts
from poolviz.views.decisions import named_class
from poolviz.views.panel import panel
from poolviz.views.passages import part_of_changes

choice = controls("compare")
draw_heading(_("What does each pooling head look at?"))
given = text_input(choice)
view = view_controls(choice)
texts = edits.texts_of_view(given.text)
try:
    explanations = explained.explanations(choice.checkpoints, given.text)
    before, after = (
        explained.explanations(choice.checkpoints, text) for text in (texts.before, texts.after)
    )
    shown = panel(explanations, view)
except PoolvizError as error:
    st.info(error_sentence(error))
    draw_live(choice, given.text, view, None)
    st.stop()

known = given.row.label if given.row else None
target = shown.view.target or named_class(explanations)
changes = compare_texts(before, after, view) if texts.differ else None
if changes:
    content = aligned_changes_html(changes, target, part_of_changes(changes))
else:
    content = aligned_html(shown, target, part_shown(shown), known)
shown_tokens = changes.heads[0].panels[1].tokens if changes else shown.tokens
draw_rows_to_edit(
    content,
    partial(edits.change_tokens, given.text, texts.after, shown_tokens, choice.cut_by),
)
draw_live(choice, given.text, view, explanations)
edits.draw_edit_bar(given.text, texts)
if cautions := small.of_cards(checkpoint.card for checkpoint in choice.checkpoints):
    st.caption(plain(joined(cautions)))
draw_sections(Shown(choice, explanations, shown, changes))
if given.share.open:
    with given.share:
        draw_exports(
            with_live_page(
                with_changes(compare_contents(explanations, shown, known), changes),
                *(choice.checkpoints, given.text, shown.view),
            ),
            subject=(
                *(shown.view, known, given.text, [c.onnx_hash for c in choice.checkpoints]),
                changes and changes.texts,
            ),
        )
