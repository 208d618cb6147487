"""The Match page without a browser: pairs and their reasons, triplets, nearest questions."""

import json
import re
import shutil
import time
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from poolviz.checkpoints import own_rows
from poolviz.checkpoints.checkpoint import CARD, read
from poolviz.datasets import CATALOGUE, load
from poolviz.datasets.examples import question_list, sentence_examples
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.ranking import ranked
from poolviz.evaluation.pair_verdict import BASELINE
from poolviz.export.files import to_json
from poolviz.language import joined
from poolviz.model.class_names import class_label
from poolviz.text.tokens import has_visible
from poolviz.ui.input.rows import KEY_DIGITS
from poolviz.views.captions import number
from poolviz.views.matchers import pair_row, triplet_row
from poolviz.views.pairs import sentence_panels
from poolviz.views.reasons import reason_sentences
from tests import invented_pairs
from tests.pages_helpers import (
    HOSTILE_TEXTS,
    MATCH_PAGE,
    Highlighted,
    address,
    charts,
    highlights,
    open_page,
    rows,
    sentences,
    shared,
    table,
    tables,
)

TASK = "invented_pairs"
A, B, C = "请问怎么去机场", "坐飞机要多少钱", "帮我租房子吧"
MATCHERS = (("siamese", "attention", "cosine"), ("interactive", "additive", "dense"))


@pytest.fixture
def home(nobodys_machine, trained_matcher, monkeypatch):
    """The folder of somebody's own matchers, trained on the invented pairs."""
    monkeypatch.setitem(CATALOGUE, TASK, invented_pairs.dataset())
    folder = nobodys_machine / "checkpoints" / TASK
    for key in MATCHERS:
        checkpoint = trained_matcher(*key)
        shutil.copytree(checkpoint.folder, folder / checkpoint.name)
        # Here it is a catalogue's data set, which begins with its examples.
        (folder / checkpoint.name / own_rows.NAME).unlink(missing_ok=True)
    return folder


@pytest.fixture
def explainers(home) -> list[PairExplainer]:
    """In the order of the cards."""
    return [
        PairExplainer(read(home / name))
        for name in ("siamese-attention", "interactive-additive-dense")
    ]


def open_match(**parameters: str) -> AppTest:
    """The page at this address, with the invented pairs."""
    return open_page(MATCH_PAGE, **{"pairs": TASK, **parameters})


def typed(at: AppTest, *texts: str) -> AppTest:
    """The page after these were typed into its boxes, one after the other."""
    for name, text in zip("abc", texts, strict=False):
        at.text_area(key=f"_sentence_{name}").set_value(text).run()
    return at


def boxes(at: AppTest) -> list[str]:
    return [at.text_area(key=f"_sentence_{n}").value for n in "abc" if _has(at, f"_sentence_{n}")]


def _has(at: AppTest, key: str) -> bool:
    return key in [area.key for area in at.text_area]


def opened(at: AppTest, part: str | None) -> AppTest:
    """The page with this part open below the rows."""
    return at.segmented_control(key="_match_section").set_value(part).run()


def assert_shows(at: AppTest, explained, quantity: str = "contribution", of: int = 0) -> None:
    """A table shows these, a matcher a row: its verdict, and the values of every sentence."""
    panels = sentence_panels(explained, quantity)
    found = rows(at, of)
    assert len(found) == len(explained)
    for index, (row, each) in enumerate(zip(found, explained, strict=True)):
        said = pair_row(each) if each.mode == "pair" else triplet_row(each)
        assert row.decision.startswith(f"{said.verdict}") and said.standing in row.decision
        assert row.lines == [line(panel, index) for panel in panels.values()]


def line(panel, index: int) -> Highlighted:
    row = panel.summaries[index]
    tokens = [token.text for token in row.explanation.tokens]
    return Highlighted("".join(tokens), tokens, [number(value) for value in row.values.tolist()])


def why(at: AppTest) -> str:
    """The sentences that say why."""
    plain = [html for html in highlights(at) if html.startswith("<div>")]
    return plain[0].removeprefix("<div>").removesuffix("</div>")


def captions(at: AppTest) -> str:
    return "\n".join(element.value for element in at.caption)


@pytest.mark.usefixtures("home")
def test_what_differs_is_tinted_when_it_is_opened():
    at = opened(typed(open_match(), "请问怎么去机场", "请问去机场的路"), "difference")
    assert not at.exception and address(at)["mode"] == "difference"
    assert any("2 of 7 tokens differ" in each.value for each in at.markdown)
    [drawn] = [html for html in highlights(at) if html.startswith('<div class="pv ')]
    marked = re.findall(r'class="pv-t pv-16[^"]*"[^>]*>(.)<', drawn)
    assert "".join(marked) == "怎么的路"


