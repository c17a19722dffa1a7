"""A finished study → its folder under results/."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin import __version__
from tenbin.cli.render import answer
from tenbin.storage import Run, input_hashes, write_run

if TYPE_CHECKING:
    from tenbin.studies import Result

__all__ = ["save_result"]


def _tables(result: Result) -> dict[str, tuple[Sequence[str], list[Sequence[object]]]]:
    from tenbin.studies.charting import cost_rows

    document = result.to_dict()
    change = {entry["measure"]: kind for kind, entries in document["change"].items() for entry in entries}
    rows = cost_rows(result.case, result.plan, change)
    header = ("kind", "id", "title_ja", "title_en", "level", "change", "once", "per_year", "saved_per_year")
    plan = [
        (
            r.kind.value,
            r.label.id,
            r.label.title_ja,
            r.label.title_en,
            r.level,
            r.change.value if r.change else "",
            r.capex,
            r.yearly,
            r.saved,
        )
        for r in rows
    ]
    risk = result.risk
    assert risk is not None
    views = {"inherent": result.inherent, "today": result.current, "after": risk}
    losses = {name: view.evaluator.expected.by_scenario(view.phi, view.gamma) for name, view in views.items()}
    scenarios = [
        (s.id, s.layer, ";".join(s.components), s.title_ja, s.title_en, *(float(losses[name][n]) for name in views))
        for n, s in enumerate(result.case.scenarios)
    ]
    metrics = {name: view.metrics() for name, view in views.items()}
    return {
        "plan": (header, list(plan)),
        "scenarios": (
            ("id", "layer", "components", "title_ja", "title_en", "aal_inherent", "aal_today", "aal_after"),
            list(scenarios),
        ),
        "risk": (("metric", *views), [(name, *(metrics[view][name] for view in views)) for name in metrics["after"]]),
    }


def save_result(result: Result, root: Path, inputs: Sequence[Path], lang: str) -> tuple[Run, list[Path], str]:
    """Write a run's folder with its tables and its charts in one language; return it, the charts and a font's advice."""
    document = result.to_dict()
    advice: list[str] = []
    drawn: list[Path] = []

    def add_charts(folder: Path) -> None:
        if result.risk is None:
            return
        from tenbin.reporting import write_charts
        from tenbin.studies import chart_data

        data = chart_data(result, answer(document, "ja"), answer(document, "en"))
        (folder / "charts").mkdir()
        files = write_charts(data, folder / "charts", lang)
        drawn.extend(files.paths)
        if files.advice:
            advice.append(files.advice)

    manifest = {
        "schema": 1,
        "version": __version__,
        "command": sys.argv[1:],
        "case": result.case.name,
        "seed": result.seed,
        "n_trials": result.n_trials,
        "inputs": input_hashes(inputs),
        "seconds": result.seconds,
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    tables = _tables(result) if result.risk is not None else {}
    run = write_run(root, result.case.name, document, manifest, tables, add_charts)
    return run, [run.path / "charts" / path.name for path in drawn], advice[0] if advice else ""
