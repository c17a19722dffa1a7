"""What the report shows, as a file to hand over: a page, a workbook, slides, a PDF; each format's library comes with its first file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tenbin.errors import InputError, Problem, reason_of
from tenbin.model import Brand
from tenbin.reporting.report import ReportData
from tenbin.words import Said

__all__ = ["FORMATS", "WORKED_ON", "Unprinted", "deliver", "place_in"]

WORKED_ON = ("xlsx", "pptx")
"""What people go on writing in: never written over."""


class Unprinted(InputError):
    """Why a page was not printed, and where the page is."""

    def __init__(self, problems: Iterable[Problem], page: Path) -> None:
        super().__init__(problems)
        self.page = page


def deliver(
    data: ReportData,
    path: Path,
    form: str,
    lang: str,
    brand: Brand | None = None,
    template: Path | None = None,
    home: Path | None = None,
) -> None:
    """Write the report as a file.

    Parameters
    ----------
    data : as ``tenbin.studies.telling`` gathers it.
    path : the file; a page or a PDF that is there is replaced when the new one is whole, slides too, a workbook is not.
    form : one of ``FORMATS``.
    brand : under whose name; plain unless given.
    template : of slides: whose master and layouts are used.
    home : where the page lies that a PDF is printed from, so that it can be printed by hand; the PDF's own folder unless given.

    Raises
    ------
    InputError : when the file cannot be written, or a format's means are missing (python-pptx, a template that is one).
    Unprinted : when no browser printed the page; it is there all the same.
    """
    FORMATS[form](data, path, lang, brand, template, home or path.parent)


def place_in(folder: Path, form: str, lang: str) -> Path:
    """Where a report is written within a folder: beside what people may have worked on, never over it."""
    path = folder / f"report.{lang}.{form}"
    number = 2
    while form in WORKED_ON and path.exists():
        path, number = folder / f"report.{lang}-{number}.{form}", number + 1
    return path


def _html(data: ReportData, path: Path, lang: str, brand: Brand | None, template: Path | None, home: Path) -> None:
    from tenbin.reporting.report import report_html

    _write(path, report_html(data, lang, brand))


def _xlsx(data: ReportData, path: Path, lang: str, brand: Brand | None, template: Path | None, home: Path) -> None:
    from tenbin.workbooks.resultbook import write_results

    write_results(data, path, lang, brand)


def _pptx(data: ReportData, path: Path, lang: str, brand: Brand | None, template: Path | None, home: Path) -> None:
    from tenbin.reporting.slides import write_slides

    write_slides(data, path, lang, template, brand)


def _pdf(data: ReportData, path: Path, lang: str, brand: Brand | None, template: Path | None, home: Path) -> None:
    """The page printed: it stays where it is, so that it can be printed by hand where no browser is installed."""
    from tenbin.reporting.printing import print_pdf

    page = home / f"report.{lang}.html"
    _html(data, page, lang, brand, template, home)
    try:
        print_pdf(page, path)
    except InputError as error:
        raise Unprinted(error.problems, page) from error


FORMATS: Mapping[str, Callable[[ReportData, Path, str, Brand | None, Path | None, Path], None]] = {
    "html": _html,
    "xlsx": _xlsx,
    "pptx": _pptx,
    "pdf": _pdf,
}
"""What writes each format: the report's data, the file, the language, under whose name, in whose slides, the page's folder."""


def _write(path: Path, text: str) -> None:
    from tenbin.storage.writing import write_over

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_over(path, text)
    except OSError as error:
        rule, remedy = Said("commands", "report_file_rule"), Said("problems", "do_name_another")
        raise InputError([Problem(str(path), 0, "", rule, reason_of(error), remedy)]) from error
