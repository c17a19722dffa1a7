"""A case → its workbook: a sheet per table, what each column means, what may be typed, what is worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.errors import InputError, Problem
from tenbin.inputs.reading import WORKBOOK
from tenbin.inputs.schema import SETTINGS, TABLES
from tenbin.inputs.writing import files_beside, write_tables
from tenbin.interview import Answers
from tenbin.model import Case
from tenbin.words import saying, speaker
from tenbin.workbooks import looks
from tenbin.workbooks.files import save_book
from tenbin.workbooks.formulas import derived_formula
from tenbin.workbooks.guide import write_guide
from tenbin.workbooks.interview_sheet import answer_lists, write_interview
from tenbin.workbooks.layout import (
    LAST_ROW,
    SHEETS,
    SPARE,
    Col,
    Kind,
    columns,
    is_required,
    note_of,
    setting_help,
    setting_label,
    sheet_title,
    visible_label,
)
from tenbin.workbooks.lists import Lists, write_lists

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["book_of", "write_workbook"]

say = speaker("workbook")
said = saying("workbook")

FIRST = 3
"""The first row of data: above it the keys, hidden, and the headings."""
PAPER_WIDTH = 180
"""So many characters across a page of A4 can still be read."""
RIGHT = (Kind.AMOUNT, Kind.SHARE, Kind.RATE, Kind.NUMBER, Kind.WHOLE)
SETTING_FORMATS = {
    "organisation.annual_revenue": "#,##0",
    "organisation.cash_reserve": "#,##0",
    "organisation.day_rate": "#,##0",
    "organisation.employees": "#,##0",
    "study.n_trials": "#,##0",
    "study.discount_rate": "0.0%",
}


def book_of(target: Path) -> Path:
    """The workbook that a target means: itself, or ``case.xlsx`` in a folder."""
    return target if target.suffix.lower() == ".xlsx" else target / WORKBOOK


def write_workbook(case: Case, path: str | Path, lang: str, answers: Answers | None = None) -> Path:
    """Write a case as a workbook that people fill in; ``tenbin.load`` reads it back to an equal case.

    Parameters
    ----------
    path : a new file that ends in ``.xlsx``. A user's own catalogue and a logo are written beside it.
    lang : ``ja`` or ``en``: of the sheets' names, and which language comes first in headings and notes.
    answers : of the interview that the case was made from; they fill its sheet.

    Raises
    ------
    InputError : when something is there already, the place cannot be written, or a cell would hold too much.
    """
    from openpyxl import Workbook

    path = Path(path)
    tables = write_tables(case)
    settings: dict[str, Any] = tables.pop("case")
    beside = files_beside(case, settings)
    _check_lengths(tables, settings, path.name)
    _check_beside(beside, path)
    book = Workbook()
    book.remove(book.worksheets[0])
    lists = Lists.of(case, lang, answer_lists(lang))
    write_interview(book.create_sheet(sheet_title("interview", lang)), lang, lists, answers)
    write_guide(book.create_sheet(sheet_title("guide", lang)), lang, path.name)
    _write_settings(book.create_sheet(sheet_title("case", lang)), settings, lang)
    for name in SHEETS:
        rows = tables[name][1] if name in tables else []
        _write_table(book.create_sheet(sheet_title(name, lang)), name, rows, lists, lang)
    write_lists(book.create_sheet(sheet_title("lists", lang)), lists)
    _dress(book, case, lang)
    save_book(path, book.save)
    for name, content in beside.items():
        (path.parent / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def _check_lengths(tables: Mapping[str, Any], settings: Mapping[str, Any], label: str) -> None:
    problems = [
        Problem(
            f"{label} {name}",
            number,
            column,
            said("must_cell_length"),
            said("got_characters", n=f"{len(value):,}"),
            said("do_shorten"),
        )
        for name, (header, rows) in tables.items()
        for number, row in enumerate(rows, start=FIRST)
        for column, value in zip(header, row, strict=True)
        if isinstance(value, str) and len(looks.safe_text(value)) > looks.LONGEST
    ]
    problems += [
        Problem(
            f"{label} case", 0, key, said("must_cell_length"), said("got_characters", n=f"{len(value):,}"), said("do_shorten")
        )
        for key, value in flat_settings(settings)
        if isinstance(value, str) and len(looks.safe_text(value)) > looks.LONGEST
    ]
    if problems:
        raise InputError(problems)


def _check_beside(beside: Mapping[str, str | bytes], path: Path) -> None:
    """A file of that name may be there when it is the same."""
    problems = []
    for name, content in beside.items():
        there = path.parent / name
        wanted = content if isinstance(content, bytes) else content.encode("utf-8")
        if there.exists() and (not there.is_file() or there.read_bytes() != wanted):
            problems.append(
                Problem(str(there), 0, "", said("must_new_file"), said("got_there_already"), said("do_name_another"))
            )
    if problems:
        raise InputError(problems)


def flat_settings(settings: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Settings by dotted key; lists as text with semicolons."""
    for key, value in settings.items():
        inner = value.items() if isinstance(value, Mapping) else [("", value)]
        for name, one in inner:
            yield f"{key}.{name}" if name else key, "; ".join(map(str, one)) if isinstance(one, list) else one


