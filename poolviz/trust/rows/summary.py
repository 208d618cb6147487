"""From a line for each row to means with intervals, mean curves and paired comparisons.

Columns of a line: `key`, `tokens`, `units`; `<erasure>.<ranking>.<measure>` as in
`poolviz.trust.text.measures`; `agreement.<ranking>`, tau of weight with it; `naopc.<ranking>.
comprehensiveness` and `…sufficiency` on the rows where AOPC was normalised, `naopc.exact` and
`naopc.in_segments`;
`stress.<test>.distance`, `…flips`, `…divergence`.

Intervals are 95 % percentile bootstrap over rows (1,000 samples, fixed seed). They speak of the
choice of rows only, not of what another training seed would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from poolviz.evaluation.intervals import of_samples
from poolviz.evaluation.metrics import BOOTSTRAP_SAMPLES, BOOTSTRAP_SEED
from poolviz.trust.ablation.erasure import ERASURES, MOST_UNITS
from poolviz.trust.ablation.stress import EPSILON, SHUFFLES
from poolviz.trust.text.bounds import BEAM, EXACT_UNITS
from poolviz.trust.text.curves import BINS, Curves
from poolviz.trust.text.rankings import DRAWS

GRID = 11  # points of a mean curve: 0, 10, … 100 % of the text
COMPARED = (("weight", "random"), ("weight", "contribution"), ("contribution", "random"))
_DIGITS = 5


def summarise(
    table: pd.DataFrame, curves: Mapping[tuple[str, str], Sequence[Curves]]
) -> dict[str, Any]:
    """A summary ready for JSON.

    Parameters
    ----------
    table : a line for each row.
    curves : for each (erasure, ranking) the curves of the rows.

    Returns
    -------
    `rows`; `in_segments`, the share of rows of more than 32 tokens; `settings`, what was fixed;
    `figures`, for each column `value`, `low`, `high` and `n`, the rows in which it is defined;
    `differences`, for each erasure and pair of rankings the mean paired difference of their
    faithfulness gaps, in the same form; `curves`, for each erasure and ranking `deletion` and
    `insertion`, the mean probability at each of `GRID` shares of the text.
    """
    columns = [name for name in table if "." in name]
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
        },
        "figures": means_with_intervals(table[columns]),
        "differences": means_with_intervals(pd.DataFrame(pairs)),
        "curves": _mean_curves(curves),
    }


def means_with_intervals(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """For each column `value`, `low`, `high` and `n`; columns without any number are left out.

    Rows are resampled together, and each column's mean is over those of them where it is defined.
    """
    values = table.to_numpy(np.float64)
    defined = np.isfinite(values)
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    rows = len(values)
    draws = rng.multinomial(rows, np.full(rows, 1 / rows), size=BOOTSTRAP_SAMPLES)
    counts = draws @ defined.astype(np.float64)
    with np.errstate(invalid="ignore"):
        samples = (draws @ np.where(defined, values, 0)) / counts
    found = {}
    for column, name in enumerate(table):
        number = int(defined[:, column].sum())
        if number:
            mean = values[defined[:, column], column].mean()
            figure = asdict(of_samples(mean, samples[:, column]))
            found[name] = {key: round(part, _DIGITS) for key, part in figure.items()}
            found[name]["n"] = number
    return found


def _mean_curves(curves: Mapping[tuple[str, str], Sequence[Curves]]) -> dict[str, Any]:
    grid = np.linspace(0, 1, GRID)
    result: dict[str, Any] = {}
    for (how, ranking), found in curves.items():
        result.setdefault(how, {})[ranking] = {
            name: np.mean([_on_grid(getattr(one, name), grid) for one in found], axis=0)
            .round(_DIGITS)
            .tolist()
            for name in ("deletion", "insertion")
        }
    return result


def _on_grid(curve: np.ndarray, grid: np.ndarray) -> np.ndarray:
    return np.interp(grid, np.linspace(0, 1, len(curve)), curve)
