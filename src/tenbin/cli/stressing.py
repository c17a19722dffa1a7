"""What ``stress`` does: read, stress, save, print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import print_json, show
from tenbin.cli.failing import DONE, INVALID
from tenbin.cli.matters import keep, plan_of_run
from tenbin.cli.options import Options
from tenbin.cli.work import working

if TYPE_CHECKING:
    from tenbin.errors import Problem
    from tenbin.model import Case

__all__ = ["stress_case"]


def stress_case(
    folder: Path, plans: Sequence[str], runs: Sequence[str], costs: Path | None, options: Options, **asked: Any
) -> int:
    """Evaluate plans where something goes wrong; return the exit code.

    Raises
    ------
    InputError : for anything unknown, all at once.
    """
    from tenbin.cli.studying import draw_events
    from tenbin.sensitivity import stress
    from tenbin.sensitivity.picturing import stress_data
    from tenbin.storage import input_hashes, results_root
    from tenbin.studies import load
    from tenbin.studies.saving import Making, case_files, saved_at

    started = datetime.now().astimezone()
    case = load(folder, costs)
    named = _checked(case, plans, runs, options, **asked)
    results_root(options.out)
    question = {"plans": list(plans), "runs": list(runs), **asked}
    making = Making(input_hashes(case_files(folder, costs)), started, question)
    events = draw_events(case, options)
    found = working(
        lambda progress, stop: stress(events, named, on_progress=progress, stop=stop, **asked),
        options.lang,
        options.quiet,
        "stress",
    )
    document = found.to_dict()
    frame = found.to_frame()
    table = list(map(str, frame.columns)), frame.itertuples(index=False)
    saved, charts = keep("stress", document, table, [(stress_data(found), "stress")], making, options)
    if options.as_json:
        print_json({**document, **saved_at(saved, charts)}, options.lang)
    else:
        from tenbin.cli.render_stress import stressed

        show(stressed(found, saved.path if saved else None, options.lang))
    return DONE if saved else INVALID


def _checked(
    case: Case, plans: Sequence[str], runs: Sequence[str], options: Options, **asked: Any
) -> dict[str, dict[str, str]]:
    """The plans by name: those asked for, else the case's own; ``InputError`` with all that is wrong, before the years are drawn."""
    from tenbin.errors import InputError
    from tenbin.inputs import parse_plan
    from tenbin.sensitivity.stressing import check_stress

    problems: list[Problem] = []
    named: dict[str, dict[str, str]] = {}
    texts = list(plans) if plans or runs else [plan.name for plan in case.plans]
    for text in texts:
        try:
            named[text] = parse_plan(text, case)
        except InputError as error:
            problems.extend(error.problems)
    for text in runs:
        try:
            name, plan = plan_of_run(text, case, options)
            named[name] = plan
        except InputError as error:
            problems.extend(error.problems)
    try:
        check_stress(case, n_trials=options.trials, **asked)
    except InputError as error:
        problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return named
