"""A case with every plan of it priced, judged and evaluated: what the optimiser is held against.

Costs, expected losses and what is allowed come from the oracles. VaR and TVaR are statistics of *this* sample, so a
plan's years are taken from ``tenbin.evaluate`` (whose law ``tests/oracle`` checks), and the statistics recomputed
from them here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tenbin
from oracles import compare, cost, plans, risk, tables
from oracles.tables import Frames, Plan

MET = 1 + 1e-9  # interface.md: met is value ≤ limit·(1 + 1e-9)
HALF = 0.5  # currency units: the solver's absolute gap

Mask = NDArray[np.bool_]
Array = NDArray[np.float64]


@dataclass
class World:
    """All plans of a case on one sample."""

    raw: Frames
    seed: int = 0
    frames: Frames = field(init=False)
    events: Any = field(init=False)
    plans: list[Plan] = field(init=False)
    _values: dict[str, Array] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.frames = tables.prepared(self.raw)
        self.events = tenbin.simulate(tenbin.load(self.raw))
        self.plans = list(plans.all_plans(self.frames))

    @cached_property
    def costs(self) -> dict[str, Array]:
        """Cost figure → its value for each plan."""
        each = [cost.plan_cost(self.frames, plan) for plan in self.plans]
        return {name: np.array([c[name] for c in each]) for name in each[0]}

    @cached_property
    def allowed(self) -> Mask:
        """Plans that break no relation and no status."""
        return np.array([cost.feasible(self.frames, plan) for plan in self.plans])

    @property
    def many(self) -> bool:
        """Whether there are several worlds: expected losses then are of those drawn (``oracle/test_worlds.py``)."""
        return int(self.events.n_worlds) > 1

    @cached_property
    def paths(self) -> risk.Paths:
        return risk.Paths(self.frames)

    def evaluated(self, index: int) -> Any:
        """The product's evaluation of a plan."""
        return tenbin.evaluate(self.events, plan=self.plans[index])

    def index(self, plan: Plan) -> int:
        """Place of a plan in ``plans``."""
        return self.plans.index(dict(sorted(plan.items())))

    @cached_property
    def current(self) -> int:
        """Place of what is in place."""
        return self.index(tables.current(self.frames))

    def named(self, name: str) -> int:
        """Place of a plan of the case's."""
        if name == "current":
            return self.current
        chosen = {r["measure"]: r["level"] for r in tables.rows(self.frames, "plans") if r["plan"] == name}
        return self.index(chosen)

    def values(self, metric: str) -> Array:
        """A metric (``tvar95``, ``L2/data:aal``) of every plan."""
        if metric not in self._values:
            scope, _, name = metric.rpartition(":")
            if name == "aal" and self.many:
                each = [self.evaluated(index) for index in range(len(self.plans))]
                self._values[metric] = np.array([(found.scope(scope) if scope else found).aal for found in each])
            elif name == "aal":
                self._values[metric] = risk.expected_losses(self.frames, self.plans, (scope,), self.paths)[:, 0]
            else:
                self._tails(scope)
        return self._values[metric]

    def broken_values(self, metric: str, mistake: str) -> Array:
        """Expected loss of every plan with a mistake of ``oracles.risk``: for negative controls."""
        scope = metric.rpartition(":")[0]
        paths = risk.Paths(self.frames, mistake)
        return risk.expected_losses(self.frames, self.plans, (scope,), paths, mistake)[:, 0]

    def _tails(self, scope: str) -> None:
        """Every tail metric of a scope at once: a plan is evaluated once."""
        confidences = ("0.9", "0.95")
        columns: dict[str, list[float]] = {f"{name}{c[2:]:0<2}": [] for c in confidences for name in ("var", "tvar")}
        for index in range(len(self.plans)):
            found = self.evaluated(index)
            loss = (found.scope(scope) if scope else found).annual_loss
            for c, (var, tvar) in zip(confidences, compare.tails(loss, confidences), strict=True):
                columns[f"var{c[2:]:0<2}"].append(var)
                columns[f"tvar{c[2:]:0<2}"].append(tvar)
        for name, column in columns.items():
            self._values[f"{scope}:{name}" if scope else name] = np.array(column)

    # ------------------------------------------------------------ targets

    def limits(self, target: str) -> list[tuple[str, float]]:
        """A target's text as (metric, limit) pairs, all to hold."""
        left, _, right = target.partition("=")
        if left == "keep":
            base = self.named(right)
            rows = tables.rows(self.frames, "scenarios")
            layers = sorted({f"L{int(r['layer'])}" for r in rows})
            components = sorted({c for r in rows for c in tables.listed(r, "components")})
            scopes = [*layers, *components, *(f"{a}/{c}" for a in layers for c in components)]
            limits = [(f"{s}:aal", float(self.values(f"{s}:aal")[base])) for s in scopes]
            return [*limits, ("tvar95", float(self.values("tvar95")[base]))]
        if left == "survive":
            reserve = float(self.frames["case"]["organisation"]["cash_reserve"])
            return [(f"var{float(right.rstrip('%')):g}", reserve)]
        share = re.fullmatch(r"([\d.]+)%(of-inherent)?", right)
        if share is None:
            return [(left, float(right))]
        base = self.plans.index({}) if share[2] else self.current
        return [(left, float(share[1]) / 100 * float(self.values(left)[base]))]

    def met(self, targets: list[str]) -> Mask:
        """Which plans meet all targets."""
        mask = np.ones(len(self.plans), bool)
        for target in targets:
            for metric, limit in self.limits(target):
                mask &= self.values(metric) <= limit * MET
        return mask

    def chosen(self, require: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Mask:
        """Plans that have the required measures (a level given: at least that one) and none of the excluded."""
        mask = self.allowed.copy()
        for i, plan in enumerate(self.plans):
            for text in require:
                measure, _, level = text.partition("=")
                low = tables.rank(self.frames, measure, level) if level else 0
                mask[i] &= measure in plan and tables.rank(self.frames, measure, plan[measure]) >= low
            mask[i] &= not any(measure in plan for measure in exclude)
        return mask

    def cheapest(self, mask: Mask) -> float | None:
        """Lowest npv of the plans of a mask."""
        return float(self.costs["npv"][mask].min()) if mask.any() else None
