"""A case as it is typed, valid or not: tables and settings as text, each change a new draft, all of it an ordinary case folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.inputs import write_tables
from tenbin.inputs.cells import to_text
from tenbin.inputs.containers import Container, RawTable, forbidden_character, nest
from tenbin.inputs.csv_files import guarded
from tenbin.inputs.reading import cost_container, open_source, read_container
from tenbin.inputs.schema import CASE_TABLES, COST_TABLES, SETTINGS, TABLES
from tenbin.inputs.settings import read_settings
from tenbin.inputs.tables import read_cell
from tenbin.inputs.words import said
from tenbin.inputs.writing import catalogue_file, logo_file, toml_text
from tenbin.model import Case, Catalogue, Logo
from tenbin.storage.writing import write_over
from tenbin.words import saying
from tenbin.workbooks.opening import open_workbook

__all__ = ["CASE", "Draft", "DraftProblem", "DraftTable", "check_cell", "check_draft", "draft_of", "open_draft", "write_draft"]

of_drafts = saying("drafts")

CASE = "case"
"""What the settings are called among the tables."""
FIRST_ROW = 2
"""The number that messages give a table's first row: the header is 1."""
LISTS = ("targets.", "levels.")


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table as typed."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A case as typed.

    settings : dotted key → text; several targets of one name, and a level's, with ``;`` between them. tables : by the names of
    ``inputs.schema.TABLES``, the cost tables among them. catalogue, logo : a user's own, that a path named.
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
        held = self.tables.get(table) or DraftTable(_first_header(table))
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


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """Something wrong: in which table (``"case"``: the settings), in which row (from 0; None: the table's own), in which column."""

    table: str
    row: int | None
    column: str
    problem: Problem


def typed(text: str) -> str:
    """A text as a file can keep it: line ends as one, without characters that nobody can see or type."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in plain if letter in "\t\n" or not forbidden_character(letter))


def _first_header(table: str) -> tuple[str, ...]:
    columns = TABLES[table].columns
    return tuple(name for name, how in columns.items() if how.is_there) or tuple(columns)


# a case, a folder or a workbook → a draft


def draft_of(case: Case) -> Draft:
    """The draft of a checked case."""
    written = write_tables(case)
    settings = written.pop("case")
    catalogue = settings["catalogue"] if isinstance(settings["catalogue"], Catalogue) else None
    if catalogue is not None:
        settings["catalogue"] = catalogue.name
    tables = {}
    for name, (header, rows) in written.items():
        kept = [
            n for n, column in enumerate(header) if TABLES[name].columns[column].is_there or any(row[n] != "" for row in rows)
        ]
        tables[name] = DraftTable(tuple(header[n] for n in kept), tuple(tuple(to_text(row[n]) for n in kept) for row in rows))
    flat = _flat(settings)
    flat.pop("cost_tables", None)
    return Draft(flat, tables, catalogue, case.brand.logo if case.brand else None)


def open_draft(source: Path, costs: Path | None = None) -> tuple[Draft, tuple[Problem, ...]]:
    """A folder or a workbook as a draft: whatever text can be read is in it, whatever cannot is a problem.

    Raises
    ------
    InputError : when nothing of it can be read.
    """
    container = open_source(source, open_workbook)
    settings = read_settings(container)
    priced, _ = cost_container(container, settings, costs, open_workbook)
    unread = [one for one in container.problems if not _is_again(one, container, priced)]
    tables = {name: _table(container.tables[name]) for name in CASE_TABLES if name in container.tables}
    tables |= {name: _table(priced.tables[name]) for name in COST_TABLES if name in priced.tables}
    flat = _flat(container.settings)
    flat.pop("cost_tables", None)
    flat.setdefault("name", container.name)
    catalogue = _own_catalogue(flat.get("catalogue", ""), container)
    logo = settings.brand.logo if settings.brand is not None else None
    if logo is not None:
        flat.pop("report.logo", None)
    return Draft(flat, tables, catalogue, logo), tuple(sorted(set(unread)))


def _is_again(problem: Problem, container: Container, priced: Container) -> bool:
    """Whether a check of the draft finds a problem again: it is a setting's, whose text is there."""
    return problem.file == container.settings_label and bool(problem.column) and container.has_settings


