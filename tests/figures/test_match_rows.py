"""Rows of matchers and the lines of one of them: what a browser would see."""

import re
from math import atan2, cos, hypot, sin

import numpy as np
import pytest

from poolviz.figures.pairs.partners import partners_html
from poolviz.figures.pairs.rows import Accuracy, match_rows_html
from poolviz.figures.pairs.token_places import LINES, edges_of
from poolviz.views.captions import number
from poolviz.views.matchers import pair_row, triplet_row
from poolviz.views.pairs import sentence_panels, strongest
from poolviz.views.reasons import reason_of
from tests.fakes import fake_pair, fake_triplet
from tests.figures.test_aligned import HOSTILE, TAGS, Page

PAIRS = [
    fake_pair(seed=0, probability=0.8, threshold=0.6),
    fake_pair(kind="interactive", head="additive", readout="dense", seed=5, probability=0.3),
]
ACCURACY = Accuracy("79.3%", "test accuracy 79.3% (78.6% to 80.0%)")


def table(pairs=PAIRS, quantity="contribution", chosen="", **options) -> str:
    return match_rows_html(
        [pair_row(pair) for pair in pairs],
        sentence_panels(pairs, quantity),
        [ACCURACY] * len(pairs),
        chosen,
        "1 of 2 say match.",
        **options,
    )


def bars(page: Page) -> list[dict[str, str]]:
    return [a for tag, a in page.elements if tag == "i" and "pva-middle" not in a["class"]]


def percentages(style: str) -> list[float]:
    return [float(n) for n in re.findall(r"([\d.]+)%", style)]


@pytest.mark.parametrize("quantity", ["weight", "contribution"])
def test_every_matcher_has_a_row_with_both_sentences(quantity):
    page = Page(table(quantity=quantity))
    assert [row["data-label"] for row in page.having("pva-row")[1:]] == [
        "Siamese · Attention",
        "Interactive · Additive attention · dense",
    ]
    texts = [side.text for side in PAIRS[0].sides]
    assert page.lines == texts * 2
    assert [box["data-of"] for box in page.having("pva-text")] == ["0", "1"] * 2
    panels = sentence_panels(PAIRS, quantity)
    values = [number(v) for n in (0, 1) for p in panels.values() for v in p.summaries[n].values]
    assert [token["data-value"] for token in page.having("pva-t")] == values
    assert ("pva-signed" in table(quantity=quantity)[:60]) == (quantity == "contribution")


def test_all_thresholds_are_in_the_middle_of_the_axis():
    page = Page(table())
    match, no_match = bars(page)
    assert percentages(match["style"]) == [50, 25] and "pva-low" not in match["class"]
    assert percentages(no_match["style"]) == [30, 20] and "pva-low" in no_match["class"]
    assert [each["style"] for each in page.having("pva-middle")] == ["left:50%"] * 2


def test_a_triplet_has_two_dots_and_three_sentences():
    triplet = fake_triplet("甲", "乙乙", "丙丙丙")
    panels = sentence_panels([triplet])
    page = Page(match_rows_html([triplet_row(triplet)], panels, [ACCURACY], "", "1 of 1"))
    assert page.lines == ["甲", "乙乙", "丙丙丙"]
    assert [percentages(dot["style"]) for dot in bars(page)] == [[75], [75]]
    assert ["pvm-open" in dot["class"] for dot in bars(page)] == [False, True]


def test_the_chosen_row_and_what_is_known_are_marked():
    name = PAIRS[0].sides[0].checkpoint
    page = Page(table([PAIRS[0]], chosen=name, right=[False]))
    [row] = page.having("pva-row-chosen")
    assert (row["data-head"], row["aria-current"]) == (name, "true")
    assert len(page.having("pva-wrong")) == 1 and not page.having("pva-right")
    page = Page(table(right=[True, False]))
    assert not page.having("pva-row-chosen")
    assert len(page.having("pva-wrong")) == len(page.having("pva-right")) == 1


