"""Between which points a plan's cost lies when its amounts are uncertain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tenbin.evaluation import CostModel
from tenbin.model import Case
from tenbin.simulation import Worlds

__all__ = ["CostRange", "cost_range"]

FIGURES = ("npv", "per_year", "first_year", "first_year_cash")


@dataclass(frozen=True, slots=True)
class CostRange:
    """A figure of a plan's cost with every amount at its likely value, and its 5 % and 95 % points over the worlds."""

    likely: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """As in the JSON documents."""
        return {"likely": self.likely, "low": self.low, "high": self.high}


def cost_range(case: Case, worlds: Worlds, plan: Mapping[str, str]) -> dict[str, CostRange] | None:
    """npv, per_year, first_year and first_year_cash of a plan between worlds; None when no amount has a range.

    ``tenbin.evaluate(…).cost`` has their means, which is what the optimiser makes least.
    """
    if not worlds.amounts:
        return None
    model = CostModel.of(case)
    likely = CostModel.of(replace(case, study=replace(case.study, n_worlds=1)))
    chosen = model.rows_of(plan)
    costs = [priced.cost(chosen) for priced in model.in_worlds(worlds)]
    middle = likely.cost(chosen)
    found = {}
    for name in FIGURES:
        low, high = np.quantile([getattr(cost, name) for cost in costs], [0.05, 0.95]).tolist()
        found[name] = CostRange(getattr(middle, name), low, high)
    return found
