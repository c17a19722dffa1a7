"""A certificate that deserves to be shown false: the bound of tangents alone, nothing audited and nothing polished."""

from __future__ import annotations

import numpy as np
import pulp
from benchmarks.attack.known import Claim
from benchmarks.instances import Instance
from benchmarks.rivals.planmodel import PlanModel

__all__ = ["unpolished"]


def unpolished(instance: Instance, metric: str, limit: float, slope: float = 1.0, rounds: int = 60) -> Claim:
    """Outer approximation by tangents whose slopes are multiplied by ``slope``, its last bound called an audited one."""
    plans = PlanModel(instance)
    wanted = instance.quantity(metric)
    n = len(instance.case.scenarios)
    phi = [plans.log_reduction(s, 0) for s in range(n)]
    gamma = [plans.log_reduction(s, 1) for s in range(n)]
    bound, chosen = 0.0, np.zeros(instance.costs.n_rows, np.bool_)
    for _ in range(rounds):
        at = instance.reduction.reduce(chosen)
        tangent = instance.evaluator.tangent(wanted, *at)
        if tangent is None or tangent.value <= limit:
            break
        fall = pulp.lpSum(
            (float(slope * d[0, s]) / limit) * (column[s] - float(t[0, s]))
            for d, column, t in ((tangent.by_phi, phi, at[0]), (tangent.by_gamma, gamma, at[1]))
            for s in range(n)
            if d[0, s] > 0
        )
        plans.model += tangent.value / limit - fall <= 1.0
        answer = plans.solve(20.0)
        bound = max(bound, answer.bound)
        if answer.chosen is None:
            break
        chosen = answer.chosen
    return Claim(instance, ((metric, limit),), "audited", bound)
