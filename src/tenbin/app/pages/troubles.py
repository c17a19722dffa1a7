"""What hinders a draft from being kept on disk, and what can be done about it."""

from __future__ import annotations

from nicegui import run, ui

from tenbin.app.desk import Desk
from tenbin.app.keeping import ChangedElsewhere
from tenbin.app.pages.frame import text
from tenbin.words import speaker

__all__ = ["show_trouble", "trouble_place"]

say = speaker("app")


def trouble_place() -> ui.element:
    """Where trouble is shown."""
    return ui.element("div").classes("notice bad").props("role=alert")


def show_trouble(place: ui.element, desk: Desk, lang: str) -> None:
    """Say in a place why the draft is not kept; nothing when it is."""
    trouble = desk.trouble
    place.clear()
    place.set_visibility(trouble is not None)
    if trouble is None:
        return
    with place:
        text(trouble.message(lang))
        with ui.element("div").classes("buttons"):
            again = ui.button(say("keep_again", lang)).props("outline dense no-caps")
            again.on_click(lambda: run.io_bound(desk.keep_again))
            if isinstance(trouble, ChangedElsewhere):
                take = ui.button(say("keep_mine", lang)).props("outline dense no-caps")
                take.on_click(lambda: run.io_bound(desk.keep_again, True))
