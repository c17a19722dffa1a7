"""A workbook → a container of tables as text, each cell known by its place."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.errors import Problem
from tenbin.inputs.cells import tidy, to_text
from tenbin.inputs.containers import Container, RawTable, SheetPlaces, forbidden_character, nest
from tenbin.inputs.words import nearest, shown
from tenbin.words import saying
from tenbin.workbooks import looks
from tenbin.workbooks.guard import Checked, guard
from tenbin.workbooks.layout import DERIVED, OWN_SHEETS, SHEETS, columns, folded, names_of_columns, names_of_sheets

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

__all__ = ["Cell", "open_workbook", "opened", "rows_of"]

said = saying("workbook")

MOST_ROWS = 50_000
MOST_COLUMNS = 100
LAST_ROW = 1 << 20
LOOKED_AT = 1000
SHOWN_MERGES = 20
TITLES = 8
"""So many filled rows may stand above a table's headings."""
LEFT_ALONE = re.compile(r"notes?\b|memo|_|#|メモ|備考|注記", re.IGNORECASE)
"""Visible sheets that a user keeps for themselves."""

DATES = range(36_526, 73_051)
"""What a typed 1/10 becomes in a cell that is no date: the number of a day from 2000 to 2099."""

Cell = tuple[str, str]
"""A cell's text, and its kind: ``""``, ``formula`` or ``error``."""


@contextmanager
def opened(path: Path, label: str, problems: list[Problem]) -> Iterator[tuple[Workbook, Checked] | None]:
    """A workbook to read from the front, guarded; None, with a problem, when it cannot be opened."""
    checked = guard(path, label, problems)
    if not checked.is_fine:
        yield None
        return
    book = _load(path, label, problems)
    try:
        yield None if book is None else (book, checked)
    finally:
        if book is not None:
            book.close()


def _load(path: Path, label: str, problems: list[Problem]) -> Workbook | None:
    from tenbin.workbooks.rows import open_rows

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that it leaves out: nothing that is read here
            return open_rows(path)
    except Exception:  # a damaged file ends in whatever its parts do to the parser
        problems.append(Problem(label, 0, "", said("must_workbook"), said("got_damaged"), said("do_save_again")))
        return None


def open_workbook(path: Path, label: str, wanted: Collection[str]) -> Container:
    """Read the wanted tables, and the settings where all tables are wanted.

    Parameters
    ----------
    label : the workbook in messages; a table's is ``<label> <sheet>``.
    """
    container = Container(path.stem, prefix=f"{label} ")
    with opened(path, label, container.problems) as found:
        if found is None:
            return container
        book, checked = found
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                _read(book, checked, label, wanted, container)
        except Exception:
            container.problems.append(Problem(label, 0, "", said("must_workbook"), said("got_damaged"), said("do_save_again")))
            return container
    container.folder = path.resolve().parent
    return container


def _read(book: Workbook, checked: Checked, label: str, wanted: Collection[str], container: Container) -> None:
    problems = container.problems
    seen: dict[str, str] = {}
    with_settings = "scenarios" in wanted
    container.settings_label = f"{label} case"
    for sheet in book.worksheets:
        title = sheet.title
        name = names_of_sheets().get(folded(title))
        place = f"{label} {shown(title)}"
        if name is None:
            if sheet.sheet_state == "visible" and not LEFT_ALONE.match(tidy(title)) and _is_filled(sheet):
                remedy = said("do_rename_sheet", nearest=nearest(title, (*SHEETS, "case")))
                problems.append(Problem(place, 0, "", said("must_sheet_name"), shown(title), remedy))
            continue
        if name in OWN_SHEETS or (name not in wanted and not (with_settings and name == "case")):
            continue
        if name in seen:
            remedy = said("do_delete_sheet")
            problems.append(Problem(place, 0, "", said("must_sheet_once"), said("got_also", title=seen[name]), remedy))
            continue
        seen[name] = title
        _merges(sheet, checked, place, problems)
        table, places = _table(sheet, name, place, problems)
        container.places[place] = places
        if name == "case":
            container.settings_label = place
            _settings(table, container, places)
        else:
            container.tables[name] = table
    if with_settings and "case" not in seen:  # day rate, currency and the rest are not to be guessed
        problems.append(Problem(f"{label} case", 0, "", said("must_there"), said("got_no_sheet"), said("do_add_sheet")))
        container.has_settings = False


def _is_filled(sheet: Any) -> bool:
    return next(rows_of(sheet, LOOKED_AT), None) is not None


def _merges(sheet: Any, checked: Checked, place: str, problems: list[Problem]) -> None:
    for cells in checked.merged.get(str(sheet._worksheet_path).lstrip("/"), [])[:SHOWN_MERGES]:
        first = re.search(r"[0-9]+", cells)
        row = int(first[0]) if first else 0
        problems.append(Problem(place, row, "", said("must_unmerged"), cells, said("do_unmerge"), cell=cells))


