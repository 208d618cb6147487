"""The live page that README links, in Firefox: opened from the file system and typed into."""

import json
import re

import numpy as np
import pytest

from poolviz.checkpoints.selection import choose
from poolviz.engine.texts import Explainer, explain_each
from poolviz.model.kinds import USUAL
from tests.browser.firefox import Firefox
from tests.live.test_docs import PAGE
from tests.live.test_engine import SHIPPED

NUMBERS = """[...document.querySelectorAll('.pva-row[data-head] .pva-both')].map(row =>
    [...row.querySelectorAll('.pva-t')].map(({dataset: d}) =>
        [d.position, d.weight, d.contribution].map(Number)))"""
TOKENS = """[...document.querySelector('.pva-row[data-head] .pva-both').querySelectorAll('.pva-t')]
    .map(token => token.textContent).join('')"""


@pytest.fixture
def firefox(tmp_path):
    found = Firefox(tmp_path)
    yield found
    found.close()


def test_the_live_page_says_there_what_python_says(firefox):
    firefox.open(PAGE.as_uri())
    began = re.search(r'id="state">(.*?)</script>', PAGE.read_text(encoding="utf-8"))
    assert began
    text = json.loads(began[1])["text"]
    checkpoints = choose(SHIPPED, "chnsenticorp_htl_all", [USUAL], readout="linear")
    explainers = [Explainer(checkpoint) for checkpoint in checkpoints]
    firefox.wait_for(f"{TOKENS} === {json.dumps(''.join(text.split()))}")
    firefox.evaluate("document.getElementById('text').focus()")
    firefox.evaluate("document.getElementById('text').setSelectionRange(1e6, 1e6)")
    for letter in "房间很小👍🏽":
        text += letter
        firefox.type(letter)
    firefox.wait_for(f"{TOKENS} === {json.dumps(''.join(text.split()))}")
    assert firefox.evaluate("document.getElementById('said').hidden")
    for found, explanation in zip(
        firefox.evaluate(NUMBERS), explain_each(explainers, text), strict=True
    ):
        contributions = explanation.contributions.sum(axis=0)[:, 1]
        own = [range(len(explanation.tokens)), explanation.weights.mean(axis=0), contributions]
        np.testing.assert_allclose(np.array(found).T, own, atol=1e-5)
