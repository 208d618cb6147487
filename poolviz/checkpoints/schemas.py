"""What each file beside a card must hold, its types and ranges: a schema for each of them."""

# pandas says nothing of its types, and nothing else here is unknown.
# pyright: reportUnknownParameterType=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd  # pyright: ignore[reportMissingTypeStubs]

from poolviz.values.rules import (
    MOST,
    Rule,
    anything,
    list_of,
    mapping,
    none_or,
    number,
    record,
    text,
    whole,
)

_HASH = text(64)
_SHARE = number(0, 1)
_NATS = number(0, 100)
_FIGURE = number(-1e6, 1e6)  # a mean of a measure, whichever it is
_SECONDS = number(0, MOST)


def _interval(value: Rule) -> dict[str, Rule]:
    return {"value": value, "low": none_or(value), "high": none_or(value)}


_MEAN = record(_interval(_FIGURE) | {"n": whole()}, {"p": none_or(_SHARE)})
_PROVENANCE = {"onnx_sha256": _HASH, "rows": whole(1)}
_SEEDS = record({"accuracy": list_of(_SHARE, 1)}, {"seeds": list_of(whole(), 1)})
_SIDE: dict[str, Rule] = {"onnx_sha256": _HASH, "seeds": _SEEDS, "command": text(100_000)}

SCHEMAS: Mapping[str, Rule] = {
    "anatomy.json": record(
        _PROVENANCE
        | {
            "weight_rows": list_of(
                record(
                    {
                        "entropy": record(_interval(_NATS)),
                        "effective_tokens": record(_interval(number(0, MOST))),
                        "punctuation": record(_interval(number(-0.1, 1.1))),
                        "unknown": record(_interval(number(-0.1, 1.1))),
                        "position_profile": list_of(number(0, MOST), 1, 1_000),
                    }
                ),
                1,
            )
        }
    ),
    "measured.json": record(
        _PROVENANCE
        | {
            "explain": record({"milliseconds": _SECONDS, "texts": whole(), "tokens": _SECONDS}),
            "long_rows": none_or(
                record({"over": whole(), "rows": whole(), "accuracy": record(_interval(_SHARE))})
            ),
            "weight_distance": mapping(_SHARE),
        }
    ),
    "trust.json": record(
        _PROVENANCE
        | {
            "sample": whole(1),
            "seed": whole(),
            "in_segments": _SHARE,
            "settings": record(
                {name: whole() for name in ("most_units", "exact_units", "beam")},
                {"normalised": text(100)},
            ),
            "cost": mapping(record({"passes": whole(), "seconds": _SECONDS})),
            "figures": mapping(_MEAN),
            "differences": mapping(_MEAN),
            "curves": mapping(
                mapping(record(dict.fromkeys(("deletion", "insertion"), list_of(_SHARE, 2, 1_000))))
            ),
        }
    ),
    "shifted.json": record(
        {
            "onnx_sha256": _HASH,
            "samples": mapping(
                record(
                    {
                        "rows": whole(1),
                        "accuracy": record(_interval(_SHARE)),
                        "macro_f1": record(_interval(_SHARE)),
                        "against": mapping(list_of(whole(), 2, 2)),
                    }
                )
            ),
        }
    ),
    "readouts.json": record(
        {
            "heads": mapping(
                record({"linear": record(_SIDE), "mlp": record(_SIDE, {"row_error": _SHARE})})
            )
        }
    ),
    "retraining.json": record(
        {
            "rows": whole(1),
            "trainings": whole(1),
            "heads": mapping(
                record(
                    {
                        "setting": mapping(anything),
                        "to_others": record(_interval(_NATS)),
                        "to_retrained": record(_interval(_NATS)),
                        "difference": record(_interval(number(-100, 100))),
                        "p": _SHARE,
                    }
                )
            ),
        },
        {
            "accuracy": mapping(
                record(
                    {
                        "setting": mapping(anything),
                        "seeds": list_of(whole()),
                        "seconds": list_of(_SECONDS),
                    }
                )
            ),
            "duels": list_of(
                record(
                    {
                        "first": text(1_000),
                        "second": text(1_000),
                        "difference": record(_interval(number(-1, 1))),
                        "p": _SHARE,
                    }
                )
            ),
        },
    ),
    "chosen.json": record(
        {
            "command": text(100_000),
            "settings": list_of(text(1_000), 1),
            "seconds": _SECONDS,
            "models": list_of(
                record(
                    {
                        "head": text(1_000),
                        "readout": text(1_000),
                        "onnx_sha256": _HASH,
                        "setting": text(1_000),
                        "validation_loss": _NATS,
                        "accuracy": record(_interval(_SHARE)),
                        "only_chosen": whole(),
                        "only_shipped": whole(),
                    }
                ),
                1,
            ),
        }
    ),
    "diversity.json": record(
        {
            "head": text(1_000),
            "rows": whole(1),
            "trust_rows": whole(1),
            "command": text(100_000),
            "trainings": list_of(
                record(
                    {
                        "diversity": number(0, MOST),
                        "seeds": list_of(whole(), 2),
                        "apart": list_of(_NATS, 2),
                        "accuracy": list_of(_SHARE, 2),
                        "believed": list_of(_FIGURE, 2),
                    }
                ),
                2,
            ),
        }
    ),
}


