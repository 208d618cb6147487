"""Rows in, parts out: what they hold, resuming, bad rows, being stopped, a process that dies."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from poolviz.bulk.parts import BAD_ROWS, MANIFEST
from poolviz.engine.texts import Explainer
from poolviz.errors import ChoiceError
from poolviz.watch import Cancelled, Watch
from tests.bulk.helpers import HEADS, a_run, done, names

EMPTY = "Type at least one visible character: the text is empty or only white space."


class TestParts:
    def test_all_columns_are_those_of_single_explanations(self, rows, checkpoints, tmp_path):
        manifest = done(a_run(rows, checkpoints, tmp_path / "out"))
        table = pd.read_parquet(tmp_path / "out")
        kept = [n for n in range(60) if n not in (10, 11)]
        assert table["id"].tolist() == [f"r{n}" for n in kept]
        assert table["line"].tolist() == [n + 1 for n in kept]
        assert set(table["file"]) == {"rows.jsonl"}
        assert (manifest["rows"], manifest["bad_rows"], manifest["complete"]) == (58, 2, True)
        texts = [json.loads(line)["text"] for line in rows.read_text().split("\n")]
        for checkpoint in checkpoints:
            explainer, head = Explainer(checkpoint), checkpoint.head
            for (_index, row), number in zip(table.iterrows(), kept, strict=True):
                alone = explainer.explain(texts[number])
                tokens = [token.text for token in alone.tokens]
                assert row["tokens"].tolist() == tokens and row["length"] == len(tokens)
                share = np.mean([not token.known for token in alone.tokens])
                assert row["unknown"] == pytest.approx(share)
                assert row[f"{head}: predicted"] == alone.predicted
                weights = alone.weights.mean(axis=0)
                of_class = alone.contributions.sum(axis=0)[:, alone.predicted_index]
                for name, expected in {
                    "probabilities": alone.probabilities,
                    "weights": weights,
                    "contributions": of_class,
                }.items():
                    assert np.allclose(row[f"{head}: {name}"], expected, atol=1e-5)
                top = row[f"{head}: top"]
                assert [each["token"] for each in top] == [tokens[e["position"]] for e in top]
                best = np.sort(weights)[::-1][:3]
                assert np.allclose([each["weight"] for each in top], best, atol=1e-5)

    def test_pooled_vectors_are_what_the_readout_reads(self, rows, trained, tmp_path):
        """Under the linear read-out they give the logits of the graph; under mlp its width."""
        import keras

        for readout in ("linear", "mlp"):
            checkpoint = trained("multi-head", readout)
            folder = tmp_path / readout
            done(a_run(rows, [checkpoint], folder, ("pooled",)))
            table = pd.read_parquet(folder)
            pooled = np.stack(table["multi-head: pooled"])
            model = keras.saving.load_model(checkpoint.path("model.keras"))
            logits = np.asarray(model.readout(pooled))
            shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
            assert np.allclose(shares, np.stack(table["multi-head: probabilities"]), atol=1e-4)

    def test_only_what_is_asked_for(self, rows, checkpoints, tmp_path):
        done(a_run(rows, checkpoints, tmp_path / "out", ("predictions",)))
        schema = pq.read_schema(next((tmp_path / "out").glob("part-*.parquet")))
        assert schema.names == [
            *("file", "line", "id", "length", "unknown"),
            *(f"{head}: {name}" for head in HEADS for name in ("predicted", "probabilities")),
        ]

    def test_bad_rows_go_to_a_file_with_the_reason(self, rows, checkpoints, tmp_path):
        done(a_run(rows, checkpoints, tmp_path / "out"))
        lines = (tmp_path / "out" / BAD_ROWS).read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == [
            {"file": "rows.jsonl", "line": n + 1, "id": f"r{n}", "reason": EMPTY} for n in (10, 11)
        ]

    def test_no_row_that_can_be_read(self, checkpoints, tmp_path):
        (tmp_path / "rows.jsonl").write_text('{"text": " "}\n{"text": ""}\n', encoding="utf-8")
        manifest = done(a_run(tmp_path / "rows.jsonl", checkpoints, tmp_path / "out"))
        assert (manifest["rows"], manifest["bad_rows"]) == (0, 2)
        assert pd.read_parquet(tmp_path / "out").empty


class TestAgain:
    def test_a_second_run_makes_what_is_missing(self, rows, checkpoints, tmp_path):
        folder = tmp_path / "out"
        first = done(a_run(rows, checkpoints, folder))
        whole = {name: (folder / name).read_bytes() for name in names(folder)}
        bad = (folder / BAD_ROWS).read_bytes()
        lost = names(folder)[3]
        (folder / lost).unlink()
        run = a_run(rows, checkpoints, folder)
        assert done(run) == first
        assert run.resumed == len(whole) - 1
        assert {name: (folder / name).read_bytes() for name in names(folder)} == whole
        assert (folder / BAD_ROWS).read_bytes() == bad

    def test_what_was_stopped_goes_on(self, rows, checkpoints, tmp_path):
        steps = []

        def progress(done, total):
            steps.append(done)

        run = a_run(rows, checkpoints, tmp_path / "out")
        with pytest.raises(Cancelled):
            done(run, Watch(progress, lambda: len(steps) >= 2))
        manifest = json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8"))
        assert not manifest["complete"] and 2 <= len(names(tmp_path / "out")) < 8
        assert not list((tmp_path / "out").glob(".poolviz-*"))
        again = a_run(rows, checkpoints, tmp_path / "out")
        assert done(again)["rows"] == 58
        assert again.resumed >= 2
        done(a_run(rows, checkpoints, tmp_path / "whole"))
        assert names(tmp_path / "out") == names(tmp_path / "whole")

    def test_rows_that_are_gone_leave_no_part(self, rows, checkpoints, tmp_path):
        done(a_run(rows, checkpoints, tmp_path / "out"))
        lines = rows.read_text(encoding="utf-8").split("\n")
        rows.write_text("\n".join(lines[:20]), encoding="utf-8")
        assert done(a_run(rows, checkpoints, tmp_path / "out"))["rows"] == 18
        assert len(pd.read_parquet(tmp_path / "out")) == 18

    def test_results_of_other_arguments_are_left_alone(self, rows, checkpoints, tmp_path):
        done(a_run(rows, checkpoints, tmp_path / "out"))
        before = names(tmp_path / "out")
        with pytest.raises(ChoiceError, match="other models, rows or outputs"):
            done(a_run(rows, checkpoints, tmp_path / "out", ("weights",)))
        (tmp_path / "out" / MANIFEST).unlink()
        with pytest.raises(ChoiceError, match="other models, rows or outputs"):
            done(a_run(rows, checkpoints, tmp_path / "out"))
        assert names(tmp_path / "out") == before
