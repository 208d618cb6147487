"""What scripts and notebooks call.

>>> import poolviz
>>> found = poolviz.explain("房间很干净，早餐一般。", dataset="chnsenticorp_htl_all")
>>> [explanation.head for explanation in found]
['max', 'average', 'min-variance', 'attention', 'multi-head']
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from poolviz.api.shown import Comparison, PairComparison, TrustComparison
from poolviz.checkpoints.checkpoint import Checkpoint, read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import Which, kinds_for, select
from poolviz.datasets import CATALOGUE
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.texts import Explainer, explain_each
from poolviz.errors import ChoiceError, check_choice
from poolviz.language import N_, _
from poolviz.model.heads import HEADS
from poolviz.model.kinds import CLASSIFIER, KINDS, MATCHER, USUAL
from poolviz.model.own_heads import head_title
from poolviz.text.names import normal
from poolviz.trust.ablation.erasure import ERASURES
from poolviz.trust.ablation.model import Model
from poolviz.trust.text.reading import read_all
from poolviz.values.interval import Interval

_LOADED = 32  # explainers kept from one call to the next


@dataclass(frozen=True)
class HeadEntry:
    """A pooling head: the name that calls take, its title, and what one weight says."""

    name: str
    title: str
    meaning: str


@dataclass(frozen=True)
class DatasetEntry:
    """A data set: the name that calls take, its title, what its rows are, and what is trained.

    Parameters
    ----------
    rows : "classification" or "matching".
    heads : heads that have a sound checkpoint; none where nothing is trained.
    """

    name: str
    title: str
    rows: str
    heads: tuple[str, ...]


def explain(
    text: str,
    dataset: str,
    heads: str | Sequence[str] | None = None,
    readout: str = "linear",
    *,
    run: str | None = None,
    seed: int | None = None,
    model: str | Sequence[str] = (),
) -> Comparison:
    """Explain one text under several pooling heads.

    Parameters
    ----------
    dataset : name of a data set with trained classifiers, see `list_datasets`.
    heads : names of heads, see `list_heads`; None for all that are trained.
    readout : "linear", or "mlp" where that is trained.
    run : name or first digits of a run: models trained on the same rows; None for the newest of
        those that are kept, else the newest.
    seed : only models trained with it; None for each one's lowest.
    model : names of models that are taken instead of others of the same head.

    Raises
    ------
    TextError : the text has no visible character, or is too long.
    ChoiceError : no such data set, head, read-out, run or model, or a data set of sentence pairs.
    CheckpointError : nothing is trained for what is asked, or it is damaged.
    """
    chosen = _chosen(dataset, [USUAL], heads, readout, _which(run, seed, model))
    return Comparison(explain_each([_explainer(checkpoint) for checkpoint in chosen], text))


def explain_pair(
    a: str,
    b: str,
    dataset: str,
    heads: str | Sequence[str] | None = None,
    *,
    run: str | None = None,
    seed: int | None = None,
    model: str | Sequence[str] = (),
) -> PairComparison:
    """Explain how alike two sentences are, under every matcher of a data set.

    Parameters
    ----------
    dataset : name of a data set of sentence pairs, see `list_datasets`.
    heads : only matchers with these heads; None for all.
    run, seed, model : as for `explain`.

    Raises
    ------
    TextError : a sentence has no visible character, or is too long.
    ChoiceError : no such data set, head, run or model, or a data set of single texts.
    CheckpointError : nothing is trained for what is asked, or it is damaged.
    """
    name = normal(dataset)
    kinds = kinds_for(name, present=list_checkpoints(task=name))
    if KINDS[kinds[0]].family is not MATCHER:
        raise ChoiceError(
            "{dataset} holds single texts; choose a data set of sentence pairs.", dataset=dataset
        )
    chosen = _chosen(dataset, kinds, heads, None, _which(run, seed, model))
    accuracies = {c.name: Interval.read(c.card["test"]["accuracy"]) for c in chosen}
    found = [_pair_explainer(checkpoint).explain(a, b) for checkpoint in chosen]
    return PairComparison(found, accuracies=accuracies)


def measure_trust(
    text: str,
    dataset: str,
    heads: str | Sequence[str] | None = None,
    readout: str = "linear",
    how: str = "mask",
    *,
    run: str | None = None,
    seed: int | None = None,
    model: str | Sequence[str] = (),
) -> TrustComparison:
    """Measure how far the weights of a text can be believed, under several heads: some seconds.

    Parameters
    ----------
    dataset, heads, readout : as for `explain`.
    how : "mask", "unknown" or "remove": how tokens are erased.
    run, seed, model : as for `explain`.

    Raises
    ------
    TextError : the text has no visible character, or is too long.
    ChoiceError : no such data set, head, read-out, run, model or way to erase, or a data set of
        pairs.
    CheckpointError : nothing is trained for what is asked, or it is damaged.
    """
    check_choice(N_("way to erase"), how, ERASURES)
    chosen = _chosen(dataset, [USUAL], heads, readout, _which(run, seed, model))
    models = [Model(_explainer(checkpoint)) for checkpoint in chosen]
    return TrustComparison(read_all(models, text, how))


def load(
    dataset: str,
    head: str,
    readout: str = "linear",
    *,
    run: str | None = None,
    seed: int | None = None,
    model: str | None = None,
) -> Explainer:
    """The explainer of one trained classifier: its `explain(text)` gives an `Explanation`.

    Parameters
    ----------
    run, seed, model : as for `explain`.

    Raises
    ------
    ChoiceError : no such data set, head, read-out, run or model, or a data set of sentence pairs.
    CheckpointError : nothing is trained for what is asked, or it is damaged.
    """
    [checkpoint] = _chosen(dataset, [USUAL], [head], readout, _which(run, seed, model or ()))
    return _explainer(checkpoint)


def list_heads() -> list[HeadEntry]:
    """The pooling heads in the order of their table, then people's own that were trained here."""
    trained = [checkpoint for checkpoint in list_checkpoints() if not checkpoint.damage]
    own = {c.head: c.head_record for c in trained if c.head_record.own}
    heads = HEADS | dict(sorted(own.items()))
    return [HeadEntry(key, head_title(key), _(head.meaning)) for key, head in heads.items()]


