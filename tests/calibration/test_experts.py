"""Experts' quantiles: two pools against closed forms, laws fitted to quantiles, widening, and every error at once."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import tenbin
from tenbin.calibration.experts import FITTED_AT, fit_quantiles
from tenbin.calibration.overconfidence import read_overconfidence, widen
from tenbin.calibration.pooling import Expert, linear_pool, logarithmic_pool
from tenbin.errors import Problem
from tenbin.model import Gamma, Lognormal, Mixture, Pareto, Weibull

POINTS = (0.05, 0.5, 0.95)
Z95 = stats.norm.ppf(0.95)


def lognormal(name: str, mu: float, sigma: float, weight: float) -> Expert:
    low, middle, high = np.exp(mu + sigma * stats.norm.ppf(POINTS))
    return Expert(name, low, middle, high, weight)


def table(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["expert", "p05", "p50", "p95", "weight"][: len(rows[0])])


def messages(*given: Any, **how: Any) -> list[str]:
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.pool_experts(*given, **how)
    return [str(problem) for problem in caught.value.problems]


def test_an_expert_is_met_exactly() -> None:
    expert = Expert("A", 1e6, 3e6, 50e6, 1.0)
    assert [expert.quantile(p) for p in POINTS] == pytest.approx([1e6, 3e6, 50e6])
    assert expert.below(np.log([1e6, 3e6, 50e6])) == pytest.approx(POINTS)
    for pooled in (linear_pool, logarithmic_pool):
        assert pooled([expert], POINTS) == pytest.approx([1e6, 3e6, 50e6], rel=1e-3)


def test_the_linear_pool_averages_distributions() -> None:
    experts = [lognormal("A", 15, 0.4, 0.3), lognormal("B", 17, 0.9, 0.7)]
    for p, loss in zip((0.02, 0.3, 0.5, 0.9), linear_pool(experts, (0.02, 0.3, 0.5, 0.9)), strict=True):
        mixed = 0.3 * stats.norm.cdf((math.log(loss) - 15) / 0.4) + 0.7 * stats.norm.cdf((math.log(loss) - 17) / 0.9)
        assert mixed == pytest.approx(p, abs=1e-9)


def test_the_logarithmic_pool_has_a_closed_form_for_lognormals() -> None:
    experts = [lognormal("A", 15, 0.4, 0.3), lognormal("B", 17, 0.9, 0.7)]
    weight = [0.3 / 0.4**2, 0.7 / 0.9**2]  # precisions add up, means are weighted by them
    mu, sigma = (weight[0] * 15 + weight[1] * 17) / sum(weight), sum(weight) ** -0.5
    assert np.log(logarithmic_pool(experts, POINTS)) == pytest.approx(mu + sigma * stats.norm.ppf(POINTS), abs=1e-4)
    assert abs(math.log(linear_pool(experts, (0.5,))[0]) - mu) > 0.1  # negative control: the other pool is elsewhere


def test_only_ratios_of_weights_count_and_none_is_equal_weights() -> None:
    rows = [("A", "1M", "5M", "40M"), ("B", "2M", "6M", "30M")]
    equal = tenbin.pool_experts(table(*rows))
    for weights in ((1, 1), (7, 7), ("0.2", "0.2")):
        one = tenbin.pool_experts(table(*((*row, weight) for row, weight in zip(rows, weights, strict=True))))
        assert one.pool == pytest.approx(equal.pool)
    tilted = tenbin.pool_experts(table(*((*row, weight) for row, weight in zip(rows, (3, 1), strict=True))))
    assert tilted.pool != pytest.approx(equal.pool, rel=1e-3)
    twice = tenbin.pool_experts(table(*rows, ("A again", "1M", "5M", "40M"), ("A still", "1M", "5M", "40M")))
    assert twice.pool == pytest.approx(tilted.pool)


def test_no_middle_is_the_geometric_one() -> None:
    found = tenbin.pool_experts(table(("A", "1M", "", "100M")))
    assert found.pool == pytest.approx((1e6, 1e7, 1e8), rel=1e-6)
    assert found.row["loss_p05"] == 1_000_000
    assert found.row["loss_p95"] == 100_000_000


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("lognormal", Lognormal(3e6, 1.3)),
        ("gamma", Gamma(3e6, 1.6)),
        ("weibull", Weibull(3e6, 0.7)),
        ("pareto", Pareto(1e6, 1.4)),
    ],
)
def test_a_law_is_found_again_by_its_quantiles(name: str, law: Any) -> None:
    found = fit_quantiles(name, FITTED_AT, [law.quantile(p) for p in FITTED_AT])
    assert [found.quantile(p) for p in POINTS] == pytest.approx([law.quantile(p) for p in POINTS], rel=1e-5)
    other = fit_quantiles("gamma" if name != "gamma" else "pareto", FITTED_AT, [law.quantile(p) for p in FITTED_AT])
    assert [other.quantile(p) for p in POINTS] != pytest.approx([law.quantile(p) for p in POINTS], rel=0.05)


def test_widening_makes_a_ninety_per_cent_interval_of_one_that_holds_less() -> None:
    # beliefs with a spread of 1 in the logarithm; somebody who is right about the middle gives an interval that holds 70 %
    reach = stats.norm.ppf(0.85)
    problems: list[Problem] = []
    factor = read_overconfidence("70%", problems)
    low, high = widen(math.exp(-reach), 1.0, math.exp(reach), factor)
    assert stats.norm.cdf(math.log(high)) - stats.norm.cdf(math.log(low)) == pytest.approx(0.9)
    assert factor == pytest.approx(1.587, abs=5e-4)
    assert read_overconfidence("50%", problems) == pytest.approx(2.4387, abs=5e-4)
    assert read_overconfidence(0.9, problems) == pytest.approx(1)
    assert read_overconfidence("１．５", problems) == 1.5
    assert not problems


@given(
    st.tuples(*[st.floats(1e-3, 1e12)] * 3).map(sorted).filter(lambda v: v[0] < v[1] < v[2]),
    st.floats(1.0, 5.0),
    st.floats(1.0, 5.0),
)
@settings(max_examples=60, deadline=None)
def test_widening_keeps_order_and_middle(values: list[float], one: float, two: float) -> None:
    low, middle, high = values
    narrow, wide = widen(low, middle, high, min(one, two)), widen(low, middle, high, max(one, two))
    assert wide[0] <= narrow[0] <= middle <= narrow[1] <= wide[1]


@pytest.mark.parametrize("bad", ["0.1", "10%", "95%", "-1", "20", "wide", ""])
def test_what_is_no_overconfidence(bad: str) -> None:
    problems: list[Problem] = []
    assert read_overconfidence(bad, problems) == 1.0
    assert "a factor from 1 to 10, or a share from 13% to 90%" in problems[0].rule


def test_a_pool_is_at_least_as_wide_as_what_all_agree_on() -> None:
    rows = [("A", "1M", "5M", "40M"), ("B", "20M", "60M", "300M"), ("C", "500k", "2M", "9M")]
    found = tenbin.pool_experts(table(*rows))
    assert isinstance(found.chosen.law, Mixture)  # no single law is near enough
    assert any("each expert's own law is kept" in str(warning) for warning in found.warnings)
    assert found.pool[2] / found.pool[0] > found.logarithmic[2] / found.logarithmic[0]
    assert any("do not meet" in str(warning) for warning in found.warnings)
    wide = tenbin.pool_experts(table(*rows), overconfidence=1.5)
    assert wide.pool[0] < found.pool[0]
    assert wide.pool[2] > found.pool[2]
    assert [one.p50 for one in wide.experts] == [one.p50 for one in found.experts]
    assert "1.5" in str(wide.row["basis"])


def test_a_frequency_s_row_is_the_pool() -> None:
    found = tenbin.pool_experts(table(("A", "1/50", "1/20", "1/5"), ("B", "1/200", "1/100", "1/30")), quantity="frequency")
    assert [found.row[name] for name in ("frequency_low", "frequency", "frequency_high")] == pytest.approx(found.pool, rel=1e-3)
    case = tenbin.load(Path(__file__).parents[2] / "scenarios" / "two-cells")
    row = tenbin.replace(case, "scenarios", case.scenarios[0].id, **found.row).scenarios[0]
    assert (row.frequency.low, row.frequency.likely, row.frequency.high) == pytest.approx(found.pool, rel=1e-3)


def test_a_mixture_keeps_each_expert_s_law() -> None:
    rows = [("A", "1M", "2M", "4M"), ("B", "100M", "200M", "400M")]
    found = tenbin.pool_experts(table(*rows), law="mixture")
    assert found.chosen is not None
    assert found.chosen.off < 1.001
    (message,) = messages(table(*rows), law="gamma")
    assert "must be quantiles that a gamma law has: the pool's are" in message
    assert "--law mixture" in message
    (odd,) = messages(table(("A", "1M", "10M", "11M")))
    assert "must be quantiles that a" in odd


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "experts.csv"
    path.write_text(
        "expert,p05,p50,p95,weight,nte\nA,5M,3M,40M,-1,x\nB,,1M,2M,,\nA,1M,2M,3M,1,\nC,9M,,9M,1,\nD,many,1M,2M,1,\n",
        encoding="utf-8",
    )
    found = messages(path, law="lognormal2", quantity="cost", overconfidence="5%")
    assert [message.split("; got")[0].replace(f"{path}", "F") for message in found] == [
        "--for: must be one of loss, frequency",
        "--law: must be one of best, lognormal, gamma, weibull, pareto, mixture",
        "--overconfidence: must be a factor from 1 to 10, or a share from 13% to 90%",
        "F:1 nte: must be a column's name",
        "F:2 p05: must be less than p50 (¥3.00M)",
        "F:2 weight: must be a weight above 0",
        "F:3 p05: must be filled",
        "F:3 weight: must be filled for every expert, or for none",
        "F:4 expert: must be there once",
        "F:5 p05: must be less than p95 (¥9.00M)",
        "F:6 p05: must be an amount above 0, the loss of one event",
    ]


def test_too_many() -> None:
    many = table(*((f"E{n}", "1M", "2M", "3M") for n in range(51)))
    assert "at most 50 experts" in messages(many)[0]
    assert "a mixture has at most 8 parts" in messages(many.head(9), law="mixture")[0]
    assert "must have rows" in messages(many.head(0))[0] or "row" in messages(many.head(0))[0]


def test_fits_are_ordered_by_distance() -> None:
    found = tenbin.pool_experts(table(("A", "1M", "4M", "20M")))
    assert all(one.distance <= other.distance for one, other in pairwise(found.fits))
    assert found.chosen is found.fits[0]
