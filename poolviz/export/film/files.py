"""The film of a training as one HTML file with a slider, and as one picture for each epoch."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from html import escape
from pathlib import Path
from typing import Any

from poolviz.checkpoints.film import Film
from poolviz.figures.colours import (
    MIDDLE_FROM,
    PAPER_TEXT,
    RULE,
    STEPS,
    STRONG_FROM,
    TINT_ENDS,
    css,
    hue,
    over,
)
from poolviz.language import _, current
from poolviz.text.width import width_units

PLAYER = Path(__file__).with_name("player.js").read_text(encoding="utf-8")
STYLE = """
span{padding:0 .15em;border-radius:.2em}
p{margin:.3rem 0;line-height:1.7;overflow-wrap:anywhere;white-space:pre-wrap}
svg{width:100%;height:6rem;display:block;border-bottom:1px solid RULE}
polyline,.cursor{fill:none;vector-effect:non-scaling-stroke;stroke-width:2}
.loss{stroke:light-dark(POSITIVE)}
.validation{stroke:light-dark(NEGATIVE)}
.cursor{stroke:currentColor;stroke-width:1}
.controls{display:flex;gap:1rem;align-items:center}
.controls button{font:inherit;min-width:5rem}
.controls input{flex:1;min-width:0}
output{font-variant-numeric:tabular-nums}
"""
for _kind in ("positive", "negative"):
    STYLE = STYLE.replace(_kind.upper(), ",".join(map(css, TINT_ENDS[_kind].values())))
STYLE = STYLE.replace("RULE", RULE)
_PAGE = """
:root{color-scheme:light}
body{font:16px/1.6 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;
color:TEXT;background:white}
""".replace("TEXT", PAPER_TEXT)
_PLAY = """
const read = (id) => JSON.parse(document.getElementById(id).textContent);
played(document.getElementById("root"), read("film"), read("words"));
"""
_UNIT, _LINE, _MARGIN = 9, 30, 12  # of a picture: of a narrow character, between rows, around all
_DATE = (1980, 1, 1, 0, 0, 0)


def film_data(film: Film) -> dict[str, Any]:
    """What `player.js` draws."""
    return {
        "sentences": film.sentences,
        "weights": [
            [[[round(float(w), 4) for w in row] for row in rows] for rows in epoch]
            for epoch in film.weights
        ],
        "loss": film.loss,
        "validation_loss": film.validation_loss,
        "colour": ",".join(map(str, hue(1, False))),
        "steps": STEPS,
        "middle": MIDDLE_FROM / STEPS,
        "strong": STRONG_FROM / STEPS,
    }


def film_words() -> dict[str, str]:
    """The words of `player.js`, in the language of the context."""
    return {
        "play": _("Play"),
        "pause": _("Pause"),
        "epoch": _("Epoch"),
        "losses": _("Loss in blue, validation loss in orange"),
        "said": _(
            "Epoch {epoch} of {epochs}: loss {loss} (blue), on the validation rows {validation} "
            "(orange)"
        ),
    }


def film_html(film: Film, title: str) -> str:
    """One file that asks nobody for anything: its own script alone may run in it."""
    code = PLAYER.replace("export function", "function") + _PLAY
    digest = base64.b64encode(hashlib.sha256(code.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return f"""<!doctype html>
<html lang="{current().replace("_", "-")}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(title)}</title><style>{_PAGE}{STYLE}</style></head>
<body><h1>{escape(title)}</h1>
<div id="root"></div>
<script type="application/json" id="film">{_as_json(film_data(film))}</script>
<script type="application/json" id="words">{_as_json(film_words())}</script>
<script>{code}</script></body></html>
"""


def frame_svg(film: Film, epoch: int) -> str:
    """The weights after one epoch, from 1: a line for each sentence and row of the head."""
    lines: list[str] = []
    widest, top = 0, _MARGIN
    for tokens, rows in zip(film.sentences, film.weights[epoch - 1], strict=True):
        highest = max(float(rows.max()), 1e-9)
        for row in rows:
            left = _MARGIN
            for token, weight in zip(tokens, row, strict=True):
                width = (max(width_units(token), 1) + 1) * _UNIT
                colour = css(over(float(weight) / highest, False))
                lines.append(
                    f'<rect x="{left}" y="{top}" width="{width}" height="{_LINE - 4}" '
                    f'fill="{colour}"/><text x="{left + _UNIT / 2}" y="{top + 18}">'
                    f"{escape(token)}</text>"
                )
                left += width
            widest, top = max(widest, left), top + _LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{widest + _MARGIN}" '
        f'height="{top + _MARGIN}" font-family="monospace" font-size="15">'
        f"{''.join(lines)}</svg>\n"
    )


def film_zip(film: Film, title: str) -> bytes:
    """A ZIP with the HTML file and a picture for each epoch."""
    files = {"film.html": film_html(film, title)}
    files |= {f"epoch-{n:04d}.svg": frame_svg(film, n) for n in range(1, len(film) + 1)}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _as_json(data: dict[str, Any]) -> str:
    """JSON that ends no element of HTML."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