def _write_settings(sheet: Worksheet, settings: Mapping[str, Any], lang: str) -> None:
    given = dict(flat_settings(settings))
    keys = [*(key for key in SETTINGS if key != "format"), *(key for key in given if key not in SETTINGS)]
    if not any(key.startswith("targets.") for key in keys):
        keys.append("targets.tvar95")
    cols = columns("case")
    _head(sheet, "case", cols, lang)
    for number, key in enumerate(keys, start=FIRST):
        label = "\n".join(filter(None, (setting_label(key, one) for one in _both(lang))))
        about = "\n".join(filter(None, (setting_help(key, one) for one in _both(lang))))
        held = given.get(key, "")
        if key == "study.prices_on" and held:
            held = date.fromisoformat(str(held))
        for place, value in enumerate((label, key, held, about), start=1):
            cell = sheet.cell(number, place)
            looks.fill_cell(cell, value)
            derived = place in (1, 4)
            _body(cell, cols[place - 1], lang)
            cell.alignment = looks.wrapped("center", "left")
            if place == 3:
                is_text = isinstance(value, str)
                cell.number_format = SETTING_FORMATS.get(
                    key, "yyyy-mm-dd" if isinstance(value, date) else "@" if is_text else "General"
                )
            if derived:
                cell.fill = looks.fill(looks.DERIVED_FILL)
        sheet.row_dimensions[number].height = 30
    _finish(sheet, "case", cols, len(keys), lang)


def _both(lang: str) -> tuple[str, str]:
    return (lang, "en" if lang == "ja" else "ja")


def _write_table(sheet: Worksheet, name: str, rows: Sequence[Sequence[object]], lists: Lists, lang: str) -> None:
    cols = columns(name)
    _head(sheet, name, cols, lang)
    own = {column.key: n for n, column in enumerate(cols, start=1)}
    names = list(TABLES[name].columns)
    styles: dict[str, Any] = {}

    def styled(number: int, column: Col) -> Any:
        cell: Any = sheet.cell(number, own[column.key])
        if column.key in styles:
            cell._style = copy(styles[column.key])  # openpyxl would look every part of it up for every cell
        else:
            _body(cell, column, lang)
            styles[column.key] = copy(cell._style)
        return cell

    for number, row in enumerate(rows, start=FIRST):
        for key, value in zip(names, row, strict=True):
            column = cols[own[key] - 1]
            looks.fill_cell(styled(number, column), typed(column.kind, value))
    for column in cols:
        if column.is_derived:
            for number in range(FIRST, FIRST + len(rows) + SPARE):
                styled(number, column).value = derived_formula(name, column.key, number, lang, lists)
    lists.add_choices(sheet, name, cols, FIRST, LAST_ROW, lang)
    _finish(sheet, name, cols, len(rows), lang)


