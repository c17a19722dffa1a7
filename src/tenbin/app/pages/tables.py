"""The tables: every one of a draft, edited in place and in a form, checked as one types; undone as any other change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nicegui import events, ui

from tenbin.app.desk import Desk
from tenbin.app.drafts import CASE, Draft, DraftTable
from tenbin.app.pages.frame import address, heading, text
from tenbin.app.pages.notices import desk_page
from tenbin.app.pages.tables_columns import (
    NAMES,
    About,
    Titles,
    asked_columns,
    cells_at,
    columns_of,
    header_of,
    marks_of,
    strays_of,
    table_title,
)
from tenbin.app.pages.tables_fields import Field
from tenbin.app.pages.tables_form import RowForm
from tenbin.app.pages.tables_grid import Grid, Held
from tenbin.app.pages.tables_problems import Problems
from tenbin.app.pages.tables_settings import SettingsForm
from tenbin.words import speaker

__all__ = ["tables_page"]

say = speaker("app_tables")

FIRST = "scenarios"
UNDO_KEYS = """(event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const again = (key === "y" && !event.shiftKey) || (key === "z" && event.shiftKey);
  if (key !== "z" && !again) return;
  const types = event.target.matches("textarea, input:not([type=checkbox]):not([readonly])");
  if (types && event.target.dataset.kept !== event.target.value) return;
  event.preventDefault();
  emit(again);
}"""
"""Undo and redo; while something is being typed that is not kept yet, they are the box's own."""
PLAIN_CLICK = "(event) => { if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return; event.preventDefault(); emit(); }"
BACK = "window.addEventListener('popstate', () => emitEvent('tables_back', new URLSearchParams(location.search).get('table')))"


def tables_page(desk: Desk, lang: str) -> None:
    """Draw the tables of a draft, and follow it."""
    asked = ui.context.client.request.query_params.get("table", "")
    with desk_page(desk, lang, desk.draft.title(lang), "tables"):
        page = Tables(desk, lang, asked if asked in NAMES else FIRST)
    ui.context.client.on_delete(desk.subscribe(page.follow))


