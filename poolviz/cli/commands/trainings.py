"""`trainings`: what is trained in processes of its own, and its queue."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from poolviz.cli import terminal
from poolviz.cli.work.queued import carry_out
from poolviz.errors import ChoiceError
from poolviz.language import error_message
from poolviz.trainings import control
from poolviz.trainings.processes import work_off
from poolviz.trainings.spool import Training


def run(arguments: Namespace) -> bool:
    """List all of them, or do what is asked with one."""
    if arguments.id is None and arguments.action not in ("list", "run"):
        raise ChoiceError(
            "Say which training: trainings {action} ID, as trainings list shows it.",
            action=arguments.action,
        )
    return ACTIONS[arguments.action](arguments)


def _list(arguments: Namespace) -> bool:
    found = control.list_trainings()
    if arguments.json:
        terminal.write_json([_as_json(training) for training in found])
        return True
    rows = [[t.id, t.status, *_asked(t), _how_far(t)] for t in found]
    terminal.write_table(["id", "status", "work", "data set", "heads", "progress"], rows, "llllll")
    return True


def _show(arguments: Namespace) -> bool:
    training = control.read(arguments.id)
    if training.damage:
        raise training.damage
    if arguments.json:
        terminal.write_json({**_as_json(training), "curve": control.curve(training.id)})
        return True
    for name, value in _as_json(training).items():
        terminal.write(f"{name}: {value}")
    for line in control.log(training.id).splitlines():
        terminal.write(f"| {line}")
    return True


def _run(arguments: Namespace) -> bool:
    if arguments.id:
        return carry_out(arguments.id)
    work_off()
    return True


def _cancel(arguments: Namespace) -> bool:
    control.cancel(arguments.id)
    return True


def _resume(arguments: Namespace) -> bool:
    control.resume(arguments.id)
    return True


def _delete(arguments: Namespace) -> bool:
    control.delete(arguments.id)
    return True


ACTIONS = {
    "list": _list,
    "show": _show,
    "cancel": _cancel,
    "resume": _resume,
    "delete": _delete,
    "run": _run,
}


def _asked(training: Training) -> tuple[str, str, str]:
    request = training.request
    if request is None:
        return "", "", ""
    return request.work, request.dataset, ",".join(request.heads)


def _how_far(training: Training) -> str:
    if training.damage:
        return error_message(training.damage)
    if training.state and training.state.error:
        return error_message(training.state.error)
    progress = training.progress
    if progress is None:
        return ""
    return f"{progress.share:.0%}, {progress.head}, epoch {progress.epoch} of {progress.epochs}"


def _as_json(training: Training) -> dict[str, Any]:
    if training.damage or training.request is None or training.state is None:
        return {"id": training.id, "status": training.status, "error": _how_far(training)}
    state = training.state.as_json()
    return {
        "id": training.id,
        "folder": str(training.folder),
        **state,
        "status": training.status,
        "stopping": training.stopping,
        "error": training.state.error and error_message(training.state.error),
        "request": training.request.as_json(),
    }
