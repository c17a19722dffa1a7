"""What the sheets of a results workbook are written with: formats, and cells where text is always text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tenbin.reporting.palette import INK, PANEL, RULE, SECONDARY
from tenbin.reporting.report.voice import Voice
from tenbin.words import speaker
from tenbin.workbooks.layout import sheet_title
from tenbin.workbooks.looks import LONGEST, NO_XML, lines_of

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["Column", "Paper"]

say = speaker("workbook")

AMOUNT = '#,##0;"−"#,##0'
FORMATS = {
    "amount": AMOUNT,
    "count": "#,##0",
    "days": "#,##0.#",
    "share": "0.00%",
    "whole_share": "0%",
    "rate": "0.0###",
    "date": "yyyy-mm-dd",
}
MILLIONS_FROM = 2e6
TENTHS_BELOW = 1e7
"""Below it a chart's steps may be less than a million."""
RIGHT = frozenset(("amount", "count", "days", "share", "whole_share", "rate"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading's key, how its cells are shown (``text`` or a number's), its width."""

    key: str
    kind: str = "text"
    width: float = 14


@dataclass(slots=True)
class Paper:
    """A workbook that is being written, in one language and one currency, in the accent of a brand."""

    book: Workbook
    voice: Voice
    accent: str
    formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return self.voice.lang

    @property
    def face(self) -> str:
        return "Yu Gothic" if self.lang == "ja" else "Arial"

    @property
    def currency(self) -> str:
        """The currency as texts name it."""
        return self.say("res_yen") if self.voice.currency == "JPY" else self.voice.currency

    def say(self, key: str, **values: object) -> str:
        """Words of the workbook."""
        return say(key, self.lang, **values)

    def style(self, **more: Any) -> Format:
        """A format, made once."""
        wanted = {"font_name": self.face, "font_size": 10, "font_color": INK, "valign": "vcenter", **more}
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(wanted)
        return self.formats[key]

    def cell_style(self, kind: str, **more: Any) -> Format:
        """Of a table's cell."""
        wanted: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
        if kind in FORMATS:
            wanted["num_format"] = FORMATS[kind]
        wanted["align"] = "right" if kind in RIGHT else "left"
        wanted["indent"] = 0 if kind in RIGHT else 1
        if kind == "long":
            wanted["text_wrap"] = True
        return self.style(**{**wanted, **more})

    def sheet(self, name: str, widths: Sequence[float] = ()) -> Worksheet:
        """A new sheet, A4 across, without gridlines."""
        sheet = self.book.add_worksheet(sheet_title(name, self.lang))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for n, width in enumerate(widths):
            sheet.set_column(n, n, width, self.style())
        return sheet

    def put(self, sheet: Worksheet, row: int, column: int, value: object, style: Format | None = None) -> None:
        """A cell: text as text whatever it looks like, numbers as numbers, None as a blank one."""
        style = style or self.style()
        if value is None or value == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            text = NO_XML.sub("\ufffd", str(value))
            sheet.write_string(row, column, text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…", style)
        else:
            sheet.write_number(row, column, value, style)

    def title(self, sheet: Worksheet, text: str, lead: str = "", row: int = 0) -> int:
        """A sheet's heading and a line below; the next free row."""
        sheet.set_row(row, 26)
        self.put(sheet, row, 0, text, self.style(font_size=16, bold=True))
        if lead:
            self.put(sheet, row + 1, 0, lead, self.style(font_color=SECONDARY))
        return row + (3 if lead else 2)

    def section(self, sheet: Worksheet, row: int, text: str) -> int:
        """A heading within a sheet; the next row."""
        self.put(sheet, row, 0, text, self.style(bold=True, font_size=12, font_color=self.accent))
        return row + 1

    def head(self, sheet: Worksheet, row: int, columns: Sequence[Column], first: int = 0) -> int:
        """Headings; the next row."""
        sheet.set_row(row, 32)
        for n, column in enumerate(columns, start=first):
            align = "right" if column.kind in RIGHT else "left"
            look = {"bg_color": PANEL, "bottom": 1, "bottom_color": SECONDARY, "align": align, "indent": int(align == "left")}
            style = self.style(bold=True, text_wrap=True, **look)
            self.put(sheet, row, n, self.say(f"res_{column.key}"), style)
        return row + 1

    def table(
        self,
        sheet: Worksheet,
        row: int,
        columns: Sequence[Column],
        rows: Iterable[Sequence[object]],
        first: int = 0,
        with_widths: bool = True,
    ) -> int:
        """A table from a row on; the row after its last."""
        if with_widths:
            for n, column in enumerate(columns, start=first):
                sheet.set_column(n, n, column.width, self.style())
        row = self.head(sheet, row, columns, first)
        for record in rows:
            for n, (column, value) in enumerate(zip(columns, record, strict=True), start=first):
                self.put(sheet, row, n, value, self.cell_style(column.kind))
            if any(column.kind == "long" for column in columns):
                sheet.set_row(row, self.height(columns, record))
            row += 1
        return row

    def height(self, columns: Sequence[Column], record: Sequence[object]) -> float:
        """Of a row whose long cells are wrapped."""
        cells = zip(columns, record, strict=True)
        lines = (
            lines_of(value[:LONGEST], column.width)
            for column, value in cells
            if column.kind == "long" and isinstance(value, str)
        )
        return min(14.0 * max(lines, default=1) + 4, 400.0)

    def amounts(self, name: str, largest: float) -> dict[str, Any]:
        """An axis of amounts from 0, in thousands or millions of the currency as its largest asks for; its title says which."""
        unit, places = ("million", ",,") if largest >= MILLIONS_FROM else ("thousand", ",")
        digits = "#,##0.0" if unit == "million" and largest < TENTHS_BELOW else "#,##0"
        title = self.say("res_axis_in", name=name, unit=self.say(f"res_{unit}", currency=self.currency))
        return {"name": title, "num_format": f'{digits}{places};"−"{digits}{places}', "min": 0}

    def chart(self, kind: str, subtype: str = "") -> Chart:
        """A new chart of Excel's own."""
        options = {"type": kind, **({"subtype": subtype} if subtype else {})}
        chart = self.book.add_chart(options)
        assert chart is not None
        return chart

    def draw(
        self, chart: Any, sheet: Worksheet, place: str, title: str, x: dict[str, Any], y: dict[str, Any], **more: Any
    ) -> None:
        """Finish a chart and put it on a sheet; ``x`` and ``y`` are XlsxWriter's settings of the axes."""
        font = {"name": self.face, "size": 9, "color": SECONDARY}
        plain = {"name_font": {**font, "bold": False}, "num_font": font, "line": {"color": SECONDARY}}
        chart.set_title({"name": title, "name_font": {"name": self.face, "size": 11, "color": INK}, "overlay": False})
        chart.set_x_axis({"major_gridlines": {"visible": False}, **plain, **x})
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": RULE}}, **plain, **y})
        chart.set_legend({"position": "bottom", "font": font, **more.pop("legend", {})})
        chart.set_size({"width": more.pop("width", 720), "height": more.pop("height", 380)})
        chart.set_chartarea({"border": {"none": True}})
        sheet.insert_chart(place, chart, {"description": title, "object_position": 2})
