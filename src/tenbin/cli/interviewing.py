"""``init`` by interview: ask in plain words, or replay a file of answers; then a case to edit."""

from __future__ import annotations

import math
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tenbin.cli.console import Block, Grid, print_json, show
from tenbin.cli.failing import DONE, INTERRUPTED
from tenbin.cli.options import Options
from tenbin.units import format_amount
from tenbin.words import speaker

if TYPE_CHECKING:
    from tenbin.interview import Answers, MadeCase
    from tenbin.model import Case

__all__ = ["init_by_interview", "is_asked"]

of_interview = speaker("interview")


def is_asked(options: Options) -> bool:
    """Whether somebody sits there to answer."""
    return not options.as_json and not options.quiet and sys.stdin.isatty() and sys.stderr.isatty()


def init_by_interview(folder: Path, answers_file: Path | None, options: Options, as_workbook: bool = False) -> int:
    """Make a case of a file of answers, or of what is answered now; return the exit code."""
    from tenbin.cli.questioning import ask

    _check_new(folder)
    if answers_file is not None:
        from tenbin.studies.answered import read_answers_file

        _make(folder, read_answers_file(answers_file), options, as_workbook)
        return DONE
    more = " --workbook" if as_workbook and folder.suffix.lower() != ".xlsx" else ""
    asked = ask(folder, options.lang, f"tenbin init {shlex.quote(str(folder))}{more}")
    if asked is None:
        return INTERRUPTED
    answers, kept = asked
    _make(folder, answers, options, as_workbook)
    kept.unlink(missing_ok=True)
    return DONE


def _check_new(folder: Path) -> None:
    from tenbin.errors import InputError, Problem
    from tenbin.words import Said

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        rule, got, remedy = (Said("interview", key) for key in ("must_new", "got_something", "do_other_folder"))
        raise InputError([Problem(str(folder), 0, "", rule, got, remedy)])


def _make(folder: Path, answers: Answers, options: Options, as_workbook: bool) -> None:
    """Write the case and its answers, and say what was assumed."""
    from tenbin.inputs import write_case
    from tenbin.interview import answers_toml, make_case
    from tenbin.studies.answered import ANSWERS_FILE
    from tenbin.workbooks.casebook import book_of, write_workbook

    lang = options.lang
    made = make_case(answers)
    if as_workbook:
        folder = book_of(folder)
        write_workbook(made.case, folder, lang, answers)
    else:
        write_case(made.case, folder, folder / "cost_tables")
        (folder / ANSWERS_FILE).write_text(answers_toml(answers), encoding="utf-8", newline="\n")
    if options.as_json:
        head = {"schema": 1, "status": "made", "from": "interview", "path": str(folder)}
        steps = [f"tenbin {command}" for command, _ in _steps(folder, made.case, answers, lang)]
        print_json({**head, "assumed": list(made.filled.assumed), "history": made.history, "next": steps})
    elif not options.quiet:
        show(list(_told(folder, made, answers, lang)))


def _told(folder: Path, made: MadeCase, answers: Answers, lang: str) -> Iterator[Block]:
    """What was made of the answers, and what can be done with it."""
    from tenbin.interview import question, shown_answer

    filled = made.filled
    yield of_interview("made", lang, path=folder)
    if filled.assumed:
        rows = tuple(
            (of_interview(f"ask_{key}", lang), shown_answer(question(key), getattr(filled.answers, key), lang))
            for key in filled.assumed
        )
        heads = ((of_interview("not_known", lang), "left"), (of_interview("assumed", lang), "left"))
        yield Grid(heads, rows, of_interview("assumed_title", lang))
    if made.history != 1.0:
        numbers = {"expected": f"{made.expected:.2g}", "factor": f"{made.history:g}"}
        yield of_interview("history", lang, n=answers.incidents, **numbers)
    yield ""
    yield of_interview("next", lang)
    for command, why in _steps(folder, made.case, answers, lang):
        yield f"  tenbin {command}\n      {why}"
    if answers.budget is not None:
        values = {"budget": format_amount(answers.budget, lang), "cash": format_amount(_cash_today(made.case), lang)}
        key = "budget_short" if answers.budget < _cash_today(made.case) else "budget_today"
        yield of_interview(key, lang, **values, costs=of_interview("costs_sheets", lang) if folder.is_file() else "cost_tables")


def _steps(folder: Path, case: Case, answers: Answers, lang: str) -> list[tuple[str, str]]:
    """What to type next, and what it is for; a budget below what is paid already becomes that."""
    shell = shlex.quote(str(folder))
    steps = [
        (f"check {shell}", of_interview("next_check", lang)),
        (f"optimise {shell}", of_interview("next_optimise", lang)),
    ]
    if answers.budget is not None:
        budget = max(answers.budget, math.ceil(_cash_today(case)))
        why = of_interview("next_budget", lang, budget=format_amount(budget, lang))
        steps.append((f"optimise {shell} --budget {budget:.0f}/first-year", why))
    return steps


def _cash_today(case: Case) -> float:
    """What is paid in a year for what is in place."""
    from tenbin.evaluation import cost_of
    from tenbin.model import current_plan

    return cost_of(case, current_plan(case)).first_year_cash
