"""The row form: a labelled field for each column of the chosen row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from nicegui import ui

from tenbin.app.drafts import check_cell
from tenbin.app.pages.frame import text
from tenbin.app.pages.tables_columns import About
from tenbin.app.pages.tables_fields import Field
from tenbin.words import speaker

__all__ = ["RowForm"]

say = speaker("app_tables")


class RowForm:
    """The form of one row of a table; put : keeps (column, text) of the row that is shown."""

    def __init__(self, lang: str, put: Callable[[str, str], Awaitable[None]]) -> None:
        self.lang, self._put = lang, put
        self.table = ""
        self.fields: dict[str, Field] = {}
        self._bad: Mapping[str, str] = {}
        self._shown: object = None
        self.about_row = text("", "p", "note")
        self.wrong = text("", "p", "tables-wrong")
        self.place = ui.element("div").classes("fields")

    def draw(self, table: str, columns: Sequence[About]) -> None:
        """Draw the fields of a table's columns."""
        self.table, self._bad, self._shown = table, {}, None
        self.place.clear()
        with self.place:
            self.fields = {
                about.key: Field(about, self.lang, rule=self._rule, put=self._put) for about in columns if not about.is_stray
            }

    def offer(self, columns: Sequence[About]) -> None:
        """Offer what can be chosen by now."""
        for about in columns:
            if about.key in self.fields:
                self.fields[about.key].offer(about)

    def show(self, cells: Mapping[str, str] | None, bad: Mapping[str, str], row: int | None) -> None:
        """Show a row; None: no row is chosen."""
        self.place.set_visibility(cells is not None)
        self._bad = bad
        self.about_row.set_text(
            say("no_row", self.lang) if cells is None or row is None else say("row_number", self.lang, row=row + 1)
        )
        self.wrong.set_text(bad.get("", ""))
        self.wrong.set_visibility("" in bad)
        for key, field in self.fields.items():
            if cells is not None:
                field.show(cells.get(key, ""), is_new=self._shown is None)
        self._shown = cells

    def another(self) -> None:
        """What is shown next is another row: nothing typed in this one is to be seen in it."""
        self._shown = None

    def mirror(self, column: str, typed: str) -> None:
        """Show what is being typed in the grid, and what is wrong with it."""
        if column in self.fields:
            self.fields[column].mirror(typed)

    def rule_of(self, column: str, typed: str) -> str | None:
        """What is wrong with a text by itself, in this table."""
        problem = check_cell(self.table, column, typed)
        if problem is None:
            return None
        found = problem.within(self.lang)
        return say("wrong", self.lang, rule=found.rule, value=found.value, remedy=found.remedy)

    def _rule(self, column: str, typed: str) -> str | None:
        wrong = self.rule_of(column, typed)
        if wrong is not None:
            return wrong
        field = self.fields.get(column)
        return self._bad.get(column) if field is not None and typed == field.kept else None
