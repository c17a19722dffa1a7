"""The ways from a case, a folder or a workbook to a draft, and from a draft to a checked case or an ordinary case folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tenbin.app.draft import CASE, LOGO, LONGEST, Draft, DraftTable, first_header, typed
from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.inputs import write_tables
from tenbin.inputs.asking import Names, read_target
from tenbin.inputs.cells import tidy, to_text
from tenbin.inputs.containers import Container, RawTable, nest
from tenbin.inputs.csv_files import guarded
from tenbin.inputs.reading import cost_container, open_source, read_container
from tenbin.inputs.schema import CASE_TABLES, SETTINGS, TABLES
from tenbin.inputs.settings import read_settings, target_texts
from tenbin.inputs.tables import read_cell
from tenbin.inputs.words import said
from tenbin.inputs.writing import catalogue_file, logo_file, toml_text
from tenbin.model import Case, Catalogue, Logo
from tenbin.storage.writing import write_over
from tenbin.words import saying

__all__ = [
    "CASE",
    "Draft",
    "DraftProblem",
    "DraftTable",
    "check_cell",
    "check_draft",
    "draft_files",
    "draft_of",
    "file_bytes",
    "names_of",
    "open_draft",
    "refusing",
    "typed",
    "write_changed",
    "write_draft",
]

of_drafts = saying("drafts")

FIRST_ROW = 2
"""The number that messages give a table's first row: the header is 1."""
LISTS = ("targets", "levels")
ANY = Names(layers=None, components=None, scenarios=None, plans=None, reserve=0.0, references=None)


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """Something wrong: in which table (``"case"``: the settings), in which row (from 0; None: the table's own), in which column."""

    table: str
    row: int | None
    column: str
    problem: Problem


# a case, a folder or a workbook → a draft


def draft_of(case: Case) -> Draft:
    """The draft of a checked case."""
    written = write_tables(case)
    settings = written.pop("case")
    catalogue = _apart(settings["catalogue"]) if isinstance(settings["catalogue"], Catalogue) else None
    if catalogue is not None:
        settings["catalogue"] = catalogue.name
    tables = {}
    for name, (header, rows) in written.items():
        kept = [
            n for n, column in enumerate(header) if TABLES[name].columns[column].is_there or any(row[n] != "" for row in rows)
        ]
        tables[name] = DraftTable(tuple(header[n] for n in kept), tuple(tuple(to_text(row[n]) for n in kept) for row in rows))
    flat = _flat(settings)
    del flat["cost_tables"]  # they stand beside it
    logo = case.brand.logo if case.brand else None
    if logo is not None:
        flat[LOGO] = logo_file(logo)[0]
    return Draft(flat, tables, catalogue, logo)


def open_draft(source: Path, costs: Path | None = None) -> tuple[Draft, tuple[Problem, ...]]:
    """A folder or a workbook as a draft: whatever text can be read is in it, whatever cannot is a problem.

    Raises
    ------
    InputError : when nothing of it can be read.
    """
    from tenbin.workbooks.opening import open_workbook

    container = open_source(source, open_workbook)
    settings = read_settings(container)
    priced, _ = cost_container(container, settings, costs, open_workbook)
    unread = [problem for problem in container.problems if not _is_found_again(problem, container)]
    tables = {}
    for name in TABLES:
        home = container if name in CASE_TABLES else priced
        raw = home.tables.get(name)
        if raw is not None and raw.is_readable:
            tables[name] = _table(raw, unread)
        elif TABLES[name].is_there:
            tables[name] = DraftTable(first_header(name))
        if raw is None and TABLES[name].is_there:
            remedy = said("do_add_table", columns=list(first_header(name)))
            unread.append(Problem(home.label(name), 0, "", said("must_there"), said("got_no_table"), remedy))
    flat = _flat(container.settings)
    flat.pop("cost_tables", None)
    flat.setdefault("name", container.name)
    catalogue = _catalogue_of(flat, container, unread)
    logo = settings.brand.logo if settings.brand is not None else None
    if logo is not None:
        flat[LOGO] = logo_file(logo)[0]
    return Draft(flat, tables, catalogue, logo), tuple(sorted(set(unread)))


def _is_found_again(problem: Problem, container: Container) -> bool:
    """Whether a check of the draft finds a problem again: it is a setting's, whose text is in the draft."""
    is_setting = problem.file == container.settings_label and container.has_settings
    return is_setting and problem.column not in ("", "cost_tables")


def _catalogue_of(flat: dict[str, str], container: Container, unread: list[Problem]) -> Catalogue | None:
    """A user's own catalogue, that a path among the settings names; then its name stands there."""
    path = flat.get("catalogue", "").strip()
    if not path.lower().endswith(".csv"):
        return None
    try:
        found = _apart(load_catalogue(path, container.folder))
    except InputError as error:
        unread.extend(error.problems)
        return None
    flat["catalogue"] = found.name
    return found


def _apart(catalogue: Catalogue) -> Catalogue:
    """A catalogue that can lie among the tables: its file is not called as one of them."""
    is_taken = catalogue.name.lower().removesuffix(".csv") in TABLES
    return replace(catalogue, name=f"catalogue-{catalogue.name}") if is_taken else catalogue


