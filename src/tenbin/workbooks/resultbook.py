"""What a run found as a workbook: its answer, its plan, its actions, every number as a number, Excel's own charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tenbin.model import Brand
from tenbin.reporting.palette import RESIDUAL
from tenbin.reporting.report.data import ReportData
from tenbin.reporting.report.voice import Voice
from tenbin.workbooks.actions_sheet import actions_sheet
from tenbin.workbooks.files import save_book
from tenbin.workbooks.paper import Paper
from tenbin.workbooks.result_charts import cash_flow_sheet, curve_sheet, frontier_sheet, heatmap_sheet
from tenbin.workbooks.result_tables import (
    about_sheet,
    assumptions_sheet,
    coverage_sheet,
    plan_sheet,
    scenarios_sheet,
    summary_sheet,
)

__all__ = ["write_results"]

SWITCHES: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
"""Nothing becomes a formula, a link or a number but what is written as one."""


def write_results(data: ReportData, path: str | Path, lang: str, brand: Brand | None = None) -> Path:
    """Write a run's results as a workbook.

    Parameters
    ----------
    data : as ``tenbin.studies.telling.report_data`` gathers it from a run opened again.
    path : a new file that ends in ``.xlsx``.
    brand : under whose name; shown on the last sheet and at the foot of printed pages.

    Raises
    ------
    InputError : when something is there already, or the place cannot be written.
    """

    def write(making: Path) -> None:
        from xlsxwriter import Workbook

        with Workbook(str(making), dict(SWITCHES)) as book:
            _write(Paper(book, Voice(lang, data.currency), (brand.accent if brand else "") or RESIDUAL), data, brand or Brand())

    return save_book(Path(path), write)


def _write(paper: Paper, data: ReportData, brand: Brand) -> None:
    title = paper.voice.title(data.title)
    paper.book.set_properties({"title": title, "author": brand.author or paper.say("mark_author"), "company": brand.company})
    summary_sheet(paper, data, brand)
    plan_sheet(paper, data)
    actions_sheet(paper, data)
    scenarios_sheet(paper, data)
    curve_sheet(paper, data)
    heatmap_sheet(paper, data)
    if len(data.views) > 1:
        frontier_sheet(paper, data)
    cash_flow_sheet(paper, data)
    coverage_sheet(paper, data)
    assumptions_sheet(paper, data)
    about_sheet(paper, data, brand)
    foot = _plain(" · ".join(text for text in (title, brand.company, brand.confidentiality) if text))
    for sheet in paper.book.worksheets():
        sheet.set_footer(f"&L{foot}&R&P / &N")


def _plain(text: str) -> str:
    """Text within a page's foot, where & begins a command; Excel takes 255 characters."""
    return text.replace("&", "&&")[:200]
