"""The survey of a data set: its lines, summary, files, verdicts, and the command."""

import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, ttest_1samp

from poolviz.checkpoints.checkpoint import VOCABULARY
from poolviz.cli import INTERRUPTED, main
from poolviz.datasets import CATALOGUE
from poolviz.engine.texts import Explainer
from poolviz.errors import DataError
from poolviz.text.encoding import encode
from poolviz.text.vocabulary import Vocabulary
from poolviz.trust.ablation.erasure import ERASURES, MOST_UNITS
from poolviz.trust.ablation.model import Model
from poolviz.trust.rows import results
from poolviz.trust.rows.summary import columns, means_with_intervals, on_grid, summarise
from poolviz.trust.rows.survey import survey
from poolviz.trust.tables import interval
from poolviz.trust.text.curves import Curves
from poolviz.trust.text.measures import measure_text, of_every_text
from poolviz.trust.text.rankings import RANKINGS
from poolviz.watch import Cancelled, Watch
from tests import invented
from tests.copies import copied

SAMPLE = 12


@pytest.fixture(scope="module")
def surveyed(trained, corpus):
    """Lines and summary of three heads."""
    return {head: survey(trained(head), corpus, SAMPLE) for head in ("attention", "average", "max")}


def test_a_line_is_what_measuring_the_text_alone_gives(trained, corpus, surveyed):
    table, _ = surveyed["attention"]
    checkpoint = trained("attention")
    explainer = Explainer(checkpoint)
    texts = {int(row.key[:16], 16): row.text for row in corpus.split("test").itertuples()}
    for line in table.head(3).to_dict("records"):
        text = texts[line["key"]]
        explanation = explainer.explain(text)
        ids = encode(text, Vocabulary.load(checkpoint.path(VOCABULARY))).ids
        assert line["tokens"] == len(ids)
        for how in ERASURES:
            found = measure_text(
                Model(explainer), ids, explanation.weights, explanation.contributions, how
            )
            for ranking, figures in found.figures.items():
                for name, value in figures.items():
                    found_here = line[f"{how}.{ranking}.{name}"]
                    assert found_here == pytest.approx(value, abs=1e-6, nan_ok=True)


def test_the_same_rows_for_every_head_and_every_time(trained, corpus, surveyed):
    keys = [table["key"].tolist() for table, _ in surveyed.values()]
    assert keys[0] == keys[1] == keys[2]
    assert len(set(keys[0])) == SAMPLE
    again, _ = survey(trained("attention"), corpus, SAMPLE)
    pd.testing.assert_frame_equal(again, surveyed["attention"][0])


def test_columns_and_figures(surveyed):
    table, summary = surveyed["attention"]
    for how in ERASURES:
        for ranking in RANKINGS:
            for name in of_every_text():
                # Leave-one-out is what the others are compared with.
                own = ranking == "leave-one-out" and name in ("tau", "tau_effect", "overlap")
                assert (f"{how}.{ranking}.{name}" in table) == (not own)
    figure = summary["figures"]["mask.weight.comprehensiveness"]
    values = table["mask.weight.comprehensiveness"]
    assert figure["value"] == pytest.approx(values.mean(), abs=1e-5)
    assert figure["low"] is figure["high"] is None, "twelve rows have no interval"
    assert figure["n"] == SAMPLE == summary["rows"]
    assert 0 <= summary["differences"]["mask.weight~random"]["p"] <= 1
    assert set(summary["curves"]) == set(ERASURES)
    curve = summary["curves"]["mask"]["weight"]["deletion"]
    assert len(curve) == 11 and curve[0] == summary["curves"]["mask"]["random"]["deletion"][0]


def test_every_group_of_measures_states_its_cost(surveyed):
    cost = surveyed["attention"][1]["cost"]
    assert set(cost) == {*ERASURES, "stress", "naopc"}
    assert all(group["seconds"] >= 0 for group in cost.values())
    assert all(cost[group]["passes"] > SAMPLE for group in (*ERASURES, "naopc"))


