"""How our sheets look, and how a cell is filled so that text stays text."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from tenbin.reporting.palette import INK, PANEL, RESIDUAL, RULE, SECONDARY
from tenbin.workbooks.layout import Kind

if TYPE_CHECKING:
    from openpyxl.styles import Alignment, Border, Font, PatternFill
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "FORMATS",
    "LONGEST",
    "argb",
    "body_font",
    "fill",
    "fill_cell",
    "font",
    "heading",
    "lines_of",
    "link_to",
    "on_one_line",
    "on_paper",
    "read_text",
    "rule_below",
    "safe_text",
    "starts_like_a_formula",
    "wrapped",
]

LONGEST = 32_767
FORMATS = {
    Kind.TEXT: "@",
    Kind.PROSE: "@",
    Kind.AMOUNT: "#,##0",
    Kind.SHARE: "0.0%",
    Kind.RATE: "0.0###",
    Kind.NUMBER: "0.##",
    Kind.WHOLE: "0",
    Kind.DATE: "yyyy-mm-dd",
}
DERIVED_FILL = "#ECEEEF"
ESCAPED = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
ESCAPE = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'", "＝", "＋", "－", "＠")


def argb(colour: str) -> str:
    """``#RRGGBB`` as openpyxl writes it."""
    return f"FF{colour.removeprefix('#')}"


def _face(lang: str) -> str:
    return "Yu Gothic" if lang == "ja" else "Arial"


def font(lang: str, size: float = 10, bold: bool = False, colour: str = INK) -> Font:
    """The typeface that Excel has for both scripts."""
    from openpyxl.styles import Font

    return Font(name=_face(lang), size=size, bold=bold, color=argb(colour))


def body_font(lang: str, derived: bool = False) -> Font:
    """Of a table's cells."""
    return font(lang, colour=SECONDARY if derived else INK)


def fill(colour: str) -> PatternFill:
    """A plain ground."""
    from openpyxl.styles import PatternFill

    return PatternFill("solid", fgColor=argb(colour))


def rule_below(colour: str = RULE) -> Border:
    """A thin line."""
    from openpyxl.styles import Border, Side

    return Border(bottom=Side("thin", color=argb(colour)))


def wrapped(vertical: str = "top", horizontal: str | None = None) -> Alignment:
    """Text that may take several lines."""
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical=vertical, horizontal=horizontal)


def lines_of(text: str, width: float) -> int:
    """How many lines wrapped text takes in a column: no spreadsheet works out a row's height before somebody edits it."""

    def wide(line: str) -> int:
        return sum(2 if ord(character) > 0x2E80 else 1 for character in line)

    return sum(max(1, -(-wide(line) // max(int(width) - 2, 1))) for line in text.split("\n"))


def on_one_line(horizontal: str) -> Alignment:
    """Text of a table's row: rows are as high as one line, whatever stands in them."""
    from openpyxl.styles import Alignment

    return Alignment(vertical="center", horizontal=horizontal)


def on_paper(sheet: Worksheet, pages: int = 1) -> None:
    """A4 across; the sheet is so many pages wide."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = max(pages, 1)
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def heading(cell: Any, lang: str, kind: str) -> None:
    """Draw a heading: ``required``, ``optional`` or ``derived``."""
    ground, ink = {"required": (RESIDUAL, "#FFFFFF"), "optional": (PANEL, INK), "derived": (DERIVED_FILL, SECONDARY)}[kind]
    cell.fill, cell.font, cell.alignment = fill(ground), font(lang, bold=True, colour=ink), wrapped("center")
    cell.border = rule_below(SECONDARY)


def starts_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet might take it for one."""
    return text.startswith(FORMULA)


def safe_text(text: str) -> str:
    """Text as a part of XML can hold it, and as Excel does not take it for an escape of its own."""
    return ESCAPED.sub("_x005F_x", NO_XML.sub("\ufffd", text))


def read_text(text: str) -> str:
    """A cell's text as it was before ``safe_text`` or Excel escaped it; openpyxl does so for shared strings alone."""
    return ESCAPE.sub("_", text)


def link_to(cell: Any, place: str) -> None:
    """Let a cell lead to a place of the same workbook (``'sheet'!A1``): within it, not as an address of the web."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place)


def fill_cell(cell: Any, value: object) -> None:
    """Put a value in: text stays text whatever it looks like, numbers and dates are such."""
    if isinstance(value, str):
        cell.value = safe_text(value)
        cell.data_type = "s"
        if starts_like_a_formula(value):
            cell.quotePrefix = True
    elif isinstance(value, int | float | date):
        cell.value = value
        if isinstance(value, float) and float(f"{value:.16g}") != value:
            cell._value = repr(value)  # openpyxl writes sixteen digits; a few numbers need a seventeenth
