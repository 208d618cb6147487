import http.server
import threading
import time

import pytest

from poolviz.datasets import download
from poolviz.datasets.dataset import PublishedFile
from poolviz.datasets.download import fetch
from poolviz.errors import DataError
from poolviz.watch import Cancelled, Watch
from tests.datasets_helpers import git_sha1, names_beside, sha256, write

CONTENT = bytes(range(256)) * 4096  # several pieces, also after halving
HALF = len(CONTENT) // 2


class Server(http.server.ThreadingHTTPServer):
    """Answers each request by the next step of `plan`; the last step goes on for ever.

    Steps: "range" (honours a Range), "plain" (does not), "break" (honours it, then breaks off
    half-way), "plain break", "no length", "wrong" (other bytes of the same length), a status.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.plan = ["range"]
        self.ranges = []  # what each request asked for

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/small.csv"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        step = server.plan.pop(0) if len(server.plan) > 1 else server.plan[0]
        asked = self.headers.get("Range")
        server.ranges.append(asked)
        if isinstance(step, int):
            self.send_error(step)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if "plain" in step:
            start = 0
        if start >= len(CONTENT):
            self.send_error(416)
            return
        body = CONTENT[start:] if step != "wrong" else b"\0" * len(CONTENT)
        self.send_response(206 if start else 200)
        if step != "no length":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if "break" in step else body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(download, "PAUSE", 0)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def file(server):
    return PublishedFile("small.csv", server.url, sha256=sha256(CONTENT))


@pytest.fixture
def target(tmp_path):
    return tmp_path / "cache" / "small" / "small.csv"


def test_a_file_arrives_whole_and_alone(file, target):
    steps = []
    assert fetch(file, target, Watch(lambda *step: steps.append(step))) == target
    assert target.read_bytes() == CONTENT
    assert names_beside(target) == ["small.csv"]
    assert steps == sorted(steps)
    assert steps[-1] == (len(CONTENT), len(CONTENT))
    assert len(steps) > 2


@pytest.mark.parametrize(("size", "total"), [(len(CONTENT), len(CONTENT)), (0, None)])
def test_a_server_that_does_not_say_the_size(server, target, size, total):
    server.plan = ["no length"]
    steps = []
    file = PublishedFile("small.csv", server.url, size=size, sha256=sha256(CONTENT))
    fetch(file, target, Watch(lambda *step: steps.append(step)))
    assert steps[-1] == (len(CONTENT), total)


def test_a_file_that_is_there_is_not_fetched_again(server, file, target):
    fetch(file, target)
    fetch(file, target)
    assert len(server.ranges) == 1


def test_a_wrong_file_in_its_place_is_replaced(file, target):
    write(target, "something else")
    fetch(file, target)
    assert target.read_bytes() == CONTENT


def test_git_s_hash_is_enough(server, target):
    fetch(PublishedFile("small.csv", server.url, git_sha1=git_sha1(CONTENT)), target)
    assert target.read_bytes() == CONTENT


def test_without_any_hash_the_content_is_taken(server, target):
    fetch(PublishedFile("small.csv", server.url), target)
    assert target.read_bytes() == CONTENT


def test_a_broken_connection_is_resumed(server, file, target):
    server.plan = ["break", "break", "range"]
    steps = []
    fetch(file, target, Watch(lambda *step: steps.append(step)))
    assert target.read_bytes() == CONTENT
    assert server.ranges == [None, f"bytes={HALF}-", f"bytes={HALF + HALF // 2}-"]
    assert {total for _, total in steps} == {len(CONTENT)}


def test_a_server_without_ranges_starts_again(server, file, target):
    server.plan = ["plain break", "plain"]
    fetch(file, target)
    assert target.read_bytes() == CONTENT
    assert names_beside(target) == ["small.csv"]


def test_a_later_call_goes_on_where_the_last_one_stopped(server, file, target):
    write(target.with_name("small.csv.part"), CONTENT[:1000])
    fetch(file, target)
    assert server.ranges == ["bytes=1000-"]
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("older", [b"\0" * 1000, b"\0" * len(CONTENT), b"\0" * len(CONTENT) * 2])
def test_an_older_piece_of_another_content_is_thrown_away(file, target, older):
    write(target.with_name("small.csv.part"), older)
    fetch(file, target)
    assert target.read_bytes() == CONTENT


def test_a_finished_piece_only_has_to_be_moved(file, target):
    write(target.with_name("small.csv.part"), CONTENT)
    fetch(file, target)
    assert target.read_bytes() == CONTENT


def test_a_server_in_trouble_is_asked_again(server, file, target):
    server.plan = [503, "range"]
    fetch(file, target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("step", "reason", "requests"),
    [
        (404, r"status 404 Not Found", 1),
        (503, r"status 503 Service Unavailable", download.ATTEMPTS),
        ("plain break", r"no connection, or a broken one", download.ATTEMPTS),
    ],
)
def test_out_of_reach_is_one_sentence_with_the_place(server, file, target, step, reason, requests):
    server.plan = [step]
    with pytest.raises(DataError) as raised:
        fetch(file, target)
    assert str(raised.value) == (
        f"The file small.csv could not be fetched from {server.url} ({reason}); "
        f"put the file at {target} yourself, or try again."
    )
    assert not target.exists()
    assert len(server.ranges) == requests


def test_no_server_is_the_same_sentence(server, file, target):
    server.server_close()
    with pytest.raises(DataError, match=rf"\(no connection, or a broken one\); .+{target} "):
        fetch(file, target)


def test_a_silent_server_is_given_up(file, target, monkeypatch):
    def silent(*arguments, **options):
        raise download.requests.ReadTimeout("no bytes")

    monkeypatch.setattr(download.requests, "get", silent)
    with pytest.raises(DataError, match="no answer in time"):
        fetch(file, target)


def test_wrong_bytes_never_get_the_name(server, file, target):
    server.plan = ["wrong"]
    with pytest.raises(DataError) as raised:
        fetch(file, target)
    assert str(raised.value) == (
        f"The file small.csv could not be fetched: {server.url} sent another content than the "
        f"published one; put the file at {target} yourself."
    )
    assert names_beside(target) == []


def test_no_room_for_the_file_is_a_sentence(file, target):
    write(target.parent, "a file where the folder should be")
    with pytest.raises(DataError, match="could not be fetched .+File exists"):
        fetch(file, target)


def test_a_stopped_download_can_go_on(server, file, target):
    done = []
    watch = Watch(lambda *state: done.append(state), lambda: len(done) == 2)
    with pytest.raises(Cancelled):
        fetch(file, target, watch)
    assert len(done) == 2
    assert names_beside(target) == ["small.csv.part"]
    fetch(file, target)
    assert server.ranges[-1] == f"bytes={done[-1][0]}-"
    assert target.read_bytes() == CONTENT


def test_a_download_can_be_stopped_before_it_begins(server, file, target):
    with pytest.raises(Cancelled):
        fetch(file, target, Watch(cancelled=lambda: True))
    assert server.ranges == []


def test_two_threads_fetch_a_file_once(server, file, target):
    threads = [threading.Thread(target=fetch, args=(file, target)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() == CONTENT
    assert len(server.ranges) == 1


def test_waiting_for_another_thread_can_be_stopped(file, target):
    def hold(done, total):
        holding.set()
        let_go.wait(timeout=30)

    holding, let_go = threading.Event(), threading.Event()
    first = threading.Thread(target=fetch, args=(file, target, Watch(hold)))
    first.start()
    holding.wait(timeout=30)
    with pytest.raises(Cancelled):
        fetch(file, target, Watch(cancelled=lambda: True))
    let_go.set()
    first.join()
    assert target.read_bytes() == CONTENT


def test_pauses_grow_between_tries(server, file, target, monkeypatch):
    pauses = []
    monkeypatch.setattr(download, "PAUSE", 1)
    monkeypatch.setattr(time, "sleep", pauses.append)
    server.plan = [503]
    with pytest.raises(DataError):
        fetch(file, target)
    assert pauses == [1, 2, 4, 8]
