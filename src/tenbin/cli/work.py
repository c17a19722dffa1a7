"""Long work in a thread: progress on standard error, Ctrl-C once keeps what is known, twice ends at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from tenbin.cli.console import error_console
from tenbin.cli.words import say
from tenbin.units import format_amount

__all__ = ["working"]

T = TypeVar("T")


class _Progress:
    """Where the work stands, written by the worker and drawn by the main thread."""

    def __init__(self) -> None:
        self.stage, self.share, self.detail = "", 0.0, dict[str, float]()

    def __call__(self, stage: str, done: float, total: float, detail: dict[str, float]) -> None:
        self.stage, self.share, self.detail = stage, done / total if total else 0.0, detail


def working(task: Callable[..., T], lang: str, quiet: bool, **options: Any) -> T:
    """Run ``task(on_progress=…, stop=…)`` in a thread and return what it returns, or raise what it raises."""
    stop, progress = threading.Event(), _Progress()
    box: dict[str, Any] = {}

    def body() -> None:
        try:
            box["value"] = task(on_progress=progress, stop=stop, **options)
        except BaseException as error:
            box["error"] = error

    def interrupt(*_: object) -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()

    before = signal.signal(signal.SIGINT, interrupt) if threading.current_thread() is threading.main_thread() else None
    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    try:
        _watch(thread, progress, lang, quiet)
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
    if "error" in box:
        raise box["error"]
    value: T = box["value"]
    return value


def _watch(thread: threading.Thread, progress: _Progress, lang: str, quiet: bool) -> None:
    if quiet or not sys.stderr.isatty():
        while thread.is_alive():
            thread.join(0.1)
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=error_console(), transient=True) as bar:
        shown = bar.add_task("…", total=1.0)
        while thread.is_alive():
            thread.join(0.1)
            if progress.stage:
                bar.update(shown, completed=progress.share, description=_line(progress, lang))


def _line(progress: _Progress, lang: str) -> str:
    words = say(progress.stage, lang)
    cost, gap = progress.detail.get("incumbent"), progress.detail.get("gap")
    if cost is None or gap is None or cost != cost or gap != gap:
        return words
    return f"{words}: {say('best_so_far', lang, cost=format_amount(cost, lang), gap=f'{100 * gap:.1f}%')}"
