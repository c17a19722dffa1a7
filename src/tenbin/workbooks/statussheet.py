"""The status of a case's workbook: read as rows, and written into a copy of the workbook."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.inputs.containers import RawTable, SheetPlaces
from tenbin.inputs.schema import TABLES
from tenbin.inputs.words import LONGEST_PATH, shown
from tenbin.words import saying
from tenbin.workbooks import looks
from tenbin.workbooks.files import save_book
from tenbin.workbooks.guard import MOST_CELLS, guard
from tenbin.workbooks.opening import open_workbook

__all__ = ["read_status_sheet", "write_status_copy"]

said = saying("workbook")


def _table(path: Path) -> tuple[RawTable, SheetPlaces]:
    label = shown(path.name, LONGEST_PATH)
    container = open_workbook(path, label, ("status",))
    table = container.tables.get("status")
    if container.problems:
        raise InputError(container.problems)
    if table is None:
        rule = said("must_results", sheet=said("sheet_status"))
        raise InputError([Problem(label, 0, "", rule, said("got_no_sheet"), said("do_check_path"))])
    return table, container.places[table.label]


def read_status_sheet(path: Path) -> list[dict[str, str]]:
    """The rows of a workbook's status, by column.

    Raises
    ------
    InputError : when it cannot be read.
    """
    table, _ = _table(path)
    return [{name: cell for name, cell in zip(table.header, cells, strict=False) if name} for _, cells in table.rows]


def write_status_copy(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write ``NAME-status.xlsx`` beside a workbook, over an older one, with these rows as its status.

    Raises
    ------
    InputError : when it cannot be written.
    """
    from openpyxl import load_workbook

    table, places = _table(path)
    label = shown(path.name, LONGEST_PATH)
    if (cells := guard(path, label, []).cells) > MOST_CELLS:
        rule = said("must_cells", n=f"{MOST_CELLS:,}")
        raise InputError([Problem(label, 0, "", rule, said("got_cells", n=f"{cells:,}"), said("do_folder"))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(path, keep_links=False)
    title = table.label.removeprefix(f"{shown(path.name, LONGEST_PATH)} ")
    sheet: Any = next(sheet for sheet in book.worksheets if shown(sheet.title) == title)
    numbers = [number for number, _ in table.rows]
    free = max([places.header, *numbers]) + 1
    numbers += range(free, free + max(0, len(rows) - len(numbers)))
    for n, number in enumerate(numbers):
        for name in TABLES["status"].columns:
            if name in places.letters:
                cell = sheet[f"{places.letters[name]}{number}"]
                text = rows[n].get(name, "") if n < len(rows) else ""
                cell.value = None
                if text:
                    looks.fill_cell(cell, text)

    def save(making: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book.save(making)

    return save_book(path.with_name(f"{path.stem}-status.xlsx"), save, over=True)
