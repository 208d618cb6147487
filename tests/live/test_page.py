"""The file of the live page, as a text; tests/browser opens it."""

import base64
import json
import re
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pytest

from poolviz.language import use
from poolviz.live.models import live_models
from poolviz.live.page import live_page
from poolviz.views.view import View

DAY = date(2026, 1, 2)
HOSTILE = "</script><script>alert(1)</script><!-- 房间 \ud800 \u2028 很好"


class _Parts(HTMLParser):
    """The contents of scripts by identifier, and the attributes of all elements."""

    def __init__(self, page: bytes):
        super().__init__()
        self.scripts, self.elements, self._open = {}, [], None
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open = dict(attrs).get("id", "code") if tag == "script" else None

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open:
            self.scripts[self._open] = self.scripts.get(self._open, "") + data


@pytest.fixture
def checkpoints(trained):
    return [trained("max"), trained("average", "mlp")]


def test_a_text_that_would_end_the_script_stays_a_text(checkpoints):
    page = live_page(checkpoints, HOSTILE, View(), DAY)
    parts = _Parts(page)
    assert parts.scripts.keys() == {"state", "models", "weights", "code"}
    assert json.loads(parts.scripts["state"])["text"] == HOSTILE.replace("\ud800", "\ufffd")
    assert b"alert(1)</script>" not in page


def test_it_holds_the_models(checkpoints):
    parts, models = _Parts(live_page(checkpoints, "好", View(), DAY)), live_models(checkpoints)
    floats = np.frombuffer(base64.b64decode(parts.scripts["weights"]), "<f4")
    assert floats.tobytes() == models.floats.tobytes()
    assert json.loads(parts.scripts["models"]) == json.loads(json.dumps(models.header))


def test_it_asks_nobody_and_runs_only_its_own_script(checkpoints):
    page = live_page(checkpoints, "好", View(), DAY)
    attributes = [attributes for _tag, attributes in _Parts(page).elements]
    policy = next(a["content"] for a in attributes if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not {"src", "href", "style", "onclick"} & {name for a in attributes for name in a}


def test_the_view_and_the_language_are_those_of_the_page(checkpoints):
    classes = checkpoints[0].classes
    view = View("contribution", target=classes[0], scale="head", spread=True)
    use("zh_CN")
    try:
        page = live_page(checkpoints, "好", view, DAY, theme="dark")
    finally:
        use("en")
    assert b'<html lang="zh-CN" data-theme="dark">' in page
    state = json.loads(_Parts(page).scripts["state"])
    assert state["language"] == "zh_CN"
    wanted = {"quantity": "contribution", "target": 0, "against": None}
    assert state["view"] == {**wanted, "scale": "head", "spread": True}


def test_it_says_of_what_it_was_made_and_when(checkpoints):
    state = json.loads(_Parts(live_page(checkpoints, "好", View(), DAY)).scripts["state"])
    about = state["about"]["en"]
    assert "2026-01-02" in about["made"]
    hashes = [cells[-1] for cells in about["models"][1:]]
    assert hashes == [checkpoint.onnx_hash for checkpoint in checkpoints]
    value = checkpoints[0].card["test"]["accuracy"]["value"]
    assert about["models"][1][1].startswith(f"{value:.1%}")
    commands = [item["command"] for item in about["absent"]]
    assert any("--words" in command for command in commands)
    assert any("--trust" in command for command in commands)


def test_no_message_of_its_script_is_untranslated(checkpoints):
    """Every word that the script asks for is there, in every language."""
    from poolviz.live.script import FOLDER, script

    asked = set(re.findall(r"\bwords\.(\w+)", script(FOLDER / "page.js")))
    header = live_models(checkpoints).header
    for words in header["words"].values():
        assert asked - words.keys() <= {"hint", "delete", "replace", "replacement", "position"} | {
            "edits",
            "chooses",
        }
