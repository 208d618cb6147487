"""A token in its contexts as safe HTML: a line for each occurrence, the token in the middle."""

from __future__ import annotations

import html
from collections.abc import Sequence

from poolviz.explore.contexts import Context
from poolviz.figures import colours
from poolviz.language import _
from poolviz.text.pieces import one_line
from poolviz.views.captions import number

_STYLE = """
.pv-kwic{overflow-x:auto}
.pv-kwic table{border-collapse:collapse;width:100%;font-size:.9rem}
.pv-kwic td,.pv-kwic th{padding:.2rem .3rem;border:0;
border-bottom:1px solid GRID;white-space:nowrap}
.pv-kwic th{font-size:.8rem;font-weight:400;opacity:.75;text-align:right;white-space:normal;
vertical-align:bottom}
.pv-kwic th[colspan]{text-align:center}
.pv-kwic .pv-before{text-align:right;width:45%}
.pv-kwic .pv-after{text-align:left;width:45%}
.pv-kwic mark{background:MARKED;color:inherit;border-radius:3px;padding:0 .15em}
.pv-kwic .pv-number{text-align:right;font-variant-numeric:tabular-nums}
""".replace("GRID", colours.GRID).replace("MARKED", colours.MARKED)


def contexts_html(contexts: Sequence[Context], labels: Sequence[str], heads: Sequence[str]) -> str:
    """A table for `st.html`: text before, the token marked, text after, label, weights.

    Parameters
    ----------
    labels : the known label of each context's row, "" where there is none.
    heads : names of the heads, in the order of `Context.weights`.

    Returns
    -------
    One `<div>`; everything that comes from texts, labels and names is escaped.
    """
    names = "".join(f'<th scope="col">{_text(name)}</th>' for name in (_("Label"), *heads))
    lines = "".join(_line(context, label) for context, label in zip(contexts, labels, strict=True))
    return (
        f'<div class="pv-kwic"><style>{_STYLE}</style><table>'
        f'<thead><tr><th scope="col" colspan="2">{_text(_("Context"))}</th>{names}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _line(context: Context, label: str) -> str:
    numbers = "".join(f'<td class="pv-number">{number(weight)}</td>' for weight in context.weights)
    return (
        f'<tr><td class="pv-before"><bdi>{_text(context.before)}</bdi></td>'
        f'<td class="pv-after"><mark>{_text(context.token)}</mark>'
        f"<bdi>{_text(context.after)}</bdi></td>"
        f'<td class="pv-number"><bdi>{_text(label)}</bdi></td>{numbers}</tr>'
    )


def _text(text: str) -> str:
    return html.escape(one_line(text))
