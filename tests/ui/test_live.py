"""What Compare tells the browser, which answers while somebody types."""

import pytest

from poolviz.errors import ExportError
from poolviz.ui.compare import live
from tests.pages_helpers import open_page


@pytest.fixture
def told(monkeypatch) -> list[dict]:
    """What the browser gets, run by run."""
    runs = []
    monkeypatch.setattr(live, "_follower", lambda data, **_rest: runs.extend(data))
    return runs


def asked(at, told):
    at.session_state[live._ASKED] = told[-1]["version"], live.OFFERED
    return at.run()


def test_models_lie_ready_once_they_are_asked_for(told, monkeypatch):
    offered = []
    monkeypatch.setattr(
        live, "_address", lambda version, checkpoints: offered.append(version) or "/media/models"
    )
    at = open_page(heads="max,attention")
    assert told[-1]["url"] is None and not offered
    for _ in range(live.OFFERED + 1):
        at = asked(at, told) if not offered else at.run()
    assert [data["url"] for data in told[1:]] == ["/media/models"] * live.OFFERED + [None]
    assert len(told[-1]["told"]) == 2


def test_of_models_that_the_browser_does_not_know_it_is_told(told, monkeypatch):
    def refuse(_checkpoints):
        raise ExportError("The browser does not know Own.")

    monkeypatch.setattr(live, "live_models", refuse)
    live._packed.clear()
    at = asked(open_page(heads="max"), told)
    assert not at.exception and not at.error
    assert (told[-1]["url"], told[-1]["unknown"]) == (None, True)
