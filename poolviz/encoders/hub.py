"""Fetching the repository of an encoder from a hub of models, when somebody asks for its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import requests

from poolviz import places, program
from poolviz.encoders.folder import GRAPH, GRAPH_DATA, TOKENIZER
from poolviz.errors import ChoiceError, DataError
from poolviz.watch import QUIET, Watch
from poolviz.writing import room_for

WEIGHTS = "model.safetensors"
TIMEOUT = (10, 30)  # seconds to connect, seconds between two pieces
_SETTINGS = (
    *("config.json", "tokenizer_config.json", "sentence_bert_config.json"),
    "1_Pooling/config.json",
)
_MODELS = (f"onnx/{GRAPH}", GRAPH, WEIGHTS)  # the first that there is
_REPOSITORY = re.compile(r"(?!.*\.\.)[\w-][\w.-]*/[\w-][\w.-]*", re.ASCII)
_CHUNK = 1 << 16


def fetch(repository: str, folder: Path, watch: Watch = QUIET) -> None:
    """Download what an encoder is made of.

    Parameters
    ----------
    repository : owner and name, as "BAAI/bge-small-zh-v1.5".
    folder : where it is put; the folder is there.
    watch : counts the bytes of each file.

    Raises
    ------
    ChoiceError : that is no repository's name.
    DataError : the hub cannot be reached, or has no such encoder.
    DiskFull, OSError : there is no room, or no right to write.
    Cancelled : it was stopped.
    """
    if not _REPOSITORY.fullmatch(repository):
        raise ChoiceError(
            "{name} is no repository of a hub; give owner and name, as {example}.",
            name=repr(repository),
            example="BAAI/bge-small-zh-v1.5",
        )
    try:
        if not _get(repository, TOKENIZER, folder, watch):
            raise _not_there(repository, TOKENIZER)
        for name in _SETTINGS:
            _get(repository, name, folder, watch)
        model = next((each for each in _MODELS if _get(repository, each, folder, watch)), None)
        if model is None:
            raise _not_there(repository, " / ".join(_MODELS))
        if model != WEIGHTS:
            _get(repository, model.replace(GRAPH, GRAPH_DATA), folder, watch)
    except requests.RequestException as error:
        raise DataError(
            "{hub} cannot be reached for {repository} ({reason}). Download the repository where it "
            "can be, bring its folder ({tokenizer}, and {graph} or {weights} with config.json) to "
            "this machine, and give that folder: {command}",
            hub=places.hub(),
            repository=repository,
            reason=_reason(error),
            tokenizer=TOKENIZER,
            graph=GRAPH,
            weights=WEIGHTS,
            command=program.command("encoder", "add", "NAME", repository.rpartition("/")[2]),
        ) from error


def _get(repository: str, name: str, folder: Path, watch: Watch) -> bool:
    """Put one file into the folder; False where the repository has none of that name."""
    url = f"{places.hub()}/{repository}/resolve/main/{name}"
    with requests.get(url, stream=True, timeout=TIMEOUT) as reply:
        if reply.status_code in (requests.codes.not_found, requests.codes.unauthorized):
            return False
        reply.raise_for_status()
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with room_for(target, target), target.open("wb") as file:
            for piece in _pieces(reply, watch):
                file.write(piece)
    return True


def _pieces(reply: requests.Response, watch: Watch) -> Iterator[bytes]:
    length = reply.headers.get("Content-Length", "")
    total, done = int(length) if length.isdigit() else None, 0
    for piece in reply.iter_content(_CHUNK):
        watch.check()
        yield piece
        done += len(piece)
        watch.progress(done, total)


def _not_there(repository: str, names: str) -> DataError:
    return DataError(
        "{hub} has no repository {repository}, or none with {names}; look for one that has, or "
        "bring a folder that holds it.",
        hub=places.hub(),
        repository=repository,
        names=names,
    )


def _reason(error: requests.RequestException) -> str:
    """A few words instead of the chain of exceptions that `requests` prints."""
    if error.response is not None:
        return f"status {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return "no connection, or a broken one"
