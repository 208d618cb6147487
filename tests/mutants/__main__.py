"""Do tests notice when the code is wrong? `python -m tests.mutants text` changes it and runs them.

Needs `pip install -r requirements-measuring.txt`, and Linux or macOS. Takes up to an hour a part
and is no part of the test run; stopped, it goes on where it was. It works on a copy in `.mutants/`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from tests.mutants import drawing, trying
from tests.mutants.drawing import PARTS


def main() -> None:
    """Try what is left to try of a part, and say which mutants survived."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("part", choices=PARTS)
    how = words.add_mutually_exclusive_group()
    how.add_argument("--report", action="store_true", help="only say what was found so far")
    how.add_argument("--anew", action="store_true", help="forget what was found, copy the code")
    how.add_argument(
        "--survivors", action="store_true", help="try those again, with the tests as they are now"
    )
    given = words.parse_args()
    part = PARTS[given.part]
    if given.anew or not part.session.exists():
        drawing.begin(part)
    if given.survivors:
        drawing.renew_tests(part)
        drawing.forget_survivors(part)
    if not given.report:
        # A process of its own: what it imports of the project is the copy.
        words = [sys.executable, "-m", trying.__name__, part.name]
        if code := subprocess.run(words, cwd=part.project).returncode:
            sys.exit(code)
    _report(part)


def _report(part: drawing.Part) -> None:
    with drawing.opened(part) as found:
        results = list(found.completed_work_items)
        survived = [result for _item, result in results if not result.is_killed]
        for result in survived:
            print(result.diff)
        killed = len(results) - len(survived)
        share = f" ({killed / len(results):.0%})" if results else ""
        print(
            f"{part.name}: {killed} of {len(results)} killed{share}, {found.num_work_items} drawn"
        )


if __name__ == "__main__":
    main()
