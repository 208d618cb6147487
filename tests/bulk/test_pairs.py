"""Rows of two sentences: the same scores as pair by pair, and which columns they stand in."""

import pandas as pd
import pytest

from poolviz import places
from poolviz.bulk.pairs import OTHER, Matching
from poolviz.bulk.reading.blocks import TEXT, Columns, Reader
from poolviz.bulk.reading.inputs import inputs_of
from poolviz.bulk.run import Run
from poolviz.checkpoints.checkpoint import read
from poolviz.engine.pairs import PairExplainer
from poolviz.errors import DataError
from tests.bulk.helpers import done

PAIRS = [
    ("怎么注销账号", "账号如何注销"),
    ("今天天气", "账号如何注销"),
    ("怎么注销账号", " "),
    ("一" * 30, "一"),
]


def matched(folder, header, *texts):
    lines = [f"{n},{a},{b}" for n, (a, b) in enumerate(PAIRS)]
    (folder / "pairs.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    checkpoints = [
        read(places.SHIPPED_CHECKPOINTS / "lcqmc" / name)
        for name in ("siamese-max", "interactive-additive")
    ]
    reader = Reader(inputs_of(str(folder / "pairs.csv")), Columns(texts), (TEXT, OTHER))
    manifest = done(Run(reader, Matching.of(checkpoints), folder / "out", {}))
    return checkpoints, manifest, pd.read_parquet(folder / "out")


@pytest.mark.parametrize(
    ("header", "texts"),
    [("id,text_a,text_b", (None, None)), ("id,问,答", ("问", "答"))],
)
def test_scores_are_those_of_single_pairs(tmp_path, header, texts):
    checkpoints, manifest, table = matched(tmp_path, header, *texts)
    assert (manifest["rows"], manifest["bad_rows"]) == (3, 1)
    assert table["id"].tolist() == ["0", "1", "3"]
    for checkpoint in checkpoints:
        explainer = PairExplainer(checkpoint)
        alone = [explainer.explain(*PAIRS[number]) for number in (0, 1, 3)]
        found = {name: table[f"{checkpoint.name}: {name}"] for name in ("score", "probability")}
        assert found["score"].tolist() == pytest.approx([p.score for p in alone], abs=1e-5)
        probabilities = [pair.probability for pair in alone]
        assert found["probability"].tolist() == pytest.approx(probabilities, abs=1e-5)
        assert table[f"{checkpoint.name}: matches"].tolist() == [pair.matches for pair in alone]


def test_a_file_with_one_column_of_sentences(tmp_path):
    (tmp_path / "pairs.csv").write_text("id,text\n1,怎么注销\n2,今天天气\n", encoding="utf-8")
    reader = Reader(inputs_of(str(tmp_path)), Columns((None, None)), (TEXT, OTHER))
    with pytest.raises(DataError, match="--other-column, one of id, text, or train"):
        list(reader)
