"""A container of tables → a checked case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from tenbin.errors import InputError, Problem
from tenbin.inputs.asking import Names, read_target
from tenbin.inputs.building import build_case
from tenbin.inputs.containers import Container, RawTable, SheetPlaces
from tenbin.inputs.costchecks import check_costs
from tenbin.inputs.crosschecks import check_case
from tenbin.inputs.crosswalks import build_crosswalk, check_crosswalk
from tenbin.inputs.folder import SETTINGS, label_of, open_case_folder, open_folder
from tenbin.inputs.frames import open_frames
from tenbin.inputs.schema import CASE_TABLES, COST_TABLES, TABLES
from tenbin.inputs.settings import Settings, read_settings
from tenbin.inputs.tables import Parsed, parse_table
from tenbin.inputs.words import LONGEST_PATH, said, shown
from tenbin.model import Case, Catalogue
from tenbin.words import Said

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WORKBOOK", "cost_container", "is_workbook", "open_source", "read_case", "read_container"]

LoadCatalogue = Callable[[str, Path | None], Catalogue]
OpenWorkbook = Callable[[Path, str, Collection[str]], Container]
"""Gives the container of a workbook's path, its name in messages and the tables wanted."""

WORKBOOKS = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".xltm", ".ods"))
"""Taken for workbooks by name, so that the ones that cannot be read are refused with words of their own."""

WORKBOOK = "case.xlsx"


def read_case(
    source: str | Path | Mapping[str, pd.DataFrame | Mapping[str, Any]],
    *,
    load_catalogue: LoadCatalogue,
    costs: str | Path | Mapping[str, Any] | None = None,
    today: date | None = None,
    open_workbook: OpenWorkbook | None = None,
) -> Case:
    """Read and check a case from a folder, a workbook or a mapping of DataFrames.

    Cost tables are those of ``costs``; else those that stand beside the case's own tables; else those of the folder that the
    setting ``cost_tables`` names.

    Parameters
    ----------
    source : the case's folder or workbook, or table names → DataFrames (``case``: the settings, a nested dict or a frame of
        key, value). A folder without case.toml may hold a ``case.xlsx``.
    load_catalogue : gives the framework of a name or of a path relative to the case's folder.
    costs : a folder or workbook of cost tables, or a mapping of DataFrames, in place of the case's own.
    today : what the ``valid_until`` of subsidies is compared with.
    open_workbook : reads a workbook; without it there are none.

    Raises
    ------
    InputError : with every problem of all tables and settings.
    """
    container = open_frames(source, TABLES, "case") if isinstance(source, Mapping) else open_source(Path(source), open_workbook)
    return read_container(container, load_catalogue=load_catalogue, costs=costs, today=today, open_workbook=open_workbook)


def read_container(
    container: Container,
    *,
    load_catalogue: LoadCatalogue,
    costs: str | Path | Mapping[str, Any] | None = None,
    today: date | None = None,
    open_workbook: OpenWorkbook | None = None,
) -> Case:
    """Check what a container holds, and make a case of it; options and errors as in ``read_case``."""
    problems = container.problems
    settings = read_settings(container)
    catalogue = _catalogue(settings, container, load_catalogue)
    priced, costs_name = cost_container(container, settings, costs, open_workbook)
    cells = frozenset((problem.file, problem.row, problem.column) for problem in problems if problem.cell)
    tables = {name: _parsed(name, container, problems) for name in CASE_TABLES}
    tables |= {name: _parsed(name, priced, problems) for name in COST_TABLES}
    check_case(tables, catalogue, problems)
    check_costs(tables, catalogue, problems)
    check_crosswalk(tables, catalogue, problems)
    _check_targets(tables, settings, catalogue, container)
    if problems or catalogue is None:
        raise InputError(_located(problems, {**priced.places, **container.places}, cells))
    name = settings.values["name"] or container.name
    return build_case(tables, settings, catalogue, name, costs_name, today or settings.study.prices_on or date.today())


def _located(
    problems: Iterable[Problem], places: Mapping[str, SheetPlaces], cells: Collection[tuple[str, int, str]]
) -> list[Problem]:
    """The problems with their cells, of those that stand in a workbook; ``cells``, that could not be read, have one each."""
    return [
        places[problem.file].located(problem) if problem.file in places else problem
        for problem in problems
        if problem.cell or (problem.file, problem.row, problem.column) not in cells
    ]


def open_source(path: Path, open_workbook: OpenWorkbook | None) -> Container:
    """A folder or a workbook as a container, with whatever can be read of it.

    Raises
    ------
    InputError : when nothing of it can be read.
    """
    container = _open_path(path, open_workbook)
    if container.folder is None and container.problems:
        raise InputError(container.problems)
    return container


def _open_path(path: Path, open_workbook: OpenWorkbook | None) -> Container:
    if open_workbook is not None:
        if is_workbook(path):
            return open_workbook(path, shown(path.name, LONGEST_PATH), TABLES)
        if not _exists(path / SETTINGS) and _exists(path / WORKBOOK):
            return open_workbook(path / WORKBOOK, WORKBOOK, TABLES)
    if path.name == SETTINGS:
        path = path.parent
    return open_case_folder(path, TABLES)


