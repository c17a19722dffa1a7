"""What is wrong with a draft, as a list whose entries go to the cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from tenbin.app.drafts import DraftProblem
from tenbin.app.pages.frame import text
from tenbin.app.pages.tables_columns import sentence
from tenbin.words import speaker

__all__ = ["Problems"]

say = speaker("app_tables")

MOST = 50
FEW = 5


class Problems:
    """The list; go : to a (table, row, column)."""

    def __init__(self, lang: str, go: Callable[[str, int | None, str], None]) -> None:
        self.lang, self._go = lang, go
        self._shown: tuple[DraftProblem, ...] = ()
        self.element = ui.element("div").classes("notice bad tables-problems")
        self.element.set_visibility(False)
        with self.element:
            self.count = text("", "p", "strong").props("role=status")
            self.list = ui.element("ul")
            self.more = ui.button(on_click=self._open).props("flat dense no-caps")
        self._most = FEW

    def show(self, problems: Sequence[DraftProblem]) -> None:
        """Show what is wrong by now."""
        if tuple(problems) != self._shown:
            self._shown = tuple(problems)
            self._draw()

    def _draw(self) -> None:
        problems = self._shown
        self.element.set_visibility(bool(problems))
        self.count.set_text(say("to_mend", self.lang, n=len(problems)))
        self.list.clear()
        with self.list:
            for one in problems[: self._most]:
                with ui.element("li"):
                    button = ui.element("button").props("type=button").classes("tables-goto")
                    with button:
                        text(sentence(one, self.lang), "span")
                    column = one.column.partition(", ")[0]
                    button.on("click", lambda _, p=one, c=column: self._go(p.table, p.row, c))
        rest = len(problems) - self._most
        self.more.set_visibility(rest > 0)
        self.more.set_text(say("more", self.lang, n=rest))

    def _open(self) -> None:
        self._most = MOST if self._most == FEW else self._most + MOST
        self._draw()
