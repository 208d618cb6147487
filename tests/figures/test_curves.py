"""Curves of trainings: every line is where its numbers are, at any moment of a training."""

import base64
import re
from html.parser import HTMLParser

import pytest

from poolviz.figures.rows.curves import curves_html

TITLES = {"max": "Max", "attention": "Attention & <b>"}


def point(head, epoch, batch, loss, accuracy=None, seed=0, batches=4):
    found = {"head": head, "seed": seed, "epoch": epoch, "batch": batch, "batches": batches}
    found["loss"] = loss
    if accuracy is not None:
        found |= {"validation_loss": loss / 2, "validation_accuracy": accuracy}
    return found


POINTS = [
    point("max", 1, 2, 1.0),
    point("max", 1, 4, 0.8, 0.5),
    point("max", 2, 2, 0.6),
    point("max", 2, 4, 0.5, 0.75),
    point("attention", 1, 2, 2.0),
]


def lines(html: str) -> list[list[tuple[float, float]]]:
    images = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', html)
    drawn = "".join(base64.b64decode(image).decode() for image in images)
    found = re.findall(r'points="([^"]+)"', drawn)
    return [[tuple(map(float, pair.split(","))) for pair in line.split()] for line in found]


def test_each_head_has_its_lines():
    html = curves_html(POINTS, TITLES, 10)
    training, alone, validation, accuracy = lines(html)
    assert [len(training), len(validation), len(accuracy)] == [2, 2, 2]
    assert training[0][1] < training[1][1]  # a loss that falls
    assert accuracy[1][1] < accuracy[0][1]  # higher is further up
    assert accuracy[1][0] == pytest.approx(2 * accuracy[0][0], abs=0.02)  # twice as far
    assert len(alone) == 2  # one point is a line, too


def test_the_legend_names_heads_and_what_they_reached():
    html = curves_html(POINTS, TITLES, 10)
    assert "Max 75.0%</li>" in html and "Attention &amp; &lt;b&gt;</li>" in html
    assert "<b>" not in html


@pytest.mark.parametrize("count", range(len(POINTS) + 1))
def test_it_can_be_drawn_at_any_moment(count):
    html = curves_html(POINTS[:count], TITLES, 10)
    Strict().feed(html)
    for line in lines(html):
        assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in line)


def test_equal_values_are_a_level_line():
    html = curves_html([point("max", n, 4, 0.5, 1.0) for n in (1, 2, 3)], TITLES, 3)
    assert all(len({y for _x, y in line}) == 1 for line in lines(html))


def test_long_trainings_have_few_points():
    many = [point("max", epoch, 1, 1 / epoch) for epoch in range(1, 5_001)]
    assert len(lines(curves_html(many, TITLES, 5_000))[0]) <= 400


class Strict(HTMLParser):
    """Fails where elements are not closed in their order."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
