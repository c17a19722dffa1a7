"""Worlds of uncertain parameters against belief: means, whole laws as mixtures, overlaps, costs, strata.

Belief is split normal (``oracles.worlds``); the laws of years over worlds are mixtures of the exact laws by quadrature.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

import tenbin
from oracles import cases, compare, cost, law_cases, risk, tables, worlds
from oracles.worlds import Belief

WORLDS = 2_000
LOW, LIKELY, HIGH = 0.2, 0.3, 1.2
LOSS = 1_000_000
FREQUENCY = worlds.amount(LOW, LIKELY, HIGH)
EFFECT = worlds.effect(0.3, 0.5, 0.7)


def frequency_moment(order: int, one_sided: bool = False) -> float:
    """Of λ; ``one_sided``: both halves with the upper spread."""
    belief = Belief(FREQUENCY.median, FREQUENCY.above, FREQUENCY.above) if one_sided else FREQUENCY
    return belief.exponential(order)


def left_moment(order: int) -> float:
    """Of e^{−a} for an effect of 0.5 between 0.3 and 0.7."""
    return EFFECT.exponential(-order)


def case(seed: int) -> Any:
    tables_ = {
        "scenarios": [
            {
                "id": "A",
                "layer": 1,
                "components": "data",
                "title_en": "A",
                "frequency": LIKELY,
                "frequency_low": LOW,
                "frequency_high": HIGH,
                "loss_model": f"fixed({LOSS})",
            }
        ],
        "measures": [{"measure": "L1.001", "level": "basic", "capex": 1, "opex": 0}],
        "effects": [
            {
                "scenario": "A",
                "measure": "L1.001",
                "acts_on": "frequency",
                "effect": 0.5,
                "effect_low": 0.3,
                "effect_high": 0.7,
            }
        ],
    }
    frames = cases.case(tables_, n_trials=20_000, seed=seed)
    return tenbin.load(cases.with_study(frames, n_worlds=WORLDS))


@pytest.mark.parametrize("seed", range(4))
def test_mean_over_worlds_is_that_of_belief(seed: int) -> None:
    """Within four standard errors of independent worlds (σ/√K), which stratified ones do not exceed.

    For the product of two permuted samples σ_λ σ_left/√K comes on top of those of the margins.
    """
    events = tenbin.simulate(case(seed))
    spread = math.sqrt(frequency_moment(2) - frequency_moment(1) ** 2)
    left_spread = math.sqrt(left_moment(2) - left_moment(1) ** 2)
    today = tenbin.evaluate(events, plan={}).aal / LOSS
    error = spread / math.sqrt(WORLDS)
    assert abs(today - frequency_moment(1)) < compare.ERRORS * error
    assert abs(today - LIKELY) > compare.ERRORS * error  # the control: point estimates
    after = tenbin.evaluate(events, plan={"L1.001": "basic"}).aal / LOSS
    margins = error * left_moment(1) + frequency_moment(1) * left_spread / math.sqrt(WORLDS)
    cross = spread * left_spread / math.sqrt(WORLDS)
    assert abs(after - frequency_moment(1) * left_moment(1)) < compare.ERRORS * (margins + cross)


def test_control_belief_that_is_not_split_is_rejected() -> None:
    """Both halves with the upper spread: another mean."""
    today = tenbin.evaluate(tenbin.simulate(case(0)), plan={}).aal / LOSS
    error = math.sqrt(frequency_moment(2) - frequency_moment(1) ** 2) / math.sqrt(WORLDS)
    assert abs(today - frequency_moment(1, one_sided=True)) > compare.ERRORS * error


@pytest.mark.parametrize("seed", range(6))
def test_expected_loss_over_worlds_is_near_the_sample_mean(seed: int) -> None:
    """Given the worlds, the years' mean has variance Σ_w σ_w²/(K N), at most the pooled variance over N."""
    frames = cases.uncertain(seed, n_trials=20_000, n_worlds=40)
    events = tenbin.simulate(tenbin.load(frames))
    for plan in ({}, tables.current(frames)):
        found = tenbin.evaluate(events, plan=plan)
        loss = np.asarray(found.annual_loss)
        assert abs(loss.mean() - found.aal) < compare.ERRORS * loss.std() / math.sqrt(len(loss))


# ---------------------------------------------------------------- worlds without width


def ranged(frames: Any, low: float, high: float) -> Any:
    """The same case with ranges for frequencies and effects; a factor of 1 has no width, a bernoulli's stays within 1."""
    scenarios, effects = frames["scenarios"].copy(), frames["effects"].copy()
    scenarios["frequency_low"] = scenarios["frequency"] * low
    scenarios["frequency_high"] = [
        min(f * high, 1.0) if m == "bernoulli" else f * high
        for f, m in zip(scenarios["frequency"], scenarios["frequency_model"], strict=True)
    ]
    effects["effect_low"] = (1 - (1 - effects["effect"]) ** low).round(12)
    effects["effect_high"] = (1 - (1 - effects["effect"]) ** high).round(12)
    return {**frames, "scenarios": scenarios, "effects": effects}


