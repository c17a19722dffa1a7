"""Named instances on which tenbin is measured and attacked: a family, its sizes and a seed give the same one every time.

Beside the plausible cases of ``generate``: light tails, fixed and capped losses, rare events (where TVaR is not convex in
log frequency), and a book of small losses beside a rare huge one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache

import numpy as np
from benchmarks.generate import COMPONENTS, generate_case, lighten
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Evaluator, Quantity, Reduction
from tenbin.model import (
    ActsOn,
    Case,
    Catalogue,
    Component,
    CostTable,
    Effect,
    Fixed,
    Layer,
    Lognormal,
    LossModel,
    Measure,
    MeasureLevel,
    Metric,
    Organisation,
    Range,
    Scenario,
    Severity,
    Study,
)
from tenbin.optimisation import Limit, Problem, Rules
from tenbin.simulation import default_threads, simulate_case

__all__ = ["FAMILIES", "Instance", "instance", "make_case"]

BoolArray = NDArray[np.bool_]


def plain(measures: int, scenarios: int, seed: int) -> Case:
    """The plausible case of ``generate``: two levels a measure, overlaps, shared capabilities."""
    return generate_case(measures, scenarios, seed, per_scenario=min(8, measures))


def narrow(measures: int, scenarios: int, seed: int) -> Case:
    """The same with every lognormal's sigma at 0.3: light tails."""
    return lighten(plain(measures, scenarios, seed), 0.3)


def level(measures: int, scenarios: int, seed: int) -> Case:
    """The same with every loss fixed at its mean."""
    case = plain(measures, scenarios, seed)
    return replace(case, scenarios=tuple(replace(s, severity=Severity(Fixed(s.severity.mean))) for s in case.scenarios))


def capped(measures: int, scenarios: int, seed: int) -> Case:
    """The same with every loss capped at 1.2 times its mean."""
    case = plain(measures, scenarios, seed)
    return replace(
        case,
        scenarios=tuple(replace(s, severity=Severity(s.severity.model, 0.0, 1.2 * s.severity.mean)) for s in case.scenarios),
    )


def rare(measures: int, scenarios: int, seed: int) -> Case:
    """Fixed or nearly fixed losses at 2 to 8 per cent a year: ``light`` of tests/optimisation/test_certificates.py."""
    rng = np.random.default_rng([seed, 3])
    names = [f"S-{i}" for i in range(scenarios)]
    laws: tuple[LossModel, ...] = (Fixed(3e6), Lognormal(4e6, 0.3), Fixed(5e6))
    rates = [round(float(rate), 4) for rate in rng.uniform(0.02, 0.08, scenarios)]
    found = [_scenario(name, rate, Severity(laws[i % 3])) for i, (name, rate) in enumerate(zip(names, rates, strict=True))]
    ids = [f"M{m:03d}" for m in range(measures)]
    rows = tuple(MeasureLevel(m, "basic", float(rng.integers(100, 3000)) * 1000) for m in ids)
    effects = []
    for i, m in enumerate(ids):
        for k, acts_on in enumerate((ActsOn.FREQUENCY, ActsOn.SEVERITY)):
            on = names[i % scenarios] if k == 0 else str(rng.choice(names))
            effects.append(Effect(on, m, acts_on, Range(round(float(rng.uniform(0.1, 0.5)), 2))))
    return _case(f"rare-{measures}x{scenarios}-{seed}", found, effects, rows)


def jump(measures: int, scenarios: int, seed: int) -> Case:
    """A book of 200 small losses a year in each of some scenarios, beside one fixed huge loss in a hundred years."""
    rng = np.random.default_rng([seed, 4])
    names = [f"S-{i}" for i in range(scenarios)]
    found = [_scenario(names[0], 0.01, Severity(Fixed(1e9)))]
    for name in names[1:]:
        found.append(_scenario(name, 200.0 / (scenarios - 1), Severity(Lognormal(float(rng.uniform(1e5, 4e5)), 0.8))))
    ids = [f"M{m:03d}" for m in range(measures)]
    rows, effects = [], []
    for i, m in enumerate(ids):
        price = float(rng.integers(100, 3000)) * 1000
        rows += [MeasureLevel(m, "basic", price, effect_scale=0.5), MeasureLevel(m, "advanced", 2.1 * price)]
        for n, s in enumerate(dict.fromkeys((names[i % scenarios], str(rng.choice(names))))):
            kind = ActsOn.FREQUENCY if (i + n) % 2 else ActsOn.SEVERITY
            effects.append(Effect(s, m, kind, Range(round(float(rng.uniform(0.1, 0.5)), 2))))
    return _case(f"jump-{measures}x{scenarios}-{seed}", found, effects, tuple(rows))


