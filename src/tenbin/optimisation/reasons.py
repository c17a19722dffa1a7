"""Why this measure and not that one: the same question asked again with one measure forbidden, or required."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tenbin.optimisation.problem import Point, Problem
from tenbin.optimisation.search import Clock
from tenbin.optimisation.solve import search_plan

__all__ = ["Entry", "Removal", "alternatives", "entry_price", "removal"]

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Removal:
    """What leaves with a chosen measure.

    without : the same plan without it, evaluated. misses : by how much each limit is then missed (0: still met), as a share of the
    limit. instead : the cheapest plan that does without it; None: there is none (or the time ran out: ``is_closed`` is
    False). breaks : whether another chosen measure requires it.
    """

    measure: str
    without: Point
    misses: tuple[float, ...]
    instead: Point | None
    is_closed: bool
    breaks: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """The price at which a measure that was not chosen would be.

    with_it : the cheapest plan that has it, at today's prices; extra : what that plan costs more. row : the row of the cost
    table that it takes. price : what that row costs (npv). enters_at : the price from which on the measure is in a
    cheapest plan; below 0: not even for nothing.
    """

    measure: str
    with_it: Point | None
    extra: float
    row: int
    price: float
    enters_at: float
    is_closed: bool


def removal(problem: Problem, point: Point, measure: str, clock: Clock) -> Removal:
    """What the plan loses with a measure, and the cheapest plan without it."""
    chosen = point.chosen.copy()
    chosen[problem.by_measure[measure]] = False
    without = problem.evaluate(chosen)
    misses = tuple(float(max(over, 0.0)) for over in problem.excess(without))
    rules = replace(problem.rules, exclude=(*problem.rules.exclude, (measure, None)))
    _, outcome = search_plan(problem.again(rules=rules), clock)
    breaks = any(
        relation.measure != measure and relation.other == measure and chosen[problem.by_measure.get(relation.measure, [])].any()
        for relation in problem.rules.case.costs.relations
        if relation.kind.value == "requires"
    )
    return Removal(measure, without, misses, outcome.best, outcome.closed or outcome.infeasible, breaks)


def entry_price(problem: Problem, point: Point, measure: str, clock: Clock) -> Entry:
    """The price of a measure from which on it is in a cheapest plan, for the level that such a plan takes first."""
    rules = replace(problem.rules, require=(*problem.rules.require, (measure, None)))
    _, outcome = search_plan(problem.again(rules=rules), clock)
    if outcome.best is None:
        row = problem.by_measure[measure][0]
        price = float(problem.costs.npv_weight[row])
        return Entry(measure, None, float("nan"), row, price, float("nan"), outcome.infeasible)
    row = next(r for r in problem.by_measure[measure] if outcome.best.chosen[r])
    extra = max(outcome.best.cost - point.cost, 0.0)
    price = float(problem.costs.npv_weight[row])
    return Entry(measure, outcome.best, extra, row, price, price - extra, outcome.closed)


def alternatives(problem: Problem, point: Point, k: int, clock: Clock) -> tuple[list[Point], bool]:
    """The k next-best plans, cheapest first; what merely adds to a cheaper one is left out. And whether all were closed."""
    found: list[Point] = []
    all_closed = True
    plans: Sequence[BoolArray] = [point.chosen]
    while len(found) < k and not clock.is_over:
        beyond = tuple(tuple(int(r) for r in np.flatnonzero(plan)) for plan in plans)
        if any(not plan for plan in beyond):
            break  # everything adds to the plan that chooses nothing
        _, outcome = search_plan(problem.again(rules=replace(problem.rules, beyond=(*problem.rules.beyond, *beyond))), clock)
        if outcome.best is None:
            all_closed &= outcome.infeasible
            break
        all_closed &= outcome.closed
        found.append(outcome.best)
        plans = [*plans, outcome.best.chosen]
    return found, all_closed
