"""What can be said of a file on a page, and sentences on files that speak of it."""

from __future__ import annotations

from collections.abc import Mapping

from poolviz.datasets.own.entering import FLAGS_OF_WANTED
from poolviz.errors import PoolvizError
from poolviz.language import N_, _
from poolviz.ui.frame.error_sentence import error_sentence

# By the field of `poolviz.datasets.readers.reading.Wanted` what its choice is called.
LABELS = {
    "encoding": N_("Encoding"),
    "text": N_("Column of texts"),
    "label": N_("Column of labels"),
    "part": N_("Sheet or file"),
    "split": N_("Column of train, validation, test"),
    "other": N_("Column of second texts"),
    "negative": N_("Column of texts that do not match"),
    "match": N_("Labels that mean a match"),
}
LABELS_OF_PAIRS = {**LABELS, "text": N_("Column of first texts")}
# And what it does.
HELP = {
    "encoding": N_("Found out from the bytes; choose another one where letters are wrong."),
    "text": N_("The texts that are read."),
    "label": N_("Each of its values is a class; of pairs it says which of them match."),
    "part": N_("The one that is read."),
    "split": N_("It says of each row whether to train, to validate or to test on it."),
    "other": N_("Each is compared with the text of the first column in its row."),
    "negative": N_("With it, rows are triplets: a text, one that matches it, one that does not."),
}


def file_sentence(error: PoolvizError, labels: Mapping[str, str] = LABELS) -> str:
    """The error's sentence as Markdown, with the page's choices in the place of flags.

    Parameters
    ----------
    labels : of the choices, `LABELS` or `LABELS_OF_PAIRS`.
    """
    sentence = error_sentence(error)
    for field, label in labels.items():
        sentence = sentence.replace(FLAGS_OF_WANTED[field], f"“{_(label)}”")
    return sentence
