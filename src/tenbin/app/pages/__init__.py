"""The pages, in two languages: ``/ja/…`` and ``/en/…``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi.responses import RedirectResponse
from nicegui import app, ui

from tenbin.app.desk import Desk
from tenbin.app.desks import Desks
from tenbin.app.opening import Opened
from tenbin.app.pages.compare import compare_page
from tenbin.app.pages.files import files_page
from tenbin.app.pages.frame import LANGUAGES, PLACES
from tenbin.app.pages.interview import interview_page
from tenbin.app.pages.missing import missing_page
from tenbin.app.pages.scales import scales_page
from tenbin.app.pages.start import start_page
from tenbin.app.pages.tables import tables_page
from tenbin.app.pages.why import why_page
from tenbin.errors import TenbinError

__all__ = ["register"]


OF_A_DRAFT: dict[str, Callable[[Desk, str], None]] = {
    "scales": scales_page,
    "tables": tables_page,
    "compare": compare_page,
    "why": why_page,
    "files": files_page,
}
NICEGUI_LANGUAGE = {"ja": "ja", "en": "en-US"}


def register(opened: Opened, lang: str) -> None:
    """Register every page, and at ``/`` the way to the first one.

    Parameters
    ----------
    opened : what the command was given to open.
    lang : the language that the command speaks.
    """
    desks = Desks(opened)

    @app.get("/", include_in_schema=False)
    def first() -> RedirectResponse:
        return RedirectResponse(opened.address(lang))

    for each in LANGUAGES:
        page_options = {"language": NICEGUI_LANGUAGE[each], "title": "tenbin"}
        ui.page(f"/{each}/", **page_options)(_plain(start_page, desks, each))  # type: ignore[arg-type]
        ui.page(f"/{each}/interview", **page_options)(_plain(interview_page, desks, each))  # type: ignore[arg-type]
        for place in PLACES:
            path = f"/{each}/case/{{draft}}/" + ("" if place == "scales" else place)
            ui.page(path, **page_options)(_of_a_draft(OF_A_DRAFT[place], desks, each))  # type: ignore[arg-type]
    app.on_shutdown(desks.close_all)


def _plain(
    draw: Callable[[Desks, str], Awaitable[None] | None], desks: Desks, lang: str
) -> Callable[[], Awaitable[None] | None]:
    def page() -> Awaitable[None] | None:
        return draw(desks, lang)

    return page


def _of_a_draft(draw: Callable[[Desk, str], None], desks: Desks, lang: str) -> Callable[[str], None]:
    def page(draft: str) -> None:
        try:
            desk = desks.open(draft)
        except TenbinError as error:
            missing_page(error, lang)
        else:
            desk.lang = lang
            draw(desk, lang)

    return page