def test_a_row_is_one_stop_for_tab():
    page = table()
    stops = page.split('<div class="pvm-texts pva-stop">')[1:]
    assert [stop.count('tabindex="0"') for stop in stops] == [1, 1]
    tokens = Page(page).having("pva-t")
    assert {token["tabindex"] for token in tokens} == {"0", "-1"}
    assert tokens[0]["tabindex"] == "0"


def test_what_holds_for_all_rows_is_said_once():
    html = table(notes=["Characters reach 70.3%."])
    for said in ("Characters reach", "Each position has read", "1 of 2 say match", "pva-bar"):
        assert html.split("</style>")[1].count(said) == 1
    assert html.count("(78.6% to 80.0%)") == 2  # in titles only
    assert "78.6%" not in re.sub(r"<[^>]*>", "", html)


def test_of_a_long_sentence_a_part_is_shown():
    page = Page(table([fake_pair("字" * 900, "短")]))
    assert [len(line) for line in page.lines] == [400, 1]


def test_markup_in_sentences_stays_text():
    pair = fake_pair(HOSTILE, "<i>乙</i>")
    for html in (table([pair], notes=[HOSTILE]), partners_html(fake_pair(HOSTILE[:50], "<i>乙"))):
        assert {tag for tag, _attributes in Page(html).elements} <= TAGS
        assert all("onerror" not in a for _tag, a in Page(html).elements)
    assert Page(table([pair])).lines == [HOSTILE, "<i>乙</i>"]


def pixels(style: str, name: str) -> float:
    found = re.search(rf"(?:^|;){name}:([\d.]+)px", style)
    assert found
    return float(found[1])


def test_lines_lead_from_token_to_token():
    pair = fake_pair()
    page = Page(partners_html(pair))
    lines = [a for tag, a in page.elements if tag == "i"]
    wanted = strongest(pair.cells, LINES)
    assert len(lines) == len(wanted) == LINES
    middles = [(edges[:-1] + edges[1:]) / 2 for edges in edges_of(pair)]
    tokens = [a for tag, a in page.elements if tag == "span"]
    unit = pixels(tokens[0]["style"], "width") + 2
    unit /= edges_of(pair)[0][1] - edges_of(pair)[0][0]
    for line, (i, j) in zip(lines, wanted, strict=True):
        angle = float(re.search(r"rotate\(([-\d.]+)rad\)", line["style"])[1])
        thick = pixels(line["style"], "border-top-width")
        # The middle of the line begins half its thickness from its corner.
        start = pixels(line["style"], "left") - thick / 2 * sin(angle)
        assert start == pytest.approx(unit * middles[0][i], abs=0.2)
        end = start + pixels(line["style"], "width") * cos(angle)
        assert end == pytest.approx(unit * middles[1][j], abs=0.2)
        fall = pixels(line["style"], "width") * sin(angle)
        assert angle == pytest.approx(atan2(fall, end - start), abs=1e-3)
        assert pixels(line["style"], "width") == pytest.approx(hypot(fall, end - start), abs=0.1)
        assert line["title"].endswith(f" {number(pair.cells[i, j])}")
        assert ("pvl-low" in line.get("class", "")) == (pair.cells[i, j] < 0)
    widths = [pixels(line["style"], "border-top-width") for line in lines]
    assert widths == sorted(widths, reverse=True)


def test_tokens_without_a_partner_stand_in_dashed_boxes():
    pair = fake_pair()
    tokens = [a for tag, a in Page(partners_html(pair)).elements if tag == "span"]
    alone = ["pvl-alone" in token.get("class", "") for token in tokens]
    first, second = reason_of(pair.cells).alone
    count = len(pair.sides[0].tokens)
    assert [n for n, single in enumerate(alone) if single] == [*first, *(count + n for n in second)]
    assert 0 < sum(alone) < len(alone)


def test_cells_of_nothing_have_no_line():
    html = partners_html(fake_pair("甲乙", "丙", cells=np.zeros((2, 1))))
    assert "<i" not in html and html.count("<span") == 3
