"""By how much the tangents may mislead near the limits, found by looking: the least delta that a certificate may have."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Metric
from tenbin.optimisation.problem import Point
from tenbin.optimisation.search import Outcome, Search

__all__ = ["misled", "noise", "probe"]

FloatArray = NDArray[np.float64]

NEAR = 0.10
"""Plans within this share of a limit say how far tangents may mislead there."""
N_PROBES = 200
N_PAIRS = 24
"""Plans whose paired noise is looked at, spread evenly over those checked."""


def probe(search: Search, outcome: Outcome, seed: int) -> list[Point]:
    """Random plans near the incumbent and cheaper than it: measures dropped, lowered and swapped in."""
    problem = search.problem
    assert outcome.best is not None
    rng = np.random.default_rng([seed, 0x7E4B])
    groups = list(problem.by_measure.values())
    plans = np.repeat(outcome.best.chosen[None, :], 4 * N_PROBES, axis=0)
    for plan in plans:
        for number in rng.choice(len(groups), min(len(groups), int(rng.integers(1, 7))), replace=False):
            rows = groups[number]
            plan[rows] = False
            pick = int(rng.integers(-1, len(rows)))
            if pick >= 0 and rows[pick] not in problem.excluded:
                plan[rows[pick]] = True
    plans = plans[problem.costs.npv_many(plans) < outcome.best.cost][:N_PROBES]
    points: list[Point] = []
    for begin in range(0, len(plans), 50):
        if search.clock.is_over:
            break
        points += problem.evaluate_many(list(plans[begin : begin + 50]))
    for point in points:
        search.offer(outcome, point)
    return points


def misled(search: Search, points: Sequence[Point]) -> float:
    """The largest violation of a tangent at plans near the limits, relative to the limit."""
    problem = search.problem
    near = [p for p in points if problem.excess(p).max() <= NEAR]
    return float(problem.overshoot(near).max(initial=0.0))


def noise(search: Search, outcome: Outcome, points: Sequence[Point]) -> float:
    """Twice the largest standard error of the paired difference between a plan and the incumbent, relative to the limit."""
    problem = search.problem
    assert outcome.best is not None
    if not points:
        return 0.0
    some = [points[n] for n in np.unique(np.linspace(0, len(points) - 1, N_PAIRS).astype(int))]
    worst, root = 0.0, math.sqrt(problem.evaluator.n_trials)
    for q, quantity in enumerate(problem.quantities):
        if quantity.metric is Metric.AAL:
            continue

        def influence(point: Point, wanted: int = q) -> FloatArray | None:
            asked = problem.quantities[wanted]
            loss = problem.evaluator.annual_loss(point.phi, point.gamma, asked.scope)
            return problem.evaluator.influence(asked, loss)

        base = influence(outcome.best)
        if base is None:
            continue
        for point in some:
            other = influence(point)
            if other is not None:
                worst = max(worst, 2 * float(np.std(other - base)) / root / max(problem.caps[q], 1e-300))
    return worst
