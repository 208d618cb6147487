"""What is trained on the rows, and how: a few choices in view, the rest in a closed section."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import Field, dataclass, fields
from typing import Any

import streamlit as st

from poolviz.language import N_, _
from poolviz.model.kinds import CLASSIFIER, KINDS, MATCHER, Kind
from poolviz.model.options import OPTIONS
from poolviz.text.names import LONGEST, as_name, normal
from poolviz.text.scripts import usual_unit
from poolviz.text.tokens import UNITS
from poolviz.trainings.request import MAX_EPOCHS, MAX_PINNED, MAX_SEEDS
from poolviz.ui.frame.remembered import remembered
from poolviz.ui.train.source import Source

UNIT_NAMES = {"character": N_("One a character"), "word": N_("One a word")}
# Widths by size; the usual ones go without saying.
SIZES: dict[Any, dict[str, dict[str, int]]] = {
    CLASSIFIER: {
        "small": {"embedding": 32, "filters": 64},
        "usual": {},
        "large": {"embedding": 128, "filters": 256},
    },
    MATCHER: {"small": {"width": 32}, "usual": {}, "large": {"width": 128}},
}
SIZE_NAMES = {"small": N_("Small"), "usual": N_("Usual"), "large": N_("Large")}
_IN_VIEW = ("epochs",)  # options that have a place of their own


@dataclass(frozen=True)
class Plan:
    """What is to be trained.

    Parameters
    ----------
    name : of the data set that the models are listed under.
    unit : of a token; None where the catalogue says it.
    model, fit : options that are not the usual ones.
    pinned : sentences whose weights are kept at every epoch.
    """

    name: str
    unit: str | None
    kind: str
    heads: tuple[str, ...]
    model: dict[str, Any]
    fit: dict[str, Any]
    seeds: int
    pinned: tuple[str, ...] = ()

    @property
    def record(self) -> Kind:
        """What the table says of its kind."""
        return KINDS[self.kind]

    @property
    def epochs(self) -> int:
        """How many epochs there are at most."""
        return self.fit.get("epochs", _default("epochs", self.record))


def choose_plan(source: Source) -> Plan:
    """Draw the choices."""
    kinds = [key for key, kind in KINDS.items() if kind.rows == source.held]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name, unit = _name(source), _unit(source)
        kind = _kind(kinds)
    record = KINDS[kind]
    heads = remembered(
        st.multiselect,
        f"train_heads_{kind}",
        _("Pooling heads"),
        list(record.heads),
        options=list(record.heads),
        format_func=lambda key: _(record.heads[key].title),
        help=_("Each head is trained as a model of its own, on the same rows."),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = remembered(
            st.segmented_control,
            "train_size",
            _("Size"),
            "usual",
            options=list(SIZE_NAMES),
            format_func=lambda key: _(SIZE_NAMES[key]),
            required=True,
            help=_("How wide vectors and convolutions are: a small model is trained in less time."),
        )
        readout = remembered(
            st.segmented_control,
            f"train_readout_{kind}",
            _("Read-out"),
            record.usual_readout,
            options=list(record.readouts),
            format_func=lambda key: _(record.readouts[key].title),
            required=True,
            help=_in_lines(_(each.meaning) for each in record.readouts.values()),
        )
        usual = _default("epochs", record)
        most = _("Passes over the training rows; a training ends where it gets no better.")
        epochs = _whole("epochs", _("Epochs at most"), usual, MAX_EPOCHS, kind, most)
        again = _(
            "How often each head is trained, from another random beginning each time: it shows how "
            "far figures and weights depend on chance. The first model is kept."
        )
        seeds = _whole("seeds", _("Seeds"), 1, MAX_SEEDS, kind, again)
    pinned = _pinned() if record.independent else ()
    model, fit = _rest(record, kind)
    model |= SIZES[record.family][size]
    if readout != record.usual_readout:
        model["readout"] = readout
    if epochs != usual:
        fit["epochs"] = epochs
    return Plan(name, unit, kind, tuple(heads), model, fit, seeds, pinned)


def usual_name(file: str) -> str:
    """A name for a data set, from that of a file.

    >>> usual_name("My reviews (2).csv"), usual_name("评论.xlsx"), usual_name("….csv")
    ('My reviews 2', '评论', 'my_rows')
    """
    return as_name(file.rpartition(".")[0], "my_rows")


def _name(source: Source) -> str:
    if source.file is None:
        return source.dataset or ""
    name = source.file.name
    typed = remembered(
        st.text_input,
        f"train_name_{name}",
        _("Name of the data set"),
        usual_name(name),
        max_chars=LONGEST,
        width=240,
        help=_(
            "Its models stand under this name: letters and digits of any script, and between them "
            "single spaces, dots, dashes or underscores."
        ),
    )
    return normal(typed.strip())


def _unit(source: Source) -> str | None:
    if source.file is None:
        return None
    return remembered(
        st.segmented_control,
        f"train_unit_{source.file.name}",
        _("Tokens"),
        usual_unit(source.file.texts),
        options=list(UNITS),
        format_func=lambda key: _(UNIT_NAMES[key]),
        required=True,
        help=_("A token is what a head weighs. Found out by the script of the texts."),
    )


def _kind(kinds: list[str]) -> str:
    return remembered(
        st.segmented_control,
        f"train_kind_{kinds[0]}",
        _("What to train"),
        kinds[0],
        options=kinds,
        format_func=lambda key: _(KINDS[key].title),
        required=True,
        help=_in_lines(f"**{_(KINDS[key].title)}**: {_(KINDS[key].meaning)}" for key in kinds),
    )


def _pinned() -> tuple[str, ...]:
    """The sentences to film, a line each."""
    with st.expander(_("Film how attention settles"), icon=":material/movie:"):
        lines = remembered(
            st.text_area,
            "train_pinned",
            _(
                "Up to {count} sentences whose weights are kept after every epoch, one a line"
            ).format(count=MAX_PINNED),
            "",
            help=_("When the training is done, a slider and a player show them, epoch by epoch."),
        )
    return tuple(line.strip() for line in lines.splitlines() if line.strip())


def _rest(record: Kind, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options of the model and of its fit, as they were changed in the closed section."""
    of_model, of_fit = OPTIONS[record.family]
    sized = {name for widths in SIZES[record.family].values() for name in widths}
    with st.expander(_("More options"), icon=":material/tune:"):
        columns = st.columns(3)
        found: list[dict[str, Any]] = []
        number = 0
        for options in (of_model, of_fit):
            changed: dict[str, Any] = {}
            for option in fields(options):
                if not _has_a_widget(option) or option.name in (*_IN_VIEW, *sized):
                    continue
                with columns[number % len(columns)]:
                    value = _number(option, kind)
                if value != option.default:
                    changed[option.name] = value
                number += 1
            found.append(changed)
    return found[0], found[1]


def _has_a_widget(option: Field) -> bool:
    return isinstance(option.default, int | float) and not isinstance(option.default, bool)


def _number(option: Field, kind: str) -> int | float:
    """The field of an option; what it is stands in the table of options."""
    exact, meaning = isinstance(option.default, int), _(option.metadata["meaning"])
    return remembered(
        st.number_input,
        f"train_{option.name}_{kind}",
        f"{meaning[:1].upper()}{meaning[1:]}",
        option.default,
        min_value=0 if exact else 0.0,
        step=1 if exact else None,
        format="%d" if exact else "%.4g",
        help=_("Usual: {value}. In commands: {flag}").format(
            value=f"{option.default:g}", flag=f"`--{option.name.replace('_', '-')}`"
        ),
    )


def _whole(name: str, label: str, initial: int, most: int, kind: str, meaning: str) -> int:
    limits = {"min_value": 1, "max_value": most, "step": 1}
    key = f"train_{name}_{kind}"
    return remembered(st.number_input, key, label, initial, **limits, width=150, help=meaning)


def _in_lines(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)


def _default(name: str, record: Kind) -> int:
    _of_model, of_fit = OPTIONS[record.family]
    return int(getattr(of_fit(), name))