def test_normalised_figures_lie_between_the_bounds(surveyed):
    table, _ = surveyed["attention"]
    names = [name for name in table if name.startswith("naopc.") and name.count(".") == 2]
    assert len(names) == 2 * len(RANKINGS)
    values = table[names].to_numpy()
    assert np.isfinite(values).any()
    assert np.nanmin(values) >= 0 and np.nanmax(values) <= 1


def test_rows_of_any_length_are_normalised(trained, corpus, monkeypatch):
    long = corpus.rows["split"].eq("test") & (np.arange(len(corpus.rows)) % 2 == 0)
    texts = corpus.rows["text"].where(~long, corpus.rows["text"] * MOST_UNITS)
    mixed = replace(corpus, rows=corpus.rows.assign(text=texts))
    monkeypatch.setattr("poolviz.trust.rows.survey.NORMALISED_ROWS", 6)
    table, summary = survey(trained("average"), mixed, SAMPLE)
    normalised = table["naopc.exact"].notna()
    assert normalised.sum() == 6 == summary["figures"]["naopc.in_segments"]["n"]
    in_segments = table["tokens"][normalised] > MOST_UNITS
    assert in_segments.any() and not in_segments.all()
    assert table["naopc.in_segments"][normalised].astype(bool).equals(in_segments)


def test_what_is_not_defined_is_no_figure(surveyed):
    assert "mask.weight.tau" not in surveyed["average"][1]["figures"]
    assert "mask.uniform.tau" not in surveyed["attention"][1]["figures"]
    table, summary = surveyed["max"]
    assert table["stress.permuted.distance"].isna().all()
    assert "stress.permuted.distance" not in summary["figures"]
    assert "stress.heaviest.distance" in summary["figures"]


def test_no_test_rows(trained, corpus):
    empty = replace(corpus, rows=corpus.rows[corpus.rows["split"] == "train"])
    with pytest.raises(DataError, match="no row to test on"):
        survey(trained("average"), empty, SAMPLE)


