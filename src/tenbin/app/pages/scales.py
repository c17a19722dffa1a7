"""The scales: what is asked on the left, the answer on the right, as fast as it is moved."""

from __future__ import annotations

from typing import Protocol

from nicegui import ui

from tenbin.app.desk import Desk
from tenbin.app.pages.asking import Asking
from tenbin.app.pages.conditions import Conditions
from tenbin.app.pages.frame import text
from tenbin.app.pages.notices import desk_page
from tenbin.app.pages.pins import Pins
from tenbin.app.pages.sheet import Sheet
from tenbin.app.pages.standing import Standing
from tenbin.app.pages.whatif import WhatIf

__all__ = ["scales_page"]


class Part(Protocol):
    """A part of the page."""

    def follow(self, topic: str) -> None: ...


def scales_page(desk: Desk, lang: str) -> None:
    """Draw the scales of a draft, and follow it."""
    title = desk.case.title(lang) if desk.case is not None else desk.draft.title(lang)
    with desk_page(desk, lang, title, "scales"), ui.element("div").classes("two-columns"):
        parts: list[Part] = []
        with ui.element("div").classes("left"):
            for part, tag in ((Asking, "section"), (Conditions, "details"), (Pins, "details"), (WhatIf, "details")):
                with ui.element(tag).classes("asked"):
                    parts.append(part(desk, lang))
        with ui.element("div").classes("answer"):
            parts.append(Standing(desk, lang))
            sheet = Sheet(lang)
            stop = text("", "p", "unseen").props('aria-live="polite" role="status"')

    def follow(topic: str) -> None:
        for part in parts:
            part.follow(topic)
        if topic == "board":
            show()

    def show() -> None:
        data, number = desk.board.data, desk.shown
        view = data.views[number] if data is not None and number is not None else None
        sheet.show(data, view, has_limit=not desk.is_looking)
        sheet.set_visibility(data is not None)
        stop.set_text(sheet.stop(view) if view is not None else "")

    ui.context.client.on_delete(desk.subscribe(follow))
    for topic in ("draft", "question", "stage", "board", "saved"):
        follow(topic)