def _scenario(name: str, rate: float, severity: Severity) -> Scenario:
    return Scenario(name, 1, ("data",), Range(rate), severity, title_en=name)


def _case(name: str, scenarios: list[Scenario], effects: list[Effect], rows: tuple[MeasureLevel, ...]) -> Case:
    measures = tuple(dict.fromkeys(row.measure for row in rows))
    layers = tuple(Layer(n, f"第{n}層", f"Layer {n}") for n in (1, 2, 3))
    catalogue = Catalogue(
        "generated",
        layers,
        tuple(Component(c, c, c) for c in COMPONENTS),
        tuple(Measure(m, 1, ("organisation",), m, m) for m in measures),
    )
    return Case(
        name=name,
        catalogue=catalogue,
        scenarios=tuple(sorted(scenarios, key=lambda s: s.id)),
        effects=tuple(sorted(effects, key=lambda e: (e.scenario, e.measure, e.acts_on))),
        costs=CostTable("generated", tuple(sorted(rows, key=lambda r: (r.measure, r.effect_scale)))),
        organisation=Organisation(day_rate=30_000.0, cash_reserve=5e7),
        study=Study(100_000, 1, 1),
    )


FAMILIES: dict[str, Callable[[int, int, int], Case]] = {f.__name__: f for f in (plain, narrow, level, capped, rare, jump)}


def make_case(family: str, measures: int, scenarios: int, seed: int) -> Case:
    return FAMILIES[family](measures, scenarios, seed)


@dataclass(frozen=True)
class Instance:
    """A case on one sample of years, with everything needed to price and evaluate plans."""

    family: str
    measures: int
    scenarios: int
    seed: int
    years: int

    @cached_property
    def case(self) -> Case:
        return make_case(self.family, self.measures, self.scenarios, self.seed)

    @cached_property
    def evaluator(self) -> Evaluator:
        return Evaluator(simulate_case(self.case, self.years, self.seed, n_threads=min(2, default_threads())))

    @cached_property
    def costs(self) -> CostModel:
        return CostModel.of(self.case)

    @cached_property
    def reduction(self) -> Reduction:
        return Reduction.of(self.case)

    @cached_property
    def groups(self) -> list[list[int]]:
        """The rows of each measure, lowest level first."""
        found: dict[str, list[int]] = {}
        for r, (measure, _) in enumerate(self.costs.rows):
            found.setdefault(measure, []).append(r)
        return list(found.values())

    @property
    def name(self) -> str:
        return f"{self.family}-{self.measures}x{self.scenarios}-s{self.seed}-n{self.years}"

    def quantity(self, metric: str) -> Quantity:
        """``aal``, ``var95``, ``tvar99``: of the whole case."""
        kind = metric.rstrip("0123456789.")
        confidence = None if kind == "aal" else Decimal(metric[len(kind) :]) / 100
        return Quantity(Metric(kind), confidence, (True,) * len(self.case.scenarios))

    def value(self, metric: str, chosen: BoolArray) -> float:
        return float(self.evaluator.value(self.quantity(metric), *self.reduction.reduce(chosen)))

    def inherent(self, metric: str) -> float:
        return self.value(metric, np.zeros(self.costs.n_rows, np.bool_))

    def problem(self, **limits: float) -> Problem:
        """The cheapest plan within the limits of these metrics is asked for."""
        asked = [Limit(self.quantity(metric), limit, f"{metric}={limit}") for metric, limit in limits.items()]
        return Problem(self.evaluator, self.costs, Rules(self.case), asked)

    def chosen(self, levels: NDArray[np.int64]) -> BoolArray:
        """The rows of a plan given as a level for each measure, 0 for none."""
        chosen = np.zeros(self.costs.n_rows, np.bool_)
        for rows, number in zip(self.groups, levels, strict=True):
            if number:
                chosen[rows[number - 1]] = True
        return chosen

    def levels(self, chosen: BoolArray) -> NDArray[np.int64]:
        """The other way round."""
        return np.array([max((n + 1 for n, r in enumerate(rows) if chosen[r]), default=0) for rows in self.groups])

    @cached_property
    def top(self) -> NDArray[np.int64]:
        """The highest level of each measure."""
        return np.array([len(rows) for rows in self.groups])


@lru_cache(maxsize=4)
def instance(family: str, measures: int, scenarios: int, seed: int, years: int) -> Instance:
    """An instance, kept while the next few are asked for: drawing its years takes longer than naming it."""
    if years <= 0 or math.isinf(years):
        raise ValueError(f"an instance needs a finite number of years; got {years}")
    return Instance(family, measures, scenarios, seed, years)
