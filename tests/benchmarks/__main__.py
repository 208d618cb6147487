"""All benchmarks, or those that are named: `python -m tests.benchmarks [NAME …]`.

Each runs in a process of its own. What they measured is kept in `measured.json`, beside what was
measured before and is not measured now; README's table is made of it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests import readme
from tests.benchmarks import report

NAMES = (
    *("pages", "startup", "explain", "engine", "length", "bulk", "files", "matching", "trust"),
    *("explore", "training", "larger", "train_page", "live", "following", "encoders"),
    "news",
)
NAMED = ("encoders", "news")  # run only where they are named: they need what no requirement brings
_LIBRARIES = ("streamlit", "onnxruntime", "numpy", "plotly")
_CHILD = """
import json, sys
from pathlib import Path
from tests.benchmarks import {name}, report
sys.argv = ["{name}"]
{name}.main()
Path({place!r}).write_text(json.dumps(report.printed), encoding="utf-8")
"""


def main() -> None:
    """Run them one after the other, and renew README after each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    names = parser.parse_args().names or [name for name in NAMES if name not in NAMED]
    if unknown := set(names) - set(NAMES):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    for name in names:
        print(f"--- {name}", flush=True)
        before = os.getloadavg()[0]
        figures = _measured(name)
        kept = report.read()
        kept[name] = {"machine": _machine(before), "figures": figures}
        report.write({each: kept[each] for each in NAMES if each in kept})
        readme.main()


def _measured(name: str) -> list[list[str]]:
    """What a benchmark prints, from a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "figures.json"
        code = _CHILD.format(name=name, place=str(place))
        subprocess.run([sys.executable, "-c", code], check=True)
        return json.loads(place.read_text(encoding="utf-8"))


def _machine(load: float) -> dict[str, Any]:
    """On what it was measured; `load` before it began."""
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load": round(load, 1),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


if __name__ == "__main__":
    main()
