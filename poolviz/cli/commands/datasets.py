"""`datasets`: the catalogue, one data set's details, and downloads."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from poolviz import datasets
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.checkpoints.runs import check_rows
from poolviz.cli import own_data_sets, terminal
from poolviz.cli.inputs import listed_checkpoints
from poolviz.cli.own_file import check_no_file_flags, own_rows, rows_to_measure, wanted_of
from poolviz.cli.own_pairs import own_pairs
from poolviz.datasets import CATALOGUE, Corpus, Dataset, locate
from poolviz.datasets.own.entering import check_key
from poolviz.datasets.own.texts import corpus_of as texts_corpus
from poolviz.datasets.own_pairs.corpus import corpus_of as pairs_corpus
from poolviz.datasets.readers import sentences
from poolviz.errors import ChoiceError, DataError, check_choice
from poolviz.language import N_, error_message
from poolviz.text.preparation import Preparation
from poolviz.text.scripts import on_unit
from poolviz.watch import Watch

_PUBLISHED = {True: "the published file", False: "a known sample", None: "not a known file"}


def run(arguments: Namespace) -> bool:
    """Write the catalogue, or what is known of one data set, as tables or as JSON."""
    if arguments.key is None:
        if arguments.download:
            raise ChoiceError("Say which data set to download: datasets KEY --download.")
        entries = [_entry(dataset, arguments.folder) for dataset in CATALOGUE.values()]
        own = own_data_sets.entries()
        if arguments.json:
            terminal.write_json([*entries, *own])
        else:
            _write_catalogue([*entries, *own])
        return True
    trained = {entry["key"]: entry for entry in own_data_sets.entries()}
    check_choice(N_("data set"), arguments.key, dict.fromkeys([*CATALOGUE, *trained]))
    if arguments.key in trained:
        own_data_sets.write(trained[arguments.key], arguments)
        return True
    details = _details(CATALOGUE[arguments.key], arguments)
    if arguments.json:
        terminal.write_json(details)
    else:
        _write_details(details)
    return True


def chosen_rows(arguments: Namespace, held: str, prepared: Preparation | None = None) -> Corpus:
    """The rows of `--csv`, or of the catalogue's data set that `--dataset` names.

    What there is to say of the file stands on stderr.

    Parameters
    ----------
    held : key of `poolviz.model.kinds.ROWS`: what the rows of a file hold.
    prepared : what to leave out of the catalogue's texts; None does as the catalogue says.

    Raises
    ------
    ChoiceError, DataError : see `poolviz.datasets.load` and `poolviz.datasets.own.texts`.
    """
    unit, download = getattr(arguments, "unit", None), getattr(arguments, "download", False)
    if arguments.csv is None:
        if unit:
            raise ChoiceError("--unit is for --csv; the catalogue knows the unit of its data sets.")
        check_no_file_flags(arguments)
        if arguments.dataset not in CATALOGUE:  # or the command had refused it before
            raise ChoiceError(
                "The rows of {dataset} are in no catalogue; name their file with --csv, or one "
                "that describes them with --plugin.",
                dataset=arguments.dataset,
            )
        return load(arguments.dataset, arguments.folder, download, prepared)
    if prepared is not None:
        raise ChoiceError("--preparation is for the catalogue's texts; leave it out with --csv.")
    if download:
        raise ChoiceError("--download fetches files of the catalogue; leave it out with --csv.")
    check_key(arguments.dataset)
    read, corpus_of = _OF_FILE[held]
    rows, wanted = read(arguments), wanted_of(arguments)
    for said in sentences.sentences(rows.findings):
        terminal.note(said)
    if "unit" in arguments and not unit:
        terminal.note(f"{on_unit(rows.texts)} --unit says otherwise.")
    return corpus_of(arguments.dataset, arguments.csv, rows, unit, wanted, arguments.test_csv)


# By what rows hold: what reads a file of them, and what makes it a data set.
_OF_FILE: dict[str, tuple[Callable[[Namespace], Any], Callable[..., Corpus]]] = {
    "classification": (own_rows, texts_corpus),
    "matching": (own_pairs, pairs_corpus),
}


def rows_of_run(arguments: Namespace, chosen: Sequence[Checkpoint]) -> Corpus:
    """What `chosen_rows` gives, where those are the rows of the chosen models' run.

    For models of single texts `reads_other_rows` says whether a file holds others. All of them are
    to test on then.

    Raises
    ------
    ChoiceError, DataError : see `chosen_rows` and `poolviz.checkpoints.runs.check_rows`.
    """
    held = chosen[0].kind_record.rows
    if held == "classification":
        if reads_other_rows(arguments):
            return rows_to_measure(arguments, chosen[0])
        if arguments.labels:
            raise ChoiceError("--labels is for --csv; leave it out, or name a file.")
    known = arguments.csv is None and arguments.dataset in CATALOGUE
    corpus = chosen_rows(arguments, held, chosen[0].preparation if known else None)
    check_rows(chosen, corpus, listed_checkpoints(arguments))
    return corpus


def reads_other_rows(arguments: Namespace) -> bool:
    """Whether `--csv` holds other rows than those of the models' run.

    So it is for models of the catalogue's data sets, and where it is said what its labels mean.
    """
    return bool(arguments.csv and (arguments.labels or arguments.dataset in CATALOGUE))


def load(
    key: str, folder: Path | None, download: bool, prepared: Preparation | None = None
) -> Corpus:
    """The rows of a data set, with a progress bar where files are fetched.

    Raises
    ------
    ChoiceError, DataError : see `poolviz.datasets.load`.
    """
    with terminal.StatusLine() as status:
        watch = Watch(terminal.download_progress(status))
        return datasets.load(key, folder, download, watch, prepared)


def _entry(dataset: Dataset, folder: Path | None) -> dict[str, Any]:
    try:
        files = locate.find(dataset, folder)
        complete, places = files.complete, [path.parent for path in files.found.values()]
    except DataError:  # a file that cannot be read
        complete, places = False, []
    return {
        "key": dataset.key,
        "title": dataset.title,
        "kind": dataset.kind,
        "unit": dataset.unit,
        "classes": list(dataset.classes),
        "at_hand": complete,
        "folder": str(places[0]) if places else None,
        "can_be_downloaded": dataset.can_be_downloaded,
    }


def _details(dataset: Dataset, arguments: Namespace) -> dict[str, Any]:
    """The catalogue's entry, and what the files at hand hold, or why there are none."""
    try:
        corpus = load(dataset.key, arguments.folder, arguments.download)
    except DataError as error:
        if arguments.download:
            raise
        found: dict[str, Any] = {"files": [], "report": None, "missing": error_message(error)}
    else:
        found = {"files": list(corpus.files), "report": corpus.report, "missing": None}
    return {
        **_entry(dataset, arguments.folder),
        "origin": dataset.origin,
        "terms": dataset.terms,
        **found,
    }