def far(law: Any, found: Any) -> dict[str, float]:
    return compare.disagreements(law, found.annual_loss, found.var, found.tvar)


def test_worlds_without_width_are_one_world() -> None:
    """In law: expected losses equal to rounding, years of both of the exact law, two samples alike; in the worlds themselves
    the likely values. Control: worlds with width.
    """
    frames = law_cases.counts_and_triggers(n_trials=100_003)
    flat = cases.with_study(ranged(frames, 1.0, 1.0), n_worlds=16, seed=77)
    one, same = (tenbin.simulate(tenbin.load(f)) for f in (cases.with_study(frames, n_worlds=1), flat))
    wide = tenbin.simulate(tenbin.load(cases.with_study(ranged(frames, 0.4, 2.5), n_worlds=16, seed=77)))
    assert (one.n_worlds, same.n_worlds) == (1, 16)
    assert np.asarray(same.worlds.frequency) == pytest.approx(np.tile(frames["scenarios"]["frequency"], (16, 1)), rel=1e-12)
    for plan in ({}, cases.PLANS["half"]):
        law = risk.compound(frames, plan, 4_000, 2**17)
        first, second, control = (tenbin.evaluate(e, plan=plan) for e in (one, same, wide))
        assert second.aal == pytest.approx(first.aal, rel=1e-12)
        assert control.aal != pytest.approx(first.aal, rel=1e-3)
        assert far(law, first) == far(law, second) == {}
        assert far(law, control) != {}
        n = len(first.annual_loss)
        for confidence in (0.95, 0.99):
            error = math.sqrt(2) * law.tail_standard_error(confidence, n)
            assert abs(first.tvar(confidence) - second.tvar(confidence)) < compare.ERRORS * error
        assert two_samples(first.annual_loss, second.annual_loss) > 1e-4
        assert two_samples(first.annual_loss, control.annual_loss) < 1e-6


def two_samples(one: Any, other: Any) -> float:
    """Chance of so large a distance between two samples of one law (atoms make it larger than that)."""
    one, other = np.sort(one), np.sort(other)
    both = np.concatenate([one, other])
    below = [np.searchsorted(x, both, side="right") / len(x) for x in (one, other)]
    return float(stats.kstwobign.sf(np.abs(below[0] - below[1]).max() * math.sqrt(len(one) * len(other) / len(both))))


# ---------------------------------------------------------------- the law over worlds


@cache
def mixed_case(seed: int = 5) -> Any:
    """One scenario with an uncertain frequency, a measure on it and one on its losses, uncertain too."""
    low, likely, high = LOW, LIKELY, HIGH
    row = {"frequency": likely, "frequency_low": low, "frequency_high": high, "loss_model": "weibull(scale=1M, shape=0.8)"}
    effects = [
        {"scenario": "A", "measure": m, "acts_on": acts, "effect": 0.5, "effect_low": 0.3, "effect_high": 0.7}
        for m, acts in (("L1.001", "frequency"), ("L1.002", "severity"))
    ]
    measures = [{"measure": m, "level": "basic", "capex": 1, "opex": 0} for m in ("L1.001", "L1.002")]
    frames = law_cases.single(seed, 100_000, row, effects=effects, measures=measures)
    return frames, tenbin.simulate(tenbin.load(cases.with_study(frames, n_worlds=WORLDS)))


@cache
def exact(rate: float, scale: float) -> risk.Compound:
    """A world's law: its rate, and what its measures leave of a loss."""
    row = {"id": "A", "frequency": rate, "loss_model": f"weibull(scale={1e6 * scale!r}, shape=0.8)"}
    return risk.compound({"scenarios": [row]}, {}, 5_000, 2**14)


MIXED: dict[str, dict[str, str]] = {"nothing": {}, "frequency": {"L1.001": "basic"}, "severity": {"L1.002": "basic"}}


@pytest.mark.parametrize("plan", MIXED)
def test_years_over_worlds_are_of_the_mixture(plan: str) -> None:
    """Stratified worlds vary no more than independent ones, those no more than years each in a world of its own.

    Controls: the likely values alone; the mean values alone.
    """
    _, events = mixed_case()
    found = tenbin.evaluate(events, plan=MIXED[plan])
    left = EFFECT.nodes(10) if MIXED[plan] else (np.zeros(1), np.ones(1))
    pairs = list(product(zip(*FREQUENCY.nodes(10), strict=True), zip(*left, strict=True)))

    def law(x: float, a: float) -> risk.Compound:
        return exact(math.exp(x), math.exp(-a)) if plan == "severity" else exact(math.exp(x - a), 1.0)

    mixture = worlds.mixture([law(x, a) for (x, _), (a, _) in pairs], np.array([p * q for (_, p), (_, q) in pairs]))
    assert mixture.lost < 1e-6
    assert far(mixture, found) == {}
    likely = EFFECT.median if MIXED[plan] else 0.0
    mean = -math.log(EFFECT.exponential(-1)) if MIXED[plan] else 0.0
    assert far(law(FREQUENCY.median, likely), found) != {}
    assert far(law(math.log(FREQUENCY.exponential()), mean), found) != {}


