"""How a file was read, in sentences of the language that is spoken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from poolviz.datasets.readers.encodings import ENCODINGS
from poolviz.datasets.readers.reading import SHOWN_LINES, Finding, How
from poolviz.language import _, listed, ngettext

# What stands between columns, as people call it.
_NAMES = {"\t": "TAB", "|": "|", ",": ",", ";": ";", "，": "，", "\x01": "\\x01"}

# By the kind of a finding: its sentence for so many.
SENTENCES: dict[str, Callable[[int], str]] = {
    "guessed encoding": lambda n: _("The encoding was guessed from the bytes: {encoding}."),
    "doubtful encoding": lambda n: _(
        "It is not sure in which encoding the file is written; {encoding} is the best guess: look "
        "at the rows, and name another one if they are wrong."
    ),
    "replaced": lambda n: ngettext(
        "{count:,} byte is no {encoding}; U+FFFD (\ufffd) stands for it.",
        "{count:,} bytes are no {encoding}; U+FFFD (\ufffd) stands for them.",
        n,
    ),
    "other parts": lambda n: ngettext(
        "Only {part} was read; {count:,} other file or sheet was not.",
        "Only {part} was read; {count:,} other files or sheets were not.",
        n,
    ),
    "above": lambda n: ngettext(
        "{count:,} line above the names of the columns is no row.",
        "{count:,} lines above the names of the columns are no rows.",
        n,
    ),
    "unread entries": lambda n: ngettext(
        "Left out, as it is no JSON that can be read: {count:,} entry, number {lines}.",
        "Left out, as they are no JSON that can be read: {count:,} entries, numbers {lines}.",
        n,
    ),
    "open quote": lambda n: ngettext(
        "{count:,} quotation mark is never closed, in line {lines}; each line was read as a row.",
        "{count:,} quotation marks are never closed, in lines {lines}; each line was read as a "
        "row.",
        n,
    ),
    "lines like rows": lambda n: ngettext(
        "{count:,} cell between quotes holds lines that look like rows, in line {lines}; if they "
        "are, close the quote and open the file again.",
        "{count:,} cells between quotes hold lines that look like rows, in lines {lines}; if they "
        "are, close the quotes and open the file again.",
        n,
    ),
    "joined": lambda n: ngettext(
        "{count:,} row has separators in its text without quotes, in line {lines}; they were kept "
        "in the text.",
        "{count:,} rows have separators in their text without quotes, in lines {lines}; they were "
        "kept in the text.",
        n,
    ),
    "too many columns": lambda n: ngettext(
        "Left out, with more columns than there are names: {count:,} row, in line {lines}.",
        "Left out, with more columns than there are names: {count:,} rows, in lines {lines}.",
        n,
    ),
    "too few columns": lambda n: ngettext(
        "{count:,} row has fewer columns than there are names, in line {lines}; the missing ones "
        "are empty.",
        "{count:,} rows have fewer columns than there are names, in lines {lines}; the missing "
        "ones are empty.",
        n,
    ),
    "empty": lambda n: ngettext(
        "Left out, without any text: {count:,} row, in line {lines}.",
        "Left out, without any text: {count:,} rows, in lines {lines}.",
        n,
    ),
    "empty side": lambda n: ngettext(
        "Left out, since one of its texts is empty: {count:,} row, in line {lines}.",
        "Left out, since one of their texts is empty: {count:,} rows, in lines {lines}.",
        n,
    ),
    "too long": lambda n: ngettext(
        "Left out, with too long a text: {count:,} row, in line {lines}.",
        "Left out, with too long a text: {count:,} rows, in lines {lines}.",
        n,
    ),
    "unlabelled": lambda n: ngettext(
        "Without a label: {count:,} row, in line {lines}.",
        "Without a label: {count:,} rows, in lines {lines}.",
        n,
    ),
    "labels alike": lambda n: _(
        "Labels that differ only in capitals, spaces or the form of a number are classes of their "
        "own: {labels}; they can be joined."
    ),
    "labels joined": lambda n: _("Labels that were joined: {labels}."),
    "several labels": lambda n: ngettext(
        "{count:,} label looks like several, and is a class of its own: {labels}.",
        "{count:,} labels look like several each, and are classes of their own: {labels}.",
        n,
    ),
    "other labels": lambda n: ngettext(
        "Classes are the labels of {label} alone; another column may hold labels, too: {labels}.",
        "Classes are the labels of {label} alone; other columns may hold labels, too: {labels}.",
        n,
    ),
    "few rows": lambda n: ngettext(
        "{count:,} class has fewer than ten rows, too few to be learned and tested: {labels}.",
        "{count:,} classes have fewer than ten rows, too few to be learned and tested: {labels}.",
        n,
    ),
    "split column": lambda n: _(
        "Which rows are to train and to test on is what the column {column} says."
    ),
    "no split": lambda n: ngettext(
        "Left out of training and test, since it names neither: {count:,} row, in line {lines}.",
        "Left out of training and test, since they name neither: {count:,} rows, in lines {lines}.",
        n,
    ),
    "no test split": lambda n: _(
        "The column {column} names no row to test on; those to validate on are for that, and rows "
        "to validate on are drawn from those to train on."
    ),
    "straddling": lambda n: ngettext(
        "Left out of training, since its text is to be tested on, too: {count:,} row, in line "
        "{lines}.",
        "Left out of training, since their texts are to be tested on, too: {count:,} rows, in "
        "lines {lines}.",
        n,
    ),
    "pair columns": lambda n: _(
        "{first} and {second} are the two texts of a pair. Labels in {label} that mean a match: "
        "{matching}; none: {others}."
    ),
    "triplet columns": lambda n: _(
        "{first} is the anchor, {second} matches it, {third} does not: of each row two pairs."
    ),
    "sentences apart": lambda n: _("Training, validation and test have no sentence in common."),
    "first sentences apart": lambda n: ngettext(
        "Pairs share so many sentences that only their first ones are kept apart: {count:,} pair "
        "to test on has a sentence that is trained on, too.",
        "Pairs share so many sentences that only their first ones are kept apart: {count:,} pairs "
        "to test on have a sentence that is trained on, too.",
        n,
    ),
    "sentences shared": lambda n: ngettext(
        "{count:,} pair to test on has a sentence that is trained on, too; test figures without "
        "such pairs stand beside those with them.",
        "{count:,} pairs to test on have a sentence that is trained on, too; test figures without "
        "such pairs stand beside those with them.",
        n,
    ),
    "labels of the test alone": lambda n: ngettext(
        "Left out of {name}, with a label that no other row has ({labels}): {count:,} row, in line "
        "{lines}.",
        "Left out of {name}, with labels that no other row has ({labels}): {count:,} rows, in "
        "lines {lines}.",
        n,
    ),
    "units of UTF-16": lambda n: ngettext(
        "The marks count an emoji as two, as JavaScript does; they were corrected in {count:,} "
        "text, in entry {lines}.",
        "The marks count an emoji as two, as JavaScript does; they were corrected in {count:,} "
        "texts, in entries {lines}.",
        n,
    ),
    "marks behind emoji": lambda n: ngettext(
        "Whether the marks count an emoji as one or two is not to be told; they are taken to count "
        "characters in {count:,} text, in entry {lines}: look at it.",
        "Whether the marks count an emoji as one or two is not to be told; they are taken to count "
        "characters in {count:,} texts, in entries {lines}: look at them.",
        n,
    ),
    "rejected entries": lambda n: ngettext(
        "Left out, as whoever marked it rejected it: {count:,} entry.",
        "Left out, as whoever marked them rejected them: {count:,} entries.",
        n,
    ),
    "one label": lambda n: _("All labelled rows have the same label: {labels}."),
}


def sentence(finding: Finding) -> str:
    """What there is to say."""
    lines = listed(f"{line:,}" for line in finding.lines)
    if finding.count > SHOWN_LINES and finding.lines:
        lines += " …"
    said = SENTENCES[finding.kind](finding.count)
    return said.format(count=finding.count, lines=lines, **finding.values)


def sentences(findings: Sequence[Finding], grave: bool | None = None) -> list[str]:
    """The sentences of all findings, or of the grave ones or the others alone."""
    return [sentence(each) for each in findings if grave in (None, each.grave)]


def of_reading(how: How) -> str:
    """How a file was read, in one line: "CSV, UTF-8, separated by ;, first line: names"."""
    parts = [_("one text a line") if how.form == "lines" else how.form]
    if how.encoding:
        parts.append(ENCODINGS[how.encoding])
    if how.separator:
        separator = _NAMES.get(how.separator, how.separator)
        parts.append(_("separated by {separator}").format(separator=separator))
    if how.form in ("CSV", "Excel", "OpenDocument"):
        parts.append(
            _("the first row names the columns") if how.header else _("no row names the columns")
        )
    if how.part:
        parts.append(how.part)
    return " · ".join(parts)
