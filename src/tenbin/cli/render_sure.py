"""How sure the figures of a table are: ± beside each, and in words what lies between the worlds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.sentences import percent, spoken
from tenbin.words import speaker

__all__ = ["between_worlds", "give_or_take", "interval_words"]

say = speaker("commands")
Document = Mapping[str, Any]

LEAST = 0.0005
"""A share that is not said."""


def give_or_take(document: Document, metric: str) -> str:
    """Half of the metric's 95 % interval as a share of it: `` ±2.9%``; "" where it has no error or its error is not known."""
    error, value = (document.get("error") or {}).get(metric), document["risk"].get(metric)
    if not error or not value:
        return ""
    half = (error["high"] - error["low"]) / 2 / value
    return f" ±{percent(half)}" if half >= LEAST else ""


def interval_words(columns: Mapping[str, Document], lang: str) -> Iterator[str]:
    """What ± means, where one is shown."""
    if any(give_or_take(document, metric) for document in columns.values() for metric in document["risk"]):
        yield say("give_or_take", lang)


def between_worlds(document: Document, metric: str, where: str, currency: str, lang: str) -> Iterator[str]:
    """Between which values of a metric the worlds lie; nothing with one world."""
    ends = (document.get("between_worlds") or {}).get(metric)
    if ends is not None:
        amounts = {name: spoken(ends[name], lang, currency) for name in ("low", "median", "high")}
        yield say("between_worlds", lang, metric=metric_short(metric, lang), where=where, **amounts)
