"""What pages tell the browser, which answers while somebody types."""

import pytest

from poolviz.errors import ExportError
from poolviz.ui.compare import live as on_compare
from poolviz.ui.live import follower
from poolviz.ui.match import live as on_match
from tests.pages_helpers import open_page


@pytest.fixture(params=[on_compare, on_match])
def page(request):
    """The module of a page whose rows follow the keys."""
    return request.param


@pytest.fixture
def told(monkeypatch, page) -> list[dict]:
    """What the browser gets, run by run."""
    runs = []
    fake = lambda data, **_rest: runs.extend(data)  # noqa: E731
    monkeypatch.setitem(vars(page._FOLLOWER), "_component", fake)
    return runs


def opened(page):
    if page is on_compare:
        return open_page(heads="max,attention")
    return open_page("pages/match.py", pairs="lcqmc", matchers="siamese-max,siamese-attention")


def asked(at, page, told):
    at.session_state[page._FOLLOWER._of_asking] = told[-1]["version"], follower.OFFERED
    return at.run()


def test_models_lie_ready_once_they_are_asked_for(page, told, monkeypatch):
    offered = []
    monkeypatch.setattr(
        follower, "_address", lambda version, *_rest: offered.append(version) or "/media/models"
    )
    at = opened(page)
    assert told[-1]["url"] is None and not offered
    for _ in range(follower.OFFERED + 1):
        at = asked(at, page, told) if not offered else at.run()
    wanted = ["/media/models"] * follower.OFFERED + [None]
    assert [data["url"] for data in told[1:]] == wanted
    assert len(told[-1]["told"]) == 2


def test_of_models_that_the_browser_does_not_know_it_is_told(page, told, monkeypatch):
    def refuse(*_given):
        raise ExportError("The browser does not know Own.")

    monkeypatch.setattr(follower, "_address", refuse)
    at = asked(opened(page), page, told)
    assert not at.exception and not at.error
    assert (told[-1]["url"], told[-1]["unknown"]) == (None, True)
