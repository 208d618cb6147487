"""A tiny encoder that was added once, for the tests of this folder."""

import pytest

from poolviz.encoders.reader import Reader
from tests.tiny_encoder import added


@pytest.fixture(scope="package")
def reader(tmp_path_factory) -> Reader:
    """The tiny encoder, ready to read."""
    return Reader(added(tmp_path_factory.mktemp("encoders")))
