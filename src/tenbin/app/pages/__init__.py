"""The pages, in two languages: ``/ja/…`` and ``/en/…``."""

from __future__ import annotations

from pathlib import Path

from fastapi.responses import RedirectResponse
from nicegui import app, ui

from tenbin.words import speaker

__all__ = ["register"]

say = speaker("app_server")


def register(case: Path | None, lang: str) -> None:
    """Register every page, and at ``/`` the way to the first one.

    Parameters
    ----------
    case : what the command was given to open.
    lang : the language that the command speaks.
    """

    @app.get("/", include_in_schema=False)
    def first() -> RedirectResponse:
        return RedirectResponse(f"/{lang}/")

    for each in ("ja", "en"):
        ui.page(f"/{each}/", title="tenbin", language="ja" if each == "ja" else "en-US")(_start(each))


def _start(lang: str):  # type: ignore[no-untyped-def]
    def start() -> None:
        ui.label("tenbin").props("role=heading aria-level=1")

    return start
