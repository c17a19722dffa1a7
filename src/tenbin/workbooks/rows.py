"""A workbook's rows from the front by openpyxl's own parser: sparse, and no sheet is read through before its first row is.

``openpyxl.load_workbook(read_only=True)`` looks for a sheet's size first, in all of it where it does not say, and fills every row
up: minutes of a sheet with a million rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import DATA_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

__all__ = ["open_rows", "sparse_rows"]


class _Sheet(ReadOnlyWorksheet):
    def _get_size(self) -> None:
        """Not asked for."""


class _Reader(ExcelReader):
    def read_worksheets(self) -> None:
        """The sheets with cells; nothing of them is read yet."""
        for sheet, link in self.parser.find_sheets():
            if link.target in self.valid_files and "chartsheet" not in link.Type:
                own = _Sheet(self.wb, sheet.name, link.target, self.shared_strings)
                own.sheet_state = sheet.state or "visible"
                sheets: Any = self.wb
                sheets._sheets.append(own)


def open_rows(path: Path) -> Workbook:
    """A workbook whose sheets ``sparse_rows`` reads; formulas stay formulas, links to other files are left out."""
    reader = _Reader(path, read_only=True, keep_links=False)
    reader.read()
    book: Workbook = reader.wb
    return book


def sparse_rows(sheet: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Each row that the file has, with its number and the cells that the file has: ``column`` from 1, ``value``, ``data_type``."""
    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=False,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        data = None
        for event, element in iterparse(source, ("start", "end")):
            if event == "start":
                data = element if element.tag == DATA_TAG else data
            elif element.tag == ROW_TAG:
                yield parser.parse_row(element)
                parser.row_dimensions.clear()
                if data is not None:
                    data.clear()  # of the rows that were read
            elif element.tag == DATA_TAG:
                return  # what follows is no cell, and may be endless
