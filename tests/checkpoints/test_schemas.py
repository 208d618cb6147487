"""Whatever stands in a file beside a card, or on it: it fits, or one sentence names the file."""

import copy
import json
import math
import shutil

import numpy as np
import pandas as pd
import pytest

from poolviz import places
from poolviz.checkpoints import beside, tables
from poolviz.checkpoints.card import misfit
from poolviz.checkpoints.checkpoint import CARD, files_of, read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.runs import preference, runs_of
from poolviz.checkpoints.schemas import SCHEMAS, TABLES, misfit_of_table
from poolviz.datasets import small
from poolviz.evaluation import exactness, measurements, predictions, report
from poolviz.evaluation.comparison import compare
from poolviz.evaluation.pair_verdict import beats_baseline
from poolviz.evaluation.standings import standings
from poolviz.evaluation.texts import read_anatomy
from poolviz.explore import shipped
from poolviz.trust import shown
from poolviz.trust.rows import results
from poolviz.trust.rows.believed import believed
from poolviz.trust.rows.opposed import opposed
from poolviz.trust.rows.verdict import verdicts
from poolviz.trust.tables import rows_table, spread_table
from poolviz.values.interval import Interval

TASK, NAME = "bbc_news", "max"
ODD = (None, [], {}, "1", True, -1, 1e308, 10**29, 10**400, math.nan, [[]], {"value": None})
CARDS = {
    "classifier": places.SHIPPED_CHECKPOINTS / TASK / NAME,
    "matcher": places.SHIPPED_CHECKPOINTS / "lcqmc" / "triplet-attention",
}


def paths(value, at=()):
    """Where there is a value in what was read as JSON; of long lists and objects the ends."""
    if at:
        yield at
    if isinstance(value, dict):
        names = list(value)
        for name in names if len(names) < 12 else (*names[:4], *names[-2:]):
            yield from paths(value[name], (*at, name))
    elif isinstance(value, list):
        for place in dict.fromkeys((0, len(value) - 1)) if value else ():
            yield from paths(value[place], (*at, place))


def mutations(value):
    """The value with one field replaced by each odd value, or left out."""
    for at in paths(value):
        for odd in (*ODD, ...):
            changed = copy.deepcopy(value)
            inner = changed
            for name in at[:-1]:
                inner = inner[name]
            if odd is ... and isinstance(inner, list):
                continue
            if odd is ...:
                del inner[at[-1]]
            else:
                inner[at[-1]] = odd
            yield changed


@pytest.fixture
def checkpoint(tmp_path):
    """A shipped checkpoint, with all that was measured of it, in a folder of its own."""
    source = places.SHIPPED_CHECKPOINTS / TASK
    shutil.copytree(source / NAME, tmp_path / TASK / NAME)
    shutil.copy(source / exactness.FILE, tmp_path / TASK)
    found = next(iter(list_checkpoints([source.parent], "chnsenticorp_htl_all")))
    tokens = pd.read_parquet(found.folder / shipped.TOKENS).assign(**{"class": np.int16(0)})
    own = read(tmp_path / TASK / NAME)
    shipped.write(own, tokens, 5)
    return own


def use(checkpoint):
    """What pages make of the files beside a card."""
    report.head_lines([checkpoint]), report.long_lines([checkpoint]), standings([checkpoint])
    if pairs := exactness.read([checkpoint]):
        report.readout_lines(pairs)
    compare(predictions.right_on_same_rows([checkpoint]), {})
    measurements.spread([checkpoint])
    if summary := results.read_summary(checkpoint):
        summaries = {checkpoint.head: summary}
        believed(summary), opposed(summary), verdicts(summaries)
        shown.sample_notes(summaries), shown.standing_notes(summaries)
        shown.worse_gradients(summaries, "mask")
        rows_table(summaries, "mask")
    spread_table({checkpoint.head: results.read_rows(checkpoint)}, "gap")
    for row in (read_anatomy(checkpoint) or {}).get("weight_rows", ()):
        np.array(row["position_profile"])
        Interval.read(row["entropy"]).as_number()
    shipped.read(checkpoint)