@pytest.mark.parametrize("quantity", ["weight", "contribution"])
def test_the_rows_have_the_explainers_numbers(explainers, quantity):
    at = typed(open_match(pair_show=quantity), A, B)
    explained = [explainer.explain(A, B) for explainer in explainers]
    assert_shows(at, explained, quantity)
    for explainer in explainers:
        accuracy = explainer.checkpoint.card["test"]["accuracy"]
        assert f">{accuracy['value']:.1%}</div>" in table(at)
        assert f"test accuracy {accuracy['value']:.1%} ({accuracy['low']:.1%}" in table(at)
    count = sum(pair.matches for pair in explained)
    assert f">{count} of 2 say" in table(at)


def test_the_first_view_is_an_example(explainers):
    at = open_match()
    assert boxes(at) == list(sentence_examples(TASK)[0][:2])
    assert_shows(at, [e.explain(*boxes(at)) for e in explainers])
    at.session_state["pair"] = 2
    at.run()
    assert boxes(at) == list(sentence_examples(TASK)[2][:2])
    assert address(at)["pair"] == "3"


def test_reasons_are_those_of_the_chosen_matcher(explainers):
    at = typed(open_match(), A, B)
    first, dense = (explainer.explain(A, B) for explainer in explainers)
    assert why(at) == joined(reason_sentences(first))
    at.selectbox(key="_matrix_of").set_value("interactive-additive-dense").run()
    reverse = explainers[1].explain(B, A).score
    assert why(at) == joined(reason_sentences(dense, reverse))
    assert f"In the other order, (B, A), the logit is {reverse:.3f}" in why(at)
    chosen = re.findall(r'pva-row-chosen" aria-current="true" data-head="([^"]*)"', table(at))
    assert chosen == ["interactive-additive-dense"]
    assert address(at)["matrix"] == "interactive-additive-dense"


def test_nothing_below_the_reasons_is_drawn_before_it_is_opened(home):
    at = open_match()
    assert not charts(at) and not at.dataframe and len(tables(at)) == 1
    assert not _has(at, "_sentence_c") and not at.file_uploader
    assert list(charts(opened(at, "matrix"))) == ["matrix_0"]
    assert not charts(opened(at, None))


def test_a_triplet_is_a_third_sentence_beside_the_pair(explainers):
    at = opened(open_match(), "triplet")
    assert boxes(at) == list(sentence_examples(TASK)[0])
    typed(at, A, B, C)
    assert_shows(at, [explainer.explain(A, B) for explainer in explainers])
    assert_shows(at, [explainer.explain_triplet(A, B, C) for explainer in explainers], of=1)
    assert address(at)["mode"] == "triplet"
    typed(at, A, B, "")
    assert len(tables(at)) == 1 and "Negative is empty" in sentences(at)[0]


@pytest.mark.parametrize(
    ("positive", "negative", "said"),
    [(A, C, "positive nearer by"), (C, A, "negative nearer by"), (B, B, "both equally near")],
)
def test_a_triplet_has_one_verdict_a_row(home, positive, negative, said):
    at = typed(opened(open_match(), "triplet"), A, positive, negative)
    assert [row.decision.startswith(said) for row in rows(at, 1)] == [True, True]
    count = 2 if said.startswith("positive") else 0
    assert f">{count} of 2 find the positive nearer" in tables(at)[1]


def test_a_triplets_anchor_says_beside_which_sentence_its_values_are(home):
    at = opened(open_match(), "triplet")
    assert tables(at)[1].count("beside the positive") == 1
    assert "beside the positive" not in table(at)


def test_a_sentence_that_matchers_cannot_read_is_named(home):
    at = typed(open_match(), A, "☀☁☂")
    assert [warning.value for warning in at.warning] == [
        "**Sentence B**: None of its tokens is in the vocabulary. Any other text of 3 unknown "
        "tokens gets the same answer."
    ]
    assert not typed(at, A, "☀" + A).warning
    typed(at, "How are you?", "Fine, and you?")
    assert len(at.warning) and all(
        warning.value.startswith("**Sentence A, Sentence B**: ") for warning in at.warning[:1]
    )
    assert "Latin" in at.warning[0].value
    opened(typed(at, A, B), "triplet")
    assert "Negative" in typed(at, A, B, "Fine, and you?").warning[0].value


