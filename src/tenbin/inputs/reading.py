"""A container of tables → a checked case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.inputs import building, crosschecks
from tenbin.inputs.asking import parse_target
from tenbin.inputs.containers import Container, open_folder, open_mapping
from tenbin.inputs.schema import CASE_TABLES, COST_TABLES, TABLES
from tenbin.inputs.settings import Settings, read_settings
from tenbin.inputs.tables import Parsed, parse_table
from tenbin.model import Case, Catalogue

__all__ = ["read_case"]

LoadCatalogue = Callable[[str, Path | None], Catalogue]


def read_case(
    source: str | Path | Mapping[str, Any],
    *,
    load_catalogue: LoadCatalogue,
    costs: str | Path | Mapping[str, Any] | None = None,
    today: date | None = None,
) -> Case:
    """Read and check a case from a folder or a mapping of DataFrames.

    Parameters
    ----------
    source : the case's folder, or table names → DataFrames (``case`` holds the settings).
    load_catalogue : gives the framework of a name or a path (relative to the case's folder).
    costs : a cost table's folder or mapping in place of the case's own.
    today : what ``valid_until`` of subsidies is compared with.

    Raises
    ------
    InputError : with every problem of all tables and settings.
    """
    container = _open(source)
    problems = container.problems
    settings = Settings()
    if container.settings is not None:
        settings = read_settings(container.settings, container.settings_label, problems)
    catalogue = _catalogue(settings, container, load_catalogue)
    priced = _cost_container(container, settings, costs)
    parsed = _parse(container, priced)
    if catalogue is None or container.settings is None:
        raise InputError([*problems, *(problem for table in parsed.values() for problem in table.problems)])
    problems.extend(problem for table in parsed.values() for problem in table.problems)
    crosschecks.check(parsed, catalogue, problems)
    name = settings.name or container.name
    case = building.build(parsed, settings, catalogue, name, priced.name, today or date.today(), problems)
    for where, texts in (("targets", settings.targets), *((f"levels.{n}", t) for n, t in settings.levels.items())):
        for text in texts:
            try:
                parse_target(text, case, f"{container.settings_label} [{where}]")
            except InputError as error:
                problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return case


def _open(source: str | Path | Mapping[str, Any]) -> Container:
    if isinstance(source, Mapping):
        return open_mapping(source, dict.fromkeys(TABLES, ""))
    path = Path(source)
    label = path.resolve().name if str(path) in (".", "") else str(path).rstrip("/\\")
    return open_folder(path.resolve(), label, dict.fromkeys(TABLES, ""), "case.toml")


def _cost_container(container: Container, settings: Settings, costs: str | Path | Mapping[str, Any] | None) -> Container:
    """Where the cost tables stand: what was asked for, the case's own container, or the folder that it names."""
    wanted = dict.fromkeys(COST_TABLES, "")
    if isinstance(costs, Mapping):
        opened = open_mapping(costs, wanted)
    elif costs is not None:
        opened = open_folder(Path(costs).resolve(), str(costs).rstrip("/\\"), wanted, None)
    elif "measures" in container.tables or settings.cost_tables is None or container.folder is None:
        return container
    else:
        opened = open_folder((container.folder / settings.cost_tables).resolve(), settings.cost_tables, wanted, None)
    container.problems.extend(opened.problems)
    return opened


def _catalogue(settings: Settings, container: Container, load_catalogue: LoadCatalogue) -> Catalogue | None:
    try:
        return load_catalogue(settings.catalogue, container.folder)
    except InputError as error:
        container.problems.extend(error.problems)
        return None


def _parse(container: Container, priced: Container) -> dict[str, Parsed]:
    parsed = {}
    for group, home in ((CASE_TABLES, container), (COST_TABLES, priced)):
        for name, table in group.items():
            raw = home.tables.get(name)
            label = f"{home.label}/{name}.csv" if home.folder is not None else name
            if raw is None:
                parsed[name] = Parsed(label)
                missing = table.is_required and not (home.problems and not home.tables)
                if missing:
                    parsed[name].problems.append(
                        Problem(label, 0, "", "there", "no such table", f"Add {name} with its columns (tenbin init shows one).")
                    )
            else:
                parsed[name] = parse_table(raw, table)
                if table.is_required and not raw.rows and raw.header:
                    parsed[name].problems.append(
                        Problem(raw.label, 0, "", "a table with at least one row", "none", "Add a row.")
                    )
    return parsed
