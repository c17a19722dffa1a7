"""The law of annual loss in each world against the oracle's transform of that world, and against very many years of it.

The oracle moves losses down and up to its grid, so that its two laws enclose the truth; the laws tested lie on a coarser grid with
their mean kept, so that VaR may be off by about a step of it: a hundredth of the worst loss, finer below.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import tenbin
from oracles import cases, law_cases, risk
from tenbin.evaluation import Evaluator, Reduction, WorldCurves
from tenbin.evaluation.worldlaw import law_by_world
from tenbin.simulation import EventTable

STEP, GRID = 40_000.0, 2**13
CONFIDENCES = ("0.8", "0.95", "0.99")
WORST = 8e7
PLAN = cases.PLANS["half"]
CASES: dict[str, Callable[[], Any]] = {
    "independent": cases.independent,
    "factors": cases.with_factors,
    "triggers": cases.with_triggers,
    "layers": law_cases.layered,
    "counts": law_cases.counts,
    "counts and triggers": law_cases.counts_and_triggers,
}


def with_ranges(frames: Any) -> Any:
    """Every frequency and effect uncertain; what happens at most once a year stays at most 1."""
    frames = dict(frames)
    scenarios, effects = frames["scenarios"].copy(), frames["effects"].copy()
    rate = np.array([float(Fraction(str(text))) for text in scenarios["frequency"]])
    scenarios["frequency_low"], scenarios["frequency_high"] = rate * 0.5, rate * 2.0
    if "frequency_model" in scenarios:
        once = scenarios["frequency_model"] == "bernoulli"
        scenarios.loc[once, "frequency_high"] = np.minimum(scenarios.loc[once, "frequency_high"], 1.0)
    effects["effect_low"], effects["effect_high"] = effects["effect"] * 0.6, 1 - (1 - effects["effect"]) * 0.6
    return {**frames, "scenarios": scenarios, "effects": effects}


def of_world(frames: Any, events: EventTable, world: int) -> Any:
    """The same case with one world's values for the likely ones."""
    scenarios, effects = frames["scenarios"].copy(), frames["effects"].copy()
    rates = {s.id: float(f) for s, f in zip(events.case.scenarios, events.worlds.frequency[world], strict=True)}
    shares = {
        (e.scenario, e.measure, e.acts_on.value): 1 - float(np.exp(-a))
        for e, a in zip(events.case.effects, events.worlds.effect[world], strict=True)
    }
    scenarios["frequency"] = [rates[name] for name in scenarios["id"]]
    keys = zip(effects["scenario"], effects["measure"], effects["acts_on"], strict=True)
    effects["effect"] = [shares[key] for key in keys]
    return {**frames, "scenarios": scenarios, "effects": effects}


def curves(events: EventTable, worst: float = WORST) -> WorldCurves:
    reduction = Reduction.of(events.case, events.worlds)
    phi, gamma = reduction.reduce(reduction.choice(PLAN))
    scope = [True] * len(events.case.scenarios)
    return WorldCurves.of(events.case, Evaluator(events).expected, phi, gamma, scope, worst)


def off_by(frames: Any, n_worlds: int = 3, broken: str = "") -> float:
    """How far VaR and TVaR of some worlds lie outside of the oracle's bounds, as a share of them."""
    events = tenbin.simulate(tenbin.load(frames), 2_000, n_worlds=n_worlds)
    found, farthest = curves(events), 0.0
    for text in CONFIDENCES:
        var, tvar = found.value_at_risk(Decimal(text)), found.tail_value_at_risk(Decimal(text))
        for world in range(n_worlds):
            law = risk.compound(of_world(frames, events, world), PLAN, STEP, GRID, broken=broken)
            assert law.lost < 1e-4
            for value, (low, high) in (
                (var[world], law.value_at_risk(float(text))),
                (tvar[world], law.tail_value_at_risk(float(text))),
            ):
                farthest = max(farthest, (low - value) / high, (value - high) / high)
    return farthest


@pytest.mark.parametrize("name", CASES)
def test_the_law_of_each_world_is_the_oracles(name: str) -> None:
    assert off_by(with_ranges(CASES[name]())) < 0.01


@pytest.mark.parametrize(("name", "broken"), [("factors", "cv"), ("triggers", "trigger"), ("counts", "frequency")])
def test_a_law_without_what_ties_events_together_is_told_apart(name: str, broken: str) -> None:
    assert off_by(with_ranges(CASES[name]()), broken=broken) > 0.03


def test_its_mean_is_the_expected_loss() -> None:
    """A grid that holds everything; control: half of the frequencies."""
    events = tenbin.simulate(tenbin.load(with_ranges(cases.with_triggers())), 2_000, n_worlds=4)
    expected = Evaluator(events).expected
    none = np.zeros_like(events.worlds.frequency)
    scope = [True] * len(events.case.scenarios)
    for share in (1.0, 0.5):
        law = law_by_world(events.case, share * expected.frequency, none, scope, 4e9, 512, none)
        mean = law @ (4e9 / 511.5 * np.arange(512))
        assert np.allclose(law.sum(axis=1), 1, atol=1e-6)
        assert np.allclose(mean, expected.by_world(none, none, scope), rtol=1e-3) == (share == 1.0)


def test_bands_are_those_of_worlds_with_very_many_years() -> None:
    """40 worlds, at 250 and at 50,000 years each; the control, the band of the few years themselves, is half as wide again."""
    frames = with_ranges(cases.with_triggers())
    n_worlds, few, many = 40, 250, 50_000

    def widths(years: int) -> tuple[float, float]:
        """Of the band and of the one without regard to noise, in logarithms."""
        events = tenbin.simulate(tenbin.load(frames), n_worlds * years, n_worlds=n_worlds)
        risk_ = tenbin.evaluate(events, PLAN)
        low, _, high = risk_.between_worlds("tvar99")
        worlds = risk_.annual_loss.reshape(n_worlds, years)
        naive = np.quantile([np.sort(w)[-max(years // 100, 1) :].mean() for w in worlds], (0.05, 0.95))
        return float(np.log(high / low)), float(np.log(naive[1] / naive[0]))

    of_few, naive_of_few = widths(few)
    of_many, naive_of_many = widths(many)
    # 500 tail years a world: each of the 40 values is known to some 5 %, the ends of the band to as much
    assert abs(of_few - naive_of_many) < 0.1
    assert abs(of_few - of_many) < 0.01
    assert naive_of_few > 1.5 * naive_of_many
