"""What the Heads page has below its picture, one part at a time; a closed one costs nothing."""

from __future__ import annotations

from poolviz.evaluation.retraining import diversity
from poolviz.figures.texts.heatmap import heatmap
from poolviz.figures.texts.lines import lines
from poolviz.language import N_
from poolviz.ui.frame import state
from poolviz.ui.frame.charts import draw_chart
from poolviz.ui.heads.channels import draw_channels, has_channels
from poolviz.ui.heads.diversity import draw_diversity
from poolviz.ui.heads.survey import draw_survey
from poolviz.ui.heads.switches import draw_switches
from poolviz.ui.sidebar.choice import Choice
from poolviz.views.panel import Panel

SECTIONS = {
    "switches": N_("Switch weight rows off"),
    "channels": N_("Channels of max"),
    "heatmap": N_("Heatmap"),
    "lines": N_("Lines"),
    "survey": N_("Over all test rows"),
    "diversity": N_("Rows kept apart"),
}


def draw_sections(choice: Choice, panel: Panel | None) -> None:
    """Draw the switch, and the part that is open.

    Parameters
    ----------
    panel : of the text of the view; None where it has none.
    """
    offered = dict(SECTIONS)
    if panel is None:
        offered = {key: SECTIONS[key] for key in ("survey", "diversity")}
    else:
        if len(panel.rows) == len(panel.summaries):
            del offered["switches"]
        if not has_channels(choice.checkpoints):
            del offered["channels"]
    measured = diversity.read(choice.checkpoints)
    if measured is None:
        del offered["diversity"]
    opened = state.open_section("heads_section", offered)
    if opened == "survey":
        draw_survey(choice.checkpoints)
    elif measured and opened == "diversity":
        draw_diversity(measured)
    elif panel and opened == "switches":
        draw_switches(panel)
    elif panel and opened == "channels":
        draw_channels(choice.checkpoints, panel)
    elif panel and opened == "heatmap":
        draw_chart(heatmap(panel), "heatmap")
    elif panel and opened == "lines":
        draw_chart(lines(panel), "lines")