def test_the_padding_check(home):
    at = opened(typed(open_match(), A, B), "padding")
    names = "Siamese · Attention, Interactive · Additive attention · dense"
    assert f"- **{names}**: passed on 5 of 5 padded lengths." in [m.value for m in at.markdown]


def test_swapping_an_example_keeps_it_one(home):
    at = open_match()
    before = boxes(at)
    at.button(key="swap").click().run()
    assert boxes(at) == before[::-1]
    assert address(at)["swapped"] == "1"
    assert boxes(open_page(MATCH_PAGE, **address(at))) == before[::-1]
    at.button(key="swap").click().run()
    assert boxes(at) == before


def test_swapping_own_sentences_leaves_the_third(home):
    at = typed(opened(open_match(), "triplet"), A, B, C)
    at.button(key="swap").click().run()
    assert boxes(at) == [B, A, C]


def test_the_address_names_matchers_only_where_some_were_left_out(home):
    at = open_match().run()
    assert not {"matchers", "matrix"} & set(address(at))
    every = at.multiselect(key="_matchers").value
    at.multiselect(key="_matchers").set_value(every[1:]).run()
    assert address(at)["matchers"] == "interactive-additive-dense"
    assert open_page(MATCH_PAGE, **address(at)).multiselect(key="_matchers").value == every[1:]
    at.multiselect(key="_matchers").set_value(every).run()
    at.switch_page("dashboard.py").run()
    assert address(at).keys() == {"dataset", "heads", "show", "scale", "pairs"}


def test_the_address_restores_the_view_and_has_no_text_of_ones_own(home):
    at = opened(typed(open_match(), A, B), "matrix")
    at.toggle(key="_common").set_value(True).run()
    at.selectbox(key="_matrix_of").set_value("interactive-additive-dense").run()
    at.segmented_control(key="_match_quantity").set_value("weight").run()
    assert A not in str(address(at)) and "pair" not in address(at)
    link = parse_qs(shared(at).code[0].value.partition("?")[2])
    other = open_page(MATCH_PAGE, **{name: values[0] for name, values in link.items()})
    assert boxes(other) == [A, B]
    assert highlights(other) == highlights(at)
    assert charts(other).keys() == charts(at).keys() == {"matrix_0"}
    assert other.session_state["common"] is True
    assert other.session_state["matrix_of"] == "interactive-additive-dense"
    at.toggle(key="link_text").set_value(False).run()
    link = parse_qs(at.code[0].value.partition("?")[2])
    assert not {"text_a", "text_b", "text_c"} & set(link) and A not in str(link)


def test_an_address_of_a_triplet_opens_it(home):
    texts = {"sentence_a": A, "sentence_b": B, "sentence_c": C}
    assert boxes(open_match(mode="triplet", **texts)) == [A, B, C]
    assert boxes(open_match(mode="pair", **texts)) == [A, B]


@pytest.mark.parametrize("parameter", ["pairs", "matchers", "mode", "pair_show", "matrix", "pair"])
@pytest.mark.parametrize("value", ["nonsense", "", "-1", ",,", "<b>"])
def test_a_value_that_is_not_understood_is_as_if_it_were_not_there(home, parameter, value):
    at = open_match(**{parameter: value})
    if (parameter == "pairs" and value) or (parameter == "matchers" and value.strip(",")):
        [error] = at.error  # no other matcher answers
        assert "on this machine" in error.value and not rows(at)
        return
    assert table(at) and not at.error


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_texts_give_a_view_or_a_sentence(home, text):
    at = typed(open_match(common="1", mode="matrix"), text, B)
    at.button(key="swap").click().run()
    assert not at.exception and not at.error
    if not has_visible(text):
        assert len(sentences(at)) == 1 and "Sentence B" in sentences(at)[0]
        return
    assert len(rows(at)) == 2


def test_equal_sentences_and_a_missing_one_are_said(home):
    at = typed(open_match(), A, A)
    assert "These sentences are the same." in table(at)
    typed(at, A, "")
    assert not table(at) and "Sentence B" in sentences(at)[0]


def test_ten_thousand_characters_against_three(home):
    at = typed(open_match(mode="matrix"), A * 1429, "去哪里")
    assert not sentences(at)
    assert "Sentence A: the rows show the first 400 of 10,003 tokens" in table(at)
    assert "Sentence B: the rows" not in table(at)
    assert "matrix_0" in charts(at) and "Lines between tokens" in captions(at)
    typed(at, A * 1429, B * 1000)
    assert not charts(at) and any("too long" in s for s in sentences(at))
    assert "too long" in why(at)


