"""What is wrong with a workbook, marked in a copy of it: cells coloured, the message as a note, a sheet that lists everything."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.errors import Problem
from tenbin.inputs.words import LONGEST_PATH, shown
from tenbin.reporting.palette import INHERENT, PANEL, SECONDARY
from tenbin.words import speaker
from tenbin.workbooks import looks
from tenbin.workbooks.files import save_book
from tenbin.workbooks.guard import MOST_CELLS, guard
from tenbin.workbooks.layout import folded, names_of_sheets, sheet_title
from tenbin.workbooks.lists import quoted

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["mark_problems"]

say = speaker("workbook")

GROUND = "#F6D9CF"
CELL = re.compile(r"([A-Z]{1,3}[0-9]{1,7})(?::[A-Z]{1,3}[0-9]{1,7})?")
HEADS = ("mark_place", "mark_rule", "mark_value", "mark_remedy")
WIDTHS = (34, 44, 34, 60)


def mark_problems(path: Path, problems: Sequence[Problem], lang: str) -> Path | None:
    """Write ``NAME-marked.xlsx`` beside a workbook, over an older one; the workbook itself is not touched.

    Formats, drop-downs and other sheets are kept; pictures and charts are not. None when no problem lies within a workbook that
    can be opened, or it is too large to be written again.

    Raises
    ------
    InputError : when the copy cannot be written.
    """
    from openpyxl import load_workbook

    if guard(path, path.name, []).cells > MOST_CELLS:
        return None
    label = shown(path.name, LONGEST_PATH)
    inside = [problem.within(lang) for problem in problems]
    if not any(problem.file.startswith(f"{label} ") for problem in inside):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path, keep_links=False)
    by_label = {f"{label} {shown(sheet.title)}": sheet for sheet in book.worksheets}
    listed = [name for name in book.sheetnames if names_of_sheets().get(folded(name)) == "problems"]
    for name in listed:
        del book[name]
        by_label.pop(f"{label} {shown(name)}", None)
    found = book.create_sheet(sheet_title("problems", lang), 0)
    book.active = 0
    for sheet in book.worksheets[1:]:
        sheet.sheet_view.tabSelected = False
    _list(found, inside, by_label, label, lang)
    for place in sorted({(p.file, p.cell) for p in inside if p.cell and p.file in by_label}):
        _mark(by_label[place[0]], place[1], [p for p in inside if (p.file, p.cell) == place], lang)
    return save_book(path.with_name(f"{path.stem}-marked.xlsx"), lambda making: _save(book, making), over=True)


def _save(book: Workbook, path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(path)


def _mark(sheet: Worksheet, place: str, problems: Iterable[Problem], lang: str) -> None:
    from openpyxl.comments import Comment

    match = CELL.fullmatch(place)
    if match is None:
        return
    cell: Any = sheet[match[1]]
    texts = [say("mark_comment", lang, rule=p.rule, value=p.value, remedy=p.remedy) for p in problems]
    if cell.comment is not None:
        texts.append(cell.comment.text)
    cell.fill = looks.fill(GROUND)
    note = Comment(looks.safe_text("\n\n".join(texts)), say("mark_author", lang))
    note.width, note.height = 380, 90 + 70 * len(texts)
    cell.comment = note


def _list(sheet: Worksheet, problems: Sequence[Problem], sheets: Mapping[str, Any], label: str, lang: str) -> None:
    from openpyxl.utils import get_column_letter

    sheet.sheet_properties.tabColor = INHERENT.removeprefix("#")
    looks.fill_cell(sheet.cell(1, 1), say("mark_sheet_lead", lang))
    sheet.cell(1, 1).font = looks.font(lang, 12, bold=True)
    for n, (key, width) in enumerate(zip(HEADS, WIDTHS, strict=True), start=1):
        cell = sheet.cell(3, n)
        looks.fill_cell(cell, say(key, lang))
        cell.font, cell.fill, cell.border = looks.font(lang, bold=True), looks.fill(PANEL), looks.rule_below(SECONDARY)
        sheet.column_dimensions[get_column_letter(n)].width = width
    for row, problem in enumerate(problems, start=4):
        place = f"{problem.file}!{problem.cell}" if problem.cell else problem.file
        place = place.removeprefix(f"{label} ")
        texts = (f"{place} {problem.column}".strip(), problem.rule, problem.value, problem.remedy)
        for n, text in enumerate(texts, start=1):
            cell = sheet.cell(row, n)
            looks.fill_cell(cell, str(text))
            cell.font, cell.alignment = looks.font(lang), looks.wrapped()
        target = sheets.get(problem.file)
        if target is not None and target.sheet_state == "visible":
            link = sheet.cell(row, 1)
            first = CELL.fullmatch(problem.cell)
            looks.link_to(link, f"{quoted(target.title)}!{first[1] if first else 'A1'}")
            link.font = looks.font(lang, colour="#1F6F8B")
    sheet.freeze_panes = "A4"
    looks.on_paper(sheet)
