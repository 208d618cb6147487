"""A process that is killed while it writes loses its own work, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from poolviz import scratch
from poolviz.checkpoints import beside, tables
from poolviz.checkpoints.checkpoint import FILES, read, write
from tests.invented import CARD_FIELDS

# Writes everything anew, and stops for good where the new takes the place of the old.
WRITER = """
import sys, threading
from pathlib import Path
import pandas as pd
from poolviz import writing
from poolviz.checkpoints import beside, marks, tables
from poolviz.checkpoints.checkpoint import FILES, write
from tests.invented import CARD_FIELDS

def stop(finished, place):
    sys.stdout.write(f"{place.name}\\n")  # in one go, whatever other threads write
    sys.stdout.flush()
    threading.Event().wait()

writing.put = stop
root = Path(sys.argv[1])

def make(folder):
    for file in FILES:
        (folder / file).write_bytes(b"new" * 1000)

works = (
    lambda: write(root, "hotel", "max", CARD_FIELDS, make),
    lambda: tables.write(root / "table.parquet", pd.DataFrame({"a": [2]}), {}),
    lambda: beside.save_json(root / "figures.json", 1, {"rows": 2}),
    lambda: marks.write_marks(root, {"0": marks.RunMark("0", "new")}),
)
for work in works:
    threading.Thread(target=work).start()
"""


def make(folder: Path) -> None:
    for file in FILES:
        (folder / file).write_bytes(b"old")


def there(root: Path) -> set[str]:
    """All files but locks."""
    names = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return {name for name in names if not name.endswith(".lock")}


@pytest.fixture
def root(tmp_path):
    write(tmp_path, "hotel", "max", CARD_FIELDS, make)
    tables.write(tmp_path / "table.parquet", pd.DataFrame({"a": [1]}), {})
    beside.save_json(tmp_path / "figures.json", 1, {"rows": 1})
    (tmp_path / "runs.json").write_text("{}", "utf-8")
    return tmp_path


def test_what_was_there_is_there_and_what_was_begun_goes(root):
    before = there(root)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root)],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        ready = {process.stdout.readline().strip() for _work in range(4)}
        begun = there(root)
        process.kill()
    assert ready == {"max", "table.parquet", "figures.json", "runs.json"} and begun > before
    found = read(root / "hotel" / "max")
    assert not found.damage and found.path(FILES[0]).read_bytes() == b"old"
    assert list(tables.read(root / "table.parquet", {})["a"]) == [1]
    assert json.loads((root / "figures.json").read_text("utf-8"))["rows"] == 1
    assert (root / "runs.json").read_text("utf-8") == "{}"
    for folder in (root, root / "hotel"):  # whoever writes there next clears away
        with scratch.scratch(folder):
            pass
    assert there(root) == before
