"""Where sentences differ: the tokens that are no part of their longest common subsequence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from poolviz.language import _, ngettext
from poolviz.text.subsequence import common_subsequence
from poolviz.values.explanation import Explanation
from poolviz.views.pairs import Explained, sentence_names
from poolviz.views.panel import Panel, Row
from poolviz.views.view import View

_ITSELF = (0, 0)  # a token that differs does so whatever its neighbours are


def difference_panels(explained: Explained) -> dict[str, Panel] | None:
    """A panel for each sentence, by its name: 1 for tokens that differ, 0 for shared ones.

    It depends on the tokens alone. A triplet's anchor is held against the positive, both others
    against the anchor. None where the sentences are too long for a longest common subsequence.
    """
    values: list[np.ndarray] = []
    for pair in explained.pairs:
        shared = common_subsequence(*(side.tokens for side in pair.sides))
        if shared is None:
            return None
        for side, explanation in enumerate(pair.sides):
            if side or not values:  # the anchor once
                differs = np.ones(len(explanation.tokens))
                differs[[positions[side] for positions in shared]] = 0
                values.append(differs)
    return {
        name: _panel(name, sentence, differs)
        for name, sentence, differs in zip(
            sentence_names(explained), explained.sentences, values, strict=True
        )
    }


def differences_in_words(panels: dict[str, Panel]) -> list[str]:
    """How many tokens of each sentence differ."""
    return [
        ngettext(
            "{name}: {differs:,} of {count:,} token differs.",
            "{name}: {differs:,} of {count:,} tokens differ.",
            len(panel.tokens),
        ).format(name=name, differs=int(panel.summaries[0].values.sum()), count=len(panel.tokens))
        for name, panel in panels.items()
    ]


def _panel(name: str, sentence: Explanation, differs: np.ndarray) -> Panel:
    sentence = replace(sentence, window=_ITSELF)
    unit = _("1: differs, 0: shared with the other sentence, in this order")
    row = Row(name, 0, sentence, differs, unit, low=0.0, high=1.0)
    return Panel(
        view=View(),
        tokens=sentence.tokens,
        rows=(row,),
        summaries=(row,),
        diverging=False,
        texts=2,
    )
