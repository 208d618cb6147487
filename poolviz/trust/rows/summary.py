"""From a line for each row to means with intervals, mean curves and paired comparisons.

Columns of a line: `key`, `tokens`, `units`; `<erasure>.<ranking>.<measure>` as in
`poolviz.trust.text.measures`; `<erasure>.saturated`, see `TextTrust`; `agreement.<ranking>`, tau of
weight with it; `naopc.<ranking>.comprehensiveness` and `…sufficiency` on the rows where AOPC was
normalised, `naopc.exact` and `naopc.in_segments`;
`stress.<test>.distance`, `…flips`, `…divergence`.

Intervals are Student's t at 95 %, of columns of 0 and 1 Wilson's, and none of fewer than 20 rows
(`poolviz.evaluation.intervals`). They speak of the choice of rows only, not of what another
training seed would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from poolviz.evaluation.intervals import FEWEST, mean_p, of_mean, of_share
from poolviz.trust.ablation.erasure import ERASURES, MOST_UNITS
from poolviz.trust.ablation.stress import EPSILON, SHUFFLES
from poolviz.trust.text.bounds import BEAM, EXACT_UNITS
from poolviz.trust.text.curves import BINS, Curves
from poolviz.trust.text.measures import MEASURES, column, of_every_text
from poolviz.trust.text.rankings import DRAWS, RANKINGS
from poolviz.trust.text.reading import STRESS_TESTS
from poolviz.values.interval import Interval

AT_RANDOM = "at random"  # how rows are drawn to normalise AOPC; older surveys took short ones first
GRID = 11  # points of a mean curve: 0, 10, … 100 % of the text
COMPARED = (("weight", "random"), ("weight", "contribution"), ("contribution", "random"))
_DIGITS = 5


def columns() -> list[str]:
    """All columns that a line can have; a head has no number in some."""
    names = ["key", "tokens", "units"]
    for how in ERASURES:
        names += [column(key, name, how) for name in RANKINGS for key in of_every_text()]
        names.append(f"{how}.saturated")
    names += ["agreement.absolute", "agreement.contribution", "naopc.exact", "naopc.in_segments"]
    normalised = [key for key, measure in MEASURES.items() if measure.normalised]
    names += [column(key, name, "mask") for name in RANKINGS for key in normalised]
    tests, sizes = (*STRESS_TESTS, "random"), ("distance", "flips", "divergence")
    return names + [f"stress.{test}.{size}" for test in tests for size in sizes]


def on_grid(found: Curves) -> np.ndarray:
    """(2, GRID): the curves of deletion and insertion at shares of the text."""
    grid = np.linspace(0, 1, GRID)
    each = (found.deletion, found.insertion)
    return np.stack([np.interp(grid, np.linspace(0, 1, len(curve)), curve) for curve in each])


def summarise(
    table: pd.DataFrame, curves: Mapping[tuple[str, str], Sequence[np.ndarray]]
) -> dict[str, Any]:
    """A summary ready for JSON.

    Parameters
    ----------
    table : a line for each row.
    curves : for each (erasure, ranking) those of the rows, see `on_grid`.

    Returns
    -------
    `rows`; `in_segments`, the share of rows of more than 32 tokens; `settings`, what was fixed;
    `figures`, for each column `value`, `low`, `high` and `n`, the rows in which it is defined;
    `differences`, for each erasure and pair of rankings the mean paired difference of their
    faithfulness gaps, in the same form, with its `p` (see `mean_p`); `curves`, for each erasure and
    ranking `deletion` and `insertion`, the mean probability at each of `GRID` shares of the text.
    """
    numbers = [name for name in table if "." in name]
    pairs = {
        f"{how}.{first}~{second}": table[f"{how}.{first}.gap"] - table[f"{how}.{second}.gap"]
        for how in ERASURES
        for first, second in COMPARED
    }
    return {
        "rows": len(table),
        "in_segments": float((table["tokens"] > MOST_UNITS).mean()),
        "settings": {
            "bins": list(BINS),
            "draws": DRAWS,
            "shuffles": SHUFFLES,
            "epsilon": EPSILON,
            "beam": BEAM,
            "exact_units": EXACT_UNITS,
            "most_units": MOST_UNITS,
            "normalised": AT_RANDOM,
        },
        "figures": means_with_intervals(table[numbers]),
        "differences": _with_p(pd.DataFrame(pairs)),
        "curves": _mean_curves(curves),
    }


def means_with_intervals(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """For each column `value`, `low`, `high` and `n`; columns without any number are left out.

    Each column's mean is over the rows where it is defined. `low` and `high` are None of few rows.
    """
    found = {}
    for name in table:
        values = _defined(table[name])
        if len(values):
            figure = _mean(values).to_json()
            found[name] = {key: _rounded(part) for key, part in figure.items()}
            found[name]["n"] = len(values)
    return found


def _with_p(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {
        name: figure | {"p": float(mean_p(_defined(table[name])))}
        for name, figure in means_with_intervals(table).items()
        if figure["n"] > 1
    }


def _mean(values: np.ndarray) -> Interval:
    if len(values) >= FEWEST and np.isin(values, (0, 1)).all():
        return of_share(int(values.sum()), len(values))
    return of_mean(values)


def _defined(values: pd.Series) -> np.ndarray:
    numbers = values.to_numpy(np.float64)
    return numbers[np.isfinite(numbers)]


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, _DIGITS)


def _mean_curves(curves: Mapping[tuple[str, str], Sequence[np.ndarray]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for (how, ranking), found in curves.items():
        deletion, insertion = np.mean(found, axis=0).round(_DIGITS).tolist()
        result.setdefault(how, {})[ranking] = {"deletion": deletion, "insertion": insertion}
    return result
