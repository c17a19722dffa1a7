"""Raw tables → rows of values, every cell checked, every problem kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from tenbin.errors import Problem
from tenbin.inputs.cells import BadCell, tidy
from tenbin.inputs.containers import RawTable
from tenbin.inputs.schema import REQUIRED, Table

__all__ = ["Parsed", "Row", "nearest", "parse_table"]


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest valid name, or lists the first few."""
    known = sorted(known)
    close = get_close_matches(name, known, 1, 0.5)
    if close:
        return f"Did you mean {close[0]}?"
    return f"Known: {', '.join(known[:8])}{' …' if len(known) > 8 else ''}." if known else "None is known here."


@dataclass(frozen=True, slots=True)
class Row:
    """A checked row: its place and its values; ``text`` has the cells as they stood."""

    label: str
    number: int
    values: dict[str, Any]
    text: dict[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def problem(self, column: str, rule: str, remedy: str, value: str | None = None) -> Problem:
        """A problem of one of this row's cells."""
        shown = self.text.get(column, "") if value is None else value
        return Problem(self.label, self.number, column, rule, repr(shown) if shown else "nothing", remedy)


@dataclass(slots=True)
class Parsed:
    """A table's good rows, by their key as well, and its problems."""

    label: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def parse_table(raw: RawTable, table: Table) -> Parsed:
    """Read every cell of a table; a row with a bad cell is left out, its problems stay."""
    parsed = Parsed(raw.label)
    header = [tidy(name).lower() for name in raw.header]
    _check_header(header, raw, table, parsed)
    seen: dict[tuple[Any, ...], int] = {}
    for number, record in raw.rows:
        if len(record) > len(header) and any(cell.strip() for cell in record[len(header) :]):
            extra = ", ".join(cell for cell in record[len(header) :] if cell.strip())
            parsed.problems.append(
                Problem(raw.label, number, "", f"a row of {len(header)} cells", repr(extra), "Quote cells that hold a comma.")
            )
            continue
        text = {name: record[n] if n < len(record) else "" for n, name in enumerate(header) if name in table.columns}
        row = _row(raw.label, number, text, table, parsed)
        if row is None:
            continue
        key = tuple(row[name] for name in table.key)
        if table.key and key in seen:
            shown = ", ".join(str(part) for part in key)
            parsed.problems.append(
                Problem(
                    raw.label, number, ", ".join(table.key), "unique", repr(shown), f"It stands in row {seen[key]} already."
                )
            )
            continue
        seen[key] = number
        parsed.rows.append(row)
    return parsed


def _check_header(header: list[str], raw: RawTable, table: Table, parsed: Parsed) -> None:
    if not header:
        return
    for name in header:
        if name not in table.columns:
            remedy = nearest(name, table.columns) if name else "Delete the column without a name."
            parsed.problems.append(Problem(raw.label, 1, name, "a known column", repr(name), remedy))
        elif header.count(name) > 1:
            parsed.problems.append(
                Problem(raw.label, 1, name, "there once", f"{header.count(name)} times", "Delete one of them.")
            )
    for name, column in table.columns.items():
        if column.header_required and name not in header:
            parsed.problems.append(Problem(raw.label, 1, name, "there", "no such column", "Add the column."))


def _row(label: str, number: int, text: dict[str, str], table: Table, parsed: Parsed) -> Row | None:
    values: dict[str, Any] = {}
    bad = False
    for name, column in table.columns.items():
        cell = text.get(name, "")
        if not cell.strip():
            if column.blank is REQUIRED:
                bad = True
                if name in text:
                    parsed.problems.append(Problem(label, number, name, "filled", "nothing", "Fill the cell."))
            values[name] = column.blank
            continue
        try:
            values[name] = column.convert(cell)
        except BadCell as error:
            bad = True
            parsed.problems.append(Problem(label, number, name, error.rule, repr(cell.strip()), error.remedy))
    return None if bad else Row(label, number, values, text)
