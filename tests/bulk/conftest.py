"""What the tests of files share: two models, and a file of rows."""

import json

import pytest

from poolviz.bulk.reading import blocks
from tests import invented
from tests.bulk.helpers import HEADS


@pytest.fixture(scope="module")
def checkpoints(trained):
    return [trained(head) for head in HEADS]


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """A file of 60 reviews of any length, two of them blank; blocks of 8 rows."""
    monkeypatch.setattr(blocks, "MOST_ROWS", 8)
    texts = [f"{invented._FILLER[: 1 + n % 13]}好吃{n}" for n in range(60)]
    texts[10] = texts[11] = "  "
    path = tmp_path / "rows.jsonl"
    lines = [json.dumps({"id": f"r{n}", "text": text}) for n, text in enumerate(texts)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
