"""What ``chart`` does: open a run again, draw one of its charts or all, say where they are."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.cli.console import print_json, show, tell
from tenbin.cli.failing import DONE
from tenbin.cli.options import Options
from tenbin.words import in_language, saying, speaker

if TYPE_CHECKING:
    from tenbin.errors import Problem
    from tenbin.reporting import ChartData, ChartFiles, FrontierData
    from tenbin.studies import Reopened

__all__ = ["charts_of_run"]

say = speaker("charting")
said = saying("charting")

ALL = "all"
USUAL = "png"
Work = tuple["ChartData | FrontierData", list[str]]
"""What is drawn, and the names of the charts that show it."""


def charts_of_run(run: str, name: str, options: Options, kind: str | None, target: Path | None) -> int:
    """Draw a chart of a run, or all that it has; return the exit code.

    Parameters
    ----------
    kind : the format; by the target's ending, else png, unless given.
    target : the file to write (for ``all`` the folder); the run's own ``charts`` unless given.

    Raises
    ------
    InputError : when a name or format is none, the run has not what the chart shows, or the target cannot be written.
    StorageError : when the run cannot be read.
    """
    from tenbin.errors import InputError
    from tenbin.storage import results_root
    from tenbin.studies import reopen

    ending = target.suffix.removeprefix(".").lower() if target and name != ALL else ""
    kind = (kind or ending or USUAL).lower()
    if problems := _wrong(name, kind):
        raise InputError(problems)
    found = reopen(run, results_root(options.out, write=False))
    works, missing = _works(found, name)
    if not works or (missing and name != ALL):
        raise InputError(missing)
    done = [_drawn(work, found.run.path / "charts", target, name == ALL, kind, options.lang) for work in works]
    paths = [path for files in done for path in files.paths]
    if not options.quiet:
        for message in dict.fromkeys(files.advice for files in done if files.advice):
            tell(message)
        for problem in missing:
            tell(str(in_language(said("left_out", rule=problem.rule, remedy=problem.remedy), options.lang)))
    if options.as_json:
        print_json({"schema": 1, "status": "made", "run": found.run.id, "charts": [str(path) for path in paths]})
    elif not options.quiet:
        show([say("made", options.lang, paths=[f"  {path}" for path in paths])])
    return DONE


def _wrong(name: str, kind: str) -> list[Problem]:
    from tenbin.errors import Problem
    from tenbin.reporting import CHART_FORMATS, FRONTIER_CHARTS, PLAN_CHARTS

    names, problems = [*PLAN_CHARTS, *FRONTIER_CHARTS], []
    if name not in (*names, ALL):
        near = get_close_matches(name, [*names, ALL], 1, 0.5)
        remedy = said("do_near", name=near[0]) if near else said("do_choose")
        problems.append(Problem("NAME", 0, "", said("must_name", names=names), repr(name), remedy))
    if kind not in CHART_FORMATS:
        problems.append(Problem("--format", 0, "", said("must_format", names=CHART_FORMATS), repr(kind), said("do_format")))
    return problems


def _works(found: Reopened, name: str) -> tuple[list[Work], list[Problem]]:
    """What can be drawn of what is asked, and what the run lacks for the rest."""
    from tenbin.errors import Problem
    from tenbin.reporting import FRONTIER_CHARTS, PLAN_CHARTS
    from tenbin.studies.captioning import frontier_chart_data, plan_chart_data

    works: list[Work] = []
    missing: list[Problem] = []
    plan_names, front_names = ([n for n in charts if name in (n, ALL)] for charts in (PLAN_CHARTS, FRONTIER_CHARTS))
    got, run = said("got_run", run=found.run.id), found.run.id
    if plan_names and found.result is not None and found.result.risk is not None:
        works.append((plan_chart_data(found.result, found.document), plan_names))
    elif plan_names:
        rule = said("must_have_plan", names=plan_names)
        missing.append(Problem("RUN", 0, "", rule, got, said("do_optimise")))
    if front_names and found.frontier is not None and found.frontier.points and found.frontier_document is not None:
        works.append((frontier_chart_data(found.frontier, found.frontier_document, found.result), front_names))
    elif front_names:
        rule = said("must_have_frontier", names=front_names)
        missing.append(Problem("RUN", 0, "", rule, got, said("do_frontier", run=run)))
    return works, missing


def _drawn(work: Work, own: Path, target: Path | None, is_folder: bool, kind: str, lang: str) -> ChartFiles:
    """Write a work's charts: into the run's own folder, into the one named, or as the one file named."""
    from tenbin.errors import InputError, Problem, reason_of
    from tenbin.reporting import write_chart, write_charts

    data, names = work
    try:
        if target is not None and not is_folder:
            return write_chart(data, names[0], target, lang, kind)
        return write_charts(data, target or own, lang, (kind,), names)
    except OSError as error:
        rule = said("must_folder") if is_folder or target is None else said("must_file")
        raise InputError([Problem(str(target or own), 0, "", rule, reason_of(error), said("do_to"))]) from error
