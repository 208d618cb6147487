"""The command line: `python -m poolviz COMMAND`, the same calls as the pages.

`poolviz.cli.arguments` is the parser; it and the flags in `poolviz.cli.flags` load nothing heavy.
Each command is a module of `poolviz.cli.commands` with the function `run(arguments)`, imported only
when it is called.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from importlib import import_module

from poolviz import program
from poolviz.cli import plugins, terminal
from poolviz.cli.arguments import parser
from poolviz.cli.dashes import joined_to_flags
from poolviz.errors import ChoiceError, DataError, PoolvizError, TextError, TrainingError
from poolviz.language import error_message

# Commands whose module has another name than with _ for -; no module is called like a public
# function of poolviz.
MODULES = {
    "explain": "explain_text",
    "encoder": "encoders.folders",
    "match": "encoders.match",
    "rank": "encoders.rank",
}
FINE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    argv : the words after the program's name; None takes those of this process.

    Returns
    -------
    0 where all is fine, 2 where other input helps, 1 where something else went wrong, 130 after
    Ctrl+C. What went wrong stands on stderr, in one sentence.

    Raises
    ------
    SystemExit : by `--help` and `--version` (0), and by flags that do not exist or fit (2).
    """
    terminal.prepare()
    arguments = parser().parse_args(joined_to_flags(sys.argv[1:] if argv is None else argv))
    try:
        if hasattr(arguments, "plugin"):
            plugins.load(arguments.plugin)
        module = MODULES.get(arguments.command, arguments.command.replace("-", "_"))
        with program.as_command():
            good = import_module(f"poolviz.cli.commands.{module}").run(arguments)
        sys.stdout.flush()
        return FINE if good else FAILED
    except KeyboardInterrupt as interrupt:
        terminal.note(str(interrupt) or "Stopped by Ctrl+C; nothing was left half-written.")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the output has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except PoolvizError as error:
        terminal.note(error_message(error))
        return _exit_code(error, arguments)
    except OSError as error:
        terminal.note(f"The system refuses ({error}); repair that and run the command again.")
        return FAILED


def _exit_code(error: PoolvizError, arguments: Namespace) -> int:
    """2 where other input helps, 1 where it is not the input that is wrong."""
    if isinstance(error, DataError):
        return FAILED if getattr(arguments, "download", False) else BAD_INPUT
    return BAD_INPUT if isinstance(error, ChoiceError | TextError | TrainingError) else FAILED
