"""The parser of all commands; their flags stand in `poolviz.cli.flags`."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter

from poolviz.cli.flags import encoders, models, texts, work
from poolviz.program import called
from poolviz.version import __version__

_COMMANDS = (
    *(work.datasets, work.train, work.trainings, work.evaluate, work.trust),
    *(texts.explain, texts.export),
    *(models.checkpoints, models.pack, models.unpack, models.film, models.check_head),
    *(encoders.encoder, encoders.match, encoders.rank),
)


def parser() -> ArgumentParser:
    """The parser of all commands; the chosen one's name is in `command`."""
    result = ArgumentParser(
        prog=called(),
        description="Compare text pooling heads: what each predicts, and what it looks at.",
        epilog=f"{called()} COMMAND --help shows a command's flags, with examples.\n"
        "Exit codes: 0 fine, 1 something went wrong, 2 other input helps, 130 Ctrl+C.",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    result.add_argument("--version", action="version", version=__version__)
    commands = result.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for add in _COMMANDS:
        add(commands)
    return result
