"""Tokens in colours on a terminal: which, how wide, and where there are none."""

import io
import re

import numpy as np
import pytest

from poolviz.cli import tinted
from poolviz.figures.colours import BLACK, WHITE, contrast, over
from poolviz.text.width import width_units
from poolviz.views.panel import panel
from poolviz.views.tints import strengths, tint_power
from poolviz.views.view import View
from tests.cli_helpers import TEXT, explain
from tests.fakes import fake_explanation

pytest_plugins = ["tests.cli_fixtures"]
CODE = re.compile(r"\x1b\[[0-9;]*m")
HOSTILE = "好\x1b[31m 的\u202e‏酒店\n👩‍👩‍👧房间" * 9


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def screen(monkeypatch):
    """A terminal of 20 columns and of all colours for stdout; called in the test."""

    def opened(**variables: str) -> Terminal:
        for name in ("NO_COLOR", "COLORTERM", "TERM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {"COLUMNS": "20", "COLORTERM": "truecolor", **variables}.items():
            monkeypatch.setenv(name, value)
        stream = Terminal()
        monkeypatch.setattr("sys.stdout", stream)
        return stream

    return opened


def shown(text: str = HOSTILE, quantity: str = "contribution"):
    found = panel([fake_explanation(text)], View(quantity))
    return found.summaries[0], tint_power(found)


@pytest.mark.parametrize(
    ("variables", "count"),
    [
        ({}, 2**24),
        ({"COLORTERM": "24bit"}, 2**24),
        ({"COLORTERM": "", "TERM": "xterm-256color"}, 256),
        ({"COLORTERM": "", "TERM": "dumb"}, 0),
        ({"NO_COLOR": "1"}, 0),
        ({"NO_COLOR": ""}, 2**24),
    ],
)
def test_how_many_colours_there_are(screen, variables, count):
    screen(**variables)
    assert tinted.colours_of_terminal() == count


def test_what_is_no_terminal_has_no_colours(monkeypatch):
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert tinted.colours_of_terminal() == 0


@pytest.mark.parametrize("quantity", ["weight", "contribution"])
def test_tokens_have_their_tints(quantity):
    row, power = shown(TEXT, quantity)
    found = list(tinted.pieces(row, power))
    assert [text for text, _back, _colour in found] == [t.text for t in row.explanation.tokens]
    diverging = quantity == "contribution"
    wanted = [over(fraction, diverging) for fraction in strengths(row, power)]
    assert [back for _text, back, _colour in found] == wanted
    assert all(contrast(back, colour) >= 4.5 for _text, back, colour in found)


def test_lines_fit_the_terminal_and_nothing_is_lost(screen):
    stream = screen()
    tinted.write_tinted(*shown())
    lines = stream.getvalue().splitlines()
    assert len(lines) > 3
    plain = [CODE.sub("", line) for line in lines]
    assert all(width_units(line) <= 20 for line in plain)
    wanted = re.sub(r"\s+", " ", HOSTILE)
    joined = "".join(line.removeprefix("  ") for line in plain)
    assert joined == tinted.terminal.harmless(wanted)
    assert all(line.endswith("\x1b[0m") for line in lines)


def test_nothing_of_the_text_commands_the_terminal(screen):
    stream = screen()
    tinted.write_tinted(*shown())
    assert "\x1b[31m" not in stream.getvalue() and "\u202e" not in stream.getvalue()


def test_a_terminal_of_256_colours_gets_the_nearest(screen):
    stream = screen(COLORTERM="", TERM="xterm-256color")
    tinted.write_tinted(*shown())
    assert "48;2;" not in stream.getvalue() and "48;5;" in stream.getvalue()


def xterm() -> np.ndarray:
    """Colours 16 to 255 as xterm defines them."""
    levels = (0, 95, 135, 175, 215, 255)
    cube = [(r, g, b) for r in levels for g in levels for b in levels]
    return np.array([*cube, *[(8 + 10 * i,) * 3 for i in range(24)]])


def test_the_nearest_colour_is_the_nearest_of_all():
    rng = np.random.default_rng(0)
    for colour in (WHITE, BLACK, *map(tuple, rng.integers(0, 256, (200, 3)).tolist())):
        distances = ((xterm() - np.array(colour)) ** 2).sum(axis=1)
        found = tinted.nearest_of_256(colour) - 16
        assert distances[found] == distances.min()


def test_a_long_text_is_shown_from_its_beginning():
    row, power = shown("好" * (tinted.MOST_TOKENS + 5))
    found = list(tinted.pieces(row, power))
    assert len(found) == tinted.MOST_TOKENS + 1 and found[-1][0] == "…"


def test_the_command_has_them_on_a_terminal_alone(call, root, screen):
    words = explain(root, "--text", TEXT, "--head", "max")
    assert not CODE.search(call(*words)[1])
    stream = screen(COLUMNS="80")
    call(*words)
    assert stream.getvalue().count("\x1b[0m") == 2
    stream = screen(NO_COLOR="1")
    call(*words)
    assert not CODE.search(stream.getvalue())
