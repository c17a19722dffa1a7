"""A question on one event table: quantities with limits, rules, prices; and the plans evaluated for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Evaluator, Quantity, Reduction
from tenbin.model import Metric
from tenbin.optimisation.mip import Master
from tenbin.optimisation.pool import Pool
from tenbin.optimisation.request import Limit, Rules

__all__ = ["MET", "Plans", "Point"]

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


class Plans:
    """Plans of a question: what they cost and leave, which are allowed; each evaluated once, remembered in the pool."""

    def __init__(
        self, evaluator: Evaluator, costs: CostModel, rules: Rules, limits: Sequence[Limit], pool: Pool | None = None
    ) -> None:
        self.evaluator = evaluator
        self.costs = costs
        self.rules = rules
        self.reduction = Reduction.of(rules.case, evaluator.structure.worlds)
        self.limits = tuple(limits)
        self.quantities: tuple[Quantity, ...] = tuple(limit.quantity for limit in limits)
        none = np.zeros((evaluator.events.n_worlds, len(rules.case.scenarios)))
        self.pool = pool or Pool(evaluator)
        self.taught = self.pool.of(self.reduction)
        self.layers = self.taught.layers
        self.caps = np.array([limit.limit for limit in limits])
        self.rows = rules.case.costs.rows
        self.by_measure: dict[str, list[int]] = {}
        for r, row in enumerate(self.rows):
            self.by_measure.setdefault(row.measure, []).append(r)
        self.points: dict[bytes, Point] = {}
        inherent = self._values([(np.zeros(len(self.rows), np.bool_), none, none)])[0]
        self.scales = [max(limit.limit, 1e-3 * value, 1.0) for limit, value in zip(limits, inherent, strict=True)]
        unit_e = max(float(evaluator.expected.by_scenario(none, none).sum()), 1e-300)
        self.master = Master(self.layers, costs, rules, self.quantities, self.scales, unit_e)
        self.master.set_limits([None] * len(limits))
        self.master.minimise(None)
        self.entangled: tuple[BoolArray, BoolArray] | None = None
        self._rule_terms, self._rule_sides = _dense(rules, costs)
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

    def _values(self, plans: Sequence[tuple[BoolArray, FloatArray, FloatArray]]) -> list[tuple[float, ...]]:
        """Every quantity of plans; what the pool knows is not evaluated again."""
        known = [self.taught.values.setdefault(chosen.tobytes(), {}) for chosen, _, _ in plans]
        missing = [[q for q in dict.fromkeys(self.quantities) if q not in values] for values in known]
        todo = [n for n, quantities in enumerate(missing) if quantities]
        found = self.evaluator.values_many([(missing[n], plans[n][1], plans[n][2]) for n in todo])
        for n, values in zip(todo, found, strict=True):
            known[n].update(zip(missing[n], values, strict=True))
        return [tuple(values[q] for q in self.quantities) for values in known]

    def evaluate(self, chosen: BoolArray) -> Point:
        """Evaluate an integer plan; each only once."""
        return self.evaluate_many([chosen])[0]

    def evaluate_many(self, plans: Sequence[BoolArray]) -> list[Point]:
        """Evaluate integer plans side by side; each only once."""
        new = {chosen.tobytes(): chosen for chosen in plans if chosen.tobytes() not in self.points}
        if new:
            reduced = [(chosen, *self.reduction.reduce(chosen)) for chosen in new.values()]
            for (key, chosen), (_, phi, gamma), values in zip(new.items(), reduced, self._values(reduced), strict=True):
                self.points[key] = Point(chosen.copy(), phi, gamma, self.costs.npv(chosen), values)
        return [self.points[chosen.tobytes()] for chosen in plans]

    def recall(self) -> Point | None:
        """The cheapest allowed plan that meets the limits among all that the pool knows of."""
        known = [
            (key, values)
            for key, values in self.taught.values.items()
            if all(values.get(q, math.inf) <= cap * (1 + MET) for q, cap in zip(self.quantities, self.caps, strict=True))
        ]
        if not known:
            return None
        plans = np.array([np.frombuffer(key, np.bool_) for key, _ in known])
        plans = plans[self.are_allowed(plans)]
        return self.evaluate(plans[int(np.argmin(self.costs.npv_many(plans)))]) if len(plans) else None

    def is_met(self, point: Point) -> bool:
        return all(v <= cap * (1 + MET) for v, cap in zip(point.values, self.caps, strict=True))

    def excess(self, point: Point) -> FloatArray:
        """Each quantity over its limit, relative to the limit; positive where it is violated."""
        if not self.quantities:
            return np.array([-1.0])
        return np.asarray((np.array(point.values) - self.caps * (1 + MET)) / np.array(self.scales))

    def is_allowed(self, chosen: BoolArray) -> bool:
        """Whether a plan obeys every rule: levels, relations, status, requests, coverage, budget and days."""
        return bool(self.are_allowed(chosen[None, :])[0])

    def are_allowed(self, plans: BoolArray) -> BoolArray:
        """``is_allowed`` of several plans: (n_plans, n_rows) → (n_plans,)."""
        items = self.costs.items_many(plans)
        allowed = np.all(items @ self._rule_terms.T <= self._rule_sides + 1e-9, axis=1)
        for cover in self.rules.covers:
            supported = sum(
                (plans[:, list(group)].any(axis=1).astype(int) for group in cover.groups), np.zeros(len(plans), int)
            )
            allowed &= supported >= cover.at_least
        ceiling = self.rules.npv_ceiling(self.costs)
        if math.isfinite(ceiling):
            allowed &= self.costs.npv_many(plans) <= ceiling * (1 + 1e-12)
        return np.asarray(allowed)

    def rounded(self, x: FloatArray) -> BoolArray:
        """The plan of an integer solution's columns."""
        return np.asarray(x > 0.5)

    def eased(self, delta: float) -> FloatArray:
        """The limits, those of VaR and TVaR eased by a share; the expected loss is exact."""
        return np.array(
            [
                cap if quantity.metric is Metric.AAL else cap + delta * scale
                for cap, quantity, scale in zip(self.caps, self.quantities, self.scales, strict=True)
            ]
        )


def _dense(rules: Rules, costs: CostModel) -> tuple[FloatArray, FloatArray]:
    """The rules as a matrix over the items of the cost model, and their right sides."""
    rows = list(rules.rows(costs))
    terms = np.zeros((len(rows), len(costs.capex)))
    for n, (_, weights, _) in enumerate(rows):
        for item, weight in weights:
            terms[n, item] += weight
    return terms, np.array([at_most for _, _, at_most in rows])
