"""Outer approximation in log space: an LP phase, an incumbent, then a MILP phase, until the bound meets the incumbent."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import SolverFailed
from tenbin.optimisation.answer import Answer, AnswerKind
from tenbin.optimisation.neighbours import Neighbours
from tenbin.optimisation.problem import Point, Problem
from tenbin.optimisation.tree import Tree
from tenbin.words import saying

__all__ = ["HALF_UNIT", "Clock", "OnProgress", "Outcome", "Search"]

said = saying("problems")

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

HALF_UNIT = 0.5
"""Plans whose npv differs by less than half a currency unit cost the same."""
LP_ROUNDS = 200
LP_CLOSE = 0.11
"""How near to its limits the relaxation is brought, divided by the number of measures."""
REPAIRS = 12
DESCENTS = 30
AT_ONCE = 4
"""Plans evaluated side by side while descending: one for each core of a usual laptop."""

OnProgress = Callable[[str, float, float, dict[str, float]], None]


@dataclass(slots=True)
class Clock:
    """When to stop: a time limit in seconds, or the user's word."""

    limit: float = math.inf
    stop: threading.Event | None = None
    began: float = field(default_factory=time.monotonic)

    def again(self) -> Clock:
        """The same limit from now on."""
        return Clock(self.limit, self.stop)

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

    @property
    def cost(self) -> float:
        """What the incumbent costs; infinite without one."""
        return math.inf if self.best is None else self.best.cost

    @property
    def ceiling(self) -> float:
        """What a better plan has to cost less than."""
        return math.inf if self.best is None else self.best.cost - HALF_UNIT


