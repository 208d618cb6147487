"""Models of somebody's own in the browser, trained on rows of their own."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from poolviz.engine.texts import Explainer
from poolviz.errors import ExportError
from poolviz.live.models import live_models

PROBE = Path(__file__).with_name("engine_probe.js")
DENO = Path(sys.executable).with_name("deno")
# The engine without a browser: what is asked comes as JSON, and so does what it answers.
ASK = f"""
import "{PROBE.as_uri()}";
const asked = await new Response(Deno.stdin.readable).json();
console.log("[" + asked.map(([name, given]) => probe(name, JSON.stringify(given))).join() + "]");
"""


def answers(*asked) -> list:
    result = subprocess.run(
        [str(DENO), "eval", ASK], input=json.dumps(asked), text=True, capture_output=True
    )
    assert not result.returncode, result.stderr
    return json.loads(result.stdout)


def test_models_of_ones_own_rows_say_there_what_python_says(trained):
    own = [trained("max"), trained("attention"), trained("average", "mlp")]
    text = "好吃的很，难吃的不好 abc"
    for checkpoint in own:
        models = live_models([checkpoint])
        floats = base64.b64encode(models.floats.tobytes()).decode("ascii")
        [_none, found] = answers(["models", [models.header, floats]], ["explain", [text]])
        [head] = found["heads"]
        wanted = Explainer(checkpoint).explain(text)
        for name in ("weights", "contributions", "probabilities"):
            value = getattr(wanted, name)
            np.testing.assert_allclose(
                np.reshape(head[name], value.shape), value, atol=1e-5, err_msg=name
            )
        assert [token[0] for token in found["encoded"]["tokens"]] == [
            token.text for token in wanted.tokens
        ]


def test_a_model_that_reads_texts_otherwise_is_refused_by_name(trained):
    own = trained("attention")
    other = replace(own, card={**own.card, "preparation": "letters-1"})
    with pytest.raises(ExportError, match="one vocabulary for all heads, and that of Attention"):
        live_models([trained("max"), other])
