"""The report's page in parts, for a page that changes: each part's markup by its name, escaped as in the report itself."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from tenbin.model import Brand
from tenbin.reporting.report import figures
from tenbin.reporting.report.data import PlanView, ReportData
from tenbin.reporting.report.page import SLOTS, Page
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.report.writing import page_rules, templates

__all__ = ["SLOTS", "Parts", "parts_css"]


class Parts:
    """The parts of a page in one language; what a user wrote is text in them."""

    def __init__(self, data: ReportData, lang: str, brand: Brand | None = None) -> None:
        self.data, self.voice = data, Voice(lang, data.currency)
        self.page = Page(data, self.voice, brand)

    @cached_property
    def _macros(self) -> Any:
        known = {
            "data": self.data,
            "own": self.data.views[self.data.own],
            "v": self.voice,
            "page": self.page,
            "figures": figures,
            "brand": self.page.brand,
        }
        return templates().get_template("slots.html.j2").make_module(known)

    def part(self, name: str, view: PlanView) -> str:
        """The markup of a part (of ``SLOTS``) for one of the data's plans."""
        return str(getattr(self._macros, name)(view))

    def title(self, name: str) -> str:
        """What a part is called."""
        return self.voice.say(name)


def parts_css(within: str) -> str:
    """The report's rules of style for what stands within a class, and its colours for everything.

    within : a class's name, of letters and dashes.
    """
    colours, rules = page_rules()
    return f"{colours}\n.{within}{{\n{rules}\n}}"
