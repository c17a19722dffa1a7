"""What ``frontier`` does: read, draw, trace, save, print."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenbin.cli.console import print_json, show, tell
from tenbin.cli.failing import CODES, INVALID
from tenbin.cli.language import said, say
from tenbin.cli.options import Options
from tenbin.cli.work import working

if TYPE_CHECKING:
    from tenbin.model import Case

__all__ = ["budget_texts", "frontier_case"]

BETWEEN = re.compile(r"[;；]|(?<!\d)[,，]|[,，](?!\d{3}(?!\d))")
"""Between two budgets: a semicolon, or a comma that is none between thousands."""


def budget_texts(given: Sequence[str]) -> list[str]:
    """The budgets of ``--budgets "1M,2M,4M"``, which may be given again."""
    return [text.strip() for texts in given for text in BETWEEN.split(texts) if text.strip()]


def frontier_case(
    folder: Path, options: Options, costs: Path | None, points: int, budgets: Sequence[str] | None, **how: Any
) -> int:
    """Trace a case's frontier, save what was found and print it; return the exit code."""
    from tenbin.cli.studying import draw_events
    from tenbin.errors import StorageError
    from tenbin.storage import input_hashes, results_root
    from tenbin.studies import frontier, load
    from tenbin.studies.saving import Making, case_files, save

    started, began = datetime.now().astimezone(), time.perf_counter()
    case = load(folder, costs)
    amounts = budget_texts(budgets or ())
    _check(case, points, amounts, budgets is not None, how)
    root = results_root(options.out)
    asked = {**how, "points": points, "budgets": amounts}
    making = Making(input_hashes(case_files(folder, costs)), started, asked)
    read = time.perf_counter() - began
    events = draw_events(case, options)
    case = events.case
    drawn = time.perf_counter() - began - read
    front = working(
        lambda progress, stop: frontier(
            events, n_points=points, budgets=amounts, validate=True, on_progress=progress, stop=stop, **how
        ),
        options.lang,
        options.quiet,
    )
    front = replace(front, seconds={**front.seconds, "read": read, "simulate": drawn})
    document = front.to_dict()
    saved = None
    if front.points:
        try:
            saved = working(
                lambda progress, stop: save(front, document, root, making, options.lang, progress, options.draw),
                options.lang,
                options.quiet,
                "save",
            )
        except StorageError as error:
            tell(say("and_not_saved", options.lang, error=error.message(options.lang)))
        document["run"] = str(saved[0].path) if saved else None
        if saved and saved[2] and not options.quiet:
            tell(saved[2])
    if options.as_json:
        print_json(document, options.lang)
    else:
        from tenbin.cli.render_frontier import traced
        from tenbin.cli.studying import where_saved

        show(traced(document, case, options.lang))
        show(where_saved(saved, options.lang))
    return CODES[document["status"]] or (INVALID if front.points and saved is None else 0)


def _check(case: Case, points: int, amounts: Sequence[str], has_budgets: bool, how: dict[str, Any]) -> None:
    """Everything that can be wrong with what is asked, all at once."""
    from tenbin.errors import InputError, Problem
    from tenbin.studies.asking import check_request
    from tenbin.studies.fronting import check_frontier

    problems: list[Problem] = []
    for check in (lambda: check_request(case, own_targets=False, **how), lambda: check_frontier(points, amounts)):
        try:
            check()
        except InputError as error:
            problems.extend(error.problems)
    if has_budgets and not amounts:
        problems.append(Problem("--budgets", 0, "", said("must_budgets"), said("got_none"), said("do_budgets")))
    if problems:
        raise InputError(problems)
