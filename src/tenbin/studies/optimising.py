"""The main job: the cheapest plan that meets the targets, checked on other years."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tenbin.errors import Infeasible, InputError, Problem, SimulationError
from tenbin.evaluation import CostModel, Evaluator, Reduction
from tenbin.inputs import parse_budget, parse_choice, parse_days, parse_targets
from tenbin.model import Budget, Case, Days, Target, current_plan
from tenbin.optimisation import (
    Clock,
    Limit,
    Rules,
    Solution,
    cheapest_plan,
    least_total_plan,
    lowest_risk_plan,
)
from tenbin.optimisation import Problem as Master
from tenbin.simulation import EventTable
from tenbin.studies.evaluating import evaluate
from tenbin.studies.loading import with_costs
from tenbin.studies.results import Met, Result
from tenbin.studies.scopes import Question, metric_quantity, reduce_plan
from tenbin.studies.simulating import Progress, as_events
from tenbin.studies.validating import Checked, check_outside
from tenbin.units import Purpose

__all__ = ["Result", "optimise", "optimize", "pays_for_itself"]

TIGHTENINGS = 3
DELTA = 0.005
TIME_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class _Study:
    """One event table with everything that is asked of it."""

    events: EventTable
    evaluator: Evaluator
    reduction: Reduction
    costs: CostModel
    rules: Rules
    question: Question
    clock: Clock
    delta: float
    on_progress: Progress | None

    @property
    def case(self) -> Case:
        return self.events.case


def optimise(
    source: EventTable | Case,
    targets: Sequence[str] = (),
    *,
    level: str | None = None,
    budget: str | float | None = None,
    max_days: str | float | None = None,
    require: Sequence[str] = (),
    exclude: Sequence[str] = (),
    costs: Any = None,
    metric: str = "tvar95",
    validate: bool = False,
    delta: float | None = None,
    time_limit: float | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    raise_infeasible: bool = False,
) -> Result:
    """Find the cheapest plan that meets the targets or, given a budget alone, the lowest risk that it buys.

    Parameters
    ----------
    source : an event table, or a case (then its years are drawn first).
    targets : as on the command line, such as ``["tvar95=60%"]``; the case's own when neither these, ``level`` nor
        ``budget`` is given.
    level : a named level of the case.
    budget : ``"8M/first-year"`` (cash), ``"2M/year"``, ``"20M/total"``; a bare amount is first-year cash.
    max_days : ``"60/first-year"``, ``"30/year"``.
    require, exclude : measures ``"M"`` or ``"M=LEVEL"`` that must, must not be chosen.
    costs : another cost table.
    metric : what a budget alone minimises.
    validate : check the plan on ten times as many fresh years; tighten and solve again where they miss a limit.
    delta : how near to the targets every cheaper plan is checked, at least (a share; 0.005).
    time_limit : seconds for the search; then the best plan so far with its gap.
    on_progress : called with (stage, done, total, detail).
    stop : set it to end the work with the best plan so far.
    raise_infeasible : raise ``Infeasible`` instead of returning a result with that status.

    Raises
    ------
    InputError : for a target, a budget or a measure that is none, all of them at once.
    Infeasible : on wish, with the lowest value within reach for each target.
    """
    began = time.perf_counter()
    study = _prepare(source, targets, level, budget, max_days, require, exclude, costs, delta, time_limit, on_progress, stop)
    drawn = time.perf_counter() - began
    if not study.question.targets and study.rules.budget is None:
        raise InputError([_nothing_asked()])
    if study.question.targets:
        result = _beside_budget(study, validate) if study.rules.budget is not None else _cheapest(study, validate)
    else:
        result = _for_budget(study, metric, validate)
    result = result.with_seconds(simulate=drawn)
    if result.status == "infeasible" and raise_infeasible:
        raise Infeasible("no plan meets the targets", result.reachable)
    return result


optimize = optimise


def pays_for_itself(
    source: EventTable | Case,
    *,
    validate: bool = False,
    time_limit: float | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
    **rules: Any,
) -> Result:
    """The plan of least cost per year + expected annual loss, proved; options as in ``optimise``."""
    rules.pop("delta", None)
    study = _prepare(
        source,
        (),
        None,
        rules.pop("budget", None),
        rules.pop("max_days", None),
        rules.pop("require", ()),
        rules.pop("exclude", ()),
        rules.pop("costs", None),
        None,
        time_limit,
        on_progress,
        stop,
        own_targets=False,
    )
    began = time.perf_counter()
    quantity = metric_quantity(study.case, "aal")
    limit = Limit(quantity, study.evaluator.value(quantity, *reduce_plan(study.reduction, {})), "aal")
    problem = Master(study.evaluator, study.costs, study.rules, [limit])
    solution = least_total_plan(problem, study.clock)
    result = _result(study, problem, solution, (), (), "cost_and_loss")
    return result.with_seconds(optimise=time.perf_counter() - began, validate=0.0)


def _nothing_asked() -> Problem:
    remedy = 'Give --target "tvar95=60%", --level NAME or --budget B, or write [targets] into case.toml.'
    return Problem("optimise", 0, "targets", "at least one target, level or budget", "none", remedy)


def _prepare(
    source: EventTable | Case,
    targets: Sequence[str],
    level: str | None,
    budget: str | float | None,
    max_days: str | float | None,
    require: Sequence[str],
    exclude: Sequence[str],
    costs: Any,
    delta: float | None,
    time_limit: float | None,
    on_progress: Progress | None,
    stop: threading.Event | None,
    own_targets: bool = True,
) -> _Study:
    case = source.case if isinstance(source, EventTable) else source
    if costs is not None:
        case = with_costs(case, costs)
    asked = check_request(
        case,
        targets,
        level=level,
        budget=budget,
        max_days=max_days,
        require=require,
        exclude=exclude,
        delta=delta,
        own_targets=own_targets,
    )
    parsed, rules = asked.targets, asked.rules
    if isinstance(source, EventTable):
        events = replace(source, case=case) if costs is not None else source
    else:
        events = as_events(case, on_progress=on_progress, stop=stop)
    _enough_years(parsed, events.n_trials)
    return _Study(
        events=events,
        evaluator=Evaluator(events),
        reduction=Reduction.of(case),
        costs=CostModel.of(case),
        rules=rules,
        question=Question(case, parsed),
        clock=Clock(TIME_LIMIT if time_limit is None else time_limit, stop),
        delta=DELTA if delta is None else delta,
        on_progress=on_progress,
    )


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, parsed."""

    targets: tuple[Target, ...]
    rules: Rules


