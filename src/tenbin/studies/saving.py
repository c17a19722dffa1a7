"""A finished study → its folder under results/."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from tenbin import __version__
from tenbin.errors import InputError, Problem, StorageError, reason_of, refusal
from tenbin.inputs import write_case
from tenbin.inputs.schema import CASE_TABLES, COST_TABLES
from tenbin.model import Case
from tenbin.reporting import ChartData, FrontierData, write_charts
from tenbin.reporting.writing import ChartFiles
from tenbin.reporting.writing import Data as ChartsData
from tenbin.storage import Run, RunFolder, new_run, results_root
from tenbin.storage.writing import finite
from tenbin.studies.captioning import frontier_chart_data, plan_chart_data
from tenbin.studies.charting import cost_rows
from tenbin.studies.fronting import Frontier
from tenbin.studies.reopening import CASE_FOLDER
from tenbin.studies.results import Result
from tenbin.studies.simulating import Progress
from tenbin.words import language, saying

__all__ = ["CHARTS", "Making", "Saved", "case_files", "manifest_of", "save", "save_result", "saved_at", "written_charts"]

said = saying("problems")

Draw = Callable[..., ChartFiles]
"""Draws charts as ``write_charts`` does."""

CHARTS = "charts"
"""The folder in a run's."""

Table = tuple[str, Sequence[str], Iterable[Sequence[object]]]
"""A table's name, header and rows."""

Saved = tuple[Run, tuple[Path, ...], str]
"""The run, its charts and a line of advice ("" when there is none)."""


@dataclass(frozen=True, slots=True)
class Making:
    """What a run is made of.

    hashes : of its inputs, by file. started : when it began. asked : the options of its question. command : what was typed; what this
    program was started with unless given.
    """

    hashes: Mapping[str, str]
    started: datetime
    asked: Mapping[str, Any]
    command: Sequence[str] | None = None


def case_files(folder: Path, costs: Path | None) -> list[Path]:
    """The files that a case is read from: settings, tables, the cost table's, a catalogue of the user's own."""
    settings: Mapping[str, Any] = {}
    if (folder / "case.toml").is_file():
        settings = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8-sig"))
    files = [folder / "case.toml", *(folder / f"{name}.csv" for name in CASE_TABLES)]
    named = settings.get("cost_tables")
    prices = costs if costs is not None else folder / named if isinstance(named, str) else folder
    files += [prices / f"{name}.csv" for name in COST_TABLES]
    catalogue = settings.get("catalogue")
    if isinstance(catalogue, str) and catalogue.lower().endswith(".csv"):
        files.append(folder / catalogue)
    return [path for path in files if path.is_file()]


def save(
    found: Result | Frontier,
    document: Mapping[str, Any],
    root: Path,
    making: Making,
    lang: str,
    on_progress: Progress | None = None,
    draw: Draw | None = write_charts,
) -> Saved:
    """Write a study's folder: document, the case's tables, the plan's, charts in one language, manifest.

    Parameters
    ----------
    document : what ``found.to_dict()`` says, and whatever is to stand beside it.
    root : the results folder.
    draw : draws the charts, which takes seconds; with None there are none, and ``tenbin chart`` draws them later.

    Raises
    ------
    StorageError : when the disk refuses; then nothing is left there.
    """
    with new_run(found.case.name, root) as folder:
        if on_progress is not None:
            on_progress("save", 0, 1, {})
        folder.write_json("result.json", finite(dict(document)))
        _keep_case(found.case, folder, making)
        tables = _tables(found) if isinstance(found, Result) else _plans(found)
        for name, header, rows in tables:
            folder.write_table(name, header, rows)
        drawn: tuple[Path, ...] = ()
        advice = ""
        if draw is not None:
            drawn, advice = written_charts(_charts_of(found, document), folder, lang, draw=draw)
        run = folder.commit(_manifest(found, making), making.started)
    return run, tuple(run.path / CHARTS / path.name for path in drawn), advice


def save_result(result: Result, out: str | Path | None, lang: str | None, charts: bool) -> Path:
    """What ``Result.save`` does."""
    if result.risk is None:
        raise InputError([Problem("save", 0, "result", said("must_have_plan"), result.status, said("do_reachable"))])
    making = Making({}, datetime.now().astimezone(), result.asked, ("python",))
    root = results_root(out)
    run, _, _ = save(result, result.to_dict(), root, making, language(lang), draw=write_charts if charts else None)
    return run.path


