"""What a finished training stands beside: others of the same model, and other runs."""

from __future__ import annotations

from pathlib import Path

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.runs import runs_of, same_choice, validation_of


def said_of_rivals(checkpoint: Checkpoint, root: Path) -> str | None:
    """Which training is taken unasked where one like it was there before; None where none was.

    Parameters
    ----------
    root : where the checkpoint was written.
    """
    best, *others = same_choice(checkpoint, _present(checkpoint, root))
    if not others:
        return None
    if best.name == checkpoint.name:
        before = others[0]
        return (
            f"better on the validation rows than {before.name} ({_figures(best, before)}), which "
            f"stays: pages and commands take {best.name} unless you choose --model {before.name}"
        )
    return (
        f"not better on the validation rows than {best.name} ({_figures(checkpoint, best)}), which "
        f"stays: pages and commands take {best.name} unless you choose --model {checkpoint.name}"
    )


def said_of_runs(checkpoint: Checkpoint, root: Path) -> str | None:
    """That its data set has several runs, and which of them is shown; None where it has one."""
    runs = runs_of(_present(checkpoint, root), checkpoint.task)
    if len(runs) < 2:
        return None
    shown = "it" if runs[0].id == checkpoint.run.id else runs[0].id
    kept = "is kept and shown" if runs[0].mark.kept else "is shown"
    return (
        f"{checkpoint.task} has {len(runs)} runs: models of other rows, classes, unit or "
        f"preparation, which never stand side by side. This run is {checkpoint.run.id}; "
        f"{shown} {kept} unless you choose another with --run."
    )


def _present(checkpoint: Checkpoint, root: Path) -> list[Checkpoint]:
    own = root == places.user_checkpoints()
    return list_checkpoints(None if own else [root], checkpoint.task)


def _figures(one: Checkpoint, other: Checkpoint) -> str:
    """Two accuracies; of equal ones the losses, since those decide then."""
    (first, loss), (second, other_loss) = validation_of(one), validation_of(other)
    if first != second:
        return f"{first:.1%} against {second:.1%}"
    return f"{first:.1%} both, loss {-loss:.4f} against {-other_loss:.4f}"
