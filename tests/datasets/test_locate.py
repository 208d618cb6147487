import sys
from pathlib import Path

import platformdirs
import pytest

from poolviz.datasets import locate
from poolviz.datasets.dataset import PublishedFile
from poolviz.errors import DataError
from tests.datasets_helpers import REVIEWS, git_sha1, reviews, sha256, titles, write

OTHER = REVIEWS + "1,还会再来\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("POOLVIZ_DATA", raising=False)
    monkeypatch.setenv("POOLVIZ_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def data(tmp_path, monkeypatch, home):
    monkeypatch.setenv("POOLVIZ_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def found_path(dataset, folder=None):
    return next(iter(locate.find(dataset, folder).found.values()), None)


def test_nothing_is_found_where_nothing_is(data, tmp_path):
    assert found_path(reviews()) is None
    assert found_path(reviews(), tmp_path / "no such folder") is None
    assert not locate.find(reviews()).complete


def test_places_come_in_order(data, home, tmp_path):
    dataset = reviews()
    last = write(home / "datasets" / "small" / "small.csv", REVIEWS)
    assert found_path(dataset) == last
    flat = write(data / "small.csv", REVIEWS)
    assert found_path(dataset) == flat
    own = write(data / "small" / "small.csv", REVIEWS)
    assert found_path(dataset) == own
    explicit = write(tmp_path / "mine" / "small.csv", REVIEWS)
    assert found_path(dataset, tmp_path / "mine") == explicit


def test_an_explicit_folder_is_the_only_place(data, tmp_path):
    write(data / "small" / "small.csv", REVIEWS)
    assert found_path(reviews(), tmp_path / "mine") is None
    below = write(tmp_path / "mine" / "small" / "small.csv", OTHER)
    assert found_path(reviews(), str(tmp_path / "mine")) == below


def test_a_file_of_unknown_content_needs_a_folder_of_its_own(data, home):
    write(home / "datasets" / "small" / "small.csv", OTHER)
    write(data / "small.csv", OTHER)
    assert found_path(reviews()) is None
    own = write(data / "small" / "small.csv", OTHER)
    assert found_path(reviews()) == own


def test_a_changed_file_is_looked_at_again(home):
    path = write(home / "datasets" / "small" / "small.csv", OTHER)
    assert found_path(reviews()) is None
    write(path, REVIEWS)
    assert found_path(reviews()) == path


def test_two_readings_may_share_a_folder(data):
    path = write(data / "shared" / "small.csv", REVIEWS)
    assert found_path(reviews(key="a", folder="shared")) == path
    assert found_path(reviews(key="b", folder="shared")) == path


def test_without_a_home_the_platform_s_cache_is_used(monkeypatch, tmp_path):
    monkeypatch.delenv("POOLVIZ_HOME", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / name)
    path = locate.cache_path(reviews(), reviews().files[0])
    assert path == tmp_path / "poolviz" / "datasets" / "small" / "small.csv"


def test_a_package_carries_files_and_is_not_imported(home, tmp_path, monkeypatch):
    write(tmp_path / "reviewpack" / "__init__.py", "raise RuntimeError('imported')")
    path = write(tmp_path / "reviewpack" / "lists" / "small.csv", OTHER)
    dataset = reviews(package="reviewpack/lists")
    assert found_path(dataset) is None
    monkeypatch.syspath_prepend(tmp_path)
    assert found_path(dataset) == path
    assert "reviewpack" not in sys.modules


@pytest.mark.parametrize(
    ("names", "complete"),
    [
        (("train", "dev", "test"), True),
        (("dev", "test"), True),
        (("train", "test"), True),
        (("train", "dev"), False),
        (("test",), False),
        ((), False),
    ],
)
def test_a_published_split_needs_a_test_and_a_training_file(home, tmp_path, names, complete):
    for name in names:
        write(tmp_path / "titles" / f"{name}.txt", "体育\t赢了\n")
    files = locate.find(titles(), tmp_path / "titles")
    assert files.complete is complete
    assert [file.name for file in files.found] == [f"{name}.txt" for name in names]
    assert len(files.absent) == 3 - len(names)


@pytest.mark.parametrize(
    ("names", "complete"), [(("a", "b"), True), (("a",), True), (("b",), False)]
)
def test_an_optional_file_may_be_absent(home, tmp_path, names, complete):
    dataset = reviews(files=(PublishedFile("a"), PublishedFile("b", optional=True)))
    for name in names:
        write(tmp_path / "mine" / name, REVIEWS)
    assert locate.find(dataset, tmp_path / "mine").complete is complete


def test_the_first_complete_layout_is_taken(home, tmp_path):
    files = (
        PublishedFile("lines.txt", layout="lines"),
        PublishedFile("体育", optional=True, layout="folders"),
        PublishedFile("财经", optional=True, layout="folders"),
    )
    dataset = reviews(files=files)
    assert locate.find(dataset, tmp_path).absent == files[:1]
    write(tmp_path / "财经" / "1.txt", "正文")
    assert list(locate.find(dataset, tmp_path).found) == [files[2]]
    write(tmp_path / "lines.txt", "体育\t正文\n")
    assert list(locate.find(dataset, tmp_path).found) == [files[0]]


@pytest.mark.parametrize(
    ("file", "published"),
    [
        (PublishedFile("a", sha256=sha256(b"content")), True),
        (PublishedFile("a", git_sha1=git_sha1(b"content")), True),
        (PublishedFile("a", sha256="0" * 64, sample_sha256=sha256(b"content")), False),
        (PublishedFile("a", sha256="0" * 64, git_sha1="0" * 40), None),
        (PublishedFile("a"), None),
    ],
)
def test_a_file_is_identified_by_its_content(tmp_path, file, published):
    identity = locate.identify(file, write(tmp_path / "a", "content"))
    assert identity == locate.Identity(sha256(b"content"), 7, published)


def test_git_s_own_hash_is_meant():
    # what `git hash-object` prints for a file that holds "hello\n"
    assert git_sha1(b"hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_a_folder_s_identity_follows_its_documents(tmp_path):
    file = PublishedFile("体育")
    first = write(tmp_path / "体育" / "1.txt", "一")
    before = locate.identify(file, first.parent)
    write(first, "二")
    after = locate.identify(file, first.parent)
    assert before.sha256 != after.sha256
    assert (after.size, after.published) == (3, None)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match="none.csv cannot be read"):
        locate.identify(PublishedFile("none.csv"), tmp_path / "none.csv")


def test_the_wanted_path_is_one_that_is_looked_at(home, tmp_path, monkeypatch):
    dataset = reviews()
    file = dataset.files[0]
    places = [locate.wanted_path(dataset, file), locate.wanted_path(dataset, file, tmp_path / "x")]
    monkeypatch.setenv("POOLVIZ_DATA", str(tmp_path / "data"))
    places.append(locate.wanted_path(dataset, file))
    assert len({*places}) == 3
    for path, folder in zip(places, (None, tmp_path / "x", None), strict=True):
        write(Path(path), REVIEWS)
        assert found_path(dataset, folder) == path
