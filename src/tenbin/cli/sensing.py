"""What ``sensitivity`` does: read, ask what each guess does, save, print."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import print_json, show
from tenbin.cli.failing import DONE, INVALID
from tenbin.cli.matters import Picture, keep, plan_of_run
from tenbin.cli.options import Options
from tenbin.cli.work import working
from tenbin.words import saying

if TYPE_CHECKING:
    from tenbin.model import Case
    from tenbin.sensitivity import WhatMatters

__all__ = ["sensitivity_of_case"]

said = saying("sensitivity")


def sensitivity_of_case(
    folder: Path, plan: str | None, run: str | None, metric: str, top: int, costs: Path | None, options: Options
) -> int:
    """Say which guess matters; return the exit code.

    Raises
    ------
    InputError : for anything unknown, all at once.
    """
    from tenbin.sensitivity import what_matters
    from tenbin.storage import input_hashes, results_root
    from tenbin.studies import load
    from tenbin.studies.saving import Making, case_files, saved_at

    started = datetime.now().astimezone()
    case = load(folder, costs)
    name, chosen = _checked(case, plan, run, metric, top, options)
    results_root(options.out)
    making = Making(input_hashes(case_files(folder, costs)), started, {"plan": name, "metric": metric, "top": top})
    found = working(
        lambda progress, stop: what_matters(case, chosen, metric, on_progress=progress, stop=stop, **_drawing(options)),
        options.lang,
        options.quiet,
        "tornado",
    )
    document = {**found.to_dict(), "plan_name": name}
    frame = found.to_frame()
    table = list(map(str, frame.columns)), frame.astype(object).where(frame.notna(), "").itertuples(index=False)
    saved, charts = keep("sensitivity", document, table, _pictures(found, name, top), making, options)
    if options.as_json:
        print_json({**document, **saved_at(saved, charts)}, options.lang)
    else:
        from tenbin.cli.render_sensitivity import mattering

        show(mattering(found, name, top, saved.path if saved else None, options.lang))
    return DONE if saved else INVALID


def _checked(
    case: Case, plan: str | None, run: str | None, metric: str, top: int, options: Options
) -> tuple[str, str | dict[str, str]]:
    """The plan's name and the plan; ``InputError`` with all that is wrong."""
    from tenbin.errors import InputError, Problem
    from tenbin.sensitivity.mattering import check_asked

    problems: list[Problem] = []
    if top < 1:
        problems.append(Problem("--top", 0, "", said("must_top"), str(top), said("do_top")))
    if plan is not None and run is not None:
        problems.append(Problem("--run", 0, "", said("must_one_plan"), run, said("do_one_plan")))
    for flag, given in (("--worlds", options.worlds), ("--precision", options.precision)):
        if given is not None:
            problems.append(Problem(flag, 0, "", said("must_not_be_given"), str(given), said("do_leave_out")))
    name = "current" if plan is None else plan
    chosen: str | dict[str, str] = name
    try:
        if run is not None and plan is None:
            name, chosen = plan_of_run(run, case, options)
    except InputError as error:
        problems.extend(error.problems)
    try:
        check_asked(case, chosen, metric, **_drawing(options))
    except InputError as error:
        problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return name, chosen


def _drawing(options: Options) -> dict[str, Any]:
    """How years are drawn; each part of the answer has its own number of worlds."""
    return {name: value for name, value in options.drawing().items() if name != "n_worlds"}


def _pictures(found: WhatMatters, name: str, top: int) -> list[Picture]:
    from tenbin.sensitivity.picturing import tornado_data, worth_data

    pictures: list[Picture] = [
        (worth_data(found.information, min(top, 10)), "find-out"),
        (tornado_data(found.tornado, name, top), "tornado"),
    ]
    if found.tornado.costs:
        pictures.append((tornado_data(found.tornado, name, top, costs=True), "tornado-cost"))
    return pictures
