"""Plotly figures to PNG, SVG and PDF by a headless Chrome or Chromium, one for all exports.

Kaleido drives the browser. Nothing is fetched from a network: Plotly's script comes from the
installed package, MathJax is off, and the browser is given a proxy that does not answer.
"""

from __future__ import annotations

import asyncio
import atexit
import base64
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from poolviz.errors import ExportError
from poolviz.figures.figure import Figure
from poolviz.figures.paper import for_paper
from poolviz.figures.sheet import PIXELS, Sheet

if TYPE_CHECKING:
    from kaleido import Kaleido

_T = TypeVar("_T")
_Ask = Callable[..., Awaitable[dict[str, Any]]]
_START_SECONDS = 30.0
_RENDER_SECONDS = 60.0
_CLOSE_SECONDS = 15.0
_GRACE = 2.0  # for a loop that is held up itself: a browser that hangs blocks what closes it
_PNG_SCALE = 300 / PIXELS  # 300 dots an inch
_PNG_LIMIT = 16_000  # pixels; a browser's canvas ends at 16,384
_NO_NETWORK = "127.0.0.1:9"  # the discard port, where nobody listens
# One browser for all exports: it takes more memory than all the rest.
_turn = Lock()
_running: list[Renderer] = []
# A browser that closes can cut its last message short; that is no news for anybody.
logging.getLogger("choreographer").setLevel(logging.CRITICAL)


def browser_available() -> bool:
    """True where a Chrome or Chromium is installed; it is not started, so this costs nothing."""
    from choreographer.browsers.chromium import Chromium

    path = Chromium.find_browser(skip_local=False)
    return bool(path) and os.access(path, os.X_OK)


@contextmanager
def open_renderer() -> Iterator[Renderer]:
    """The browser of this process, for one caller at a time; started when it is first asked for.

    It ends with the process. After an error it ends at once, and the next caller gets a new one.

    Raises
    ------
    ExportError : no Chrome or Chromium, or it does not start within half a minute.
    """
    with _turn:
        try:
            if not _running:
                _running.append(_started())
            yield _running[0]
        except ExportError:
            end_browser()
            raise


def end_browser() -> None:
    """End the browser of this process, if there is one; a picture that it is drawing fails."""
    while _running:
        _running.pop().close()


atexit.register(end_browser)


def _started() -> Renderer:
    renderer = Renderer()
    try:
        renderer.start()
    except ExportError:
        renderer.close()
        raise
    return renderer


class Browser:
    """The browser as one export sees it: each picture waits for its turn.

    After a failure it is not tried again: every further picture fails with the same error.
    """

    def __init__(self) -> None:
        self._error: ExportError | None = None

    def image(self, figure: Figure, image_format: str, sheet: Sheet) -> bytes:
        """See `Renderer.image`."""
        return self._drawn(lambda renderer: renderer.image(figure, image_format, sheet))

    def screenshot(self, page: str, width: int) -> bytes:
        """See `Renderer.screenshot`."""
        return self._drawn(lambda renderer: renderer.screenshot(page, width))

    def document(self, page: str, width: float, height: float) -> bytes:
        """See `Renderer.document`."""
        return self._drawn(lambda renderer: renderer.document(page, width, height))

    def _drawn(self, draw: Callable[[Renderer], bytes]) -> bytes:
        if self._error:
            raise self._error
        try:
            with open_renderer() as renderer:
                return draw(renderer)
        except ExportError as error:
            self._error = error
            raise