def _own_catalogue(name: str, container: Container) -> Catalogue | None:
    if not name.lower().endswith(".csv"):
        return None
    try:
        return load_catalogue(name, container.folder)
    except InputError:
        return None  # the check of the draft says what is wrong with it


def _table(raw: RawTable) -> DraftTable:
    width = len(raw.header)
    rows = tuple(tuple((*cells, *[""] * width)[:width]) for _, cells in raw.rows)
    return DraftTable(tuple(name.strip() for name in raw.header), rows)


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found |= _flat(value, f"{name}.")
        elif isinstance(value, list | tuple):
            found[name] = "; ".join(to_text(one) for one in value)
        elif not isinstance(value, Logo | Catalogue) and value is not None:
            found[name] = to_text(value)
    return found


# a draft → a case


def check_draft(draft: Draft) -> tuple[Case | None, tuple[DraftProblem, ...]]:
    """The case that a draft is, or everything that is wrong with it."""
    settings: dict[str, Any] = nest((key, text) for key, text in draft.settings.items())
    if draft.catalogue is not None:
        settings["catalogue"] = draft.catalogue
    if draft.logo is not None:
        settings.setdefault("report", {})
        if isinstance(settings["report"], dict):
            settings["report"]["logo"] = draft.logo
    container = Container(draft.name, settings=settings, settings_label=CASE)
    for name, table in draft.tables.items():
        if name in TABLES and (table.rows or TABLES[name].is_there):
            numbered = tuple(_numbered(table))
            container.tables[name] = RawTable(name, table.header, numbered)
    try:
        return read_container(container, load_catalogue=load_catalogue), ()
    except InputError as error:
        return None, tuple(_placed(draft, problem) for problem in error.problems)


def _numbered(table: DraftTable) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in enumerate(table.rows, start=FIRST_ROW):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _placed(draft: Draft, problem: Problem) -> DraftProblem:
    if problem.file == CASE or problem.file not in TABLES:
        return DraftProblem(CASE, None, problem.column, problem)
    row = problem.row - FIRST_ROW
    held = draft.tables.get(problem.file)
    inside = held is not None and 0 <= row < len(held.rows)
    return DraftProblem(problem.file, row if inside else None, problem.column, problem)


def check_cell(table: str, column: str, text: str) -> Problem | None:
    """What is wrong with one cell by itself, as one types; None: nothing."""
    columns = SETTINGS if table == CASE else TABLES[table].columns
    how = columns.get(column)
    if how is None:
        return None
    if not text.strip():
        if not how.is_filled:
            return None
        return Problem(table, 0, column, said("must_filled"), said("got_nothing"), said("do_fill_cell"))
    return read_cell({}, column, text, how, table, 0)


# a draft → a folder


def write_draft(draft: Draft, folder: Path) -> None:
    """Keep a draft as a case folder: every file whole, only those that changed; ``open_draft`` reads an equal draft.

    Raises
    ------
    StorageError : when the disk refuses; the files that were there before are whole.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in _files(draft).items():
            _write_changed(folder / name, content)
        for name in TABLES:
            if name not in draft.tables:
                (folder / f"{name}.csv").unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(refusal(folder, of_drafts("must_writable"), reason_of(error), of_drafts("do_make_room"))) from error


def _files(draft: Draft) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {f"{name}.csv": _csv(table) for name, table in draft.tables.items()}
    settings: dict[str, Any] = dict(draft.settings)
    if draft.catalogue is not None or draft.logo is not None:
        files |= _beside(draft, settings)
    files["case.toml"] = toml_text(nest(settings.items()))
    return files


def _beside(draft: Draft, settings: dict[str, Any]) -> dict[str, str | bytes]:
    """A user's own catalogue and logo as files; their names stand among the settings."""
    files: dict[str, str | bytes] = {}
    if draft.catalogue is not None:
        name, content = catalogue_file(draft.catalogue)
        settings["catalogue"], files[name] = name, content
    if draft.logo is not None:
        name, picture = logo_file(draft.logo)
        settings["report.logo"], files[name] = name, picture
    return files


def _csv(table: DraftTable) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.header)
    writer.writerows([guarded(cell) for cell in row] for row in table.rows)
    return text.getvalue()


def _write_changed(path: Path, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    try:
        if path.read_bytes() == data:
            return
    except OSError:
        pass
    write_over(path, content)
