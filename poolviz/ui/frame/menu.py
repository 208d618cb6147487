"""The menu: one line a page. Labels are translated where they are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from poolviz.language import N_
from poolviz.model.kinds import CLASSIFIER, MATCHER, Family
from poolviz.ui import visitor


@dataclass(frozen=True)
class Page:
    """A page: its file as Streamlit wants it, its English label, its icon, and its checkpoints.

    `family` is that of the checkpoints that its sidebar offers, None where it offers none;
    `offered` says whether this server has the page.
    """

    file: str
    label: str
    icon: str
    family: Family | None = CLASSIFIER
    offered: Callable[[], bool] = lambda: True


MENU = {
    "compare": Page("dashboard.py", N_("Compare"), ":material/compare:"),
    "explore": Page("pages/explore.py", N_("Explore"), ":material/table_rows:"),
    "heads": Page("pages/heads.py", N_("Heads"), ":material/hub:"),
    "match": Page("pages/match.py", N_("Match"), ":material/join_inner:", MATCHER),
    "trust": Page("pages/trust.py", N_("Trust"), ":material/verified:"),
    "results": Page("pages/results.py", N_("Results"), ":material/leaderboard:"),
    "train": Page(
        "pages/train.py", N_("Train"), ":material/model_training:", None, visitor.may_train
    ),
}
