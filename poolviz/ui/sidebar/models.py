"""Choosing a data set and its models; on the page of pairs also an encoder and its poolings."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import streamlit as st

from poolviz import program
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import CATALOGUE, dataset_title
from poolviz.encoders.encoder import Encoder, list_encoders
from poolviz.errors import ChoiceError, PoolvizError
from poolviz.language import _
from poolviz.model.kinds import CLASSIFIER, MATCHER, Family, kinds_of
from poolviz.model.poolings import POOLINGS
from poolviz.ui.frame import loaders, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.ui.sidebar.choice import Choice, EncoderChoice
from poolviz.ui.sidebar.run_choice import instead_of, of_one_readout, of_one_training

TRAINING_HELP = ("train", "--help")
OF_ENCODER = "encoder:"  # before the name of an encoder where a data set could stand
NAMED = 3  # models in a sentence
# The data set of somebody who has not chosen one, by the state's name of the choice.
FIRST_SHOWN = {"dataset": "chnsenticorp_htl_all", "match_dataset": "lcqmc"}


def chosen_of(family: Family) -> Choice | EncoderChoice | PoolvizError:
    """What the sidebar holds, or why it cannot hold what was asked for: no other model answers."""
    try:
        return _CHOICES[family]()
    except ChoiceError as error:
        return error


def in_order(tasks: Iterable[str]) -> list[str]:
    """Data sets in the catalogue's order, a user's own after them."""
    return sorted(tasks, key=_place_in_catalogue)


def _classifiers() -> Choice:
    usable = _usable_checkpoints(CLASSIFIER)
    dataset = _chosen_dataset("dataset", usable)
    own = of_one_training(usable, dataset, kinds_of(CLASSIFIER))
    chosen = _of_chosen_heads(of_one_readout(own))
    return Choice(dataset, instead_of(chosen, usable), tuple(own))


def _matchers() -> Choice | EncoderChoice:
    usable = _usable_checkpoints(MATCHER)
    encoders = {f"{OF_ENCODER}{encoder.name}": encoder for encoder in list_encoders()}
    dataset = _chosen_dataset("match_dataset", usable, encoders)
    if dataset in encoders:
        return EncoderChoice(encoders[dataset], _chosen_poolings(encoders[dataset]))
    own = of_one_training(usable, dataset, kinds_of(MATCHER), "match_")
    return Choice(dataset, instead_of(_chosen_matchers(own), usable, "match_"), tuple(own))


_CHOICES = {CLASSIFIER: _classifiers, MATCHER: _matchers}


def _chosen_dataset(
    name: str, usable: list[Checkpoint], encoders: Mapping[str, Encoder] | None = None
) -> str:
    """The data set that the state has under this name; one of those that have a checkpoint.

    Parameters
    ----------
    encoders : that can be chosen beside the data sets, by what the state calls them.
    """
    encoders = encoders or {}
    tasks = [*in_order({checkpoint.task for checkpoint in usable}), *encoders]
    if not tasks:
        said = _("There is no checkpoint. Train one: {command}")
        st.error(said.format(command=program.command(*TRAINING_HELP)))
        st.stop()
    asked = st.session_state[name]
    if not asked:
        st.session_state[name] = FIRST_SHOWN[name] if FIRST_SHOWN[name] in tasks else tasks[0]
    options = {
        "options": tasks,
        "format_func": _title,
        "help": _("What the models were trained on; an encoder is used as it came.")
        if encoders
        else _("What the models were trained on."),
    }
    label = _("Data set or encoder") if encoders else _("Data set")
    if st.session_state[name] in tasks:
        return state.bound(st.selectbox, name, label, **options)
    st.session_state[f"_{name}"] = None
    key, change = f"_{name}", state.copy_back
    st.selectbox(label, index=None, key=key, on_change=change, args=(name,), **options)
    if asked.startswith(OF_ENCODER):
        raise ChoiceError(
            "No encoder {name} is on this machine; choose another in the sidebar, or add it: "
            "{command}",
            name=asked.removeprefix(OF_ENCODER),
            command=program.command("encoder", "add", asked.removeprefix(OF_ENCODER), "FOLDER"),
        )
    raise ChoiceError(
        "No model of the data set {name} is on this machine; choose another data set in the "
        "sidebar, or train one: {command}",
        name=asked,
        command=program.command(*TRAINING_HELP),
    )


def _title(option: str) -> str:
    """A data set, or an encoder."""
    if not option.startswith(OF_ENCODER):
        return dataset_title(option)
    return _("Encoder: {name}").format(name=option.removeprefix(OF_ENCODER))


def _place_in_catalogue(task: str) -> tuple[int, str]:
    """Sorts data sets as the catalogue does, a user's own after them."""
    known = list(CATALOGUE)
    return (known.index(task) if task in known else len(known), task)


