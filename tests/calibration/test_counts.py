"""Counts of incidents → a frequency: exact intervals against tables and by summing, dispersion, and what cannot be."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tenbin
from tenbin.calibration.counts import clopper_pearson, garwood, jeffreys
from tenbin.model import Bernoulli, NegativeBinomial, Poisson


def years(counts: Any, **more: Any) -> pd.DataFrame:
    return pd.DataFrame({"year": range(2000, 2000 + len(counts)), "incidents": counts, **more})


def messages(*given: Any, **how: Any) -> list[str]:
    with pytest.raises(tenbin.InputError) as caught:
        tenbin.fit_counts(*given, **how)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("total", "low", "high"),
    [(0, 0, 2.996), (1, 0.0513, 4.744), (2, 0.355, 6.296), (3, 0.818, 7.754), (5, 1.970, 10.513), (10, 5.425, 16.962)],
)
def test_garwood_s_table(total: int, low: float, high: float) -> None:
    assert garwood(total, 1.0) == pytest.approx((low, high), abs=6e-4)
    assert garwood(total, 4.0) == pytest.approx((low / 4, high / 4), abs=2e-4)


def test_garwood_holds_the_rate_at_least_as_often_as_it_says() -> None:
    def coverage(interval: Any, rate: float) -> float:
        ends = [interval(k) for k in range(120)]
        return sum(stats.poisson.pmf(k, rate) for k in range(120) if ends[k][0] <= rate <= ends[k][1])

    for rate in (0.3, 1.0, 2.7, 8.0, 20.0):
        assert coverage(lambda k: garwood(k, 1.0), rate) >= 0.9
    plain = [coverage(lambda k: (k - 1.645 * math.sqrt(k), k + 1.645 * math.sqrt(k)), rate) for rate in (0.3, 1.0, 2.7)]
    assert min(plain) < 0.8  # negative control: k ± 1.645 √k


def test_clopper_and_pearson() -> None:
    assert clopper_pearson(0, 10) == pytest.approx((0, 1 - 0.05 ** (1 / 10)))
    assert clopper_pearson(10, 10) == pytest.approx((0.05 ** (1 / 10), 1))
    low, high = clopper_pearson(3, 10)
    assert stats.binom.sf(2, 10, low) == pytest.approx(0.05)
    assert stats.binom.cdf(3, 10, high) == pytest.approx(0.05)


def test_no_incident_is_no_proof_of_none() -> None:
    found = tenbin.fit_counts(years([0] * 5))
    assert (found.low, found.frequency, found.high) == pytest.approx(stats.chi2.ppf((0.05, 0.5, 0.95), 1) / 10)
    assert found.at_most == pytest.approx(-math.log(0.05) / 5)  # the rule of three
    assert found.at_most == pytest.approx(3 / 5, rel=2e-3)
    assert any("no proof of none" in str(warning) for warning in found.warnings)
    assert jeffreys(0, 5.0) == pytest.approx((found.low, found.frequency, found.high))


def test_a_poisson_and_its_row() -> None:
    found = tenbin.fit_counts(years([0, 1, 0, 0, 2, 0, 1, 1]))
    assert isinstance(found.model, Poisson)
    assert found.frequency == 5 / 8
    assert (found.low, found.high) == garwood(5, 8.0)
    assert found.row["frequency_model"] == ""
    case = tenbin.load(Path(__file__).parents[2] / "scenarios" / "two-cells")
    row = tenbin.replace(case, "scenarios", case.scenarios[0].id, **found.row).scenarios[0]
    assert row.frequency.likely == 0.625
    assert row.frequency.high == pytest.approx(found.high, rel=1e-3)


def test_parts_of_years_and_several_plants() -> None:
    found = tenbin.fit_counts(years([3, 1], exposure=[5, 0.5]))
    assert found.frequency == pytest.approx(4 / 5.5)
    assert (found.low, found.high) == garwood(4, 5.5)


def test_the_dispersion_test_is_fair_and_sees() -> None:
    generator = np.random.default_rng(1)
    fair = [tenbin.fit_counts(years(generator.poisson(2.0, 12)), seed=n).dispersion_p for n in range(100)]
    # discrete: p-values are no smaller than uniform ones; binomial 99.9 % point at 5 %
    assert np.mean(np.array(fair) <= 0.05) <= stats.binom.ppf(0.999, 100, 0.05) / 100
    spread = [
        tenbin.fit_counts(years(generator.negative_binomial(0.7, 0.7 / (0.7 + 4), 15))).name == "negative_binomial"
        for _ in range(20)
    ]
    assert np.mean(spread) >= 0.75


def test_a_negative_binomial_is_found_again() -> None:
    generator, cv, rate = np.random.default_rng(2), 1.0, 3.0
    cvs, held = [], 0
    for _ in range(30):
        counts = generator.poisson(rate * generator.gamma(1 / cv**2, cv**2, 60))
        found = tenbin.fit_counts(years(counts), model="negative_binomial")
        assert isinstance(found.model, NegativeBinomial)
        assert found.frequency == pytest.approx(counts.mean(), rel=1e-5)  # the largest likelihood's, with equal exposure
        cvs.append(found.model.cv)
        held += found.low <= rate <= found.high
        poisson = garwood(int(counts.sum()), 60.0)
        assert found.high - found.low > 1.2 * (poisson[1] - poisson[0])
    assert np.mean(cvs) == pytest.approx(cv, abs=4 * np.std(cvs) / math.sqrt(30) + 0.05)
    assert held >= stats.binom.ppf(0.001, 30, 0.88)


def test_at_most_one_a_year_is_told_only_when_the_numbers_say_so() -> None:
    often = tenbin.fit_counts(years([1, 1, 1, 1, 0, 0, 1, 1, 1, 1]))
    assert isinstance(often.model, Bernoulli)
    assert often.row["frequency_model"] == "bernoulli"
    assert (often.low, often.high) == clopper_pearson(8, 10)
    rare = tenbin.fit_counts(years([0, 0, 1, 0, 0, 0, 0, 0, 1, 0]))
    assert isinstance(rare.model, Poisson)
    assert any("bernoulli" in str(warning) for warning in rare.warnings)
    assert isinstance(tenbin.fit_counts(years([0, 0, 1, 0]), model="bernoulli").model, Bernoulli)
    always = tenbin.fit_counts(years([1] * 8), model="bernoulli")
    assert 0 < always.low < always.frequency < 1
    assert always.high == 1


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("year,incidents,exposure\n2020,1.5,1\n2020,-1,0\n2021,,x\n,2,1\n", encoding="utf-8")
    found = [message.split("; got")[0].replace(str(path), "F") for message in messages(path, model="binomial")]
    assert found == [
        "--model: must be one of best, poisson, negative_binomial, bernoulli",
        "F:2 incidents: must be a whole number from 0 to 1,000,000",
        "F:3 exposure: must be how many years were watched, above 0",
        "F:3 incidents: must be a whole number from 0 to 1,000,000",
        "F:3 year: must be there once",
        "F:4 exposure: must be how many years were watched, above 0",
        "F:4 incidents: must be filled",
        "F:5 year: must be filled",
    ]


def test_laws_that_the_numbers_do_not_have() -> None:
    assert "got 2 in one year" in messages(years([0, 2, 1]), model="bernoulli")[0]
    assert "got parts of years" in messages(years([0, 1], exposure=[1, 0.5]), model="bernoulli")[0]
    assert "numbers that spread more than Poisson's" in messages(years([1, 1, 1, 1, 1, 1]), model="negative_binomial")[0]
    assert "numbers that spread more" in messages(years([0, 0, 0]), model="negative_binomial")[0]
    assert "at most 1000 years" in messages(years([0] * 1001))[0]
