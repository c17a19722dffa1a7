"""What can be limited on the scales, and what is wrong with a limit as it is typed."""

from __future__ import annotations

from collections.abc import Callable

from tenbin.app.question import METRICS
from tenbin.errors import InputError
from tenbin.reporting.metric_words import metric_about, metric_short

__all__ = ["metric_choices", "wrong"]


def metric_choices(lang: str) -> dict[str, str]:
    """The metrics in words; several bad years stand below each other: what tells them apart is said."""
    return {one: metric_about(one, lang) if one.startswith("tvar") else metric_short(one, lang) for one in METRICS}


def wrong(read: Callable[[], object], lang: str) -> str | None:
    """What is wrong with what is read; None: nothing."""
    try:
        read()
    except InputError as error:
        return error.message(lang)
    return None
