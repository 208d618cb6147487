"""Which checkpoints a choice of data set, kinds, heads and read-out stands for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from poolviz import program
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.commands import train_more
from poolviz.checkpoints.names import checkpoint_name
from poolviz.checkpoints.runs import Run, find_run, preference, runs_of
from poolviz.datasets import CATALOGUE, available
from poolviz.errors import CheckpointError, ChoiceError, check_choice
from poolviz.language import N_
from poolviz.model.kinds import KINDS, USUAL


@dataclass(frozen=True)
class Which:
    """Which training is meant where a data set, or one of its models, was trained several times.

    Parameters
    ----------
    run : the name of a run, or the first digits of its id; None for the one that is shown unasked
        (see `poolviz.checkpoints.runs`).
    seed : only models with this seed; None for each one's lowest.
    names : of models that are taken instead of others of the same kind, head and read-out.
    """

    run: str | None = None
    seed: int | None = None
    names: tuple[str, ...] = ()


UNASKED = Which()


def choose(
    checkpoints: Iterable[Checkpoint],
    task: str,
    kinds: Collection[str],
    heads: Collection[str] | None = None,
    readout: str | None = None,
    which: Which = UNASKED,
) -> list[Checkpoint]:
    """The sound checkpoints of one run, in the order of the tables of kinds, heads, read-outs.

    Where one was trained several times, the one with the lowest seed is taken, and of those with
    the same seed the one with the best validation figures (see `runs.preference`).

    >>> from poolviz.checkpoints.listing import list_checkpoints
    >>> listed = list_checkpoints(task="chnsenticorp_htl_all")
    >>> found = choose(listed, "chnsenticorp_htl_all", ["classification"], readout="mlp")
    >>> [checkpoint.title for checkpoint in found][:2]
    ['Max · MLP', 'Average · MLP']

    Parameters
    ----------
    kinds : keys of `poolviz.model.kinds.KINDS`: only those.
    heads, readout : only those; None for all.

    Raises
    ------
    ChoiceError : no such run.
    """
    found: dict[tuple[int, int, str, int], Checkpoint] = {}
    for checkpoint in candidates(checkpoints, task, kinds, which):
        of_head = heads is None or checkpoint.head in heads
        if of_head and readout in (None, checkpoint.readout):
            found.setdefault(_place(checkpoint), checkpoint)
    return [found[place] for place in sorted(found)]


def candidates(
    checkpoints: Iterable[Checkpoint], task: str, kinds: Collection[str], which: Which = UNASKED
) -> list[Checkpoint]:
    """All that `choose` can choose from, what it prefers first.

    Raises
    ------
    ChoiceError : no such run.
    """
    run = the_run(checkpoints, task, kinds, which.run)
    own = [c for c in run.checkpoints if which.seed in (None, c.card["seed"])] if run else []
    return sorted(own, key=lambda c: (c.name not in which.names, *preference(c)))


def the_run(
    checkpoints: Iterable[Checkpoint], task: str, kinds: Collection[str], said: str | None = None
) -> Run | None:
    """The run of a data set that was named, or that is shown unasked, with its models of `kinds`.

    None where the data set has no such model.

    Raises
    ------
    ChoiceError : no such run.
    """
    runs = runs_of((c for c in checkpoints if not c.damage and c.kind in kinds), task)
    if not runs or said is None:
        return runs[0] if runs else None
    return find_run(runs, said)


def with_head(
    checkpoints: Iterable[Checkpoint], chosen: Sequence[Checkpoint], head: str
) -> list[Checkpoint]:
    """The chosen ones, and one with `head` beside them even where it was not chosen.

    Parameters
    ----------
    chosen : of one run, kind and read-out, at least one.
    """
    first, heads = chosen[0], {head, *(checkpoint.head for checkpoint in chosen)}
    which = Which(first.run.id, names=tuple(checkpoint.name for checkpoint in chosen))
    return choose(checkpoints, first.task, [first.kind], heads, first.readout, which)


def demand(
    checkpoints: Sequence[Checkpoint],
    task: str,
    kinds: Sequence[str],
    heads: Collection[str] | None = None,
    readout: str | None = None,
    which: Which = UNASKED,
) -> list[Checkpoint]:
    """What `choose` gives, where there is one for each head wanted; for None, at least one.

    Raises
    ------
    ChoiceError : no such run, or no model of such a name, or with such a seed.
    CheckpointError : one is missing or damaged.
    """
    found = choose(checkpoints, task, kinds, heads, readout, which)
    there = {checkpoint.head for checkpoint in found}
    known = dict.fromkeys([*(head for kind in kinds for head in KINDS[kind].heads), *(heads or ())])
    missing = [head for head in known if head not in there and (heads is None or head in heads)]
    _check_names(checkpoints, task, kinds, which, found)
    if found and (heads is None or not missing):
        return found
    raise _damage(checkpoints, task, kinds, missing, readout) or _lack(
        checkpoints, task, kinds[0], missing, readout, which.seed
    )


def _check_names(
    checkpoints: Iterable[Checkpoint],
    task: str,
    kinds: Sequence[str],
    which: Which,
    found: Iterable[Checkpoint],
) -> None:
    """Check that the models that were named are there, and among what was found.

    Raises
    ------
    ChoiceError : one is not.
    """
    known = dict.fromkeys(c.name for c in candidates(checkpoints, task, kinds, which))
    taken = {checkpoint.name for checkpoint in found}
    for name in which.names:
        check_choice(N_("model"), name, known)
        if name not in taken:
            raise ChoiceError(
                "The model {name} has another head or read-out than those that were asked for, or "
                "another model stands for them; ask for those of {name} alone.",
                name=name,
            )


def _place(checkpoint: Checkpoint) -> tuple[int, int, str, int]:
    """Sorts checkpoints as the tables do, heads of people's own after those of the table."""
    kind = checkpoint.kind_record
    heads = [head for head, record in kind.heads.items() if not record.own]
    known = checkpoint.head in heads
    return (
        list(KINDS).index(checkpoint.kind),
        heads.index(checkpoint.head) if known else len(heads),
        "" if known else checkpoint.head,
        list(kind.readouts).index(checkpoint.readout),
    )


