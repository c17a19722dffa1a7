"""A plan's cost between worlds, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

import tenbin
from oracles import cases
from tenbin.studies.cost_ranges import cost_range

PLAN = {"L1.001": "advanced", "L3.003": "basic"}


def events(**how: object) -> object:
    frames = cases.independent(n_trials=4_000)
    measures = frames["measures"].copy()
    own = (measures["measure"] == "L1.001") & (measures["level"] == "advanced")
    measures["capex_low"], measures["capex_high"] = [np.where(own, value, np.nan) for value in (600_000, 2_700_000)]
    return tenbin.simulate(tenbin.load(cases.with_study({**frames, "measures": measures}, n_worlds=400)), **how)


def test_the_range_is_that_of_the_one_uncertain_amount() -> None:
    """900,000 likely, 600,000 to 2,700,000: the 5 % and 95 % points of the cost are those of the amount, to one of 400 strata."""
    table = events()
    found = cost_range(table.case, table.worlds, PLAN)
    assert found is not None
    rest = found["npv"].likely - 900_000
    z95 = 1.6448536269514722
    for share, value in ((0.05, found["npv"].low), (0.95, found["npv"].high)):
        inside = [_amount((share + sign / 400 - 0.5), z95) for sign in (-1, 1)]
        assert inside[0] <= value - rest <= inside[1]
    mean = tenbin.evaluate(table, PLAN).cost.npv - rest
    below, above = math.log(9 / 6) / z95, math.log(27 / 9) / z95
    exact = 900_000 * (math.exp(below**2 / 2) * _phi(-below) + math.exp(above**2 / 2) * _phi(above))
    assert mean == pytest.approx(exact, rel=1e-9)
    assert mean > 1.05 * 900_000  # the control: the likely value


def test_nothing_uncertain_has_no_range() -> None:
    table = tenbin.simulate(tenbin.load(cases.independent(n_trials=2_000)))
    assert cost_range(table.case, table.worlds, PLAN) is None
    one = events(n_worlds=1)
    assert cost_range(one.case, one.worlds, PLAN) is None
    assert tenbin.evaluate(one, PLAN).cost.npv == pytest.approx(tenbin.evaluate(table, PLAN).cost.npv)


def _phi(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _amount(above_half: float, z95: float) -> float:
    from statistics import NormalDist

    z = NormalDist().inv_cdf(0.5 + above_half)
    return 900_000 * math.exp(z * math.log(9 / 6 if z < 0 else 27 / 9) / z95)
