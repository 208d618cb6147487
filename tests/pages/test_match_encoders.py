"""The Match page under a pretrained encoder: six poolings, one pass a text, nothing trained."""

import numpy as np
import pytest

from poolviz.datasets.examples import encoder_examples
from poolviz.encoders.encoder import remove
from poolviz.encoders.reader import Graph, Reader
from poolviz.engine import poolings
from poolviz.model.poolings import POOLINGS
from poolviz.text.tokens import has_visible
from poolviz.views.captions import number
from poolviz.views.pairs import fold_pair, sentence_panels, title
from tests.pages_helpers import (
    HOSTILE_TEXTS,
    MATCH_PAGE,
    address,
    charts,
    open_page,
    rows,
    sentences,
    table,
)
from tests.tiny_encoder import LIMIT, added

A, B = "The playing room was clean", "good food"


@pytest.fixture
def reader(nobodys_machine):
    """The tiny encoder, added on this machine."""
    return Reader(added(nobodys_machine))


def open_encoder(**parameters):
    return open_page(MATCH_PAGE, pairs="encoder:tiny", **parameters)


def typed(at, *texts):
    for name, text in zip("ab", texts, strict=True):
        at.text_area(key=f"_sentence_{name}").set_value(text).run()
    return at


def expected(reader, first, second, heads=tuple(POOLINGS)):
    return poolings.match(reader.encoder, reader.read(first), reader.read(second), heads)


def assert_shows(at, pairs):
    panels = sentence_panels(pairs, "contribution")
    found = rows(at)
    assert len(found) == len(pairs)
    for index, (row, pair) in enumerate(zip(found, pairs, strict=True)):
        assert row.decision.startswith(f"{pair.score:.3f} · cosine")
        for line, panel in zip(row.lines, panels.values(), strict=True):
            summary = panel.summaries[index]
            assert line.tokens == [token.text for token in summary.explanation.tokens]
            assert line.values == [number(value) for value in summary.values.tolist()]


def test_an_encoder_stands_beside_the_data_sets_and_shows_six_rows(reader):
    at = open_encoder()
    choice = at.selectbox(key="_match_dataset")
    assert (choice.label, choice.value) == ("Data set or encoder", "encoder:tiny")
    assert "Encoder: tiny" in choice.options
    assert_shows(at, expected(reader, *encoder_examples()[0][:2]))
    assert all(title(pair) in table(at) for pair in expected(reader, A, B))


def test_rows_are_those_of_the_engine_with_special_tokens_and_what_they_mean(reader):
    at = typed(open_encoder(), A, B)
    pairs = expected(reader, A, B)
    assert_shows(at, pairs)
    assert rows(at)[0].lines[0].tokens[0] == "[CLS]"
    low, high = (f"{pick(pair.score for pair in pairs):.3f}" for pick in (min, max))
    assert f"Cosines from {low} to {high}" in table(at)
    for said in ("[CLS], [SEP] stand for nothing", "Each position has read the whole text."):
        assert said in table(at)
    assert "adds to the cosine; the parts sum exactly" in table(at)


def test_one_encoder_pass_a_text(reader, monkeypatch):
    shapes, run = [], Graph.run
    monkeypatch.setattr(Graph, "run", lambda self, ids: shapes.append(ids.shape) or run(self, ids))
    at = open_encoder()
    del shapes[:]
    typed(at, "the room was bad", "bad room")  # read by no other test: what was read is kept
    assert shapes == [(1, 6), (1, 4)]
    at.toggle(key="_words").set_value(True).run()
    at.segmented_control(key="_match_section").set_value("matrix").run()
    assert len(shapes) == 2


def test_pieces_of_words_are_joined_by_a_switch(reader):
    at = typed(open_encoder(), A, B)
    assert rows(at)[0].lines[0].tokens[2:4] == ["play", "ing"]
    at.toggle(key="_words").set_value(True).run()
    assert rows(at)[0].lines[0].tokens[2] == "playing"
    assert_shows(at, [fold_pair(pair) for pair in expected(reader, A, B)])


def test_some_of_the_poolings_can_be_chosen_and_stand_in_the_address(reader):
    at = open_encoder(poolings="mean,max")
    assert len(rows(at)) == 2 and address(at)["poolings"] == "mean,max"
    at.multiselect(key="_poolings").set_value(list(POOLINGS)).run()
    assert len(rows(at)) == 6 and "poolings" not in address(at)
    at.multiselect(key="_poolings").set_value([]).run()
    assert "at least one pooling" in sentences(at)[0]


def test_reasons_and_the_matrix_are_those_of_the_chosen_row(reader):
    at = typed(open_encoder(), A, B)
    assert at.selectbox(key="_matrix_of").value == reader.encoder.pooling == "mean"
    at.selectbox(key="_matrix_of").set_value("max").run()
    at.segmented_control(key="_match_section").set_value("matrix").run()
    chart = charts(at)["matrix_0"]
    [pair] = expected(reader, A, B, ["max"])
    shown = np.array(chart["data"][0]["z"], float)
    np.testing.assert_allclose(shown, pair.cells / np.abs(pair.cells).max(), atol=1e-4)
    assert address(at)["matrix"] == "max"


def test_a_long_text_is_said_to_be_read_in_windows(reader):
    at = typed(open_encoder(), " ".join(["good"] * 2 * LIMIT), B)
    count = reader.read(" ".join(["good"] * 2 * LIMIT)).windows
    assert f"Sentence A is longer than the encoder reads at once: it was read in {count}" in (
        table(at)
    )


def test_an_encoder_that_is_not_there_is_named(reader):
    remove(reader.encoder)
    at = open_encoder()
    assert "No encoder tiny is on this machine" in at.error[0].value


def test_a_damaged_one_is_told(reader):
    reader.encoder.path("tokenizer.json").write_text("{}")
    at = typed(open_encoder(), "clean room , bad food", "was good")
    assert "is damaged" in sentences(at)[0]


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_texts_give_a_view_or_a_sentence(reader, text):
    at = typed(open_encoder(mode="matrix"), text, B)
    assert not at.exception and not at.error
    if has_visible(text):
        assert len(rows(at)) == 6
    else:
        assert "Sentence A is empty" in sentences(at)[0]
