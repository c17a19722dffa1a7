"""NSGA-II (pymoo): a level for each measure as genome, cost and risk as objectives; one run answers every target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from benchmarks.instances import Instance
from numpy.typing import NDArray
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.problem import ElementwiseProblem
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.operators.repair.rounding import RoundingRepair
from pymoo.optimize import minimize

__all__ = ["Front", "genetic_front"]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Front:
    """Every plan a run evaluated, shape (n_plans, n_measures) of levels, with its cost and risk."""

    levels: NDArray[np.int64]
    cost: FloatArray
    risk: FloatArray

    def cheapest(self, limit: float) -> NDArray[np.int64] | None:
        """The cheapest plan met on the way whose risk is within the limit."""
        good = np.flatnonzero(self.risk <= limit)
        return self.levels[good[np.argmin(self.cost[good])]] if len(good) else None

    def edge(self) -> NDArray[np.int64]:
        """The plans that no other met is both cheaper and safer than, cheapest first."""
        order = np.lexsort((self.risk, self.cost))
        best = np.minimum.accumulate(self.risk[order])
        keep = np.ones(len(order), np.bool_)
        keep[1:] = self.risk[order][1:] < best[:-1]
        return order[keep]


class _Both(ElementwiseProblem):  # type: ignore[misc]
    def __init__(self, problem: Instance, metric: str) -> None:
        super().__init__(n_var=len(problem.groups), n_obj=2, xl=0, xu=problem.top, vtype=int)
        self.instance, self.metric = problem, metric
        self.seen: dict[bytes, tuple[float, float]] = {}

    def _evaluate(self, x: NDArray[np.int64], out: dict[str, Any], *_: Any, **__: Any) -> None:
        key = x.astype(np.int8).tobytes()
        if key not in self.seen:
            chosen = self.instance.chosen(x)
            self.seen[key] = (self.instance.costs.npv(chosen), self.instance.value(self.metric, chosen))
        out["F"] = list(self.seen[key])


def genetic_front(problem: Instance, metric: str, seed: int, population: int, generations: int) -> Front:
    """Run NSGA-II; the plan without any measure stands in the first population."""
    both = _Both(problem, metric)
    # random plans have half of everything; spread the first ones over all amounts of measures
    rng = np.random.default_rng(seed)
    start = rng.integers(0, problem.top + 1, (population, len(problem.groups)))
    start[rng.random(start.shape) > np.linspace(0, 1, population)[:, None]] = 0
    method = NSGA2(
        pop_size=population,
        sampling=start,
        crossover=SBX(prob=0.9, eta=3.0, vtype=float, repair=RoundingRepair()),
        mutation=PM(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()),
        eliminate_duplicates=True,
    )
    minimize(both, method, ("n_gen", generations), seed=seed, verbose=False)
    levels = np.array([np.frombuffer(key, np.int8) for key in both.seen], np.int64)
    figures = np.array(list(both.seen.values()))
    return Front(levels, figures[:, 0], figures[:, 1])
