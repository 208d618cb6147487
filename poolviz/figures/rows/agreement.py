"""How often heads agree, as safe HTML: a sentence, who is right, and each head against each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from poolviz.explore.agreement import Agreement
from poolviz.figures import colours
from poolviz.language import _, joined, ngettext
from poolviz.text.pieces import html_attribute, html_text

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
FULL_TINT = (
    0.5  # the share of rows with different classes from which on a cell is as dark as can be
)


def agreement_html(
    found: Agreement, heads: Mapping[str, str], pair: tuple[int, int] | None = None
) -> str:
    """One `<div>` for `st.html`: how often all heads agree, and a line for each head.

    A line says how often the head is right, where labels are known, and how often it agrees with
    each head above it. A cell with a pair on which the two disagree is a button that names them:
    `data-choose="pair:max,attention"`.

    Parameters
    ----------
    heads : titles by key, in the order of the heads of `found`.
    pair : columns of the pair that is chosen now.
    """
    keys, titles = list(heads), list(heads.values())
    header = _header(titles, bool(found.labelled))
    lines = []
    for number, title in enumerate(titles):
        cells = [_right(found, number)] if found.labelled else []
        cells += [
            _cell(found, (column, number), keys, titles, (column, number) == pair)
            for column in range(number)
        ]
        cells += ["<td></td>"] * (len(heads) - 1 - number)
        lines.append(f'<tr><th scope="row">{html_text(title)}</th>{"".join(cells)}</tr>')
    body = "".join(lines).replace('tabindex="-1"', 'tabindex="0"', 1)  # one stop for Tab
    return (
        f'<div class="pvg"><style>{_style()}</style>'
        f'<p class="pvg-answer">{_answer(found, len(heads))}</p>'
        f'<div class="pvg-box"><table>{header}<tbody data-choices>{body}</tbody></table>'
        f"</div>{_legend(found) if len(heads) > 1 else ''}</div>"
    )


def _answer(found: Agreement, heads: int) -> str:
    if heads == 1:
        return html_text(_("One head alone agrees with itself; choose several to compare them."))
    if heads == 2:
        sentence = ngettext(
            "Both heads agree on {share} of this {rows:,} row.",
            "Both heads agree on {share} of these {rows:,} rows.",
            found.rows,
        )
    else:
        sentence = ngettext(
            "All {heads} heads agree on {share} of this {rows:,} row.",
            "All {heads} heads agree on {share} of these {rows:,} rows.",
            found.rows,
        )
    share = f"<b>{found.unanimous / found.rows:.1%}</b>"
    return html_text(sentence).format(heads=heads, share=share, rows=found.rows)


def _header(titles: list[str], labelled: bool) -> str:
    right = f'<th scope="col">{html_text(_("Right"))}</th>' if labelled else ""
    with_each = "".join(f'<th scope="col">{html_text(title)}</th>' for title in titles[:-1])
    return f"<thead><tr><td></td>{right}{with_each}</tr></thead>"


def _right(found: Agreement, number: int) -> str:
    right = int(found.right[number])
    share = right / found.labelled
    title = _("right on {right:,} of {rows:,} labelled rows").format(
        right=right, rows=found.labelled
    )
    return (
        f'<td class="pvg-right" title="{html_attribute(title)}"><b>{share:.1%}</b>'
        f'<span class="pvg-bar"><i style="width:{share:.1%}"></i></span></td>'
    )


def _cell(
    found: Agreement, pair: tuple[int, int], keys: list[str], titles: list[str], chosen: bool
) -> str:
    together = int(found.together[pair])
    apart = found.rows - together
    share = f"{together / found.rows:.1%}"
    step = round(min(apart / found.rows / FULL_TINT, 1) * colours.TINT_STEPS)
    one, other = (titles[column] for column in pair)
    title = joined(
        [
            _("{one} and {other} predict the same class for {count:,} of {rows:,} rows.").format(
                one=one, other=other, count=together, rows=found.rows
            ),
            _("Show the others: {count:,}.").format(count=apart),
        ]
    )
    if not apart:
        return f"<td>{share}</td>"
    names = html_attribute(",".join(keys[column] for column in pair))
    pressed = str(chosen).lower()
    return (
        f'<td><button type="button" class="pvg-{step}" data-choose="pair:{names}" tabindex="-1" '
        f'aria-pressed="{pressed}" title="{html_attribute(title)}">{share}</button></td>'
    )


def _legend(found: Agreement) -> str:
    sentences = [_("How often two heads predict the same class.")]
    if found.unanimous < found.rows:
        sentences.append(_("The stronger its colour, the more often they do not."))
        sentences.append(_("Click a number for the rows on which the two disagree."))
    if not found.labelled:
        sentences.append(_("Without labels nothing is right or wrong."))
    return f'<p class="pvg-legend">{html_text(joined(sentences))}</p>'


@cache
def _style() -> str:
    rules = [_STYLE.replace("BAR", colours.POINT)]
    for step in range(1, colours.TINT_STEPS + 1):
        light, dark = (colours.tint("weight", step, page) for page in ("light", "dark"))
        back, text = (
            f"light-dark({colours.css(one)},{colours.css(other)})"
            for one, other in zip(light, dark, strict=True)
        )
        rules.append(f".pvg .pvg-{step}{{background:{back};color:{text}}}")
    return "".join(rules)