def _charts_of(found: Result | Frontier, document: Mapping[str, Any]) -> ChartData | FrontierData:
    """What a run's charts show."""
    return plan_chart_data(found, document) if isinstance(found, Result) else frontier_chart_data(found, document)


def _keep_case(case: Case, folder: RunFolder, making: Making) -> None:
    """Write the tables that the run was made from, at the prices of its day, so that it can be opened again."""
    day = case.study.prices_on or making.started.date()
    try:
        write_case(replace(case, study=replace(case.study, prices_on=day)), folder.path / CASE_FOLDER)
    except InputError as error:
        raise StorageError(said("problems_of", problems=list(error.problems))) from error


def _manifest(found: Result | Frontier, making: Making) -> dict[str, Any]:
    facts = {
        "case": found.case.name,
        "status": found.status,
        "seed": found.seed,
        "n_trials": found.n_trials,
        "n_worlds": found.n_worlds,
    }
    return {**manifest_of(facts, making), "seconds": dict(found.seconds)}


def manifest_of(facts: Mapping[str, Any], making: Making) -> dict[str, Any]:
    """What a kept folder says of how it came about; of what was asked, that which was given."""
    return {
        "schema": 1,
        "version": __version__,
        "command": ["tenbin", *sys.argv[1:]] if making.command is None else list(making.command),
        **facts,
        "asked": {name: value for name, value in making.asked.items() if value not in (None, (), [])},
        "inputs": dict(making.hashes),
    }


def saved_at(run: Run | None, charts: Iterable[Path]) -> dict[str, Any]:
    """Where things are, as JSON documents say it; ``run`` None: the disk refused."""
    return {"run": str(run.path) if run else None, "charts": [str(path) for path in charts]}


def written_charts(
    data: ChartsData, folder: RunFolder, lang: str, names: Iterable[str] | None = None, draw: Draw = write_charts
) -> tuple[tuple[Path, ...], str]:
    """Draw charts into a folder that is being made; their files and a line of advice.

    Raises
    ------
    StorageError : when the disk refuses.
    """
    try:
        files = draw(data, folder.path / CHARTS, lang, names=names)
    except OSError as error:
        rule, remedy = said("must_writable_folder"), said("do_out")
        raise StorageError(refusal(folder.root, rule, reason_of(error), remedy)) from error
    return files.paths, files.advice


def _plans(front: Frontier) -> Iterable[Table]:
    """The frontier's plans."""
    frame = front.to_frame()
    frame["plan"] = [";".join(f"{measure}={level}" for measure, level in plan.items()) for plan in frame["plan"]]
    yield "frontier", list(frame.columns), frame.itertuples(index=False)


def _tables(result: Result) -> Iterable[Table]:
    """The plan, the scenarios and the metrics."""
    change = {entry["measure"]: kind for kind, entries in result.change.items() for entry in entries}
    header = ("kind", "id", "title_ja", "title_en", "level", "change", "once", "per_year", "saved_per_year")
    plan = [
        (
            row.kind.value,
            row.label.id,
            row.label.title_ja,
            row.label.title_en,
            row.level,
            row.change.value if row.change else "",
            row.capex,
            row.yearly,
            row.saved,
        )
        for row in cost_rows(result.case, result.plan, change)
    ]
    yield "plan", header, plan
    assert result.risk is not None
    views = {"inherent": result.inherent, "today": result.current, "after": result.risk}
    losses = {name: view.evaluator.expected.by_scenario(view.phi, view.gamma) for name, view in views.items()}
    scenarios = [
        (s.id, s.layer, ";".join(s.components), s.title_ja, s.title_en, *(float(losses[name][n]) for name in views))
        for n, s in enumerate(result.case.scenarios)
    ]
    yield "scenarios", ("id", "layer", "components", "title_ja", "title_en", *(f"aal_{name}" for name in views)), scenarios
    metrics = {name: view.metrics() for name, view in views.items()}
    yield "risk", ("metric", *views), [(name, *(metrics[view][name] for view in views)) for name in metrics["after"]]