def test_a_row_shows_whether_its_label_was_met(home, explainers):
    data = home.parent.parent.parent / "data" / TASK
    data.mkdir()
    invented_pairs.write_rows(data)
    known = load(TASK).rows
    row = known[known["split"] == "test"].iloc[0]
    at = open_match(pair_row=f"{TASK}:{row['key'][:KEY_DIGITS]}")
    assert boxes(at) == [row["text_a"], row["text_b"]]
    right = [
        e.explain(row["text_a"], row["text_b"]).matches == bool(row["label"]) for e in explainers
    ]
    assert ["✓" in each.decision for each in rows(at)] == right
    assert ["✗" in each.decision for each in rows(at)] == [not each for each in right]
    at.button(key="swap").click().run()
    assert boxes(at) == [row["text_b"], row["text_a"]]
    assert all(set("✓✗") & set(each.decision) for each in rows(at))


def test_a_saved_explanation_opens_again(explainers):
    at = open_match()
    saved = to_json([explainers[0].explain_triplet(A, B, C)])
    shared(at).file_uploader[0].set_value(("e.json", saved, "application/json")).run()
    assert boxes(at) == [A, B, C]


def test_a_file_that_is_no_explanation_gives_a_sentence(home):
    at = open_match()
    shared(at).file_uploader[0].set_value(("e.json", b'[{"pair_schema_version": 9}]', "a/b")).run()
    assert len(at.error) == 1 and not at.exception


def ranking_of(at: AppTest) -> list[str]:
    """Press the button, wait for the job, and read the table."""
    at.button(key="rank").click().run()
    for _attempt in range(100):
        if len(at.dataframe):
            break
        time.sleep(0.05)
        at.run()
    return list(at.dataframe[0].value["Sentence"])


def open_list() -> AppTest:
    return typed(open_match(mode="nearest"), A, B)


def test_the_nearest_of_the_pasted_lines(explainers):
    at = open_list()
    found = ranked(explainers[0], A, question_list())
    assert ranking_of(at) == [sentence for sentence, _score, _share in found.best(50)]
    marks = [share >= found.checkpoint.card["threshold"] for _s, _score, share in found.best(50)]
    assert list(at.dataframe[0].value["Match"] == "✓") == marks
    at.selectbox(key="nearest_matcher").set_value("interactive-additive-dense").run()
    wanted = ranked(explainers[1], A, question_list()).best(50)
    assert ranking_of(at) == [sentence for sentence, _score, _share in wanted]
    assert not at.exception


def test_a_pasted_list_is_there_when_the_page_is_opened_again(explainers):
    at = open_list()
    at.text_area(key=f"nearest_lines_{TASK}").set_value("去机场多少钱").run()
    at.switch_page("dashboard.py").run()
    at.switch_page(MATCH_PAGE).run()
    assert ranking_of(typed(at, A, B)) == ["去机场多少钱"]


def test_the_nearest_of_a_column_of_a_file(home):
    at = open_list()
    file = "id,q\n1,去机场多少钱\n2,=1+1\n3,\n".encode()
    at.file_uploader(key="nearest_file").upload("list.csv", file, "text/csv").run()
    at.selectbox(key="nearest_column").set_value("q").run()
    assert sorted(ranking_of(at)) == ["=1+1", "去机场多少钱"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("去机场多少钱\n怎么退款\n", None),
        ("id;问题\n1;去机场多少钱\n2;怎么退款\n".encode("gbk"), "GB18030"),
        ("id\tquestion\r\n1\t去机场多少钱\r\n2\t怎么退款\r\n".encode("utf-16"), "UTF-16"),
        (
            'id,question\n1,"去机场多少钱\n2,怎么退款\n',
            "1 quotation mark is never closed, in line 2",
        ),
    ],
)
def test_lists_as_people_have_them(home, content, said):
    at = open_list()
    content = content if isinstance(content, bytes) else content.encode()
    at.file_uploader(key="nearest_file").upload("list.csv", content, "text/csv").run()
    assert sorted(ranking_of(at)) == ["去机场多少钱", "怎么退款"]
    shown = [at.expander[0].label, *(warning.value for warning in at.warning)]
    assert said is None or any(said in each.replace("\\", "") for each in shown)


