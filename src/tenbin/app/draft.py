"""A case as it is typed, valid or not: tables and settings as text, each change a new draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tenbin.inputs.containers import forbidden_character
from tenbin.inputs.schema import TABLES
from tenbin.inputs.writing import logo_file
from tenbin.model import Catalogue, Logo

__all__ = ["CASE", "LOGO", "LONGEST", "Draft", "DraftTable", "first_header", "typed"]

CASE = "case"
"""What the settings are called among the tables."""
LOGO = "report.logo"
LONGEST = 100_000
"""Of a cell, in characters: what a CSV file can be read back with."""


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table as typed."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as typed.

    settings : dotted key → text; several targets of one name, and a level's, with ``;`` between them. tables : by the names of
    ``inputs.schema.TABLES``, the cost tables among them. catalogue, logo : a user's own, for as long as the settings name its file.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, DraftTable] = field(default_factory=dict)
    catalogue: Catalogue | None = None
    logo: Logo | None = None

    @property
    def name(self) -> str:
        """The name of its runs and files."""
        return self.settings.get("name", "").strip() or CASE

    def title(self, lang: str) -> str:
        """What it is called."""
        first, second = ("title_ja", "title_en") if lang == "ja" else ("title_en", "title_ja")
        return self.settings.get(first, "").strip() or self.settings.get(second, "").strip() or self.name

    @property
    def own_catalogue(self) -> Catalogue | None:
        """A user's own catalogue, where the settings name it."""
        own = self.catalogue
        return own if own is not None and self.settings.get("catalogue") == own.name else None

    @property
    def own_logo(self) -> Logo | None:
        """A user's logo, where the settings name it."""
        own = self.logo
        return own if own is not None and self.settings.get(LOGO) == logo_file(own)[0] else None

    def cell(self, table: str, row: int, column: str) -> str:
        """A cell's text; "" where there is none."""
        if table == CASE:
            return self.settings.get(column, "")
        held = self.tables.get(table)
        if held is None or column not in held.header or not 0 <= row < len(held.rows):
            return ""
        return held.rows[row][held.header.index(column)]

    def with_cell(self, table: str, row: int, column: str, text: str) -> Draft:
        """With another text in a cell; row from 0, a column that the table lacks is added."""
        if table == CASE:
            return self.with_setting(column, text)
        held, text = self.tables[table], typed(text)
        if column not in held.header:
            held = DraftTable((*held.header, column), tuple((*cells, "") for cells in held.rows))
        at = held.header.index(column)
        cells = held.rows[row]
        changed = (*cells[:at], text, *cells[at + 1 :])
        return self._with(table, replace(held, rows=(*held.rows[:row], changed, *held.rows[row + 1 :])))

    def with_row(self, table: str, at: int, cells: Mapping[str, str] | None = None) -> Draft:
        """With another row before the row ``at``; the table is begun where there is none."""
        held = self.tables.get(table) or DraftTable(first_header(table))
        given = cells or {}
        for column in given:
            if column not in held.header:
                held = DraftTable((*held.header, column), tuple((*row, "") for row in held.rows))
        added = tuple(typed(given.get(column, "")) for column in held.header)
        return self._with(table, replace(held, rows=(*held.rows[:at], added, *held.rows[at:])))

    def without_row(self, table: str, row: int) -> Draft:
        """Without a row."""
        held = self.tables[table]
        return self._with(table, replace(held, rows=(*held.rows[:row], *held.rows[row + 1 :])))

    def with_setting(self, key: str, text: str) -> Draft:
        """With a setting; without it where the text is blank."""
        settings = dict(self.settings)
        if text.strip():
            settings[key] = typed(text)
        else:
            settings.pop(key, None)
        return replace(self, settings=settings)

    def _with(self, table: str, held: DraftTable) -> Draft:
        return replace(self, tables={**self.tables, table: held})


def typed(text: str) -> str:
    """A text as a file can keep it: line ends as one, without characters that nobody can see or type, not endless."""
    plain = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    if not forbidden_character(plain):
        return plain
    return "".join(letter for letter in plain if letter in "\t\n" or not forbidden_character(letter))


def first_header(table: str) -> tuple[str, ...]:
    """The columns that a table is begun with."""
    columns = TABLES[table].columns
    return tuple(name for name, how in columns.items() if how.is_there) or tuple(columns)
