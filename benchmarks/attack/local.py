"""Local search for a plan that must not exist: of the plans cheaper than a bound, go where the risk is lowest.

From each of the best plans so far every change of one measure, every two, and many of three (swaps 2-1 and 1-2 among them)
that stay below the ceiling on cost are ranked by the metric's tangent there; the best of them, and some taken at random
(the tangent is what is doubted), are evaluated.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from benchmarks.attack.known import Known
from benchmarks.instances import Instance
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tenbin.optimisation.problem import Point

__all__ = ["improve", "search_below"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

TRIPLES = 6_000
BY_RANK, AT_RANDOM = 24, 6
"""Plans evaluated of one neighbourhood: those that the tangent likes best, and others."""
BEAM = 6


class _Map:
    """Plans as levels → rows and log reductions, many at once."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.table = np.zeros((len(instance.groups), max(instance.top) + 1), np.int64)
        for m, rows in enumerate(instance.groups):
            self.table[m, 1 : len(rows) + 1] = np.array(rows) + 1
        reduction = instance.reduction
        self.order = np.argsort(reduction.slot, kind="stable")
        slots, self.starts = np.unique(reduction.slot[self.order], return_index=True)
        n = reduction.n_scenarios
        self.scatter = np.zeros((len(slots), 2 * n))
        self.scatter[np.arange(len(slots)), reduction.slot_scenario[slots] + n * reduction.slot_kind[slots]] = 1.0

    def chosen(self, levels: IntArray) -> BoolArray:
        """(n_plans, n_measures) → (n_plans, n_rows)."""
        found = np.zeros((len(levels), self.instance.costs.n_rows + 1), np.bool_)
        np.put_along_axis(found, self.table[np.arange(levels.shape[1])[None, :], levels], True, axis=1)
        return found[:, 1:]

    def reduce(self, chosen: BoolArray) -> FloatArray:
        """(n_plans, n_rows) → (n_plans, 2 n_scenarios): phi, then gamma."""
        reduction = self.instance.reduction
        worth = chosen[:, reduction.row[self.order]] * reduction.value[0, self.order]
        return np.asarray(np.maximum.reduceat(worth, self.starts, axis=1) @ self.scatter)


def neighbours(levels: IntArray, top: IntArray, rng: np.random.Generator) -> IntArray:
    """Plans with one measure's level changed, with two, and a random lot with three."""
    moves = np.array([(m, lv) for m in range(len(top)) for lv in range(top[m] + 1) if lv != levels[m]])
    first, second = np.triu_indices(len(moves), 1)
    apart = moves[first, 0] != moves[second, 0]
    sets = [np.arange(len(moves))[:, None], np.stack((first[apart], second[apart]), axis=1)]
    three = rng.integers(0, len(moves), (TRIPLES, 3))
    # of the triples those that drop and add: a drop of one or two measures for two or one others
    chosen = np.flatnonzero(levels[moves[:, 0]] > moves[:, 1])
    if len(chosen):
        three[:, 0] = rng.choice(chosen, TRIPLES)
    sets.append(three)
    found = []
    for which in sets:
        plans = np.repeat(levels[None, :], len(which), axis=0)
        for column in which.T:
            plans[np.arange(len(which)), moves[column, 0]] = moves[column, 1]
        found.append(plans)
    return np.concatenate(found)


def predicted(known: Known, point: Point, limits: Sequence[tuple[str, float]], reductions: FloatArray) -> FloatArray:
    """The excess of plans over the limits by the tangents at a point; by the expected loss where there is no tangent."""
    instance = known.instance
    worst = np.full(len(reductions), -np.inf)
    for metric, limit in limits:
        wanted = instance.quantity(metric)
        tangent, unit = instance.evaluator.tangent(wanted, point.phi, point.gamma), limit
        if tangent is None:
            tangent = instance.evaluator.tangent(instance.quantity("aal"), point.phi, point.gamma)
            assert tangent is not None
            unit = tangent.value
        slope = np.concatenate((tangent.by_phi.sum(axis=0), tangent.by_gamma.sum(axis=0)))
        here = np.concatenate((point.phi[0], point.gamma[0]))
        worst = np.maximum(worst, (tangent.value - (reductions - here) @ slope) / max(unit, 1e-300) - 1)
    return worst


