"""One HTML file in which the heads answer at every key: no server, no network, no Python."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import shlex
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import CATALOGUE
from poolviz.figures.texts.token_rows import table_style
from poolviz.language import LANGUAGES, _, current
from poolviz.live.models import live_models
from poolviz.live.pointing import DETAIL, DETAIL_STYLE
from poolviz.live.script import FOLDER, script
from poolviz.live.view import browser_view
from poolviz.live.words import in_every_language
from poolviz.program import IN_CLONE
from poolviz.text.tokens import clean_text
from poolviz.values.interval import Interval
from poolviz.version import __version__
from poolviz.views.view import View

_PAGE = """<!DOCTYPE html>
<html lang="{language}"{theme}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<header><h1 data-words="heading">{heading}</h1><div id="language"></div></header>
<p data-words="lead"></p>
<textarea id="text" rows="3" dir="auto" spellcheck="false"></textarea>
<div id="controls"></div>
<p id="said" role="status" hidden></p>
<p id="doubts" class="pva-doubts" role="status" hidden></p>
<noscript><p>{no_script}</p></noscript>
<div id="rows"></div>
{detail}
<div id="edits"></div>
<h2 data-words="models_heading"></h2>
<p data-words="made"></p>
<div class="wide"><table id="models_table"></table></div>
<h2 data-words="absent_heading"></h2>
<ul id="absent"></ul>
</main>
<script type="application/json" id="state">{state}</script>
<script type="application/json" id="models">{models}</script>
<script type="text/plain" id="weights">{weights}</script>
<script type="module">{script}</script>
</body>
</html>
"""
# Its own script and style, each known by its hash, and nothing else from anywhere.
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; "
    "form-action 'none'"
)


def live_page(
    checkpoints: Sequence[Checkpoint], text: str, view: View, made: date, theme: str | None = None
) -> bytes:
    """The file, in the language of the context to begin with.

    Parameters
    ----------
    checkpoints : classifiers of one data set, in the order of the rows.
    text : that it shows first.
    view : that it shows first; words are not folded.
    made : the day that it says it was made on.
    theme : "light" or "dark"; None for the reader's own.

    Raises
    ------
    ExportError : a head or read-out that the browser does not know.
    CheckpointError : a checkpoint is damaged.
    """
    models = live_models(checkpoints)
    about = in_every_language(lambda: _about(checkpoints, text, made))
    own = about[current()]
    style = "".join(
        [
            *(table_style(diverging) for diverging in (False, True)),
            DETAIL_STYLE,
            (FOLDER / "page.css").read_text(encoding="utf-8"),
        ]
    )
    code = script(FOLDER / "page.js")
    state = {
        "text": clean_text(text),
        "language": current(),
        "languages": {key: language.name for key, language in LANGUAGES.items()},
        "view": browser_view(view, checkpoints[0].classes),
        "about": about,
    }
    page = _PAGE.format(
        language=own["locale"],
        theme=f' data-theme="{theme}"' if theme else "",
        policy=_POLICY.format(script=_hash(code), style=_hash(style)),
        title=html.escape(own["title"]),
        heading=html.escape(own["heading"]),
        no_script=html.escape(_("This page computes in the browser: allow its script.")),
        detail=DETAIL,
        style=style,
        state=_json(state),
        models=_json(models.header),
        weights=base64.b64encode(models.floats.tobytes()).decode("ascii"),
        script=code,
    )
    return page.encode("utf-8")


def _about(checkpoints: Sequence[Checkpoint], text: str, made: date) -> dict[str, Any]:
    """What stands around the table, in the language of the context."""
    task = checkpoints[0].task
    title = _(CATALOGUE[task].title) if task in CATALOGUE else task
    return {
        "locale": current().replace("_", "-"),
        "title": f"{title} · poolviz",
        "heading": _("What does each pooling head look at?"),
        "lead": _(
            "{title}: type, and every head answers at each key. The models are in this page; it "
            "asks no server."
        ).format(title=title),
        "models_heading": _("Models"),
        "made": _(
            "Made by poolviz {version} on {date}, of models of the data set {dataset}."
        ).format(version=__version__, date=made.isoformat(), dataset=task),
        "models": [
            [_("Head"), _("Test accuracy"), _("Test rows"), _("SHA-256 of model.onnx")],
            *(_model(checkpoint) for checkpoint in checkpoints),
        ],
        "absent_heading": _("Not in this page"),
        "absent": _absent(checkpoints, text),
    }


def _model(checkpoint: Checkpoint) -> list[str]:
    test = checkpoint.card["test"]
    accuracy = Interval.read(test["accuracy"]).as_share()
    return [checkpoint.title, accuracy, f"{test['rows']:,}", checkpoint.onnx_hash]


def _absent(checkpoints: Sequence[Checkpoint], text: str) -> list[Mapping[str, str]]:
    """What poolviz shows beyond this, with the commands that show it."""
    first = checkpoints[0]
    said = clean_text(text) if len(text) <= 60 and "\n" not in text else "…"
    of = shlex.join(["--dataset", first.task, "--text", said])
    return [
        {
            "what": _("Characters folded to words:"),
            "command": f"{IN_CLONE} explain {of} --words",
        },
        {
            "what": _("Whether the colours can be believed:"),
            "command": f"{IN_CLONE} export {of} --trust --output trust.zip",
        },
        {
            "what": _("Rows of the data set, figures for papers, and all other pages:"),
            "command": "streamlit run dashboard.py",
        },
    ]


def _json(value: object) -> str:
    """JSON that ends no element, and that no reader of HTML takes for a comment."""
    content = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return content.replace("<", "\\u003c")


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
