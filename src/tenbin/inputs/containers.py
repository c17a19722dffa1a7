"""What every container of tables gives: raw tables of text, nested settings, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tenbin.errors import Problem
from tenbin.inputs.cells import tidy

__all__ = ["MOST_ROWS", "Container", "RawTable", "SheetPlaces", "forbidden_character", "nest"]

MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as text: its label in messages, its header, its rows with the numbers that an editor shows.

    ``is_readable`` is false when the table is there but could not be read: its problem is known, and nothing that refers
    to it is to be called unknown.
    """

    label: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class SheetPlaces:
    """Where a workbook's sheet has its columns: key → letter; ``header`` is the row that people see them named in.

    ``otherwise`` is the letter of a column without a name of its own: that of a setting's value.
    """

    letters: Mapping[str, str]
    header: int = 1
    otherwise: str = ""

    def located(self, problem: Problem) -> Problem:
        """The problem with its cell."""
        if problem.cell:
            return problem
        row = self.header if problem.row == 1 else problem.row
        is_name = bool(self.otherwise) and problem.column == problem.value  # what is wrong is the setting's own name
        letter = self.letters.get("key" if is_name else problem.column.partition(", ")[0], self.otherwise)
        return replace(problem, row=row, cell=f"{letter}{row}" if row and letter else "")


@dataclass(slots=True)
class Container:
    """Tables by name, settings, and problems met on the way.

    ``prefix`` and ``suffix`` make the label of a table that is missing; ``folder`` is where relative paths start; ``lines``
    has the row of a setting's dotted key; without ``has_settings`` those of the file are not known (its problem is). ``places``
    has a workbook's sheets by label.
    """

    name: str
    tables: dict[str, RawTable] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    settings_label: str = "case"
    has_settings: bool = True
    lines: Mapping[str, int] = field(default_factory=dict)
    folder: Path | None = None
    prefix: str = ""
    suffix: str = ""
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, SheetPlaces] = field(default_factory=dict)

    def label(self, table: str) -> str:
        """What messages call a table, whether it is there or not."""
        return self.tables[table].label if table in self.tables else f"{self.prefix}{table}{self.suffix}"


def nest(pairs: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """Dotted keys → a nested dict: ``study.seed`` → ``{"study": {"seed": …}}``; only the first dot divides."""
    nested: dict[str, Any] = {}
    for key, value in pairs:
        section, dot, rest = tidy(key).partition(".")
        inner = nested.setdefault(section, {}) if dot else None
        if isinstance(inner, dict):
            inner[rest] = value
        else:
            nested[tidy(key)] = value
    return nested


def forbidden_character(text: str) -> str:
    """The first control character or lone surrogate of a text, "" when there is none (tab and newline are allowed)."""
    if text.isprintable():
        return ""
    for character in text:
        code = ord(character)
        if (code < 32 and character not in "\t\n\r") or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000:
            return f"U+{code:04X}"
    return ""
