"""The columns of the Results page's tables: headings, what they mean, how a number is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from poolviz.datasets import dataset_title
from poolviz.evaluation.report import MEAN
from poolviz.language import N_, _
from poolviz.model.class_names import class_label
from poolviz.model.heads import READOUTS
from poolviz.model.own_heads import head_title
from poolviz.values.interval import Interval

_BASELINES: dict[str, str] = {
    "character-cosine": N_("cosine of character counts"),
    "ngram-regression": N_("regression on character n-grams"),
}


@dataclass(frozen=True)
class Column:
    """How a number of a line stands in a table.

    Parameters
    ----------
    title : marked message.
    help : what it means, where that does not go without saying; marked message.
    write : makes what stands in the cell.
    form : Streamlit's format of a number; None where the cell is no number.
    width : in pixels; None where the table may decide.
    """

    title: str
    help: str = ""
    write: Callable[[Any], Any] = lambda value: value
    form: str | None = None
    width: int | None = None

    @property
    def nothing(self) -> str | None:
        """What stands where there is no value."""
        return None if self.form else "–"


def _head(key: str) -> str:
    return _("Mean of the heads") if key == MEAN else head_title(key)


def _matcher(name: str) -> str:
    return _(_BASELINES.get(name, name))


_INTERVAL = N_(
    "With the 95 % interval over the test rows (the bootstrap's; of few rows Wilson's), which says "
    "nothing of what another training would give."
)
_DIVERGENCE = N_(
    "Mean Jensen-Shannon divergence on the same test rows, in nats (units of natural logarithms): "
    "0 for the same weights, ln 2 = 0.693 for no token in common. The rows of multi-head attention "
    "are averaged first."
)
COLUMNS = {
    "dataset": Column(N_("Data set"), write=dataset_title, width=165),
    "head": Column(N_("Head"), write=_head),
    "readout": Column(N_("Read-out"), write=lambda key: _(READOUTS[key].title)),
    "matcher": Column(N_("Matcher"), write=_matcher),
    "test rows": Column(N_("Test rows"), form="localized"),
    "accuracy": Column(N_("Accuracy, %"), _INTERVAL, Interval.as_percent),
    "macro-F1": Column(
        N_("Macro-F1, %"),
        N_("The mean of the classes' F1, so that rare classes count as much as frequent ones."),
        Interval.as_percent,
    ),
    "mean of seeds": Column(
        N_("Seeds, %"),
        N_("The mean accuracy of all trainings, with other seeds."),
        lambda share: 100 * share,
        "%.1f",
    ),
    "parameters": Column(
        N_("Parameters"), N_("Numbers that training sets, in the whole model."), form="localized"
    ),
    "training s": Column(N_("Train, s"), N_("Seconds that one training took."), form="%.0f"),
    "explaining ms": Column(
        N_("Explain, ms"),
        N_(
            "The median time from a text to its explanation, one at a time on one thread, over up "
            "to 200 test rows. Other machines and lengths take other times: compare within a data "
            "set."
        ),
        form="%.2f",
    ),
    "median tokens": Column(
        N_("Tokens, median"), N_("Of the test rows that were timed."), form="%.0f"
    ),
    "head A": Column(N_("Head A"), write=_head),
    "head B": Column(N_("Head B"), write=_head),
    "only A right": Column(N_("Only A right"), N_("Test rows on which B is wrong and A is not.")),
    "only B right": Column(N_("Only B right"), N_("Test rows on which A is wrong and B is not.")),
    "p": Column("p", N_("McNemar's exact test (two-sided) on the same test rows."), form="%.2g"),
    "p, Holm": Column(
        N_("p (Holm)"),
        N_("The same, corrected by Holm for all pairs of heads of this data set."),
        form="%.2g",
    ),
    "models differ": Column(
        N_("These two trained models"),
        N_("At 5 %, after the correction."),
        lambda differ: _("differ") if differ else _("no difference shown"),
    ),
    "better head": Column(
        N_("Better across seeds"),
        N_(
            "Where the models differ, and each training of the one head also beats each training "
            "of the other."
        ),
        _head,
    ),
    "ahead": Column(
        N_("Better there"),
        N_("The trained model that is right more often, where the two differ at 5 % (Holm)."),
        _head,
    ),
    "better on own rows": Column(
        N_("Better on its own test rows"),
        N_("As the first screen says it: across trainings."),
        _head,
    ),
    "accuracy elsewhere": Column(
        N_("Accuracy there, %"),
        N_("With the 95 % interval over the rows of the other sample."),
        Interval.as_percent,
    ),
    "macro-F1 elsewhere": Column(
        N_("Macro-F1 there, %"),
        N_("With the 95 % interval over the rows of the other sample."),
        Interval.as_percent,
    ),
    "to other heads": Column(N_("To other heads"), _DIVERGENCE, form="%.3f"),
    "between its seeds": Column(
        N_("Between its seeds"),
        N_("The same between trainings of this head with other seeds."),
        form="%.3f",
    ),
    "to other heads, interval": Column(
        N_("To other heads, with interval"), _DIVERGENCE, Interval.as_number
    ),
    "between its seeds, interval": Column(
        N_("Between its trainings"),
        N_("The same between trainings of this head with other seeds."),
        Interval.as_number,
    ),
    "difference of distances": Column(
        N_("Difference"),
        N_(
            "With the 95 % interval over other rows and other trainings: a t interval, of which "
            "the trainings' part is the jackknife's."
        ),
        Interval.as_number,
    ),
    "p, heads": Column(
        N_("p (Holm, heads)"),
        N_("Of no difference, corrected by Holm over the heads."),
        form="%.2g",
    ),
    "A - B": Column(
        N_("A − B, points"),
        N_(
            "Mean test accuracy over the trainings of each, with the 95 % t interval over other "
            "trainings and other rows."
        ),
        Interval.as_points,
    ),
    "p, duels": Column(
        N_("p (Holm)"),
        N_("Of no difference, corrected by Holm for all pairs of heads of this data set."),
        form="%.2g",
    ),
    "better over trainings": Column(
        N_("Shown to be better"), N_("At 5 %, after the correction."), _head
    ),
    "further": Column(
        N_("Shown"),
        N_("At 5 %, after the correction."),
        lambda further: _("further from other heads") if further else _("further from itself"),
    ),
    "setting": Column(
        N_("Setting chosen anew"),
        N_(
            "Of those that were tried alike for every head and both read-outs, the one with the "
            "lowest loss on validation rows."
        ),
    ),
    "accuracy, chosen anew": Column(
        N_("Accuracy with it, %"),
        N_(
            "One training with that setting, with the 95 % interval over the test rows, which were "
            "opened when the choice was frozen."
        ),
        Interval.as_percent,
    ),
    "p, chosen anew": Column(
        N_("p (Holm)"),
        N_(
            "Of both models being as good on the same test rows (McNemar), corrected by Holm for "
            "all models that were chosen anew."
        ),
        form="%.2g",
    ),
    "linear": Column(
        N_("Linear, %"),
        N_(
            "Mean test accuracy of all trainings with the linear read-out: contributions add up "
            "exactly."
        ),
        lambda share: 100 * share,
        "%.1f",
    ),
    "mlp": Column(
        N_("MLP, %"),
        N_("The same with a multi-layer perceptron: contributions are an estimate."),
        lambda share: 100 * share,
        "%.1f",
    ),
    "mlp - linear": Column(
        N_("MLP − linear, points"),
        N_(
            "With the 95 % interval over other trainings: Welch's t for a head, Satterthwaite's "
            "over all heads."
        ),
        Interval.as_points,
    ),
    "long rows": Column(N_("Long rows"), form="localized"),
    "accuracy on long rows": Column(
        N_("Accuracy on long rows"),
        N_("With Wilson's 95 % interval, since they are few."),
        Interval.as_share,
    ),
    "class": Column(N_("Class"), write=class_label),
    "rows": Column(N_("Test rows"), form="localized"),
    "precision": Column(
        N_("Precision"), N_("Of the rows given this class, the share that has it."), form="%.3f"
    ),
    "recall": Column(
        N_("Recall"), N_("Of the rows that have this class, the share given it."), form="%.3f"
    ),
    "f1": Column("F1", N_("The harmonic mean of precision and recall."), form="%.3f"),
    "f1 or macro-F1": Column(
        "F1",
        N_(
            "Of “match”; for texts matched with the names of their classes the mean over the "
            "classes. 95 % interval."
        ),
        Interval.as_number,
    ),
    "roc auc": Column(
        "ROC-AUC",
        N_("The chance that a match has a higher score than a pair that is none; 0.5 is guessing."),
        Interval.as_number,
    ),
    "unseen accuracy": Column(
        N_("Unseen, %"),
        N_("Accuracy without the pairs of which a sentence stands in training."),
        Interval.as_percent,
    ),
}
