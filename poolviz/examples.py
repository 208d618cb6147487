"""Example texts, written for this project: none of them is a row of a data set."""

from __future__ import annotations

_BY_TASK = {
    "chnsenticorp_htl_all": (
        "房间很干净，床也舒服，前台小姑娘特别热情，下次出差还会住这里。",
        "隔音太差了，半夜走廊一直有人说话，空调也不制冷，不会再来。",
        "位置不错，离地铁站走路五分钟，可是早餐一般，卫生间还有股霉味。",
        "都说服务好，我们等了四十分钟才办好入住，行李也没有人帮忙拿。",
    ),
    "thucnews_title": (
        "国产手机新品发布 电池续航超过两天",
        "主队补时绝杀 小组头名晋级八强",
        "央行下调利率 房贷月供有望减少",
        "高考志愿怎么填 专家支招热门专业",
    ),
}
_BY_UNIT = {
    "character": (
        "这家店的味道真不错，就是送得有点慢。",
        "今天下雨，忘记带伞，心情一下子变差了。",
        "哈哈哈哈，终于买到了想要的那本书！",
    ),
    "word": (
        "the company said profits rose sharply after strong sales of its new phones.",
        "the home side scored twice in the last five minutes and won the cup.",
        "ministers will vote on the new budget next week, a spokesman said.",
    ),
}


def examples(task: str, unit: str) -> tuple[str, ...]:
    """Example texts for a task, or for its unit where the task has none of its own."""
    return _BY_TASK.get(task, _BY_UNIT[unit])
