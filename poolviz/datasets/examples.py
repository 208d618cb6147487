"""Example texts, written for this project: none of them is a row of a data set."""

from __future__ import annotations

# Of each task the first is one on which the shipped heads decide differently: that is the question.
_BY_TASK = {
    "chnsenticorp_htl_all": (
        "都说服务好，我们等了四十分钟才办好入住，行李也没有人帮忙拿。",
        "隔音太差了，半夜走廊一直有人说话，空调也不制冷，不会再来。",
        "位置不错，离地铁站走路五分钟，可是早餐一般，卫生间还有股霉味。",
        "房间很干净，床也舒服，前台小姑娘特别热情，下次出差还会住这里。",
    ),
    "thucnews_title": (
        "央行下调利率 房贷月供有望减少",
        "主队补时绝杀 小组头名晋级八强",
        "国产手机新品发布 电池续航超过两天",
        "高考志愿怎么填 专家支招热门专业",
    ),
    "online_shopping_10_cats": (
        "送来时盒子压扁了，东西倒是没坏，颜色比图片深一点。",
        "苹果个头大，水分足，可惜有两个磕坏了。",
        "屏幕清晰，电池却不耐用，玩一会儿游戏就发烫。",
        "故事讲得平淡，不过结尾让人想了很久，值得再读一遍。",
        "洗完头发很顺滑，味道也好闻，就是瓶子有点小。",
    ),
    "weibo_senti_100k": (
        "今天终于拿到驾照了，开心得想绕着城市跑一圈！",
        "加班到半夜，末班车刚好开走，真想哭。",
        "新手机用了三天就死机，客服还一直让我等。",
    ),
    "simplifyweibo_4_moods": (
        "又是一个人吃晚饭，窗外的雨下个没完。",
        "排了两个小时的队，轮到我居然说卖完了，气死我了。",
        "谢谢大家的祝福，这是我过得最热闹的一个生日！",
    ),
    "bbc_news": (
        "the minister said the film industry would get new tax breaks for games.",
        "the striker scored twice after the break and the visitors never recovered.",
        "the studio said the film took more at the box office than any comedy this year.",
        "the party leader told voters that taxes would not rise after the election.",
        "the bank raised interest rates again and said growth would slow next year.",
    ),
    "bbc_articles": (
        "Ministers want the BBC's new games channel to be free, but Labour says it won't pay.",
        "\"It's the best goal I've ever scored,\" said the captain after Saturday's 3-2 win.",
        "The film's director didn't expect an Oscar; her comedy took $40m in its first week.",
        "Shares in the carmaker fell 12% after it warned that profits would miss its target.",
        "Half of all phones sold in 2005 won't play music, says a report by two US firms.",
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

# Two questions, and a third that shares words with the first and asks something else. Of the first
# two the shipped matchers: disagree; all say match; none says match; disagree over one character;
# all overlook the order; all overlook that the question is the same.
_QUESTIONS = (
    ("怎么取消自动续费", "自动续费怎么关", "自动续费一年多少钱"),
    ("怎么注销账号", "账号如何注销", "怎么注册新账号"),
    ("北京明天会下雨吗", "明天上海的天气怎么样", "北京烤鸭哪家好吃"),
    ("图书馆几点关门", "图书馆几点开门", "图书馆里能吃东西吗"),
    ("从成都到重庆坐高铁要多久", "从重庆到成都坐高铁要多久", "从成都到重庆的高铁票多少钱"),
    ("小孩发烧三十九度怎么办", "孩子高烧到三十九度该怎么处理", "大人发烧可以喝酒吗"),
)
# For encoders, which speak English for the most part.
_OF_ENCODERS = (
    ("How do I close my account?", "Deleting my profile", "How do I open an account?"),
    ("Our room was spotless and quiet.", "Clean rooms, no noise at all.", "The room was dirty."),
    ("Two late goals won the cup.", "The striker scored twice.", "The bank raised rates twice."),
    ("The film was not bad.", "The film was bad.", "A rather good movie."),
    ("怎么注销账号", "账号如何注销", "怎么注册新账号"),
)
# Of data sets whose sentences are about one thing: questions as above, to a payment service and to
# a bank; or a text, the name of its class, and that of another one, or a wrong one first.
_SENTENCES_BY_TASK = {
    "atec": (
        ("这个月的花呗怎么提前还", "花呗能提前把钱还清吗", "花呗的还款日到底是哪天"),
        ("怎么把余额转到银行卡", "余额如何提现到银行卡", "怎么用银行卡给余额充值"),
        ("我的花呗怎么突然用不了", "花呗不能用是怎么回事", "第一次怎么开通花呗"),
    ),
    "bq_corpus": (
        ("我的贷款能提前还吗", "可以提前还清借款吗", "贷款的利息是多少"),
        ("为什么我没有借款资格", "怎么我不能借钱", "借款需要什么资料"),
        ("还款的银行卡怎么换", "如何更换扣款的银行卡", "卡里的钱怎么还没有扣"),
    ),
    "thucnews_title": (
        ("国产手机新品发布 电池续航超过两天", "科技", "教育"),
        ("主队补时绝杀 小组头名晋级八强", "体育", "财经"),
        ("央行下调利率 房贷月供有望减少", "游戏", "房产"),
    ),
}
_QUESTION_LIST = (
    "如何取消自动续费",
    "自动续费怎么关闭",
    "怎么开通自动续费",
    "怎么把旧账号注销掉",
    "邮箱密码忘了怎么办",
    "怎么修改信用卡的还款日",
    "手机照片怎么传到电脑",
    "感冒的时候能吃西瓜吗",
    "孩子发烧怎么退烧",
    "成都到重庆的高铁要多长时间",
    "明天北京的天气怎么样",
    "图书馆周末几点开门",
)


def sentence_examples(task: str) -> tuple[tuple[str, str, str], ...]:
    """Examples for a matcher's task: two sentences, and a third to compare with the first."""
    return _SENTENCES_BY_TASK.get(task, _QUESTIONS)


def encoder_examples() -> tuple[tuple[str, str, str], ...]:
    """Examples for a pretrained encoder: two sentences, and a third to compare with the first."""
    return _OF_ENCODERS


def question_list() -> tuple[str, ...]:
    """Questions among which the nearest can be looked for."""
    return _QUESTION_LIST


def examples(task: str, unit: str) -> tuple[str, ...]:
    """Example texts for a task, or for its unit where the task has none of its own."""
    return _BY_TASK.get(task, _BY_UNIT[unit])