def _damage(
    checkpoints: Sequence[Checkpoint],
    task: str,
    kinds: Sequence[str],
    heads: Sequence[str],
    readout: str | None,
) -> CheckpointError | None:
    """The damage of what lies there: it does not say what it is, so its folder's name must."""
    names = {checkpoint_name(head, readout, kind=kind) for kind in kinds for head in heads}
    own = (c for c in checkpoints if c.task == task and c.name in names)
    return next((c.damage for c in own if c.damage), None)


def _lack(
    checkpoints: Sequence[Checkpoint],
    task: str,
    kind: str,
    heads: Sequence[str],
    readout: str | None,
    seed: int | None,
) -> CheckpointError:
    """That nothing was trained, with the command that does it."""
    record = KINDS[kind]
    readout = readout or record.usual_readout
    flags = [] if kind == USUAL else ["--kind", kind]
    flags += ["--head", "all" if set(record.heads) <= set(heads) else ",".join(heads)]
    flags += [] if readout == record.usual_readout else ["--readout", readout]
    flags += [] if seed is None else ["--seed", str(seed)]
    if task in CATALOGUE and CATALOGUE[task].can_be_downloaded and not available(task):
        flags.insert(0, "--download")
    trained = next((c for c in checkpoints if c.task == task and not c.damage), None)
    command = (
        train_more(trained, *flags)
        if trained
        else program.command("train", "--dataset", task, *flags)
    )
    return CheckpointError(
        "{dataset} has no checkpoint for {heads} with the {readout} read-out; train it: {command}",
        dataset=task,
        heads=", ".join(heads),
        readout=readout,
        command=command,
    )


def select(
    present: Sequence[Checkpoint],
    task: str,
    kinds: Sequence[str],
    heads: Sequence[str] | None = None,
    readout: str | None = None,
    which: Which = UNASKED,
) -> list[Checkpoint]:
    """What `demand` gives, once the names that were asked for are known to be names.

    Parameters
    ----------
    present : all checkpoints, as `poolviz.checkpoints.listing.list_checkpoints` gives them.
    kinds : of one family.
    readout : None for the usual one where models are compared under one at a time, else for all.

    Raises
    ------
    ChoiceError : no such data set, head, read-out or run, or a data set with other rows.
    CheckpointError : a wanted checkpoint does not exist, or is damaged.
    """
    if readout is not None:
        check_choice(N_("read-out"), readout, _known(kinds, "readouts"))
    elif KINDS[kinds[0]].family.one_readout:
        readout = KINDS[kinds[0]].usual_readout
    own = {c.head: c for c in present if not c.damage and c.task == task and c.kind in kinds}
    for head in heads or ():
        check_choice(N_("pooling head"), head, _known(kinds, "heads") | own)
    check_task(present, task)
    try:
        return demand(present, task, kinds, heads, readout, which)
    except CheckpointError:
        _check_rows(task, kinds)
        raise


def kinds_for(
    task: str, kind: str | None = None, present: Iterable[Checkpoint] = ()
) -> tuple[str, ...]:
    """The kinds whose models a command looks at: the one of its flag, else those of the rows.

    Those are of one family: the first one that learns from rows such as the data set has.

    Parameters
    ----------
    present : checkpoints, which tell what rows a data set has that the catalogue does not.
    """
    if kind is not None:
        return (kind,)
    if task in CATALOGUE:
        rows = CATALOGUE[task].kind
    else:
        trained = {c.kind_record.rows for c in present if c.task == task and not c.damage}
        rows = next(iter(trained)) if len(trained) == 1 else KINDS[USUAL].rows
    fitting = {key: record for key, record in KINDS.items() if record.rows == rows}
    first = next(iter(fitting.values()))
    return tuple(key for key, record in fitting.items() if record.family is first.family)


def check_task(present: Sequence[Checkpoint], task: str) -> None:
    """Check that a name is that of a data set, or of a trained task.

    Raises
    ------
    ChoiceError : it is neither.
    """
    trained = {checkpoint.task for checkpoint in present}
    if task in trained:
        return
    check_choice(N_("data set"), task, dict.fromkeys([*CATALOGUE, *sorted(trained)]))


def _known(kinds: Sequence[str], parts: str) -> dict[str, object]:
    return {key: part for kind in kinds for key, part in getattr(KINDS[kind], parts).items()}


def _check_rows(task: str, kinds: Sequence[str]) -> None:
    """Say so where what is missing cannot be trained: the data set has other rows."""
    if task in CATALOGUE and CATALOGUE[task].kind not in {KINDS[kind].rows for kind in kinds}:
        CATALOGUE[task].check_rows(KINDS[kinds[0]].rows)