def check_request(
    case: Case,
    targets: Sequence[str] = (),
    *,
    level: str | None = None,
    budget: str | float | None = None,
    max_days: str | float | None = None,
    require: Sequence[str] = (),
    exclude: Sequence[str] = (),
    metric: str = "tvar95",
    delta: float | None = None,
    time_limit: float | None = None,
    own_targets: bool = True,
) -> Request:
    """Parse everything that is asked of a case, before any long work; ``InputError`` with all that is wrong."""
    problems: list[Problem] = []
    texts = _asked(case, targets, level, own_targets and budget is None, problems)
    parsed = _collect(problems, lambda: parse_targets(texts, case), ())
    money: Budget | None = _collect(problems, lambda: parse_budget(str(budget)) if budget is not None else None, None)
    days: Days | None = _collect(problems, lambda: parse_days(str(max_days)) if max_days is not None else None, None)
    must = tuple(_collect(problems, lambda text=text: parse_choice(text, case, "--require"), ("", None)) for text in require)
    ban = tuple(_collect(problems, lambda text=text: parse_choice(text, case, "--exclude"), ("", None)) for text in exclude)
    _collect(problems, lambda: metric_quantity(case, metric), None)
    if delta is not None and not 0 <= delta < 1:
        problems.append(Problem("--delta", 0, "", "a share from 0 to below 1", str(delta), "0.005 is usual."))
    if time_limit is not None and time_limit <= 0:
        problems.append(Problem("--time-limit", 0, "", "seconds above 0", str(time_limit), "60 is plenty."))
    if problems:
        raise InputError(problems)
    return Request(tuple(parsed), Rules(case, must, ban, money, days))


def _collect(problems: list[Problem], parse: Any, otherwise: Any) -> Any:
    try:
        return parse()
    except InputError as error:
        problems.extend(error.problems)
        return otherwise


def _asked(case: Case, targets: Iterable[str], level: str | None, own: bool, problems: list[Problem]) -> list[str]:
    texts = list(targets)
    if level is not None:
        if level in case.levels:
            texts.extend(case.levels[level])
        else:
            known = ", ".join(case.levels) or "none"
            problems.append(Problem("--level", 0, "", f"a named level of the case ({known})", level, "Name one of these."))
    if not texts and own and level is None:
        texts.extend(case.targets)
    return texts


def _enough_years(targets: Sequence[Any], n_trials: int) -> None:
    problems = []
    for target in targets:
        if target.confidence is not None and (1 - target.confidence) * n_trials < 1:
            needed = int(1 / (1 - target.confidence)) + 1
            problems.append(
                Problem(
                    "--trials",
                    0,
                    "",
                    f"at least {needed:,} years for {target.text}",
                    f"{n_trials:,}",
                    "Draw more years.",
                )
            )
    if problems:
        raise InputError(problems)