def typed(kind: Kind, value: object) -> object:
    """A table's cell as Excel is to hold it: numbers exactly, dates as dates; None for a blank one."""
    if value == "" or value is None:
        return None
    if kind is Kind.DATE:
        return date.fromisoformat(str(value))
    if kind in RIGHT and isinstance(value, str):
        return float(value)
    return value


def _head(sheet: Worksheet, name: str, cols: Sequence[Col], lang: str) -> None:
    """The row of keys, hidden, and the row of headings with their notes."""
    from openpyxl.comments import Comment

    for n, column in enumerate(cols, start=1):
        looks.fill_cell(sheet.cell(1, n), column.key)
        cell = sheet.cell(2, n)
        looks.fill_cell(cell, visible_label(name, column.key, lang))
        kind = "derived" if column.is_derived else "required" if is_required(name, column.key) else "optional"
        looks.heading(cell, lang, kind)
        note = Comment(note_of(name, column.key, lang), say("mark_author", lang))
        note.width, note.height = 360, 190
        cell.comment = note
    sheet.row_dimensions[1].hidden = True
    lines = max(looks.lines_of(visible_label(name, column.key, lang), column.width) for column in cols)
    sheet.row_dimensions[2].height = max(48, 14 * lines + 6)


def _body(cell: Any, column: Col, lang: str) -> None:
    from openpyxl.styles import Protection

    cell.font = looks.body_font(lang, column.is_derived)
    cell.number_format = "General" if column.is_derived and column.kind is not Kind.AMOUNT else looks.FORMATS[column.kind]
    cell.alignment = looks.on_one_line("right" if column.kind in RIGHT else "left")
    cell.protection = Protection(locked=column.is_derived)
    if column.is_derived:
        cell.fill = looks.fill(looks.DERIVED_FILL)


def _finish(sheet: Worksheet, name: str, cols: Sequence[Col], n_rows: int, lang: str) -> None:
    """Widths, panes, filter, the style of rows to come, protection, and how it prints."""
    from openpyxl.utils import get_column_letter

    for n, column in enumerate(cols, start=1):
        dimension = sheet.column_dimensions[get_column_letter(n)]
        dimension.width = column.width
        _body(dimension, column, lang)
    derived = sum(column.is_derived for column in cols)
    first = 2 if name == "case" else derived
    sheet.freeze_panes = f"{get_column_letter(max(first, 0) + (1 if name == 'case' else 2))}{FIRST}"
    last = get_column_letter(len(cols))
    sheet.auto_filter.ref = f"A2:{last}{FIRST + max(n_rows, 1) + SPARE - 1}"
    guard = sheet.protection
    guard.sheet = True
    for allowed in (
        "formatCells",
        "formatColumns",
        "formatRows",
        "insertRows",
        "insertColumns",
        "insertHyperlinks",
        "deleteRows",
        "deleteColumns",
        "sort",
        "autoFilter",
    ):
        setattr(guard, allowed, False)  # in the format False means: not guarded
    pages = round(sum(column.width for column in cols) / PAPER_WIDTH)
    looks.on_paper(sheet, pages)
    if pages > 1:
        key = get_column_letter(derived + 1)
        sheet.print_title_cols = f"{key}:{key}"
    sheet.print_title_rows = "2:2"
    sheet.print_area = f"A2:{last}{FIRST + max(n_rows, 1) - 1}"
    sheet.sheet_view.zoomScale = 100


def _dress(book: Workbook, case: Case, lang: str) -> None:
    """The book's own properties, and the sheet it opens on."""
    book.active = 0
    book.properties.title = looks.safe_text(case.title(lang))
    book.properties.creator = say("mark_author", lang)
