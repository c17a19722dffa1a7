"""Looking for a cheaper plan where the tangents see none: a local search that trusts evaluations alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Metric
from tenbin.optimisation.neighbours import Moves
from tenbin.optimisation.problem import Point
from tenbin.optimisation.search import Outcome, Search

__all__ = ["attack"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

STARTS = {Metric.VAR: 4, Metric.TVAR: 3, Metric.AAL: 0}
"""VaR has no convexity at all, TVaR little where losses are rare: from one place, a plan three moves away was missed once."""
MOVES = 12
AT_ONCE = 12


def attack(search: Search, outcome: Outcome) -> list[Point]:
    """Walk through plans cheaper than the incumbent towards less risk; what meets the limits is the new incumbent.

    From the cheaper plans that miss the limits by least. A step looks at all plans one or two moves away, ranks them by the
    tangent of where it stands and not by those of others, evaluates the first dozen and goes to the best. Returns the plans
    evaluated.
    """
    problem = search.problem
    assert outcome.best is not None
    seen: list[Point] = []
    n_starts = max((STARTS[quantity.metric] for quantity in problem.quantities), default=0)
    for start in range(n_starts):
        under = [p for p in problem.points.values() if p.cost < outcome.ceiling and not problem.is_met(p)]
        under.sort(key=lambda p: float(problem.excess(p).max()))
        if start >= len(under):
            break
        seen += _walk(search, outcome, under[start])
    return seen


def _walk(search: Search, outcome: Outcome, here: Point) -> list[Point]:
    problem = search.problem
    seen: list[Point] = []
    visited = {here.key}
    for _ in range(MOVES):
        if search.clock.is_over or here.cost > outcome.ceiling:
            break
        plans = _ranked(search, outcome, here)
        fresh = [plan for plan in plans if plan.tobytes() not in visited][:AT_ONCE]
        if not fresh:
            break
        points = problem.evaluate_many(fresh)
        visited.update(point.key for point in points)
        seen += points
        for point in points:
            search.offer(outcome, point)
        here = min(points, key=lambda p: float(problem.excess(p).max()))
    return seen


def _ranked(search: Search, outcome: Outcome, here: Point) -> Sequence[BoolArray]:
    """Cheaper allowed plans one or two moves away, the one that the local tangent puts lowest first."""
    problem = search.problem
    moves = Moves.of(problem, here.chosen, outcome.ceiling)
    slopes, at_here = [], []
    for q, over in enumerate(problem.excess(here)):
        tangent = problem.evaluator.tangent(problem.quantities[q], here.phi, here.gamma)
        if tangent is not None:
            flat = np.concatenate((tangent.by_phi.ravel(), tangent.by_gamma.ravel()))
            slopes.append(problem.layers.expand(flat) / problem.scales[q])
            at_here.append(over + problem.layers.columns(here.chosen) @ slopes[-1])
    if not slopes:
        return []
    singles, pairs = moves.linear(np.array(slopes), np.array(at_here))
    singles = np.where(moves.cost < outcome.ceiling, singles, np.inf)
    order = np.argsort(np.concatenate((singles, pairs)), kind="stable")[: 20 * AT_ONCE]
    order = order[(order >= len(singles)) | (singles[np.minimum(order, len(singles) - 1)] < np.inf)]
    one, two = order[order < len(singles)], order[order >= len(singles)] - len(singles)
    plans = np.zeros((len(order), len(here.chosen)), np.bool_)
    plans[order < len(singles)] = moves.plans[one]
    plans[order >= len(singles)] = moves.pair_plans(two)
    return list(plans[problem.are_allowed(plans)])
