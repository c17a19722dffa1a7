"""Raw tables → rows of values: every cell read, every problem kept, rows with a bad cell kept too."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tenbin.errors import Problem
from tenbin.inputs.cells import BadCell, tidy
from tenbin.inputs.containers import RawTable
from tenbin.inputs.schema import Column, Table
from tenbin.inputs.words import nearest, said, shown

__all__ = ["Parsed", "Row", "parse_table"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its place, its values, its text. The value of a cell in ``bad`` is None: its problem is known already."""

    label: str
    number: int
    values: dict[str, Any]
    text: dict[str, str]
    bad: frozenset[str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def has(self, *names: str) -> bool:
        """Whether these cells are filled, and well."""
        return all(name in self.text and name not in self.bad for name in names)

    def is_fine(self, *names: str) -> bool:
        """Whether these cells are blank or well filled."""
        return self.bad.isdisjoint(names)

    def problem(self, column: str, rule: str, remedy: str, value: object = None) -> Problem:
        """A problem of one of this row's cells; the value is the cell's text unless given."""
        return Problem(
            self.label, self.number, column, rule, shown(self.text.get(column, "") if value is None else value), remedy
        )


@dataclass(slots=True)
class Parsed:
    """A table's rows. ``is_whole`` is false when ids may be missing from it: then no reference to it is called unknown."""

    label: str
    rows: list[Row] = field(default_factory=list)
    is_whole: bool = True

    def ids(self, column: str) -> frozenset[str] | None:
        """The ids of a column; None when they are not all known."""
        if not self.is_whole:
            return None
        return frozenset(row[column] for row in self.rows if row.has(column))


def parse_table(raw: RawTable, table: Table, problems: list[Problem]) -> Parsed:
    """Read every cell of a table that could be read as text."""
    parsed = Parsed(raw.label, is_whole=raw.is_readable)
    if not raw.is_readable:
        return parsed
    header = _header(raw, table, parsed, problems)
    if table.has_rows and not raw.rows and parsed.is_whole:
        problems.append(Problem(raw.label, 0, "", said("must_have_rows"), said("got_none"), said("do_add_row")))
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in raw.rows:
        if len(cells) != len(raw.header) and (len(cells) < len(raw.header) or any(c.strip() for c in cells[len(raw.header) :])):
            rule = said("must_cells", n=len(raw.header))
            problems.append(Problem(raw.label, number, "", rule, str(len(cells)), said("do_quote_cells")))
            parsed.is_whole = False
            continue
        text = {name: cells[n] for n, name in header.items() if cells[n].strip()}
        row = _row(raw.label, number, text, table, frozenset(header.values()), problems)
        parsed.rows.append(row)
        if table.key and row.is_fine(*table.key) and all(row[name] is not None for name in table.key):
            key = tuple(row[name] for name in table.key)
            if key in seen:
                remedy = said("do_delete_twin", row=seen[key])
                value = " ".join(part or "(blank)" for part in key)
                problems.append(row.problem(", ".join(table.key), said("must_once"), remedy, value))
            seen.setdefault(key, number)
    return parsed


def _header(raw: RawTable, table: Table, parsed: Parsed, problems: list[Problem]) -> dict[int, str]:
    """Position → name of the known columns; problems for the others."""
    places: dict[int, str] = {}
    names = [tidy(name) for name in raw.header]
    for n, name in enumerate(names):
        if name in places.values():
            problems.append(Problem(raw.label, 1, shown(name), said("must_once"), said("got_twice"), said("do_delete_one")))
        elif name in table.columns:
            places[n] = name
        elif name or any(n < len(cells) and cells[n].strip() for _, cells in raw.rows):
            remedy = nearest(name, table.columns) if name else said("do_name_column")
            column = shown(name) if name else ""
            problems.append(Problem(raw.label, 1, column, said("must_column_name"), shown(name), remedy))
    for name, how in table.columns.items():
        if how.is_there and name not in places.values():
            problems.append(Problem(raw.label, 1, name, said("must_there"), said("got_no_column"), said("do_add_column")))
            if name in table.key:
                parsed.is_whole = False
    return places


def _row(label: str, number: int, text: dict[str, str], table: Table, columns: frozenset[str], problems: list[Problem]) -> Row:
    values: dict[str, Any] = {}
    bad = set()
    for name, column in table.columns.items():
        values[name] = column.blank
        if name in text:
            problem = read_cell(values, name, text[name], column, label, number)
            if problem is not None:
                problems.append(problem)
                bad.add(name)
        elif column.is_filled:
            bad.add(name)
            if name in columns:
                problems.append(Problem(label, number, name, said("must_filled"), said("got_nothing"), said("do_fill_cell")))
    return Row(label, number, values, text, frozenset(bad))


def read_cell(values: dict[str, Any], name: str, text: str, column: Column, label: str, number: int) -> Problem | None:
    """Read one cell into ``values``; its problem, and None as the value, when it breaks a rule."""
    try:
        values[name] = column.convert(text)
    except BadCell as error:
        values[name] = None
        return Problem(label, number, name, error.rule, shown(text if error.value is None else error.value), error.remedy)
    return None
