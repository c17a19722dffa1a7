"""The frontier: the cheapest plan at every level of risk, or the lowest risk at every budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

import tenbin
from tenbin.errors import InputError, Problem, SimulationError
from tenbin.evaluation import Cost, FreshYears, Reduction, estimate
from tenbin.inputs import parse_budget
from tenbin.model import Budget, Case, Metric, Period, current_plan
from tenbin.optimisation import (
    Certificate,
    CertificateKind,
    FrontierPoint,
    Limit,
    cheapest_plan,
    frontier_by_budget,
    frontier_by_level,
)
from tenbin.optimisation import Problem as Master
from tenbin.simulation import EventTable
from tenbin.studies.asking import enough_years_for
from tenbin.studies.scopes import headline, metric_quantity, reduce_plan
from tenbin.studies.simulating import Progress
from tenbin.studies.study import Study, prepare
from tenbin.studies.validating import TIMES
from tenbin.units import Purpose
from tenbin.words import saying

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frontier", "FrontierPlan", "check_frontier", "frontier"]

said = saying("problems")

TIME_LIMIT = 60.0
MOST_POINTS = 500
HORIZON = {"first-year": "first_year_cash", "year": "per_year", "total": "npv"}


@dataclass(frozen=True)
class FrontierPlan:
    """One plan of the frontier.

    value : of the frontier's metric. asked : the level of risk, or the budget, that it was found for. risk : every headline metric.
    outside : the metric on ten times as many fresh years with its 95 % interval; None: not checked. add, drop, change :
    what is different from the next cheaper plan. price : of one more unit of the metric taken away, from that plan to this
    one (npv); None for the cheapest.
    """

    value: float
    cost: Cost
    plan: dict[str, str]
    certificate: Certificate
    asked: float
    risk: dict[str, float]
    outside: tuple[float, float, float] | None = None
    add: dict[str, str] = field(default_factory=dict)
    drop: dict[str, str] = field(default_factory=dict)
    change: dict[str, tuple[str, str]] = field(default_factory=dict)
    price: float | None = None

    @property
    def total_per_year(self) -> float:
        """Cost per year and expected annual loss together."""
        return self.cost.per_year + self.risk["aal"]

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        outside = None
        if self.outside is not None:
            outside = dict(zip(("value", "low", "high"), self.outside, strict=True))
        return {
            "value": self.value,
            "asked": self.asked,
            "cost": self.cost.to_dict(),
            "total_per_year": self.total_per_year,
            "risk": dict(self.risk),
            "out_of_sample": outside,
            "certificate": self.certificate.to_dict(),
            "plan": [{"measure": m, "level": level} for m, level in self.plan.items()],
            "change": {
                "add": [{"measure": m, "level": level} for m, level in self.add.items()],
                "drop": [{"measure": m, "level": level} for m, level in self.drop.items()],
                "change": [{"measure": m, "from": a, "to": b} for m, (a, b) in self.change.items()],
            },
            "marginal_price": self.price,
        }


@dataclass(frozen=True)
class Frontier:
    """Plans from the cheapest to the safest, none dominated by another.

    knee : number of the plan after which a further step buys least; least_total : of the plan whose cost per year and expected
    annual loss together are least. today : value and cost of what is in place; today_at_best : the cheapest plan no worse
    than it. complete : False when the work was cut short.
    """

    case: Case = field(repr=False)
    metric: str
    by: str
    points: tuple[FrontierPlan, ...]
    today_value: float
    today_cost: Cost
    today_at_best: FrontierPlan | None
    inherent_value: float
    knee: int | None
    least_total: int | None
    n_trials: int
    seed: int
    n_worlds: int = 1
    complete: bool = True
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.points)

    @property
    def status(self) -> str:
        """``optimal``, ``feasible`` (some plan has a gap), ``infeasible`` (no plan keeps the rules) or ``interrupted``."""
        if not self.complete:
            return "interrupted"
        if not self.points:
            return "infeasible"
        gaps = any(point.certificate.kind is CertificateKind.GAP for point in self.points)
        return "feasible" if gaps else "optimal"

    def to_dict(self) -> dict[str, Any]:
        """The document of ``frontier --json``."""
        today = current_plan(self.case)
        return {
            "schema": 1,
            "version": tenbin.__version__,
            "case": self.case.name,
            "currency": self.case.currency,
            "warnings": list(self.warnings),
            "status": self.status,
            "metric": self.metric,
            "by": self.by,
            "points": [point.to_dict() for point in self.points],
            "knee": self.knee,
            "least_total": self.least_total,
            "today": {
                "value": self.today_value,
                "cost": self.today_cost.to_dict(),
                "plan": [{"measure": m, "level": level} for m, level in sorted(today.items())],
                "at_best": self.today_at_best.to_dict() if self.today_at_best else None,
            },
            "inherent": self.inherent_value,
            "n_trials": self.n_trials,
            "n_worlds": self.n_worlds,
            "seed": self.seed,
            "seconds": dict(self.seconds),
        }

    def to_frame(self) -> pd.DataFrame:
        """One row per plan, cheapest first: value, costs, risk, certificate, what changes, marks."""
        import pandas as pd

        rows = []
        for n, point in enumerate(self.points):
            outside = point.outside or (np.nan, np.nan, np.nan)
            rows.append(
                {
                    "value": point.value,
                    "cost_npv": point.cost.npv,
                    "cost_per_year": point.cost.per_year,
                    "first_year_cash": point.cost.first_year_cash,
                    **{name: point.risk[name] for name in point.risk},
                    "total_per_year": point.total_per_year,
                    "out_of_sample": outside[0],
                    "out_of_sample_low": outside[1],
                    "out_of_sample_high": outside[2],
                    "certificate": point.certificate.kind.value,
                    "delta": point.certificate.delta,
                    "gap": point.certificate.gap,
                    "marginal_price": np.nan if point.price is None else point.price,
                    "knee": n == self.knee,
                    "least_total": n == self.least_total,
                    "plan": dict(point.plan),
                }
            )
        return pd.DataFrame(rows)


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
    case, evaluator = study.case, study.evaluator
    quantity = metric_quantity(case, metric)
    others = study.question.limits(evaluator, study.reduction)
    nothing = evaluator.value(quantity, *reduce_plan(study.reduction, {}))
    problem = study.problem([Limit(quantity, nothing, metric), *others])

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
    today = current_plan(case)
    today_point = evaluator.value(quantity, *reduce_plan(study.reduction, today))
    at_best = _at_best(study, problem, today_point, metric) if today else None
    return Frontier(
        case=case,
        metric=metric,
        by=by,
        points=tuple(plans),
        today_value=today_point,
        today_cost=study.costs.cost(study.reduction.choice(today)),
        today_at_best=at_best,
        inherent_value=nothing,
        knee=_knee(plans),
        least_total=int(np.argmin([plan.total_per_year for plan in plans])) if plans else None,
        n_trials=study.events.n_trials,
        n_worlds=study.events.n_worlds,
        seed=study.events.seed,
        complete=not study.clock.is_interrupted,
        warnings=case.warnings,
    )


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


def _at_best(study: Study, problem: Master, value: float, metric: str) -> FrontierPlan | None:
    """The cheapest plan whose metric is no worse than today's."""
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
