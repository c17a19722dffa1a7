"""The commands that ask nothing of a solver: init, check, simulate, evaluate, runs."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from tenbin.cli.console import Block, print_json, show
from tenbin.cli.language import say
from tenbin.cli.options import Options

__all__ = ["check_case", "evaluate_plans", "make_case", "simulate_case"]


def make_case(folder: Path, name: str, options: Options) -> None:
    """Copy a bundled case into a new folder."""
    from tenbin.studies.examples import copy_example

    made = copy_example(name, folder)
    if options.as_json:
        print_json({"schema": 1, "status": "made", "from": name, "path": str(made)})
    elif not options.quiet:
        show([say("made", options.lang, path=made, shell=shlex.quote(str(made)))])


def check_case(folder: Path, costs: Path | None, options: Options) -> None:
    """Read a case with all its rules, then say what its figures mean, also against the years that an interview asked for."""
    from tenbin.cli.render_lines import warnings
    from tenbin.cli.studying import draw_events
    from tenbin.reporting.sentences import ring
    from tenbin.studies import load, ring_true
    from tenbin.studies.answered import answers_of, own_past, own_words

    case, lang = load(folder, costs), options.lang
    events = draw_events(case, options)
    found = ring_true(events).to_dict()
    answers = answers_of(folder)
    own = None if answers is None else own_past(events, answers)
    if options.as_json:
        head = {"schema": 1, "status": "valid", "case": case.name, "currency": case.currency}
        more = {} if own is None else {"own_years": own.to_dict()}
        print_json({**head, "warnings": list(case.warnings), "ring_true": found, **more}, lang)
        return
    counts = {"scenarios": len(case.scenarios), "effects": len(case.effects), "rows": len(case.costs.rows)}
    blocks: list[Block] = [say("good_case", lang, title=case.title(lang), **counts)]
    blocks += warnings(case.warnings, lang)
    show([*blocks, "", *ring(found, case, lang), *([] if own is None else [own_words(own, lang)])])


def simulate_case(folder: Path, options: Options) -> None:
    """The risk with nothing in place, and today's."""
    from tenbin.cli.render import simulated
    from tenbin.cli.studying import draw_events, precision_of
    from tenbin.studies import evaluate, load
    from tenbin.studies.explaining import explain_risks
    from tenbin.studies.results import side_by_side

    case = load(folder)
    events = draw_events(case, options)
    inherent = evaluate(events, {})
    today = evaluate(events, "current", evaluator=inherent.evaluator)
    document = {
        "schema": 1,
        "case": case.name,
        "currency": case.currency,
        "warnings": list(case.warnings),
        "risk": {"inherent": inherent.metrics(), "today": today.metrics()},
        **side_by_side({"inherent": inherent, "today": today}),
        "current": today.to_dict(),
        "notes": [note.to_dict() for note in explain_risks({"": today if today.plan else inherent})],
        "n_trials": events.n_trials,
        "n_worlds": events.n_worlds,
        "n_events": events.n_events,
        "seed": events.seed,
        **precision_of(events),
    }
    print_json(document, options.lang) if options.as_json else show(simulated(document, case, options.lang))


def evaluate_plans(folder: Path, plans: Sequence[str], costs: Path | None, options: Options, forms: bool = False) -> None:
    """Plans side by side; without any named, what is in place and the case's own."""
    from tenbin.cli.render import evaluated
    from tenbin.cli.studying import draw_events, precision_of
    from tenbin.errors import InputError, Problem
    from tenbin.inputs import parse_plan
    from tenbin.studies import evaluate, load, loss_by_form
    from tenbin.studies.explaining import explain_risks

    case = load(folder, costs)
    chosen: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for text in plans or ("current", *(plan.name for plan in case.plans)):
        try:
            chosen[text] = parse_plan(text, case)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    events = draw_events(case, options, plan=next(iter(chosen.values())))
    evaluator = evaluate(events, {}).evaluator
    risks = {text: evaluate(events, plan, evaluator=evaluator) for text, plan in chosen.items()}
    by_form = {
        text: {"forms": [loss.to_dict() for loss in loss_by_form(risk)]} if forms else {} for text, risk in risks.items()
    }
    document = {
        "schema": 1,
        "case": case.name,
        "currency": case.currency,
        "warnings": list(case.warnings),
        "plans": {text: {**risk.to_dict(), **by_form[text]} for text, risk in risks.items()},
        "notes": [note.to_dict() for note in explain_risks(risks)],
        "n_trials": events.n_trials,
        "n_worlds": events.n_worlds,
        "seed": events.seed,
        **precision_of(events),
    }
    print_json(document, options.lang) if options.as_json else show(evaluated(document, case, options.lang))
