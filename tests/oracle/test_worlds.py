"""Worlds of uncertain parameters: their mean against the split normal's, their expected loss against the years'.

Belief about a frequency is split normal in ln λ: median ``likely``, 5 % and 95 % points ``low`` and ``high``. So
ln λ = ln likely + σ Z, σ = ln(likely/low)/z₉₅ for Z < 0 and ln(high/likely)/z₉₅ above, and

    E λ = likely · (e^{σ₁²/2} Φ(−σ₁) + e^{σ₂²/2} Φ(σ₂));

the share an effect leaves is e^{−a}, a split normal likewise about −ln(1 − e), so its mean has the same form.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

import tenbin
from oracles import cases, compare, tables

WORLDS = 2_000
Z95 = float(stats.norm.ppf(0.95))
LOW, LIKELY, HIGH = 0.2, 0.3, 1.2
LOSS = 1_000_000


def split(median: float, low: float, high: float, order: int = 1, one_sided: bool = False) -> float:
    """E e^{order·X}, X split normal with that median and 5 %, 95 % points."""
    below, above = order * (median - low) / Z95, order * (high - median) / Z95
    if one_sided:
        below = above
    parts = math.exp(below**2 / 2) * stats.norm.cdf(-below) + math.exp(above**2 / 2) * stats.norm.cdf(above)
    return float(math.exp(order * median) * parts)


def frequency_moment(order: int, **how: Any) -> float:
    return split(math.log(LIKELY), math.log(LOW), math.log(HIGH), order, **how)


def left_moment(order: int) -> float:
    """Of e^{−a} for an effect of 0.5 between 0.3 and 0.7: the larger effect is the lower end."""
    return split(math.log(0.5), math.log(0.3), math.log(0.7), order)


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