class Tables:
    """The page: the list of tables, the one that is shown, the row that is chosen."""

    def __init__(self, desk: Desk, lang: str, table: str) -> None:
        self.desk, self.lang, self.table = desk, lang, table
        self.row: int | None = None
        self._held: tuple[str, ...] | None = None
        self._n_held = 0
        self._rows: tuple[tuple[str, ...], ...] = ()
        self._columns: list[About] = []
        self._seen: set[str] = set()
        self._links: dict[str, ui.link] = {}
        self._counted: dict[str, tuple[int, int, bool]] = {}
        self._marks: dict[int, dict[str, str]] = {}
        with ui.element("div").classes("tables-page").on("keydown", self._undo_key, js_handler=UNDO_KEYS) as self.element:
            self.problems = Problems(lang, self._go_to)
            with ui.element("div").classes("tables-columns"):
                self._draw_list()
                with ui.element("section").classes("tables-main"):
                    self._draw_main()
                with ui.element("section").classes("tables-row") as self.side:
                    heading(say("the_row", lang), 2)
                    self.form = RowForm(lang, self._put)
            text(say("kept_in", lang, path=str(desk.holding.path)), "p", "note tables-foot")
        ui.run_javascript(BACK)
        ui.on("tables_back", lambda event: self._open(event.args if event.args in NAMES else FIRST))
        self._draw_table()

    # what is drawn once

    def _draw_list(self) -> None:
        nav = ui.element("nav").classes("tables-list")
        nav.props["aria-label"] = say("list", self.lang)
        with nav, ui.element("ul"):
            for name in NAMES:
                with ui.element("li"):
                    link = ui.link("", f"{address(self.lang, self.desk.id, 'tables')}?table={name}")
                    link.on("click", lambda _, n=name: self._open(n, is_new=True), js_handler=PLAIN_CLICK)
                    with link:
                        text(table_title(name, self.lang), "span")
                        self._links[name] = link

    def _draw_main(self) -> None:
        self.title = text("", "h2", "tables-title")
        with ui.element("div").classes("buttons tables-tools"):
            self.undo = ui.button(say("undo", self.lang), icon="undo", on_click=lambda: self._step(again=False))
            self.redo = ui.button(say("redo", self.lang), icon="redo", on_click=lambda: self._step(again=True))
            self.row_tools = ui.element("div").classes("buttons")
            with self.row_tools:
                self.add = ui.button(say("add_row", self.lang), icon="add", on_click=self._ask_row)
                self.copy = ui.button(say("duplicate", self.lang), icon="content_copy", on_click=self._duplicate)
                self.drop = ui.button(say("delete", self.lang), icon="delete_outline", on_click=self._delete)
            for button in (self.undo, self.redo, self.add, self.copy, self.drop):
                button.props("flat dense no-caps")
            self.every = ui.checkbox(say("all_columns", self.lang), on_change=self._draw_table).props("dense")
            self.filter = ui.input(say("filter", self.lang)).props("dense outlined clearable autocomplete=off")
            self.filter.classes("tables-filter").on_value_change(self._narrow)
        self.said = text("", "p", "note").props("role=status aria-live=polite")
        self.new_row = ui.element("div").classes("notice tables-new")
        self.new_row.set_visibility(False)
        self.strays = ui.element("div").classes("tables-strays")
        self.grid = Grid(self.lang, on_select=self._select, on_typed=self._typed, on_put=self._put_cell)
        self.settings = SettingsForm(self.lang, self._change)

    # what is shown

    def follow(self, topic: str) -> None:
        """Show what has changed."""
        if topic == "draft":
            self._show()

    def _open(self, table: str, is_new: bool = False) -> None:
        """Show another table; is_new : it was chosen here, so that the address follows."""
        if is_new:
            ui.navigate.history.push(f"{address(self.lang, self.desk.id, 'tables')}?table={table}")
        if table != self.table:
            self.table, self.row = table, None
            self._seen = set()
            self.new_row.set_visibility(False)
            self.said.set_text("")
            self.filter.set_value("")
            self._draw_table()

    def _draw_table(self) -> None:
        """Draw the table anew: another one, or other columns."""
        is_case = self.table == CASE
        self.title.set_text(table_title(self.table, self.lang))
        for element in (self.row_tools, self.every, self.filter, self.grid.place, self.side):
            element.set_visibility(not is_case)
        self.settings.element.set_visibility(is_case)
        self._columns = []
        self._show()

    def _show(self) -> None:
        draft = self.desk.draft
        back, again = self.desk.steps
        self.undo.set_enabled(back > 0)
        self.redo.set_enabled(again > 0)
        self._show_list()
        self.problems.show(self.desk.problems)
        if self.table == CASE:
            self.settings.show(draft, self.desk.problems)
            self.strays.set_visibility(False)
            return
        titles = Titles.of(draft, self.desk.case, self.lang)
        columns = self._shown_columns(draft, titles)
        held = draft.tables.get(self.table)
        self._rows = held.rows if held is not None else ()
        self._marks = marks_of(self.desk.problems, self.table, self.lang)
        shown = Held(self.table, header_of(draft, self.table), self._rows, self._marks, titles)
        if [one.key for one in columns] != [one.key for one in self._columns]:
            self._columns = columns
            self.grid.draw(shown, columns, self.row)
            self.form.draw(self.table, columns)
        else:
            self._columns = columns
            self.grid.show(shown)
            self.form.offer(columns)
        self._show_strays(draft)
        self._find_row()
        self._show_row()

    def _shown_columns(self, draft: Draft, titles: Titles) -> list[About]:
        """The columns to show; one that was shown stays, though its last cell is emptied."""
        self._seen |= {one.key for one in columns_of(draft, self.table, self.lang, titles)}
        every = columns_of(draft, self.table, self.lang, titles, all_of_them=True)
        return [one for one in every if self.every.value or one.key in self._seen]

    def _show_list(self) -> None:
        counts = dict.fromkeys(NAMES, 0)
        for one in self.desk.problems:
            counts[one.table] = counts.get(one.table, 0) + 1
        for name, link in self._links.items():
            found = (_n_rows(self.desk.draft, name), counts[name], name == self.table)
            if self._counted.get(name) == found:
                continue
            n_rows, n_problems, is_here = self._counted[name] = found
            link.props["aria-current"] = "page" if is_here else None
            link.clear()
            with link:
                text(table_title(name, self.lang), "span")
                if name != CASE:
                    text(say("rows", self.lang, n=n_rows), "span", "note")
                if n_problems:
                    text(say("problems", self.lang, n=n_problems), "span", "tables-wrong")

    def _show_strays(self, draft: Draft) -> None:
        """The columns that the table should not have, each with a way to be rid of it."""
        places = strays_of(draft, self.table)
        self.strays.clear()
        self.strays.set_visibility(bool(places))
        with self.strays:
            for place in places:
                name = draft.tables[self.table].header[place]
                with ui.element("div").classes("tables-stray"):
                    text(say("stray_column", self.lang, name=name))
                    button = ui.button(say("drop_column", self.lang), icon="close").props("flat dense no-caps")
                    button.props["aria-label"] = say("drop", self.lang, name=name)
                    button.on_click(lambda _, p=place: self._change(lambda draft: _without_column(draft, self.table, p)))

    def _find_row(self) -> None:
        """Where the chosen row is by now: rows before it may have come or gone, in another tab too."""
        if self.row is None:
            return
        if len(self._rows) != self._n_held:
            self.row = next((n for n, cells in enumerate(self._rows) if cells is self._held), None)
            if self.row is None:
                self.form.another()
        self._hold()

    def _hold(self) -> None:
        self._n_held = len(self._rows)
        self._held = self._rows[self.row] if self.row is not None and self.row < self._n_held else None

    def _show_row(self) -> None:
        cells = cells_at(self.desk.draft, self.table, self.row) if self.row is not None else None
        marks = self._marks.get(self.row, {}) if self.row is not None else {}
        self.form.show(cells, marks, self.row)
        self.copy.set_enabled(cells is not None)
        self.drop.set_enabled(cells is not None)

    # what is done

    def _narrow(self, event: events.ValueChangeEventArguments[str | None]) -> None:
        self.grid.filter(str(event.value or ""))

    async def _change(self, edit: Callable[[Draft], Draft]) -> None:
        await self.desk.do(self.desk.change, edit)

    async def _step(self, again: bool) -> None:
        await self.desk.do(self.desk.redo if again else self.desk.undo)

    async def _undo_key(self, event: events.GenericEventArguments) -> None:
        await self._step(bool(event.args))

    def _select(self, row: int) -> None:
        if row < len(self._rows) and row != self.row:
            self.row = row
            self._hold()
            self.form.another()
            self._show_row()

    def _go_to(self, table: str, row: int | None, column: str) -> None:
        """Go to a cell, or to a setting."""
        self._open(table, is_new=table != self.table)
        if table == CASE:
            self.settings.go_to(column)
        elif row is not None:
            if column not in {one.key for one in self._columns}:
                self.every.set_value(True)
            self._select(row)
            self.filter.set_value("")
            self.grid.go_to(row, column)

    def _typed(self, row: int, column: str, typed: str) -> None:
        if row == self.row:
            self.form.mirror(column, typed)

    async def _put(self, column: str, typed: str) -> None:
        """Keep a field of the form."""
        if self.row is not None:
            table, row = self.table, self.row
            await self._change(lambda draft: _edited(draft, table, row, column, typed))

    async def _put_cell(self, row: int, column: str, before: str, typed: str) -> None:
        """Keep a cell of the grid, wherever its row is by now."""
        table = self.table
        if row < len(self._rows) and cells_at(self.desk.draft, table, row).get(column, "") == before:
            await self._change(lambda draft: _edited(draft, table, row, column, typed))
        else:
            self.said.set_text(say("moved", self.lang, text=typed))

    # rows

    def _ask_row(self) -> None:
        """Ask what a new row has to have."""
        self.new_row.clear()
        self.new_row.set_visibility(True)
        titles = Titles.of(self.desk.draft, self.desk.case, self.lang)
        columns = asked_columns(columns_of(self.desk.draft, self.table, self.lang, titles, all_of_them=True), self.table)

        def wrong(column: str, value: str) -> str | None:
            return self.form.rule_of(column, value) if value.strip() else None

        async def keep(column: str, value: str) -> None:
            fields[column].kept = value

        async def add() -> None:
            given = {key: field.text for key, field in fields.items() if field.text.strip()}
            if not given:
                self.said.set_text(say("nothing_typed", self.lang))
                return
            self.new_row.set_visibility(False)
            await self._add(given)

        with self.new_row:
            heading(say("new_row", self.lang), 3)
            with ui.element("div").classes("fields tables-asked"):
                fields = {one.key: Field(one, self.lang, rule=wrong, put=keep) for one in columns}
            with ui.element("div").classes("buttons"):
                ui.button(say("add", self.lang), on_click=add).props("outline dense no-caps")
                cancel = ui.button(say("cancel", self.lang)).props("flat dense no-caps")
                cancel.on_click(lambda: self.new_row.set_visibility(False))
        next(iter(fields.values())).box.run_method("focus")

    async def _add(self, cells: dict[str, str]) -> None:
        table = self.table
        await self._change(lambda draft: draft.with_row(table, _n_rows(draft, table), cells))
        self.said.set_text(say("added", self.lang, row=_n_rows(self.desk.draft, table)))
        self._later(_n_rows(self.desk.draft, table) - 1)

    async def _duplicate(self) -> None:
        if self.row is not None:
            table, row = self.table, self.row
            await self._change(lambda draft: _doubled(draft, table, row))
            self.said.set_text(say("duplicated", self.lang, row=row + 2))
            self._later(row + 1)

    async def _delete(self) -> None:
        if self.row is not None:
            table, row = self.table, self.row
            self.form.another()
            await self._change(lambda draft: draft.without_row(table, row) if row < _n_rows(draft, table) else draft)
            self.said.set_text(say("deleted", self.lang, row=row + 1))
            self._later(min(row, _n_rows(self.desk.draft, table) - 1))

    def _later(self, row: int) -> None:
        """Go to a row of a table that has just changed."""
        self._show()  # what the desk tells comes a moment later
        if 0 <= row < len(self._rows):
            self._select(row)
            self.grid.go_to(row)


def _n_rows(draft: Draft, table: str) -> int:
    held = draft.tables.get(table)
    return len(held.rows) if held is not None else 0


def _edited(draft: Draft, table: str, row: int, column: str, text: str) -> Draft:
    """With a cell changed, under the name that the header has for its column; a row that has gone meanwhile stays gone."""
    if row >= _n_rows(draft, table):
        return draft
    names = dict(zip(header_of(draft, table), draft.tables[table].header, strict=True))
    return draft.with_cell(table, row, names.get(column, column), text)


def _doubled(draft: Draft, table: str, row: int) -> Draft:
    held = draft.tables[table]
    rows = (
        *held.rows[: row + 1],
        (*held.rows[row],),
        *held.rows[row + 1 :],
    )  # a tuple of its own, so that it can be told apart
    return replace(draft, tables={**draft.tables, table: replace(held, rows=rows)})


def _without_column(draft: Draft, table: str, place: int) -> Draft:
    held = draft.tables[table]
    header = (*held.header[:place], *held.header[place + 1 :])
    found = DraftTable(header, tuple((*row[:place], *row[place + 1 :]) for row in held.rows))
    return replace(draft, tables={**draft.tables, table: found})
