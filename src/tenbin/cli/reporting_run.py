"""What ``report`` does: open a run again, trace its frontier where it has none, write the page."""

from __future__ import annotations

import webbrowser
from dataclasses import replace
from typing import TYPE_CHECKING

from tenbin.cli.console import print_json, show, tell
from tenbin.cli.failing import DONE, INVALID
from tenbin.cli.language import say
from tenbin.cli.options import Options
from tenbin.cli.report_asked import ReportAsked, check_report
from tenbin.cli.work import working
from tenbin.errors import InputError, Problem

if TYPE_CHECKING:
    from tenbin.studies import Reopened
    from tenbin.studies.delivering import Unprinted

__all__ = ["report_of_run"]

SECONDS = 45.0


def report_of_run(run: str, options: Options, asked: ReportAsked) -> int:
    """Write a run's report; return the exit code.

    Raises
    ------
    InputError, StorageError : when something asked is wrong, there is no such run, it has no plan, or the file cannot be written.
    """
    from tenbin.storage import results_root
    from tenbin.studies import reopen
    from tenbin.studies.delivering import Unprinted, deliver
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
        deliver(report_data(found), path, asked.format, options.lang, brand, asked.template, found.run.path)
    except Unprinted as error:
        return _told(error, options)
    if options.as_json:
        print_json({"schema": 1, "status": "made", "run": found.run.id, "format": asked.format, "path": str(path)})
    elif not options.quiet:
        show([say("report_made", options.lang, path=path)])
    if asked.open_it:
        webbrowser.open(path.resolve().as_uri())
    return DONE


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