def _usable_checkpoints(family: Family) -> list[Checkpoint]:
    """Checkpoints of a family; a damaged one is named in the sidebar and left out."""
    found = loaders.all_checkpoints()
    for checkpoint in found:
        if checkpoint.damage:
            st.warning(error_sentence(checkpoint.damage))
    return [c for c in found if not c.damage and c.kind_record.family is family]


def _of_chosen_heads(checkpoints: list[Checkpoint]) -> tuple[Checkpoint, ...]:
    """Those of the chosen heads."""
    first = checkpoints[0]
    chosen = _several(
        "heads",
        _("Pooling heads"),
        {c.head: c.head_title for c in checkpoints},
        _("Choose at least one head"),
        (first.task, first.run.id, first.readout, st.session_state["seed"]),
    )
    if not chosen:
        st.info(_("Choose at least one pooling head."))
        st.stop()
    return tuple(c for c in checkpoints if c.head in chosen)


def _chosen_matchers(matchers: list[Checkpoint]) -> tuple[Checkpoint, ...]:
    chosen = _several(
        "matchers",
        _("Matchers"),
        {c.name: c.title for c in matchers},
        _("Choose at least one matcher"),
        (matchers[0].task, matchers[0].run.id, st.session_state["match_seed"]),
    )
    if not chosen:
        st.info(_("Choose at least one matcher."))
        st.stop()
    if len(chosen) == len(matchers):
        state.leave_unsaid("matchers")
    return tuple(c for c in matchers if c.name in chosen)


def _chosen_poolings(encoder: Encoder) -> tuple[str, ...]:
    chosen = _several(
        "poolings",
        _("Poolings"),
        {key: _(pooling.title) for key, pooling in POOLINGS.items()},
        _("Choose at least one pooling"),
        encoder.name,
    )
    if not chosen:
        st.info(_("Choose at least one pooling."))
        st.stop()
    if len(chosen) == len(POOLINGS):
        state.leave_unsaid("poolings")
    return tuple(chosen)


def _several(
    name: str, label: str, titles: dict[str, str], placeholder: str, of: Hashable
) -> list[str]:
    """The chosen ones of these keys, in their order.

    Raises
    ------
    ChoiceError : one that was chosen among the same ones is not there, or not any more.
    """
    absent = [key for key in st.session_state[name] or () if key and key not in titles]
    among, st.session_state[f"{name}_among"] = st.session_state.get(f"{name}_among", of), of
    chosen = _at_hand(st.session_state[name], list(titles))
    st.session_state[name] = chosen
    state.bound(
        st.multiselect,
        name,
        label,
        options=list(titles),
        format_func=titles.get,
        placeholder=placeholder,
        help=_("Each is a row of the pictures, and runs once for each text."),
    )
    if absent and among == of:
        raise ChoiceError(
            "{names}: no such model of this data set is on this machine; choose among those in the "
            "sidebar, or train it: {command}",
            names=", ".join(absent[:NAMED]),
            command=program.command(*TRAINING_HELP),
        )
    return chosen


def _at_hand(wanted: list[str] | None, options: list[str]) -> list[str]:
    """The wanted ones that there are, all options where there is none of the wanted ones.

    An empty list stays empty: that is somebody who has taken away the last one.
    """
    if wanted == []:
        return []
    return [option for option in options if option in (wanted or ())] or options
