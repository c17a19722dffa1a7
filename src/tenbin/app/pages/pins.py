"""Measures that have to be chosen, and those that must not be."""

from __future__ import annotations

from functools import partial
from typing import Any

from nicegui import events, ui

from tenbin.app.desk import Desk
from tenbin.app.pages.frame import chip, focus, heading, text
from tenbin.model import Case
from tenbin.words import speaker

__all__ = ["Pins", "measure_titles"]

say = speaker("app")


def measure_titles(case: Case, lang: str) -> dict[str, str]:
    """What each measure of the cost table is called, with its id."""
    titles = {one.id: one.title_ja if lang == "ja" else one.title_en for one in case.catalogue.measures}
    return {row.measure: f"{row.measure} {titles.get(row.measure, '')}".rstrip() for row in case.costs.rows}


class Pins:
    """Pick a measure, then say whether it has to be in or out; what is said stands below, and goes away by a click."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        with ui.element("summary"):
            heading(say("pins", lang), 2)
        text(say("pins_about", lang), "p", "note")
        self.measure = ui.select({}, label=say("measure", lang), with_input=True).props(
            "dense outlined options-dense clearable"
        )
        with ui.element("div").classes("buttons"):
            self.must = ui.button(say("must", lang), on_click=self._pin).props("outline no-caps dense")
            self.mustnt = ui.button(say("must_not", lang), on_click=self._ban).props("outline no-caps dense")
        self.measure.on_value_change(self._picked)
        self.chips = ui.element("ul").classes("chips").props(f'aria-label="{say("pins", lang)}"')
        self._picked()

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        if topic == "draft":
            case = self.desk.case
            options = measure_titles(case, self.lang) if case is not None else {}
            if options != self.measure.options:
                self.measure.set_options(options, value=self.measure.value if self.measure.value in options else None)
        if topic in ("question", "draft"):
            self._show()

    def _show(self) -> None:
        titles = measure_titles(self.desk.case, self.lang) if self.desk.case is not None else {}
        self.chips.clear()
        with self.chips:
            for key, texts in (("must", self.desk.question.require), ("must_not", self.desk.question.exclude)):
                for one in texts:
                    measure, _, level = one.partition("=")
                    name = f"{titles.get(measure, measure)} {level}".rstrip()
                    words = say(f"{key}_chip", self.lang, measure=name)
                    chip(words, say("free", self.lang, measure=name), partial(self._free, measure))
        self.chips.set_visibility(bool(self.desk.question.require or self.desk.question.exclude))

    def _picked(self, _: events.ValueChangeEventArguments[Any] | None = None) -> None:
        for button in (self.must, self.mustnt):
            button.set_enabled(bool(self.measure.value))

    def _pin(self) -> None:
        if self.measure.value:
            self.desk.ask(self.desk.question.pinned(str(self.measure.value)))
            self._on()

    def _ban(self) -> None:
        if self.measure.value:
            self.desk.ask(self.desk.question.banned(str(self.measure.value)))
            self._on()

    def _free(self, measure: str) -> None:
        self.desk.ask(self.desk.question.freed(measure))
        self._on()

    def _on(self) -> None:
        """To the next measure: what was pressed cannot be pressed again."""
        self.measure.set_value(None)
        focus(self.measure)
