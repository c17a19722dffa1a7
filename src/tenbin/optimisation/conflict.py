"""Why nothing meets a request: a smallest set of demands that contradict each other, and the nearest request that can be met."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from tenbin.model import Days, Period
from tenbin.optimisation.covers import Cover
from tenbin.optimisation.least import descend
from tenbin.optimisation.problem import Problem
from tenbin.optimisation.request import Limit, Rules
from tenbin.optimisation.search import Clock
from tenbin.optimisation.solve import search_plan

__all__ = ["Conflict", "Nearest", "find_conflict"]

HALF_DAY = 0.5
SMALL = 3
"""Conflicts of up to so many demands are looked for by size; larger ones by leaving demands out one after another."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """One demand eased so far that the request can be met, all others as they are.

    value : what to ask instead, in the demand's unit; share : by how much it is eased, relative to what was asked.
    """

    demand: str
    asked: float
    value: float
    share: float


@dataclass(frozen=True, slots=True)
class Conflict:
    """A smallest set of demands that no plan meets together (``is_smallest`` False: none can be left out, but a smaller set may
    exist, or the time ran out), and the nearest requests that can be met, least eased first.
    """

    demands: tuple[str, ...]
    is_smallest: bool
    nearest: tuple[Nearest, ...]


@dataclass(frozen=True, slots=True)
class _Demand:
    """Something that was asked for, apart from the case's own rules."""

    label: str
    kind: str
    what: object


def find_conflict(problem: Problem, clock: Clock) -> Conflict:
    """Explain an infeasible problem."""
    demands = _demands(problem)
    core, is_smallest = _core(problem, demands, clock)
    return Conflict(tuple(demand.label for demand in core), is_smallest, _nearest(problem, clock))


def _demands(problem: Problem) -> list[_Demand]:
    rules = problem.rules
    found = [_Demand(limit.label, "limit", limit) for limit in problem.limits]
    found += [_Demand(cover.label, "cover", cover) for cover in rules.covers]
    found += [_Demand(f"require {_name(choice)}", "require", choice) for choice in rules.require]
    found += [_Demand(f"exclude {_name(choice)}", "exclude", choice) for choice in rules.exclude]
    if rules.budget is not None:
        found.append(_Demand(f"budget {rules.budget.amount:,.0f}/{rules.budget.period.value}", "budget", rules.budget))
    if rules.days is not None:
        found.append(_Demand(f"max-days {rules.days.days:g}/{rules.days.period.value}", "days", rules.days))
    return found


def _name(choice: tuple[str, str | None]) -> str:
    measure, level = choice
    return measure if level is None else f"{measure}={level}"


def _with(problem: Problem, demands: Sequence[_Demand]) -> Problem:
    """The problem with these demands only; the case's own rules always hold."""
    kept: dict[str, list[object]] = {}
    for demand in demands:
        kept.setdefault(demand.kind, []).append(demand.what)
    rules: Rules = replace(
        problem.rules,
        covers=tuple(cover for cover in problem.rules.covers if cover in kept.get("cover", [])),
        require=tuple(choice for choice in problem.rules.require if choice in kept.get("require", [])),
        exclude=tuple(choice for choice in problem.rules.exclude if choice in kept.get("exclude", [])),
        budget=problem.rules.budget if "budget" in kept else None,
        days=problem.rules.days if "days" in kept else None,
    )
    limits = tuple(limit for limit in problem.limits if limit in kept.get("limit", []))
    return problem.again(limits=limits, rules=rules)


def _is_possible(problem: Problem, demands: Sequence[_Demand], clock: Clock) -> bool | None:
    """Whether some plan meets these demands; None when the time ran out."""
    _, outcome = search_plan(_with(problem, demands), clock)
    if outcome.best is not None:
        return True
    return False if outcome.infeasible else None


def _core(problem: Problem, demands: list[_Demand], clock: Clock) -> tuple[list[_Demand], bool]:
    for size in range(min(SMALL, len(demands)) + 1):
        for some in combinations(demands, size):
            if clock.is_over:
                return demands, False
            if _is_possible(problem, some, clock) is False:
                return list(some), True
    core = list(demands)
    for demand in demands:
        if clock.is_over:
            return core, False
        fewer = [other for other in core if other is not demand]
        if _is_possible(problem, fewer, clock) is False:
            core = fewer
    return core, len(core) <= SMALL + 1


def _nearest(problem: Problem, clock: Clock) -> tuple[Nearest, ...]:
    found: list[Nearest] = []
    for q, limit in enumerate(problem.limits):
        if not clock.is_over:
            found += _eased_limit(problem, q, limit, clock)
    for cover in problem.rules.covers:
        if not clock.is_over:
            found += _eased_cover(problem, cover, clock)
    budget = problem.rules.budget
    if budget is not None and not clock.is_over:
        _, outcome = search_plan(problem.again(rules=replace(problem.rules, budget=None)), clock)
        if outcome.best is not None:
            cost = problem.costs.cost(outcome.best.chosen)
            needed = {"first-year": cost.first_year_cash, "year": cost.per_year, "total": cost.npv}[budget.period.value]
            found.append(Nearest(f"budget/{budget.period.value}", budget.amount, needed, _share(needed, budget.amount)))
    if problem.rules.days is not None and not clock.is_over:
        found += _eased_days(problem, problem.rules.days, clock)
    return tuple(sorted(found, key=lambda near: near.share))


def _share(value: float, asked: float) -> float:
    return (value - asked) / asked if asked > 0 else math.inf


def _eased_limit(problem: Problem, q: int, limit: Limit, clock: Clock) -> list[Nearest]:
    """The lowest value of one limit's metric while all other limits hold."""
    others = problem.again()
    point, _ = descend(others, q, clock, others_hold=True)
    if point is None or point.values[q] <= limit.limit:
        return []
    return [Nearest(limit.label, limit.limit, point.values[q], _share(point.values[q], limit.limit))]


def _eased_days(problem: Problem, days: Days, clock: Clock) -> list[Nearest]:
    """The fewest days of internal work with which everything else can be met, by halving, to a half day."""

    def needed(at_most: float | None) -> float:
        eased = None if at_most is None else replace(days, days=at_most)
        best = search_plan(problem.again(rules=replace(problem.rules, days=eased)), clock)[1].best
        if best is None:
            return math.inf
        cost = problem.costs.cost(best.chosen)
        return cost.days_first_year if days.period is Period.FIRST_YEAR else cost.days_per_year

    low, high = days.days, needed(None)
    if math.isinf(high) or high <= low:
        return []
    while high - low > HALF_DAY and not clock.is_over:
        middle = (low + high) / 2
        fewer = needed(middle)
        low, high = (middle, high) if math.isinf(fewer) else (low, fewer)
    return [Nearest(f"max-days/{days.period.value}", days.days, high, _share(high, days.days))]


def _eased_cover(problem: Problem, cover: Cover, clock: Clock) -> list[Nearest]:
    """The most references that a plan can support while everything else holds, by halving."""
    low, high = 0, min(cover.at_least, cover.reachable)
    others = tuple(other for other in problem.rules.covers if other is not cover)

    def possible(count: int) -> bool:
        rules = replace(problem.rules, covers=(*others, replace(cover, at_least=count)))
        return search_plan(problem.again(rules=rules), clock)[1].best is not None

    if not possible(low):
        return []
    while low < high and not clock.is_over:
        middle = (low + high + 1) // 2
        if possible(middle):
            low = middle
        else:
            high = middle - 1
    return [Nearest(cover.label, cover.at_least, low, (cover.at_least - low) / max(cover.at_least, 1))]
