import re

from poolviz.export.names import file_stem, stem_of
from tests.fakes import fake_explanation

TEXT = "这家酒店的早餐很好，房间也干净。"


def test_file_names_say_data_set_head_and_text_and_are_safe():
    e = fake_explanation(TEXT)
    assert stem_of([e], "highlight") == (f"hotel-reviews_attention_highlight_{e.text_hash}")
    both = [e, fake_explanation(TEXT, "max")]
    assert stem_of(both, "all") == f"hotel-reviews_2-heads_all_{e.text_hash}"
    mlp = fake_explanation(TEXT, readout="mlp")
    assert "attention-mlp" in stem_of([mlp], "highlight")
    odd = type(e)(
        **(vars(e) | {"dataset": "../我的 data\\set:*?" + "x" * 300, "checkpoint": "../a"})
    )
    name = stem_of([odd], "highlight")
    assert re.fullmatch(r"-我的-data-set-x+_attention--a_highlight_[0-9a-f]{12}", name)
    assert len(name.encode()) < 200


def test_several_of_anything_are_counted():
    assert file_stem("lcqmc", ["a", "b", "c"], "all", "0f", "matchers") == "lcqmc_3-matchers_all_0f"
    assert (
        file_stem("lcqmc", ["siamese max"], "all", "0f", "matchers") == "lcqmc_siamese-max_all_0f"
    )
