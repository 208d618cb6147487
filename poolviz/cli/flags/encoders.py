"""The commands about pretrained encoders, and about sentences under them."""

from __future__ import annotations

from pathlib import Path

from poolviz.cli.flags.bulk import add_bulk, add_input
from poolviz.cli.flags.shared import (
    add_command,
    add_dataset,
    add_json,
    add_kind,
    add_models,
    add_words,
    count,
    heads,
)
from poolviz.model.poolings import POOLINGS


def encoder(commands) -> None:
    """`encoder`."""
    command = add_command(
        commands,
        "encoder",
        "add a pretrained encoder from a folder with model.onnx and tokenizer.json; list, remove; "
        "clear token vectors that were kept",
        "encoder add minilm all-MiniLM-L6-v2",
        "encoder add bge BAAI/bge-small-zh-v1.5 --hub",
        "encoder list",
        "encoder remove minilm",
        "encoder clear",
    )
    command.add_argument("action", choices=("add", "list", "remove", "clear"))
    command.add_argument("name", nargs="?", metavar="NAME", help="what it is called here")
    command.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="FOLDER",
        help="to add: with tokenizer.json, and model.onnx in it or in its folder onnx",
    )
    command.add_argument(
        "--hub",
        action="store_true",
        help="to add: FOLDER is a repository of the hub of models, as BAAI/bge-small-zh-v1.5, and "
        "is fetched from there ($HF_ENDPOINT names another hub)",
    )
    add_json(command)


def match(commands) -> None:
    """`match`."""
    command = add_command(
        commands,
        "match",
        "two sentences under the poolings of an encoder: cosines, and which tokens make them; or "
        "files of pairs, also under trained matchers",
        'match --a "How do I close my account?" --b "Delete my profile"',
        'match --encoder minilm --head mean,max --a "Good food" --b "Tasty" --words --top 5',
        'match --a "Good food" --b "Tasty" --json',
        "match --input pairs.parquet --output matched/",
        "match --dataset lcqmc --kind siamese --input pairs.csv --output matched/ --engine dask",
    )
    _add_encoder(command)
    command.add_argument("--a", metavar="TEXT", help="a sentence")
    command.add_argument("--b", metavar="TEXT", help="the other one")
    add_input(command)
    add_dataset(command, required=False)
    add_kind(command)
    _add_poolings(command)
    add_models(command)
    add_words(command)
    command.add_argument(
        "--top",
        type=count,
        default=8,
        metavar="N",
        help="pairs of tokens in each table (%(default)s)",
    )
    add_json(command)
    add_bulk(command)


def rank(commands) -> None:
    """`rank`."""
    command = add_command(
        commands,
        "rank",
        "rank a file of sentences by their cosine with a query, under the poolings of an encoder",
        'rank --query "How do I close my account?" --input questions.txt',
        'rank --query "cheap flights" --input titles.csv --text-column title --head mean --top 20',
    )
    _add_encoder(command)
    command.add_argument("--query", required=True, metavar="TEXT", help="the query")
    command.add_argument(
        "--input",
        required=True,
        type=Path,
        metavar="FILE",
        help="a sentence a line, or CSV, JSON, Excel, Parquet",
    )
    command.add_argument(
        "--text-column", metavar="NAME", help="of the file: a name, or a number (found out)"
    )
    _add_poolings(command)
    command.add_argument(
        "--top", type=count, default=10, metavar="N", help="sentences of each ranking (%(default)s)"
    )
    add_json(command, "write JSON, with all sentences")


def _add_encoder(command) -> None:
    command.add_argument(
        "--encoder", metavar="NAME", help="as `encoder list` shows it (the only one that there is)"
    )


def _add_poolings(command) -> None:
    command.add_argument(
        "--head", type=heads, metavar="HEADS", help=f"{', '.join(POOLINGS)}; several, or all (all)"
    )
