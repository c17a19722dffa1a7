"""The small case of ``tests/inputs``, also as a workbook of plain cells; a run's results."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

import tenbin
from inputs.conftest import COSTS, Small, base_files, small  # noqa: F401
from running.commands import start
from tenbin.model import Brand, Case
from tenbin.reporting.report.data import ReportData
from tenbin.studies import keep_frontier, reopen
from tenbin.studies.telling import report_data
from tenbin.workbooks.casebook import write_workbook
from tenbin.workbooks.resultbook import write_results

ROOT = Path(__file__).parents[2]
BUNDLED = ("machine-parts-sme", "control-units-midtier", "two-cells")
Rows = Sequence[Sequence[object]]


def flat(settings: Mapping[str, Any], prefix: str = "") -> list[tuple[str, object]]:
    """Settings as rows of key and value."""
    rows: list[tuple[str, object]] = []
    for key, value in settings.items():
        if isinstance(value, dict):
            rows += flat(value, f"{prefix}{key}.")
        else:
            rows.append((prefix + key, "; ".join(map(str, value)) if isinstance(value, list) else value))
    return rows


def plain_book(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook of these cells, text as text; the first row holds the keys."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row, start=1):
                if value != "":
                    cell = sheet.cell(r, c, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    book.save(path)
    return path


def sheets_of(files: Mapping[str, bytes], without_costs: bool = False) -> dict[str, list[list[object]]]:
    """The small case's files as sheets."""
    settings = tomllib.loads(files["case.toml"].decode())
    settings["cost_tables"] = "small"
    sheets: dict[str, list[list[object]]] = {"case": [["key", "value"], *map(list, flat(settings))]}
    for name, content in files.items():
        if name.endswith(".csv") and not (without_costs and name in COSTS):
            sheets[name.removesuffix(".csv")] = [list(row) for row in csv.reader(io.StringIO(content.decode())) if row]
    return sheets


@pytest.fixture
def plain(small: Small, tmp_path: Path) -> Callable[..., Path]:  # noqa: F811
    """The small case as a workbook of plain cells, some of them changed: ``plain({"scenarios!D2": 4})``."""

    def make(changes: Mapping[str, object] | None = None, name: str = "small.xlsx") -> Path:
        path = plain_book(tmp_path / name, sheets_of(small.files))
        if changes:
            book = load_workbook(path)
            for place, value in changes.items():
                sheet, _, cell = place.partition("!")
                book[sheet][cell] = value
            book.save(path)
        return path

    return make


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, base_files: dict[str, str]) -> dict[str, bytes]:  # noqa: F811
    """The workbook that is made of the small case, in each language."""
    home = tmp_path_factory.mktemp("made")
    case = tenbin.load(Small(home, base_files).write())
    return {lang: write_workbook(case, home / f"{lang}.xlsx", lang).read_bytes() for lang in ("en", "ja")}


@pytest.fixture(scope="session")
def bundled() -> dict[str, Case]:
    return {name: tenbin.load(ROOT / "scenarios" / name) for name in BUNDLED}


HOSTILE = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="session")
def opened_run(tmp_path_factory: pytest.TempPathFactory, base_files: dict[str, str]) -> Any:  # noqa: F811
    """A run of the small case with a frontier, opened again; its texts begin as formulas do."""
    import json

    home = tmp_path_factory.mktemp("run")
    folder = Small(home, base_files).write([["scenarios.csv", "Leak", "'" + HOSTILE], ["case.toml", '"Small"', '"+1+1"']])
    done = start("optimise", folder, "--target", "aal=60%", "--json", "--out", home / "results", code=0)
    run = reopen(Path(json.loads(done.stdout.decode("utf-8"))["run"]))
    keep_frontier(run.run, tenbin.frontier(run.events, n_points=4))
    return reopen(run.run)


@pytest.fixture(scope="session")
def report(opened_run: Any) -> ReportData:
    return report_data(opened_run)


@pytest.fixture(scope="session")
def results(report: ReportData, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The run's results as a workbook, in each language, under a name that begins as formulas do."""
    home = tmp_path_factory.mktemp("results")
    brand = Brand(client="=HYPERLINK(1)", company="@SUM(A1)", author="-1+1", confidentiality="+&L&P", disclaimer="=1+1 " * 40)
    return {lang: write_results(report, home / f"{lang}.xlsx", lang, brand) for lang in ("en", "ja")}
