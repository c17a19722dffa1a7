"""The cheapest plan at every level of risk, from one growing pool of cuts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tenbin.model import Budget, Period
from tenbin.optimisation.certificate import Certificate
from tenbin.optimisation.problem import Point, Problem
from tenbin.optimisation.search import Clock
from tenbin.optimisation.solve import cheapest_plan, lowest_risk_plan

__all__ = ["FrontierPoint", "LevelTracer", "frontier_by_budget", "frontier_by_level", "undominated"]

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


@dataclass(slots=True)
class LevelTracer:
    """The frontier level by level, from the loosest down: one at a time, so that the work can be put aside and gone on with.

    The easy levels come first and leave their time to the hard ones, and what a looser level costs at least a tighter one costs too.
    The problem's first quantity is what is limited; its other limits stay.
    """

    problem: Problem
    levels: Sequence[float]
    delta: float
    seed: int
    found: list[FrontierPoint] = field(default_factory=list)
    done: int = 0
    _bound: float = 0.0

    def __post_init__(self) -> None:
        self.levels = sorted(self.levels, reverse=True)

    @property
    def is_over(self) -> bool:
        """Whether every level has been asked for."""
        return self.done >= len(self.levels)

    def step(self, clock: Clock) -> FrontierPoint | None:
        """The cheapest plan of the next level; None where no plan reaches it.

        A level that is interrupted counts as not asked for: its plan so far is returned and not kept.
        """
        level = self.levels[self.done]
        question = self.problem.again(limits=(replace(self.problem.limits[0], limit=level), *self.problem.limits[1:]))
        solution = cheapest_plan(question, clock, self.delta, self.seed, explain=False)
        point = None
        if solution.point is not None and solution.certificate is not None:
            point = FrontierPoint(level, solution.point, self._raised(solution.certificate, solution.point.cost))
        if not clock.is_interrupted:
            self.done += 1
            if point is not None:
                self._bound = max(self._bound, point.certificate.lower_bound)
                self.found.append(point)
        return point

    def _raised(self, certificate: Certificate, cost: float) -> Certificate:
        """With the bound of a looser level where that is the better one."""
        if certificate.lower_bound >= self._bound:
            return certificate
        gap = max((cost - self._bound) / max(cost, 1e-300), 0.0)
        return replace(certificate, lower_bound=min(self._bound, cost), gap=gap)


def frontier_by_level(
    problem: Problem, levels: Sequence[float], clock: Clock, delta: float, seed: int, on_point: OnPoint | None = None
) -> list[FrontierPoint]:
    """The cheapest plan whose first quantity is at most each level; cut short by the user, what is known."""
    tracer = LevelTracer(problem, levels, delta, seed)
    point = None
    while not tracer.is_over and not clock.is_interrupted:
        share = max(clock.left / (len(tracer.levels) - tracer.done), LEAST_SECONDS)
        point = tracer.step(Clock(share, clock.stop, time.monotonic()))
        if on_point and not clock.is_interrupted:
            on_point(tracer.done, len(tracer.levels), point)
    broken_off = [point] if point is not None and clock.is_interrupted else []
    return undominated([*tracer.found, *broken_off])


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
