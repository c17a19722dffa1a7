"""What every page has: its style, its head with the ways to the other pages, its language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

from nicegui import ui

from tenbin.reporting.report.parts import parts_css
from tenbin.words import speaker

__all__ = ["LANGUAGES", "PLACES", "address", "chip", "focus", "focus_title", "framed", "heading", "text"]

say = speaker("app")

LANGUAGES = ("ja", "en")
PLACES = ("scales", "tables", "compare", "why", "files")
"""The pages of a draft, in the order of the ways to them."""


def address(lang: str, draft: str = "", place: str = "scales") -> str:
    """Where a page is."""
    if not draft:
        return f"/{lang}/{place}" if place not in ("scales", "start") else f"/{lang}/"
    return f"/{lang}/case/{draft}/{'' if place == 'scales' else place}"


@cache
def _style() -> str:
    sheets = sorted(
        (entry for entry in files("tenbin.app.pages").iterdir() if entry.name.endswith(".css")), key=lambda entry: entry.name
    )
    return "\n".join([parts_css("sheet"), *(sheet.read_text(encoding="utf-8") for sheet in sheets)])


@contextmanager
def framed(lang: str, title: str, *, draft: str = "", place: str = "start") -> Iterator[None]:
    """The frame of a page; what is drawn within is its content.

    title : what the page is about, as a heading and in the tab. draft, place : of which draft, and which of its pages.
    """
    ui.add_css(_style())
    ui.colors(primary="#1F6F8B", secondary="#5C666C", accent="#8A6D1F", dark="#1E2326", positive="#2E6B3E", negative="#A3341F")
    ui.page_title(say("tab_title", lang, title=title))
    with ui.header(fixed=False, elevated=False).classes("top-bar"):
        ui.link(say("product", lang), address(lang)).classes("product")
        if draft:
            with ui.element("nav").props(f'aria-label="{say("ways", lang)}"'):
                for name in PLACES:
                    link = ui.link(say(f"way_{name}", lang), address(lang, draft, name))
                    if name == place:
                        link.props('aria-current="page"')
        with ui.element("div").classes("languages"):
            for other in LANGUAGES:
                link = ui.link(say("language", other), address(other, draft, place)).props(f'lang="{other}" hreflang="{other}"')
                link.on(
                    "click", js_handler="(e) => { e.currentTarget.search = window.location.search }"
                )  # the same table, the same plans
                if other == lang:
                    link.props('aria-current="true"')
    with ui.element("div").classes(f"page place-{place}"):
        heading(title, 1).props("tabindex=-1")
        yield


def heading(words: str, level: int) -> ui.element:
    """A heading; level from 1."""
    return text(words, f"h{level}")


def chip(words: str, name: str, drop: Callable[[], object]) -> None:
    """What was settled, in a list of such, with the way to be rid of it; name : what a click does, for who does not see it."""
    with ui.element("li"):
        button = ui.button(words, icon="close", on_click=drop).props("flat dense no-caps align=left")
        button.props["aria-label"] = name


def focus(element: ui.element) -> None:
    """Move the keyboard to an element, or to the first thing in it that takes it, once it is drawn."""
    takes = "input:not([disabled]), button:not([disabled]), a[href]"
    found = f"const at = getHtmlElement({element.id}), to = at?.matches('{takes}') ? at : at?.querySelector('{takes}')"
    element.client.run_javascript(f"setTimeout(() => {{ {found}; to?.focus() }}, 50)")


def focus_title() -> None:
    """Move the keyboard to the page's title: where what had it is gone, and nothing took its place."""
    ui.run_javascript("setTimeout(() => document.querySelector('h1').focus(), 50)")


def text(words: str, tag: str = "p", classes: str = "") -> ui.label:
    """A text in an element of its own: what a user wrote stays text in it."""
    label = ui.label(words)
    label.tag = tag
    if classes:
        label.classes(classes)
    return label
