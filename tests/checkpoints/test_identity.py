"""The identity of what a model was trained on: what changes it, and what does not."""

from dataclasses import replace

import pytest

from poolviz.checkpoints.identity import (
    DIGITS,
    facts_of,
    file_hashes,
    identity_of,
    rows_hash,
    run_entry,
    run_ids,
)
from poolviz.text.preparation import PREPARATIONS

DATA = {
    "files": [{"name": "a.csv", "sha256": "1" * 64}],
    "report": {"rows_per_split": {"train": 7}, "rows_per_class": {"负面": 3}, "malformed": 2},
}
CARD = {"classes": ["负面", "正面"], "unit": "character", "data": DATA}


def with_rows(corpus, **columns):
    return replace(corpus, rows=corpus.rows.assign(**columns))


def of_dataset(corpus, **changes):
    return replace(corpus, dataset=replace(corpus.dataset, **changes))


class TestRows:
    def test_their_order_does_not_count(self, corpus):
        assert rows_hash(replace(corpus, rows=corpus.rows[::-1])) == rows_hash(corpus)

    @pytest.mark.parametrize("column", ["text", "label", "split"])
    def test_one_cell_counts(self, corpus, column):
        cells = list(corpus.rows[column])
        other = next(cell for cell in cells if cell != cells[0])
        assert rows_hash(with_rows(corpus, **{column: [other, *cells[1:]]})) != rows_hash(corpus)

    def test_a_row_less_counts(self, corpus):
        assert rows_hash(replace(corpus, rows=corpus.rows[1:])) != rows_hash(corpus)

    def test_a_class_counts_by_its_name(self, corpus):
        classes = tuple(reversed(corpus.dataset.classes))
        turned = with_rows(corpus, label=len(classes) - 1 - corpus.rows["label"])
        assert rows_hash(of_dataset(turned, classes=classes)) == rows_hash(corpus)
        assert rows_hash(of_dataset(corpus, classes=classes)) != rows_hash(corpus)

    def test_sentences_of_pairs_count(self, pair_corpus):
        swapped = pair_corpus.rows["text_b"], pair_corpus.rows["text_a"]
        turned = with_rows(pair_corpus, text_a=swapped[0], text_b=swapped[1])
        assert rows_hash(turned) != rows_hash(pair_corpus)


class TestEntry:
    def test_unit_preparation_and_other_data_sets_count_beside_the_rows(self, corpus, pair_corpus):
        entries = [
            run_entry(corpus),
            run_entry(of_dataset(corpus, unit="word")),
            run_entry(of_dataset(corpus, preparation=PREPARATIONS["letters-1"])),
            run_entry(corpus, [pair_corpus]),
        ]
        assert len({entry["identity"] for entry in entries}) == len(entries)
        assert {entry["rows"] for entry in entries} == {rows_hash(corpus)}

    def test_the_key_of_the_data_set_does_not(self, corpus):
        assert run_entry(of_dataset(corpus, key="other")) == run_entry(corpus)


class TestCards:
    @pytest.mark.parametrize("identity", [None, 7, "ab", "../" * 21 + "a", "A" * 64, "a" * 65])
    def test_one_that_tells_no_identity(self, identity):
        assert identity_of({**CARD, "run": {"identity": identity}}) is None
        assert identity_of({**CARD, "run": identity}) is None

    @pytest.mark.parametrize(
        "change",
        [
            {"classes": ["正面", "负面"]},
            {"unit": "word"},
            {"preparation": "letters-1"},
            {"data": {**DATA, "files": [{"name": "a.csv", "sha256": "2" * 64}]}},
            {"data": {**DATA, "report": {"rows_per_split": {"train": 8}}}},
            {"together": [{"files": [{"sha256": "3" * 64}]}]},
        ],
    )
    def test_recorded_facts_tell_runs_apart(self, change):
        assert facts_of({**CARD, **change}) != facts_of(CARD)

    def test_what_is_no_fact_of_the_rows_does_not(self):
        named = {**DATA, "files": [{"name": "b.csv", "sha256": "1" * 64}], "origin": "elsewhere"}
        assert facts_of({**CARD, "data": named, "preparation": "as-is-1"}) == facts_of(CARD)

    @pytest.mark.parametrize("data", [None, 7, [], {"files": 7, "report": 7}, {"files": [None]}])
    def test_a_card_of_any_making_has_facts(self, data):
        assert len(facts_of({**CARD, "data": data})) == 64
        assert file_hashes({"data": data, "together": 7}) == [[]]

    def test_without_an_identity_it_is_of_the_run_with_the_same_facts(self):
        identity = {"run": {"identity": "a" * 64}}
        assert run_ids([CARD, {**CARD, **identity}]) == ["a" * DIGITS] * 2

    def test_but_not_where_there_are_two_such_runs(self):
        runs = [{**CARD, "run": {"identity": letter * 64}} for letter in "ab"]
        first, second, third = run_ids([*runs, CARD])
        assert (first, second) == ("a" * DIGITS, "b" * DIGITS)
        assert third == facts_of(CARD)[:DIGITS]
