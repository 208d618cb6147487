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
    "online_shopping_10_cats": (
        "洗完头发很顺滑，味道也好闻，就是瓶子有点小。",
        "苹果个头大，水分足，可惜有两个磕坏了。",
        "屏幕清晰，电池却不耐用，玩一会儿游戏就发烫。",
        "故事讲得平淡，不过结尾让人想了很久，值得再读一遍。",
    ),
    "weibo_senti_100k": (
        "今天终于拿到驾照了，开心得想绕着城市跑一圈！",
        "加班到半夜，末班车刚好开走，真想哭。",
        "新手机用了三天就死机，客服还一直让我等。",
    ),
    "simplifyweibo_4_moods": (
        "谢谢大家的祝福，这是我过得最热闹的一个生日！",
        "排了两个小时的队，轮到我居然说卖完了，气死我了。",
        "又是一个人吃晚饭，窗外的雨下个没完。",
    ),
    "bbc_news": (
        "the bank raised interest rates again and said growth would slow next year.",
        "the striker scored twice after the break and the visitors never recovered.",
        "the studio said the film took more at the box office than any comedy this year.",
        "the party leader told voters that taxes would not rise after the election.",
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
