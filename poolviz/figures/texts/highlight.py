"""A text with its tokens tinted, as safe HTML: numbers on hover and focus, by style sheet alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poolviz.figures import colours
from poolviz.figures.heaviest import heaviest
from poolviz.figures.method import method
from poolviz.language import _, joined, ngettext
from poolviz.text.pieces import as_label, html_attribute, html_piece, html_text, pieces
from poolviz.text.tokens import has_visible
from poolviz.values.explanation import WHOLE_TEXT
from poolviz.views.captions import number, reading_notes
from poolviz.views.panel import Panel, Row

# One style sheet for all highlights, so that several on a page cannot change each other.
_STYLE = """
.pv{font-size:1rem}
.pv-weight{--h:WEIGHT}
.pv-signed{--h:POSITIVE}
.pv-n{--h:NEGATIVE}
.pv-stage{position:relative;padding-bottom:2.1rem}
.pv-text{max-height:22rem;overflow:auto;line-height:1.9;white-space:pre-wrap;
overflow-wrap:anywhere;unicode-bidi:plaintext;padding:3px}
.pv-t{border-radius:3px;padding:.1em 0;cursor:default;outline-offset:-1px}
.pv-u{text-decoration:underline dotted;text-underline-offset:.2em}
.pv-tip,.pv-t:hover::after,.pv:not(:has(.pv-t:hover)) .pv-t:focus::after{position:absolute;
left:3px;bottom:0;max-width:100%;box-sizing:border-box;overflow:hidden;white-space:nowrap;
text-overflow:ellipsis;font-size:.8rem;line-height:1.7rem}
.pv-t:hover::after,.pv:not(:has(.pv-t:hover)) .pv-t:focus::after{content:attr(data-tip);
background:TIP_BACKGROUND;color:TIP_TEXT;border-radius:4px;padding:0 .6em;direction:ltr}
.pv:has(.pv-t:hover) .pv-tip,.pv:has(.pv-t:focus) .pv-tip{visibility:hidden}
.pv-t:hover,.pv-t:focus{outline:2px solid currentColor}
.pv-legend{font-size:.8rem;display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:flex-start}
.pv-scale{width:11rem}
.pv-bar{height:.7rem;border:1px solid RULE;border-radius:2px}
.pv-weight .pv-bar{background:linear-gradient(to right,transparent,rgb(WEIGHT))}
.pv-signed .pv-bar{background:linear-gradient(to right,rgb(NEGATIVE),transparent,rgb(POSITIVE))}
.pv-ends{display:flex;justify-content:space-between}
.pv-ends :only-child{margin:auto}
.pv-stage:has(~.pv-stage) .pv-tip{display:none}
.pv-left{opacity:.6}
.pv-name{font-size:.8rem;font-weight:600;opacity:.75}
.pv-note{font-size:.8rem;opacity:.75}
"""


def highlight_html(panel: Panel, index: int, part: range | None = None) -> str:
    """The text with each token tinted by its value, a legend, and what the colours mean.

    Hovering a token or moving the keyboard focus to it shows its number, position and window below
    the text, and outlines the window; no script is used. The text wraps, and scrolls beyond 22 rem.

    >>> import poolviz
    >>> from poolviz.views.panel import panel
    >>> from poolviz.views.view import View
    >>> drawn = highlight_html(panel(poolviz.explain("好<", "chnsenticorp_htl_all"), View()), 0)
    >>> [part in drawn for part in ("<div", ">好</span>", ">&lt;</span>")]
    [True, True, True]

    Parameters
    ----------
    panel : what to show.
    index : which of the panel's summaries (heads).
    part : the tokens to show; None for all.

    Returns
    -------
    One `<div>` for `st.html`; everything that comes from the text is escaped.
    """
    return _framed(panel, index, _stage(panel.summaries[index], part))


def highlights_html(panels: Mapping[str, Panel], index: int, parts: Sequence[range]) -> str:
    """Several texts one below the other, with one legend for their one scale.

    Parameters
    ----------
    panels : of each text, by a name to show above it; made by `poolviz.views.panel.with_one_scale`.
    index : which of the panels' summaries (heads).
    parts : the tokens to show of each text.

    Returns
    -------
    One `<div>` as of `highlight_html`.
    """
    stages = [
        f'<div class="pv-name">{html_text(name)}</div>{_stage(panel.summaries[index], part)}'
        for (name, panel), part in zip(panels.items(), parts, strict=True)
    ]
    return _framed(next(iter(panels.values())), index, "".join(stages))


def alt_text(row: Row) -> str:
    """One sentence that says what the highlight shows, for a reader who cannot see it."""
    count = len(row.values)
    return ngettext(
        "{head}: {unit} of {count} token, {low} to {high}; most: {tokens}.",
        "{head}: {unit} of {count} tokens, {low} to {high}; most: {tokens}.",
        count,
    ).format(
        head=row.label,
        unit=row.unit,
        count=count,
        low=number(row.values.min()),
        high=number(row.values.max()),
        tokens=heaviest(row),
    )


def _framed(panel: Panel, index: int, stages: str) -> str:
    row = panel.summaries[index]
    before, after = row.explanation.window
    tint = "pv-signed" if panel.diverging else "pv-weight"
    return (
        f'<div class="pv {tint} pv-{before}-{after}">'
        f"<style>{_style(row.explanation.window)}</style>"
        f"{stages}{_legend(panel, row)}</div>"
    )


def _stage(row: Row, part: range | None) -> str:
    """The text, and the place below it for the number of the token that is pointed at."""
    hint = _("Point at a token, or Tab to it, for its number.")
    return (
        '<div class="pv-stage">'
        f'<div class="pv-text" dir="auto" role="list" aria-label="{html_attribute(alt_text(row))}">'
        f"{_tokens(row, part)}</div>"
        f'<div class="pv-tip">{html_text(hint)}</div>'
        "</div>"
    )


def _tokens(row: Row, part: range | None) -> str:
    explanation = row.explanation
    fractions = row.fractions
    return "".join(
        _between(text) if index is None else _token(row, index, text, fractions[index])
        for text, index in pieces(explanation.text, explanation.tokens, part)
    )


def _between(text: str) -> str:
    piece = html_piece(text)
    return f'<span class="pv-left">{piece}</span>' if has_visible(text) else piece


def _token(row: Row, index: int, text: str, fraction: float) -> str:
    explanation = row.explanation
    known = explanation.tokens[index].known
    step = colours.step(fraction)
    classes = ["pv-t"]
    if step:
        classes.append(f"pv-{step}")
    if fraction < 0:
        classes.append("pv-n")
    if not known:
        classes.append("pv-u")
    value = number(row.values[index])
    return (
        f'<span class="{" ".join(classes)}" tabindex="0" role="listitem" '
        f'aria-label="{html_attribute(text)}, {value}" '
        f'data-tip="{html_attribute(_tip(row, index, value))}">'
        f"{html_piece(text)}</span>"
    )


def _tip(row: Row, index: int, value: str) -> str:
    explanation = row.explanation
    count = len(explanation.tokens)
    before, after = explanation.window
    tip = _("“{token}” {value} · position {position} of {count} · has read {first}–{last}").format(
        token=as_label(explanation.tokens[index].text),
        value=value,
        position=index + 1,
        count=count,
        first=max(index - before, 0) + 1,
        last=min(index + after, count - 1) + 1,
    )
    if explanation.tokens[index].known:
        return tip
    return f"{tip} · {_('not in the vocabulary')}"


def _legend(panel: Panel, row: Row) -> str:
    numbers = "".join(f"<span>{number(value)}</span>" for value in row.ends)
    notes = [row.unit, joined(reading_notes(panel, row)), method(row.explanation)]
    return (
        '<div class="pv-legend"><div class="pv-scale" dir="ltr"><div class="pv-bar"></div>'
        f'<div class="pv-ends">{numbers}</div></div>'
        f'<div class="pv-note">{"<br>".join(html_text(note) for note in notes)}</div></div>'
    )


def _style(window: tuple[int, int]) -> str:
    sheet = _STYLE
    for name in ("WEIGHT", "POSITIVE", "NEGATIVE"):
        sheet = sheet.replace(name, "{} {} {}".format(*getattr(colours, name)))
    for name in ("RULE", "TIP_BACKGROUND", "TIP_TEXT"):
        sheet = sheet.replace(name, getattr(colours, name))
    rules = [sheet]
    rules += [
        f".pv-{step}{{background:rgb(var(--h)/{step / colours.STEPS})}}"
        for step in range(1, colours.STEPS + 1)
    ]
    rules.append(_text_rule(colours.MIDDLE_FROM, colours.STRONG_FROM, colours.MIDDLE_TEXT))
    rules.append(_text_rule(colours.STRONG_FROM, colours.STEPS + 1, colours.STRONG_TEXT))
    rules.append(_window_rule(window))
    return "".join(rules)


def _text_rule(first: int, end: int, colour: str) -> str:
    return ",".join(f".pv-{step}" for step in range(first, end)) + f"{{color:{colour}}}"


def _window_rule(window: tuple[int, int]) -> str:
    """Outline the neighbours a position has read: those before it by `:has`, those after by `+`."""
    if window == WHOLE_TEXT:
        return ""
    before, after = window
    scope = f".pv-{before}-{after} .pv-t"
    selectors = []
    for state in (":hover", ":focus"):
        selectors += [
            f"{scope}:has({'+ .pv-t' + ' + .pv-t' * (distance - 1)}{state})"
            for distance in range(1, before + 1)
        ]
        selectors += [f"{scope}{state}{' + .pv-t' * distance}" for distance in range(1, after + 1)]
    if not selectors:
        return ""
    return ",".join(selectors) + "{outline:1px dashed currentColor}"
