"""One small run of the bundled case with a short frontier, its report in both languages."""

from __future__ import annotations

import pytest

from report.runs import run_with_frontier, write_pages
from running.commands import ROOT
from tenbin.studies import reopen
from tenbin.studies.telling import report_data

CASE = ROOT / "scenarios" / "machine-parts-sme"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A run's folder with a frontier of five plans beside its result."""
    return run_with_frontier(CASE, tmp_path_factory.mktemp("report-runs"), 5)


@pytest.fixture(scope="session")
def data(folder):
    """What its report shows."""
    return report_data(reopen(folder))


@pytest.fixture(scope="session")
def pages(data, tmp_path_factory):
    """The report as a file, by language."""
    return write_pages(data, tmp_path_factory.mktemp("report-pages"))
