"""Every draft that is open in this server, each once, however many tabs look at it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial

from tenbin.app import keeping
from tenbin.app.desk import Desk
from tenbin.app.drawing import draw_apart
from tenbin.app.landing import keep_run
from tenbin.app.opening import Opened

__all__ = ["Desks"]

MOST_UNWATCHED = 3
"""So many studies that nobody looks at keep their years in memory."""


class Desks:
    """The open drafts by their ids; ``opened`` is what the command was given."""

    def __init__(self, opened: Opened | None = None) -> None:
        self.opened = opened or Opened()
        self._open: dict[str, Desk] = {}
        self._lock = threading.Lock()

    def open(self, draft: str) -> Desk:
        """The desk of a draft; it is opened where it is not. To be called on the thread that the pages live on.

        Raises
        ------
        InputError, StorageError : when there is no such draft (any more), or another program holds it.
        """
        with self._lock:
            desk = self._open.pop(draft, None)
            if desk is not None and not desk.holding.is_there:  # somebody took its folder away
                _end(desk)
                desk = None
            if desk is None:
                desk = Desk(
                    keeping.hold(draft), _scheduler(), partial(keep_run, draw=draw_apart if self.opened.charts else None)
                )
                desk.resumed = self.opened.resumed if draft == self.opened.draft else None
            self._open[draft] = desk  # the last one used comes last
            self._let_go()
        return desk

    def _let_go(self) -> None:
        unwatched = [name for name, desk in self._open.items() if not desk.n_listeners]
        for name in unwatched[:-MOST_UNWATCHED]:
            _end(self._open.pop(name))

    def close(self, draft: str) -> None:
        """Take a draft off its desk: its tabs are told, its folder is free when this returns."""
        with self._lock:
            desk = self._open.pop(draft, None)
            if desk is not None:
                _end(desk)

    def close_all(self) -> None:
        """Take every draft off its desk, and wait until their work has ended."""
        with self._lock:
            desks = list(self._open.values())
            self._open.clear()
        for desk in desks:
            desk.close()


def _end(desk: Desk) -> None:
    """Free a desk's folder at once; its work ends in a thread of its own."""
    desk.put_away()
    threading.Thread(target=desk.close, daemon=True).start()


def _scheduler() -> Callable[[Callable[[], None]], None]:
    loop = asyncio.get_running_loop()

    def schedule(work: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(work)

    return schedule
