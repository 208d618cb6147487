"""A second file on the Train page, whose rows are all to test on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from poolviz.datasets.holdings import Holdings, OwnFile, of_own
from poolviz.datasets.own import texts
from poolviz.datasets.own.entering import of_tests
from poolviz.datasets.own_pairs import rows as pairs
from poolviz.datasets.own_pairs.corpus import PairFile, of_pairs
from poolviz.datasets.readers.brought.rows import read_rows
from poolviz.datasets.readers.reading import Finding, How, Wanted
from poolviz.errors import PoolvizError
from poolviz.language import _
from poolviz.ui.input import brought
from poolviz.watch import Watch

TESTS_KEY = "train_tests"


@dataclass(frozen=True, eq=False)
class _Tested:
    """A second file as it was read, and the first one with its rows to test on."""

    how: How
    findings: Sequence[Finding]
    sample: Sequence[Sequence[str]]
    file: OwnFile | PairFile
    holdings: Holdings


@dataclass(frozen=True, eq=False)
class _After:
    """Reads a second file as a first one was read.

    Parameters
    ----------
    first : the first file, with pairs that can be told.
    said : of the first file.
    """

    first: OwnFile | PairFile
    said: Wanted

    def __call__(self, name: str, content: bytes, wanted: Wanted, watch: Watch) -> _Tested:
        """`said` goes for its columns, `wanted` for its encoding and its sheet.

        Raises
        ------
        ChoiceError, DataError, Cancelled : it cannot be read, or the first file has rows to test
            on, too.
        """
        alike = replace(of_tests(self.said), encoding=wanted.encoding, part=wanted.part)
        if isinstance(self.first, OwnFile):
            tests = read_rows(name, content, alike, watch)
            rows = texts.with_tests(self.first.rows, tests, alike.join_labels)
            said = [each for each in rows.findings if each not in self.first.rows.findings]
            file = OwnFile(rows, of_own(rows, watch))
            return _Tested(tests.how, (*said, *tests.findings), tests.sample, file, file.holdings)
        found = self.first.found
        assert not isinstance(found, PoolvizError), "no second file is asked for then"
        tests = pairs.read_pairs(name, content, alike, watch)
        both = pairs.with_tests(found[0], tests)
        holdings = of_pairs(both)
        file = PairFile(self.first.table, (both, holdings))
        return _Tested(tests.how, tests.findings, tests.sample, file, holdings)


def choose_tests(
    first: OwnFile | PairFile, said: Wanted, holdings: Holdings
) -> tuple[OwnFile | PairFile, Holdings] | None:
    """Draw where a second file is given; both files as one, or the first one alone.

    Parameters
    ----------
    said : of the first file.
    holdings : of the first file.

    Returns
    -------
    None while a second file is read, or where it cannot be.
    """
    given = brought.the_file(TESTS_KEY)
    if given and not (isinstance(given.read, _After) and given.read.first is first):
        brought.read_as(TESTS_KEY, _After(first, said))
    with st.expander(
        _("A second file, to test on"), icon=":material/quiz:", expanded=given is not None
    ):
        label = _(
            "All of its rows are to test on, those of the first file to train and to choose the "
            "epoch by. Its columns are called as there."
        )
        tested = brought.draw_uploader(TESTS_KEY, label, _After(first, said))
        if tested is not None:
            brought.draw_reading(TESTS_KEY, tested.how, tested.findings, tested.sample)
    if tested is not None:
        return tested.file, tested.holdings
    return (first, holdings) if brought.the_file(TESTS_KEY) is None else None
