"""The columns that every integer program over plans has: rows of the cost table, capabilities, log reductions, npv."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp
from benchmarks.instances import Instance
from numpy.typing import NDArray

from tenbin.optimisation import Rules

__all__ = ["Answer", "PlanModel", "Slot"]

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Slot:
    """Contributions of which only the largest counts; ``active``: a column for each, at most one of them at 1."""

    scenario: int
    kind: int
    values: tuple[float, ...]
    active: tuple[pulp.LpVariable, ...]


@dataclass(frozen=True)
class Answer:
    """A plan (None without any), a bound below every plan's npv, and whether it was proved the cheapest."""

    chosen: BoolArray | None
    bound: float
    proved: bool


class PlanModel:
    """A PuLP model of the plans that the rules allow, at least npv; what they must meet is added by the caller."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        costs = instance.costs
        self.unit = 1000.0
        self.model = pulp.LpProblem("plans", pulp.LpMinimize)
        self.x = [self.model.add_variable(f"x{r}", cat="Binary") for r in range(costs.n_rows)]
        shared = [self.model.add_variable(f"z{i}", 0, 1) for i in range(costs.n_rows, len(costs.capex))]
        items = [*self.x, *shared]
        paid = [self.model.add_variable(f"u{k}", 0, cap / self.unit) for k, (_, _, cap, _) in enumerate(costs.subsidies)]
        price = [(item, float(w) / self.unit) for item, w in zip(items, costs.npv_weight, strict=True)]
        self.model += pulp.LpAffineExpression([*price, *((u, -1.0) for u in paid)])
        for r, item in costs.needs:
            self.model += items[item] >= items[r]
        for u, (_, share, _, eligible) in zip(paid, costs.subsidies, strict=True):
            self.model += u <= pulp.lpSum(items[i] * (share * float(costs.capex[i]) / self.unit) for i in eligible)
        for _, terms, at_most in Rules(instance.case).rows(costs):
            self.model += pulp.LpAffineExpression([(items[i], w) for i, w in terms]) <= at_most
        self.slots = self._slots()

    def _slots(self) -> list[Slot]:
        reduction, found = self.instance.reduction, []
        for number in range(len(reduction.slot_scenario)):
            here = np.flatnonzero(reduction.slot == number)
            values = tuple(float(v) for v in reduction.value[0, here])
            measures = {reduction.rows[reduction.row[c]][0] for c in here}
            if len(measures) == 1:  # levels exclude each other already
                active = tuple(self.x[reduction.row[c]] for c in here)
            else:
                active = tuple(self.model.add_variable(f"w{c}", 0, 1) for c in here)
                for c, w in zip(here, active, strict=True):
                    self.model += w <= self.x[reduction.row[c]]
                self.model += pulp.lpSum(active) <= 1
            if active:
                where, kind = int(reduction.slot_scenario[number]), int(reduction.slot_kind[number])
                found.append(Slot(where, kind, values, active))
        return found

    def of(self, scenario: int, kind: int) -> list[Slot]:
        """The slots of a scenario's frequency (0) or severity (1)."""
        return [slot for slot in self.slots if (slot.scenario, slot.kind) == (scenario, kind)]

    def log_reduction(self, scenario: int, kind: int) -> pulp.LpAffineExpression:
        """The scenario's phi (0) or gamma (1): never above that of the chosen rows, and at it where that is of use."""
        slots = self.of(scenario, kind)
        return pulp.LpAffineExpression([(w, v) for s in slots for w, v in zip(s.active, s.values, strict=True)])

    def largest(self, scenario: int, kind: int) -> float:
        return sum(max(slot.values) for slot in self.of(scenario, kind))

    def solve(self, seconds: float) -> Answer:
        """Solve with HiGHS to half a currency unit; read the plan and the bound.

        One thread: HiGHS shares a pool of threads in a process, and fails whoever asks it for another size later.
        """
        solver: Any = pulp.HiGHS(msg=False, timeLimit=seconds, threads=1, gapRel=0.0, gapAbs=0.4 / self.unit)
        self.model.solve(solver)
        info = self.model.solverModel.getInfo()
        if self.model.status == pulp.LpStatusInfeasible:
            return Answer(None, np.inf, True)
        bound = float(info.mip_dual_bound) * self.unit
        values = [v.varValue for v in self.x]
        if info.primal_solution_status != 2 or any(v is None for v in values):
            return Answer(None, bound, False)
        return Answer(np.array(values) > 0.5, bound, float(info.objective_function_value) * self.unit - bound <= 0.5)
