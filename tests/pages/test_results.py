"""The Results page without a browser: the answer, the picture, tables on demand."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from poolviz import places
from poolviz.checkpoints import beside
from poolviz.checkpoints.checkpoint import read
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.checkpoints.selection import choose
from poolviz.evaluation import exactness, shifted
from poolviz.evaluation.retraining import chosen, results
from poolviz.evaluation.retraining.apart import Apart
from poolviz.evaluation.retraining.duels import Duel
from poolviz.evaluation.standings import standings
from poolviz.figures.rows.standings import standings_html
from poolviz.model.kinds import CLASSIFIER, MATCHER, kinds_of
from poolviz.trust.rows.believed import believed
from poolviz.trust.rows.results import read_summaries
from poolviz.ui.results.sections import SECTIONS
from poolviz.values.interval import Interval
from tests.pages_helpers import ALL_HEADS, HOTEL, address, highlights, open_page, sentences, shared

PAGE = "pages/results.py"
MOODS, BBC = "simplifyweibo_4_moods", "bbc_news"
NO_HEAD = "No head is shown to be better on these 1,561 test rows."
pytestmark = pytest.mark.usefixtures("nobodys_machine")


@pytest.fixture
def own_root(tmp_path, monkeypatch) -> Path:
    """A copy of the shipped hotel checkpoints as all there is."""
    shutil.copytree(places.SHIPPED_CHECKPOINTS / HOTEL, tmp_path / "shipped" / HOTEL)
    monkeypatch.setattr(places, "SHIPPED_CHECKPOINTS", tmp_path / "shipped")
    return tmp_path / "shipped"


def opened(section: str, **address: str) -> AppTest:
    return open_page(PAGE, results=section, **address)


def words(page: AppTest) -> str:
    return re.sub(r"\\(.)", r"\1", "\n".join(markdown.value for markdown in page.markdown))


def picture(page: AppTest) -> str:
    [found] = [html for html in highlights(page) if 'class="pvs"' in html]
    return found


def duels(page: AppTest) -> list[list[str]]:
    """The signs of each table of heads against heads, the large one first."""
    tables = [html for html in highlights(page) if 'class="pvd' in html]
    return [re.findall(r'<td class="pvd-(\w+)"', html) for html in tables]


def table(page: AppTest, column: str) -> pd.DataFrame:
    """The one table that has this column."""
    [found] = [each.value for each in page.dataframe if column in each.value]
    return found


def shipped(task: str, heads=ALL_HEADS):
    return [read(places.SHIPPED_CHECKPOINTS / task / head) for head in heads]


def test_the_first_screen_has_the_answer_and_the_picture():
    page = open_page(PAGE)
    assert NO_HEAD in words(page)
    checkpoints = shipped(HOTEL)
    trust = {head: believed(each) for head, each in read_summaries(checkpoints).items()}
    notes = shifted.in_words(shifted.shifts(checkpoints), ())
    assert picture(page) == standings_html(standings(checkpoints), trust, notes)
    assert not page.dataframe and not page.get("vega_lite_chart") and not page.code


def test_every_pair_of_heads_and_every_data_set_has_a_sign():
    page = open_page(PAGE, dataset=MOODS)
    large, *small = duels(page)
    assert len(large) == 25 and large.count("own") == 5
    assert large.count("better") == large.count("worse") == 4
    tasks = [button.key.removeprefix("pick_") for button in page.button]
    linear = [c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS]) if c.readout == "linear"]
    assert set(tasks) == {c.task for c in linear} and len(small) == len(tasks)
    assert small[tasks.index(MOODS)] == large


def test_a_click_chooses_a_data_set():
    page = open_page(PAGE)
    page.button(key=f"pick_{BBC}").click().run()
    assert not page.exception
    assert page.selectbox(key="_dataset").value == BBC and address(page)["dataset"] == BBC
    assert "on these 667 test rows" in words(page) and "667 test rows" in picture(page)


def test_the_sidebar_acts_on_all_that_is_shown():
    page = opened("tables", dataset=MOODS, heads="max,average")
    assert "Max is shown to be better than Average." in words(page)
    assert picture(page).count("data-head=") == 2
    assert [len(signs) for signs in duels(page)] == [4] * len(duels(page))
    assert set(table(page, "Macro-F1, %")["Head"]) == {"Max", "Average"}
    assert len(table(page, "Head A")) == 1
    page = opened("tables", readout="mlp")
    assert set(table(page, "Macro-F1, %")["Read-out"]) == {"MLP"}
    assert sum("pvd" in html for html in highlights(page)) == 2  # the large and that of one set


def test_the_correction_is_for_all_pairs_whatever_is_shown():
    every = table(opened("tables"), "Head A")
    assert len(every) == 10
    one = table(opened("tables", heads="average,attention"), "Head A")
    same = every[(every["Head A"] == "Average") & (every["Head B"] == "Attention")]
    assert one.to_dict("records") == same.to_dict("records")
    assert set(every["These two trained models"]) == {"differ", "no difference shown"}


def test_one_table_has_every_data_set_and_head():
    found = table(opened("tables"), "Macro-F1, %")
    linear = [c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS]) if c.readout == "linear"]
    assert len(found) == len(linear)
    for checkpoint in linear:
        accuracy = checkpoint.card["test"]["accuracy"]["value"]
        lines = found[found["Parameters"] == checkpoint.card["parameters"]]
        assert lines["Accuracy, %"].str.startswith(f"{100 * accuracy:.1f} (").any()
    assert (found["Explain, ms"] > 0).all()
    assert HOTEL not in str(found) and "Hotel reviews" in set(found["Data set"])


@pytest.mark.parametrize("section", SECTIONS)
def test_a_part_is_built_when_it_is_opened_and_the_link_says_so(section):
    page = opened(section)
    assert not page.exception and address(page)["results"] == section
    assert page.dataframe or section == "cards"
    assert len(page.get("download_button")) >= len(page.dataframe)
    page.segmented_control(key="_results_section").set_value(None).run()
    assert not page.dataframe and not page.get("download_button")


def test_settings_chosen_anew_stand_beside_the_shipped_ones():
    found = table(opened("tables"), "Setting chosen anew")
    wanted = chosen.read(shipped(HOTEL))
    assert list(wanted) == list(ALL_HEADS)
    assert list(found["Setting chosen anew"]) == [each.setting for each in wanted.values()]
    written = [each.accuracy.as_percent() for each in wanted.values()]
    assert list(found["Accuracy with it, %"]) == written
    others = [each.value for each in opened("tables", dataset=MOODS).dataframe]
    assert others and not [each for each in others if "Setting chosen anew" in each]


def test_headings_say_what_they_mean():
    page = opened("tables")
    for each in page.dataframe:
        configured = json.loads(each.proto.columns)
        helped = [name for name, column in configured.items() if column.get("help")]
        wanted = {"Accuracy, %", "Explain, ms", "p (Holm)"} & set(each.value)
        assert wanted and wanted <= set(helped)


def test_means_without_an_interval_show_nothing_of_a_head():
    page = opened("retraining", dataset="weibo_senti_100k")
    said = words(page)
    assert "Weights of two heads are 0.082 apart, those of two trainings of one head 0.056." in said
    assert "means without an interval" in said
    assert any("--seeds 3 --output" in code.value for code in page.code)


def test_each_head_is_held_against_its_own_retraining(own_root):
    folder, heads = own_root / HOTEL, {}
    for head, (others, own, p) in {
        "max": (0.2, 0.19, 0.4),
        "attention": (0.15, 0.05, 0.01),
    }.items():
        found = Apart(*(Interval(v, v - 0.01, v + 0.01) for v in (others, own, others - own)), p)
        setting = results._setting(read(folder / head))
        heads[head] = {"setting": setting} | found.to_json()
    setting = {"setting": heads["max"]["setting"], "seeds": [10, 11, 12], "seconds": [60, 60, 60]}
    accuracy = {head: setting | {"setting": each["setting"]} for head, each in heads.items()}
    duel = Duel("max", "attention", Interval(0.012, 0.004, 0.02), 0.004)
    content = {"rows": 321, "trainings": 3, "heads": heads, "accuracy": accuracy}
    content["duels"] = [duel.to_json()]
    beside.save_json(folder / results.FILE, results.VERSION, content)
    page = opened("retraining")
    said = words(page)
    assert "Another head changes the weights more than another training: Attention." in said
    assert "Not shown of Max." in said
    [drawn] = [html for html in highlights(page) if 'class="pvf"' in html]
    assert re.findall('data-head="(.*?)"', drawn) == ["max", "attention"]
    assert "no difference shown (0.200 against 0.190, p = 0.400)" in drawn
    assert "further from the other heads (0.150 against 0.050, p = 0.010)" in drawn
    found = table(page, "Between its trainings")
    assert list(found["Shown"]) == ["–", "further from other heads"]
    [fought] = table(page, "A − B, points").to_dict("records")
    assert (fought["Head A"], fought["Head B"], fought["Shown to be better"]) == (
        *("Max", "Attention", "Max"),
    )
    assert fought["A − B, points"] == "+1.2 (+0.4 – +2.0)"
    assert "Over these trainings one head is shown to be better in 1 of 1 pairs." in said
    assert "Borne out" not in said  # the first screen shows no head to be better
    told = " ".join(caption.value for caption in page.caption)
    assert "with the seeds 10, 11, 12. None of them is one that the first screen speaks of." in told
    assert "Together they took 6 minutes." in told


def test_the_intervals_are_said_to_speak_of_rows_like_these():
    page = open_page(PAGE)
    said = picture(page)
    assert "The intervals speak of rows like these only." in said
    [largest, *_others] = shifted.shifts(shipped(HOTEL))
    shares = sorted(figure.value for figure in largest.accuracy.values())
    assert f"{largest.rows:,} rows" in said
    assert f"accuracy is {shares[0]:.1%} – {shares[-1]:.1%}." in said


def test_rows_of_another_sample_have_a_table_and_the_command():
    page = opened("elsewhere")
    tables = [each.value for each in page.dataframe if "Accuracy there, %" in each.value]
    shifts = shifted.shifts(shipped(HOTEL))
    assert len(tables) == len(shifts) > 0
    for found, shift in zip(tables, shifts, strict=True):
        assert list(found["Head"]) == [each.head_title for each in shipped(HOTEL)]
        written = [figure.as_percent() for figure in shift.accuracy.values()]
        assert list(found["Accuracy there, %"]) == written
        assert any(f"--on {shift.sample} --write" in code.value for code in page.code)
    none = opened("elsewhere", dataset=MOODS)
    assert any("--on KEY --write" in code.value for code in none.code) and not none.dataframe


def test_long_rows_are_told_apart():
    page = opened("long")
    assert len(table(page, "Long rows")) == 5
    assert "33 of 1,561 test rows have more than 512 tokens" in words(page)
    assert not opened("long", dataset=MOODS).dataframe


def test_a_head_against_another_is_in_the_link():
    page = opened("classes")
    assert page.selectbox(key="_classes_of").value == "max"
    assert "classes_of" not in address(page)
    [matrix] = [html for html in highlights(page) if 'class="pvk"' in html]
    assert "Lines: known label. Columns: Max predicts." in matrix and "负面 negative" in matrix
    assert table(page, "Precision")["Class"].tolist() == ["负面 negative", "正面 positive"]
    page.selectbox(key="_classes_of").select("average").run()
    page.selectbox(key="_classes_against").select("attention").run()
    assert (
        address(page).items() >= {"classes_of": "average", "classes_against": "attention"}.items()
    )
    again = open_page(PAGE, **address(page))
    [matrix] = [html for html in highlights(again) if 'class="pvk"' in html]
    assert "Lines: Attention predicts. Columns: Average predicts." in matrix
    counts = [int(n.replace(",", "")) for n in re.findall(r"→ .*?: ([\d,]+) rows", matrix)]
    assert sum(counts) == 1561 and counts[1] + counts[2] < 100


def test_a_card_has_the_command_that_trains_it_again():
    page = opened("cards", card="attention")
    assert page.selectbox(key="_card_of").value == "attention"
    assert "train --dataset" in page.code[0].value and "--head attention" in page.code[0].value
    assert json.loads(page.json[0].value)["head"] == "attention"


def test_every_matcher_stands_beside_counted_characters():
    page = opened("matchers")
    found = table(page, "Matcher")
    matchers = [
        c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS]) if c.kind in kinds_of(MATCHER)
    ]
    of_pairs = found[found["Data set"] == "LCQMC question pairs"]
    counted = {c.task for c in matchers if "baselines" in c.card}
    assert len(found) == len(matchers) + 2 * len(counted)
    assert {"cosine of character counts", "regression on character n-grams"} < set(found["Matcher"])
    card = next(c.card for c in matchers if c.name == "siamese-attention")
    line = of_pairs[of_pairs["Matcher"] == "Siamese · Attention"].iloc[0]
    assert line["ROC-AUC"].startswith(f"{card['test']['roc_auc']['value']:.3f} (")
    assert line["Unseen, %"].startswith(f"{100 * card['test_unseen']['accuracy']['value']:.1f} (")
    assert "8 of 8 matchers beat the cosine of character counts" in words(page)


def test_matchers_that_are_worth_nothing_are_said_to_be(monkeypatch):
    monkeypatch.setattr("poolviz.evaluation.pair_verdict.beats_baseline", lambda card: False)
    assert "No matcher beats the cosine" in words(opened("matchers"))


def test_what_exactness_costs_is_said_in_words(own_root):
    pairs = {}
    for head, gain in (("max", 0.02), ("attention", 0.024)):
        linear = read(own_root / HOTEL / head)
        sides = {}
        for readout, plus in (("linear", 0.0), ("mlp", gain)):
            accuracy = [0.88 + plus, 0.881 + plus, 0.879 + plus]
            sides[readout] = {
                "seeds": {"accuracy": accuracy},
                "command": f"train {head} --readout {readout}",
                "onnx_sha256": linear.onnx_hash if readout == "linear" else "another",
            }
        pairs[head] = sides
    (own_root / HOTEL / exactness.FILE).unlink()
    exactness.update(own_root / HOTEL, pairs)
    page = opened("readouts")
    found = table(page, "MLP, %")
    assert list(found["Head"]) == ["Max", "Attention", "Mean of the heads"]
    assert found["MLP, %"].round(1).tolist() == [90.0, 90.4, 90.2]
    assert found["MLP − linear, points"][2].startswith("+2.2 (+2.1")
    told = "Parts that add up exactly cost accuracy: MLP − linear is +2.2 (+2.1 – +2.3) points, p "
    assert f"{told}< 0.001.**" in words(page)
    assert any("train max --readout mlp" in code.value for code in page.code)
    alone = table(opened("readouts", heads="max"), "MLP, %")
    assert list(alone["Head"]) == ["Max", "Mean of the heads"]


def test_what_parts_that_add_up_cost_is_corrected_over_data_sets():
    shipped = list_checkpoints([places.SHIPPED_CHECKPOINTS])
    kinds = kinds_of(CLASSIFIER)
    tasks = {c.task for c in shipped if c.kind in kinds}
    read = {task: exactness.read(choose(shipped, task, kinds)) for task in tasks}
    adjusted = exactness.adjusted({task: pairs for task, pairs in read.items() if pairs})
    told = f"p = {adjusted[HOTEL]:.3f} after Holm's correction over {len(adjusted)} data sets"
    assert told in words(opened("readouts"))
    assert adjusted[HOTEL] > exactness.mean_cost(read[HOTEL]).p


def test_what_was_not_measured_is_named_with_the_command(own_root):
    for file in (own_root / HOTEL).glob("*/measured.json"):
        file.unlink()
    page = opened("retraining")
    assert any("Max" in sentence for sentence in sentences(page))
    assert any("evaluate --dataset" in code.value for code in page.code)
    assert "apart" not in words(page)


def test_heads_trained_once_prove_nothing(own_root):
    for file in (own_root / HOTEL).glob("*/card.json"):
        card = json.loads(file.read_text(encoding="utf-8"))
        del card["seeds"]
        file.write_text(json.dumps(card), encoding="utf-8")
    page = opened("tables")
    assert len(table(page, "Head A")) == 10
    assert "Each head was trained once" in words(page) and NO_HEAD not in words(page)
    assert "pvs-seed" not in picture(page).split("</style>")[1]


def test_one_head_alone():
    page = opened("tables", heads="attention")
    assert not page.exception
    assert "Attention is right on 88.3% (86.6% – 89.8%) of 1,561 test rows." in words(page)
    heads = [list(each.value["Head"]) for each in page.dataframe]
    assert heads == [["Attention"] * 6, ["Attention"]]  # of all data sets, and chosen anew


def test_the_view_has_a_link_and_files():
    page = shared(opened("classes", classes_against="average"))
    assert any("results=classes" in code.value for code in page.code)
    assert any("classes_against=average" in code.value for code in page.code)
    assert not page.get("file_uploader")
    offered = {button.proto.label for button in page.get("download_button")}
    assert {"Download figure", "Results (CSV)", "Differences (CSV)"} <= offered


def test_it_is_said_in_chinese():
    page = open_page(PAGE, lang="zh_CN")
    assert "没有池化头显示出更优" in words(page) and "No head" not in words(page)
