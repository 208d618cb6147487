"""Long work beside the page, with progress, that can be cancelled; drawn by a fragment.

The work of all visitors stands in one queue, so that it never takes more than the machine has.
"""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from poolviz.errors import PoolvizError
from poolviz.language import _, ngettext
from poolviz.queue import Piece, Queue
from poolviz.ui.frame import kept, state
from poolviz.ui.frame.error_sentence import error_sentence
from poolviz.watch import Cancelled, Watch

_LOG = logging.getLogger(__name__)
_GLANCE = 0.01  # seconds between two looks at a job that may end at once
_QUEUE = Queue(places=2)  # each piece can fill a processor, and much memory

Work = Callable[[Watch], Any]


@dataclass
class Job:
    """One piece of work: how far it is, and its result or error when `finished`."""

    done: int = 0
    total: int | None = None
    finished: bool = False
    result: Any = None
    error: PoolvizError | None = None
    _cancelled: threading.Event = field(default_factory=threading.Event)
    _piece: Piece | None = None

    def queue(self, piece: Piece) -> None:
        """Have the work done when it is its turn."""
        self._piece = piece
        _QUEUE.join(piece)

    @property
    def before(self) -> int | None:
        """How many jobs, of whomever, come first; None where the work has begun."""
        return _QUEUE.before(self._piece) if self._piece else None

    def cancel(self) -> None:
        """Ask the work to stop at its next step; what has not begun never will."""
        self._cancelled.set()
        if self._piece and _QUEUE.leave(self._piece):
            self.finished = True

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._cancelled.is_set()

    def report(self, done: int, total: int | None) -> None:
        """What the work says of itself."""
        self.done, self.total = done, total


def start(name: str, work: Work, subject: object = None, patience: float = 0) -> None:
    """Queue `work(watch)` as this session's job of that name; an older one is ended.

    The work speaks the language of the page that started it, and must not call Streamlit.

    Parameters
    ----------
    subject : what the work is about; asked for another one, the job is ended.
    patience : seconds to wait, so that short work shows no bar that is gone at once.
    """
    forget(name)
    job = kept.keep(_key(name), subject, Job())
    context = contextvars.copy_context()
    job.queue(lambda: context.run(_run, job, work))
    end = time.monotonic() + patience
    while not job.finished and time.monotonic() < end:
        time.sleep(_GLANCE)


def start_once(name: str, work: Work, subject: object, patience: float = 0) -> None:
    """Start a job where its subject is new: one that was cancelled stays so for that subject."""

    def begin() -> bool:
        start(name, work, subject, patience)
        return True

    kept.once(f"{_key(name)}_started", subject, begin)


def job(name: str, subject: object = None) -> Job | None:
    """This session's job of that name about the subject; one about another is ended."""
    found = kept.read(_key(name), subject)
    if found is None:
        forget(name)
    return found


def forget(name: str) -> None:
    """Drop a job; one that still runs is cancelled."""
    if older := kept.drop(_key(name)):
        older.cancel()


def draw(name: str, label: str, subject: object = None) -> Job | None:
    """Draw a running job's bar and its cancel button; returns the job once it has finished.

    An error is shown as its sentence, and the job is forgotten.
    """
    current = job(name, subject)
    if current is None:
        return None
    if not current.finished:
        _draw_running(name, current, label)
        return None
    if current.cancelled:
        forget(name)
        st.info(_("Cancelled."))
        return None
    if current.error:
        forget(name)
        st.error(error_sentence(current.error))
        return None
    return current


@st.fragment(run_every=0.5)
def _draw_running(name: str, current: Job, label: str) -> None:
    state.speak()
    if current.finished:
        st.rerun()
    share = min(current.done / current.total, 1.0) if current.total else 0.0
    bar, button = st.columns([5, 1], vertical_alignment="center")
    bar.progress(share, text=_how_far(current, label, share))
    button.button(
        _("Cancel"),
        key=f"cancel_{name}",
        on_click=current.cancel,
        help=_("Ends this work; it can be begun again."),
    )


def _how_far(current: Job, label: str, share: float) -> str:
    before = current.before
    if before is not None:
        waits = ngettext("{count} before you", "{count} before you", before).format(count=before)
        return f"{label} {waits}"
    return f"{label} {share:.0%}" if current.total else label


def _run(current: Job, work: Work) -> None:
    try:
        current.result = work(Watch(current.report, lambda: current.cancelled))
    except Cancelled:
        pass  # `draw` says so
    except PoolvizError as error:
        current.error = error
    except OSError as error:  # a full disk, a folder that cannot be written: no fault of poolviz
        current.error = PoolvizError(
            "The server's system refuses ({reason}); that has to be repaired there.",
            reason=error.strerror or error,
        )
        _LOG.warning("A job ended: %s", error)
    except Exception:
        # An error nobody expected still ends the job; its traceback goes to the server's log.
        current.error = PoolvizError("The work did not finish; the server's log says why.")
        _LOG.exception("A job ended")
    finally:
        current.finished = True


def _key(name: str) -> str:
    return f"job_{name}"
