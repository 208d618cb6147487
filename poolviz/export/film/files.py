"""The film of a training as one HTML file with a slider, and as one picture for each epoch."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from html import escape
from pathlib import Path

from poolviz.checkpoints.film import Film
from poolviz.figures.colours import PAPER_TEXT, TINT_ENDS, css, hue, over
from poolviz.text.width import width_units

_LOSS, _VALIDATION = (css(TINT_ENDS[kind]["light"]) for kind in ("positive", "negative"))
_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_STYLE = """
body { font: 16px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
  color: #1f2937; background: #fff; }
span { padding: 0 .15em; border-radius: .2em; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
svg { width: 100%; height: 6rem; display: block; }
input { width: 100%; }
"""
_UNIT, _LINE, _MARGIN = 9, 30, 12  # of a picture: of a narrow character, between rows, around all
_DATE = (1980, 1, 1, 0, 0, 0)


def film_html(film: Film, title: str) -> str:
    """One file that asks nobody for anything: its own script alone may run in it."""
    data = {
        "sentences": film.sentences,
        "weights": [
            [[[round(float(w), 4) for w in row] for row in rows] for rows in epoch]
            for epoch in film.weights
        ],
        "loss": film.loss,
        "validation_loss": film.validation_loss,
        "colour": ",".join(map(str, hue(1, False))),
    }
    as_json = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(title)}</title><style>{_STYLE}</style></head>
<body><h1>{escape(title)}</h1>
<p><button id="play" type="button">Play</button> <output id="said" for="epoch"></output></p>
<input id="epoch" type="range" min="1" max="{len(film)}" value="{len(film)}" aria-label="Epoch">
{_losses(film)}
<div id="rows"></div>
<script type="application/json" id="film">{as_json}</script>
<script>{_SCRIPT}</script></body></html>
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


def _losses(film: Film) -> str:
    """Both losses over the epochs, and the line that the slider moves."""
    highest = max(*film.loss, *film.validation_loss, 1e-9)
    last = max(len(film) - 1, 1)

    def line(values: tuple[float, ...], colour: str) -> str:
        points = " ".join(
            f"{100 * i / last:.2f},{30 - 28 * v / highest:.2f}" for i, v in enumerate(values)
        )
        return (
            f'<polyline points="{points}" fill="none" stroke="{colour}" '
            'vector-effect="non-scaling-stroke" stroke-width="2"/>'
        )

    return (
        '<svg viewBox="0 0 100 30" preserveAspectRatio="none" role="img" '
        'aria-label="Loss in blue, validation loss in orange">'
        f"{line(film.loss, _LOSS)}{line(film.validation_loss, _VALIDATION)}"
        f'<line id="cursor" y1="0" y2="30" stroke="{PAPER_TEXT}" '
        'vector-effect="non-scaling-stroke"/>'
        "</svg>"
    )