def rows_of(sheet: Any, last: int = LAST_ROW) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The filled rows of a sheet with their numbers, from the front; each cell as text, up to the last that is filled."""
    from tenbin.workbooks.rows import sparse_rows

    for number, row in sparse_rows(sheet):
        if number > last:
            return
        filled = {cell["column"]: cell for cell in row if cell["value"] is not None and 0 < cell["column"] <= MOST_COLUMNS}
        if filled:
            yield number, tuple(_cell(filled[n]) if n in filled else ("", "") for n in range(1, max(filled) + 1))


def _cell(cell: Mapping[str, Any]) -> Cell:
    value, kind = cell["value"], cell["data_type"]
    if kind == "f":
        return shown(getattr(value, "text", None) or value), "formula"
    if kind == "e":
        return shown(value), "error"
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat(), ""
    return looks.read_text(to_text(value)), ""


def _table(sheet: Any, name: str, place: str, problems: list[Problem]) -> tuple[RawTable, SheetPlaces]:
    from openpyxl.utils import get_column_letter

    rows = rows_of(sheet)
    head, visible, held = _head(name, list(islice(rows, TITLES + 2)))
    kept = [n for n in range(len(head)) if head[n] and not head[n].startswith(DERIVED)]
    letters = {head[n]: get_column_letter(n + 1) for n in reversed(kept)}
    unnamed: set[int] = set()
    places = SheetPlaces(letters, visible, letters.get("value", "") if name == "case" else "")
    known = {column.key: column for column in columns(name)}
    body: list[tuple[int, tuple[str, ...]]] = []

    def take(number: int, cells: Sequence[Cell]) -> None:
        texts = []
        for n, (text, _) in enumerate(cells):
            if text.strip() and n not in unnamed and (n >= len(head) or not head[n]):
                unnamed.add(n)  # the first of its column is told
                cell = f"{get_column_letter(n + 1)}{number}"
                problems.append(Problem(place, number, "", said("must_heading"), shown(text), said("do_heading"), cell=cell))
        for n in kept:
            text, kind = cells[n] if n < len(cells) else ("", "")
            key = head[n]
            texts.append(text if not kind else "")
            column = known.get(key)
            if key.startswith("frequency") and text.isdigit() and int(text) in DATES:
                from openpyxl.utils.datetime import from_excel

                texts[-1] = str(from_excel(int(text)))[:10]  # so that it is told as the date that was meant as a fraction
            problem = _bad(text, kind)
            if problem is not None:
                rule, remedy, got = problem
                cell = f"{get_column_letter(n + 1)}{number}"
                problems.append(Problem(place, number, column.key if column else shown(key), rule, got, remedy, cell=cell))
                texts[-1] = ""
        if any(text.strip() for text in texts) or any(cells[n][1] for n in kept if n < len(cells)):
            body.append((number, tuple(texts)))

    for number, cells in held:
        take(number, cells)
    for number, cells in rows:
        if len(body) >= MOST_ROWS:
            problems.append(
                Problem(place, number, "", said("must_rows", n=f"{MOST_ROWS:,}"), said("got_more"), said("do_folder"))
            )
            return RawTable(place, is_readable=False), places
        take(number, cells)
    return RawTable(place, tuple(head[n] for n in kept), tuple(body)), places


def _bad(text: str, kind: str) -> tuple[str, str, str] | None:
    if kind == "formula":
        return said("must_no_formula"), said("do_paste_value"), text
    if kind == "error":
        return said("must_no_error"), said("do_fill_again"), text
    if character := forbidden_character(text):
        return said("must_plain_text"), said("do_delete_character"), character
    return None


Row = tuple[int, tuple[Cell, ...]]


def _head(name: str, rows: Sequence[Row]) -> tuple[list[str], int, list[Row]]:
    """The columns' keys, the row that people see them named in, and which of the first rows are data.

    Keys may stand in one row and headings in the next; or either alone; titles may stand above them. The head is the first
    row in which most cells are names of columns; without one the row with most of them.
    """
    known = names_of_columns(name)
    if not rows:
        return [], 1, []

    def read(row: Row) -> tuple[list[str], int]:
        texts = [text.strip() for text, _ in row[1]]
        keys = [known.get(folded(text), tidy(text)) if text else "" for text in texts]
        return keys, sum(1 for text in texts if text and folded(text) in known)

    def is_head(keys: Sequence[str], hits: int) -> bool:
        return hits * 2 > sum(1 for key in keys if key)

    heads = [read(row) for row in rows]
    tried = range(min(len(rows), TITLES + 1))
    at = next((n for n in tried if is_head(*heads[n])), max(tried, key=lambda n: (heads[n][1], -n)))
    keys = heads[at][0]
    if heads[at][1] and at + 1 < len(rows) and is_head(*heads[at + 1]):
        below = heads[at + 1][0]
        merged = [key or (below[n] if n < len(below) else "") for n, key in enumerate(keys)] + below[len(keys) :]
        return merged, rows[at + 1][0], list(rows[at + 2 :])
    return keys, rows[at][0], list(rows[at + 1 :])


def _settings(table: RawTable, container: Container, places: SheetPlaces) -> None:
    place, problems = table.label, container.problems
    header = list(table.header)
    container.has_settings = table.is_readable
    for key in ("key", "value"):
        if table.is_readable and key not in header:
            problems.append(Problem(place, 1, key, said("must_there"), said("got_no_column"), said("do_add_column")))
            container.has_settings = False
    for key in sorted({key for key in header if key and key not in ("key", "value")}):
        problems.append(Problem(place, 1, shown(key), said("must_key_value"), shown(key), said("do_delete_column")))
    if not container.has_settings:
        return
    pairs: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, cells in table.rows:
        key, value = tidy(cells[header.index("key")]), cells[header.index("value")]
        cell = f"{places.letters['key']}{number}"
        if not value.strip():
            continue
        if not key:
            problems.append(
                Problem(place, number, "key", said("must_filled"), said("got_blank"), said("do_name_it"), cell=cell)
            )
        elif key in pairs:
            remedy = said("do_delete_one", row=lines[key])
            problems.append(Problem(place, number, "key", said("must_once"), shown(key), remedy, cell=cell))
        else:
            pairs[key], lines[key] = value, number
    container.settings, container.lines = nest(pairs.items()), lines
