"""Checking cheaper plans one by one: those that the tangents put near the limits, or all, by superset cuts alone."""

from __future__ import annotations

import math
import time
from collections import deque

import numpy as np
from numpy.typing import NDArray

from tenbin.optimisation.answer import AnswerKind
from tenbin.optimisation.neighbours import Neighbours
from tenbin.optimisation.problem import Point, Problem
from tenbin.optimisation.search import HALF_UNIT, MILD, Outcome, Search
from tenbin.optimisation.tree import Tree

__all__ = ["eased_bound", "exhaust", "look_round", "polish"]

BoolArray = NDArray[np.bool_]

CHECKS = 48
"""Plans near checked ones that are looked at between two solves of the master."""
AT_ONCE = 4
LAST_SECONDS = 1.0


class Polish:
    """Every plan cheaper than the incumbent that the tangents put within delta of the limits is checked by evaluation.

    Such plans stand close together: most are found one or two moves from each other, which takes some milliseconds, and the
    master is asked only for those that are left. Each is ruled out with all its subsets (a superset cut), or is the new
    incumbent.
    """

    def __init__(self, search: Search, outcome: Outcome, delta: float) -> None:
        self.search, self.outcome, self.delta = search, outcome, delta
        self.problem = search.problem
        self.checked: list[Point] = []
        self.queue: deque[BoolArray] = deque()

    def run(self) -> float:
        """Check until none is left; return what cheaper plans cost at least: the incumbent's cost when none is left."""
        problem, master, outcome = self.problem, self.problem.master, self.outcome
        assert outcome.best is not None
        master.set_limits(problem.eased(self.delta).tolist())
        master.minimise(None)
        self.queue.append(outcome.best.chosen)
        tree = Tree(problem)
        while not self.search.clock.is_over and not tree.is_stopped:
            self.spread()
            for number, answer in tree.step(outcome.ceiling, self.search.clock.left):
                if answer.x is not None:
                    for x in (*answer.others, answer.x):
                        is_new = self._hear(problem.rounded(x))
                    if not is_new and answer.kind is AnswerKind.OPTIMAL:
                        tree.close(number)
            if tree.is_closed:
                return outcome.best.cost
            self.search.say("polish", outcome)
        return min(tree.bound, outcome.ceiling)

    def _hear(self, chosen: BoolArray) -> bool:
        """Take in a plan that the master found: tell it what the pool knows of it, or check it. False: nothing to tell.

        The master is told no more than it has to be: hundreds of cuts made each of its solves four times as long.
        """
        problem = self.problem
        if problem.costs.npv(chosen) > self.outcome.ceiling:
            return False
        columns = problem.layers.columns(chosen)
        if problem.load_violated(columns, self.delta, 2) or problem.load_forbidding(chosen):
            return True
        if not self._check(chosen[None, :], thorough=True):
            return False
        if not problem.load_violated(columns, self.delta, 2):
            problem.load_forbidding(chosen)
        return True

    def spread(self) -> None:
        """Check the neighbours of checked plans, and theirs, up to so many: each may rule many others out."""
        left = CHECKS
        while left > 0 and self.queue and not self.search.clock.is_over:
            near = Neighbours.of(self.problem, self.queue[0], self.outcome.ceiling, self.delta)
            plans = near.chosen[~self.problem.are_forbidden(near.chosen) & self.problem.are_allowed(near.chosen)]
            if not len(plans):
                self.queue.popleft()
                continue
            self._check(plans[:AT_ONCE])
            left -= len(plans[:AT_ONCE])

    def _check(self, plans: BoolArray, thorough: bool = False) -> bool:
        """Evaluate plans: each is the new incumbent, or ruled out; whether any was."""
        progress = False
        points = self.problem.evaluate_many(list(plans))
        # those that miss by most first: their tangents tell of the others too
        for point in sorted(points, key=lambda point: -float(self.problem.excess(point).max())):
            if point.cost > self.outcome.ceiling or self.problem.is_forbidden(point.chosen):
                continue
            self.checked.append(point)
            self.queue.append(point.chosen)
            if self.search.offer(self.outcome, point):
                progress = True
            else:
                excess = self.problem.excess(point)
                if excess.max() > 0:
                    self._rule_out(point, thorough)
                    progress = True
        return progress

    def _rule_out(self, point: Point, thorough: bool) -> None:
        """Cut a checked plan off: by its tangent where it misses a limit by more than delta, else with all its subsets."""
        problem = self.problem
        excess = problem.excess(point)
        worst = int(np.argmax(excess))
        if any(excess[q] > MILD and problem.add_tangent(q, point.phi, point.gamma) is not None for q in problem.exact):
            return
        if worst not in problem.exact and problem.claims_estimated(point) > self.delta + MILD:
            return  # a tangent added for one of its neighbours tells already
        if worst not in problem.exact and excess[worst] > 1.02 * self.delta:
            problem.add_tangent(worst, point.phi, point.gamma, load=False)
            if problem.claims_estimated(point) > self.delta + MILD:
                return
        problem.forbid(point, worst, thorough, load=False)


