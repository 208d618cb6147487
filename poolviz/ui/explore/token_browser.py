"""The tokens that the heads weigh most, and the page of one token: every context of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from poolviz.checkpoints.checkpoint import VOCABULARY, Checkpoint
from poolviz.explore import shipped
from poolviz.explore.contexts import contexts
from poolviz.explore.rows import NO_LABEL
from poolviz.explore.survey import Survey
from poolviz.explore.tokens import interval, top
from poolviz.figures.rows.contexts import contexts_html
from poolviz.figures.rows.tokens import TokenPanel, tokens_html
from poolviz.language import N_, _, joined, ngettext
from poolviz.model.class_names import class_label, meaning_of
from poolviz.ui import row_loaders
from poolviz.ui.explore.row_browser import draw_page_picker
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.markdown import plain
from poolviz.ui.input.browsed import Source
from poolviz.ui.sidebar.choice import Choice

TOP = 15  # tokens in a chart
LISTED = 100  # tokens in the table of numbers
PAGE_CONTEXTS = 20
_BY_NAMES = {"contribution": N_("Contribution"), "weight": N_("Weight")}
_QUANTITIES = {
    "contribution": N_("Mean contribution"),
    "weight": N_("Mean weight (1 = uniform)"),
}


@dataclass(frozen=True)
class _Head:
    """A head, the figures of its tokens, and how these are written."""

    checkpoint: Checkpoint
    table: pd.DataFrame

    @property
    def title(self) -> str:
        return self.checkpoint.head_title

    def top(self, number: int, by: str, count: int) -> pd.DataFrame:
        """The leading tokens of a class, with a column `name`."""
        found = top(self.table, number, by, count)
        vocabulary = loaders.explainer(self.checkpoint).vocabulary
        return found.assign(name=[vocabulary.token_of(number) for number in found["token"]])


def draw_token_browser(choice: Choice, source: Source | None, survey: Survey | None) -> None:
    """Draw the top tokens of each chosen head, and below them the page of the chosen token."""
    heads = _heads(choice, survey)
    if not heads:
        st.info(_("Token figures appear here once the heads have predicted the rows."))
        return
    rows = len(source.rows) if source and survey else int(heads[0].table.attrs["rows"])
    number, by = _class_and_quantity(choice)
    panels = [_panel(head, number, by) for head in heads]
    st.html(tokens_html(panels, _(_QUANTITIES[by]), reference=float(by == "weight")))
    st.caption(_explanation(by, choice.classes[number], rows, shipped_figures=survey is None))
    _numbers(heads, number, by)
    token = _token(heads, number, by)
    if token:
        _token_page(choice, source, heads, number, token)


def _heads(choice: Choice, survey: Survey | None) -> list[_Head]:
    """Heads with figures: of these rows, or else those that came with the checkpoint."""
    if survey:
        return [_Head(c, t) for c, t in zip(choice.checkpoints, survey.tokens, strict=True)]
    found = [(checkpoint, shipped.read(checkpoint)) for checkpoint in choice.checkpoints]
    return [_Head(c, table) for c, table in found if table is not None]


def _class_and_quantity(choice: Choice) -> tuple[int, str]:
    chosen = st.session_state["explore_class"]
    if chosen not in choice.classes:
        st.session_state["explore_class"] = choice.classes[-1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state.relabel("_explore_class")
        name = state.bound(
            st.selectbox,
            "explore_class",
            _("Class"),
            options=choice.classes,
            format_func=class_label,
            width=260,
            help=_("Weights are means over rows taken for it, contributions are to it."),
        )
        by = state.switch(
            "explore_by",
            _("Largest by"),
            _BY_NAMES,
            help=_("Which mean the tokens are ordered by."),
        )
    if chosen not in choice.classes:
        state.leave_unsaid("explore_class")
    return choice.classes.index(name), by


def choose_token(token: str) -> None:
    """Callback of a click on a token: its page is shown below."""
    st.session_state.update(explore_token=token, explore_contexts=1)
    state.mark_choice()


def _panel(head: _Head, number: int, by: str) -> TokenPanel:
    found = head.top(number, by, TOP)
    instead = None
    if found.empty:
        instead = _("No token was seen often enough.")
    elif by == "weight" and found["value"].max() - found["value"].min() < 1e-3:
        instead = _("This head weighs all tokens of a text alike.")
    return TokenPanel(head.title, found, instead)


def _explanation(by: str, name: str, rows: int, shipped_figures: bool) -> str:
    sentences = [
        _("In the rows that the head takes for “{name}”: the token's weight, 1 being uniform.")
        if by == "weight"
        else _("In all rows: what the token adds to the centred logit of “{name}”."),
        _(
            "Means over rows, of tokens seen 16 times or more in 5 rows or more, with their 95 % "
            "interval from 20 rows on. An interval says nothing of what another training would "
            "give."
        ),
        _("Measured on {rows:,} rows of the data set; their texts are not part of it.")
        if shipped_figures
        else ngettext("Measured on {rows:,} row.", "Measured on {rows:,} rows.", rows),
    ]
    return joined(sentences).format(name=plain(class_label(name)), rows=rows)


def _numbers(heads: Sequence[_Head], number: int, by: str) -> None:
    opened = st.expander(_("All numbers"), on_change="rerun", key="open_token_numbers")
    if not opened.open:
        return
    with opened:
        parts = [head.top(number, by, LISTED).assign(head=head.title) for head in heads]
        table = pd.concat(parts, ignore_index=True)
        names = {
            "head": _("Head"),
            "name": _("Token"),
            "value": _(_QUANTITIES[by]),
            "low": "2.5 %",
            "high": "97.5 %",
            "rows": _("Rows"),
            "occurrences": _("Occurrences"),
        }
        st.dataframe(
            table[list(names)].rename(columns=names).round(4), hide_index=True, key="token_numbers"
        )


def _token(heads: Sequence[_Head], number: int, by: str) -> str | None:
    """The token whose page is wanted: one of those shown, or any that is typed."""
    options = list(dict.fromkeys(n for head in heads for n in head.top(number, by, TOP)["name"]))
    chosen = st.session_state["explore_token"]
    if chosen and chosen not in options:
        options.append(chosen)
    return state.bound(
        st.selectbox,
        "explore_token",
        _("Look at one token"),
        options=options,
        index=None,
        placeholder=_("Choose a token, or type another one"),
        accept_new_options=True,
        help=_("Its means under every head, and where it stands in the rows."),
    )


def _token_page(
    choice: Choice, source: Source | None, heads: Sequence[_Head], number: int, token: str
) -> None:
    st.subheader(_("One token in every head"), anchor=False)
    _token_figures(heads, number, token)
    if source is None:
        st.info(_("Its contexts appear here where the rows are on this machine."))
        return
    explainers = [loaders.explainer(checkpoint) for checkpoint in choice.checkpoints]
    occurrences = row_loaders.token_occurrences(
        source.rows.identity,
        choice.checkpoints[0].card["files"][VOCABULARY]["sha256"],
        source.rows,
        explainers[0],
    ).find(token)
    if not len(occurrences):
        st.info(_("These rows do not hold this token, or the models do not know it."))
        return
    st.caption(_("Occurrences in these rows: {count:,}.").format(count=len(occurrences)))
    pages = -(-len(occurrences) // PAGE_CONTEXTS)
    number = min(st.session_state["explore_contexts"], pages)
    on_page = occurrences[(number - 1) * PAGE_CONTEXTS : number * PAGE_CONTEXTS]
    found = contexts(source.rows, on_page, explainers)
    labels = [source.rows.labels[context.row] for context in found]
    st.html(
        contexts_html(
            found,
            [meaning_of(choice.classes[label]) if label != NO_LABEL else "" for label in labels],
            [checkpoint.head_title for checkpoint in choice.checkpoints],
        )
    )
    st.caption(_("Right: the token's weight there under each head; 1 is uniform."))
    draw_page_picker("explore_contexts", number, pages)


def _token_figures(heads: Sequence[_Head], number: int, token: str) -> None:
    """The token's means under every head, as far as it was seen often enough."""
    lines = []
    for head in heads:
        entry = loaders.explainer(head.checkpoint).vocabulary.id_of(token)
        found = head.table[(head.table["token"] == entry) & (head.table["class"] == number)]
        for _index, line in found.iterrows():  # one at most
            lines.append(
                {
                    _("Head"): head.title,
                    _("Mean weight (1 = uniform)"): _interval(line, "weight"),
                    _("Mean contribution"): _interval(line, "contribution"),
                    _("Rows taken for the class"): int(line["rows"]),
                    _("Rows"): int(line["all_rows"]),
                    _("Occurrences"): int(line["all_occurrences"]),
                }
            )
    if lines:
        st.dataframe(pd.DataFrame(lines), hide_index=True, key="token_figures")
    else:
        st.caption(_("The token was seen too rarely for means."))


def _interval(line: pd.Series, by: str) -> str:
    """A mean with its interval; nothing where no row was counted."""
    if by == "weight" and not line["rows"]:
        return "–"
    return interval(line, by).as_number()
