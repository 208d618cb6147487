"""What is remembered of texts between reruns: no model runs twice, and nobody can change it."""

import numpy as np
import pytest
import streamlit as st

from poolviz import places
from poolviz.checkpoints import checkpoint as checkpoints
from poolviz.engine.runtime import Engine
from poolviz.errors import TextError
from poolviz.memory import Memory
from poolviz.model.heads import HEADS
from poolviz.text import tokens
from poolviz.ui.frame import explained, loaders
from poolviz.views import words
from tests.pages_helpers import HOTEL, open_page

LONG = "酒店的房间很干净，早餐一般。" * 1_428 + "还会再来住的酒店"
MATCHERS = ("siamese-attention", "siamese-attention-dense")


@pytest.fixture(autouse=True)
def forgotten():
    """Nothing is remembered before and after."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def shipped(task: str, *names: str) -> list:
    return [checkpoints.read(places.SHIPPED_CHECKPOINTS / task / name) for name in names]


@pytest.fixture
def work(monkeypatch) -> list[str]:
    """What was done: runs of models, cuts into tokens, cuts into words."""
    done: list[str] = []
    run, cut, ends = Engine.run, tokens.cut, words._word_ends

    def counted(name, function):
        return lambda *args, **options: done.append(name) or function(*args, **options)

    monkeypatch.setattr(Engine, "run", counted("run", run))
    monkeypatch.setattr(tokens, "cut", counted("cut", cut))
    monkeypatch.setattr(words, "_word_ends", counted("words", ends))
    monkeypatch.setattr(words, "_remembered", Memory(100, 10**8))
    return done


def test_the_second_toggle_on_a_long_text_runs_no_model_and_cuts_nothing(work):
    assert len(LONG) == 20_000
    at = open_page()
    work.clear()
    at.text_area(key="_text").set_value(LONG).run()
    assert sorted(work) == ["cut", *["run"] * len(HEADS)]
    at.toggle(key="_words").set_value(True).run()
    assert sorted(work) == ["cut", *["run"] * len(HEADS), "words"]
    work.clear()
    at.toggle(key="_spread").set_value(True).run()
    assert not at.exception
    assert work == []


def test_each_head_is_asked_once_and_all_share_a_cut(work):
    heads = shipped(HOTEL, *HEADS)
    first = explained.explanations(heads[:3], "房间很好")
    assert work == ["cut", "run", "run", "run"]
    again = explained.explanations(heads, "房间很好")
    assert work == ["cut", *["run"] * 5]
    assert all(one is other for one, other in zip(first, again, strict=False))
    alone = loaders.explainer(heads[4]).explain("房间很好")
    assert again[4].to_json() == alone.to_json()
    explained.explanations(heads[:1], "房间不好")
    assert work.count("cut") == 3


def test_sentences_are_remembered_by_their_order(work):
    matchers = shipped("lcqmc", *MATCHERS)
    there = explained.pairs(matchers, ("怎么改密码", "密码如何修改"))
    runs = work.count("run")
    assert explained.pairs(matchers, ("怎么改密码", "密码如何修改")) == there
    assert work.count("run") == runs and work.count("cut") == 2
    back = explained.pairs(matchers, ("密码如何修改", "怎么改密码"))
    assert back[1].score != there[1].score
    triplet = explained.pairs(matchers[:1], ("怎么改密码", "密码如何修改", "怎么注册"))[0]
    assert triplet.positive.score == pytest.approx(there[0].score)
    assert work.count("cut") == 3


def test_what_is_remembered_cannot_be_changed():
    [explanation] = explained.explanations(shipped(HOTEL, "max"), "房间很好")
    [triplet] = explained.pairs(shipped("lcqmc", MATCHERS[0]), ("甲", "乙", "丙"))
    pair = triplet.negative
    values = [*vars(explanation).values(), *vars(pair).values(), *vars(pair.sides[1]).values()]
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    assert len(arrays) > 10
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_a_text_that_cannot_be_read_is_told_each_time(work):
    for _again in range(2):
        with pytest.raises(TextError):
            explained.explanations(shipped(HOTEL, "max"), " ")
    assert "run" not in work
    assert len(explained._memory()) == 0


def test_what_is_remembered_has_its_size():
    [explanation] = explained.explanations(shipped(HOTEL, "multi-head"), LONG)
    arrays = [v.nbytes for v in vars(explanation).values() if isinstance(v, np.ndarray)]
    assert sum(arrays) + 200 * len(LONG) < explained._size(explanation) <= explained.BYTES / 8
    assert explained._memory().size >= explained._size(explanation)
