"""What stands in the pictures of the Trust page, as a reader gets it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

import numpy as np


@dataclass
class ErasingRow:
    """One head's row: what it says, its text, what of that is struck out, its curves by colour."""

    said: list[str] = field(default_factory=list)
    text: str = ""
    gone: list[str] = field(default_factory=list)
    curves: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass
class StandingRow:
    """One head's line: its marks and intervals by ranking, in per cent, and its sentence."""

    marks: dict[str, float] = field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    sentence: str = ""


def erasing_rows(html: str) -> dict[str, ErasingRow]:
    """The rows of a text that is erased, by head; fails where they hold what no row has."""
    return _read(_ErasingReader(), html)


def standing_rows(html: str) -> dict[str, StandingRow]:
    """The lines of all heads' picture, by head."""
    return _read(_StandingReader(), html)


def _read(reader, html: str):
    reader.feed(html)
    reader.close()
    return reader.rows


class _Reader(HTMLParser):
    ELEMENTS = ("div", "span", "style", "b", "i", "s", "bdi", "img")

    def __init__(self):
        super().__init__()
        self.rows, self.row, self._open = {}, None, []

    def handle_starttag(self, tag, attrs):
        assert tag in self.ELEMENTS, f"<{tag}> in the picture"
        values = dict(attrs)
        assert not any(name.startswith("on") or name == "href" for name in values)
        assert values.get("src", "data:image/svg+xml,").startswith("data:image/svg+xml,")
        if tag != "img":
            self._open.append(" ".join([tag, values.get("class") or ""]))
        if "data-head" in values:
            self.row = self.rows[values["data-head"]] = self.new()
        if self.row:
            self.met(tag, values)

    def handle_endtag(self, tag):
        assert self._open.pop().split()[0] == tag

    def handle_data(self, data):
        if self.row and "pve-foot" not in self.within and "pvs-foot" not in self.within:
            self.read(data)

    @property
    def within(self) -> list[str]:
        return " ".join(self._open).split()

    def met(self, tag, values):
        pass


class _ErasingReader(_Reader):
    new = ErasingRow

    def met(self, tag, values):
        if tag == "s":
            self.row.gone.append("")
        if tag == "img":
            svg = unquote(values["src"].partition(",")[2])
            for points, colour in re.findall(r'points="([^"]*)" stroke="([^"]*)"', svg):
                down = [float(point.split(",")[1]) for point in points.split()]
                self.row.curves[colour] = 1 - np.array(down) / 100

    def read(self, data):
        if "pve-text" not in self.within:
            self.row.said.append(data)
            return
        self.row.text += data
        if "s" in self.within:
            self.row.gone[-1] += data


class _StandingReader(_Reader):
    new = StandingRow

    def met(self, tag, values):
        classes = (values.get("class") or "").split()
        ranking = classes[-1].removeprefix("pvs-") if classes else ""
        places = [float(number) for number in re.findall(r"([\d.]+)%", values.get("style") or "")]
        if tag == "b":
            [self.row.marks[ranking]] = places
        elif tag == "i":
            left, width = places
            self.row.intervals[ranking] = (left, left + width)

    def read(self, data):
        if "pvs-said" in self.within:
            self.row.sentence += data
