"""SCIP (pyscipopt) on the expected loss as it is written: an integer program with exponentials."""

from __future__ import annotations

import numpy as np
import pyscipopt
from benchmarks.instances import Instance
from benchmarks.rivals.planmodel import Answer

from tenbin.optimisation import Rules

__all__ = ["scip_plan"]


def scip_plan(instance: Instance, limit: float, seconds: float) -> Answer:
    """Minimise npv s.t. Σ frequency · mean · exp(−phi − gamma) ≤ limit; no triggers, no subsidies."""
    costs, reduction, expected = instance.costs, instance.reduction, instance.evaluator.expected
    assert not expected.edges
    assert not costs.subsidies
    unit = 1000.0
    model = pyscipopt.Model()
    model.hideOutput()
    model.setParam("limits/time", seconds)
    model.setParam("limits/absgap", 0.4 / unit)
    items = [model.addVar(vtype="B" if i < costs.n_rows else "C", lb=0, ub=1) for i in range(len(costs.capex))]
    model.setObjective(pyscipopt.quicksum(float(w) / unit * item for w, item in zip(costs.npv_weight, items, strict=True)))
    for r, item in costs.needs:
        model.addCons(items[item] >= items[r])
    for _, terms, at_most in Rules(instance.case).rows(costs):
        model.addCons(pyscipopt.quicksum(w * items[i] for i, w in terms) <= at_most)
    exponents: list[list[object]] = [[] for _ in instance.case.scenarios]
    for number in range(len(reduction.slot_scenario)):
        here = np.flatnonzero(reduction.slot == number)
        active = [items[reduction.row[c]] for c in here]
        if len({reduction.rows[reduction.row[c]][0] for c in here}) > 1:
            active = [model.addVar(vtype="C", lb=0, ub=1) for _ in here]
            for c, w in zip(here, active, strict=True):
                model.addCons(w <= items[reduction.row[c]])
            model.addCons(pyscipopt.quicksum(active) <= 1)
        exponents[reduction.slot_scenario[number]] += [
            float(v) * w for v, w in zip(reduction.value[0, here], active, strict=True)
        ]
    shares = expected.frequency[0] * expected.mean / limit
    left = []
    for share, terms in zip(shares, exponents, strict=True):
        total = model.addVar(vtype="C", lb=0)
        model.addCons(total == pyscipopt.quicksum(terms))
        part = model.addVar(vtype="C", lb=0)
        model.addCons(pyscipopt.exp(-total) <= part)
        left.append(float(share) * part)
    model.addCons(pyscipopt.quicksum(left) <= 1.0)
    model.optimize()
    proved = model.getStatus() in ("optimal", "gaplimit")
    if not model.getNSols():
        return Answer(None, model.getDualbound() * unit, proved)
    chosen = np.array([model.getVal(item) for item in items[: costs.n_rows]]) > 0.5
    return Answer(chosen, model.getDualbound() * unit, proved)
