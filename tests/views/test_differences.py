"""Which tokens of sentences are tinted as those that differ."""

from poolviz.text import subsequence
from poolviz.views.captions import reading_notes
from poolviz.views.differences import difference_panels, differences_in_words
from tests.fakes import fake_pair, fake_triplet


def differing(panels) -> list[str]:
    """The tokens of each sentence that differ."""
    return [
        "".join(
            t.text
            for t, value in zip(panel.tokens, panel.summaries[0].values, strict=True)
            if value
        )
        for panel in panels.values()
    ]


def test_what_is_shared_in_order_is_not_tinted():
    panels = difference_panels(fake_pair("怎么注销账号", "账号怎么才能注销"))
    assert list(panels) == ["Sentence A", "Sentence B"]
    assert differing(panels) == ["账号", "账号才能"]
    assert differences_in_words(panels) == [
        "Sentence A: 2 of 6 tokens differ.",
        "Sentence B: 4 of 8 tokens differ.",
    ]
    row = panels["Sentence A"].summaries[0]
    assert (row.low, row.high) == (0, 1)
    assert not any("neighbours" in note for note in reading_notes(panels["Sentence A"], row))


def test_an_anchor_is_held_against_the_positive():
    panels = difference_panels(fake_triplet("甲乙", "甲丙", "丁乙"))
    assert list(panels) == ["Anchor", "Positive", "Negative"]
    assert differing(panels) == ["乙", "丙", "丁"]


def test_equal_sentences_do_not_differ_and_long_ones_have_no_panels(monkeypatch):
    assert differing(difference_panels(fake_pair("甲乙", "甲乙"))) == ["", ""]
    monkeypatch.setattr(subsequence, "MAX_CELLS", 3)
    assert difference_panels(fake_pair("甲乙", "丙丁")) is None