def test_what_is_shipped_fits():
    present = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    assert not [c.damage for c in present if c.damage]
    assert beside.faults(present) == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_any_odd_value_in_a_file_of_figures_fits_or_is_said(name, checkpoint):
    place = checkpoint.folder / name
    place = place if place.is_file() else checkpoint.folder.parent / name
    refused, fitting = [], []
    for changed in mutations(json.loads(place.read_text("utf-8"))):
        if changed.get("onnx_sha256", checkpoint.onnx_hash) == checkpoint.onnx_hash:
            (fitting if SCHEMAS[name](changed) is None else refused).append(changed)
    for changed in fitting[:: len(fitting) // 30 + 1]:
        place.write_text(json.dumps(changed), "utf-8")
        use(checkpoint)
    assert len(refused) > 30
    for changed in refused[:: len(refused) // 5]:
        place.write_text(json.dumps(changed), "utf-8")
        said = [str(error) for error in beside.faults([checkpoint])]
        assert len(said) == 1 and f"/{name} says of " in said[0]
        use(checkpoint)
    place.write_text("{", "utf-8")
    assert [str(e) for e in beside.faults([checkpoint])] == [
        f"The file {'/'.join(place.parts[-3:])} is damaged; measure it again, or delete it."
    ]
    use(checkpoint)


@pytest.mark.parametrize("name", TABLES)
def test_any_odd_column_of_a_table_fits_or_is_said(name, checkpoint):
    place = checkpoint.folder / name
    original = tables.read(place, {})
    marks, refused = original.attrs, []
    for column in list(original)[:6]:
        for odd in (*ODD, "gone", np.int64(2**62)):
            changed = original.copy()
            changed.attrs = {}
            if isinstance(odd, str) and odd == "gone":
                changed = changed.drop(columns=column)
            elif isinstance(odd, float | int) and not isinstance(odd, bool) and odd < 10**30:
                changed[column] = changed[column].astype(float)
                changed.loc[0, column] = float(odd)
            else:
                changed[column] = [str(odd)] * len(changed)
            if misfit_of_table(name, changed, len(checkpoint.classes)) is not None:
                refused.append(changed)
                continue
            tables.write(place, changed, marks)
            use(checkpoint)
    assert len(refused) > 20
    for changed in refused[:: len(refused) // 3]:
        tables.write(place, changed, marks)
        said = [str(error) for error in beside.faults([checkpoint])]
        assert len(said) == 1 and f"/{name} says of " in said[0]
        use(checkpoint)
    place.write_bytes(b"PAR1")
    assert "is damaged" in str(beside.faults([checkpoint])[0])
    use(checkpoint)


def test_a_class_that_the_model_has_not_is_said(checkpoint):
    table = predictions.read(checkpoint)
    table.loc[0, "predicted"] = len(checkpoint.classes)
    predictions.write(checkpoint, table.astype({"predicted": np.int16}))
    assert ["says of predicted" in str(error) for error in beside.faults([checkpoint])] == [True]
    assert predictions.read(checkpoint) is None


def test_files_of_another_model_are_no_fault(checkpoint):
    place = checkpoint.folder / measurements.MEASURED
    said = json.loads(place.read_text("utf-8")) | {"onnx_sha256": "0" * 64, "rows": None}
    place.write_text(json.dumps(said), "utf-8")
    assert beside.faults([checkpoint]) == [] and measurements.read(checkpoint) is None


@pytest.mark.parametrize("kind", CARDS)
def test_any_odd_value_on_a_card_fits_or_is_said(kind, tmp_path):
    folder = tmp_path / CARDS[kind].parent.name / CARDS[kind].name
    shutil.copytree(CARDS[kind], folder)
    original = json.loads((folder / CARD).read_text("utf-8"))
    assert misfit(original) is None and misfit(original, files_of(original["kind"])) is None
    refused = 0
    for changed in mutations(original):
        (folder / CARD).write_text(json.dumps(changed), "utf-8")
        refused += misfit(changed) is not None
        if misfit(changed) is not None and refused % 50:
            continue
        found = read(folder)
        if found.damage:
            assert f"{folder.parent.name}/{folder.name} is damaged" in str(found.damage)
            continue
        assert list_checkpoints([tmp_path])[0].damage is None
        found.trained, found.title, found.preparation, found.exact, found.head_title  # noqa: B018
        small.of_card(found.card), preference(found), runs_of([found], found.task)[0].accuracy
        if kind == "matcher":
            report.matcher_lines([found]), beats_baseline(found.card)
        else:
            report.class_lines(found), report.head_lines([found]), standings([found])
            measurements.spread([found])
    assert refused > 200