def misfit_of_json(name: str, found: Any) -> str | None:
    """Where a file does not fit its schema, such as "rows"; None where it does, or has none.

    Parameters
    ----------
    name : of the file.
    found : what was read of it.
    """
    return SCHEMAS.get(name, mapping(anything))(found)


@dataclass(frozen=True)
class Column:
    """What a column of a table must hold: numbers from `low` to `high`.

    Parameters
    ----------
    whole : integers only, else numbers that may be missing in some rows unless `defined`.
    """

    low: float = 0
    high: float = MOST
    whole: bool = False
    defined: bool = True

    def fits(self, values: pd.Series) -> bool:
        """Whether all values of a column are so."""
        kinds = "iu" if self.whole else "f"
        if values.dtype.kind not in kinds:
            return False
        numbers = values.to_numpy()
        known = numbers if self.whole else numbers[~np.isnan(numbers)]
        within = bool(((known >= self.low) & (known <= self.high)).all())
        return within and (not self.defined or len(known) == len(numbers))


@dataclass(frozen=True)
class Shares:
    """A column that holds in each row an array of numbers from 0 to 1."""

    def fits(self, values: pd.Series) -> bool:
        """Whether all values of a column are so."""
        rows = list(values)
        if not all(isinstance(row, np.ndarray) and row.dtype.kind == "f" for row in rows):
            return False
        every = np.concatenate(rows) if rows else np.empty(0)
        return bool(((every >= 0) & (every <= _ONE)).all())


_ONE = 1.0001  # as it is rounded
_COUNT = Column(whole=True)
_KEY = Column(high=2**64 - 1, whole=True)
_MEASURE = Column(-1e6, 1e6, defined=False)

# By file its columns; what other columns of a table must be stands under "".
TABLES: Mapping[str, Mapping[str, Column | Shares]] = {
    "predictions.parquet": {
        "key": _KEY,
        "label": _COUNT,
        "predicted": _COUNT,
        "probability": Column(0, _ONE),
    },
    "seeds.parquet": {"key": _KEY, "": Shares()},
    "trust.parquet": {"key": _KEY, "tokens": _COUNT, "units": _COUNT, "": _MEASURE},
    "tokens.parquet": {
        **dict.fromkeys(("token", "class", "rows", "occurrences"), _COUNT),
        **dict.fromkeys(("weight", "weight_error"), _MEASURE),
        **dict.fromkeys(("all_rows", "all_occurrences"), _COUNT),
        **dict.fromkeys(("contribution", "contribution_error"), _MEASURE),
    },
}
_CLASSES = ("label", "predicted", "class")  # columns of numbers of classes


def misfit_of_table(name: str, table: pd.DataFrame, classes: int) -> str | None:
    """Which column of a table is missing or not as it must be; None where all are.

    Parameters
    ----------
    name : of the file.
    classes : how many the model has.
    """
    columns = dict(TABLES[name])
    others = columns.pop("", None)
    if others:
        columns |= {str(each): others for each in table if each not in columns}
    for each, column in columns.items():
        if each not in table or not column.fits(table[each]):
            return each
        if each in _CLASSES and (table[each] >= classes).any():
            return each
    return None
