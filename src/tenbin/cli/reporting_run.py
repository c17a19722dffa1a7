"""What ``report`` does: open a run again, trace its frontier where it has none, write the page."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.cli.console import print_json, show, tell
from tenbin.cli.failing import DONE, INVALID
from tenbin.cli.language import say
from tenbin.cli.options import Options
from tenbin.cli.report_asked import ReportAsked, check_report
from tenbin.cli.work import working
from tenbin.errors import InputError, Problem

if TYPE_CHECKING:
    from tenbin.model import Brand
    from tenbin.reporting.report import ReportData
    from tenbin.studies import Reopened

__all__ = ["FORMATS", "report_of_run"]

SECONDS = 45.0


class Unprinted(InputError):
    """Why a page was not printed, and where the page is."""

    def __init__(self, problems: Iterable[Problem], page: Path) -> None:
        super().__init__(problems)
        self.page = page


def report_of_run(run: str, options: Options, asked: ReportAsked) -> int:
    """Write a run's report; return the exit code.

    Raises
    ------
    InputError, StorageError : when something asked is wrong, there is no such run, it has no plan, or the file cannot be written.
    """
    from tenbin.storage import results_root
    from tenbin.studies import reopen
    from tenbin.studies.fronting import check_frontier
    from tenbin.studies.telling import report_data

    brand = check_report(asked)
    check_frontier(asked.points)
    found = reopen(run, results_root(options.out, write=False))
    has_plan = found.result.risk is not None if found.result is not None else bool(found.frontier and found.frontier.points)
    if not has_plan:
        raise _nothing_to_report(found)
    if found.frontier is None and asked.with_frontier:
        found = _with_frontier(found, asked.points, options)
    brand = brand.over(found.case.brand) if brand else found.case.brand
    path = asked.place(found.run.path, options.lang)
    try:
        FORMATS[asked.format](report_data(found), path, options.lang, brand, asked.template, found.run.path)
    except Unprinted as error:
        return _told(error, options)
    if options.as_json:
        print_json({"schema": 1, "status": "made", "run": found.run.id, "format": asked.format, "path": str(path)})
    elif not options.quiet:
        show([say("report_made", options.lang, path=path)])
    if asked.open_it:
        webbrowser.open(path.resolve().as_uri())
    return DONE


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
    """The page printed: it stays in the run's folder, so that it can be printed by hand where no browser is installed."""
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
"""What writes each format: the report's data, the file, the language, under whose name, in whose slides, the run's folder."""


def _told(error: Unprinted, options: Options) -> int:
    """Say why there is no PDF, and where the page is; the exit code."""
    tell(error.message(options.lang))
    if options.as_json:
        problems = [problem.within(options.lang).to_dict() for problem in error.problems]
        print_json({"schema": 1, "status": "invalid", "problems": problems, "page": str(error.page)})
    return INVALID


def _nothing_to_report(found: Reopened) -> Exception:
    from tenbin.words import Said

    rule, remedy = Said("commands", "report_rule"), Said("commands", "report_remedy")
    return InputError([Problem("RUN", 0, "", rule, found.run.id, remedy)])


def _with_frontier(found: Reopened, points: int, options: Options) -> Reopened:
    """The same with a frontier by the run's own rules, kept beside it; without one where the work was stopped."""
    from tenbin.errors import Interrupted, StorageError
    from tenbin.reporting.sentences import headline_metric
    from tenbin.studies import frontier, keep_frontier

    asked = {
        name: value for name, value in found.manifest.get("asked", {}).items() if name in ("max_days", "require", "exclude")
    }
    metric = headline_metric(found.document)
    if not options.quiet:
        tell(say("report_tracing", options.lang, seconds=f"{SECONDS:.0f}"))
    try:
        front = working(
            lambda progress, stop: frontier(
                found.events, metric, points, validate=True, time_limit=SECONDS, on_progress=progress, stop=stop, **asked
            ),
            options.lang,
            options.quiet,
        )
    except Interrupted:
        return found
    if not front.complete or not front.points:
        return found
    try:
        document = keep_frontier(found.run, front)
    except StorageError as error:
        tell(str(error))
        document = front.to_dict()
    return replace(found, frontier=front, frontier_document=document)


def _write(path: Path, text: str) -> None:
    from tenbin.storage.writing import write_over
    from tenbin.words import Said

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_over(path, text)
    except OSError as error:
        rule, remedy = Said("commands", "report_file_rule"), Said("commands", "report_file_remedy")
        raise InputError([Problem("--to", 0, "", rule, error.strerror or str(error), remedy)]) from error
