"""Plans one or two moves away from a plan: what they cost, and what the tangents say of them, all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.optimisation.problem import Problem

__all__ = ["Neighbours", "pairs_of", "singles_of"]

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
        singles, measure, flat = singles_of(problem, chosen)
        plans, both = pairs_of(problem, chosen, singles, measure, flat, below)
        found, reductions = np.concatenate((singles, plans)), np.concatenate((flat, both))
        cost = problem.costs.npv_many(found)
        cheap = cost < below
        found, reductions, cost = found[cheap], reductions[cheap], cost[cheap]
        claimed = problem.claimed(reductions, delta)
        inside = np.flatnonzero(claimed <= 0)
        inside = inside[np.argsort(cost[inside], kind="stable")]
        return cls(found[inside], cost[inside], claimed[inside])

    @classmethod
    def singles(cls, problem: Problem, chosen: BoolArray) -> Neighbours:
        """Every plan one move away, whatever it costs and leaves."""
        plans, _, flat = singles_of(problem, chosen)
        return cls(plans, problem.costs.npv_many(plans), problem.claimed(flat))

    def __len__(self) -> int:
        return len(self.cost)


def singles_of(problem: Problem, chosen: BoolArray) -> tuple[BoolArray, NDArray[np.int64], FloatArray]:
    """Plans with one measure changed, the number of that measure, and their flat log reductions."""
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
    found = np.array(plans, np.bool_).reshape(len(plans), len(chosen))
    return found, np.array(measures, np.int64), problem.reduction.reduce_many(found)


def pairs_of(
    problem: Problem, chosen: BoolArray, singles: BoolArray, measure: NDArray[np.int64], flat: FloatArray, below: float
) -> tuple[BoolArray, FloatArray]:
    """Plans with two measures changed whose npv is below a cost, and their flat log reductions."""
    first, second = np.triu_indices(len(singles), 1)
    different = measure[first] != measure[second]
    first, second = first[different], second[different]
    plans = singles[first] ^ singles[second] ^ chosen
    cheap = problem.costs.npv_many(plans) < below
    plans, first, second = plans[cheap], first[cheap], second[cheap]
    # what two moves take away adds up, but for measures that share an overlap group
    both = flat[first] + flat[second] - problem.reduction.reduce_many(chosen[None, :])
    shared = _overlapping(problem)[measure[first], measure[second]]
    both[shared] = problem.reduction.reduce_many(plans[shared])
    return plans, both


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
