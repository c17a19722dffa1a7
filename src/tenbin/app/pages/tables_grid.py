"""A table as a grid: every row, edited in place, with what is wrong marked at its cell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import events, ui

from tenbin.app.pages.tables_columns import About, Titles, table_title
from tenbin.words import speaker
from tenbin.workbooks.layout import WIDTHS, Kind

__all__ = ["Grid", "Held"]

say = speaker("app_tables")

ROW_HEIGHT = 32
MOST_SHOWN = 40
"""So many rows are seen at once, on a screen that is high enough; the others are scrolled to."""
RIGHT = (Kind.AMOUNT, Kind.SHARE, Kind.RATE, Kind.NUMBER, Kind.WHOLE)
PIXELS = 8

MARKED = """(params) => {
  const cell = params.eGridCell, words = params.data.bad[params.colDef.field];
  if (words) { cell.setAttribute("aria-invalid", "true"); cell.setAttribute("aria-description", words); }
  else { cell.removeAttribute("aria-invalid"); cell.removeAttribute("aria-description"); }
  return document.createTextNode(params.value ?? "");
}"""
"""A cell's text, always as text; what is wrong with it as the cell's description."""
ONE_LINE = r"(params) => !/[\r\n]/.test(params.value ?? '')"
"""A text of several lines is edited in the form: a box of one line would join them."""
FOLLOWED = """(event) => {
  const node = event.rowIndex === null ? null : event.api.getDisplayedRowAtIndex(event.rowIndex);
  if (node && !node.isSelected()) node.setSelected(true, true);
}"""
"""The row that the focus is in is the one that the form shows."""
FOCUSED = """(event) => {
  const row = event.target.closest("[row-id]");
  if (row) emit(row.getAttribute("row-id"));
}"""
TYPED = """(event) => {
  const cell = event.target.closest("[col-id]"), row = event.target.closest("[row-id]");
  if (cell && row) emit(row.getAttribute("row-id"), cell.getAttribute("col-id"), event.target.value);
}"""
LEFT_ALONE = """(params) => {
  const { isComposing, keyCode, ctrlKey, metaKey, key } = params.event;
  return isComposing || keyCode === 229 || ((ctrlKey || metaKey) && "zyZY".includes(key)) || (key === " " && !params.editing);
}"""
"""Keys that the grid leaves alone: those of an input method at work, undo, and the one that would unchoose a row."""


@dataclass(frozen=True, slots=True)
class Held:
    """A table as it is kept: its columns' names, its rows, what is wrong by row and column ("" is the row itself), what ids are called."""

    table: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bad: Mapping[int, Mapping[str, str]]
    titles: Titles


