"""What a spreadsheet would do: the largest drop of risk per yen, again and again, then drop what is redundant."""

from __future__ import annotations

import math

import numpy as np
from benchmarks.instances import Instance
from numpy.typing import NDArray

__all__ = ["greedy"]

BoolArray = NDArray[np.bool_]


def greedy(problem: Instance, metric: str, limit: float) -> BoolArray | None:
    """Add or raise a measure's level by risk drop per npv until the limit is met; then drop or lower, dearest first."""
    levels = np.zeros(len(problem.groups), np.int64)
    cost, risk = problem.costs.npv(problem.chosen(levels)), problem.inherent(metric)
    while risk > limit:
        best: tuple[float, float, NDArray[np.int64], float, float] | None = None
        for m, top in enumerate(problem.top):
            for level in range(levels[m] + 1, top + 1):
                moved = levels.copy()
                moved[m] = level
                chosen = problem.chosen(moved)
                value, price = problem.value(metric, chosen), problem.costs.npv(chosen)
                drop, dearer = risk - value, price - cost
                rate = drop / dearer if dearer > 0 else math.inf
                if drop > 0 and (best is None or (rate, drop) > best[:2]):
                    best = (rate, drop, moved, price, value)
        if best is None:
            return None
        _, _, levels, cost, risk = best
    return problem.chosen(thin_out(problem, metric, limit, levels))


def thin_out(problem: Instance, metric: str, limit: float, levels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Drop or lower whatever the limit does not need, the largest saving first, until nothing can go."""
    cost = problem.costs.npv(problem.chosen(levels))
    while True:
        savings = []
        for m in np.flatnonzero(levels):
            for level in range(levels[m]):
                moved = levels.copy()
                moved[m] = level
                saved = cost - problem.costs.npv(problem.chosen(moved))
                if saved > 0:
                    savings.append((saved, int(m), level, moved))
        savings.sort(key=lambda s: (-s[0], s[1], s[2]))
        for saved, _, _, moved in savings:
            if problem.value(metric, problem.chosen(moved)) <= limit:
                levels, cost = moved, cost - saved
                break
        else:
            return levels
