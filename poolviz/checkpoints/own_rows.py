"""What is kept of somebody's own file beside a model that was trained on it.

Where the file lay, so that commands can name it, and a few short test rows, to begin with. Both
stay on this machine: the card, which can be handed on, holds neither.
"""

# pandas says nothing of its types, and nothing else here is unknown.
# pyright: reportUnknownParameterType=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from poolviz import places
from poolviz.checkpoints.checkpoint import Checkpoint
from poolviz.datasets import CATALOGUE, Corpus
from poolviz.json_types import is_list, is_object

NAME = "own_rows.json"
VERSION = 1
MOST, LONGEST = 20, 300  # rows, and characters of each
LONGEST_OF_LONG = 5_000  # where there are no short ones


@dataclass(frozen=True)
class OwnRows:
    """Beside one model.

    Parameters
    ----------
    files : paths of the file and, where there is one, of the file that is tested on; none where
        they are not known, or not to be shown.
    rows : label and text, or texts, of some test rows; none on a server that hides rows.
    """

    files: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def keep(corpus: Corpus, folder: Path) -> None:
    """Write it into a checkpoint's folder; of a data set of the catalogue nothing is kept."""
    if corpus.dataset.key in CATALOGUE:
        return
    content = {
        "schema_version": VERSION,
        "files": [str(Path(file["path"]).absolute()) for file in corpus.files],
        "rows": [] if places.rows_hidden() else _some_rows(corpus),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(checkpoint: Checkpoint) -> OwnRows:
    """What `keep` wrote; nothing where there is none, or it is not to be shown."""
    if places.rows_hidden():
        return OwnRows()
    try:
        found = json.loads((checkpoint.folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return OwnRows()
    if not is_object(found) or found.get("schema_version") != VERSION:
        return OwnRows()
    files, rows = found.get("files"), found.get("rows")
    known = [tuple(row) for row in rows if is_list(row)] if is_list(rows) else []
    return OwnRows(
        tuple(path for path in files if isinstance(path, str)) if is_list(files) else (),
        tuple(row for row in known if len(row) > 1 and all(isinstance(c, str) for c in row)),
    )


def _some_rows(corpus: Corpus) -> list[tuple[str, ...]]:
    """Short test rows, the classes in turns, in an order that follows from the texts."""
    rows = corpus.split("test")
    columns = corpus.dataset.text_columns
    lengths = rows[list(columns)].map(len).max(axis=1)
    limit = min(max(LONGEST, int(lengths.nsmallest(MOST).max())), LONGEST_OF_LONG)
    short = rows[lengths <= limit].sort_values("key")
    turns = short.groupby("label").cumcount()
    chosen = short.loc[turns.sort_values(kind="stable").index].head(MOST)
    classes = corpus.dataset.classes
    texts = (chosen[column] for column in columns)
    return [(classes[k], *each) for k, *each in zip(chosen["label"], *texts, strict=True)]
