"""Actions that were typed into a results workbook, taken over into a case's status."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from tenbin.errors import InputError, Problem
from tenbin.inputs import is_workbook
from tenbin.inputs.csv_files import guarded, read_csv
from tenbin.inputs.reading import WORKBOOK
from tenbin.inputs.schema import TABLES
from tenbin.storage.writing import write_over
from tenbin.studies.loading import load
from tenbin.words import saying
from tenbin.workbooks.actions import Done, StatusRow, Typed, apply_actions, read_actions
from tenbin.workbooks.statussheet import read_status_sheet, write_status_copy

__all__ = ["Taken", "take_actions", "write_status"]

said = saying("workbook")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet of actions changes in a case; nothing is written yet.

    typed : every row of the sheet. rows : the whole status as it is to be. path : the file that holds it; of a workbook a copy
    beside it is written.
    """

    typed: tuple[Typed, ...]
    changes: tuple[Done, ...]
    rows: tuple[StatusRow, ...]
    path: Path


def take_actions(results: Path, source: Path) -> Taken:
    """Read a sheet of actions and work out what it changes in a case.

    Raises
    ------
    InputError : for a workbook without the sheet, a wrong cell of it, a case with errors, or a measure that the case has not.
    """
    typed = read_actions(results)
    case = load(source)
    path = _home(source)
    rows = read_status_sheet(path) if is_workbook(path) else _read_csv(path)
    after, changes = apply_actions(case, rows, typed)
    return Taken(tuple(typed), tuple(changes), tuple(after), path)


def _home(source: Path) -> Path:
    """Where the status stands: ``status.csv`` of a folder, or the workbook."""
    if is_workbook(source):
        return source
    folder = source.parent if source.name == "case.toml" else source
    if not (folder / "case.toml").is_file() and (folder / WORKBOOK).is_file():
        return folder / WORKBOOK
    return folder / "status.csv"


def _read_csv(path: Path) -> list[StatusRow]:
    if not path.exists():
        return []
    problems: list[Problem] = []
    raw = read_csv(path, path.name, problems)
    if problems:
        raise InputError(problems)
    names = [name.strip() for name in raw.header]
    return [{name: cell for name, cell in zip(names, cells, strict=False) if name} for _, cells in raw.rows]


def write_status(taken: Taken) -> Path:
    """Write the status; the file that was written: ``status.csv`` itself, or a copy of the workbook.

    Raises
    ------
    InputError : when it cannot be written.
    """
    if is_workbook(taken.path):
        return write_status_copy(taken.path, taken.rows)
    header = list(TABLES["status"].columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guarded(row.get(name, "")) for name in header] for row in taken.rows)
    try:
        write_over(taken.path, text.getvalue())
    except OSError as error:
        from tenbin.errors import reason_of

        problem = Problem(str(taken.path), 0, "", said("must_writable"), reason_of(error), said("do_name_another"))
        raise InputError([problem]) from error
    return taken.path
