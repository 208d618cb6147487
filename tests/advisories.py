"""Are weaknesses known of the versions that are installed? `python -m tests.advisories` asks OSV.

It asks about what the requirements name and what that needs in turn. It ends with 0 where nothing
is known, with 1 where something is, and with 2 where the source cannot be reached: then nothing
was checked, which it says.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import ROOT

SOURCE = "https://api.osv.dev/v1/querybatch"
REQUIREMENTS = ("requirements.txt", "requirements-dask.txt", "requirements-encoders.txt")
SECONDS = 30


def main() -> int:
    """Ask about all packages in one request; the exit code."""
    packages = installed()
    try:
        found = advisories(packages)
    except (OSError, ValueError) as error:
        print(f"{SOURCE} cannot be reached ({error}): nothing was checked.")
        return 2
    for name, ids in found.items():
        print(f"{name} {packages[name]}: {', '.join(ids)}")
    print(f"{len(packages)} packages, advisories for {len(found)} of them.")
    return 1 if found else 0


def installed() -> dict[str, str]:
    """The version of each package that the requirements name, and of all that those need."""
    found: dict[str, str] = {}
    waiting = [
        Requirement(line)
        for file in REQUIREMENTS
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # one that is chosen, or that another system needs
            continue
        waiting += [
            needed
            for needed in map(Requirement, requires(name) or ())
            if needed.marker is None
            or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras))
        ]
    return dict(sorted(found.items()))


def advisories(packages: Mapping[str, str]) -> dict[str, list[str]]:
    """The numbers of known advisories, of packages that have any.

    Raises
    ------
    OSError, ValueError : the source cannot be reached, or answers something else.
    """
    queries = [
        {"package": {"ecosystem": "PyPI", "name": name}, "version": number}
        for name, number in packages.items()
    ]
    request = urllib.request.Request(
        SOURCE, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        results = json.load(answer)["results"]
    if len(results) != len(packages):
        raise ValueError("an answer for each package was expected")
    found = zip(packages, results, strict=True)
    return {
        name: [known["id"] for known in result["vulns"]]
        for name, result in found
        if result.get("vulns")
    }


if __name__ == "__main__":
    sys.exit(main())
