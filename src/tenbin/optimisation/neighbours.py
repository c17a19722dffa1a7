"""Plans one or two moves away from a plan: what they cost, and what the tangents say of them, all at once.

A move sets one measure to another level, or drops it. What two moves cost and take away adds up, but for measures that share
a capability, a subsidy or an overlap group; so most of the tens of thousands of pairs are never spelled out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.optimisation.problem import Problem

__all__ = ["Moves", "Neighbours"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves from a plan, and the pairs of them that cost less than a ceiling.

    plans, columns, cost : of each single move: (n, n_rows), columns of the layers (n, …), npv (n,). first, second, price : of each pair.
    entangled : pairs whose reductions do not add up.
    """

    problem: Problem
    chosen: BoolArray
    plans: BoolArray
    columns: FloatArray
    cost: FloatArray
    first: IntArray
    second: IntArray
    price: FloatArray
    entangled: BoolArray

    @classmethod
    def of(cls, problem: Problem, chosen: BoolArray, below: float = np.inf, pairs: bool = True) -> Moves:
        """Every move; every pair of an npv below the ceiling."""
        plans, measure = _singles(problem, chosen)
        cost, columns = problem.costs.npv_many(plans), problem.layers.columns_many(plans)
        first, second = np.triu_indices(len(plans) if pairs else 0, 1)
        different = measure[first] != measure[second]
        first, second = first[different], second[different]
        price = cost[first] + cost[second] - problem.costs.npv(chosen)
        priced, reduced = _shared(problem)
        odd = np.flatnonzero(priced[measure[first], measure[second]])
        for begin in range(0, len(odd), CHUNK):
            some = odd[begin : begin + CHUNK]
            price[some] = problem.costs.npv_many(plans[first[some]] ^ plans[second[some]] ^ chosen)
        cheap = price < below
        first, second, price = first[cheap], second[cheap], price[cheap]
        return cls(problem, chosen, plans, columns, cost, first, second, price, reduced[measure[first], measure[second]])

    def pair_plans(self, which: IntArray) -> BoolArray:
        """The plans of some pairs."""
        return np.asarray(self.plans[self.first[which]] ^ self.plans[self.second[which]] ^ self.chosen)

    def linear(self, slopes: FloatArray, at_zero: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The largest of linear functions, at_zero − slopes · columns, at every single move and every pair."""
        here = at_zero[:, None] - slopes @ self.problem.layers.columns_many(self.chosen[None, :]).T
        singles = at_zero[:, None] - slopes @ self.columns.T
        pairs = np.zeros(len(self.first))
        for begin in range(0, len(pairs), CHUNK):
            part = slice(begin, begin + CHUNK)
            pairs[part] = (singles[:, self.first[part]] + singles[:, self.second[part]] - here).max(axis=0, initial=-np.inf)
        odd = np.flatnonzero(self.entangled)
        for begin in range(0, len(odd), CHUNK):
            some = odd[begin : begin + CHUNK]
            columns = self.problem.layers.columns_many(self.pair_plans(some))
            pairs[some] = (at_zero[:, None] - slopes @ columns.T).max(axis=0, initial=-np.inf)
        return singles.max(axis=0, initial=-np.inf), pairs


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Plans near a plan with what they cost and the largest excess over a limit that is claimed of them, relative.

    chosen : shape (n, n_rows). cost, claimed : shape (n,).
    """

    chosen: BoolArray
    cost: FloatArray
    claimed: FloatArray

    @classmethod
    def of(cls, problem: Problem, chosen: BoolArray, below: float, delta: float = 0.0) -> Neighbours:
        """Plans one or two moves away that cost less than ``below`` and that the tangents put within the limits; cheapest first.

        delta : by which the limits of VaR and TVaR are eased.
        """
        moves = Moves.of(problem, chosen, below)
        slopes, at_zero = problem.linear_claims(delta)
        singles, pairs = moves.linear(slopes, at_zero)
        one, two = np.flatnonzero((moves.cost < below) & (singles <= 0)), np.flatnonzero(pairs <= 0)
        plans = np.concatenate((moves.plans[one], moves.pair_plans(two)))
        cost = np.concatenate((moves.cost[one], moves.price[two]))
        if not len(plans):
            return cls(plans, cost, cost)
        claimed = problem.claimed(problem.layers.columns_many(plans), delta)
        inside = np.flatnonzero(claimed <= 0)
        inside = inside[np.argsort(cost[inside], kind="stable")]
        return cls(plans[inside], cost[inside], claimed[inside])

    @classmethod
    def singles(cls, problem: Problem, chosen: BoolArray) -> Neighbours:
        """Every plan one move away, whatever it costs and leaves."""
        moves = Moves.of(problem, chosen, pairs=False)
        return cls(moves.plans, moves.cost, problem.claimed(moves.columns))

    def __len__(self) -> int:
        return len(self.cost)


def _singles(problem: Problem, chosen: BoolArray) -> tuple[BoolArray, IntArray]:
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


def _shared(problem: Problem) -> tuple[BoolArray, BoolArray]:
    """Which pairs of measures share a capability or a subsidy, and which an overlap group: (n_measures, n_measures) each."""
    if problem.entangled is None:
        reduction, costs = problem.reduction, problem.costs
        number = {measure: n for n, measure in enumerate(problem.by_measure)}
        of_row = np.array([number[measure] for measure, _ in reduction.rows], np.int64)
        member = np.zeros((len(reduction.slot_scenario), len(number)))
        member[reduction.slot, of_row[reduction.row]] = 1.0
        wide = member[reduction.contested]
        # what measures have in common in prices: a capability, or a subsidy that either of them or its capability names
        common = np.zeros((len(costs.capex) + len(costs.subsidies), len(number)))
        for row, item in costs.needs:
            common[item, of_row[row]] = 1.0
        for k, (_, _, _, eligible) in enumerate(costs.subsidies):
            for item in eligible:
                measures = [of_row[item]] if item < costs.n_rows else np.flatnonzero(common[item])
                common[len(costs.capex) + k, measures] = 1.0
        problem.entangled = ((common.T @ common) > 0, (wide.T @ wide) > 0)
    return problem.entangled
