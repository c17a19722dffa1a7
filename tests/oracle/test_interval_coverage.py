"""The stated 90 % interval contains the truth in 86–94 % of 400 repetitions, the truth by Fourier transform.

400 hits of a chance of 0.9 scatter by 1.5 %: the band is ±2.7 of that, so it also leaves next to no room for an interval that
is truly off. Each repetition is a sample of its own of 5,000 years, of two scenarios with a skewed and an over-dispersed law.
Control: the interval of half the width lies outside the band.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import tenbin
from oracles import cases, law_cases, risk, worlds

METRICS = ("mean", "var95", "tvar95", "var99", "tvar99")
REPETITIONS, YEARS = 400, 5_000
BAND = (0.86, 0.94)
STEP, GRID = 2_500.0, 2**16
WORLDS = 32

ROWS: list[dict[str, Any]] = [
    {"frequency": 0.8, "loss_model": "lognormal(median=2M, sigma=0.9)", "loss_cap": 20_000_000},
    {
        "frequency": 0.5,
        "frequency_model": "negative_binomial(cv=1)",
        "loss_model": "gamma(mean=3M, cv=0.8)",
        "loss_cap": 20_000_000,
    },
]
RANGE = {"frequency_low": 0.5, "frequency_high": 1.6}
KINDS = ("one world", "worlds")


def case(kind: str) -> Any:
    """With worlds the first frequency is uncertain."""
    if kind == "one world":
        return law_cases.single(1, YEARS, *ROWS)
    return cases.with_study(law_cases.single(1, YEARS, {**ROWS[0], **RANGE}, ROWS[1]), n_worlds=WORLDS)


@cache
def truth(kind: str) -> dict[str, float]:
    """Middle of the bracket of each metric, which is a seventieth of an interval wide at most."""

    def law(rate: float) -> risk.Compound:
        rows = [{**row, "id": name} for name, row in zip("AB", ({**ROWS[0], "frequency": rate}, ROWS[1]), strict=True)]
        return risk.compound({"scenarios": rows}, {}, STEP, GRID)

    rate = ROWS[0]["frequency"]
    exact = law(rate)
    if kind == "worlds":
        exact = worlds.over(worlds.amount(RANGE["frequency_low"], rate, RANGE["frequency_high"]), law)
    assert exact.lost < 1e-6
    found = {"mean": exact.mean()}
    for percent in (95, 99):
        found |= {
            f"var{percent}": exact.value_at_risk(percent / 100),
            f"tvar{percent}": exact.tail_value_at_risk(percent / 100),
        }
    return {name: float(np.mean(bounds)) for name, bounds in found.items()}


@dataclass(frozen=True)
class Said:
    """What the repetitions say of a metric: shape (400,) each."""

    value: NDArray[np.float64]
    error: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def coverage(self, exact: float, width: float = 1.0) -> float:
        """Share of the intervals, narrowed about their middle, that contain the truth."""
        middle, half = (self.low + self.high) / 2, width * (self.high - self.low) / 2
        return float((np.abs(exact - middle) <= half).mean())


@cache
def repeated(kind: str) -> dict[str, Said]:
    loaded = tenbin.load(case(kind))
    columns: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in METRICS}
    for seed in range(REPETITIONS):
        found: Any = tenbin.evaluate(tenbin.simulate(loaded, YEARS, seed), plan={})
        values = {"mean": float(np.mean(found.annual_loss))}
        for confidence in (0.95, 0.99):
            values |= {f"var{confidence:.0%}"[:-1]: found.var(confidence), f"tvar{confidence:.0%}"[:-1]: found.tvar(confidence)}
        for name, column in columns.items():
            said = found.estimate(name, 0.90)
            column.append((values[name], said.error.total, said.low, said.high))
            if seed == 0:
                assert (found.standard_error(name), *found.interval(name, 0.90)) == column[-1][1:]
    return {name: Said(*np.array(column).T) for name, column in columns.items()}


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_interval_contains_the_truth_as_often_as_stated(kind: str, metric: str) -> None:
    said, exact = repeated(kind)[metric], truth(kind)[metric]
    assert BAND[0] <= said.coverage(exact) <= BAND[1]
    assert not BAND[0] <= said.coverage(exact, 0.5) <= BAND[1]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_standard_error_is_the_spread_of_the_values(kind: str, metric: str) -> None:
    """The spread of 400 values has a relative s.e. of √((κ + 2)/4/400), κ their excess kurtosis; control: twice the error.

    The root mean square of the stated ones adds its own scatter.
    """
    said = repeated(kind)[metric]
    centred = said.value - said.value.mean()
    kurtosis = float((centred**4).mean() / centred.var() ** 2 - 3)
    square = said.error**2
    scatter = math.hypot(
        math.sqrt((kurtosis + 2) / REPETITIONS) / 2, float(square.std() / square.mean()) / 2 / math.sqrt(REPETITIONS)
    )
    ratio = math.sqrt(float(square.mean()) / float(centred.var(ddof=1)))
    assert abs(ratio - 1) < 4 * scatter
    assert abs(2 * ratio - 1) > 4 * scatter


def test_the_truth_is_another_with_worlds() -> None:
    """The control of the truths: neither kind's is the other's."""
    one, many = truth("one world"), truth("worlds")
    assert all(many[name] > 1.02 * one[name] for name in METRICS)
