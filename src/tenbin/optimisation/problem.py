"""A question on one event table: quantities with limits, rules, prices; the plans evaluated and the cuts found so far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Evaluator, Quantity, Reduction, Tangent
from tenbin.model import Metric
from tenbin.optimisation.mip import Cut, Master
from tenbin.optimisation.request import Limit, Rules

__all__ = ["MET", "Point", "Problem"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MET = 1e-9
"""A target is met when the value is at most limit · (1 + MET)."""


@dataclass(frozen=True, slots=True)
class Point:
    """An evaluated integer plan: its log reductions, its npv and its value of each quantity."""

    chosen: BoolArray
    phi: FloatArray
    gamma: FloatArray
    cost: float
    values: tuple[float, ...]

    @property
    def key(self) -> bytes:
        return self.chosen.tobytes()


@dataclass(slots=True)
class PooledTangent:
    """A tangent in the master, and by how much it was moved back since."""

    quantity: int
    tangent: Tangent
    cut: Cut
    moved: float = 0.0


class Problem:
    """The state of one search: the master, the evaluated plans, the pool of cuts."""

    def __init__(self, evaluator: Evaluator, costs: CostModel, rules: Rules, limits: Sequence[Limit]) -> None:
        self.evaluator = evaluator
        self.costs = costs
        self.rules = rules
        self.reduction = Reduction.of(rules.case)
        self.limits = tuple(limits)
        self.quantities: tuple[Quantity, ...] = tuple(limit.quantity for limit in limits)
        none = np.zeros((evaluator.events.n_worlds, len(rules.case.scenarios)))
        self.scales = [
            max(limit.limit, 1e-3 * value, 1.0)
            for limit, value in zip(limits, evaluator.values(self.quantities, none, none), strict=True)
        ]
        self.caps = np.array([limit.limit for limit in limits])
        self.master = Master(self.reduction, costs, rules, self.quantities, self.scales)
        self.master.set_limits([None] * len(limits))
        self.master.minimise(None)
        self.tangents: list[PooledTangent] = []
        self.points: dict[bytes, Point] = {}
        self.forbidden: list[NDArray[np.int64]] = []
        self.rows = rules.case.costs.rows
        self.by_measure: dict[str, list[int]] = {}
        for r, row in enumerate(self.rows):
            self.by_measure.setdefault(row.measure, []).append(r)
        self.excluded = rules.excluded_rows()
        self.top = self._top(skip=self.excluded)
        self.top_reduction = self.reduction.reduce(self.top)

    # --- plans ----------------------------------------------------------------------------------------------------

    def _top(self, skip: frozenset[int]) -> BoolArray:
        """Every measure at its highest level that is not excluded, whatever the other rules say."""
        chosen = np.zeros(len(self.rows), np.bool_)
        for rows in self.by_measure.values():
            allowed = [r for r in rows if r not in skip]
            if allowed:
                chosen[allowed[-1]] = True
        return chosen

    def evaluate(self, chosen: BoolArray) -> Point:
        """Evaluate an integer plan; each only once."""
        key = chosen.tobytes()
        if key not in self.points:
            phi, gamma = self.reduction.reduce(chosen)
            values = tuple(self.evaluator.values(self.quantities, phi, gamma))
            self.points[key] = Point(chosen.copy(), phi, gamma, self.costs.npv(chosen), values)
        return self.points[key]

    def is_met(self, point: Point) -> bool:
        return all(v <= cap * (1 + MET) for v, cap in zip(point.values, self.caps, strict=True))

    def excess(self, point: Point) -> FloatArray:
        """Each quantity over its limit, relative to the limit; positive where it is violated."""
        return np.asarray((np.array(point.values) - self.caps * (1 + MET)) / np.array(self.scales))

    def is_allowed(self, chosen: BoolArray) -> bool:
        """Whether a plan obeys every rule: levels, relations, status, requests, budget and days."""
        items = self.costs.chosen_items(chosen)
        for _, terms, at_most in self.rules.rows(self.costs):
            if sum(weight for j, weight in terms if items[j]) > at_most + 1e-9:
                return False
        ceiling = self.rules.npv_ceiling(self.costs)
        return bool(math.isinf(ceiling) or self.costs.npv(chosen) <= ceiling * (1 + 1e-12))

    def rounded(self, x: FloatArray) -> BoolArray:
        """The plan of an integer solution's columns."""
        return np.asarray(x > 0.5)

    # --- cuts -----------------------------------------------------------------------------------------------------

    def add_tangent(self, quantity: int, phi: FloatArray, gamma: FloatArray) -> Tangent | None:
        """Add the tangent of a quantity at a point; None where there is none."""
        tangent = self.evaluator.tangent(self.quantities[quantity], phi, gamma)
        if tangent is not None:
            self.tangents.append(PooledTangent(quantity, tangent, self.master.add_tangent(quantity, tangent)))
        return tangent

    def forbid(self, point: Point, quantity: int, lifts: int = 1) -> None:
        """Add the superset cut of a plan that violates a limit.

        Levels are raised as far as the limit stays violated, to u; whatever meets the limit ranks above u somewhere. Valid
        without any convexity: risk is monotone, and defined for every combination of levels.
        """
        for turn in range(lifts):
            self._forbid_below(self._lift(point, quantity, turn))

    def _forbid_below(self, chosen: BoolArray) -> None:
        if any(np.array_equal(self.ranks(chosen), top) for top in self.forbidden):
            return
        rows = [r for measure in self.by_measure.values() for r in self._above(chosen, measure)]
        self.master.add_superset([r for r in rows if r not in self.excluded])
        self.forbidden.append(self.ranks(chosen))

    def ranks(self, chosen: BoolArray) -> NDArray[np.int64]:
        """Per measure the chosen level's place, from 1; 0 when the measure is not chosen. Shape (n_measures,)."""
        return np.array([max((n for n, r in enumerate(rows, 1) if chosen[r]), default=0) for rows in self.by_measure.values()])

    def is_forbidden(self, chosen: BoolArray) -> bool:
        """Whether a superset cut already rules the plan out."""
        ranks = self.ranks(chosen)
        return any(bool(np.all(ranks <= top)) for top in self.forbidden)

    def _above(self, chosen: BoolArray, rows: list[int]) -> list[int]:
        here = [r for r in rows if chosen[r]]
        return [r for r in rows if not here or r > here[-1]]

    def _lift(self, point: Point, quantity: int, turn: int = 0) -> BoolArray:
        limit, wanted = self.caps[quantity] * (1 + MET), self.quantities[quantity]
        tangent = self.evaluator.tangent(wanted, point.phi, point.gamma)

        def stays(chosen: BoolArray) -> bool:
            return bool(self.evaluator.value(wanted, *self.reduction.reduce(chosen)) > limit)

        drops = []
        for measure, rows in self.by_measure.items():
            above = [r for r in self._above(point.chosen, rows) if r not in self.excluded]
            if above:
                drops.append((self._predicted_drop(tangent, point, rows, above[-1]), measure, rows, above[-1]))
        drops.sort(key=lambda entry: (entry[0], entry[1]))
        if turn:
            order = np.random.default_rng([turn, len(self.forbidden)]).permutation(len(drops))
            drops = [drops[n] for n in order]
        chosen = point.chosen.copy()
        todo = [(rows, top) for _, _, rows, top in drops]
        tries = 0
        while todo and tries < 20:
            # the longest prefix that can be raised with the limit still violated
            low, high = 0, len(todo)
            while low < high:
                middle = (low + high + 1) // 2
                tries += 1
                if stays(self._raised(chosen, todo[:middle])):
                    low = middle
                else:
                    high = middle - 1
            chosen = self._raised(chosen, todo[:low])
            todo = todo[low + 1 :]
        return chosen

    def _raised(self, chosen: BoolArray, raises: Sequence[tuple[list[int], int]]) -> BoolArray:
        lifted = chosen.copy()
        for rows, top in raises:
            lifted[rows] = False
            lifted[top] = True
        return lifted

    def _predicted_drop(self, tangent: Tangent | None, point: Point, rows: list[int], top: int) -> float:
        if tangent is None:
            return 0.0
        phi, gamma = self.reduction.reduce(self._raised(point.chosen, [(rows, top)]))
        return tangent.value - tangent.at(phi, gamma)

    def overshoot(self, points: Sequence[Point]) -> FloatArray:
        """By how much each tangent claims more than a point's true value, relative to scale: (n_tangents, n_points)."""
        found = np.zeros((len(self.tangents), len(points)))
        if not points:
            return found
        phi = np.stack([p.phi.ravel() for p in points])
        gamma = np.stack([p.gamma.ravel() for p in points])
        values = np.array([p.values for p in points])
        for t, pooled in enumerate(self.tangents):
            tangent = pooled.tangent
            fall = (phi - tangent.phi.ravel()) @ tangent.by_phi.ravel() + (
                gamma - tangent.gamma.ravel()
            ) @ tangent.by_gamma.ravel()
            found[t] = (tangent.value - fall - values[:, pooled.quantity]) / self.scales[pooled.quantity] - pooled.moved
        return found

    def audit(self, points: Sequence[Point]) -> int:
        """Move every cut back by its largest violation at the points; return how many were moved."""
        moved = 0
        for pooled, over in zip(self.tangents, self.overshoot(points), strict=True):
            worst = float(over.max(initial=0.0))
            if worst > MET:
                pooled.moved += worst
                self.master.move(pooled.cut, pooled.cut.right - worst)
                moved += 1
        return moved

    def drop_tangents(self, keep_exact: bool = True) -> None:
        """Take the estimated tangents (of VaR and TVaR) out of the master; those of the expected loss are theorems."""
        for pooled in self.tangents:
            if not keep_exact or self.quantities[pooled.quantity].metric is not Metric.AAL:
                self.master.move(pooled.cut, -1e6)

    def restore_tangents(self) -> None:
        """Put them back."""
        for pooled in self.tangents:
            self.master.move(pooled.cut, pooled.cut.right)
