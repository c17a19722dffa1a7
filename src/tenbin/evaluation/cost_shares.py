"""A plan's cost shared out over its measures: what several share is split, a subsidy follows the capex that it is paid for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation.cost import CostModel

__all__ = ["cost_per_year_by_row"]

FloatArray = NDArray[np.float64]


def cost_per_year_by_row(model: CostModel, chosen: NDArray[np.bool_]) -> FloatArray:
    """Share out ``per_year`` over the chosen rows, shape (n_rows,); the shares sum to it, rows not chosen have 0.

    A capability's cost is split equally over the chosen rows that need it. A subsidy is shared in proportion to the capex
    that it is paid for, so that a capability's part of it lowers what its rows split.
    """
    items = model.chosen_items(chosen)
    shares = np.where(items, model.npv_weight, 0.0)
    for _, share, cap, eligible in model.subsidies:
        there = [i for i in eligible if items[i]]
        capex = model.capex[there]
        if capex.sum() > 0:
            shares[there] -= min(share * float(capex.sum()), cap) * capex / capex.sum()
    for item in np.flatnonzero(items[model.n_rows :]) + model.n_rows:
        users = [row for row, need in model.needs if need == item and items[row]]
        shares[users] += shares[item] / len(users)
    return np.asarray(shares[: model.n_rows] / model.annuity)
