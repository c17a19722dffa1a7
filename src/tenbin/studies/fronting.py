"""The frontier: the cheapest plan at every level of risk, or the lowest risk at every budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tenbin.errors import InputError, Problem, SimulationError
from tenbin.evaluation import FreshYears, Reduction, estimate
from tenbin.inputs import parse_budget
from tenbin.model import Budget, Case, Metric, Period, current_plan
from tenbin.optimisation import (
    Clock,
    FrontierPoint,
    LevelTracer,
    Limit,
    cheapest_plan,
    frontier_by_budget,
    frontier_by_level,
    undominated,
)
from tenbin.optimisation import Problem as Master
from tenbin.simulation import EventTable
from tenbin.studies.asking import enough_years_for
from tenbin.studies.frontiers import Frontier, FrontierPlan
from tenbin.studies.scopes import headline, metric_quantity, reduce_plan
from tenbin.studies.simulating import Progress
from tenbin.studies.study import Study, prepare
from tenbin.studies.validating import TIMES
from tenbin.units import Purpose
from tenbin.words import saying

__all__ = ["Frontier", "FrontierPlan", "Tracing", "check_frontier", "frontier"]

said = saying("problems")

TIME_LIMIT = 60.0
MOST_POINTS = 500
HORIZON = {"first-year": "first_year_cash", "year": "per_year", "total": "npv"}


def frontier(
    source: EventTable | Case,
    metric: str = "tvar95",
    n_points: int = 30,
    *,
    targets: Sequence[str] = (),
    budgets: Sequence[str | float] = (),
    max_days: str | float | None = None,
    require: Sequence[str] = (),
    exclude: Sequence[str] = (),
    costs: Any = None,
    validate: bool = False,
    delta: float | None = None,
    time_limit: float | None = None,
    on_progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> Frontier:
    """Find the cheapest plan at every level of risk between "everything" and the cheapest plan that the rules allow.

    Parameters
    ----------
    source : an event table, or a case (then its years are drawn first).
    metric : what is lowered from plan to plan, such as ``tvar95`` or ``L2:aal``.
    n_points : levels of the metric, evenly spread; plans found twice, or dominated, are left out.
    targets : others that every plan has to meet, such as one on a second metric, ``"tvar99=80M"``.
    budgets : the lowest risk that each of these buys, in place of levels: ``"8M/first-year"``, ``"2M/year"``, ``"20M/total"``.
    max_days, require, exclude, costs, delta, on_progress, stop : as in ``optimise``.
    validate : give each plan's value on ten times as many fresh years too.
    time_limit : seconds for the whole frontier (60); plans found in a hurry have a gap.

    Raises
    ------
    InputError : for a metric, a target, a budget or a number that is none, all at once.
    """
    parsed = check_frontier(n_points, budgets)
    began = time.perf_counter()
    study = prepare(
        source,
        targets,
        max_days=max_days,
        require=require,
        exclude=exclude,
        costs=costs,
        metric=metric,
        delta=delta,
        time_limit=TIME_LIMIT if time_limit is None else time_limit,
        on_progress=on_progress,
        stop=stop,
        own_targets=False,
    )
    enough_years_for(metric, study.case, study.events.n_trials)
    drawn = time.perf_counter() - began
    with study.shared.lock:
        amounts = [budget.amount for budget in parsed]
        found = _found(study, metric, n_points, amounts, parsed[0].period if parsed else None, validate)
    seconds = {"simulate": drawn, "optimise": time.perf_counter() - began - drawn}
    return replace(found, seconds=seconds)


def check_frontier(n_points: int = 30, budgets: Sequence[str | float] = ()) -> tuple[Budget, ...]:
    """Parse what only a frontier is asked, before any long work; ``InputError`` with all that is wrong."""
    problems: list[Problem] = []
    if not 2 <= n_points <= MOST_POINTS:
        problems.append(
            Problem("--points", 0, "", said("must_from_to", low=2, high=MOST_POINTS), str(n_points), said("do_usual", n=30))
        )
    parsed: list[Budget] = []
    for text in budgets:
        try:
            parsed.append(parse_budget(str(text), "--budgets"))
        except InputError as error:
            problems.extend(error.problems)
    if len({budget.period for budget in parsed}) > 1:
        got = ", ".join(map(str, budgets))
        problems.append(Problem("--budgets", 0, "", said("must_budgets_of_one_kind"), got, said("do_budgets_of_one_kind")))
    if problems:
        raise InputError(problems)
    return tuple(parsed)


def _found(
    study: Study, metric: str, n_points: int, budgets: Sequence[float], period: Period | None, validate: bool
) -> Frontier:
    problem = _problem(study, metric)

    def say(done: int, total: int, _: FrontierPoint | None) -> None:
        if study.on_progress:
            study.on_progress("frontier", done, total, {})

    if period is not None:
        points = frontier_by_budget(problem, budgets, period, study.clock, study.delta, study.events.seed, say)
        by = f"budget/{period.value}"
    else:
        levels = _levels(study, problem, n_points)
        points = frontier_by_level(problem, levels, study.clock, study.delta, study.events.seed, say)
        by = "risk"
    plans = _plans(study, problem, points, metric)
    if validate and not study.clock.is_interrupted:
        plans = _validated(study, problem, plans)
    at_best = _at_best(study, problem, metric)
    return _assembled(study, metric, by, plans, at_best, complete=not study.clock.is_interrupted)


def _problem(study: Study, metric: str) -> Master:
    """The question whose first limit is on the metric: what doing nothing would leave."""
    quantity = metric_quantity(study.case, metric)
    nothing = study.evaluator.value(quantity, *reduce_plan(study.reduction, {}))
    return study.problem([Limit(quantity, nothing, metric), *study.question.limits(study.evaluator, study.reduction)])


def _assembled(
    study: Study, metric: str, by: str, plans: Sequence[FrontierPlan], at_best: FrontierPlan | None, *, complete: bool
) -> Frontier:
    case, evaluator = study.case, study.evaluator
    quantity, today = metric_quantity(case, metric), current_plan(case)
    return Frontier(
        case=case,
        metric=metric,
        by=by,
        points=tuple(plans),
        today_value=evaluator.value(quantity, *reduce_plan(study.reduction, today)),
        today_cost=study.costs.cost(study.reduction.choice(today)),
        today_at_best=at_best,
        inherent_value=evaluator.value(quantity, *reduce_plan(study.reduction, {})),
        knee=_knee(plans),
        least_total=int(np.argmin([plan.total_per_year for plan in plans])) if plans else None,
        n_trials=study.events.n_trials,
        n_worlds=study.events.n_worlds,
        seed=study.events.seed,
        complete=complete,
        warnings=case.warnings,
    )


class Tracing:
    """A frontier by levels of risk that is traced a piece at a time: it can be looked at, put aside and gone on with at any time.

    Options as in ``frontier``. Between two steps other questions may be asked on the same years; they share what was learned.

    seconds_each : what a level may take; where that is not enough its plan has a gap.
    """

    def __init__(
        self, source: EventTable, metric: str = "tvar95", n_points: int = 30, *, seconds_each: float = 3.0, **rules: Any
    ) -> None:
        self.study = prepare(source, metric=metric, own_targets=False, **rules)
        enough_years_for(metric, self.study.case, self.study.events.n_trials)
        self.metric, self.n_points, self.seconds_each = metric, n_points, seconds_each
        self._problem: Master | None = None
        self._tracer: LevelTracer | None = None
        self._at_best: FrontierPlan | None = None
        self._outside: dict[tuple[tuple[str, str], ...], FrontierPlan] = {}
        self._steps_left = ["at_best", "validate"]
        self._front: Frontier | None = None

    @property
    def done(self) -> int:
        """Levels that were asked for."""
        return self._tracer.done if self._tracer else 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self._tracer is not None and self._tracer.is_over and not self._steps_left

    def step(self, stop: threading.Event | None = None) -> None:
        """The next piece: a level, at the end today's level at best and every plan on other years; what ``stop`` cut short is done again."""
        with self.study.shared.lock:
            self._front = None
            clock = Clock(self.seconds_each, stop)
            if self._problem is None or self._tracer is None:
                study = replace(self.study, clock=clock)
                self._problem = _problem(study, self.metric)
                levels = _levels(study, self._problem, self.n_points)
                if not clock.is_interrupted:
                    self._tracer = LevelTracer(self._problem, levels, study.delta, study.events.seed)
            elif not self._tracer.is_over:
                self._tracer.step(clock)
            elif self._steps_left:
                self._finish(self._steps_left[0], replace(self.study, clock=clock))
                if not clock.is_interrupted:
                    del self._steps_left[0]

    def _finish(self, name: str, study: Study) -> None:
        assert self._problem is not None
        if name == "at_best":
            self._at_best = _at_best(study, self._problem, self.metric)
        else:
            plans = _validated(study, self._problem, self._known())
            self._outside = {tuple(plan.plan.items()): plan for plan in plans if plan.outside is not None}

    def frontier(self) -> Frontier:
        """What is known by now; ``complete`` when every level was asked for."""
        with self.study.shared.lock:
            if self._front is None:
                over = self._tracer is not None and self._tracer.is_over
                self._front = _assembled(self.study, self.metric, "risk", self._known(), self._at_best, complete=over)
            return self._front

    def _known(self) -> list[FrontierPlan]:
        if self._problem is None or self._tracer is None:
            return []
        plans = _plans(self.study, self._problem, undominated(self._tracer.found), self.metric)
        seen = self._outside
        return [
            replace(plan, outside=seen[key].outside) if (key := tuple(plan.plan.items())) in seen else plan for plan in plans
        ]


