"""What the heads decide together: the class that all are measured by, and who says what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from poolviz.language import listed, ngettext
from poolviz.model.class_names import meaning_of
from poolviz.values.explanation import Explanation


def named_class(explanations: Sequence[Explanation]) -> str:
    """The one class that a picture of several heads speaks of, where nobody has chosen one.

    Of two classes the second, whatever is predicted, so that a colour always means the same; of
    more the one with the highest mean probability (the first of equals).
    """
    classes = explanations[0].classes
    if len(classes) == 2:
        return classes[1]
    return classes[int(np.mean([e.probabilities for e in explanations], axis=0).argmax())]


def tally(explanations: Sequence[Explanation]) -> str:
    """How many heads decide for which class, the largest camp first."""
    counted = Counter(explanation.predicted for explanation in explanations)
    parts = [
        ngettext("{count} head: {name}", "{count} heads: {name}", count).format(
            count=count, name=meaning_of(name)
        )
        for name, count in counted.most_common()
    ]
    return listed(parts)