@pytest.mark.parametrize("plan", MIXED)
def test_expected_loss_over_worlds_is_that_of_belief(plan: str) -> None:
    """E λ · E e^{−a} · E Z within four standard errors of independent worlds; control: the likely values."""
    frames, events = mixed_case()
    mean = risk.expected_loss(frames, {})[0] / LIKELY
    one, two = (FREQUENCY.exponential(k) * (EFFECT.exponential(-k) if MIXED[plan] else 1.0) for k in (1, 2))
    error = compare.ERRORS * math.sqrt((two - one**2) / WORLDS)
    found = tenbin.evaluate(events, plan=MIXED[plan]).aal / mean
    assert abs(found - one) < error
    assert abs(found - LIKELY * (0.5 if MIXED[plan] else 1.0)) > error


# ---------------------------------------------------------------- overlap, in each world its own largest


ONE, OTHER = (0.3, 0.5, 0.7), (0.15, 0.48, 0.75)


@pytest.mark.parametrize("acts", ["frequency", "severity"])
def test_the_largest_of_an_overlap_group_is_each_world_s_own(acts: str) -> None:
    """E e^{−max(a, b)} by quadrature of both beliefs. Controls: the larger of the likely ones; both counted; the first alone."""
    effects = [
        {"scenario": "A", "measure": m, "acts_on": acts, "effect": e, "effect_low": lo, "effect_high": hi, "overlap_group": "g"}
        for m, (lo, e, hi) in (("L1.001", ONE), ("L1.002", OTHER))
    ]
    measures = [{"measure": m, "level": "basic", "capex": 1, "opex": 0} for m in ("L1.001", "L1.002")]
    frames = law_cases.single(6, 4_000, {"frequency": 0.5, "loss_model": "fixed(1M)"}, effects=effects, measures=measures)
    events = tenbin.simulate(tenbin.load(cases.with_study(frames, n_worlds=WORLDS)))
    left = tenbin.evaluate(events, plan={"L1.001": "basic", "L1.002": "basic"}).aal / 500_000
    a, b = worlds.effect(*ONE), worlds.effect(*OTHER)
    mean = worlds.largest(a, b, 1)
    error = compare.ERRORS * math.sqrt((worlds.largest(a, b, 2) - mean**2) / WORLDS)
    assert abs(left - mean) < error
    for control in (0.5, a.exponential(-1) * b.exponential(-1), a.exponential(-1), b.exponential(-1)):
        assert abs(left - control) > error


# ---------------------------------------------------------------- costs


def priced(**study: Any) -> Any:
    """Measures and a capability with ranges, and one without."""
    ranges = {"capex": (50_000, 100_000, 400_000), "opex": (8_000, 10_000, 30_000)}
    ranges |= {"effort_initial": (1, 2, 9), "effort_yearly": (0.5, 1, 3)}
    row: dict[str, Any] = {}
    for name, (low, likely, high) in ranges.items():
        row |= {name: likely, f"{name}_low": low, f"{name}_high": high}
    measures = [
        {"measure": "L1.001", "level": "basic", **row, "shared": "c"},
        {"measure": "L1.002", "level": "basic", "capex": 70_000, "opex": 5_000, "shared": "c"},
    ]
    shared = [{"capability": "c", **{k: 2 * v for k, v in row.items()}}]
    row = {"frequency": 0.3, "loss_model": "fixed(1M)"}
    return cases.with_study(law_cases.single(7, 1_000, row, measures=measures, shared=shared), **study)


@pytest.mark.parametrize("n_worlds", [None, 1, 16])
def test_costs_are_those_of_belief(n_worlds: int | None) -> None:
    """Expected rows when there are worlds (64 unless told), likely ones in one world: to rounding. Each rejects the other."""
    frames = priced() if n_worlds is None else priced(n_worlds=n_worlds)
    events = tenbin.simulate(tenbin.load(frames))
    assert events.n_worlds == (n_worlds or 64)
    for plan in ({"L1.001": "basic"}, {"L1.002": "basic"}, {"L1.001": "basic", "L1.002": "basic"}):
        found = tenbin.evaluate(events, plan=plan).cost
        for name, value in cost.plan_cost(frames, plan).items():
            assert getattr(found, name) == pytest.approx(value, rel=1e-9, abs=1e-6), name
        assert found.npv != pytest.approx(cost.plan_cost(frames, plan, "worlds")["npv"], rel=0.01)


