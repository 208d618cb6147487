"""NAOPC as one number a head: read from summaries, none for weights that rank nothing."""

from poolviz import places
from poolviz.checkpoints.checkpoint import read
from poolviz.trust.rows.believed import believed
from poolviz.trust.rows.results import read_summary
from poolviz.values.interval import Interval

HOTEL = places.SHIPPED_CHECKPOINTS / "chnsenticorp_htl_all"


def test_it_is_what_the_survey_says():
    summary = read_summary(read(HOTEL / "attention"))
    found = believed(summary)
    figures = summary["figures"]
    assert found.weights == Interval.read(figures["naopc.weight.comprehensiveness"])
    assert found.chance == Interval.read(figures["naopc.random.comprehensiveness"])
    assert found.rows == figures["naopc.random.comprehensiveness"]["n"]
    assert found.weights.low > found.chance.high


def test_equal_weights_have_no_order():
    found = believed(read_summary(read(HOTEL / "average")))
    assert found.weights is None and 0 < found.chance.value < 1


def test_an_older_survey_lacks_it():
    summary = read_summary(read(HOTEL / "attention"))
    kept = {name: each for name, each in summary["figures"].items() if "naopc" not in name}
    assert believed({**summary, "figures": kept}) is None