def squeezed(known: Known, to: _Map, point: Point, ceiling: float, limits: Sequence[tuple[str, float]]) -> Point:
    """A plan lowered step by step, by what the tangent says saves most for its rise of risk, until it costs less."""
    while point.cost > ceiling:
        levels = known.instance.levels(point.chosen)
        lower = np.array([(m, lv) for m in np.flatnonzero(levels) for lv in range(levels[m])])
        if not len(lower):
            break
        plans = np.repeat(levels[None, :], len(lower), axis=0)
        plans[np.arange(len(lower)), lower[:, 0]] = lower[:, 1]
        chosen = to.chosen(plans)
        rise = predicted(known, point, limits, to.reduce(chosen)) - known.excess(point, limits)
        saved = np.maximum(point.cost - known.costs.npv(chosen), 1e-9)
        # nothing saves more than what is still to be saved
        worth = np.minimum(saved, point.cost - ceiling) / np.maximum(rise, 1e-9)
        point = known.evaluate(chosen[int(np.argmax(worth))])
    return point


def search_below(
    known: Known,
    ceiling: float,
    limits: Sequence[tuple[str, float]],
    starts: Sequence[BoolArray],
    evaluations: int,
    seed: int,
) -> list[Point]:
    """Plans that cost at most ``ceiling``, least excess over the limits first; stops at one that meets them."""
    rng = np.random.default_rng([seed, 0xBEA7])
    instance, to = known.instance, _Map(known.instance)
    below: dict[bytes, tuple[float, Point]] = {}
    expanded: set[bytes] = set()
    queue = [known.evaluate(chosen) for chosen in starts]
    queue += [squeezed(known, to, point, ceiling, limits) for point in queue if point.cost > ceiling]
    for point in queue:
        if point.cost <= ceiling:
            below[point.key] = (known.excess(point, limits), point)
            if below[point.key][0] <= 0 and known.problem.is_allowed(point.chosen):
                return [point]
    spent = 0
    while queue and spent < evaluations:
        point = queue.pop(0)
        if point.key in expanded:
            continue
        expanded.add(point.key)
        plans = to.chosen(neighbours(instance.levels(point.chosen), instance.top, rng))
        cheap = plans[known.costs.npv(plans) <= ceiling]
        if len(cheap):
            ranks = np.argsort(predicted(known, point, limits, to.reduce(cheap)), kind="stable")
            near = ranks[: max(20 * BY_RANK, len(ranks) // 20)]
            picks = [*ranks[: 4 * BY_RANK], *rng.choice(near, min(len(near), AT_RANDOM), replace=False)]
            tried = 0
            for chosen in cheap[picks]:
                if chosen.tobytes() in below or tried >= BY_RANK + AT_RANDOM or not known.problem.is_allowed(chosen):
                    continue
                found = known.evaluate(chosen)
                below[found.key] = (known.excess(found, limits), found)
                tried += 1
                if below[found.key][0] <= 0:
                    return [found]
            spent += max(tried, 1)
        best = sorted(below.values(), key=lambda entry: (entry[0], entry[1].cost))[: BEAM * (1 + len(expanded) // 8)]
        queue = [p for _, p in best if p.key not in expanded] + queue[:2]
    return [p for _, p in sorted(below.values(), key=lambda entry: (entry[0], entry[1].cost))]


def improve(known: Known, limits: Sequence[tuple[str, float]], chosen: BoolArray, evaluations: int, seed: int) -> Point:
    """A plan made cheaper while it meets the limits, as long as the search finds any."""
    best = known.evaluate(chosen)
    for turn in range(20):
        found = search_below(known, best.cost - 1.0, limits, [best.chosen], evaluations, seed + turn)
        if not found or known.excess(found[0], limits) > 0:
            return best
        best = found[0]
    return best
