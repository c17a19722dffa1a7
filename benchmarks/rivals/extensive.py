"""The extensive form: every simulated year in one integer program, exact for its years, and what that costs.

- Thinning: event e of scenario s is gone iff phi_s(x) ≥ tau_e. A binary d_e with tau_e d_e ≤ phi_s(x) says so; ordered by
  tau inside a scenario, phi_s ≥ Σ (tau_e − tau_{e−1}) d_e, which is the tight form of the same.
- Severity: exp(−gamma_s(x)) is exact too: a column for each combination of what the scenario's slots take (a slot's columns
  sum up the combinations that use it), so G_s = Σ factor · combination; nothing is approximated by pieces.
- An event costs z_e G_s (1 − d_e), by its lower envelope: at least G_s − d_e and G_s's least · (1 − d_e).
- TVaR by Rockafellar & Uryasev, t at least the VaR of "all measures" (valid: t may be the plan's own VaR), so years whose
  inherent loss is below that are left out. VaR: at most N − ⌈αN⌉ years above the limit.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pulp
from benchmarks.instances import Instance
from benchmarks.rivals.planmodel import Answer, PlanModel
from numpy.typing import NDArray

from tenbin.evaluation.metrics import quantile_rank, tail_size, value_at_risk
from tenbin.model import Metric

__all__ = ["TooLarge", "exact_plan"]

FloatArray = NDArray[np.float64]
MOST_COMBINATIONS = 3_000


class TooLarge(Exception):
    """A scenario has too many severity combinations to write down."""


def exact_plan(instance: Instance, metric: str, limit: float, seconds: float) -> Answer:
    """The cheapest plan on all the years of the instance; no triggers.

    Raises
    ------
    TooLarge : when severity cannot be written exactly.
    """
    plans = PlanModel(instance)
    quantity = instance.quantity(metric)
    assert quantity.confidence is not None
    losses = _Losses(plans, limit)
    none = np.zeros((1, len(instance.case.scenarios)))
    most = instance.evaluator.annual_loss(none, none)
    least = instance.evaluator.annual_loss(*instance.reduction.reduce(instance.chosen(instance.top)))
    if quantity.metric is Metric.TVAR:
        floor = value_at_risk(least, quantity.confidence)
        k = float(tail_size(instance.years, quantity.confidence))
        t = plans.model.add_variable("t", floor / limit)
        over = []
        for year in np.flatnonzero(most > floor):
            u = plans.model.add_variable(f"over{year}", 0)
            plans.model += u >= losses.of(int(year)) - t
            over.append((u, 1.0 / k))
        plans.model += t + pulp.LpAffineExpression(over) <= 1.0
    else:
        allowed = instance.years - quantile_rank(instance.years, quantity.confidence)
        bad = []
        for year in np.flatnonzero(most > limit):
            b = plans.model.add_variable(f"bad{year}", cat="Binary")
            plans.model += losses.of(int(year)) <= 1.0 + (float(most[year]) / limit - 1.0) * b
            bad.append((b, 1.0))
        plans.model += pulp.LpAffineExpression(bad) <= allowed
    losses.order()
    return plans.solve(seconds)


class _Losses:
    """Annual losses as expressions, in units of the limit; columns of events are made as they are needed."""

    def __init__(self, plans: PlanModel, unit: float) -> None:
        self.plans, self.unit = plans, unit
        events = plans.instance.evaluator.events
        if len(events.structure.segments) > events.structure.n_scenarios:
            raise TooLarge("triggers are not in the extensive form")
        self.by_year: dict[int, list[tuple[int, float, float]]] = {}
        for block in events.blocks:
            for s in range(events.structure.n_scenarios):
                for e in range(block.start[s], block.start[s + 1]):
                    year = block.place.first_trial + int(block.trial[e])
                    self.by_year.setdefault(year, []).append((s, float(block.tau[e]), float(block.severity[e])))
        self.least = [math.exp(-plans.largest(s, 1)) for s in range(events.structure.n_scenarios)]
        self.factor = [self._factor(s) for s in range(events.structure.n_scenarios)]
        self.gone: dict[int, list[tuple[float, pulp.LpVariable]]] = {}

    def _factor(self, scenario: int) -> pulp.LpAffineExpression:
        """exp(−gamma) of a scenario, exact."""
        slots = self.plans.of(scenario, 1)
        if not slots:
            return pulp.LpAffineExpression(constant=1.0)
        options = [range(-1, len(slot.values)) for slot in slots]
        if math.prod(len(o) for o in options) > MOST_COMBINATIONS:
            raise TooLarge(f"scenario {scenario} has more than {MOST_COMBINATIONS:,} combinations of severity effects")
        combinations = list(itertools.product(*options))
        columns = [self.plans.model.add_variable(f"g{scenario}_{n}", 0, 1) for n in range(len(combinations))]
        model = self.plans.model
        model += pulp.lpSum(columns) == 1
        for j, slot in enumerate(slots):
            for option, active in enumerate(slot.active):
                using = [c for c, taken in zip(columns, combinations, strict=True) if taken[j] == option]
                model += pulp.lpSum(using) == active
        factors = [
            math.exp(-sum(slot.values[o] for slot, o in zip(slots, taken, strict=True) if o >= 0)) for taken in combinations
        ]
        return pulp.LpAffineExpression(list(zip(columns, factors, strict=True)))

    def of(self, year: int) -> pulp.LpAffineExpression:
        """A year's loss. Its scenarios' events are gone or cost what severity measures leave."""
        total = pulp.LpAffineExpression()
        for s, tau, severity in self.by_year.get(year, []):
            size = severity / self.unit
            if tau > self.plans.largest(s, 0):  # no plan prevents it
                total += self.factor[s] * size
                continue
            gone = self.plans.model.add_variable(f"d{s}_{len(self.gone.setdefault(s, []))}", cat="Binary")
            self.gone[s].append((tau, gone))
            left = self.plans.model.add_variable(f"q{s}_{len(self.gone[s])}", 0)
            self.plans.model += left >= self.factor[s] - gone
            self.plans.model += left >= self.least[s] * (1 - gone)
            total += left * size
        return total

    def order(self) -> None:
        """Tie the events' fates to phi, once all of them are known."""
        for s, events in self.gone.items():
            events.sort(key=lambda event: event[0])
            terms, before = [], 0.0
            for n, (tau, gone) in enumerate(events):
                terms.append((gone, tau - before))
                if n:
                    self.plans.model += gone <= events[n - 1][1]
                before = tau
            self.plans.model += self.plans.log_reduction(s, 0) >= pulp.LpAffineExpression(terms)
