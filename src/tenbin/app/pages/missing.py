"""What stands where a draft cannot be opened."""

from __future__ import annotations

from nicegui import ui

from tenbin.app.pages.frame import address, framed, text
from tenbin.errors import TenbinError
from tenbin.words import speaker

__all__ = ["missing_page"]

say = speaker("app")


def missing_page(error: TenbinError, lang: str) -> None:
    """Say why, and the way back."""
    with framed(lang, say("cannot_open", lang)):
        text(error.message(lang))
        ui.link(say("to_start", lang), address(lang))
