"""The sheet that explains a case's workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenbin.reporting.palette import PANEL, RESIDUAL, SECONDARY
from tenbin.words import speaker
from tenbin.workbooks import looks
from tenbin.workbooks.layout import SHEETS, sheet_title

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["write_guide"]

say = speaker("workbook")

WORDS = ("risk", "bad_year", "inherent", "per_year", "layer")
WIDTH = 62


def write_guide(sheet: Worksheet, lang: str, file: str) -> None:
    """First steps, colours, how to write, the sheets with links, words: this language beside the other."""
    both = (lang, "en" if lang == "ja" else "ja")
    sheet.column_dimensions["A"].width = 4
    sheet.column_dimensions["B"].width = WIDTH
    sheet.column_dimensions["C"].width = WIDTH
    sheet.sheet_view.showGridLines = False
    row = 1

    def line(key: str, size: float = 10, bold: bool = False, **values: str) -> int:
        nonlocal row
        tallest = 1.0
        for n, one in enumerate(both, start=2):
            cell = sheet.cell(row, n)
            text = say(key, one, **values)
            looks.fill_cell(cell, text)
            cell.font = looks.font(lang, size, bold, colour="#1E2326" if n == 2 else SECONDARY)
            cell.alignment = looks.wrapped()
            wide = sum(2 if ord(character) > 0x2E80 else 1 for character in text)
            tallest = max(tallest, -(-wide * size / 10 // (WIDTH - 4)))
        sheet.row_dimensions[row].height = (5 + size) * tallest + 2
        row += 1
        return row - 1

    def section(key: str) -> None:
        nonlocal row
        row += 1
        at = line(key, 12, bold=True)
        for n in (2, 3):
            sheet.cell(at, n).border = looks.rule_below(SECONDARY)

    line("guide_title", 16, bold=True)
    line("guide_lead", 11)
    section("guide_steps")
    for n in range(1, 5):
        line(f"guide_step{n}", file=file)
    section("guide_colours")
    for key, ground in (("required", RESIDUAL), ("optional", PANEL), ("derived", looks.DERIVED_FILL)):
        at = line(f"guide_colour_{key}")
        sheet.cell(at, 1).fill = looks.fill(ground)
        sheet.cell(at, 1).border = looks.rule_below(SECONDARY)
    section("guide_rules")
    for n in range(1, 7):
        line(f"guide_rule{n}")
    section("guide_sheets")
    for name in ("interview", "case", *SHEETS):
        at = line(f"about_sheet_{name}")
        for n, one in enumerate(both, start=2):
            title = sheet_title(name, one)
            looks.fill_cell(
                sheet.cell(at, n),
                f"{title}: {sheet.cell(at, n).value}" if one == "en" else f"{title}：{sheet.cell(at, n).value}",
            )
        looks.link_to(sheet.cell(at, 2), f"'{sheet_title(name, lang)}'!A1")
    section("guide_words")
    for name in WORDS:
        line(f"word_{name}")
    sheet.protection.sheet = True
    looks.on_paper(sheet)
