"""A visitor without a browser: speaks Streamlit's protocol, so that only the server is measured."""

from __future__ import annotations

import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

PATIENCE = 120  # seconds for one answer
_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
_END_OF_FRAGMENT = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


class Visitor:
    """One session of a Streamlit server on this machine.

    Parameters
    ----------
    port : of the server.
    page : its name in the address; "" for the first one.
    query : what stands in the address behind the question mark.

    Raises
    ------
    SystemExit : the page shows an error.
    """

    def __init__(self, port: int, page: str = "", query: str = ""):
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self._socket = connect(address, subprotocols=["streamlit"], max_size=None)
        self._url, self._query = f"http://127.0.0.1:{port}/{page}", query
        self._page, self._hash = page, ""
        self._states: dict[str, WidgetState] = {}
        self._widgets: dict[str, str] = {}  # identifiers by the keys that the page gave
        self._options: dict[str, list[str]] = {}  # of select boxes, by their keys
        self._fragments: dict[str, float] = {}  # seconds until the page wants each of them again
        self.run()

    def type(self, key: str, text: str) -> None:
        """Put a text into the box with this key, or choose an option; the next run hears of it."""
        name = self._widgets[key]
        self._states[name] = WidgetState(id=name, string_value=text)

    def options(self, key: str) -> list[str]:
        """What the select box with this key offers."""
        return self._options[key]

    def run(self) -> float:
        """Have the page run, and whatever it does beside itself be shown; seconds of the run."""
        started = time.perf_counter()
        self._ask()
        self._hear(_ENDS)
        seconds = time.perf_counter() - started
        while self._fragments:
            fragment, pause = next(iter(self._fragments.items()))
            time.sleep(pause)
            self._ask(fragment)
            self._hear((*_ENDS, _END_OF_FRAGMENT))
        return seconds

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _ask(self, fragment: str = "") -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self._hash
        if not self._hash:
            asked.page_name = self._page
        asked.fragment_id, asked.is_auto_rerun = fragment, bool(fragment)
        asked.widget_states.widgets.extend(self._states.values())
        asked.context_info.timezone, asked.context_info.locale = "UTC", "en-US"
        asked.context_info.url = self._url
        self._socket.send(message.SerializeToString())

    def _hear(self, ends: tuple[int, ...]) -> None:
        """Take what the server says until a run ends in one of these ways."""
        drawn: dict[str, float] = {}
        while True:
            message = ForwardMsg()
            message.ParseFromString(self._socket.recv(timeout=PATIENCE))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._hash = message.new_session.page_script_hash
                drawn.clear()
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._take(message.delta.new_element)
            elif kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "auto_rerun":
                drawn[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif kind == "stop_auto_rerun":
                self._fragments.pop(message.stop_auto_rerun.fragment_id, None)
            elif kind == "script_finished" and message.script_finished in ends:
                if message.script_finished in _ENDS:  # the page as a whole: what it did not draw
                    self._fragments = drawn  # again is gone
                return

    def _take(self, element) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise SystemExit(f"The page shows an error: {element.exception.message}")
        identifier = getattr(getattr(element, kind), "id", "")
        if identifier.startswith("$$ID-"):
            key = identifier.split("-", 2)[-1]
            self._widgets[key] = identifier
            if kind == "selectbox":
                self._options[key] = list(element.selectbox.options)