def _catalogue(settings: Settings, container: Container, load_catalogue: LoadCatalogue) -> Catalogue | None:
    if settings.catalogue is not None:
        return settings.catalogue
    if "catalogue" in settings.bad:
        return None
    try:
        return load_catalogue(settings.values["catalogue"], container.folder)
    except InputError as error:
        for problem in error.problems:
            if problem.column == "catalogue" and not problem.row:
                row = container.lines.get("catalogue", 0)
                container.problems.append(replace(problem, file=container.settings_label, row=row, value=shown(problem.value)))
            else:
                container.problems.append(problem)
        return None


def cost_container(
    container: Container,
    settings: Settings,
    costs: str | Path | Mapping[str, Any] | None,
    open_workbook: OpenWorkbook | None,
) -> tuple[Container, str]:
    """Where the cost tables stand, and what they are called."""
    setting = settings.values["cost_tables"]
    has_own = any(name in container.tables for name in COST_TABLES)
    unreadable = Container("", prefix="", tables={name: RawTable(name, is_readable=False) for name in COST_TABLES})

    def refuse(value: object, remedy: Said, rule: Said) -> tuple[Container, str]:
        label, row = container.settings_label, container.lines.get("cost_tables", 0)
        container.problems.append(Problem(label, row, "cost_tables", rule, shown(value, LONGEST_PATH), remedy))
        return unreadable, ""

    def opened(folder: Path, prefix: str) -> tuple[Container, str]:
        found = open_folder(folder, prefix, COST_TABLES)
        container.problems.extend(found.problems)
        return found, folder.name

    def book(path: Path, label: str) -> tuple[Container, str]:
        assert open_workbook is not None
        found = open_workbook(path, shown(label, LONGEST_PATH), COST_TABLES)
        container.problems.extend(found.problems)
        if found.folder is None:
            return unreadable, ""
        return found, found.name

    if isinstance(costs, Mapping):
        found = open_frames(costs, COST_TABLES, "costs")
        container.problems.extend(found.problems)
        return found, found.name
    if costs is not None and open_workbook is not None and is_workbook(Path(costs)):
        return book(Path(costs), str(costs))
    if costs is not None:
        given = _folder(Path(costs))
        if given is None:
            rule, remedy = said("must_cost_folder"), said("do_cost_folder")
            container.problems.append(Problem("--costs", 0, "", rule, shown(costs, LONGEST_PATH), remedy))
            return unreadable, ""
        return opened(given, f"{shown(str(costs).rstrip('/'), LONGEST_PATH)}/")
    if "cost_tables" in settings.bad or not (container.has_settings or has_own):
        return unreadable, ""
    named = _folder((container.folder or Path()) / setting) if setting else None
    if has_own:
        is_elsewhere = named is not None and container.folder is not None and named != container.folder
        if is_elsewhere and not container.places:  # in a workbook the setting is a name alone
            return refuse(setting, said("do_costs_once"), said("must_costs_once"))
        return container, PurePosixPath(setting).name or container.name
    if not setting:
        return refuse(said("got_nothing"), said("do_cost_tables"), said("must_cost_tables"))
    if named is None and open_workbook is not None and is_workbook(Path(setting)):
        return book((container.folder or Path()) / setting, setting)
    if named is None:
        return refuse(setting, said("do_relative_path"), said("must_cost_tables"))
    start = container.folder.parent if container.folder is not None else Path.cwd()
    return opened(named, f"{label_of(named, start)}/")


def is_workbook(path: Path) -> bool:
    """Whether a path means a workbook: by its name, and it is no folder."""
    try:
        return path.suffix.lower() in WORKBOOKS and not path.is_dir()
    except (OSError, ValueError, RuntimeError):
        return False


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def _folder(path: Path) -> Path | None:
    try:
        return path.resolve() if path.is_dir() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _parsed(name: str, container: Container, problems: list[Problem]) -> Parsed:
    raw = container.tables.get(name)
    if raw is not None:
        return parse_table(raw, TABLES[name], problems)
    label = container.label(name)
    if TABLES[name].is_there:
        columns = [column for column, how in TABLES[name].columns.items() if how.is_there]
        remedy = said("do_add_table", columns=columns)
        problems.append(Problem(label, 0, "", said("must_there"), said("got_no_table"), remedy))
    return Parsed(label, is_whole=not TABLES[name].is_there)


def _check_targets(tables: Mapping[str, Parsed], settings: Settings, catalogue: Catalogue | None, container: Container) -> None:
    plans = tables["plans"].ids("plan")
    own = build_crosswalk(tables, catalogue)
    names = Names(
        layers=None if catalogue is None else frozenset(layer.number for layer in catalogue.layers),
        components=None if catalogue is None else frozenset(component.id for component in catalogue.components),
        scenarios=tables["scenarios"].ids("id"),
        plans=None if plans is None else plans | {"current"},
        reserve=0.0 if settings.may_lack_reserve else settings.organisation.cash_reserve,
        references=None if own is None or catalogue is None else catalogue.crosswalk.replaced(own).references,
    )
    asked = [(f"targets.{text.partition('=')[0]}", text) for text in settings.targets]
    asked += [(f"levels.{level}", text) for level, texts in settings.levels.items() for text in texts]
    for column, text in asked:
        try:
            read_target(text, names, container.settings_label, container.lines.get(column, 0), column)
        except InputError as error:
            container.problems.extend(error.problems)
