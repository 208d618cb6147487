"""Whatever stands in a file beside a card, or on it: it fits, or one sentence names the file."""

import json
import math
import shutil
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from poolviz import places
from poolviz.checkpoints import beside, tables
from poolviz.checkpoints.card import is_known, misfit
from poolviz.checkpoints.checkpoint import CARD, KERAS, ONNX, VOCABULARY, files_of, read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.runs import preference, runs_of
from poolviz.checkpoints.schemas import SCHEMAS, TABLES, misfit_of_table
from poolviz.datasets import small
from poolviz.evaluation import exactness, measurements, predictions, report, shifted
from poolviz.evaluation.comparison import compare
from poolviz.evaluation.pair_verdict import beats_baseline
from poolviz.evaluation.retraining import chosen, diversity, kept
from poolviz.evaluation.retraining import results as retraining
from poolviz.evaluation.standings import how_chosen, standings
from poolviz.evaluation.texts import read_anatomy
from poolviz.explore import shipped
from poolviz.model.own_heads import head_title
from poolviz.trust import shown
from poolviz.trust.rows import results
from poolviz.trust.rows.believed import believed
from poolviz.trust.rows.opposed import opposed
from poolviz.trust.rows.verdict import verdicts
from poolviz.trust.tables import rows_table, spread_table
from poolviz.ui.heads.diversity import _sentence as draw_sentence
from poolviz.values.interval import Interval
from tests.evaluation.retraining.test_chosen import FOUND as CHOSEN
from tests.evaluation.retraining.test_diversity import FOUND as DIVERSITY

TASK, NAME = "chnsenticorp_htl_all", "max"
ODD = (None, [], {}, "1", True, -1, 1e308, 10**29, 10**400, math.nan, [[]], {"value": None})
CARDS = {
    "classifier": places.SHIPPED_CHECKPOINTS / TASK / NAME,
    "matcher": places.SHIPPED_CHECKPOINTS / "lcqmc" / "triplet-attention",
}


def paths(value, at=()):
    """Where there is a value in what was read as JSON; of long lists and objects some."""
    if at:
        yield at
    if isinstance(value, dict):
        names = list(value)
        for name in names if len(names) < 30 else (*names[:2], names[-1]):
            yield from paths(value[name], (*at, name))
    elif isinstance(value, list):
        for place in dict.fromkeys((0, len(value) - 1)) if value else ():
            yield from paths(value[place], (*at, place))


def changed_at(value, at, odd):
    """The value with another one at a place, or with none there; only what leads there is new."""
    changed = value.copy()
    if len(at) > 1:
        changed[at[0]] = changed_at(value[at[0]], at[1:], odd)
    elif odd is ...:
        del changed[at[0]]
    else:
        changed[at[0]] = odd
    return changed


def mutations(value):
    """The value with one field replaced by each odd value, or left out."""
    for at in paths(value):
        in_list = isinstance(at[-1], int)
        for odd in ODD if in_list else (*ODD, ...):
            yield changed_at(value, at, odd)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """A shipped checkpoint with a file of every schema beside it, in a folder of its own."""
    root = tmp_path_factory.mktemp("schemas")
    shutil.copytree(places.SHIPPED_CHECKPOINTS / TASK / NAME, root / TASK / NAME)
    for file in (exactness.FILE, retraining.FILE):
        shutil.copy(places.SHIPPED_CHECKPOINTS / TASK / file, root / TASK)
    own = read(root / TASK / NAME)
    weights = {str(seed): [np.full(4, 0.25, np.float32)] * 3 for seed in (0, 1, 2)}
    table = pd.DataFrame({"key": np.arange(3, dtype=np.uint64), **weights})
    beside.write_table(own, kept.FILE, table)
    diversity.write(root / TASK, DIVERSITY)
    chosen.write(
        root / TASK, CHOSEN | {"models": [{**CHOSEN["models"][0], "onnx_sha256": own.onnx_hash}]}
    )
    return own


@contextmanager
def changed_file(place):
    """What was in a file comes back."""
    before = place.read_bytes()
    yield place
    place.write_bytes(before)