def test_progress_and_cancel(trained, corpus):
    seen = []
    survey(trained("max"), corpus, 3, Watch(lambda *at: seen.append(at)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(Cancelled):
        survey(trained("max"), corpus, 3, Watch(cancelled=lambda: True))


def test_means_are_over_the_rows_where_a_figure_is_defined():
    values = [1.0, math.nan, *[3.0, 2.0] * 10]
    table = pd.DataFrame(
        {"a.b": values, "c.d": [math.nan] * 22, "e.f": [5.0] * 22, "g.h": [1.0, 0.0] * 11}
    )
    found = means_with_intervals(table)
    assert set(found) == {"a.b", "e.f", "g.h"}
    defined = [value for value in values if not math.isnan(value)]
    expected = ttest_1samp(defined, 0).confidence_interval(0.95)
    assert found["a.b"]["value"] == pytest.approx(np.mean(defined), abs=1e-5)
    assert (found["a.b"]["low"], found["a.b"]["high"]) == pytest.approx(tuple(expected), abs=1e-5)
    assert found["a.b"]["n"] == 21
    assert found["e.f"] == {"value": 5, "low": 5, "high": 5, "n": 22}
    share = binomtest(11, 22).proportion_ci(method="wilson")
    assert (found["g.h"]["low"], found["g.h"]["high"]) == pytest.approx(tuple(share), abs=1e-5)


def test_no_line_has_another_column(surveyed):
    for table, _summary in surveyed.values():
        assert set(table) <= set(columns())
    assert len(set(columns())) == len(columns())


def test_saturated_texts_are_counted(trained, corpus, surveyed):
    table, summary = surveyed["max"]
    for how in ERASURES:
        assert set(table[f"{how}.saturated"]) <= {0.0, 1.0}
        assert summary["figures"][f"{how}.saturated"]["value"] == pytest.approx(
            table[f"{how}.saturated"].mean(), abs=1e-5
        )


def test_mean_curves_of_texts_of_different_lengths():
    def falling(steps):
        values = np.linspace(1, 0, steps + 1)[None, :, None]
        return Curves(values, values[:, ::-1], 0)

    figures = {f"{how}.{name}.gap": [0.0] for how in ERASURES for name in RANKINGS}
    table = pd.DataFrame({"tokens": [4], **figures})
    found = summarise(table, {("mask", "weight"): [on_grid(falling(2)), on_grid(falling(30))]})
    assert found["curves"]["mask"]["weight"]["deletion"] == pytest.approx(np.linspace(1, 0, 11))
    assert found["curves"]["mask"]["weight"]["insertion"] == pytest.approx(np.linspace(0, 1, 11))


def test_few_rows_have_no_interval():
    figure = {"value": 0.25, "low": None, "high": None, "n": 19}
    assert interval(figure) == "0.250 (n/a)"
    assert interval({**figure, "low": 0.25, "high": 0.25, "n": 20}) == "0.250 (0.250–0.250)"


def test_older_intervals_of_few_rows_are_not_read(kept, surveyed):
    table, summary = surveyed["attention"]
    old = {"value": 0.25, "low": 0.2, "high": 0.3}
    figures = {"mask.weight.tau": {**old, "n": 19}, "mask.weight.gap": {**old, "n": 20}}
    results.write(kept, table, summary | {"figures": figures, "differences": {}})
    read = results.read_summary(kept)["figures"]
    assert (read["mask.weight.tau"]["low"], read["mask.weight.tau"]["high"]) == (None, None)
    assert read["mask.weight.gap"] == figures["mask.weight.gap"]


@pytest.fixture
def kept(trained, tmp_path):
    """A checkpoint in a folder of its own."""
    return copied(trained("attention"), tmp_path / "root")


def test_written_and_read(kept, surveyed):
    table, summary = surveyed["attention"]
    assert results.read_summary(kept) is None and results.read_rows(kept) is None
    results.write(kept, table, summary)
    assert results.read_summary(kept) == {"schema_version": 1, **summary}
    rows = results.read_rows(kept)
    assert rows["key"].tolist() == table["key"].tolist()
    np.testing.assert_allclose(rows["mask.weight.gap"], table["mask.weight.gap"], atol=1e-3)
    assert not any(name.startswith(("remove.", "unknown.")) for name in rows)
    another = replace(kept, card={**kept.card, "files": {"model.onnx": {"sha256": "0"}}})
    assert results.read_summary(another) is None and results.read_rows(another) is None


@pytest.fixture
def command(kept, tmp_path, monkeypatch):
    """The words of the command on the invented corpus."""
    monkeypatch.setitem(CATALOGUE, "invented", invented.dataset())
    invented.write_rows(tmp_path)
    root = str(kept.folder.parents[2])
    words = ["trust", "--dataset", "invented", "--folder", str(tmp_path), "--root", root]
    return [*words, "--sample", "12"]


def test_the_command_writes_numbers_only(command, kept, capsys):
    assert main(command) == 0
    output, notes = capsys.readouterr()
    assert "attention: No verdict: measured on too few test rows (12, 100 are needed)." in output
    assert "NAOPC comp." in output and "cost: mask" in output
    assert "trust.json" in notes and "trust.parquet" in notes
    assert results.read_summary(kept)["rows"] == 12
    assert (kept.folder / "trust.json").read_text(encoding="utf-8").isascii()
    assert all(kind.kind in "uif" for kind in results.read_rows(kept).dtypes)


def test_the_command_gives_json(command, kept, capsys):
    assert main([*command, "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["name"] == "attention" and found["onnx_sha256"] == kept.onnx_hash


def test_a_stopped_command_keeps_nothing(command, kept, monkeypatch, capsys):
    def stopped(*_arguments):
        raise Cancelled

    monkeypatch.setattr("poolviz.cli.commands.trust.survey", stopped)
    assert main(command) == INTERRUPTED
    assert "not kept" in capsys.readouterr().err
    assert results.read_summary(kept) is None
