"""Charts drawn while the pages go on answering: those of a run in a process of their own, those somebody waits for in this one."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenbin.reporting.writing import ChartFiles, Data

__all__ = ["DRAWING", "draw_apart"]

log = logging.getLogger(__name__)

DRAWING = threading.Lock()
"""Charts are drawn by one thread at a time: matplotlib's settings are everyone's."""
MEEK = 5
"""How far a process that nobody waits for steps back behind the others."""


def draw_apart(data: Data, folder: Path, lang: str, names: Iterable[str] | None = None) -> ChartFiles:
    """``write_charts`` in a process of its own, which takes no computing time from the pages; in this one where that process dies.

    Raises
    ------
    OSError : when the folder cannot be written.
    """
    from tenbin.reporting.writing import write_charts

    spawning = get_context("spawn")
    hears, says = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_draw, args=(says, data, folder, lang, names), name="tenbin-charts")
    with hears:
        process.start()
        says.close()
        try:
            found: ChartFiles | OSError = hears.recv()
        except EOFError:
            log.warning("the process that draws charts has died: they are drawn here")
            with DRAWING:
                return write_charts(data, folder, lang, names=names)
        finally:
            process.join()
    if isinstance(found, OSError):
        raise found
    return found


def _draw(says: Connection, data: Data, folder: Path, lang: str, names: Iterable[str] | None) -> None:
    """Draw, standing back behind who is waited for, and finish what is begun: Ctrl-C is meant for the app."""
    from tenbin.reporting.writing import write_charts

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(MEEK)
    try:
        found: ChartFiles | OSError = write_charts(data, folder, lang, names=names)
    except OSError as error:
        found = error
    says.send(found)
