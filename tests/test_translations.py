"""The translations are complete and say what the sources say; each context has its own language."""

import ast
import contextvars
import string
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import regex
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from poolviz import errors, language
from poolviz.datasets import CATALOGUE
from poolviz.errors import CheckpointError, ChoiceError, TextError
from poolviz.language import LANGUAGES, N_, Language, _, error_message, ngettext
from poolviz.locale import update
from poolviz.model.kinds import KINDS, ROWS
from poolviz.ui.frame.menu import MENU

TRANSLATED = [key for key in LANGUAGES if key != language.SOURCE_LANGUAGE]
DAMAGED = "Checkpoint {task}/{name} is damaged: {reason}. Train it again or restore its folder."


@pytest.fixture(autouse=True)
def english_again():
    """A test may speak any language; the next one starts with the default."""
    yield
    language.use("en")


@pytest.fixture(params=TRANSLATED)
def key(request) -> str:
    """Each language that needs translations."""
    return request.param


@pytest.fixture
def catalogue(key) -> Catalog:
    """What translators edit."""
    return update.load(key)


@pytest.fixture(scope="module")
def found() -> set[tuple[str, ...]]:
    """Every message of the sources, with its plural where it has one."""
    return update.messages()


def pairs(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Messages and their translations, without the header; each with all its plural forms."""
    return {forms(m.id): update.translations(m) for m in catalogue if m.id}


def forms(message: str | tuple[str, str]) -> tuple[str, ...]:
    """A message as `update.messages` gives it."""
    return (message,) if isinstance(message, str) else tuple(message)


def each_form(catalogue: Catalog) -> list[tuple[str, str]]:
    """Each translation with the message that it stands for, the plural where there is one."""
    return [
        (message[-1], translation)
        for message, translations in pairs(catalogue).items()
        for translation in translations
    ]


def fields(template: str) -> list[tuple[str, str, str]]:
    """Name, format and conversion of every `{name!conversion:format}`; an order that is free."""
    return sorted(
        (name, spec or "", conversion or "")
        for _text, name, spec, conversion in string.Formatter().parse(template)
        if name is not None
    )


def source_calls() -> list[tuple[str, str, ast.expr]]:
    """Place, called name and message of every call that speaks or could fail with words."""
    speaking = {"_", "N_", "ngettext", *(name for name in vars(errors) if name.endswith("Error"))}
    files = [update.ROOT / "dashboard.py"]
    for folder in ("pages", "poolviz"):
        files += (update.ROOT / folder).rglob("*.py")
    return [
        (f"{file.name}:{node.lineno}", node.func.id, message)
        for file in files
        if not file.is_relative_to(update.ROOT / "poolviz" / "cli")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in speaking
        for message in node.args[: 2 if node.func.id == "ngettext" else 1]
    ]


def test_every_kind_of_message_is_found(found):
    assert ("Average",) in found  # marked in a table
    assert ("Test accuracy",) in found  # on a page
    assert ("right",) in found  # within an f-string
    assert ("a file is missing",) in found  # a marked value of an error
    assert ("Choose at least one head.",) in found  # the template of an error
    assert ("{count} other", "{count} others") in found  # of one thing and of many
    assert not {("poolviz",), ("{count} other",), ("{count} others",)} & found


def test_errors_that_a_source_derives_speak_too():
    trees = [ast.parse("class Stuck(DataError):\n    ..."), ast.parse("class Other: ...")]
    assert {"Stuck", "DataError"} <= update._error_names(trees)
    assert "Other" not in update._error_names(trees)


def test_what_is_translated_is_written_out():
    """A message put together at run time cannot be found for translation.

    `_` may also get a value from a table, where `N_` marked it.
    """
    wrong = [
        place
        for place, name, argument in source_calls()
        if isinstance(argument, ast.JoinedStr | ast.BinOp)
        or (name != "_" and not isinstance(argument, ast.Constant))
    ]
    assert wrong == []


def test_every_name_shown_from_a_table_is_a_message(found):
    kinds = KINDS.values()
    records = [*kinds, *(part for k in kinds for part in (*k.heads.values(), *k.readouts.values()))]
    shown = [text for record in records for text in (record.title, record.meaning)]
    shown += [entry.title for entry in (*ROWS.values(), *CATALOGUE.values())]
    shown += [page.label for page in MENU.values()]
    assert [text for text in shown if (text,) not in found] == []


def test_every_message_is_translated(found, catalogue):
    known = pairs(catalogue)
    assert sorted(message for message in found if not known.get(message)) == []
    assert not any(message.fuzzy for message in catalogue)


def test_nothing_is_translated_that_the_sources_no_longer_say(found, catalogue):
    assert sorted(pairs(catalogue).keys() - found) == []
    assert not catalogue.obsolete


def test_translations_keep_fields_and_formats(catalogue):
    wrong = [m for m, translation in each_form(catalogue) if fields(m) != fields(translation)]
    assert wrong == []


def test_one_thing_and_many_have_the_same_fields(found):
    assert [message for message in found if fields(message[0]) != fields(message[-1])] == []


def test_fields_are_compared_with_their_formats():
    assert fields("{share:.1%} of {name}") == fields("{name}: {share:.1%}")
    assert fields("{share:.1%}") != fields("{share}")
    assert fields("{count}") != fields("{count} {count}")


def test_translations_keep_markdown(catalogue):
    marks = regex.compile(r"\*\*|`|:[a-z]+(?:/[a-z_]+)?:")
    wrong = [m for m, t in each_form(catalogue) if marks.findall(m) != marks.findall(t)]
    assert wrong == []


def test_chinese_sentences_have_full_width_punctuation():
    half_width = regex.compile(r"\p{Han}\s*[,;?!()]|\p{Han}[.:](?!\d)|[,;:?!.(]\s*\p{Han}")
    translated = each_form(update.load("zh_CN"))
    assert [translation for _m, translation in translated if half_width.search(translation)] == []


def test_compiled_catalogue_holds_what_translators_wrote(key, catalogue):
    with open(update.po_path(key).with_suffix(".mo"), "rb") as file:
        assert pairs(read_mo(file)) == pairs(catalogue)


def test_updating_again_keeps_translations(key, found, tmp_path, monkeypatch):
    """A translator's work survives, and a message gone from the sources leaves."""
    monkeypatch.setattr(language, "LOCALE_FOLDER", tmp_path)
    update.po_path(key).parent.mkdir(parents=True)
    old = Catalog(locale=key)
    old.add("Average", "平均")
    old.add("Averages", "平均值")
    with open(update.po_path(key), "wb") as file:
        update.write_po(file, old)

    update.update()

    known = pairs(update.load(key))
    assert known["Average",] == ("平均",)
    assert known["Test accuracy",] == known["{count} other", "{count} others"] == ()
    assert known.keys() == found
    with open(update.po_path(key).with_suffix(".mo"), "rb") as file:
        assert pairs(read_mo(file)) == {("Average",): ("平均",)}


def test_chinese_is_spoken_after_use():
    assert _("Max") == "Max"
    language.use("zh_CN")
    assert language.current() == "zh_CN"
    assert _("Max") == "最大池化"
    assert _("position {position} of {count}").format(position=3, count=9) == "第 3 个，共 9 个"
    language.use("en")
    assert _("Max") == "Max"


def test_message_without_translation_stays_as_it_is():
    language.use("zh_CN")
    assert _("Nobody says this.") == "Nobody says this."


def test_error_speaks_the_language_of_whoever_shows_it():
    error = TextError(
        "The text has {count:,} characters; shorten it to {limit:,} or fewer.",
        count=12_345,
        limit=10_000,
    )
    assert error_message(error) == str(error)
    language.use("zh_CN")
    assert error_message(error) == "文本有 12,345 个字符；请缩短到 10,000 个以内。"
    assert str(error).startswith("The text has 12,345 characters")  # for logs


def test_marked_values_of_an_error_are_translated_and_names_are_not():
    """A checkpoint may be called like a message."""
    error = CheckpointError(DAMAGED, task="Max", name="Head", reason=N_("a file is missing"))
    assert error_message(error) == str(error)
    language.use("zh_CN")
    assert error_message(error) == (
        "检查点 Max/Head 已损坏：缺少文件。请重新训练，或恢复其文件夹。"
    )


def test_unknown_language_is_refused_and_changes_nothing():
    language.use("zh_CN")
    with pytest.raises(ChoiceError, match="en, zh_CN"):
        language.use("tlh")
    assert _("Max") == "最大池化"


def test_language_without_catalogue_speaks_english(monkeypatch):
    monkeypatch.setitem(LANGUAGES, "eo", Language("Esperanto", ("eo",)))
    language.use("eo")
    assert _("Max") == "Max"


def test_one_thing_is_not_called_many():
    row = ("Measured on {rows:,} row.", "Measured on {rows:,} rows.")
    assert [ngettext(*row, count) for count in (0, 1, 2)] == [row[1], row[0], row[1]]
    language.use("zh_CN")
    assert {ngettext(*row, count) for count in (0, 1, 2)} == {"在 {rows:,} 个样本上测得。"}


def test_names_and_sentences_are_joined_as_the_language_does():
    assert language.listed(["a", "b"]) == "a, b"
    assert language.joined(["One.", "是。", "Two."]) == "One. 是。 Two."
    language.use("zh_CN")
    assert language.listed(["a", "b"]) == "a、b"
    assert language.joined(["一。", "二（2）", "三。"]) == "一。二（2） 三。"


def test_what_names_the_switch_is_said_in_all_languages():
    assert language.in_all_languages(N_("Language")) == "Language · 语言"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("zh-CN", "zh_CN"), ("zh_Hant_TW", "zh_CN"), ("ZH", "zh_CN")]
    + [(other, "en") for other in ("en-GB", "de", "", "x-zh", "zhx", None)],
)
def test_browser_locale_chooses_the_language(locale, expected):
    assert language.best_match(locale) == expected


def test_threads_speak_their_own_language_at_once():
    both_chose = threading.Barrier(2, timeout=10)

    def speak(key: str) -> list[str]:
        language.use(key)
        both_chose.wait()
        return [_("Max") for _repeat in range(100)]

    with ThreadPoolExecutor(2) as threads:
        english, chinese = threads.map(speak, ["en", "zh_CN"])
    assert set(english) == {"Max"}
    assert set(chinese) == {"最大池化"}


def test_copied_context_carries_the_language_and_keeps_its_own_changes():
    language.use("zh_CN")
    context = contextvars.copy_context()
    language.use("en")
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(context.run, _, "Max").result() == "最大池化"
        assert threads.submit(_, "Max").result() == "Max"
        threads.submit(context.run, language.use, "en").result()
    language.use("zh_CN")
    assert context.run(_, "Max") == "Max"
    assert _("Max") == "最大池化"
