"""A belief and own incidents: gamma–Poisson against integration, the gamma against its own quantiles, and what surprises."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import tenbin
from tenbin.calibration.updating import GammaBelief, fit_gamma_belief

POINTS = (0.05, 0.5, 0.95)


def messages(*given: Any, **how: Any) -> list[str]:
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.update_frequency(*given, **how)
    return [str(problem) for problem in caught.value.problems]


def integrated(prior: Any, incidents: int, years: float) -> list[float]:
    """Quantiles of the posterior by summing over a fine grid of the frequency itself."""
    rates = np.linspace(1e-7, 3.0, 600_001)
    weight = prior(rates) * stats.poisson.pmf(incidents, rates * years)
    share = np.cumsum(weight) / weight.sum()
    return [float(np.interp(p, share, rates)) for p in POINTS]


def test_the_closed_form_is_what_integration_gives() -> None:
    found = tenbin.update_frequency("1/10", "1/30", "1/3", incidents=2, years=5)
    prior = stats.gamma(found.prior.shape, scale=1 / found.prior.years)
    own = [found.posterior.quantile(p) for p in POINTS]
    assert own == pytest.approx(integrated(prior.pdf, 2, 5.0), rel=1e-4)
    assert own != pytest.approx(integrated(prior.pdf, 2, 6.0), rel=1e-2)  # negative control: another year
    assert (found.posterior.shape, found.posterior.years) == (found.prior.shape + 2, found.prior.years + 5)
    assert [found.row[name] for name in ("frequency_low", "frequency", "frequency_high")] == pytest.approx(own, rel=1e-3)


@pytest.mark.parametrize("shape", [0.3, 1.0, 2.5, 40.0])
def test_a_gamma_is_found_again_by_its_points(shape: float) -> None:
    true = GammaBelief(shape, 12.0)
    found = fit_gamma_belief(*(true.quantile(p) for p in POINTS))
    assert found.shape == pytest.approx(shape, rel=1e-4)
    assert found.years == pytest.approx(12.0, rel=1e-4)
    assert [true.quantile(p) for p in POINTS] == pytest.approx(stats.gamma.ppf(POINTS, shape, scale=1 / 12))


def test_a_range_that_no_gamma_has_is_updated_itself() -> None:
    found = tenbin.update_frequency(0.01, "1/1000", "1/5", incidents=1, years=4)
    assert not found.is_gamma
    assert any("by integration" in str(warning) for warning in found.warnings)

    def split(rates: np.ndarray) -> np.ndarray:
        away = np.log(rates / 0.01)
        spread = np.where(away < 0, math.log(10), math.log(20)) / stats.norm.ppf(0.95)
        return np.asarray(stats.norm.pdf(away / spread) / spread / rates)

    assert found.integrated == pytest.approx(integrated(split, 1, 4.0), rel=2e-3)
    assert found.row["frequency"] == pytest.approx(found.integrated[1], rel=1e-3)


def test_a_narrow_belief_hardly_moves_and_many_years_decide() -> None:
    narrow = tenbin.update_frequency(0.1, 0.095, 0.105, incidents=3, years=5)
    assert narrow.row["frequency"] == pytest.approx(0.1, rel=0.01)
    decided = tenbin.update_frequency(0.1, 0.03, 0.3, incidents=200, years=1000)
    assert decided.row["frequency"] == pytest.approx(0.2, rel=0.03)
    nothing = tenbin.update_frequency(0.1, 0.03, 0.3, incidents=0, years=5)
    assert nothing.posterior.quantile(0.5) < nothing.prior.quantile(0.5)


def test_what_was_seen_may_be_a_surprise() -> None:
    found = tenbin.update_frequency("1/100", "1/300", "1/40", incidents=3, years=2)
    a, b = found.prior.shape, found.prior.years
    assert found.surprise == pytest.approx(stats.nbinom.sf(2, a, b / (b + 2)), rel=1e-9)
    assert any("surprise" in str(warning) for warning in found.warnings)
    usual = tenbin.update_frequency(1, 0.4, 2.2, incidents=2, years=2)
    a, b = usual.prior.shape, usual.prior.years
    assert usual.surprise == pytest.approx(min(stats.nbinom.cdf(2, a, b / (b + 2)), stats.nbinom.sf(1, a, b / (b + 2))))
    assert not usual.warnings


def test_overconfidence_widens_first() -> None:
    plain = tenbin.update_frequency("1/10", "1/20", "1/5", incidents=1, years=5)
    wide = tenbin.update_frequency("1/10", "1/20", "1/5", incidents=1, years=5, overconfidence="70%")
    assert wide.widened[2] / 0.1 == pytest.approx(2**wide.factor)
    assert wide.prior.years < plain.prior.years
    assert "widened" in str(wide.row["basis"])


def test_the_row_reads_back() -> None:
    found = tenbin.update_frequency("1/10", "1/30", "1/3", incidents=2, years=5)
    case = tenbin.load(Path(__file__).parents[2] / "scenarios" / "two-cells")
    row = tenbin.replace(case, "scenarios", case.scenarios[0].id, **found.row).scenarios[0]
    assert row.frequency.likely == pytest.approx(found.posterior.quantile(0.5), rel=1e-3)
    assert "2 incidents in 5 years" in row.basis


def test_everything_wrong_is_said_at_once() -> None:
    found = messages("often", 2, "-1", incidents=-2, years="0", overconfidence="all")
    assert [message.split("; got")[0] for message in found] == [
        "--frequency: must be a number above 0",
        "--high: must be a number above 0",
        "--incidents: must be a whole number from 0 to 1,000,000",
        "--overconfidence: must be a factor from 1 to 10, or a share from 13% to 90%",
        "--years: must be a number above 0",
    ]
    found = messages(0.1, 0.2, 0.05, incidents=1, years=5)
    assert [message.split("; got")[0] for message in found] == [
        "--high: must be more than --frequency",
        "--low: must be less than --frequency",
    ]
