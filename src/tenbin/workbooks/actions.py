"""What was typed on a sheet of actions, read back, and what it changes in a case's status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.inputs.cells import BadCell, day, tidy
from tenbin.inputs.containers import forbidden_character
from tenbin.inputs.words import LONGEST_PATH, nearest, shown
from tenbin.model import Case
from tenbin.words import saying, speaker
from tenbin.workbooks.actions_sheet import COLUMNS, STATES
from tenbin.workbooks.layout import folded, names_of_sheets
from tenbin.workbooks.opening import Cell, opened, rows_of

__all__ = ["Done", "StatusRow", "Typed", "apply_actions", "read_actions"]

say = speaker("workbook")
said = saying("workbook")

MOST = 5_000
KEYS = tuple(column.key for column in COLUMNS)
READ = ("measure", "level", "owner", "due", "state", "note")
StatusRow = dict[str, str]
"""A row of the table status by column."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One row of the sheet. state : of ``STATES``; due : ISO, "" without one; cells : place of each column, for messages."""

    measure: str
    level: str
    owner: str
    due: str
    state: str
    note: str
    place: str
    row: int
    letters: Mapping[str, str]

    @property
    def remark(self) -> str:
        """Who, and until when, and what else was noted."""
        return ", ".join(text for text in (self.owner, self.due, self.note) if text)


@dataclass(frozen=True, slots=True)
class Done:
    """What changes in the status: the row before (None: a new one) and after."""

    before: StatusRow | None
    after: StatusRow


def read_actions(path: Path) -> list[Typed]:
    """Read the sheet of actions of a results workbook.

    Raises
    ------
    InputError : when it cannot be read or has no such sheet, or with everything that is wrong, each with its cell.
    """
    label = shown(path.name, LONGEST_PATH)
    problems: list[Problem] = []
    found: list[Typed] = []
    with opened(path, label, problems) as book:
        sheets = [] if book is None else [s for s in book[0].worksheets if names_of_sheets().get(folded(s.title)) == "actions"]
        if book is not None and not sheets:
            rule = said("must_results", sheet=said("sheet_actions"))
            problems.append(Problem(label, 0, "", rule, said("got_no_sheet"), said("do_results")))
        for sheet in sheets[:1]:
            found = list(_rows(sheet, f"{label} {shown(sheet.title)}", problems))
    if problems:
        raise InputError(problems)
    return found


def _rows(sheet: Any, place: str, problems: list[Problem]) -> Iterator[Typed]:
    from openpyxl.utils import get_column_letter

    head: dict[str, int] = {}
    seen = 0
    for number, cells in rows_of(sheet):
        texts = [tidy(text) for text, _ in cells]
        if not head:
            if "measure" in texts and "state" in texts:
                head = {key: texts.index(key) for key in READ if key in texts}
            continue
        seen += 1
        if seen > MOST:
            problems.append(
                Problem(place, number, "", said("must_rows", n=f"{MOST:,}"), said("got_more"), said("do_save_again"))
            )
            return
        if not _is_row(cells, head):
            continue
        letters = {key: get_column_letter(n + 1) for key, n in head.items()}
        typed = _typed(cells, head, place, number, letters, problems)
        if typed is not None:
            yield typed
    if not head:
        rule = said("must_results", sheet=said("sheet_actions"))
        problems.append(Problem(place, 0, "", rule, said("got_no_column"), said("do_results")))


def _is_row(cells: Sequence[Cell], head: Mapping[str, int]) -> bool:
    """Whether it holds a measure: the row of headings, and lines below the table, do not."""
    measure = cells[head["measure"]][0].strip() if head["measure"] < len(cells) else ""
    headings = {folded(say("res_measure", lang)) for lang in ("ja", "en")}
    return bool(measure) and folded(measure) not in headings


