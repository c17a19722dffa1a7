"""The six slides, each of what it says, what it shows and where its numbers stand."""

from __future__ import annotations

from tenbin.reporting.slides.measures import buy, change, last
from tenbin.reporting.slides.totals import answer, curve, frontier

__all__ = ["PAGES"]

PAGES = (answer, frontier, buy, curve, change, last)
