"""What was measured of the heads of one data set, and which of them to take, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.evaluation import measurements
from poolviz.evaluation.comparison import Comparison
from poolviz.language import _, joined, listed, ngettext
from poolviz.model.kinds import CLASSIFIER
from poolviz.model.options import ADDED_LATER, OPTIONS, flag
from poolviz.values.interval import Interval

_OF_ONE_MODEL = ("head", "readout", "seed")  # options that are no choice of a data set


@dataclass(frozen=True)
class Standing:
    """What is known of one head.

    Parameters
    ----------
    head : its key; `title` its English name, the key of its translation.
    rows : test rows.
    accuracy : on them, with its interval over rows.
    seeds : the test accuracies of all its trainings, its own first; empty where it was trained
        once.
    parameters : of the model.
    training : seconds it took.
    explaining : milliseconds from a text to its explanation; None where not measured.
    """

    head: str
    title: str
    rows: int
    accuracy: Interval
    seeds: tuple[float, ...]
    parameters: int
    training: float
    explaining: float | None

    @property
    def name(self) -> str:
        """The head's name in the language of this context."""
        return _(self.title)

    @property
    def other_seeds(self) -> tuple[float, ...]:
        """The test accuracies of its other trainings."""
        return self.seeds[1:]

    @property
    def trained_once(self) -> bool:
        """Whether nothing is known of other trainings."""
        return len(self.seeds) < 2


def standings(checkpoints: Iterable[Checkpoint]) -> list[Standing]:
    """The heads of one data set, the most accurate first."""
    found = [_standing(checkpoint) for checkpoint in checkpoints]
    return sorted(found, key=lambda standing: -standing.accuracy.value)


def answer(found: Sequence[Standing], comparisons: Sequence[Comparison]) -> list[str]:
    """Which head is shown to be better, and which is the cheapest that is not shown to be worse.

    One head is shown to be better than another as `Comparison.better` says; the cheapest has the
    fewest parameters, which, unlike times, are the same on every machine.

    Parameters
    ----------
    found : one or more, the most accurate first.
    comparisons : of these heads, as far as they were measured on the same test rows.
    """
    if len(found) == 1:
        return [_of_one(found[0])]
    if not comparisons:
        return [_("These heads were not compared on the same test rows.")]
    names = {standing.head: standing.name for standing in found}
    once = [standing.name for standing in found if standing.trained_once]
    if len(once) == len(found):
        return [_("Each head was trained once, which cannot show that one is better.")]
    sentences = _who_beats_whom(names, comparisons) or [_none_is_better(found[0].rows)]
    if once:
        sentences.append(
            _("Trained once, so that nothing is shown of them: {heads}.").format(heads=listed(once))
        )
    return [*sentences, _cheapest(found, comparisons)]


def how_chosen(checkpoint: Checkpoint) -> str:
    """How the hyper-parameters of a shipped classifier were chosen; empty of one's own.

    They come from about 25 settings that were tried on the hotel reviews, whose test figures were
    in sight.
    """
    if not checkpoint.shipped:
        return ""
    card = checkpoint.card
    values = {**ADDED_LATER, **card.get("model", {}), **card.get("training", {})}
    changed = [
        f"{flag(option.name)} {values[option.name]}"
        for options in OPTIONS[CLASSIFIER]
        for option in fields(options)
        if option.name not in _OF_ONE_MODEL
        and values.get(option.name, option.default) != option.default
    ]
    said = [
        _(
            "Hyper-parameters are the defaults for all heads and both read-outs, but for {options}."
        ).format(options=listed(changed))
        if changed
        else _("Hyper-parameters are the defaults for all heads and both read-outs."),
        _(
            "They come from about 25 settings tried on the hotel reviews, whose test figures were "
            "in sight, so that hotel figures lean to the favourable side."
        ),
    ]
    return joined(said)


def _standing(checkpoint: Checkpoint) -> Standing:
    card = checkpoint.card
    return Standing(
        head=checkpoint.head,
        title=checkpoint.head_record.title,
        rows=card["test"]["rows"],
        accuracy=Interval.read(card["test"]["accuracy"]),
        seeds=tuple(card.get("seeds", {}).get("accuracy", ())),
        parameters=card["parameters"],
        training=card["fit"]["seconds"],
        explaining=(measurements.read(checkpoint) or {}).get("explain", {}).get("milliseconds"),
    )


def _of_one(standing: Standing) -> str:
    return ngettext(
        "{head} is right on {share} of {rows:,} test row.",
        "{head} is right on {share} of {rows:,} test rows.",
        standing.rows,
    ).format(head=standing.name, share=standing.accuracy.as_share(), rows=standing.rows)


def _none_is_better(rows: int) -> str:
    return ngettext(
        "No head is shown to be better on this {rows:,} test row.",
        "No head is shown to be better on these {rows:,} test rows.",
        rows,
    ).format(rows=rows)


def _who_beats_whom(names: dict[str, str], comparisons: Sequence[Comparison]) -> list[str]:
    sentences = []
    for head, name in names.items():
        beaten = [each.other(head) for each in comparisons if each.better == head]
        if len(beaten) == len(names) - 1 > 1:
            sentence = _("{head} is shown to be better than every other head.")
        else:
            sentence = _("{head} is shown to be better than {others}.")
        if beaten:
            others = listed(names[other] for other in names if other in beaten)
            sentences.append(sentence.format(head=name, others=others))
    return sentences


def _cheapest(found: Sequence[Standing], comparisons: Sequence[Comparison]) -> str:
    compared = {head for each in comparisons for head in (each.first, each.second)}
    worse = {each.other(each.better) for each in comparisons if each.better}
    left = [s for s in found if s.head in compared - worse]
    fewest = min(standing.parameters for standing in left)
    cheapest = [standing.name for standing in left if standing.parameters == fewest]
    if len(cheapest) == 1:
        sentence = _("Cheapest that is not shown worse: {heads} ({count:,} parameters).")
    else:
        sentence = _("Cheapest that are not shown worse: {heads} ({count:,} parameters each).")
    return sentence.format(heads=listed(cheapest), count=fewest)