def _levels(study: Study, problem: Master, n_points: int) -> list[float]:
    """Levels from the lowest value within reach to that of doing nothing; none where the rules allow no plan."""
    from tenbin.optimisation.least import lowest_reachable

    floor = lowest_reachable(problem.again(), 0, study.clock.again())
    if floor is None:
        return []
    top = max(problem.limits[0].limit, floor)
    return [float(level) for level in np.linspace(floor, top, n_points)]


def _plans(study: Study, problem: Master, points: Sequence[FrontierPoint], metric: str) -> list[FrontierPlan]:
    plans: list[FrontierPlan] = []
    for n, point in enumerate(points):
        chosen = dict(sorted(problem.reduction.plan(point.point.chosen).items()))
        before = plans[-1] if n else None
        risk = headline(study.evaluator, study.case, point.point.phi, point.point.gamma)
        plan = FrontierPlan(
            value=point.value,
            cost=study.costs.cost(point.point.chosen),
            plan=chosen,
            certificate=point.certificate,
            asked=point.asked,
            risk=risk,
        )
        if before is not None:
            fall = before.value - plan.value
            plan = replace(
                plan,
                add={m: level for m, level in chosen.items() if m not in before.plan},
                drop={m: level for m, level in before.plan.items() if m not in chosen},
                change={
                    m: (before.plan[m], level) for m, level in chosen.items() if m in before.plan and before.plan[m] != level
                },
                price=(plan.cost.npv - before.cost.npv) / fall if fall > 0 else None,
            )
        plans.append(plan)
    return plans