def _cheapest(study: _Study, validate: bool) -> Result:
    """Solve, check on fresh years, tighten and solve again, three times at most; then a last check on other fresh years."""
    asked = study.question.limits(study.evaluator, study.reduction)
    solved = list(asked)
    spent, checking, tightenings = 0.0, 0.0, 0
    outside: tuple[Checked, ...] = ()
    while True:
        began = time.perf_counter()
        problem = Master(study.evaluator, study.costs, study.rules, solved)
        solution = cheapest_plan(problem, study.clock, study.delta, study.events.seed, study.on_progress)
        spent += time.perf_counter() - began
        if not validate or solution.point is None or study.clock.is_over:
            break
        began = time.perf_counter()
        purpose = Purpose.VALIDATE_AGAIN if tightenings == TIGHTENINGS else Purpose.VALIDATE
        outside = _outside(study, problem, solution, asked, purpose)
        checking += time.perf_counter() - began
        missed = [n for n, checked in enumerate(outside) if not checked.met]
        if not missed or tightenings == TIGHTENINGS:
            break
        tightenings += 1
        for n in missed:
            over = outside[n].value / outside[n].limit
            solved[n] = replace(solved[n], limit=solved[n].limit / over)
    result = _result(study, problem, solution, asked, outside, "cost")
    return replace(result, tightenings=tightenings).with_seconds(optimise=spent, validate=checking)


def _outside(
    study: _Study, problem: Master, solution: Solution, limits: Sequence[Limit], purpose: Purpose
) -> tuple[Checked, ...]:
    assert solution.point is not None
    plan = problem.reduction.plan(solution.point.chosen)

    def say(done: int, total: int) -> None:
        if study.on_progress:
            study.on_progress("validate", done, total, {})

    try:
        return check_outside(
            study.events,
            study.evaluator,
            study.reduction,
            study.question,
            limits,
            plan,
            purpose,
            say,
            lambda: study.clock.is_interrupted,
        )
    except SimulationError:
        return ()


def _for_budget(study: _Study, metric: str, validate: bool) -> Result:
    """The lowest risk that the budget buys and, of equal plans, the cheapest."""
    began = time.perf_counter()
    quantity = metric_quantity(study.case, metric)
    limit = Limit(quantity, study.evaluator.value(quantity, *reduce_plan(study.reduction, {})), metric)
    problem = Master(study.evaluator, study.costs, study.rules, [limit])
    solution = lowest_risk_plan(problem, study.clock, study.delta, study.events.seed)
    spent = time.perf_counter() - began
    began = time.perf_counter()
    outside: tuple[Checked, ...] = ()
    if validate and solution.point is not None:
        outside = _outside(study, problem, solution, [replace(limit, limit=solution.point.values[0])], Purpose.VALIDATE)
    result = _result(study, problem, solution, (), outside, metric)
    return result.with_seconds(optimise=spent, validate=time.perf_counter() - began)


def _beside_budget(study: _Study, validate: bool) -> Result:
    """The cheapest plan that meets the targets and, where it is over the budget, by how much."""
    result = _cheapest(replace(study, rules=replace(study.rules, budget=None)), validate)
    budget = study.rules.budget
    assert budget is not None
    if result.risk is None:
        return result
    cost = result.cost
    figure = {"first-year": cost.first_year_cash, "year": cost.per_year, "total": cost.npv}[budget.period.value]
    over = figure - budget.amount
    if over <= 0:
        return result
    word = f"over budget by {over:,.0f} ({budget.period.value}): {figure:,.0f} against {budget.amount:,.0f}"
    return replace(result, warnings=(*result.warnings, word))


def _result(
    study: _Study,
    problem: Master,
    solution: Solution,
    asked: Sequence[Limit],
    outside: Sequence[Checked],
    objective: str,
) -> Result:
    case, events, evaluator = study.case, study.events, study.evaluator
    point = solution.point
    plan = problem.reduction.plan(point.chosen) if point else {}
    met = []
    for n, limit in enumerate(asked):
        value = point.values[n] if point else float("nan")
        if point:
            met.append(Met(limit.label, limit.limit, problem.limits[n].limit, value))
    return Result(
        case=case,
        status=solution.status.value,
        objective=objective,
        plan=dict(sorted(plan.items())),
        certificate=solution.certificate,
        risk=evaluate(events, plan, evaluator=evaluator) if point else None,
        current=evaluate(events, current_plan(case), evaluator=evaluator),
        inherent=evaluate(events, {}, evaluator=evaluator),
        targets=tuple(met),
        outside=tuple(outside),
        reachable=dict(solution.reachable),
        warnings=case.warnings,
        n_trials=events.n_trials,
        seed=events.seed,
        question=study.question.targets,
    )
