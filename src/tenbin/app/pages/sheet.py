"""The report's page as an element: it shows one plan of a board, and changes with it."""

from __future__ import annotations

from dataclasses import replace

from nicegui.element import Element

from tenbin.reporting.report import ReportData
from tenbin.reporting.report.data import PlanView
from tenbin.reporting.report.page import WIDE
from tenbin.reporting.report.parts import SLOTS, Parts

__all__ = ["Sheet"]

UNSEEN = ("answer", "scales")
INNER = {"scales": "scales", "sure": "sure"}
FIRST = ("answer", "scales", "frontier", "buy", "sure")


class Sheet(Element, component="sheet.js"):
    """Every part of the report's page for one plan; the markup was escaped where the report makes it."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self._parts: Parts | None = None
        self._of: tuple[ReportData, bool] | None = None
        self._view: PlanView | None = None
        self._props["order"] = []
        self._props["html"] = {}

    def show(self, data: ReportData | None, view: PlanView | None, *, has_limit: bool = True) -> None:
        """Show a plan; nothing without one. has_limit : whether what was asked still stands beside it, or is being moved."""
        if data is None or view is None:
            self._of = self._parts = self._view = None
            self._props["html"] = {}
            self.update()
            return
        if self._of is None or self._of[0] is not data or self._of[1] != has_limit:
            self._of, self._view = (data, has_limit), None
            self._parts = Parts(data if has_limit else replace(data, limit=None), self.lang)
        if self._view is view:
            return
        assert self._parts is not None
        self._view = view
        if not self._props["order"]:
            self._props["order"] = [self._heading(name) for name in SLOTS]
        self._props["html"] = {name: self._parts.part(name, view) for name in self._wanted(data)}
        self.update()

    def _heading(self, name: str) -> dict[str, object]:
        assert self._parts is not None
        return {
            "name": name,
            "title": self._parts.title(name),
            "wide": name in FIRST or name in WIDE,
            "unseen": name in UNSEEN,
            "inner": INNER.get(name, ""),
        }

    def _wanted(self, data: ReportData) -> list[str]:
        """A frontier of one plan is none."""
        return [name for name in SLOTS if name != "frontier" or len(data.views) > 1]

    def stop(self, view: PlanView) -> str:
        """The shown plan's place among the others, in words."""
        return self._parts.page.stop(view) if self._parts is not None else ""