def look_round(search: Search, outcome: Outcome, delta: float) -> list[Point]:
    """Check the plans within ``delta`` of the limits that stand near the incumbent; the master is not asked."""
    assert outcome.best is not None
    work = Polish(search, outcome, delta)
    work.queue.append(outcome.best.chosen)
    work.spread()
    return work.checked


def polish(search: Search, outcome: Outcome, delta: float) -> tuple[float, list[Point]]:
    """Check every plan cheaper than the incumbent that the tangents put within ``delta`` of the limits.

    Returns what cheaper plans cost at least (the incumbent's cost: none is left), and the plans checked; the incumbent may
    get cheaper.
    """
    work = Polish(search, outcome, delta)
    return work.run(), work.checked


def eased_bound(search: Search, outcome: Outcome, delta: float) -> float:
    """What a plan costs at least by the tangents, every limit eased by delta: the master's first parts, a second of work."""
    problem = search.problem
    problem.master.set_limits(problem.eased(delta).tolist())
    problem.master.minimise(None)
    problem.master.stop = None
    tree = Tree(problem)
    until = time.monotonic() + LAST_SECONDS
    closed = math.inf
    while not tree.is_closed and time.monotonic() < until and not tree.is_stopped:
        for number, answer in tree.step(outcome.ceiling, until - time.monotonic()):
            if answer.kind is AnswerKind.OPTIMAL:  # nobody checks what is found now
                closed = min(closed, answer.bound)
                tree.close(number)
    return min(tree.bound, closed, outcome.ceiling)


def exhaust(search: Search, outcome: Outcome, seconds: float) -> tuple[bool, int]:
    """Enumerate from the cheapest plan up by superset cuts and exact constraints alone, until one meets the limits.

    Returns whether that came to an end (then the incumbent is the cheapest plan, whatever the shape of the risk) and how many
    plans were checked; ``outcome.bound`` is then a bound that rests on no estimate.
    """
    problem, master = search.problem, search.problem.master
    problem.drop_tangents()
    problem.load_ceilings(math.inf)
    master.set_limits(problem.caps.tolist())
    master.minimise(None)
    outcome.bound = -math.inf
    seen: set[bytes] = set()
    until = search.clock.left - seconds
    done = False
    while search.clock.left > max(until, 0.0) and not search.clock.is_interrupted:
        master.set_ceiling(outcome.best.cost if outcome.best else math.inf)
        answer = master.solve(time_limit=search.clock.left - max(until, 0.0))
        if answer.kind is AnswerKind.INFEASIBLE:
            done = outcome.best is not None
            outcome.infeasible = not done
            break
        outcome.bound = max(outcome.bound, answer.bound)
        if outcome.best and outcome.bound >= outcome.best.cost - HALF_UNIT:
            done = True
            break
        if answer.x is None:
            break
        found = problem.evaluate_many([problem.rounded(x) for x in (answer.x, *answer.others)])
        progress = False
        for point in sorted(found, key=lambda p: p.cost):
            if search.offer(outcome, point):
                progress = True
            elif not problem.is_met(point) and not problem.is_forbidden(point.chosen):
                _forbid(problem, point)
                progress = True
                seen.add(point.key)
        if not progress:
            break
    problem.restore_tangents()
    return done, len(seen)


def _forbid(problem: Problem, point: Point) -> None:
    """Rule an infeasible plan out without estimates: by a superset cut, or by a tangent of the expected loss."""
    excess = problem.excess(point)
    worst = int(np.argmax(excess))
    if worst in problem.exact and excess[worst] > MILD and problem.add_tangent(worst, point.phi, point.gamma) is not None:
        return
    problem.forbid(point, worst)
