"""Plans one or two moves away from a plan: what they cost, and what the tangents say of them, all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.optimisation.problem import Problem

__all__ = ["Neighbours"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Cheaper plans near a plan that the tangents put within the limits, cheapest first.

    chosen : shape (n, n_rows). cost : shape (n,). claimed : the largest excess over an eased limit that a tangent claims,
    relative.
    """

    chosen: BoolArray
    cost: FloatArray
    claimed: FloatArray

    @classmethod
    def of(cls, problem: Problem, chosen: BoolArray, below: float, delta: float = 0.0) -> Neighbours:
        """Look at every plan one move (a measure set to another level, or dropped) or two moves away.

        below : only plans of a lower npv. delta : by which the limits of VaR and TVaR are eased.
        """
        singles, measure = _moves(problem, chosen)
        here = problem.reduction.reduce_many(chosen[None, :])
        flat = problem.reduction.reduce_many(singles)
        costs = problem.costs.npv_many(singles)
        keep = costs < below
        found, prices, reductions = [singles[keep]], [costs[keep]], [flat[keep]]
        if len(singles) > 1:
            first, second = np.triu_indices(len(singles), 1)
            different = measure[first] != measure[second]
            first, second = first[different], second[different]
            plans = singles[first] ^ singles[second] ^ chosen
            price = problem.costs.npv_many(plans)
            cheap = price < below
            plans, price, first, second = plans[cheap], price[cheap], first[cheap], second[cheap]
            # what two moves take away adds up, but for measures that share an overlap group
            both = flat[first] + flat[second] - here
            shared = _overlapping(problem)[measure[first], measure[second]]
            both[shared] = problem.reduction.reduce_many(plans[shared])
            found.append(plans)
            prices.append(price)
            reductions.append(both)
        cost = np.concatenate(prices)
        claimed = problem.claimed(np.concatenate(reductions), delta)
        inside = np.flatnonzero(claimed <= 0)
        inside = inside[np.argsort(cost[inside], kind="stable")]
        return cls(np.concatenate(found)[inside], cost[inside], claimed[inside])

    @classmethod
    def singles(cls, problem: Problem, chosen: BoolArray) -> Neighbours:
        """Every plan one move away, whatever it costs and leaves."""
        plans, _ = _moves(problem, chosen)
        cost = problem.costs.npv_many(plans)
        return cls(plans, cost, problem.claimed(problem.reduction.reduce_many(plans)))

    def __len__(self) -> int:
        return len(self.cost)


def _moves(problem: Problem, chosen: BoolArray) -> tuple[BoolArray, NDArray[np.int64]]:
    """Plans with one measure changed, and the number of that measure."""
    plans, measures = [], []
    for number, rows in enumerate(problem.by_measure.values()):
        for row in (-1, *(r for r in rows if r not in problem.excluded)):
            if (row == -1 and not chosen[rows].any()) or (row >= 0 and chosen[row]):
                continue
            plan = chosen.copy()
            plan[rows] = False
            if row >= 0:
                plan[row] = True
            plans.append(plan)
            measures.append(number)
    return np.array(plans, np.bool_).reshape(len(plans), len(chosen)), np.array(measures, np.int64)


def _overlapping(problem: Problem) -> BoolArray:
    """Which pairs of measures stand in one overlap group somewhere: shape (n_measures, n_measures)."""
    if problem.overlapping is None:
        reduction = problem.reduction
        number = {measure: n for n, measure in enumerate(problem.by_measure)}
        of_row = np.array([number[measure] for measure, _ in reduction.rows], np.int64)
        member = np.zeros((len(reduction.slot_scenario), len(number)), np.bool_)
        member[reduction.slot, of_row[reduction.row]] = True
        wide = member[reduction.contested].astype(np.float64)
        problem.overlapping = (wide.T @ wide) > 0
    return problem.overlapping