def _typed(
    cells: Sequence[Cell], head: Mapping[str, int], place: str, number: int, letters: Mapping[str, str], problems: list[Problem]
) -> Typed | None:
    values: dict[str, str] = {}
    refused: set[str] = set()

    def refuse(key: str, rule: str, got: str, remedy: str) -> None:
        refused.add(key)
        problems.append(Problem(place, number, key, rule, got, remedy, cell=f"{letters[key]}{number}"))

    for key in READ:
        text, kind = cells[head[key]] if key in head and head[key] < len(cells) else ("", "")
        values[key] = text.strip()
        if kind:
            refuse(key, said("must_no_formula" if kind == "formula" else "must_no_error"), text, said("do_paste_value"))
        elif character := forbidden_character(text):
            refuse(key, said("must_plain_text"), character, said("do_delete_character"))
    words = {folded(say(f"state_{state}", lang)): state for state in STATES for lang in ("ja", "en")}
    words |= {folded(state): state for state in STATES} | {"": STATES[0]}
    state = words.get(folded(values["state"]))
    if state is None and "state" not in refused:
        choices = {one: said(f"state_{one}") for one in STATES}
        refuse("state", said("must_state", **choices), shown(values["state"]), said("do_choose_state"))
    if values["due"] and "due" not in refused:
        try:
            values["due"] = day(values["due"]).isoformat()
        except BadCell:
            refuse("due", said("must_day"), shown(values["due"]), said("do_write_date"))
    if refused or state is None:
        return None
    return Typed(**{**values, "state": state}, place=place, row=number, letters=letters)


def apply_actions(case: Case, status: Sequence[StatusRow], typed: Sequence[Typed]) -> tuple[list[StatusRow], list[Done]]:
    """The status with what is done in place: no row is lost, and what was not done stays as it is.

    A measure that is in place at another level moves to the level that was done. The note says who and until when.

    Raises
    ------
    InputError : when something done is no row of the case's cost table.
    """
    levels: dict[str, list[str]] = {}
    for row in case.costs.rows:
        levels.setdefault(row.measure, []).append(row.level)
    problems = [problem for one in typed if one.state == "done" for problem in _unknown(one, levels)]
    if problems:
        raise InputError(problems)
    rows = [dict(row) for row in status]
    changes: list[Done] = []
    for one in typed:
        if one.state == "done":
            _put_in_place(rows, one, levels[one.measure], changes)
    return rows, changes


def _unknown(one: Typed, levels: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    if one.measure not in levels:
        key, got, known = "measure", one.measure, list(levels)
    elif one.level not in levels[one.measure]:
        key, got, known = "level", one.level, list(levels[one.measure])
    else:
        return
    cell = f"{one.letters[key]}{one.row}" if key in one.letters else ""
    yield Problem(one.place, one.row, key, said("must_measure_known"), shown(got), nearest(got, known), cell=cell)


def _put_in_place(rows: list[StatusRow], one: Typed, levels: Sequence[str], changes: list[Done]) -> None:
    def level(row: StatusRow) -> str:
        return tidy(row.get("level", "")) or (levels[0] if len(levels) == 1 else "")

    def words(row: StatusRow) -> list[str]:
        return [word.strip() for word in tidy(row.get("status", "")).lower().split(";") if word.strip()]

    own = [row for row in rows if tidy(row.get("id", "")) == one.measure]
    there = next((row for row in own if level(row) == one.level), None)
    elsewhere = [row for row in own if row is not there and "in_place" in words(row)]
    if there is not None and "in_place" in words(there) and not elsewhere:
        before = dict(there)
        if one.remark and one.remark not in there.get("note", ""):
            there["note"] = _noted(there, one)
            changes.append(Done(before, dict(there)))
        return
    for row in elsewhere:
        before = dict(row)
        rest = [word for word in words(row) if word != "in_place"]
        if there is None and not rest:
            row["level"], row["note"] = one.level, _noted(row, one)
            changes.append(Done(before, dict(row)))
            return
        if rest:
            row["status"] = ";".join(rest)
            changes.append(Done(before, dict(row)))
        elif there is not None:  # nothing is left of it but its note, which goes where the measure is now
            there["note"] = "; ".join(text for text in (there.get("note", ""), row.get("note", "")) if text)
            rows.remove(row)
            changes.append(Done(before, {}))
    if there is None:
        rows.append({"id": one.measure, "level": one.level, "status": "in_place", "note": one.remark})
        changes.append(Done(None, dict(rows[-1])))
        return
    before = dict(there)
    there["status"] = ";".join(["in_place", *(word for word in words(there) if word not in ("in_place", "excluded"))])
    there["note"] = _noted(there, one)
    changes.append(Done(before, dict(there)))


def _noted(row: StatusRow, one: Typed) -> str:
    return "; ".join(text for text in (row.get("note", ""), one.remark) if text)
