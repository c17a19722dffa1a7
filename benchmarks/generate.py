"""Plausible generated cases of any size, seeded: the instances on which everything is measured."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from tenbin.model import (
    ActsOn,
    Capability,
    Case,
    Catalogue,
    Component,
    CostTable,
    Effect,
    Layer,
    Lognormal,
    Measure,
    MeasureLevel,
    Organisation,
    Range,
    Scenario,
    Severity,
    Study,
)

COMPONENTS = ("organisation", "people", "thing", "data", "procedure", "system")


def generate_case(n_measures: int = 55, n_scenarios: int = 40, seed: int = 0, per_scenario: int = 8) -> Case:
    """A case with two levels a measure, overlap groups, shared capabilities; about 21.5 inherent events a year."""
    rng = np.random.default_rng([seed, n_measures, n_scenarios])
    measure_ids = [f"M{m:03d}" for m in range(n_measures)]
    raw = rng.lognormal(-1.2, 1.0, n_scenarios)
    frequency = raw * (21.5 * n_scenarios / 40) / raw.sum()
    scenarios, effects = [], []
    for s in range(n_scenarios):
        median = float(np.exp(rng.normal(math.log(1.5e6), 0.8)) / math.sqrt(frequency[s]))
        scenarios.append(
            Scenario(
                id=f"S{s:03d}",
                layer=s % 3 + 1,
                components=tuple(sorted(rng.choice(COMPONENTS, 2, replace=False).tolist())),
                frequency=Range(float(frequency[s])),
                severity=Severity(Lognormal(median, float(rng.uniform(0.8, 1.6)))),
                title_en=f"Scenario {s}",
            )
        )
        for j, m in enumerate(rng.choice(n_measures, per_scenario, replace=False)):
            acts_on = ActsOn.FREQUENCY if rng.random() < 0.6 else ActsOn.SEVERITY
            effects.append(
                Effect(
                    scenarios[-1].id,
                    measure_ids[m],
                    acts_on,
                    Range(float(rng.uniform(0.05, 0.6))),
                    f"g{j // 2}" if j < 4 else "",
                )
            )
    rows = []
    for m, name in enumerate(measure_ids):
        capex, opex = float(rng.lognormal(13.2, 1.0)), float(rng.lognormal(12.2, 1.0))
        shared = (f"C{m % 10:02d}",) if rng.random() < 0.3 else ()
        rows.append(MeasureLevel(name, "basic", round(capex), round(opex), 3, 1, float(rng.uniform(0.4, 0.7)), shared))
        rows.append(MeasureLevel(name, "advanced", round(capex * 2.2), round(opex * 2.0), 6, 3, 1.0, shared))
    capabilities = tuple(Capability(f"C{c:02d}", 500_000.0 + 50_000 * c, 200_000.0) for c in range(10))
    catalogue = Catalogue(
        "generated",
        tuple(Layer(n, f"第{n}層", f"Layer {n}") for n in (1, 2, 3)),
        tuple(Component(c, c, c) for c in COMPONENTS),
        tuple(Measure(name, 1, ("organisation",), name, name) for name in measure_ids),
    )
    return Case(
        name=f"generated-{n_measures}x{n_scenarios}-{seed}",
        catalogue=catalogue,
        scenarios=tuple(scenarios),
        effects=tuple(sorted(effects, key=lambda e: (e.scenario, e.measure, e.acts_on))),
        costs=CostTable("generated", tuple(rows), capabilities),
        organisation=Organisation(day_rate=32_000.0, cash_reserve=2e8),
        study=Study(100_000, seed, 1),
    )


def with_ranges(case: Case) -> Case:
    """The same case with every frequency between 1/2.5 and 2.5 of its likely value, every effect between 0.6 and 1.3 of it."""
    scenarios = tuple(
        replace(s, frequency=Range(s.frequency.likely, s.frequency.likely / 2.5, s.frequency.likely * 2.5))
        for s in case.scenarios
    )
    effects = tuple(
        replace(e, effect=Range(e.effect.likely, 0.6 * e.effect.likely, min(1.3 * e.effect.likely, 0.95))) for e in case.effects
    )
    return replace(case, scenarios=scenarios, effects=effects)


def lighten(case: Case, sigma: float) -> Case:
    """The same case with every severity's spread set to ``sigma``, means kept: light tails."""
    scenarios = tuple(
        replace(s, severity=Severity(Lognormal(s.severity.mean / math.exp(sigma**2 / 2), sigma))) for s in case.scenarios
    )
    return replace(case, scenarios=scenarios)
