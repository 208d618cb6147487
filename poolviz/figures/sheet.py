"""The paper of figures for files: how wide it is, how high its letters are, what stands on it."""

from __future__ import annotations

from dataclasses import dataclass

PIXELS = 96  # an inch's, as CSS and SVG count
LETTERS = 8 / 72 * PIXELS  # 8 points, the least that many journals print
COLUMN, PAGE = 3.3, 7.0  # inches: one column of a paper, and both


@dataclass(frozen=True)
class Sheet:
    """What a figure is fitted to when it becomes a file.

    Parameters
    ----------
    inches : its width.
    titled : whether its title and its notes stand on it; papers have captions of their own.
    """

    inches: float = PAGE
    titled: bool = True

    @property
    def width(self) -> float:
        """In pixels."""
        return self.inches * PIXELS
