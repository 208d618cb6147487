"""The documentation: what is made is as the code is, examples run, commands exist, links lead."""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from urllib.parse import unquote

import pandas as pd
import pytest

from poolviz.cli.arguments import parser
from poolviz.cli.dashes import joined_to_flags
from poolviz.ui.frame.menu import MENU
from tests.docs import DOCS, made
from tests.house import ROOT
from tests.readme import CHINESE, README, with_blocks

TRIED_ELSEWHERE = ("class GatedAttention",)  # tests/test_plugins.py
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
TEXTS = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in PAGES}


def blocks(page: str, *kinds: str) -> list[str]:
    return re.findall(rf"```(?:{'|'.join(kinds)})\n(.*?)```", TEXTS[page], re.DOTALL)


def commands(page: str) -> list[list[str]]:
    """The words behind `python -m poolviz` in a page's blocks, up to what is the shell's."""
    lines = "\n".join(blocks(page, "sh", "bat")).replace("\\\n", " ").splitlines()
    lines = [line.replace(".venv\\Scripts\\python", "python") for line in lines]
    start = "python -m poolviz "
    found = [line.strip().removeprefix(start) for line in lines if line.strip().startswith(start)]
    return [shlex.split(line.partition(" < ")[0], comments=True) for line in found]


WITH_COMMANDS = [page for page in TEXTS if commands(page)]
WITH_EXAMPLES = [page for page in TEXTS if page.startswith("docs/") and blocks(page, "python")]


def heading_id(heading: str) -> str:
    """As GitHub and MkDocs make it of an English heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", made())
def test_what_is_made_of_the_code_is_as_the_code_is(name):
    """If this fails, `python -m tests.docs` writes it again."""
    assert (DOCS / name).read_text("utf-8") == made()[name]


def test_it_builds_and_every_page_is_in_its_menu(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    start = (tmp_path / "index.html").read_text("utf-8")
    loaded = re.findall(r'<(?:link|script|img)\b[^>]*(?:src|href)="(https?://[^"]+)"', start)
    assert not loaded


@pytest.mark.parametrize("page", TEXTS)
def test_every_link_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", TEXTS[page], flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    for link in links:
        place, _, anchor = unquote(link).partition("#")
        target = (ROOT / page).parent / place if place else ROOT / page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            assert anchor in map(heading_id, headings), link


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_every_command_exists(page):
    for words in commands(page):
        with contextlib.redirect_stderr(io.StringIO()) as said:
            try:
                parser().parse_args(joined_to_flags(words))
            except SystemExit as refused:
                raise AssertionError(f"{words}: {said.getvalue()}") from refused


@pytest.mark.usefixtures("nobodys_machine")
@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_every_example_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "explained").mkdir()  # what docs/bulk.md reads
    columns = {"id": ["a"], "attention: predicted": ["b"], "attention: weights": [[1.0]]}
    pd.DataFrame(columns).to_parquet("explained/part-0.parquet")
    known = {}
    for block in blocks(page, "python"):
        if not any(mark in block for mark in TRIED_ELSEWHERE):
            exec(compile(block, page, "exec"), known)


def test_every_page_of_the_dashboard_has_a_page():
    assert {path.stem for path in (DOCS / "pages").glob("*.md")} == {*MENU, "live"}


def test_the_chinese_readme_has_the_same_commands():
    """If this fails, `python -m tests.readme` writes them again."""
    assert with_blocks(TEXTS[CHINESE.name], TEXTS[README.name]) == TEXTS[CHINESE.name]
