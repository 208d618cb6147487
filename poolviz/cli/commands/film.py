"""`film`: how the weights of pinned sentences settled while a model was trained."""

from __future__ import annotations

from argparse import Namespace

from poolviz.checkpoints import film
from poolviz.checkpoints.selection import kinds_for
from poolviz.cli import terminal
from poolviz.cli.inputs import chosen_checkpoints, listed_checkpoints, writable_folder
from poolviz.errors import ChoiceError
from poolviz.export.film.files import film_html, film_zip
from poolviz.writing import replacing


def run(arguments: Namespace) -> bool:
    """Write the film of one model as HTML, or with a picture for each epoch as a ZIP."""
    if arguments.output.suffix.lower() not in (".html", ".zip"):
        raise ChoiceError("--output of a film is a name that ends in .html or .zip.")
    kinds = kinds_for(arguments.dataset, arguments.kind, listed_checkpoints(arguments))
    chosen = chosen_checkpoints(arguments, kinds)
    if len(chosen) != 1:
        raise ChoiceError("A film is of one model; say which with --head.")
    checkpoint = chosen[0]
    found = film.read(checkpoint)
    if found is None:
        raise ChoiceError(
            "{name} was not filmed; pin sentences when it is trained.", name=checkpoint.name
        )
    title = f"{checkpoint.title} · {checkpoint.task}"
    writable_folder(arguments.output.absolute().parent)
    with replacing(arguments.output.absolute()) as unfinished:
        if arguments.output.suffix.lower() == ".html":
            unfinished.write_text(film_html(found, title), encoding="utf-8")
        else:
            unfinished.write_bytes(film_zip(found, title))
    terminal.write(f"{arguments.output}: {len(found)} epochs, {len(found.sentences)} sentences")
    return True
