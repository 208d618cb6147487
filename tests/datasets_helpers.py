"""What the data-set tests share: small entries with invented rows, and files on disk."""

import hashlib
import zipfile
from pathlib import Path

from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.readers import published

REVIEWS = "label,review\n1,房间很干净\n0,空调太吵\n1,早餐好吃\n"


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def reviews(**changes) -> Dataset:
    """An entry for one CSV file of labelled reviews, whose published content is `REVIEWS`."""
    fields = {
        "key": "small",
        "title": "Small reviews",
        "kind": "classification",
        "unit": "character",
        "classes": ("负面", "正面"),
        "labels": ("0", "1"),
        "files": (PublishedFile("small.csv", sha256=sha256(REVIEWS.encode())),),
        "reader": published.comma_separated("label", "review"),
        "origin": "Invented.",
        "terms": "None.",
    }
    return Dataset(**fields | changes)


def titles(**changes) -> Dataset:
    """An entry with published files for training, validation and test, `label<TAB>title`."""
    files = tuple(
        PublishedFile(f"{name}.txt", split=split)
        for name, split in (("train", "train"), ("dev", "validation"), ("test", "test"))
    )
    fields = {"classes": ("体育", "财经"), "labels": (), "files": files}
    return reviews(**fields | {"reader": published.label_then_text} | changes)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_zip(path: Path, members: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def names_beside(target: Path) -> list[str]:
    """What lies in a fetched file's folder, itself too, but for the lock, which stays."""
    found = {path.name for path in target.parent.iterdir()}
    return sorted(found - {f".{target.name}.lock"})