def test_a_broken_list_gives_a_sentence(home):
    at = open_match(mode="nearest")
    at.file_uploader(key="nearest_file").upload("list.csv", bytes(99), "text/csv").run()
    assert len(at.error) == 1 and "list.csv" in sentences(at)[0]
    assert at.button(key="rank").disabled


def test_matchers_that_are_no_better_than_counting_are_named_first(home):
    assert not any("counting characters" in warning.value for warning in _opened_with(home, 0.2))
    warnings = [warning.value for warning in _opened_with(home, 0.9)]
    assert "counting characters" in warnings[0] and "90.0%" in warnings[0]


def _opened_with(home, baseline: float):
    """Warnings of the page where counted characters have this accuracy on every card."""
    accuracy = {"value": baseline, "low": baseline - 0.01, "high": baseline + 0.01}
    for file in home.glob(f"*/{CARD}"):
        card = json.loads(file.read_text(encoding="utf-8"))
        card["baselines"] = {BASELINE: {"test": card["test"] | {"accuracy": accuracy}}}
        card["test"]["accuracy"] = {"value": 0.6, "low": 0.55, "high": 0.65}
        file.write_text(json.dumps(card), encoding="utf-8")
    return open_match().main.warning


def test_choices_of_matchers_and_of_classifiers_do_not_meet(home):
    at = open_page(dataset="thucnews_title", heads="max")
    at.switch_page(MATCH_PAGE).run()
    at.selectbox(key="_match_dataset").set_value(TASK).run()
    assert not at.exception and table(at)
    at.switch_page("dashboard.py").run()
    assert at.session_state["dataset"] == "thucnews_title"
    assert at.multiselect(key="_heads").value == ["max"]
    assert "text" not in address(at)


def test_without_a_chosen_matcher_there_is_a_sentence(home):
    at = open_match().multiselect(key="_matchers").set_value([]).run()
    assert len(sentences(at)) == 1 and not table(at)


def test_the_page_speaks_chinese(home):
    english, chinese = open_match(), open_match(lang="zh_CN")
    assert chinese.header[0].value != english.header[0].value
    assert not chinese.exception


def test_texts_are_matched_with_the_names_of_classes(nobodys_machine, trained_matcher):
    checkpoint = trained_matcher("label", "attention")
    folder = nobodys_machine / "checkpoints" / checkpoint.task / checkpoint.name
    shutil.copytree(checkpoint.folder, folder)
    at = open_page(MATCH_PAGE, pairs=checkpoint.task, mode="nearest")
    typed(at, A, checkpoint.classes[0])
    assert_shows(at, [PairExplainer(checkpoint).explain(A, checkpoint.classes[0])])
    assert sorted(ranking_of(at)) == sorted(checkpoint.classes)


@pytest.mark.parametrize(
    ("part", "counts"),
    [
        (None, {"highlight": 4, "matrix": 2, "pairs": 2}),
        ("triplet", {"highlight": 6, "matrix": 4, "pairs": 4}),
    ],
)
def test_figures_to_take_away_follow_the_view(home, part, counts):
    at = shared(opened(open_match(), part))
    for figure, count in counts.items():
        at.selectbox(key="export_figure").set_value(figure).run()
        of = at.selectbox(key="export_head")
        assert len(of.options) == count
        of.select_index(count - 1).run()
        assert not at.exception


def test_somebodys_own_matchers_begin_with_their_own_test_pairs(nobodys_machine, trained_matcher):
    checkpoint = trained_matcher(*MATCHERS[0])
    shutil.copytree(checkpoint.folder, nobodys_machine / "checkpoints" / "mine" / checkpoint.name)
    label, first, second = own_rows.read(checkpoint).rows[0]
    at = open_page(MATCH_PAGE, pairs="mine")
    assert [at.text_area(key=f"_sentence_{side}").value for side in "ab"] == [first, second]
    assert any(f"known label: {class_label(label)}" in each.value for each in at.caption)


def test_pairs_of_ones_own_that_begin_alike_are_told_apart(nobodys_machine, trained_matcher):
    checkpoint = trained_matcher(*MATCHERS[0])
    folder = nobodys_machine / "checkpoints" / "mine" / checkpoint.name
    shutil.copytree(checkpoint.folder, folder)
    kept = json.loads((folder / own_rows.NAME).read_text(encoding="utf-8"))
    kept["rows"] = [kept["rows"][0]] * 3
    (folder / own_rows.NAME).write_text(json.dumps(kept), encoding="utf-8")
    at = open_page(MATCH_PAGE, pairs="mine")
    assert not at.exception and rows(at)
