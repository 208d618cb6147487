"""The film of a training: how the weights of pinned sentences settled, beside the losses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.components.v2 import component

from poolviz.checkpoints import film
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.film import Film
from poolviz.export.film.files import PLAYER, STYLE, film_data, film_html, film_words, film_zip
from poolviz.export.names import file_stem
from poolviz.language import _
from poolviz.ui.frame.exports import draw_download_button
from poolviz.ui.frame.remembered import remembered

MOST_CELLS = 500_000  # weights of a film on the page; a larger one is a file alone
_player = component(
    "poolviz_film",
    html='<div class="film"></div>',
    css=f""".film{{color:var(--st-text-color);font-size:1rem}}
.film button{{color:inherit;background:var(--st-background-color);cursor:pointer;
border:1px solid var(--st-border-color);border-radius:6px;padding:.25rem .7rem}}
.film input{{accent-color:var(--st-primary-color)}}
.film button:hover,.film button:focus-visible{{border-color:var(--st-primary-color)}}
{STYLE}""",
    js=f"""{PLAYER}
const stops = new WeakMap(); // parentElement -> what ends the film that plays there
export default function ({{ parentElement, data }}) {{
  stops.get(parentElement)?.();
  stops.set(parentElement, played(parentElement.querySelector(".film"), data.film, data.words));
}}""",
)


def draw_films(key: str, checkpoints: Sequence[Checkpoint]) -> None:
    """Draw the film of one of the models that were filmed; nothing where none was.

    Parameters
    ----------
    key : of the training.
    """
    films = {c.name: (c, found) for c in checkpoints if (found := film.read(c))}
    if not films:
        return
    st.markdown(f"**{_('How attention settled')}**")
    name = next(iter(films))
    if len(films) > 1:
        name = remembered(
            st.segmented_control,
            f"film_of_{key}",
            _("Model"),
            name,
            options=list(films),
            format_func=lambda name: films[name][0].title,
            required=True,
            label_visibility="collapsed",
            help=_("Whose film is shown."),
        )
    checkpoint, found = films[name]
    if _cells(found) <= MOST_CELLS:
        _player(key=f"film_{key}", data={"film": film_data(found), "words": film_words()})
    else:
        st.info(_("This film is too long for the page; its files hold all of it."))
    title = f"{checkpoint.title} · {checkpoint.task}"
    stem = file_stem(checkpoint.task, [checkpoint.name], "film", str(len(found)))
    with st.container(horizontal=True):
        page, pictures = partial(_page, found, title), partial(film_zip, found, title)
        draw_download_button(
            _("Film (HTML)"),
            page,
            f"{stem}.html",
            f"film_html_{key}",
            _("One page that plays without a network, with all sentences."),
        )
        draw_download_button(
            _("Film and a picture of each epoch (ZIP)"),
            pictures,
            f"{stem}.zip",
            f"film_zip_{key}",
            _("The page, and for each epoch a picture (SVG) of all sentences."),
        )


def _page(found: Film, title: str) -> bytes:
    return film_html(found, title).encode("utf-8")


def _cells(found: Film) -> int:
    return len(found) * sum(weights.size for weights in found.weights[0])
