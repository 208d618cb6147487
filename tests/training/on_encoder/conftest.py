"""What the tests of training on an encoder's vectors share."""

import pytest

from poolviz.encoders.reader import Graph


@pytest.fixture
def passes(monkeypatch):
    """Shapes of the batches that an encoder's graph is given."""
    seen = []
    run = Graph.run
    monkeypatch.setattr(
        Graph, "run", lambda graph, ids, *rest: seen.append(ids.shape) or run(graph, ids, *rest)
    )
    return seen