def use_summary(checkpoint):
    if summary := results.read_summary(checkpoint):
        summaries = {checkpoint.head: summary}
        believed(summary), opposed(summary), verdicts(summaries)
        shown.sample_notes(summaries), shown.standing_notes(summaries)
        shown.worse_gradients(summaries, "mask")
        rows_table(summaries, "mask")


def use_anatomy(checkpoint):
    for row in (read_anatomy(checkpoint) or {}).get("weight_rows", ()):
        np.array(row["position_profile"])
        Interval.read(row["entropy"]).as_number()


def use_measured(checkpoint):
    report.head_lines([checkpoint]), report.long_lines([checkpoint])
    measurements.spread([checkpoint])


def use_shifts(checkpoint):
    for shift in shifted.shifts([checkpoint]):
        shifted.in_words([shift], []), report.shifted_lines([checkpoint], shift)


def use_readouts(checkpoint):
    if pairs := exactness.read([checkpoint]):
        report.readout_lines(pairs)


def use_retraining(checkpoint):
    if found := retraining.read([checkpoint]):
        retraining.apart_lines(found), retraining.duel_lines(found)


def use_diversity(checkpoint):
    if found := diversity.read([checkpoint]):
        draw_sentence(head_title(found["head"]), diversity.effects(found))


# What pages and commands make of each file.
USES = {
    "anatomy.json": use_anatomy,
    "measured.json": use_measured,
    "trust.json": use_summary,
    "shifted.json": use_shifts,
    "readouts.json": use_readouts,
    "retraining.json": use_retraining,
    "diversity.json": use_diversity,
    "chosen.json": lambda c: chosen.lines([c]),
    "predictions.parquet": lambda c: compare(predictions.right_on_same_rows([c]), {}),
    "seeds.parquet": kept.read,
    "trust.parquet": lambda c: spread_table({c.head: results.read_rows(c)}, "gap"),
    "tokens.parquet": shipped.read,
}


def test_every_file_that_is_kept_has_a_schema():
    assert {*SCHEMAS, *TABLES} == set(USES)
    own = {CARD, ONNX, KERAS, VOCABULARY, "pair.onnx", ".gitignore"}
    there = {path.name for path in places.SHIPPED_CHECKPOINTS.rglob("*") if path.is_file()}
    assert there - own <= set(USES)
    assert set(beside.MEASURED) <= set(USES)


def test_a_file_that_has_no_schema_is_read_as_it_is(tmp_path):
    beside.save_json(tmp_path / "later.json", 1, {"rows": None})
    assert beside.load_json(tmp_path / "later.json", 1) == {"schema_version": 1, "rows": None}


def test_what_is_shipped_fits():
    present = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    assert not [c.damage for c in present if c.damage]
    assert [fault for c in present for fault in beside.faults(c)] == []