class Renderer:
    """A browser that turns figures into images; `open_renderer` starts and ends it.

    Its event loop lives on a thread of its own, so that callers may have loops themselves.
    """

    def __init__(self) -> None:
        from choreographer.errors import ChromeNotFoundError
        from kaleido import Kaleido

        try:
            self._kaleido = Kaleido(
                mathjax=False, timeout=_RENDER_SECONDS, proxy_server=_NO_NETWORK
            )
        except ChromeNotFoundError as error:
            raise ExportError(
                "Images need Chrome or Chromium on the computer that runs poolviz, and there is "
                "none; install one, save the figure as HTML, or use the camera button above it."
            ) from error
        self._loop = asyncio.new_event_loop()
        # A daemon: when the process ends, it still runs the loop that closes the browser.
        Thread(target=self._loop.run_forever, name="poolviz-browser", daemon=True).start()

    def start(self) -> None:
        """Start the browser."""
        self._run(self._kaleido.open(), _START_SECONDS)

    def image(self, figure: Figure, image_format: str, sheet: Sheet) -> bytes:
        """The figure as a file's content, dark on white.

        Parameters
        ----------
        figure : made by `poolviz.figures`.
        image_format : "png" or "svg". PNG has 300 dots an inch, fewer where a picture would be
            larger than browsers can draw.
        sheet : what to fit it to.

        Raises
        ------
        ExportError : the browser failed, or took more than a minute.
        """
        paper = for_paper(figure, sheet)
        size = {name: paper.layout[name] for name in ("width", "height")}
        scale = min(_PNG_SCALE, _PNG_LIMIT / max(size.values())) if image_format == "png" else 1
        options = {"format": image_format, "scale": scale, **size}
        return self._run(self._kaleido.calc_fig(paper.plotly(), opts=options), _RENDER_SECONDS)

    def screenshot(self, page: str, width: int) -> bytes:
        """All of an HTML page as PNG, 300 dots an inch, fewer where it is very large.

        Parameters
        ----------
        page : the whole document; scripts in it do not run.
        width : of the page; its height follows from what it holds.

        Raises
        ------
        ExportError : the browser failed, or took more than a minute.
        """
        return self._run(_screenshot(self._kaleido, page, width), _RENDER_SECONDS)

    def document(self, page: str, width: float, height: float) -> bytes:
        """An HTML page as PDF, on one sheet of paper of a size in pixels, once its fonts are there.

        Raises
        ------
        ExportError : the browser failed, or took more than a minute.
        """
        return self._run(_document(self._kaleido, page, width, height), _RENDER_SECONDS)

    def close(self) -> None:
        """End the browser, by force if it does not answer."""
        try:
            self._run(self._kaleido.close(), _CLOSE_SECONDS)
        except ExportError:
            self._kill()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _kill(self) -> None:
        process = getattr(self._kaleido, "subprocess", None)
        if process is None:
            return
        with suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)  # the browser leads a session of its own
            else:
                process.kill()

    def _run(self, work: Coroutine[Any, Any, _T], seconds: float) -> _T:
        try:
            limited = asyncio.wait_for(work, seconds)
            running = asyncio.run_coroutine_threadsafe(limited, self._loop)
            return running.result(seconds + _GRACE)
        # Kaleido, Choreographer and the operating system all have errors of their own for this.
        except Exception as error:
            raise ExportError(
                "The browser on this computer could not draw the image ({reason}); "
                "save the figure as HTML, or use the camera button above it.",
                # Choreographer's errors hold several sentences; the first says what happened.
                reason=error.args[0] if error.args else type(error).__name__,
            ) from error


async def _screenshot(browser: Kaleido, page: str, width: int) -> bytes:
    async with _opened(browser) as ask:
        await ask("Emulation.setScriptExecutionDisabled", value=True)
        screen = {"width": width, "height": 1, "deviceScaleFactor": 1, "mobile": False}
        await ask("Emulation.setDeviceMetricsOverride", **screen)
        await _show(ask, page)
        height = (await ask("Page.getLayoutMetrics"))["cssContentSize"]["height"]
        scale = min(_PNG_SCALE, _PNG_LIMIT / max(width, height))
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
        shot = await ask(
            "Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip
        )
        return base64.b64decode(shot["data"])


async def _document(browser: Kaleido, page: str, width: float, height: float) -> bytes:
    async with _opened(browser) as ask:
        await _show(ask, page)
        await ask("Runtime.evaluate", expression="document.fonts.ready", awaitPromise=True)
        paper = {"paperWidth": width / PIXELS, "paperHeight": height / PIXELS}
        printed = await ask("Page.printToPDF", printBackground=True, pageRanges="1", **paper)
        return base64.b64decode(printed["data"])


@asynccontextmanager
async def _opened(browser: Kaleido) -> AsyncIterator[_Ask]:
    """A tab of its own: what asks it for something, by the names of the DevTools protocol."""
    tab = await browser.create_tab("about:blank")

    async def ask(command: str, **parameters: object) -> dict[str, Any]:
        answer = await tab.send_command(command, parameters)
        if "error" in answer:
            raise RuntimeError(answer["error"]["message"])
        return answer["result"]

    try:
        yield ask
    finally:
        await browser.close_tab(tab.target_id)


async def _show(ask: _Ask, page: str) -> None:
    frame = (await ask("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    await ask("Page.setDocumentContent", frameId=frame, html=page)
