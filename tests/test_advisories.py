"""The command that asks for known weaknesses: what it asks about, and what it says."""

import io
import json
import urllib.error
import urllib.request

import pytest

from tests import advisories


@pytest.fixture
def answer(monkeypatch):
    """`answer(content)`: the source's; an exception is raised. Returns what is asked, in a list."""
    asked = []

    def give(content):
        def open_(request, timeout):
            asked.append(json.loads(request.data)["queries"])
            if isinstance(content, Exception):
                raise content
            return io.BytesIO(content(asked[-1]))

        monkeypatch.setattr(urllib.request, "urlopen", open_)
        return asked

    return give


def results(known):
    """An answer in which these packages have these advisories."""

    def content(queries):
        names = [query["package"]["name"] for query in queries]
        found = [{"vulns": [{"id": one} for one in known[n]]} if n in known else {} for n in names]
        return json.dumps({"results": found}).encode()

    return content


def test_it_asks_about_what_requirements_name_and_what_that_needs(answer, capsys):
    [asked] = [answer(results({}))]
    assert advisories.main() == 0
    versions = {query["package"]["name"]: query["version"] for query in asked[0]}
    assert {"streamlit", "onnxruntime", "tornado", "distributed"} <= versions.keys()
    assert "pytest" not in versions and all(versions.values())
    assert "advisories for 0 of them" in capsys.readouterr().out


def test_what_is_known_is_named(answer, capsys):
    answer(results({"numpy": ["GHSA-1", "PYSEC-2"]}))
    assert advisories.main() == 1
    said = capsys.readouterr().out
    assert "numpy " in said and ": GHSA-1, PYSEC-2\n" in said and "for 1 of them" in said


@pytest.mark.parametrize(
    "content",
    [
        urllib.error.URLError("no route to host"),
        TimeoutError("timed out"),
        lambda _queries: b"<html>",
        lambda _queries: b'{"results": []}',
    ],
)
def test_where_the_source_cannot_be_reached_it_says_that_nothing_was_checked(
    content, answer, capsys
):
    answer(content)
    assert advisories.main() == 2
    assert "nothing was checked" in capsys.readouterr().out
