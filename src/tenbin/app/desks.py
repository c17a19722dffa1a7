"""Every draft that is open in this server, each once, however many tabs look at it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from tenbin.app import keeping
from tenbin.app.desk import Desk
from tenbin.app.landing import keep_run

__all__ = ["Desks"]

MOST_UNWATCHED = 3
"""So many studies that nobody looks at keep their years in memory."""


class Desks:
    """The open drafts by their ids."""

    def __init__(self) -> None:
        self._open: dict[str, Desk] = {}
        self._lock = threading.Lock()

    def open(self, draft: str) -> Desk:
        """The desk of a draft; it is opened where it is not. To be called on the thread that the pages live on.

        Raises
        ------
        InputError, StorageError : when there is no such draft, or another program holds it.
        """
        with self._lock:
            if draft not in self._open:
                self._open[draft] = Desk(keeping.hold(draft), _scheduler(), keep_run)
            desk = self._open.pop(draft)
            self._open[draft] = desk  # the last one used comes last
        self._let_go()
        return desk

    def _let_go(self) -> None:
        unwatched = [name for name, desk in self._open.items() if not desk.n_listeners]
        for name in unwatched[:-MOST_UNWATCHED]:
            threading.Thread(target=self._open.pop(name).close, daemon=True).start()

    def is_open(self, draft: str) -> bool:
        """Whether a draft is on some desk."""
        return draft in self._open

    def close(self, draft: str) -> None:
        """Take a draft off its desk."""
        desk = self._open.pop(draft, None)
        if desk is not None:
            desk.close()

    def close_all(self) -> None:
        """Take every draft off its desk."""
        for name in list(self._open):
            self.close(name)


def _scheduler() -> Callable[[Callable[[], None]], None]:
    loop = asyncio.get_running_loop()

    def schedule(work: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(work)

    return schedule
