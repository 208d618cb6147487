"""The menu: one line a page. Labels are translated where they are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from poolviz.language import N_


@dataclass(frozen=True)
class Page:
    """A page: its file as Streamlit wants it, its English label and its icon."""

    file: str
    label: str
    icon: str


MENU = {
    "compare": Page("dashboard.py", N_("Compare"), ":material/compare:"),
    "explore": Page("pages/explore.py", N_("Explore"), ":material/table_rows:"),
    "heads": Page("pages/heads.py", N_("Heads"), ":material/hub:"),
    "trust": Page("pages/trust.py", N_("Trust"), ":material/verified:"),
    "results": Page("pages/results.py", N_("Results"), ":material/leaderboard:"),
}
