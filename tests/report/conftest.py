"""One small run of the bundled case with a short frontier, its report in both languages, and one browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tenbin
from report.browsing import browser
from running.commands import ROOT, start
from tenbin.reporting.report import report_html
from tenbin.studies import keep_frontier, reopen
from tenbin.studies.telling import report_data

CASE = ROOT / "scenarios" / "machine-parts-sme"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A run's folder with a frontier of five plans beside its result."""
    place = tmp_path_factory.mktemp("report-runs")
    asked = (
        "optimise",
        CASE,
        "--target",
        "tvar95=75%",
        "--trials",
        "2000",
        "--time-limit",
        "2",
        "--quiet",
        "--json",
        "--out",
        place,
    )
    path = Path(json.loads(start(*asked, code=0).stdout.decode("utf-8"))["run"])
    run = reopen(path)
    keep_frontier(run.run, tenbin.frontier(run.events, "tvar95", 5, validate=False, time_limit=4))
    return path


@pytest.fixture(scope="session")
def data(folder):
    """What its report shows."""
    return report_data(reopen(folder))


@pytest.fixture(scope="session")
def pages(data, tmp_path_factory):
    """The report as a file, by language."""
    place = tmp_path_factory.mktemp("report-pages")
    found = {}
    for lang in ("ja", "en"):
        found[lang] = place / f"report.{lang}.html"
        found[lang].write_text(report_html(data, lang), encoding="utf-8", newline="\n")
    return found


@pytest.fixture(scope="session")
def chromium():
    """The browser."""
    with browser() as started:
        yield started
