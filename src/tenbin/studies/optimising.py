"""The main job: the cheapest plan that meets the targets, checked on other years."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import Infeasible, InputError, Problem, SimulationError
from tenbin.model import Case, current_plan
from tenbin.optimisation import (
    Conflict,
    Limit,
    Solution,
    Status,
    cheapest_plan,
    least_total_plan,
    lowest_risk_plan,
    search_plan,
)
from tenbin.optimisation import Problem as Master
from tenbin.simulation import EventTable
from tenbin.studies.asking import enough_years_for, texts_of
from tenbin.studies.evaluating import evaluate
from tenbin.studies.reasoning import Alternative, Reasons, explain, explain_conflict, next_best
from tenbin.studies.results import Met, Result, Supported
from tenbin.studies.scopes import metric_quantity, reduce_plan
from tenbin.studies.simulating import Progress
from tenbin.studies.study import Study, prepare
from tenbin.studies.validating import Checked, check_outside
from tenbin.units import Money, Purpose
from tenbin.words import saying

BoolArray = NDArray[np.bool_]

__all__ = ["Result", "optimise", "optimize", "pays_for_itself"]

said = saying("problems")

TIGHTENINGS = 3


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
    alternatives: int = 0,
    reasons: bool = False,
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
    alternatives : how many next-best plans to look for; what merely adds to a cheaper plan is left out.
    reasons : say for every measure why it is, or is not, in the plan (asks the question again for each).
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
    study = prepare(
        source,
        targets,
        level=level,
        budget=budget,
        max_days=max_days,
        require=require,
        exclude=exclude,
        costs=costs,
        metric=metric,
        delta=delta,
        time_limit=time_limit,
        on_progress=on_progress,
        stop=stop,
    )
    if alternatives < 0:
        raise InputError([Problem("--alternatives", 0, "", said("must_from", n=0), str(alternatives), said("do_usual", n=5))])
    drawn = time.perf_counter() - began
    if not study.question.targets and study.rules.budget is None:
        raise InputError([_nothing_asked()])
    if not study.question.targets:
        enough_years_for(metric, study.case, study.events.n_trials)
    with study.shared.lock:
        if not study.question.targets:
            result = _for_budget(study, metric, validate)
        elif study.rules.budget is not None:
            result = _beside_budget(study, validate, alternatives, reasons)
        else:
            result = _cheapest(study, validate, alternatives, reasons)
    asked = {name: texts_of(texts) for name, texts in (("targets", targets), ("require", require), ("exclude", exclude))}
    more = {"level": level, "budget": budget, "max_days": max_days, "metric": metric, "delta": delta, "time_limit": time_limit}
    result = replace(result.with_seconds(simulate=drawn), asked=asked | more)
    if result.status == "infeasible" and raise_infeasible:
        raise Infeasible(said("no_plan_meets"), result.reachable)
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
    study = prepare(source, time_limit=time_limit, on_progress=on_progress, stop=stop, own_targets=False, **rules)
    began = time.perf_counter()
    quantity = metric_quantity(study.case, "aal")
    limit = Limit(quantity, study.evaluator.value(quantity, *reduce_plan(study.reduction, {})), "aal")
    with study.shared.lock:
        problem = study.problem([limit])
        solution = least_total_plan(problem, study.clock)
        result = _result(study, problem, solution, (), (), "cost_and_loss")
    return result.with_seconds(optimise=time.perf_counter() - began, validate=0.0)


def _nothing_asked() -> Problem:
    return Problem("optimise", 0, "targets", said("must_question"), said("got_none"), said("do_question"))


def _cheapest(study: Study, validate: bool, n_alternatives: int = 0, reasons: bool = False) -> Result:
    """Solve, check on fresh years, tighten and solve again, three times at most; then a last check on other fresh years."""
    asked = study.question.limits(study.evaluator, study.reduction)
    solved = list(asked)
    spent, checking, tightenings = 0.0, 0.0, 0
    outside: tuple[Checked, ...] = ()
    before: tuple[Master, Solution] | None = None
    while True:
        began = time.perf_counter()
        problem = study.problem(solved)
        solution = cheapest_plan(problem, study.clock, study.delta, study.events.seed, study.on_progress)
        spent += time.perf_counter() - began
        if solution.point is None and before is not None:
            # nothing meets the tightened limits: the plan that met them on these years is the answer, and that it misses there
            problem, solution = before
            tightenings -= 1
            break
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
        before = problem, solution
        for n in missed:
            over = outside[n].value / outside[n].limit
            solved[n] = replace(solved[n], limit=solved[n].limit / over)
    began = time.perf_counter()
    others, why, conflict = _explained(study, problem, solution, n_alternatives, reasons)
    explaining = time.perf_counter() - began
    adds = _coverage_adds(study, problem, solution)
    result = _result(study, problem, solution, asked, outside, "cost")
    result = replace(result, tightenings=tightenings, alternatives=others, reasons=why, conflict=conflict, coverage_adds=adds)
    return result.with_seconds(optimise=spent, validate=checking, explain=explaining)


def _explained(
    study: Study, problem: Master, solution: Solution, n_alternatives: int, reasons: bool
) -> tuple[tuple[Alternative, ...], Reasons | None, Conflict | None]:
    """What was asked beside the plan: the next best, why this and not that; without a plan, what stands against it."""
    if solution.point is None:
        is_conflict = solution.status is Status.INFEASIBLE and not study.clock.is_interrupted
        return (), None, explain_conflict(problem, study.clock) if is_conflict else None
    others, _ = next_best(problem, solution.point, n_alternatives, study.clock.again()) if n_alternatives else ((), True)
    return others, explain(problem, solution.point, study.clock.again()) if reasons else None, None


def _outside(
    study: Study, problem: Master, solution: Solution, limits: Sequence[Limit], purpose: Purpose
) -> tuple[Checked, ...]:
    assert solution.point is not None
    plan = problem.reduction.plan(solution.point.chosen)

    def say(done: int, total: int) -> None:
        if study.on_progress:
            study.on_progress("validate", done, total, {})

    try:
        return check_outside(
            study.events,
            study.question,
            limits,
            plan,
            purpose,
            say,
            lambda: study.clock.is_interrupted,
        )
    except SimulationError:
        return ()


def _for_budget(study: Study, metric: str, validate: bool) -> Result:
    """The lowest risk that the budget buys and, of equal plans, the cheapest."""
    began = time.perf_counter()
    quantity = metric_quantity(study.case, metric)
    limit = Limit(quantity, study.evaluator.value(quantity, *reduce_plan(study.reduction, {})), metric)
    problem = study.problem([limit])
    solution = lowest_risk_plan(problem, study.clock, study.delta, study.events.seed)
    spent = time.perf_counter() - began
    began = time.perf_counter()
    outside: tuple[Checked, ...] = ()
    if validate and solution.point is not None:
        outside = _outside(study, problem, solution, [replace(limit, limit=solution.point.values[0])], Purpose.VALIDATE)
    result = _result(study, problem, solution, (), outside, metric)
    return result.with_seconds(optimise=spent, validate=time.perf_counter() - began)


def _coverage_adds(study: Study, problem: Master, solution: Solution) -> float | None:
    """What the coverage asked for adds to the cost of the risk targets alone."""
    if solution.point is None or not study.rules.covers or not problem.limits or study.clock.is_interrupted:
        return None
    alone = problem.again(rules=replace(study.rules, covers=()))
    _, outcome = search_plan(alone, replace(study.clock.again(), limit=min(study.clock.limit, 10.0)))
    return solution.point.cost - outcome.best.cost if outcome.best is not None and outcome.closed else None


def _supported(study: Study, chosen: BoolArray) -> tuple[Supported, ...]:
    """How a plan stands to the coverage asked for."""
    found = []
    measures = {row.measure for row, here in zip(study.case.costs.rows, chosen, strict=True) if here}
    asked = [target.covers for target in study.question.targets if target.covers is not None]
    for coverage, cover in zip(asked, study.rules.covers, strict=True):
        supporting = study.case.crosswalk.supporting(coverage.standard)
        unverified = 0
        for reference in coverage.references or tuple(supporting):
            ours = [support for support in supporting[reference] if support.measure in measures]
            unverified += bool(ours) and all(support.confidence == "unverified" for support in ours)
        found.append(Supported(cover.label, cover.at_least, cover.supported(chosen), len(cover.groups), unverified))
    return tuple(found)


def _beside_budget(study: Study, validate: bool, n_alternatives: int, reasons: bool) -> Result:
    """The cheapest plan that meets the targets and, where it is over the budget, by how much."""
    result = _cheapest(replace(study, rules=replace(study.rules, budget=None)), validate, n_alternatives, reasons)
    budget = study.rules.budget
    assert budget is not None
    if result.risk is None:
        return result
    cost = result.cost
    figure = {"first-year": cost.first_year_cash, "year": cost.per_year, "total": cost.npv}[budget.period.value]
    over = figure - budget.amount
    if over <= 0:
        return result
    amounts = {"over": over, "figure": figure, "budget": budget.amount}
    key = {"first-year": "warn_over_cash", "year": "warn_over_year", "total": "warn_over_total"}[budget.period.value]
    word = said(key, **{name: Money(amount, study.case.currency) for name, amount in amounts.items()})
    return replace(result, warnings=(*result.warnings, word))


def _result(
    study: Study,
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
        coverage=_supported(study, point.chosen) if point else (),
        outside=tuple(outside),
        reachable=dict(solution.reachable),
        warnings=case.warnings,
        n_trials=events.n_trials,
        n_worlds=events.n_worlds,
        seed=events.seed,
        question=study.question.targets,
    )