def list_datasets() -> list[DatasetEntry]:
    """The data sets of the catalogue in its order, then those that somebody trained on."""
    sound = [checkpoint for checkpoint in list_checkpoints() if not checkpoint.damage]
    names = dict.fromkeys([*CATALOGUE, *(checkpoint.task for checkpoint in sound)])
    return [_entry(name, [c for c in sound if c.task == name]) for name in names]


def _which(run: str | None, seed: int | None, model: str | Sequence[str]) -> Which:
    return Which(run, seed, (model,) if isinstance(model, str) else tuple(model))


def _chosen(
    dataset: str,
    kinds: Sequence[str],
    heads: str | Sequence[str] | None,
    readout: str | None,
    which: Which,
) -> list[Checkpoint]:
    """The checkpoints that a call is about; see `poolviz.checkpoints.selection.select`."""
    task = normal(dataset)
    # Where there is none, an error lists the names of all.
    present = list_checkpoints(task=task) or list_checkpoints()
    return select(
        present, task, kinds, [heads] if isinstance(heads, str) else heads, readout, which
    )


def _entry(name: str, checkpoints: Sequence[Checkpoint]) -> DatasetEntry:
    known = CATALOGUE.get(name)
    rows = known.kind if known else checkpoints[0].kind_record.rows
    trained = {checkpoint.head for checkpoint in checkpoints}
    order = dict.fromkeys(head for kind in KINDS.values() for head in kind.heads)
    heads = tuple(head for head in dict.fromkeys([*order, *sorted(trained)]) if head in trained)
    return DatasetEntry(name, _(known.title) if known else name, rows, heads)


def _explainer(checkpoint: Checkpoint) -> Explainer:
    assert checkpoint.kind_record.family is CLASSIFIER
    return _loaded(checkpoint.folder, checkpoint.onnx_hash)


@lru_cache(maxsize=_LOADED)
def _loaded(folder: Path, _hash: str) -> Explainer:
    return Explainer(read(folder))


def _pair_explainer(checkpoint: Checkpoint) -> PairExplainer:
    return _loaded_pair(checkpoint.folder, checkpoint.onnx_hash)


@lru_cache(maxsize=_LOADED)
def _loaded_pair(folder: Path, _hash: str) -> PairExplainer:
    return PairExplainer(read(folder))
