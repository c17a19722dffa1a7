"""A small run with a short frontier beside its result, and its report in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import tenbin
from running.commands import start
from tenbin.model import Brand
from tenbin.reporting.report import ReportData, report_html
from tenbin.studies import keep_frontier, reopen

TARGET = "tvar95=75%"
ASKED = ("--target", TARGET, "--trials", "2000", "--time-limit", "2", "--quiet", "--json")


def run_with_frontier(case: Path, place: Path, n_points: int) -> Path:
    """The folder of a run that the command made."""
    run = reopen(json.loads(start("optimise", case, *ASKED, "--out", place, code=0).stdout.decode("utf-8"))["run"])
    keep_frontier(run.run, tenbin.frontier(run.events, "tvar95", n_points, validate=False, time_limit=4))
    return run.run.path


def write_pages(data: ReportData, place: Path, brand: Brand | None = None) -> dict[str, Path]:
    """The report as a file, by language."""
    found = {}
    for lang in ("ja", "en"):
        found[lang] = place / f"report.{lang}.html"
        found[lang].write_text(report_html(data, lang, brand), encoding="utf-8", newline="\n")
    return found