# ---------------------------------------------------------------- strata


def strata_case(seed: int, rows: str = "ABCDE") -> Any:
    """Five scenarios, each with a frequency of its own belief; B happens once at most."""
    found = []
    for name in rows:
        place = "ABCDE".index(name)
        row = {"id": name, "frequency": 0.2 + 0.1 * place, "loss_model": "fixed(1M)"}
        row |= {"frequency_low": row["frequency"] * 0.3, "frequency_high": row["frequency"] * (1.5 + 0.5 * place)}
        found.append({**row, "frequency_high": 0.95, "frequency_model": "bernoulli"} if name == "B" else row)
    effects = [{"scenario": rows[0], "measure": "L1.001", "acts_on": "frequency", "effect": 0}]
    frames = law_cases.single(seed, 1_000, *found, effects=effects)
    return frames, tenbin.simulate(tenbin.load(cases.with_study(frames, n_worlds=200)))


def beliefs(frames: Any) -> dict[str, Belief]:
    rows = tables.rows(frames, "scenarios")
    return {r["id"]: worlds.amount(r["frequency_low"], r["frequency"], r["frequency_high"]) for r in rows}


@pytest.mark.parametrize("seed", range(3))
def test_each_parameter_has_one_world_in_each_stratum(seed: int) -> None:
    """And the strata come in an order of each parameter's own. Control: independent draws of the same belief."""
    frames, events = strata_case(seed)
    rates = np.asarray(events.worlds.frequency)
    assert rates.shape == (200, 5)
    every = np.arange(200)
    orders = []
    for column, (name, belief) in enumerate(beliefs(frames).items()):
        mine = rates[:, column]
        if name == "B":  # at most 1: beyond it the worlds are cut off
            assert mine.max() == 1.0
            free = np.sort(np.floor(belief.cdf(np.log(mine[mine < 1])) * 200))
            assert (free == every[: len(free)]).all()
            assert belief.cdf(np.zeros(1))[0] * 200 == pytest.approx(len(free), abs=1)
        else:
            assert (np.sort(np.floor(belief.cdf(np.log(mine)) * 200)) == every).all()
            independent = np.random.default_rng(seed).random(200)
            assert (np.sort(np.floor(independent * 200)) != every).any()
        orders.append(stats.rankdata(mine))
    between = np.corrcoef(np.array([*orders, np.arange(200)])) - np.eye(6)
    assert np.abs(between).max() < compare.ERRORS / math.sqrt(199)
    within = np.floor(belief.cdf(np.log(rates[:, -1])) * 200 * 2) % 2  # where in its stratum: either half as often
    assert abs(within.mean() - 0.5) < compare.ERRORS * 0.5 / math.sqrt(200)


def test_a_parameter_keeps_its_worlds_when_others_come_and_go() -> None:
    _, five = strata_case(1)
    _, three = strata_case(1, "ACE")
    assert (np.asarray(three.worlds.frequency) == np.asarray(five.worlds.frequency)[:, [0, 2, 4]]).all()
    _, other = strata_case(2)
    assert (np.asarray(other.worlds.frequency) != np.asarray(five.worlds.frequency)).all(axis=0)[[0, 2, 3, 4]].all()


@pytest.mark.parametrize("acts", ["frequency", "severity"])
def test_effects_are_stratified_too(acts: str) -> None:
    """Means over strata are nearer to belief's than independent worlds get: within four standard errors of strata, on 12 seeds.

    Control: of independent draws some lies outside.
    """
    k = 100
    grid = (np.arange(k * 400) + 0.5) / (k * 400)
    left = np.exp(-EFFECT.quantile(grid)).reshape(k, 400)
    error = compare.ERRORS * math.sqrt(left.var(axis=1).sum()) / k
    mean = EFFECT.exponential(-1)
    assert error < 0.3 * compare.ERRORS * EFFECT.spread(-1) / math.sqrt(k)
    effects = [{"scenario": "A", "measure": "L1.001", "acts_on": acts, "effect": 0.5, "effect_low": 0.3, "effect_high": 0.7}]
    rng = np.random.default_rng(3)
    outside = 0
    for seed in range(12):
        frames = law_cases.single(seed, 1_000, {"frequency": 0.5, "loss_model": "fixed(1M)"}, effects=effects)
        events = tenbin.simulate(tenbin.load(cases.with_study(frames, n_worlds=k)))
        assert abs(tenbin.evaluate(events, plan={"L1.001": "basic"}).aal / 500_000 - mean) < error
        outside += abs(np.exp(-EFFECT.quantile(rng.random(k))).mean() - mean) > error
    assert outside > 0
