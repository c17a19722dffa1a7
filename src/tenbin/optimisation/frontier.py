"""The cheapest plan at every level of risk, from one growing pool of cuts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tenbin.model import Budget, Period
from tenbin.optimisation.certificate import Certificate
from tenbin.optimisation.problem import Point, Problem
from tenbin.optimisation.search import Clock
from tenbin.optimisation.solve import cheapest_plan, lowest_risk_plan

__all__ = ["FrontierPoint", "frontier_by_budget", "frontier_by_level", "undominated"]

OnPoint = Callable[[int, int, "FrontierPoint | None"], None]

LEAST_SECONDS = 0.5
"""What a level gets at least, however late it is."""


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """A plan of the frontier: ``asked`` is the level of risk, or the budget, that it was found for."""

    asked: float
    point: Point
    certificate: Certificate

    @property
    def value(self) -> float:
        """The metric's value under the plan."""
        return self.point.values[0]


def frontier_by_level(
    problem: Problem, levels: Sequence[float], clock: Clock, delta: float, seed: int, on_point: OnPoint | None = None
) -> list[FrontierPoint]:
    """The cheapest plan whose first quantity is at most each level; the problem's other limits stay.

    From the loosest level down: the easy ones leave their time to the hard ones, and what a looser level costs at least a tighter
    one costs too. Cut short by the user, it returns what is known.
    """
    found: list[FrontierPoint] = []
    bound = 0.0
    for n, level in enumerate(sorted(levels, reverse=True)):
        if clock.is_interrupted:
            break
        share = max(clock.left / (len(levels) - n), LEAST_SECONDS)
        question = problem.again(limits=(replace(problem.limits[0], limit=level), *problem.limits[1:]))
        solution = cheapest_plan(question, Clock(share, clock.stop, time.monotonic()), delta, seed, explain=False)
        point = None
        if solution.point is not None and solution.certificate is not None:
            certificate = solution.certificate
            if certificate.lower_bound < bound:
                gap = max((solution.point.cost - bound) / max(solution.point.cost, 1e-300), 0.0)
                certificate = replace(certificate, lower_bound=min(bound, solution.point.cost), gap=gap)
            bound = max(bound, certificate.lower_bound)
            point = FrontierPoint(level, solution.point, certificate)
            found.append(point)
        if on_point:
            on_point(n + 1, len(levels), point)
    return undominated(found)


def frontier_by_budget(
    problem: Problem,
    budgets: Sequence[float],
    period: Period,
    clock: Clock,
    delta: float,
    seed: int,
    on_point: OnPoint | None = None,
) -> list[FrontierPoint]:
    """The lowest risk (the first quantity) that each budget buys and, of equal plans, the cheapest."""
    found: list[FrontierPoint] = []
    for n, amount in enumerate(sorted(budgets)):
        if clock.is_interrupted:
            break
        share = max(clock.left / (len(budgets) - n), LEAST_SECONDS)
        question = problem.again(rules=replace(problem.rules, budget=Budget(amount, period)))
        solution = lowest_risk_plan(question, Clock(share, clock.stop, time.monotonic()), delta, seed)
        point = None
        if solution.point is not None and solution.certificate is not None:
            point = FrontierPoint(amount, solution.point, solution.certificate)
            found.append(point)
        if on_point:
            on_point(n + 1, len(budgets), point)
    return undominated(found)


def undominated(points: Sequence[FrontierPoint]) -> list[FrontierPoint]:
    """Cheapest first; of plans with the same cost the one of least risk; none dearer with no less risk than another."""
    kept: list[FrontierPoint] = []
    for point in sorted(points, key=lambda p: (p.point.cost, p.value)):
        if not kept or point.value < kept[-1].value * (1 - 1e-12):
            kept.append(point)
    return kept