def _table(raw: RawTable, unread: list[Problem]) -> DraftTable:
    """A table's text; columns without a name and a text are left out, rows of another length than the header are a problem."""
    width = len(raw.header)
    for number, cells in raw.rows:
        if len(cells) < width or any(cell.strip() for cell in cells[width:]):
            rule, remedy = said("must_cells", n=width), said("do_quote_cells")
            unread.append(Problem(raw.label, number, "", rule, str(len(cells)), remedy))
    rows = [(*cells, *[""] * width)[:width] for _, cells in raw.rows]
    kept = [n for n, name in enumerate(raw.header) if name.strip() or any(cells[n].strip() for cells in rows)]
    return DraftTable(
        tuple(typed(raw.header[n].strip()) for n in kept), tuple(tuple(typed(cells[n]) for n in kept) for cells in rows)
    )


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in settings.items():
        name = f"{prefix}{typed(tidy(key))}"
        if isinstance(value, Mapping):
            found |= _flat(value, f"{name}.")
        elif isinstance(value, list | tuple):
            found[name] = typed("; ".join(to_text(one) for one in value))
        elif not isinstance(value, Logo | Catalogue) and value is not None:
            found[name] = typed(to_text(value))
    return found


# a draft → a case


def check_draft(draft: Draft) -> tuple[Case | None, tuple[DraftProblem, ...]]:
    """The case that a draft is, or everything that is wrong with it."""
    own: dict[str, object] = {}
    if draft.own_catalogue is not None:
        own["catalogue"] = draft.own_catalogue
    if draft.own_logo is not None:
        own[LOGO] = draft.own_logo
    container = Container(draft.name, settings=_nested({**draft.settings, **own}), settings_label=CASE)
    for name, table in TABLES.items():
        held = draft.tables.get(name) or DraftTable(first_header(name))
        if held.rows or table.is_there:
            container.tables[name] = RawTable(name, held.header, tuple(_numbered(held)))
    try:
        return read_container(container, load_catalogue=load_catalogue), ()
    except InputError as error:
        return None, tuple(_placed(draft, problem) for problem in error.problems)


def _nested(settings: Mapping[str, object]) -> dict[str, Any]:
    """Settings as a case.toml has them; one that is called as a section is does not hide those of the section."""
    return nest(sorted(settings.items(), key=lambda setting: "." in setting[0]))


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
    if len(text) > LONGEST:
        rule, value = of_drafts("must_short", n=f"{LONGEST:,}"), of_drafts("got_characters", n=f"{len(text):,}")
        return Problem(table, 0, column, rule, value, of_drafts("do_shorten"))
    section, _, name = column.partition(".")
    if table == CASE and section in LISTS:
        return _check_targets(name if section == "targets" else "", column, text)
    how = (SETTINGS if table == CASE else TABLES[table].columns).get(column)
    if how is None:
        return None
    if not text.strip():
        return (
            Problem(table, 0, column, said("must_filled"), said("got_nothing"), said("do_fill_cell")) if how.is_filled else None
        )
    return read_cell({}, column, text, how, table, 0)


def _check_targets(name: str, column: str, text: str) -> Problem | None:
    """What is wrong with the targets of a name, or, without one, of a level; what they refer to is not known here."""
    for piece in target_texts(text):
        try:
            read_target(f"{name}={piece}" if name else piece, ANY, CASE, 0, column)
        except InputError as error:
            return error.problems[0]
    return None


# a draft → a folder


def write_draft(draft: Draft, folder: Path) -> None:
    """Keep a draft as a case folder: every file whole, only those that changed; ``open_draft`` reads it back but for blank rows.

    Raises
    ------
    StorageError : when the disk refuses; the files that were there before are whole.
    """
    files = draft_files(draft)
    with refusing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_changed(folder / name, content)
        for name in names_of(draft) - files.keys():
            (folder / name).unlink(missing_ok=True)


@contextmanager
def refusing(place: Path) -> Iterator[None]:
    """What the disk refuses, in words."""
    try:
        yield
    except OSError as error:
        raise StorageError(refusal(place, of_drafts("must_writable"), reason_of(error), of_drafts("do_make_room"))) from error


def names_of(draft: Draft) -> set[str]:
    """The files that are the draft's to write, or to take away where it has no such table any more."""
    catalogue, logo = draft.catalogue, draft.own_logo
    own = {catalogue.name} if catalogue is not None else set()
    own |= {logo_file(logo)[0]} if logo is not None else set()
    return {"case.toml", *(f"{name}.csv" for name in (*TABLES, *draft.tables)), *own}


def draft_files(draft: Draft) -> dict[str, str | bytes]:
    """Every file's content by name, case.toml last: a folder without it is no case."""
    begun = {name: DraftTable(first_header(name)) for name, table in TABLES.items() if table.is_there}
    files: dict[str, str | bytes] = {f"{name}.csv": _csv(table) for name, table in (begun | dict(draft.tables)).items()}
    settings = {typed(key): typed(text) for key, text in draft.settings.items()}
    if draft.own_catalogue is not None:
        name, text = catalogue_file(draft.own_catalogue)
        files[name] = text
    if draft.own_logo is not None:
        name, picture = logo_file(draft.own_logo)
        files[name] = picture
    files["case.toml"] = toml_text(_nested(settings))
    return files


def _csv(table: DraftTable) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([typed(name) for name in table.header])
    writer.writerows([guarded(typed(cell)) for cell in row] for row in table.rows)
    return text.getvalue()


def file_bytes(content: str | bytes) -> bytes:
    """A file's content as the disk has it."""
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")


def write_changed(path: Path, content: str | bytes) -> None:
    """Write a file over one that may be there, unless it has this content already."""
    data = file_bytes(content)
    try:
        if path.read_bytes() == data:
            return
    except OSError:
        pass
    write_over(path, data)
