"""One truth: the browser cuts texts and computes as Python does, on texts of any kind."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.engine.texts import Explainer
from poolviz.errors import TextError
from poolviz.live.models import LiveModels, live_models
from poolviz.live.script import script
from poolviz.model.heads import MAX_TOLERANCE
from poolviz.model.kinds import USUAL
from poolviz.text.edits import SEPARATORS, replaced, without
from poolviz.text.encoding import Encoded, encode
from poolviz.text.preparation import PREPARATIONS
from poolviz.text.subsequence import MAX_CELLS, common_subsequence
from poolviz.text.tokens import UNITS, clean_text, tokenize
from poolviz.text.vocabulary import Vocabulary
from poolviz.values.explanation import Explanation
from tests.texts import ANY_TEXT

SHIPPED = list_checkpoints([places.SHIPPED_CHECKPOINTS])
GROUPS = sorted({(c.task, c.readout) for c in SHIPPED if c.kind == USUAL})
LONGEST = 5_000
CLOSE = 1e-5
TIE_BORDER = 1e-6  # a channel this near to being tied, or not, may be either
# Where `regex` and the browser differ: code points that one of them does not know, and a virama
# that joins what follows it after a letter of no Indic script.
UNKNOWN = regex.compile(r"\p{Cn}")
VIRAMA = regex.compile(r"(?<!\p{InCB=Consonant}[\p{InCB=Extend}\p{InCB=Linker}]*)\p{InCB=Linker}")
PIECES = st.sampled_from(
    [
        *(
            "can't",
            "DIDN’T",
            "it's",
            "n't",
            "'ſ",
            "3D",
            "1st",
            "２０",
            "Ⅷ",
            "²",
            "ﬁ",
            "ß",
            "İ",
            "Σ",
        ),
        *("http://a.b/c", "www.x.y", "t.cn/aB", "//@某人：", "@n_1", "[哈哈]", "[a", "x.y@z-1.com"),
        *("\u00ad", "\u200b", "\u200c", "\u200d", "\ufeff", "\u2060", "\u202e", "\u2067", "\u0345"),
        *("酒店", "房间很好", "カﾞ", "한국", "ไทย", "ພາສາ", "क्षि", "ক্ষ", "עִבְרִית", "عربي", "မြန်"),
        *(
            "👨\u200d👩\u200d👧",
            "👍🏽",
            "🇨🇳🇩",
            "🏴\U000e0067\U000e007f",
            "\U000e0001",
            "ﾟ",
            "ㅤ",
            "\x85",
        ),
        *("the striker scored twice", "\n", "。", "!", "\u3000", "\ud800"),
    ]
)
TEXTS = st.one_of(
    ANY_TEXT,
    st.lists(PIECES, max_size=40).map("".join),
    st.tuples(st.lists(PIECES, min_size=1, max_size=30), st.integers(1, 200)).map(
        lambda found: ("".join(found[0]) * found[1])[:LONGEST]
    ),
).filter(lambda text: not (UNKNOWN.search(text) or VIRAMA.search(text)))


def shuffled(parts: Sequence[str], between: str) -> str:
    """A long text without a period: over thousands of equal steps float32 drifts in Python."""
    return between.join(random.Random(0).choices(parts, k=LONGEST))[:LONGEST]


@pytest.fixture(scope="module")
def engine(browser) -> Page:
    """A page that has the engine, and no models yet."""
    page = browser.new_page()
    code = script(Path(__file__).with_name("engine_probe.js"))
    page.set_content(f'<script type="module">{code}</script>')
    page.wait_for_function("() => globalThis.probe !== undefined")
    yield page
    page.close()


def asked(engine: Page, name: str, *given: object) -> dict:
    """What the probe answers; all goes as ASCII, so that lone surrogates arrive."""
    words = json.dumps(given)
    return json.loads(engine.evaluate("([name, given]) => probe(name, given)", [name, words]))


def has_split_pair(text: str) -> bool:
    """Whether two surrogates meet that are one character to a browser, and two to Python."""
    return regex.search("[\ud800-\udbff][\udc00-\udfff]", text) is not None


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("preparation", PREPARATIONS)
def test_texts_are_cut_and_looked_up_alike(engine, unit, preparation):
    known = ["can not 酒店 房间 很好 didn't the 3d fi ss 한 ไ क्षि 👍🏽 it's!"] * 2
    vocabulary = Vocabulary.build(known, unit, 1, PREPARATIONS[preparation])
    asked(engine, "vocabulary", header_of(vocabulary))

    @settings(max_examples=120)
    @given(TEXTS)
    @example("")
    @example("a'ﾞb’c")
    def compare(text: str) -> None:
        if has_split_pair(text):
            return
        try:
            encoded = encode(text, vocabulary)
        except TextError:
            assert asked(engine, "encode", text)["ids"] == []
            return
        assert asked(engine, "encode", text) == plain(encoded)

    compare()


def header_of(vocabulary: Vocabulary) -> dict:
    header = live_header("bbc_news", "linear")["vocabulary"]
    return {
        **header,
        "unit": vocabulary.unit,
        "preparation": vocabulary.preparation.name,
        "entries": vocabulary.entries,
    }


def plain(encoded: Encoded) -> dict:
    tokens = [[token.text, token.start, token.end, token.known] for token in encoded.tokens]
    return {"text": encoded.text, "tokens": tokens, "ids": encoded.ids.tolist()}


@pytest.mark.parametrize("unit", UNITS)
def test_texts_are_edited_and_aligned_alike(engine, unit):
    vocabulary = Vocabulary.build(["not a good hotel"], unit)
    asked(engine, "vocabulary", header_of(vocabulary))

    @settings(max_examples=80)
    @given(TEXTS.filter(lambda text: 0 < len(text) < 60), st.data())
    def compare(text: str, data: st.DataObject) -> None:
        tokens = tokenize(clean_text(text), unit)
        if has_split_pair(text) or not tokens:
            return
        positions = data.draw(st.lists(st.sampled_from(range(len(tokens))), min_size=1, max_size=4))
        replacement = data.draw(st.none() | st.sampled_from(["", " ", "x", "很 好", "n't"]))
        found = asked(engine, "edit", text, positions, replacement, SEPARATORS)
        text = clean_text(text)
        try:
            if replacement is None:
                changed = without(text, tokens, positions, unit)
            else:
                changed = replaced(text, tokens, positions, replacement, unit)
        except TextError as error:
            assert live_header("bbc_news", "linear")["words"]["en"][found["refused"]] == str(error)
            return
        assert found == changed
        pairs = [
            pair for pair in asked(engine, "align", text, changed, MAX_CELLS) if None not in pair
        ]
        assert [tuple(pair) for pair in pairs] == common_subsequence(
            tokens, tokenize(changed, unit)
        )

    compare()


@cache
def live(task: str, readout: str) -> LiveModels:
    return live_models(choose(SHIPPED, task, [USUAL], readout=readout))


def live_header(task: str, readout: str) -> dict:
    return dict(live(task, readout).header)


@pytest.mark.parametrize(("task", "readout"), GROUPS)
def test_every_head_says_the_same(engine, task, readout):
    models = live(task, readout)
    explainers = [Explainer(c) for c in choose(SHIPPED, task, [USUAL], readout=readout)]
    floats = base64.b64encode(models.floats.tobytes()).decode("ascii")
    asked(engine, "models", models.header, floats)
    compared = dict.fromkeys((explainer.checkpoint.head for explainer in explainers), 0)

    @settings(max_examples=40)
    @given(TEXTS)
    @example(shuffled("房间很干净，早餐一般。服务态度好，隔音太差了", ""))
    @example(
        shuffled(
            [
                "the",
                "striker",
                "scored",
                "twice",
                "as",
                "united",
                "won",
                "and",
                "didn't",
                "stop",
                ".",
            ],
            " ",
        )
    )
    def compare(text: str) -> None:
        try:
            wanted = [explainer.explain(text) for explainer in explainers]
        except TextError:
            return
        if has_split_pair(text):
            return
        found = asked(engine, "explain", text)
        encoded = encode(text, explainers[0].vocabulary)
        assert found["encoded"] == plain(encoded)
        for number, (one, other) in enumerate(zip(found["heads"], wanted, strict=True)):
            if other.head == "max" and on_tie_border(models, number, encoded.ids):
                continue
            assert_alike(one, other)
            compared[other.head] += 1

    compare()
    assert min(compared.values()) >= 15


def assert_alike(found: dict, wanted: Explanation) -> None:
    def near(values, own, scale=1.0):
        assert np.abs(np.asarray(values).reshape(own.shape) - own).max() <= CLOSE * scale

    near(found["weights"], wanted.weights)
    near(found["probabilities"], wanted.probabilities)
    near(found["contributions"], wanted.contributions, np.abs(wanted.contributions).max())


def on_tie_border(models: LiveModels, number: int, ids: np.ndarray) -> bool:
    """Whether in some channel a value is so near to a tie that rounding decides."""
    tensors = {
        name: models.floats[at : at + int(np.prod(shape))].reshape(shape)
        for name, (at, shape) in models.header["heads"][number]["tensors"].items()
    }
    embedded = np.pad(tensors["embedding"][ids], ((1, 1), (0, 0)))
    kernel = tensors["convolution"]
    vectors = sum(embedded[k : k + len(ids)] @ kernel[k] for k in range(3))
    vectors = np.maximum(vectors + tensors["convolution_bias"], 0)
    below = vectors.max(axis=0) - vectors
    border = np.abs(below - MAX_TOLERANCE * vectors.max(axis=0)) < TIE_BORDER
    return bool((border & (below > TIE_BORDER / 10)).any())
