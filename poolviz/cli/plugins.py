"""People's own files of heads and data sets, as `--plugin` and `$POOLVIZ_PLUGINS` name them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

from poolviz import places
from poolviz.cli import terminal
from poolviz.cli.loading import check_libraries, load_training, silent_libraries

_loaded: list[ModuleType] = []


def files(named: Sequence[Path]) -> list[Path]:
    """All that are to be loaded, as any other process finds them, too."""
    return [path.resolve() for path in (*named, *places.plugins())]


def load(named: Sequence[Path]) -> None:
    """Run the files' code; their data sets are in the catalogue then.

    Raises
    ------
    ChoiceError : see `poolviz.training.own.plugin.load`.
    TrainingError : see `poolviz.cli.loading.check_libraries`.
    """
    wanted = files(named)
    _loaded.clear()
    if wanted:
        from poolviz.training.own import plugin

        check_libraries()
        with redirect_stdout(sys.stderr), silent_libraries():  # what a file prints is no answer
            _loaded.extend(plugin.load(wanted))


def enter_heads(wanted: Sequence[str]) -> None:
    """Check the heads of the loaded files that are wanted, and put them into the table.

    Raises
    ------
    ChoiceError : see `poolviz.training.own.heads`.
    """
    if not _loaded:
        return
    (own_heads,) = load_training("own.heads")
    layers = own_heads.classes(_loaded)
    for key in wanted:
        if key in layers:
            with terminal.StatusLine() as status:
                status.show(f"Checking the head {key}", milestone=True)
                own_heads.enter(key, layers[key])
