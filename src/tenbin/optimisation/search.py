"""Outer approximation in log space: an LP phase, then a MILP phase, until the bound meets the incumbent."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import SolverFailed
from tenbin.optimisation.mip import AnswerKind
from tenbin.optimisation.problem import Point, Problem

__all__ = ["HALF_UNIT", "Clock", "Outcome", "Search"]

FloatArray = NDArray[np.float64]

HALF_UNIT = 0.5
"""Plans whose npv differs by less than half a currency unit cost the same."""
LP_ROUNDS = 60
LP_CLOSE = 0.002
MIP_ROUNDS = 400

OnProgress = Callable[[str, float, float, dict[str, float]], None]


@dataclass(slots=True)
class Clock:
    """When to stop: a time limit in seconds, or the user's word."""

    limit: float = math.inf
    stop: threading.Event | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return self.limit - (time.monotonic() - self.began)

    @property
    def is_interrupted(self) -> bool:
        return self.stop is not None and self.stop.is_set()

    @property
    def is_over(self) -> bool:
        return self.left <= 0 or self.is_interrupted


@dataclass(slots=True)
class Outcome:
    """Where a search stands: the best plan that meets everything, and a bound below which the model finds none.

    closed : the bound met the incumbent. infeasible : the model has no plan at all.
    """

    best: Point | None = None
    bound: float = -math.inf
    closed: bool = False
    infeasible: bool = False


