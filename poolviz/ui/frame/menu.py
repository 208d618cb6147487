"""The menu: one line a page. Labels are translated where they are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from poolviz.language import N_
from poolviz.model.kinds import CLASSIFIER, MATCHER, Family


@dataclass(frozen=True)
class Page:
    """A page: its file as Streamlit wants it, its English label, its icon, and its checkpoints.

    `family` is that of the checkpoints that its sidebar offers.
    """

    file: str
    label: str
    icon: str
    family: Family = CLASSIFIER


MENU = {
    "compare": Page("dashboard.py", N_("Compare"), ":material/compare:"),
    "explore": Page("pages/explore.py", N_("Explore"), ":material/table_rows:"),
    "heads": Page("pages/heads.py", N_("Heads"), ":material/hub:"),
    "match": Page("pages/match.py", N_("Match"), ":material/join_inner:", MATCHER),
    "trust": Page("pages/trust.py", N_("Trust"), ":material/verified:"),
    "results": Page("pages/results.py", N_("Results"), ":material/leaderboard:"),
}
