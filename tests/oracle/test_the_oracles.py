"""The oracles against each other and against textbook formulas, before they judge anything."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from oracles import cases, compare, cost, laws, plans, risk, tables

MODELS = {
    "lognormal": ({"loss_model": "lognormal(median=2M, sigma=1.2)"}, 2e6 * math.exp(0.72), 4e12 * math.exp(2 * 1.44)),
    "gamma": ({"loss_model": "gamma(mean=2M, cv=1.5)"}, 2e6, 4e12 * (1 + 2.25)),
    "gamma, light": ({"loss_model": "gamma(mean=2M, cv=0.2)"}, 2e6, 4e12 * 1.04),
    "pareto": ({"loss_model": "pareto(minimum=1M, alpha=3.5)"}, 1e6 * 3.5 / 2.5, 1e12 * 3.5 / 1.5),
    "fixed": ({"loss_model": "fixed(3M)"}, 3e6, 9e12),
    "fixed, deductible": ({"loss_model": "fixed(3M)", "deductible": 1e6}, 2e6, 4e12),
    "fixed, capped": ({"loss_model": "fixed(3M)", "loss_cap": 1e6}, 1e6, 1e12),
    "pareto without mean, capped": (
        {"loss_model": "pareto(minimum=1M, alpha=1)", "loss_cap": 5e6},
        1e6 * (1 + math.log(5)),
        1e12 + 2 * 1e12 * (5 - 1),
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_moments_by_quadrature_are_the_textbook_ones(name: str) -> None:
    row, first, second = MODELS[name]
    law = laws.severity({}, row)
    assert law.moment(1) == pytest.approx(first, rel=1e-11)
    assert law.moment(2) == pytest.approx(second, rel=1e-11)


@pytest.mark.parametrize("deductible", [0.0, 1e5, 3e6])
@pytest.mark.parametrize("cap", [math.inf, 4e6])
def test_moments_of_a_lognormal_layer(deductible: float, cap: float) -> None:
    law = laws.severity({}, {"loss_p05": 5e5, "loss_p95": 2e7, "deductible": deductible, "loss_cap": cap})
    sigma = math.log(40) / (2 * stats.norm.ppf(0.95))
    z = stats.lognorm(sigma, scale=math.sqrt(5e5 * 2e7))

    def limited(limit: float) -> float:
        d = (math.log(limit / math.sqrt(1e13)) / sigma) if limit > 0 else -math.inf
        return z.mean() * stats.norm.cdf(d - sigma) + limit * stats.norm.sf(d) if limit < math.inf else z.mean()

    assert law.moment(1) == pytest.approx(limited(deductible + cap) - limited(deductible), rel=1e-10)


def test_empirical_moments() -> None:
    sample = np.array([1e5, 2e5, 2e5, 9e6])
    frames = {"losses": cases.frame([{"model": "q", "loss": x} for x in sample])}
    law = laws.severity(frames, {"loss_model": "empirical(q)", "deductible": 1.5e5, "loss_cap": 5e6})
    loss = np.minimum(np.maximum(sample - 1.5e5, 0), 5e6)
    assert law.moment(1) == pytest.approx(loss.mean(), rel=1e-12)
    assert law.moment(2) == pytest.approx((loss**2).mean(), rel=1e-12)


def test_compound_poisson_of_a_fixed_loss_is_poisson() -> None:
    frames = cases.case(
        {"scenarios": [{"id": "A", "layer": 1, "components": "data", "frequency": "3/2", "loss_model": "fixed(1000)"}]}
    )
    law = risk.compound(frames, {}, step=1000, n_grid=64)
    assert law.down[:20] == pytest.approx(stats.poisson(1.5).pmf(np.arange(20)), abs=1e-14)
    assert law.up[:20] == pytest.approx(law.down[:20], abs=1e-14)


def test_a_gamma_factor_makes_it_negative_binomial() -> None:
    frames = cases.case(
        {
            "scenarios": [
                {
                    "id": s,
                    "layer": 1,
                    "components": "data",
                    "frequency": 0.75,
                    "loss_model": "fixed(1000)",
                    "factor": "F",
                }
                for s in "AB"
            ],
            "factors": [{"id": "F", "cv": 0.8}],
        }
    )
    law = risk.compound(frames, {}, step=1000, n_grid=256)
    shape = 0.8**-2
    exact = stats.nbinom(shape, shape / (shape + 1.5)).pmf(np.arange(40))
    assert law.down[:40] == pytest.approx(exact, abs=1e-13)
    wrong = risk.compound(frames, {}, step=1000, n_grid=256, broken="cv")
    assert np.abs(wrong.down[:40] - exact).max() > 0.01


def test_a_trigger_by_hand() -> None:
    """A (fixed 1) sets off B (fixed 10) with 0.5, B's measure halves its events: clusters of 11 (0.25) or 1."""
    frames = cases.case(
        {
            "scenarios": [
                {"id": "A", "layer": 1, "components": "data", "frequency": 0.4, "loss_model": "fixed(1)"},
                {"id": "B", "layer": 2, "components": "data", "frequency": 0.2, "loss_model": "fixed(10)"},
            ],
            "triggers": [{"scenario": "A", "triggers": "B", "probability": 0.5}],
            "measures": [{"measure": "L1.001", "level": "basic", "capex": 1, "opex": 0}],
            "effects": [{"scenario": "B", "measure": "L1.001", "acts_on": "frequency", "effect": 0.5}],
        }
    )
    plan = {"L1.001": "basic"}
    assert risk.expected_loss(frames, plan, ("", "A", "B", "L2/data")) == pytest.approx([2.4, 0.4, 2.0, 2.0])
    one, ten, eleven = 0.4 * 0.75, 0.2 * 0.5, 0.4 * 0.25
    mean, variance = risk.cumulants(frames, plan)
    assert mean == pytest.approx(one + 10 * ten + 11 * eleven)
    assert variance == pytest.approx(one + 100 * ten + 121 * eleven)
    law = risk.compound(frames, plan, step=1, n_grid=512)
    assert law.down[0] == pytest.approx(math.exp(-one - ten - eleven), abs=1e-12)
    assert law.down[11] == pytest.approx((eleven + one * ten) * law.down[0], abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_fourier_and_quadrature_agree(seed: int) -> None:
    """The bracket of the mean holds the path sum; variance by grid and by hand agree to the step."""
    frames = tables.prepared(cases.generated(seed))
    scenarios = [{**row, "loss_cap": min(row.get("loss_cap", 4e7), 4e7)} for row in frames["scenarios"]]
    frames["scenarios"] = scenarios
    plan = tables.current(frames)
    law = risk.compound(frames, plan, step=2000.0, n_grid=2**18)
    assert law.lost < 1e-8
    low, high = law.mean()
    mean = risk.expected_loss(frames, plan)[0]
    assert low <= mean * (1 + 1e-9)
    assert mean <= high * (1 + 1e-9)
    assert high - low < 0.01 * mean
    by_hand = risk.cumulants(frames, plan)
    assert by_hand[0] == pytest.approx(mean, rel=1e-9)
    assert by_hand[1] == pytest.approx(law.central_moment(2), rel=0.01)


def test_a_cost_by_hand() -> None:
    """Two years at 10 %; basic in place, advanced pays in full; the capability once; the subsidy capped."""
    frames = cases.case(
        {
            "measures": [
                {
                    "measure": "L1.001",
                    "level": "basic",
                    "capex": 100,
                    "opex": 10,
                    "effect_scale": 0.5,
                    "effort_yearly": 1,
                },
                {"measure": "L1.001", "level": "advanced", "capex": 300, "opex": 20, "subsidy": "s", "shared": "c"},
                {"measure": "L1.002", "level": "basic", "capex": 50, "opex": 0, "shared": "c", "effort_initial": 2},
            ],
            "shared": [{"capability": "c", "capex": 40, "opex": 4, "subsidy": "s"}],
            "subsidies": [{"subsidy": "s", "share": 0.5, "cap": 100}],
            "status": [{"id": "L1.001", "level": "basic", "status": "in_place"}],
        },
        day_rate=5,
    )
    frames["case"]["study"] |= {"horizon_years": 2, "discount_rate": 0.1}
    annuity = 1 + 1 / 1.1
    kept = cost.plan_cost(frames, {"L1.001": "basic"})
    assert kept["npv"] == pytest.approx(15 * annuity)
    assert (kept["capex"], kept["days_first_year"], kept["first_year_cash"]) == (0, 1, 10)
    plan = {"L1.001": "advanced", "L1.002": "basic"}
    both = cost.plan_cost(frames, plan)
    assert both["subsidy"] == 100
    assert both["npv"] == pytest.approx(300 + 50 + 40 + 10 - 100 + 24 * annuity)
    assert both["first_year_cash"] == 390 + 24
    assert both["first_year"] == 390 + 10 - 100 + 24
    for mistake in ("discount", "shared", "cap", "effort"):
        assert cost.plan_cost(frames, plan, mistake)["npv"] != pytest.approx(both["npv"])
    assert cost.plan_cost(frames, {"L1.001": "basic"}, "in_place")["npv"] != pytest.approx(kept["npv"])


def test_all_plans_are_all() -> None:
    frames = tables.prepared(cases.generated(3))
    found = [tuple(sorted(plan.items())) for plan in plans.all_plans(frames)]
    assert len(found) == len(set(found)) == plans.n_plans(frames)
    assert () in found


def test_the_generator_covers_everything() -> None:
    """Every feature is in several of the forty cases that the tests use."""
    seen: dict[str, int] = {}
    for seed in range(40):
        frames = tables.prepared(cases.generated(seed))
        present = {name for name, table in frames.items() if table}
        present |= {"levels"} if any(len(v) > 1 for v in tables.level_rows(frames).values()) else set()
        present |= {"overlap"} if any("overlap_group" in r for r in frames["effects"]) else set()
        present |= {"light"} if any("sigma=0." in r.get("loss_model", "") for r in frames["scenarios"]) else set()
        present |= {"fixed"} if any("fixed" in r.get("loss_model", "") for r in frames["scenarios"]) else set()
        present |= {"capped"} if any("loss_cap" in r for r in frames["scenarios"]) else set()
        present |= {"deductible"} if any("deductible" in r for r in frames["scenarios"]) else set()
        present |= {r["kind"] for r in frames.get("relations", [])}
        present |= {word for r in frames.get("status", []) for word in r["status"].split(";")}
        for name in present:
            seen[name] = seen.get(name, 0) + 1
    wanted = (
        "factors triggers losses shared subsidies relations status levels overlap light fixed capped deductible "
        "requires excludes in_place mandatory excluded"
    )
    assert {name for name in wanted.split() if seen.get(name, 0) < 4} == set()


def test_var_and_tvar_by_hand() -> None:
    """Twenty years, of which five cost something: k = 2, 3 and 2.5 years, the half one at the VaR."""
    loss = np.random.default_rng(5).permutation(np.array([0.0] * 15 + [1, 2, 3, 5, 7]))
    assert compare.tails(loss, ("0.9", "0.85", "0.875", "0.5")) == [(3, 6), (2, 5), (3, 5.4), (0, 1.8)]
    rng = np.random.default_rng(5)
    for n, none in ((20_000, 0.93), (1_037, 0.0), (40, 1.0)):
        many = np.where(rng.random(n) < none, 0, rng.lognormal(14, 1, n))
        assert [compare.value_at_risk(many, c) for c in ("0.9", "0.95")] == [
            np.sort(many)[math.ceil(Fraction(c) * n) - 1] for c in ("0.9", "0.95")
        ]
