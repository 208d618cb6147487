"""The flags of `export`: where to, in which format, what of a view, and what the view shows."""

from __future__ import annotations

from argparse import ArgumentParser

from poolviz.export.formats import FORMATS, PARTS
from poolviz.figures.sheet import COLUMN, PAGE
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.views.view import QUANTITIES, SCALES


def add_export_flags(command: ArgumentParser) -> None:
    """Add them to a command; the text and the checkpoints have flags of their own."""
    command.add_argument(
        "--output",
        required=True,
        metavar="PATH",
        help="a file, or a folder, in which files get names that say what they hold",
    )
    command.add_argument(
        "--format", choices=FORMATS, help="as the file's name says; zip holds all (zip)"
    )
    command.add_argument(
        "--figure",
        choices=PARTS,
        help="what to draw (heatmap; changes, deletion or matrix with --changed, --trust, --other)",
    )
    command.add_argument(
        "--width",
        type=float,
        choices=(COLUMN, PAGE),
        default=PAGE,
        metavar="INCHES",
        help=f"of the figure, at which letters are 8 points: {COLUMN} or {PAGE} (%(default)s)",
    )
    command.add_argument(
        "--no-title", action="store_true", help="leave the title and the notes off the figure"
    )
    command.add_argument(
        "--table",
        metavar="NAME",
        help="which of several tables to write, such as numbers, changed-tokens, trust-curves, "
        "cells (all, to a folder)",
    )
    command.add_argument(
        "--quantity",
        choices=QUANTITIES,
        default="weight",
        help="the weight, the head's other published weight, or the contribution (%(default)s)",
    )
    command.add_argument("--target", metavar="CLASS", help="contributions to it (the predicted)")
    command.add_argument("--against", metavar="CLASS", help="less the contributions to this one")
    command.add_argument(
        "--scale",
        choices=SCALES,
        default="shared",
        help="colours shared by all heads, per head, or relative to uniform (%(default)s)",
    )
    command.add_argument(
        "--spread", action="store_true", help="spread values over what a position has read"
    )
    command.add_argument(
        "--erase",
        choices=ERASURES,
        default="mask",
        help="what becomes of erased tokens, with --trust (%(default)s)",
    )