def said_of(checkpoint):
    return [str(error) for error in beside.faults(checkpoint)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_any_odd_value_in_a_file_of_figures_fits_or_is_said(name, checkpoint):
    place = checkpoint.folder / name
    place = place if place.is_file() else checkpoint.folder.parent / name
    refused, fitting = [], []
    for changed in mutations(json.loads(place.read_text("utf-8"))):
        if changed.get("onnx_sha256", checkpoint.onnx_hash) == checkpoint.onnx_hash:
            (fitting if SCHEMAS[name](changed) is None else refused).append(changed)
    assert len(refused) > 30
    with changed_file(place):
        for changed in fitting[:: len(fitting) // 30 + 1]:
            place.write_text(json.dumps(changed), "utf-8")
            USES[name](checkpoint)
        for changed in refused[:: len(refused) // 3]:
            place.write_text(json.dumps(changed), "utf-8")
            (said,) = said_of(checkpoint)
            assert f"/{name} says of " in said
            USES[name](checkpoint)
        place.write_text("{", "utf-8")
        assert said_of(checkpoint) == [
            f"The file {'/'.join(place.parts[-3:])} is damaged; measure it again, or delete it."
        ]
        USES[name](checkpoint)


def odd_columns(table, column):
    """The table with one column replaced by each odd value in its first row, or left out."""
    yield table.drop(columns=column)
    for odd in (*ODD, np.int64(2**62)):
        if isinstance(odd, float | int) and not isinstance(odd, bool) and odd < 10**30:
            if table[column].dtype.kind == "O":
                yield table.assign(**{column: float(odd)})
            else:
                yield table.assign(**{column: [float(odd), *table[column][1:].astype(float)]})
        else:
            yield table.assign(**{column: str(odd)})


@pytest.mark.parametrize("name", TABLES)
def test_any_odd_column_of_a_table_fits_or_is_said(name, checkpoint):
    place = checkpoint.folder / name
    original = tables.read(place, {})
    marks, original.attrs = original.attrs, {}
    every = [changed for column in list(original)[:6] for changed in odd_columns(original, column)]
    sorts = {True: [], False: []}
    for changed in every:
        fits = misfit_of_table(name, changed, len(checkpoint.classes)) is None
        sorts[fits].append(changed)
    refused = sorts[False]
    assert len(refused) > 20
    with changed_file(place):
        for changed in sorts[True][:5]:
            tables.write(place, changed, marks)
            USES[name](checkpoint)
        for changed in refused[:: len(refused) // 3]:
            tables.write(place, changed, marks)
            (said,) = said_of(checkpoint)
            assert f"/{name} says of " in said
            USES[name](checkpoint)
        place.write_bytes(b"PAR1")
        assert "is damaged" in said_of(checkpoint)[0]
        USES[name](checkpoint)


def test_a_class_that_the_model_has_not_is_said(checkpoint):
    table = predictions.read(checkpoint)
    table.loc[0, "predicted"] = len(checkpoint.classes)
    with changed_file(checkpoint.folder / predictions.PREDICTIONS):
        predictions.write(checkpoint, table.astype({"predicted": np.int16}))
        assert ["says of predicted" in said for said in said_of(checkpoint)] == [True]
        assert predictions.read(checkpoint) is None


def test_weights_that_are_none_are_said(checkpoint):
    table = tables.read(checkpoint.folder / kept.FILE, {})
    for odd in (2.0, math.nan):
        table["1"] = [np.full(4, odd, np.float32)] * len(table)
        with changed_file(checkpoint.folder / kept.FILE):
            tables.write(checkpoint.folder / kept.FILE, table, table.attrs)
            assert ["says of 1" in said for said in said_of(checkpoint)] == [True]
            assert kept.read(checkpoint) is None


def test_files_of_another_model_are_no_fault(checkpoint):
    with changed_file(checkpoint.folder / measurements.MEASURED) as place:
        said = json.loads(place.read_text("utf-8")) | {"onnx_sha256": "0" * 64, "rows": None}
        place.write_text(json.dumps(said), "utf-8")
        assert beside.faults(checkpoint) == [] and measurements.read(checkpoint) is None


@pytest.mark.parametrize("kind", CARDS)
def test_any_odd_value_on_a_card_fits_or_is_said(kind, tmp_path):
    folder = tmp_path / CARDS[kind].parent.name / CARDS[kind].name
    shutil.copytree(CARDS[kind], folder)
    sound = read(folder)
    files = files_of(sound.kind)
    refused = []
    for changed in mutations(dict(sound.card)):
        if misfit(changed) is not None or misfit(changed, files) is not None:
            refused.append(changed)
        elif is_known(changed):
            use_card(kind, replace(sound, card=changed))
    assert len(refused) > 200
    for changed in refused[:: len(refused) // 8]:
        (folder / CARD).write_text(json.dumps(changed), "utf-8")
        (found,) = list_checkpoints([tmp_path])
        assert f"{folder.parent.name}/{folder.name} is damaged" in str(found.damage)


def use_card(kind, found):
    found.trained, found.title, found.preparation, found.exact, found.head_title  # noqa: B018
    small.of_card(found.card), preference(found), runs_of([found], found.task)[0].accuracy
    how_chosen(found)
    if kind == "matcher":
        report.matcher_lines([found]), beats_baseline(found.card)
    else:
        report.class_lines(found), report.head_lines([found]), standings([found])
        measurements.spread([found])
