"""Pairs of sentences: the browser computes what Python says of them, on sentences of any kind."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from poolviz.checkpoints.selection import choose
from poolviz.engine.pairs import PairExplainer, explain_each
from poolviz.errors import TextError
from poolviz.live.matchers import live_matchers
from poolviz.model.heads import MAX_TOLERANCE
from poolviz.model.kinds import MATCHER, kinds_of
from poolviz.text.encoding import encode
from poolviz.values.pairs import PairExplanation
from tests.live.test_engine import (
    CLOSE,
    SHIPPED,
    TEXTS,
    TIE_BORDER,
    UNKNOWN,
    VIRAMA,
    asked,
    assert_alike,
    engine,
    has_split_pair,
    plain,
)
from tests.texts import ANY_TEXT

assert engine, "a fixture"
TASKS = sorted({checkpoint.task for checkpoint in SHIPPED if checkpoint.kind == "siamese"})
SENTENCES = st.one_of(
    ANY_TEXT,
    TEXTS.map(lambda text: text[:120]),
    st.text("怎么注销账号如何手机号码开发票的在吗了？abc 12", min_size=1, max_size=40),
)


@pytest.mark.parametrize("task", TASKS)
def test_every_matcher_says_the_same(engine, task):
    checkpoints = choose(SHIPPED, task, kinds_of(MATCHER))
    models = live_matchers(checkpoints)
    explainers = [PairExplainer(checkpoint) for checkpoint in checkpoints]
    live = [checkpoint.kind_record.independent for checkpoint in checkpoints]
    assert any(live) and (task != "lcqmc" or not all(live))
    floats = base64.b64encode(models.floats.tobytes()).decode("ascii")
    asked(engine, "matchers", models.header, floats)
    compared = [0] * len(checkpoints)

    # One sentence after the other, as somebody types them: what is kept of the last one counts.
    @settings(max_examples=40)
    @given(SENTENCES, SENTENCES, st.integers(0, 10))
    @example("怎么注销账号", "账号如何注销", 0)
    @example("啊" * 300, "b " * 200 + "怎么", 1)
    def compare(first: str, second: str, less: int) -> None:
        for texts in ((first, second), (first[: max(len(first) - less, 1)], second)):
            if any(map(read_in_two_ways, texts)):
                return
            try:
                wanted = explain_each(explainers, texts)
            except TextError:
                return
            found = asked(engine, "explainPair", texts)
            encoded = [plain(encode(text, explainers[0].vocabulary)) for text in texts]
            assert found["sentences"] == encoded
            for number, (one, other) in enumerate(zip(found["pairs"], wanted, strict=True)):
                assert (one is not None) == live[number]
                if one is None or (other.head == "max" and on_tie_border(engine, number, texts)):
                    continue
                assert_pairs_alike(one, other)
                compared[number] += 1

    compare()
    assert min(count for count, each in zip(compared, live, strict=True) if each) >= 30


def assert_pairs_alike(found: dict, wanted: PairExplanation) -> None:
    for name in ("score", "probability", "needed"):
        own = getattr(wanted, name)
        assert abs(found[name] - own) <= CLOSE * max(1, abs(own)), name
    for side, own in zip(found["sides"], wanted.sides, strict=True):
        assert_alike(side, own)


def read_in_two_ways(text: str) -> bool:
    """Whether `regex` and the browser may cut a text differently."""
    return bool(has_split_pair(text) or UNKNOWN.search(text) or VIRAMA.search(text))


def on_tie_border(engine: Page, number: int, texts: tuple[str, ...]) -> bool:
    """Whether in some channel a value is so near to a tie that rounding decides."""
    for vectors in asked(engine, "towers", number, texts):
        top = np.max(vectors, axis=0)
        below = top - np.array(vectors)
        border = TIE_BORDER * np.maximum(np.abs(top), 1)
        near = np.abs(below - MAX_TOLERANCE * np.abs(top)) < border
        if (near & (below > border / 10)).any():
            return True
    return False
