"""Which measure takes how much of a risk away between two plans."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation.evaluator import Evaluator, Quantity
from tenbin.evaluation.reduction import Reduction

__all__ = ["attribute"]

FloatArray = NDArray[np.float64]

N_STEPS = 8


def attribute(
    evaluator: Evaluator, reduction: Reduction, quantity: Quantity, before: NDArray[np.bool_], after: NDArray[np.bool_]
) -> dict[str, float]:
    """Share out the difference of a metric between two plans over their measures (Aumann & Shapley 1974).

    The gradient is averaged along the straight way in (phi, gamma) from one plan to the other; what each contribution
    changes there is its measure's part. The parts are scaled so that they add up to the difference exactly.

    Returns
    -------
    Measure → change of the metric (negative: it takes risk away), for each measure that changes anything.
    """
    weight = reduction.active(after) - reduction.active(before)
    start, end = reduction.reduce(before), reduction.reduce(after)
    nodes, weights = np.polynomial.legendre.leggauss(N_STEPS)
    by_phi, by_gamma = np.zeros_like(start[0]), np.zeros_like(start[1])
    for node, share in zip((nodes + 1) / 2, weights / 2, strict=True):
        phi, gamma = start[0] + node * (end[0] - start[0]), start[1] + node * (end[1] - start[1])
        tangent = evaluator.tangent(quantity, phi, gamma)
        if tangent is None:
            continue
        by_phi += share * tangent.by_phi
        by_gamma += share * tangent.by_gamma
    parts = -(reduction.expand(by_phi, by_gamma) * weight).sum(axis=0)
    total = evaluator.value(quantity, *end) - evaluator.value(quantity, *start)
    if parts.sum() != 0:
        parts *= total / parts.sum()
    found: dict[str, float] = {}
    moved = np.abs(weight).sum(axis=0)
    for slot in np.unique(reduction.slot[np.flatnonzero(moved)]):
        here = np.flatnonzero((reduction.slot == slot) & (moved > 0))
        gained = weight[:, here].sum(axis=0)
        lead = _cause(reduction, here[np.argsort(-gained, kind="stable")], before, after)
        for c, gain in zip(here, gained, strict=True):
            # which of several newcomers is the largest may differ from world to world: each gets its own worlds' part
            own = reduction.rows[reduction.row[c]][0]
            measure = own if gain > 0 and before[reduction.row[c]] != after[reduction.row[c]] else lead
            found[measure] = found.get(measure, 0.0) + float(parts[c])
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def _cause(reduction: Reduction, contributions: NDArray[np.int64], before: NDArray[np.bool_], after: NDArray[np.bool_]) -> str:
    """The measure that changed a slot: a newcomer that outdoes a kept one there gets the difference, not the kept one a loss."""
    changed = before != after
    measures: list[str] = [reduction.rows[reduction.row[c]][0] for c in contributions]
    moved = {reduction.rows[r][0] for r in np.flatnonzero(changed)}
    return next((measure for measure in measures if measure in moved), measures[0])