class Grid:
    """The grid of one table.

    on_select : a row, by its number. on_typed : (row, column, text) as somebody types. on_put : (row, column, text before, text) once it
    is typed.
    """

    def __init__(
        self,
        lang: str,
        *,
        on_select: Callable[[int], None],
        on_typed: Callable[[int, str, str], None],
        on_put: Callable[[int, str, str, str], Awaitable[None]],
    ) -> None:
        self.lang, self._on_select, self._on_typed, self._on_put = lang, on_select, on_typed, on_put
        self.place = ui.element("div").classes("tables-grid")
        self.columns: list[About] = []
        self._rows: list[dict[str, Any]] = []
        self._held: Held | None = None
        self._fields: dict[str, str] = {}
        self._filter = ""
        self.element: ui.aggrid | None = None

    def draw(self, held: Held, columns: Sequence[About], chosen: int | None = None) -> None:
        """Draw a table anew: another one, or one with other columns; chosen : its chosen row."""
        self.columns = list(columns)
        self._fields = {about.key: f"c{n}" for n, about in enumerate(columns)}
        self._held = None
        self._rows = self._records(held)
        self.place.clear()
        options = {
            "columnDefs": self._definitions(),
            "defaultColDef": {
                ":cellRenderer": MARKED,
                ":tooltipValueGetter": "(params) => params.data?.bad[params.colDef?.field]",
                ":suppressKeyboardEvent": LEFT_ALONE,
                "sortable": False,
                "resizable": True,
                "suppressMovable": True,
                "suppressHeaderMenuButton": True,
                "cellDataType": "text",
            },
            "rowData": self._rows,
            ":getRowId": "(params) => params.data.n",
            "rowHeight": ROW_HEIGHT,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": False},
            ":onCellFocused": FOLLOWED,
            "stopEditingWhenCellsLoseFocus": True,
            "enterNavigatesVerticallyAfterEdit": True,
            "singleClickEdit": False,
            "ensureDomOrder": True,
            "suppressColumnVirtualisation": True,
            "animateRows": False,
            "enableCellTextSelection": False,
            "quickFilterText": self._filter,
            ":onFirstDataRendered": f"(event) => event.api.getRowNode('{chosen}')?.setSelected(true)",
            "localeText": {
                "noRowsToShow": say("no_rows", self.lang),
                "noMatchingRows": say("no_matches", self.lang),
                **dict.fromkeys(
                    ("ariaRowSelect", "ariaRowDeselect", "ariaRowToggleSelection"), say("shown_in_form", self.lang)
                ),
            },
        }
        with self.place:
            self.element = ui.aggrid(options, auto_size_columns=False).classes("tables-ag")
            self.element.props["aria-label"] = table_title(held.table, self.lang)
        self.element.on("focusin", self._focused, js_handler=FOCUSED)
        self.element.on("cellValueChanged", self._changed, ["rowId", "colId", "oldValue", "newValue"])
        self.element.on("input", self._typed, js_handler=TYPED, throttle=0.05)
        self._fit()

    def _definitions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {"field": "no", "headerName": say("row", self.lang), "width": 64, "pinned": "left", "cellClass": "tables-no"}
        ]
        for about in self.columns:
            star = "* " if about.is_required else ""
            width = WIDTHS.get(about.kind, 13) * PIXELS
            found.append(
                {
                    "field": self._fields[about.key],
                    "headerName": star + about.label,
                    "headerTooltip": about.help,
                    "width": max(width, 24 + min(len(about.label) + len(star), 26) * (13 if self.lang == "ja" else 7)),
                    ":editable": ONE_LINE,
                    "cellClass": "r" if about.kind in RIGHT else "",
                }
            )
            if about.has_title:
                name = say("called", self.lang)
                found.append(
                    {"field": f"t{self._fields[about.key]}", "headerName": name, "width": 240, "cellClass": "tables-said"}
                )
        return found

    def _records(self, held: Held) -> list[dict[str, Any]]:
        """What the grid is given; rows that are the very same as before are not worked out again."""
        before, records = self._held, self._rows
        self._held = held
        reusable = 0
        if before is not None and (before.table, before.header, before.titles) == (held.table, held.header, held.titles):
            reusable = min(len(before.rows), len(held.rows), len(records))
        titled = {self._fields[about.key]: about.key for about in self.columns if about.has_title}
        places = [(name, held.header.index(key)) for key, name in self._fields.items() if key in held.header]
        empty = dict.fromkeys(self._fields.values(), "")
        found = []
        for n, row in enumerate(held.rows):
            if n < reusable and before is not None and before.rows[n] is row and before.bad.get(n) == held.bad.get(n):
                found.append(records[n])
                continue
            record: dict[str, Any] = {"n": str(n), "no": n + 1, **empty}
            record |= {name: row[at] for name, at in places if at < len(row)}
            record |= {f"t{name}": held.titles.title(held.table, key, record[name]) for name, key in titled.items()}
            record["bad"] = {self._fields.get(key, "no"): words for key, words in held.bad.get(n, {}).items()}
            found.append(record)
        return found

    def show(self, held: Held) -> None:
        """Show what has changed of the same table with the same columns."""
        if self.element is None:
            return
        before, self._rows = self._rows, self._records(held)
        if len(before) == len(self._rows):
            changed = [new for old, new in zip(before, self._rows, strict=True) if new is not old and new != old]
            if not changed:
                return
            self.element.run_grid_method("applyTransaction", {"update": changed})
        else:
            self.element.run_grid_method("setGridOption", "rowData", self._rows)
            self._fit()
        self.element.run_grid_method("refreshCells", {"force": True})

    def _fit(self) -> None:
        """As high as its rows; beyond some it scrolls."""
        shown = min(max(len(self._rows), 2), MOST_SHOWN)
        assert self.element is not None
        self.element.style(f"height: {shown * ROW_HEIGHT + 66}px")

    def filter(self, text: str) -> None:
        """Show only the rows that have every word of a text."""
        self._filter = text
        if self.element is not None:
            self.element.run_grid_method("setGridOption", "quickFilterText", text)

    def go_to(self, row: int, column: str = "") -> None:
        """Put the focus on a cell."""
        if self.element is None or not 0 <= row < len(self._rows):
            return
        field = self._fields.get(column) or next(iter(self._fields.values()), "no")
        if self._filter:
            self.filter("")
        self.element.run_grid_method("ensureIndexVisible", row)
        self.element.run_grid_method("ensureColumnVisible", field)
        self.element.run_grid_method("setFocusedCell", row, field)

    # what is done in it

    def _key(self, field: str) -> str | None:
        return next((key for key, name in self._fields.items() if name == field), None)

    def _focused(self, event: events.GenericEventArguments) -> None:
        if str(event.args).isdigit() and int(event.args) < len(self._rows):
            self._on_select(int(event.args))

    def _typed(self, event: events.GenericEventArguments) -> None:
        row, field, text = event.args
        key = self._key(str(field))
        if key is not None and str(row).isdigit():
            self._on_typed(int(row), key, str(text))

    async def _changed(self, event: events.GenericEventArguments) -> None:
        args = event.args
        key = self._key(str(args.get("colId")))
        if key is not None and str(args.get("rowId")).isdigit():
            before, text = (str(args.get(name) or "") for name in ("oldValue", "newValue"))
            row = int(args["rowId"])
            if row < len(self._rows):
                self._rows[row] = {**self._rows[row], self._fields[key]: text}  # the grid shows it already
            await self._on_put(row, key, before, text)
