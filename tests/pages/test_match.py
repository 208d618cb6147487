"""The Match page without a browser: pairs, triplets, pairs of tokens, nearest questions."""

import json
import shutil
import time
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from poolviz.checkpoints.checkpoint import CARD, read
from poolviz.datasets import CATALOGUE, load
from poolviz.datasets.examples import pair_examples, question_list, triplet_examples
from poolviz.engine.pairs import PairExplainer
from poolviz.engine.ranking import ranked
from poolviz.evaluation.pair_verdict import BASELINE
from poolviz.export.files import to_json
from poolviz.figures.texts.highlight import highlights_html
from poolviz.text.tokens import has_visible
from poolviz.ui.input.rows import KEY_DIGITS
from poolviz.views.pairs import sentence_panels
from poolviz.views.passages import part_at
from tests import invented_pairs
from tests.pages_helpers import (
    HOSTILE_TEXTS,
    MATCH_PAGE,
    address,
    charts,
    highlights,
    open_page,
    read_highlight,
    sentences,
    shared,
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


def shown_html(explained, quantity: str = "weight") -> list[str]:
    panels = sentence_panels(explained, quantity)
    parts = [part_at(0, len(panel.tokens)) for panel in panels.values()]
    return [highlights_html(panels, index, parts) for index in range(len(explained))]


def markdown(at: AppTest) -> str:
    return "\n".join(element.value for element in at.markdown)


def captions(at: AppTest) -> str:
    return "\n".join(element.value for element in at.caption)


@pytest.mark.parametrize("quantity", ["weight", "contribution"])
def test_the_cards_have_the_explainers_numbers(explainers, quantity):
    at = typed(open_match(pair_show=quantity), A, B)
    explained = [explainer.explain(A, B) for explainer in explainers]
    assert highlights(at)[:2] == shown_html(explained, quantity)
    for explainer, pair in zip(explainers, explained, strict=True):
        assert f"{pair.probability:.1%}, threshold {pair.threshold:.1%}" in markdown(at)
        assert f"{pair.score:.3f}" in markdown(at)
        accuracy = explainer.checkpoint.card["test"]["accuracy"]
        assert f"{accuracy['value']:.1%} ({accuracy['low']:.1%}" in captions(at)


def test_the_first_view_is_an_example(explainers):
    at = open_match()
    assert tuple(boxes(at)) == pair_examples(TASK)[0]
    assert highlights(at)[:2] == shown_html([e.explain(*boxes(at)) for e in explainers])
    at.selectbox(key="_pair").select_index(2).run()
    assert tuple(boxes(at)) == pair_examples(TASK)[2]
    assert address(at)["pair"] == "3"


def test_only_a_dense_readout_has_another_score_in_the_other_order(explainers):
    at = typed(open_match(), A, B)
    dense = explainers[1]
    assert captions(at).count("In the other order") == 1
    assert f"(B, A): {dense.explain(B, A).score:.3f}" in captions(at)
    at.multiselect(key="_matchers").set_value(["siamese-attention"]).run()
    assert "In the other order" not in captions(at)


def test_a_triplet_shows_gap_and_margin(explainers):
    at = open_match()
    at.segmented_control(key="_match_mode").set_value("triplet").run()
    assert tuple(boxes(at)) == triplet_examples(TASK)[0]
    typed(at, A, B, C)
    triplets = [explainer.explain_triplet(A, B, C) for explainer in explainers]
    assert highlights(at)[:2] == shown_html(triplets)
    for triplet in triplets:
        assert f"Gap {triplet.gap:.3f}" in markdown(at)
    assert markdown(at).count(f"margin of {triplets[0].margin:.2f}") == 1
    assert {"matrix_0", "matrix_1", "pairs_0", "pairs_1"} <= charts(at).keys()


@pytest.mark.parametrize(
    ("positive", "negative", "said"),
    [(A, C, "The positive is nearer"), (C, A, "The negative is nearer"), (B, B, "equally near")],
)
def test_a_triplets_card_begins_with_what_is_nearer(home, positive, negative, said):
    at = open_match()
    at.segmented_control(key="_match_mode").set_value("triplet").run()
    typed(at, A, positive, negative)
    assert markdown(at).count(said) == 2


def test_a_triplets_anchor_says_beside_which_sentence_its_values_are(home):
    at = open_match()
    assert "beside the positive" not in captions(at)
    at.segmented_control(key="_match_mode").set_value("triplet").run()
    assert captions(at).count("beside the positive") == 1  # interactive: weights depend, too
    at.segmented_control(key="_match_quantity").set_value("contribution").run()
    assert captions(at).count("beside the positive") == 2


def test_a_sentence_of_unknown_tokens_is_named(home):
    at = typed(open_match(), A, "ↀↁↂ")
    assert [warning.value for warning in at.warning] == [
        "Sentence B: none of its tokens is in the vocabulary. Any other sentence of 3 unknown "
        "tokens has the same score."
    ]
    assert not typed(at, A, "ↀ" + A).warning


def test_the_padding_check(home):
    at = typed(open_match(), A, B)
    at.toggle(key="check_padding").set_value(True).run()
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


def test_swapping_own_sentences(home):
    at = typed(open_match(), A, B)
    at.button(key="swap").click().run()
    assert boxes(at) == [B, A]
    at.segmented_control(key="_match_mode").set_value("triplet").run()
    typed(at, A, B, C).button(key="swap").click().run()
    assert boxes(at) == [A, C, B]


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
    at = typed(open_match(), A, B)
    at.toggle(key="_common").set_value(True).run()
    at.selectbox(key="_matrix_of").set_value("interactive-additive-dense").run()
    assert A not in str(address(at)) and "pair" not in address(at)
    link = parse_qs(shared(at).code[0].value.partition("?")[2])
    other = open_page(MATCH_PAGE, **{name: values[0] for name, values in link.items()})
    assert boxes(other) == [A, B]
    assert highlights(other) == highlights(at)
    assert other.session_state["common"] is True
    assert other.session_state["matrix_of"] == "interactive-additive-dense"
    at.toggle(key="link_text").set_value(False).run()
    link = parse_qs(at.code[0].value.partition("?")[2])
    assert not {"text_a", "text_b", "text_c"} & set(link) and A not in str(link)


@pytest.mark.parametrize("parameter", ["pairs", "matchers", "mode", "pair_show", "matrix", "pair"])
@pytest.mark.parametrize("value", ["nonsense", "", "-1", ",,", "<b>"])
def test_a_value_that_is_not_understood_is_as_if_it_were_not_there(home, parameter, value):
    at = open_match(**{parameter: value})
    assert highlights(at) and not at.error


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_texts_give_a_view_or_a_sentence(home, text):
    at = typed(open_match(common="1"), text, B)
    at.button(key="swap").click().run()
    assert not at.exception and not at.error
    if not has_visible(text):
        assert len(sentences(at)) == 1 and "Sentence B" in sentences(at)[0]
        return
    for source in highlights(at):
        read_highlight(source)


def test_equal_sentences_and_a_missing_one_are_said(home):
    at = typed(open_match(), A, A)
    assert any("same" in sentence for sentence in sentences(at)) and highlights(at)
    typed(at, A, "")
    assert not highlights(at) and "Sentence B" in sentences(at)[0]


def test_ten_thousand_characters_against_three(home):
    at = typed(open_match(), A * 1429, "去哪里")
    assert highlights(at) and not sentences(at)
    assert "Sentence A: the cards show the first 400 of 10,003 tokens" in captions(at)
    assert "Sentence B: the cards" not in captions(at)
    assert "matrix_0" in charts(at) and "pairs_0" not in charts(at)
    typed(at, A * 1429, B * 1000)
    assert "matrix_0" not in charts(at) and any("too long" in s for s in sentences(at))


def test_a_row_shows_whether_its_label_was_met(home, explainers):
    data = home.parent.parent.parent / "data" / TASK
    data.mkdir()
    invented_pairs.write_rows(data)
    rows = load(TASK).rows
    row = rows[rows["split"] == "test"].iloc[0]
    at = open_match(pair_row=f"{TASK}:{row['key'][:KEY_DIGITS]}")
    assert boxes(at) == [row["text_a"], row["text_b"]]
    right = [
        e.explain(row["text_a"], row["text_b"]).matches == bool(row["label"]) for e in explainers
    ]
    assert [":green[" in markdown(at), ":red[" in markdown(at)] == [any(right), not all(right)]
    at.button(key="swap").click().run()
    assert boxes(at) == [row["text_b"], row["text_a"]]
    assert ":green[" in markdown(at) or ":red[" in markdown(at)


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


def test_the_nearest_of_the_pasted_lines(explainers):
    at = typed(open_match(), A, B)
    wanted = ranked(explainers[0], A, question_list()).best(50)
    assert ranking_of(at) == [sentence for sentence, _score, _share in wanted]
    at.selectbox(key="nearest_matcher").set_value("interactive-additive-dense").run()
    wanted = ranked(explainers[1], A, question_list()).best(50)
    assert ranking_of(at) == [sentence for sentence, _score, _share in wanted]
    assert not at.exception


def test_a_pasted_list_is_there_when_the_page_is_opened_again(explainers):
    at = typed(open_match(), A, B)
    at.text_area(key=f"nearest_lines_{TASK}").set_value("去机场多少钱").run()
    at.switch_page("dashboard.py").run()
    at.switch_page(MATCH_PAGE).run()
    assert ranking_of(typed(at, A, B)) == ["去机场多少钱"]


def test_the_nearest_of_a_column_of_a_file(home):
    at = typed(open_match(), A, B)
    file = "id,q\n1,去机场多少钱\n2,=1+1\n3,\n".encode()
    at.file_uploader(key="nearest_file").set_value(("list.csv", file, "text/csv")).run()
    at.selectbox(key="nearest_column").set_value("q").run()
    assert sorted(ranking_of(at)) == ["=1+1", "去机场多少钱"]


def test_a_broken_list_gives_a_sentence(home):
    at = open_match()
    at.file_uploader(key="nearest_file").set_value(("list.csv", b"q\n", "text/csv")).run()
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
        card["baselines"] = {BASELINE: {"test": {"accuracy": accuracy}}}
        card["test"]["accuracy"] = {"value": 0.6, "low": 0.55, "high": 0.65}
        file.write_text(json.dumps(card), encoding="utf-8")
    return open_match().main.warning


def test_choices_of_matchers_and_of_classifiers_do_not_meet(home):
    at = open_page(dataset="thucnews_title", heads="max")
    at.switch_page(MATCH_PAGE).run()
    at.selectbox(key="_match_dataset").set_value(TASK).run()
    assert not at.exception and highlights(at)
    at.switch_page("dashboard.py").run()
    assert at.session_state["dataset"] == "thucnews_title"
    assert at.multiselect(key="_heads").value == ["max"]
    assert "text" not in address(at)


def test_without_a_chosen_matcher_there_is_a_sentence(home):
    at = open_match().multiselect(key="_matchers").set_value([]).run()
    assert len(sentences(at)) == 1 and not highlights(at)


def test_the_page_speaks_chinese(home):
    english, chinese = open_match(), open_match(lang="zh_CN")
    assert chinese.header[0].value != english.header[0].value
    assert not chinese.exception


def test_texts_are_matched_with_the_names_of_classes(nobodys_machine, trained_matcher):
    checkpoint = trained_matcher("label", "attention")
    folder = nobodys_machine / "checkpoints" / checkpoint.task / checkpoint.name
    shutil.copytree(checkpoint.folder, folder)
    at = typed(open_page(MATCH_PAGE, pairs=checkpoint.task), A, checkpoint.classes[0])
    pair = PairExplainer(checkpoint).explain(A, checkpoint.classes[0])
    assert f"{pair.probability:.1%}" in markdown(at)
    assert sorted(ranking_of(at)) == sorted(checkpoint.classes)


def test_figures_to_take_away_follow_the_chosen_part(home):
    at = shared(open_match())
    for part, count in (("highlight", 4), ("matrix", 2), ("pairs", 2)):
        at.selectbox(key="export_figure").set_value(part).run()
        of = at.selectbox(key="export_head")
        assert len(of.options) == count
        of.select_index(count - 1).run()
        assert not at.exception
