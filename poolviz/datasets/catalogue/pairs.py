"""Pairs of Chinese questions that have the same intent, or not."""

from __future__ import annotations

from poolviz.datasets.catalogue.common import GITHUB, NOT_STATED, ZERO_ONE
from poolviz.datasets.dataset import Dataset, PublishedFile
from poolviz.datasets.readers import published
from poolviz.language import N_

_LCQMC = f"{GITHUB}/danan0755/Bert_Classifier/bc09f2a0c112519fcbe1bcac23c613e2b9c9c110/data/lcqmc"
_BQ = f"{GITHUB}/terrifyzhao/text_matching/14c1a8f60aad822cd7029474b241bd6200a8782d/input"
_ATEC = f"{GITHUB}/liuaiting/ATEC/16b0f9a895120cd17e94f45bc96890bf42212f97/data"

_MATCH = ("不匹配", "匹配")

PAIRS = (
    Dataset(
        key="lcqmc",
        title=N_("LCQMC question pairs"),
        kind="matching",
        unit="character",
        classes=_MATCH,
        labels=ZERO_ONE,
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
        terms=NOT_STATED,
    ),
    Dataset(
        key="bq_corpus",
        title=N_("BQ bank question pairs"),
        kind="matching",
        unit="character",
        classes=_MATCH,
        labels=ZERO_ONE,
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
        terms=NOT_STATED,
    ),
    Dataset(
        key="atec",
        title=N_("ATEC question pairs"),
        kind="matching",
        unit="character",
        classes=_MATCH,
        labels=ZERO_ONE,
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
        terms=NOT_STATED,
    ),
)
