"""Long work in a thread: progress on standard error, Ctrl-C once keeps what is known, twice ends at once."""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from tenbin.cli.console import can_write, error_console, tell
from tenbin.cli.language import say
from tenbin.errors import Interrupted, TenbinError

__all__ = ["Progress", "progress_line", "working"]

T = TypeVar("T")
TICK = 0.1


class Progress:
    """Where the work stands: written by the worker, drawn by the main thread."""

    def __init__(self) -> None:
        self.stage, self.done, self.total = "start", 0.0, 0.0
        self.detail: Mapping[str, float] = {}

    def __call__(self, stage: str, done: float, total: float, detail: Mapping[str, float]) -> None:
        self.stage, self.done, self.total, self.detail = stage, done, total, detail

    @property
    def share(self) -> float | None:
        """How far the stage is; None where nobody knows."""
        if self.stage in ("search", "polish", "start") or not self.total > 0:
            return None
        return min(max(self.done / self.total, 0.0), 1.0)


def working(task: Callable[[Progress, threading.Event], T], lang: str, quiet: bool, stage: str = "start") -> T:
    """Run ``task(on_progress, stop)`` in a thread; return what it returns, or raise what it raises.

    Raises
    ------
    Interrupted : when the user stopped it and it ended with an error, so nothing is known.
    """
    stop, progress = threading.Event(), Progress()
    progress.stage = stage
    values: list[T] = []
    errors: list[BaseException] = []

    def body() -> None:
        try:
            values.append(task(progress, stop))
        except BaseException as error:
            errors.append(error)

    def interrupt(*_: object) -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()
        if not quiet:
            tell(say("stopping", lang))

    in_main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, interrupt) if in_main else None
    thread = threading.Thread(target=body, name="tenbin-work", daemon=True)
    thread.start()
    try:
        _watch(thread, progress, lang, quiet)
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
    if not errors:
        return values[0]
    if stop.is_set() and isinstance(errors[0], TenbinError):
        raise Interrupted("stopped") from errors[0]
    raise errors[0]


def _watch(thread: threading.Thread, progress: Progress, lang: str, quiet: bool) -> None:
    if quiet or not sys.stderr.isatty():
        while thread.is_alive():
            thread.join(TICK)
        return
    from rich import progress as bars

    columns = (
        bars.SpinnerColumn("dots" if can_write("⠋", sys.stderr) else "line"),
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(bar_width=30),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=error_console(), transient=True) as bar:
        shown = bar.add_task(say("stage_start", lang), total=None)
        while thread.is_alive():
            thread.join(TICK)
            share = progress.share
            bar.update(
                shown, total=None if share is None else 1.0, completed=share or 0.0, description=progress_line(progress, lang)
            )


def progress_line(progress: Progress, lang: str) -> str:
    """The stage in words, with the best plan and the gap where they are known."""
    from tenbin.units import format_amount

    words = say(f"stage_{progress.stage}" if f"stage_{progress.stage}" in say else "stage_other", lang)
    cost, gap = progress.detail.get("incumbent", math.nan), progress.detail.get("gap", math.nan)
    if not (math.isfinite(cost) and math.isfinite(gap)):
        return words
    return f"{words}: {say('best_so_far', lang, cost=format_amount(cost, lang), gap=f'{100 * gap:.1f}%')}"
