"""The commands that look at a text, or at sentences to match."""

from __future__ import annotations

from poolviz.cli.flags.bulk import add_bulk, add_input, add_outputs
from poolviz.cli.flags.export import add_export_flags
from poolviz.cli.flags.shared import (
    add_checkpoint_choice,
    add_command,
    add_dataset,
    add_json,
    add_kind,
    add_lines,
    add_other,
    add_text,
    add_words,
    count,
)


def explain(commands) -> None:
    """`explain`."""
    command = add_command(
        commands,
        "explain",
        "show what each head predicts for a text, and what it looks at",
        'explain --dataset chnsenticorp_htl_all --text "房间很干净，早餐一般。"',
        "explain --dataset thucnews_title --text-file title.txt --head attention,max --words",
        "explain --dataset chnsenticorp_htl_all --json - < review.txt",
        "explain --dataset chnsenticorp_htl_all --text-file reviews.txt --lines --head max",
        'explain --dataset lcqmc --text "怎么注销账号" --other "账号如何注销" --kind siamese',
        "explain --dataset thucnews_title --input titles.parquet --output explained/ "
        "--outputs predictions,weights",
    )
    add_dataset(command)
    add_input(add_text(command))
    add_lines(command)
    add_other(command)
    add_kind(command)
    add_checkpoint_choice(command)
    add_words(command)
    command.add_argument(
        "--top",
        type=count,
        default=8,
        metavar="N",
        help="tokens, or pairs of tokens, in each table (%(default)s)",
    )
    add_json(command)
    add_bulk(command)
    add_outputs(command)


def export(commands) -> None:
    """`export`."""
    command = add_command(
        commands,
        "export",
        "write the figures and numbers of a text, or of sentences to match, to files",
        'export --dataset chnsenticorp_htl_all --text "房间很干净。" --output all.zip',
        "export --dataset thucnews_title --text-file title.txt --output figures/ --format pdf "
        "--figure lines --quantity contribution",
        'export --dataset chnsenticorp_htl_all --text "房间很干净。" --head max --output max.svg '
        "--figure highlight",
        'export --dataset chnsenticorp_htl_all --text "房间很干净。" --changed "房间很脏。" '
        "--output changes.zip",
        'export --dataset chnsenticorp_htl_all --text "房间很干净。" --trust --output curves.csv '
        "--table trust-curves",
        'export --dataset lcqmc --text "怎么注销账号" --other "账号如何注销" --output pair.zip',
        "export --dataset chnsenticorp_htl_all --text-file reviews.txt --lines --output all.csv",
        "export --dataset chnsenticorp_htl_all --format live --output page.html",
    )
    add_dataset(command)
    add_text(command, required=False)
    add_lines(command, ": one csv or json of all, or files for each in a folder")
    subject = command.add_mutually_exclusive_group()
    subject.add_argument(
        "--changed", metavar="TEXT", help="compare the text with this one, as it is afterwards"
    )
    subject.add_argument(
        "--trust",
        action="store_true",
        help="whether the weights can be believed, instead of the weights",
    )
    add_other(subject)
    add_kind(command)
    add_checkpoint_choice(command)
    add_words(command)
    add_export_flags(command)
