"""The notebooks of the docs run from the first cell to the last, as they stand."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent.parent
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def test_there_are_three_without_outputs():
    assert len(NOTEBOOKS) == 3
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_draws_itself(path, nobodys_machine):
    book = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(ROOT)}}
    NotebookClient(book, timeout=300, kernel_name="python3", resources=place).execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    drawn = [
        output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})
    ]
    assert any('<div class="pva' in html for html in drawn)
    assert not any("<script" in html for html in drawn)