class Search:
    """Finds the cheapest plan of a problem, up to what its cuts know."""

    def __init__(self, problem: Problem, clock: Clock, on_progress: OnProgress | None = None) -> None:
        self.problem = problem
        self.clock = clock
        self.on_progress = on_progress
        self.relaxed: FloatArray | None = None
        self.close_enough = LP_CLOSE / max(1, len(problem.by_measure))
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
        """Gather tangents round the optimum of the relaxation, until it is near enough to every limit."""
        problem, master = self.problem, self.problem.master
        master.set_limits(problem.caps.tolist())
        master.minimise(None)
        top = problem.evaluate(problem.top)
        if any(value > DEEP * cap for value, cap in zip(top.values, problem.caps, strict=True)):
            problem.fix_necessary()
        evaluated = 0
        while evaluated < LP_ROUNDS and not self.clock.is_over:
            answer = master.solve(integer=False, time_limit=self.clock.left)
            if answer.x is None:
                return
            self.relaxed = answer.x
            phi, gamma = problem.layers.reduce(answer.x)
            if problem.load_violated(problem.layers.columns(answer.x)):
                continue
            evaluated += 1
            if self._cut_off(phi, gamma, deep=evaluated % 2 == 0) < self.close_enough:
                break
        if self.relaxed is not None:
            problem.load_near(problem.layers.columns(self.relaxed))

    def _cut_off(self, phi: FloatArray, gamma: FloatArray, deep: bool) -> float:
        """Add tangents of the limits violated at a point, and where the way from it to "all measures" meets the limit."""
        problem = self.problem
        worst = -math.inf
        losses = problem.evaluator.losses(problem.quantities, phi, gamma)
        for q, quantity in enumerate(problem.quantities):
            value = problem.evaluator.value(quantity, phi, gamma, losses.get(quantity.scope))
            over = (value - problem.caps[q]) / problem.scales[q]
            worst = max(worst, over)
            if over > MILD:
                problem.add_tangent(q, phi, gamma, losses.get(quantity.scope))
                if deep and over > self.close_enough:
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

    # --- an incumbent ---------------------------------------------------------------------------------------------

    def construct(self, outcome: Outcome) -> None:
        """Round the relaxation, repair it by the largest claimed drop per cost, then descend by one or two moves at a time."""
        if self.relaxed is None or self.clock.is_over:
            return
        problem = self.problem
        chosen = np.zeros(len(problem.rows), np.bool_)
        for rows in problem.by_measure.values():
            if self.relaxed[rows].sum() >= 0.5:
                chosen[rows[int(np.argmax(self.relaxed[rows]))]] = True
        for _ in range(REPAIRS):
            point = problem.evaluate(chosen)
            if problem.is_met(point):
                self.offer(outcome, point)
                break
            self._cut_plan(point)
            chosen = self._repaired(chosen)
        self.descend(outcome)

    def _repaired(self, chosen: BoolArray) -> BoolArray:
        problem = self.problem
        claimed = float(problem.claimed(problem.layers.columns_many(chosen[None, :]))[0])
        for _ in range(len(problem.by_measure)):
            if claimed <= 0:
                break
            near = Neighbours.singles(problem, chosen)
            drop = claimed - np.maximum(near.claimed, 0.0)
            rise = np.maximum(near.cost - problem.costs.npv(chosen), 1.0)
            best = int(np.argmax(np.where(drop > 0, drop / rise, -1.0)))
            if drop[best] <= 0:
                break
            chosen, claimed = near.chosen[best], float(near.claimed[best])
        return chosen

    def descend(self, outcome: Outcome) -> None:
        """Go to cheaper plans one or two moves away while the tangents put any within the limits."""
        for _ in range(DESCENTS):
            if outcome.best is None or self.clock.is_over:
                return
            near = Neighbours.of(self.problem, outcome.best.chosen, outcome.ceiling)
            if not self.take(outcome, near.chosen):
                return

    def take(self, outcome: Outcome, plans: BoolArray) -> list[BoolArray]:
        """Evaluate the first few plans that no superset cut rules out: an incumbent or a cut each; which they were."""
        problem = self.problem
        if not len(plans):
            return []
        batch = list(plans[problem.are_allowed(plans) & ~problem.are_forbidden(plans)][:AT_ONCE])
        for point in problem.evaluate_many(batch):
            if not self.offer(outcome, point) and not problem.is_met(point):
                self._cut_plan(point, load=False)
        return batch

    # --- MILP phase -----------------------------------------------------------------------------------------------

    def climb(self, outcome: Outcome) -> None:
        """Ask the master for cheaper plans, cutting off each that misses a limit, until the bound meets the incumbent.

        In a large model it is asked first for plans that cost at most a little more than the relaxation, then for half as
        much more again, and so on: a low ceiling decides most rows by their reduced costs. No plan below a ceiling makes it
        the bound. Before, a poor incumbent is bettered with most rows held at what the relaxation says.
        """
        self.problem.master.minimise(None)
        self.problem.master.set_limits(self.problem.caps.tolist())
        step = FIRST_STEP if len(self.problem.by_measure) >= MANY else math.inf
        seen: set[bytes] = set()
        tree = Tree(self.problem, FREE)
        if outcome.cost > tree.bound + WIDE * abs(tree.bound):
            self._close(outcome, tree, math.inf, seen)
        while True:
            tree = Tree(self.problem)
            aim = math.inf if step > LAST_STEP else tree.bound + step * abs(tree.bound)
            if aim > outcome.cost - step * abs(tree.bound):
                aim = math.inf
            if not self._close(outcome, tree, aim, seen):
                return
            if aim >= outcome.ceiling:
                break
            outcome.bound = max(outcome.bound, aim)
            step *= GROWTH
        outcome.closed = outcome.best is not None
        outcome.infeasible = outcome.best is None
        if outcome.best is not None:
            outcome.bound = outcome.best.cost

    def _close(self, outcome: Outcome, tree: Tree, aim: float, seen: set[bytes]) -> bool:
        """Search a tree until it holds no plan that is cheaper than the incumbent and than ``aim``; False: no time was left."""
        problem, master = self.problem, self.problem.master
        while not tree.is_closed:
            answers = tree.step(min(outcome.cost, aim), self.clock.left)
            if outcome.best is None and any(answer.kind is AnswerKind.FAILED for _, answer in answers):
                raise SolverFailed(said("solver_gave_up"))
            points = self.take_in(outcome, tree, answers, seen)
            if tree.is_whole:
                outcome.bound = max(outcome.bound, min(tree.bound, outcome.cost, aim))
            self.say("search", outcome)
            if tree.bound >= min(outcome.ceiling, aim):
                break
            if self.clock.is_over or tree.is_stopped:
                return False
            for point in points:
                if not problem.is_met(point):
                    self._look_round(outcome, point)
                    break
            if outcome.best is None and points:
                self._aim_inside(outcome, points[0])
                master.set_limits(problem.caps.tolist())
        return True

    def take_in(self, outcome: Outcome, tree: Tree, answers: Sequence[tuple[int, Answer]], seen: set[bytes]) -> list[Point]:
        """The master's solutions and the dearer ones met on its way: an incumbent or a cut each."""
        problem = self.problem
        found = []
        for number, answer in answers:
            if answer.x is None:
                continue
            points = problem.evaluate_many([problem.rounded(x) for x in (answer.x, *answer.others)])
            found += points
            for n, point in enumerate(points):
                if self.offer(outcome, point) or problem.is_met(point):
                    if n == 0 and answer.kind is AnswerKind.OPTIMAL and problem.is_allowed(point.chosen):
                        tree.close(number)
                elif n == 0 or problem.excess(point).max() < CLOSE_BY:
                    self._cut_plan(point)
                    if point.key in seen:  # the solver's tolerance lets it through
                        problem.forbid(point, int(np.argmax(problem.excess(point))))
                    seen.add(point.key)
        return found

    def _look_round(self, outcome: Outcome, point: Point) -> None:
        """What the master would say next stands mostly near what it just said: look there first, it is cheaper than a solve."""
        if outcome.best is None:
            chosen = self._repaired(point.chosen)
            self.take(outcome, chosen[None, :])
            self.descend(outcome)
            return
        queue = [point.chosen]
        for _ in range(1 + LOOKS // len(self.problem.by_measure)):
            if not queue or self.clock.is_over:
                break
            near = Neighbours.of(self.problem, queue[0], outcome.ceiling)
            taken = self.take(outcome, near.chosen)
            if taken:
                queue += taken
            else:
                queue.pop(0)

    def _aim_inside(self, outcome: Outcome, point: Point) -> None:
        """Look for an incumbent: the same model with each limit tightened by what the last plan missed it by."""
        problem, master = self.problem, self.problem.master
        miss = np.maximum(problem.excess(point), 0.0) * np.array(problem.scales)
        master.set_ceiling(math.inf)
        for factor in (1.5, 4.0):
            if self.clock.is_over:
                return
            master.set_limits((problem.caps - np.minimum(factor * miss, 0.3 * problem.caps)).tolist())
            answer = master.solve(time_limit=min(self.clock.left, 5.0))
            if answer.x is not None:
                found = problem.evaluate(problem.rounded(answer.x))
                if self.offer(outcome, found):
                    self.descend(outcome)
                    return
                if not problem.is_met(found):
                    self._cut_plan(found)

    def _cut_plan(self, point: Point, load: bool = True) -> None:
        """Cut a plan off that misses a limit: its tangents, or a superset cut where they do not cut it."""
        problem = self.problem
        excess = problem.excess(point)
        told = sum(problem.add_tangent(q, point.phi, point.gamma) is not None for q in problem.exact if excess[q] > MILD)
        estimated = [q for q in np.flatnonzero(excess > MILD) if q not in problem.exact]
        if estimated and not problem.claims_estimated(point) > MILD:
            told += sum(problem.add_tangent(int(q), point.phi, point.gamma, load=load) is not None for q in estimated)
            if problem.claims_estimated(point) > MILD / 2:
                return
        elif estimated:
            told += problem.load_violated(problem.layers.columns(point.chosen)) if load else 1
            return
        if not told:
            problem.forbid(point, int(np.argmax(excess)))


MANY = 100
"""With fewer measures than this, looking for cheap plans first was no faster (measured)."""
FIRST_STEP = 0.002
GROWTH = 1.5
LAST_STEP = 0.1
"""How far above the relaxation plans are looked for at first, what that is multiplied by, and the largest (shares of its value)."""
FREE = 25
WIDE = 0.01
"""With an incumbent farther than this from the relaxation, only so many rows are left open at first: those cheapest to move."""
DEEP = 0.6
"""Limits less than 1/0.6 of the lowest value within reach need most measures."""
LOOKS = 3300
"""Neighbourhoods looked at between two solves of the master, times the number of measures: the larger, the longer a look."""
CLOSE_BY = 0.2
"""Tangents at plans farther than this from a limit teach the master little."""
MILD = 1e-7
"""A violation below this (relative) is beyond the solver's own tolerance."""