def _at_best(study: Study, problem: Master, metric: str) -> FrontierPlan | None:
    """The cheapest plan whose metric is no worse than today's; None where nothing is in place."""
    today = current_plan(study.case)
    if not today:
        return None
    value = study.evaluator.value(problem.quantities[0], *reduce_plan(study.reduction, today))
    limit = replace(problem.limits[0], limit=value)
    clock = replace(study.clock.again(), limit=min(study.clock.limit, 10.0))
    solution = cheapest_plan(
        problem.again(limits=(limit, *problem.limits[1:])), clock, study.delta, study.events.seed, explain=False
    )
    if solution.point is None or solution.certificate is None:
        return None
    return _plans(study, problem, [FrontierPoint(value, solution.point, solution.certificate)], metric)[0]


def _validated(study: Study, problem: Master, plans: Sequence[FrontierPlan]) -> list[FrontierPlan]:
    """Each plan's metric on fresh years: drawn once, every plan on the same ones; the expected loss needs none."""
    quantity = problem.quantities[0]
    if quantity.metric is Metric.AAL:
        return [replace(plan, outside=(plan.value, plan.value, plan.value)) for plan in plans]
    fresh = FreshYears.of(study.events, study.events.n_trials * TIMES, Purpose.VALIDATE)
    reduction = Reduction.of(study.case, fresh.worlds)
    points = [(*reduce_plan(reduction, plan.plan), quantity.scope) for plan in plans]
    try:
        losses = fresh.losses(points, None, lambda: study.clock.is_interrupted)
    except SimulationError:
        return list(plans)
    found = []
    for plan, loss in zip(plans, losses, strict=True):
        sure = estimate(quantity.metric, quantity.confidence, loss, fresh.n_worlds)
        found.append(replace(plan, outside=(sure.value, sure.low, sure.high)))
    return found


def _knee(plans: Sequence[FrontierPlan]) -> int | None:
    """The plan farthest below the straight line from the first to the last, both axes scaled to 1 (Satopää et al. 2011)."""
    if len(plans) < 3:
        return None
    cost = np.array([plan.cost.npv for plan in plans])
    value = np.array([plan.value for plan in plans])
    x = (cost - cost[0]) / max(cost[-1] - cost[0], 1e-300)
    y = (value - value[-1]) / max(value[0] - value[-1], 1e-300)
    return int(np.argmax(1 - x - y))
