"""A price or an effect tried otherwise: one row of the tables, changed in place; it can be undone as any other change."""

from __future__ import annotations

from typing import Any

from nicegui import events, ui

from tenbin.app.desk import Desk
from tenbin.app.drafts import check_cell
from tenbin.app.pages.frame import heading, text
from tenbin.app.pages.pins import measure_titles
from tenbin.words import speaker

__all__ = ["WhatIf"]

say = speaker("app")

FIGURES = {"measures": ("capex", "opex"), "effects": ("effect",)}
NAMES = {"measures": ("measure", "level"), "effects": ("scenario", "measure", "acts_on")}


class WhatIf:
    """Choose a measure's price, or what it does to a scenario, and type another figure."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        with ui.element("summary"):
            heading(say("what_if", lang), 2)
        text(say("what_if_about", lang), "p", "note")
        self.table = ui.radio({name: say(f"what_if_{name}", lang) for name in FIGURES}, value="measures").props("inline dense")
        self.table.props(f'aria-label="{say("what_if", lang)}"').on_value_change(self._filled)
        self.row = ui.select({}, label=say("row", lang), with_input=True).props("dense outlined options-dense clearable")
        self.row.on_value_change(self._chosen)
        self.fields = ui.element("div").classes("fields")
        self._boxes: dict[str, ui.input] = {}
        self._held: dict[str, str] = {}
        self._n_putting = 0
        self._of: tuple[str, str] | None = None
        with ui.element("div").classes("buttons"):
            self.undo = ui.button(say("undo", lang), icon="undo", on_click=lambda: desk.do(desk.undo)).props(
                "flat dense no-caps"
            )
            self.redo = ui.button(say("redo", lang), icon="redo", on_click=lambda: desk.do(desk.redo)).props(
                "flat dense no-caps"
            )

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        if topic != "draft":
            return
        back, again = self.desk.steps
        self.undo.set_enabled(back > 0)
        self.redo.set_enabled(again > 0)
        self._filled()

    def _filled(self, _: events.ValueChangeEventArguments[Any] | None = None) -> None:
        """The rows to choose from, by what makes them one."""
        name = str(self.table.value)
        table = self.desk.draft.tables.get(name)
        titles = measure_titles(self.desk.case, self.lang) if self.desk.case is not None else {}
        options: dict[str, str] = {}
        for cells in table.rows if table is not None else ():
            row = dict(zip(table.header, cells, strict=False)) if table is not None else {}
            keys = [row.get(key, "") for key in NAMES[name]]
            words = [titles.get(key, key) for key in keys]
            if name == "effects":
                words[2] = say(f"acts_on_{keys[2]}", self.lang) if keys[2] in ("frequency", "severity") else keys[2]
            options["|".join(keys)] = " · ".join(words)
        if options != self.row.options:
            self.row.set_options(options, value=self.row.value if self.row.value in options else None)
        self._chosen()

    def _number(self) -> int | None:
        """The chosen row's number in its table."""
        name, table = str(self.table.value), self.desk.draft.tables.get(str(self.table.value))
        if table is None or not self.row.value:
            return None
        for n, cells in enumerate(table.rows):
            row = dict(zip(table.header, cells, strict=False))
            if "|".join(row.get(key, "") for key in NAMES[name]) == self.row.value:
                return n
        return None

    def _chosen(self, _: events.ValueChangeEventArguments[Any] | None = None) -> None:
        """The figures of the chosen row."""
        name, number = str(self.table.value), self._number()
        chosen = None if number is None else (name, str(self.row.value))
        if chosen != self._of:
            self._of = chosen
            self._draw(name if chosen else "")
        if number is None or self._n_putting:
            return  # what was typed last is on its way into the draft: the draft of before must not undo it
        table = self.desk.draft.tables[name]
        row = dict(zip(table.header, table.rows[number], strict=False))
        for column, box in self._boxes.items():
            if self._held.get(column) != row.get(column, ""):  # what is being typed in another box stays
                self._held[column] = row.get(column, "")
                box.set_value(self._held[column])

    def _draw(self, name: str) -> None:
        """A box for each figure of a table ("": none); they stay for as long as the row is chosen."""
        self.fields.clear()
        self._boxes, self._held = {}, {}
        with self.fields:
            for column in FIGURES.get(name, ()):
                box = ui.input(say(f"column_{column}", self.lang))
                box.props("dense outlined hide-bottom-space autocomplete=off")
                box.validation = lambda value, c=column: self._rule(name, c, value)
                box.on("keydown.enter", lambda _, c=column, b=box: self._put(name, c, b))
                box.on("blur", lambda _, c=column, b=box: self._put(name, c, b))
                self._boxes[column] = box

    def _rule(self, table: str, column: str, value: str) -> str | None:
        problem = check_cell(table, column, value)
        return None if problem is None else str(problem.within(self.lang))

    async def _put(self, table: str, column: str, box: ui.input) -> None:
        number, value = self._number(), str(box.value or "").strip()
        if number is None or self._rule(table, column, value) is not None:
            return
        if value == self._held.get(column):
            return  # nothing was typed since: a box that is left after “undo” was pressed must not put back what was undone
        self._held[column] = value
        self._n_putting += 1
        try:
            await self.desk.do(self.desk.change, lambda draft: draft.with_cell(table, number, column, value))
        finally:
            self._n_putting -= 1
        self._chosen()
