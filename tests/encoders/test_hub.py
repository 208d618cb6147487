"""A repository of a hub: fetched when asked for, and a sentence where that cannot be."""

import shutil
import socket
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from poolviz.encoders import hub
from poolviz.encoders.folder import look_into
from poolviz.errors import ChoiceError, DataError
from poolviz.watch import Cancelled, Watch
from tests.tiny_encoder import LIMIT, write_folder

REPOSITORY = "somebody/tiny-bert"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *args):
        pass


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A hub on this machine; its files lie in the folder that this gives."""
    folder = tmp_path / "hub"
    write_folder(folder / REPOSITORY / "resolve" / "main", onnx_folder="onnx")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
    yield folder / REPOSITORY / "resolve" / "main"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_files_of_an_encoder_are_fetched(served, tmp_path):
    target = tmp_path / "got"
    target.mkdir()
    seen = []
    hub.fetch(REPOSITORY, target, Watch(lambda done, total: seen.append((done, total))))
    brought = look_into(target)
    assert brought.limit == LIMIT
    for name in ("onnx/model.onnx", "tokenizer.json", "config.json"):
        assert (target / name).read_bytes() == (served / name).read_bytes()
    assert any(done == total for done, total in seen)


def test_weights_are_fetched_where_there_is_no_graph(served, tmp_path):
    shutil.rmtree(served / "onnx")
    (served / "model.safetensors").write_bytes(b"weights")
    hub.fetch(REPOSITORY, tmp_path)
    assert (tmp_path / "model.safetensors").read_bytes() == b"weights"
    assert not (tmp_path / "model.onnx").exists()


@pytest.mark.parametrize("missing", ["tokenizer.json", "onnx/model.onnx"])
def test_a_repository_without_them_is_a_sentence(served, tmp_path, missing):
    (served / missing).unlink()
    with pytest.raises(DataError, match=rf"{REPOSITORY}.*{missing}"):
        hub.fetch(REPOSITORY, tmp_path)


def test_a_repository_that_is_not_there_is_a_sentence(served, tmp_path):
    with pytest.raises(DataError, match="somebody/else"):
        hub.fetch("somebody/else", tmp_path)


def test_a_hub_out_of_reach_is_a_sentence_that_names_the_folder_to_bring(tmp_path, monkeypatch):
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(DataError) as told:
            hub.fetch(REPOSITORY, tmp_path)
    for said in ("cannot be reached", "tokenizer.json", "model.onnx", "encoder add NAME tiny-bert"):
        assert said in str(told.value)


@pytest.mark.parametrize("name", ["minilm", "../up", "a/../b", "a/b/c", "/etc/passwd", "a b/c", ""])
def test_what_is_no_repository_is_not_asked_for(tmp_path, monkeypatch, name):
    monkeypatch.setattr(hub.requests, "get", lambda *args, **more: pytest.fail("it was asked"))
    with pytest.raises(ChoiceError, match="owner and name"):
        hub.fetch(name, tmp_path)


def test_it_can_be_stopped(served, tmp_path):
    with pytest.raises(Cancelled):
        hub.fetch(REPOSITORY, tmp_path, Watch(cancelled=lambda: True))


def test_without_asking_nothing_is_fetched(tmp_path):
    with pytest.raises(DataError, match="--hub"):
        look_into(tmp_path / REPOSITORY)