class Search:
    """Finds the cheapest plan of a problem, up to what its cuts know."""

    def __init__(self, problem: Problem, clock: Clock, on_progress: OnProgress | None = None) -> None:
        self.problem = problem
        self.clock = clock
        self.on_progress = on_progress
        problem.master.stop = clock.stop

    def say(self, stage: str, outcome: Outcome) -> None:
        """Report the incumbent and the bound."""
        if self.on_progress:
            cost = outcome.best.cost if outcome.best else math.nan
            gap = max(0.0, (cost - outcome.bound) / cost) if outcome.best and cost > 0 else math.nan
            self.on_progress(
                stage, 0.0 if math.isnan(gap) else 1 - gap, 1.0, {"incumbent": cost, "bound": outcome.bound, "gap": gap}
            )

    def offer(self, outcome: Outcome, point: Point) -> bool:
        """Take a plan as the incumbent if it is allowed, meets the limits and is cheaper."""
        better = outcome.best is None or point.cost < outcome.best.cost - 1e-6
        if better and self.problem.is_met(point) and self.problem.is_allowed(point.chosen):
            outcome.best = point
            return True
        return False

    # --- LP phase -------------------------------------------------------------------------------------------------

    def relax(self) -> None:
        """Gather tangents round the optimum of the relaxation, until it is within 0.2 % of every limit."""
        problem, master = self.problem, self.problem.master
        master.set_limits(problem.caps.tolist())
        master.minimise(None)
        for turn in range(LP_ROUNDS):
            if self.clock.is_over:
                return
            answer = master.solve(integer=False, time_limit=self.clock.left)
            if answer.weight is None:
                return
            phi, gamma = problem.reduction.reduce_weights(answer.weight)
            worst = self._cut_off(phi, gamma, deep=turn % 2 == 1)
            if worst < LP_CLOSE:
                return

    def _cut_off(self, phi: FloatArray, gamma: FloatArray, deep: bool) -> float:
        """Add tangents of the limits violated at a point, and where the way from it to "all measures" meets the limit."""
        problem = self.problem
        values = problem.evaluator.values(problem.quantities, phi, gamma)
        worst = -math.inf
        for q, value in enumerate(values):
            over = (value - problem.caps[q]) / problem.scales[q]
            worst = max(worst, over)
            if over > MILD:
                problem.add_tangent(q, phi, gamma)
                if deep and over > LP_CLOSE:
                    problem.add_tangent(q, *self._crossing(q, (phi, gamma), problem.top_reduction, value))
        return worst

    def _crossing(
        self, q: int, outside: tuple[FloatArray, FloatArray], inside: tuple[FloatArray, FloatArray], value: float
    ) -> tuple[FloatArray, FloatArray]:
        """Where the segment from a point beyond the limit to one within meets it, by a few steps of regula falsi."""
        problem = self.problem
        cap = problem.caps[q]

        def at(share: float) -> tuple[FloatArray, FloatArray]:
            return outside[0] + share * (inside[0] - outside[0]), outside[1] + share * (inside[1] - outside[1])

        low, high = 0.0, 1.0
        above, below = value - cap, problem.evaluator.value(problem.quantities[q], *inside) - cap
        for _ in range(4):
            if below >= 0:
                return inside
            share = low + (high - low) * above / (above - below)
            over = problem.evaluator.value(problem.quantities[q], *at(share)) - cap
            if abs(over) < 1e-3 * problem.scales[q]:
                return at(share)
            if over > 0:
                low, above = share, over
            else:
                high, below = share, over
        return at(low)

    # --- MILP phase -----------------------------------------------------------------------------------------------

    def climb(self, outcome: Outcome) -> None:
        """Solve the master again and again, cutting off each plan that misses a limit, until the bound meets the incumbent."""
        problem, master = self.problem, self.problem.master
        master.set_limits(problem.caps.tolist())
        master.minimise(None)
        seen: set[bytes] = set()
        for _ in range(MIP_ROUNDS):
            master.set_ceiling(outcome.best.cost if outcome.best else math.inf)
            answer = master.solve(time_limit=self.clock.left, start=outcome.best.chosen if outcome.best else None)
            if answer.kind is AnswerKind.FAILED and outcome.best is None:
                raise SolverFailed("the solver gave up on the master problem; try --time-limit or another --seed")
            outcome.bound = max(outcome.bound, min(answer.bound, outcome.best.cost if outcome.best else math.inf))
            if answer.kind is AnswerKind.INFEASIBLE:
                outcome.closed = outcome.best is not None
                outcome.infeasible = outcome.best is None
                return
            if answer.x is None:
                return
            point = problem.evaluate(problem.rounded(answer.x))
            self.offer(outcome, point)
            self._take_others(outcome, answer.others)
            self.say("search", outcome)
            if outcome.best and outcome.bound >= outcome.best.cost - HALF_UNIT:
                outcome.closed = True
                return
            if not problem.is_met(point):
                self._cut_plan(point, again=point.key in seen)
                seen.add(point.key)
                self._aim_inside(outcome, point)
            elif answer.kind is not AnswerKind.OPTIMAL:
                return
            if self.clock.is_over:
                return

    def _take_others(self, outcome: Outcome, others: tuple[FloatArray, ...]) -> None:
        """Evaluate the dearer plans that the solver met: an incumbent or a cut each."""
        problem = self.problem
        for x in others:
            point = problem.evaluate(problem.rounded(x))
            if not self.offer(outcome, point) and not problem.is_met(point) and problem.excess(point).max() < CLOSE_BY:
                self._cut_plan(point, again=False)

    def _cut_plan(self, point: Point, again: bool) -> None:
        """Cut a plan off that misses a limit: its tangents, or a superset cut where they do not cut it."""
        problem = self.problem
        excess = problem.excess(point)
        cut = False
        for q in np.flatnonzero(excess > 0):
            if not again and excess[q] > MILD:
                cut |= problem.add_tangent(int(q), point.phi, point.gamma) is not None
        if not cut:
            problem.forbid(point, int(np.argmax(excess)))

    def _aim_inside(self, outcome: Outcome, point: Point) -> None:
        """Look for an incumbent: the same model with each limit tightened by what the last plan missed it by."""
        problem, master = self.problem, self.problem.master
        miss = np.maximum(problem.excess(point), 0.0) * np.array(problem.scales)
        if outcome.best is not None or self.clock.is_over:
            return
        for factor in (1.5, 4.0):
            master.set_limits((problem.caps - np.minimum(factor * miss, 0.3 * problem.caps)).tolist())
            answer = master.solve(time_limit=min(self.clock.left, 5.0))
            if answer.x is not None:
                found = problem.evaluate(problem.rounded(answer.x))
                if self.offer(outcome, found):
                    break
                if not problem.is_met(found):
                    self._cut_plan(found, again=False)
        master.set_limits(problem.caps.tolist())


CLOSE_BY = 0.2
"""Tangents at plans farther than this from a limit teach the master little."""
MILD = 1e-7
"""A violation below this (relative) is beyond the solver's own tolerance."""
