"""Adding a language or a page takes two places: a line in a table, and a file."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from poolviz import language
from poolviz.language import LANGUAGES, Language, ngettext
from poolviz.locale import update
from poolviz.ui.frame.menu import MENU, Page
from tests.pages_helpers import DASHBOARD, TITLES, address, menu_links

POLISH = """
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 "
"&& (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Compare"
msgstr "Porównaj"

msgid "Language"
msgstr "Język"

msgid "Measured on {rows:,} row."
msgid_plural "Measured on {rows:,} rows."
msgstr[0] "{rows} wiersz"
msgstr[1] "{rows} wiersze"
msgstr[2] "{rows} wierszy"
"""


PAGE = """
import streamlit as st

from poolviz.ui.sidebar.controls import controls

choice = controls("sizes")
for checkpoint in choice.checkpoints:
    st.text(f"{checkpoint.task} {checkpoint.head} {checkpoint.card['parameters']}")
"""


@pytest.fixture
def polish(monkeypatch, tmp_path) -> str:
    """One line in the table and one file of translations; nothing else changes."""
    folder = shutil.copytree(language.LOCALE_FOLDER, tmp_path / "locale")
    monkeypatch.setattr(language, "LOCALE_FOLDER", Path(folder))
    monkeypatch.setitem(LANGUAGES, "pl", Language("Polski", ("pl",)))
    update.po_path("pl").parent.mkdir(parents=True)
    update.po_path("pl").write_text(POLISH, encoding="utf-8")
    update.update()
    language._catalogue.cache_clear()
    yield "pl"
    language.use("en")
    language._catalogue.cache_clear()


def dashboard(locale: str) -> AppTest:
    """The Compare page of a visitor whose browser has this locale."""
    at = AppTest.from_file(str(DASHBOARD), default_timeout=60)
    at.context["locale"] = locale
    at.run()
    assert not at.exception, at.exception
    return at


def menu(at: AppTest) -> list[str]:
    """The labels of the menu."""
    return [link.label for link in menu_links(at)]


def test_one_more_language_is_offered_and_chosen_by_the_browser(polish):
    at = dashboard("pl-PL")
    switch = at.selectbox(key="_language")
    assert switch.options == ["English", "简体中文", "Polski"]
    assert switch.label == "Language · 语言 · Język"
    assert switch.value == polish
    assert menu(at)[0] == "Porównaj"
    assert menu(at)[1] == "Explore"  # without a translation it stays as it is
    assert "lang" not in at.query_params


def test_one_more_language_is_used_by_whoever_picks_it(polish):
    at = dashboard("de-AT")
    assert menu(at)[0] == "Compare"
    at.selectbox(key="_language").set_value(polish).run()
    assert menu(at)[0] == "Porównaj"
    assert address(at)["lang"] == polish


def test_one_more_language_has_plurals_of_its_own(polish):
    language.use(polish)
    row = ("Measured on {rows:,} row.", "Measured on {rows:,} rows.")
    said = [ngettext(*row, count).format(rows=count) for count in (1, 2, 5, 22)]
    assert said == ["1 wiersz", "2 wiersze", "5 wierszy", "22 wiersze"]


@pytest.fixture
def app(monkeypatch, tmp_path) -> AppTest:
    """One line in the menu and one file in `pages/`; nothing else changes."""
    shutil.copy(DASHBOARD, tmp_path)
    shutil.copytree(DASHBOARD.parent / "pages", tmp_path / "pages")
    (tmp_path / "pages" / "sizes.py").write_text(PAGE, encoding="utf-8")
    monkeypatch.setitem(MENU, "sizes", Page("pages/sizes.py", "Sizes", ":material/straighten:"))
    return AppTest.from_file(str(tmp_path / "dashboard.py"), default_timeout=60)


def test_one_more_page_is_in_the_menu_and_shares_the_choices(app):
    app.query_params.update(dataset=TITLES, heads="average,max")
    app.run()
    assert not app.exception, app.exception
    assert menu(app)[-1] == "Sizes"
    chosen = address(app)

    app.switch_page("pages/sizes.py").run()
    assert not app.exception, app.exception
    assert menu(app)[-1] == "Sizes"
    assert address(app) == chosen
    assert [line.value for line in app.text] == [
        f"{TITLES} {head} 173706" for head in ("max", "average")
    ]
    app.multiselect(key="_heads").set_value(["attention"]).run()
    assert [line.value for line in app.text] == [f"{TITLES} attention 190218"]