def _write_catalogue(entries: list[dict[str, Any]]) -> None:
    terminal.write_table(
        ["key", "kind", "unit", "classes", "files"],
        [
            [entry["key"], entry["kind"], entry["unit"], len(entry["classes"]), _place(entry)]
            for entry in entries
        ],
        "lllrl",
    )


def _place(entry: dict[str, Any]) -> str:
    if "runs" in entry:
        return own_data_sets.place(entry)
    if entry["at_hand"]:
        return entry["folder"]
    if entry["folder"]:
        return f"not complete in {entry['folder']}"
    return "can be downloaded" if entry["can_be_downloaded"] else "from its publisher only"


def _write_details(details: dict[str, Any]) -> None:
    for name in ("key", "title", "kind", "unit", "classes", "origin", "terms"):
        value = details[name]
        terminal.write(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    for file in details["files"]:
        terminal.write(f"file: {file['path']}, {file['bytes']:,} bytes")
        terminal.write(f"  SHA-256 {file['sha256']}: {_PUBLISHED[file['published']]}")
    for name, value in (details["report"] or {}).items():
        terminal.write(f"{name.replace('_', ' ')}: {_counts(value)}")
    if details["missing"]:
        terminal.write(f"files: {details['missing']}")


def _counts(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_counts(count)}" for name, count in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)
