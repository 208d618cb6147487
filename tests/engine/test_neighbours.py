"""Neighbours: every shipped matcher must at least find which of two sentences is the nearer one.

Only the direction is looked at. The sentences were written for this project.
"""

import pytest

from poolviz import places
from poolviz.checkpoints.listing import list_checkpoints
from poolviz.engine.pairs import PairExplainer
from poolviz.model.heads import ASKED_HEADS
from poolviz.model.kinds import MATCHER, kinds_of

MATCHERS = [
    c for c in list_checkpoints([places.SHIPPED_CHECKPOINTS]) if c.kind in kinds_of(MATCHER)
]
OF_PAIRS = [c for c in MATCHERS if c.kind != "label"]
OF_LABELS = [c for c in MATCHERS if c.kind == "label"]

# A sentence, the same in other words, and one about something else.
NEIGHBOURS = (
    ("怎么把手机里的照片传到电脑上", "手机照片如何传到电脑", "红烧肉要炖多长时间"),
    ("感冒了应该吃什么药", "感冒吃什么药好", "哪个城市的房价最高"),
    ("请问去火车站坐几路公交车", "到火车站要坐几路车", "小狗不肯吃饭怎么回事"),
    ("如何学好英语口语", "怎样才能学好英语口语", "信用卡还款日是哪天"),
    ("晚上失眠睡不着怎么办", "晚上睡不着觉该怎么办", "有什么好看的科幻电影"),
)
# A title, the name of its class, and a name of another.
LABELLED = (
    ("主队加时赛险胜 后卫砍下三十分", "体育", "财经"),
    ("年度最佳影片揭晓 导演获终身成就奖", "娱乐", "科技"),
    ("大盘午后跳水 沪指跌破三千点", "股票", "教育"),
    ("高考成绩今日公布 各省分数线陆续出炉", "教育", "游戏"),
    ("新款笔记本电脑评测 处理器性能提升", "科技", "社会"),
)


def test_every_kind_is_shipped():
    heads = {(c.kind, c.head) for c in MATCHERS}
    siamese = {("siamese", head) for head in ("max", "average", "attention", "multi-head")}
    assert siamese | {("interactive", head) for head in ASKED_HEADS} <= heads
    assert {c.kind for c in MATCHERS} == set(kinds_of(MATCHER))
    assert {c.task for c in OF_PAIRS} == {"lcqmc", "bq_corpus", "atec"}
    assert {c.task for c in OF_LABELS} == {"thucnews_title"}
    assert any(c.readout == "cosine" for c in OF_PAIRS)


@pytest.mark.parametrize("checkpoint", OF_PAIRS, ids=lambda c: f"{c.task}-{c.name}")
def test_a_sentence_matches_itself_and_its_like_better_than_another(checkpoint):
    explainer = PairExplainer(checkpoint)
    for sentence, like, other in NEIGHBOURS:
        itself, near, far = (
            explainer.explain(sentence, text).score for text in (sentence, like, other)
        )
        assert itself > far
        assert near > far


@pytest.mark.parametrize("checkpoint", OF_PAIRS, ids=lambda c: f"{c.task}-{c.name}")
def test_a_triplet_of_neighbours_has_a_gap(checkpoint):
    explainer = PairExplainer(checkpoint)
    for triplet in NEIGHBOURS:
        assert explainer.explain_triplet(*triplet).gap > 0


@pytest.mark.parametrize("checkpoint", OF_LABELS, ids=lambda c: c.name)
def test_a_title_matches_the_name_of_its_class_better_than_another(checkpoint):
    explainer = PairExplainer(checkpoint)
    for title, name, other in LABELLED:
        assert explainer.explain(title, name).score > explainer.explain(title, other).score
