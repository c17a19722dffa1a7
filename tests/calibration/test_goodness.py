"""Goodness of fit: distances against independent ones, p-values that are uniform under the right law and small under a wrong one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from tenbin.calibration.comparing import Figure
from tenbin.calibration.families import FAMILIES, Samples
from tenbin.calibration.fitters import ParetoFitter, Smooth
from tenbin.calibration.goodness import distances, p_value, resample

LOGNORMAL, GAMMA = Smooth(FAMILIES["lognormal"]), Smooth(FAMILIES["gamma"])
REPEATED = 400
RESAMPLES = 99
CONTROLS = 80


def test_distances_are_those_of_others() -> None:
    logs = np.sort(np.random.default_rng(1).normal(15, 1.2, 37))
    theta = np.array([[15.2, math.log(1.1)]])
    found = distances(LOGNORMAL, theta, logs[None], 0.0)
    assert found.ks[0] == pytest.approx(stats.kstest(logs, stats.norm(15.2, 1.1).cdf).statistic, rel=1e-9)
    z = stats.norm(15.2, 1.1).cdf(logs)
    total = sum((2 * i + 1) * (math.log(z[i]) + math.log(1 - z[36 - i])) for i in range(37))
    assert found.ad[0] == pytest.approx(-37 - total / 37, rel=1e-9)


def test_only_what_was_recorded_counts() -> None:
    above = math.exp(14.5)
    normal = stats.norm(15, 1.2)
    logs = np.sort(normal.ppf(normal.cdf(14.5) + normal.sf(14.5) * np.random.default_rng(2).random(50)))
    theta = np.array([[15.0, math.log(1.2)]])
    recorded = stats.kstest(logs, lambda x: (normal.cdf(x) - normal.cdf(14.5)) / normal.sf(14.5)).statistic
    assert distances(LOGNORMAL, theta, logs[None], above).ks[0] == pytest.approx(recorded, rel=1e-9)
    assert distances(LOGNORMAL, theta, logs[None], 0.0).ks[0] > 2 * recorded


def repeated(n: int, seed: int) -> tuple[list[float], list[float], list[float]]:
    """p-values by Anderson–Darling and Kolmogorov–Smirnov of lognormal samples fitted as such; and those of a law fixed beforehand."""
    generator = np.random.default_rng(seed)
    ad, ks, naive = [], [], []
    for _ in range(REPEATED):
        logs = np.sort(generator.normal(15, 1.2, n))
        theta = LOGNORMAL.fit(Samples(logs[None])).theta
        own = distances(LOGNORMAL, theta, logs[None], 0.0)
        again = resample(LOGNORMAL, theta[0], n, 0.0, RESAMPLES, generator)
        ad.append(p_value(own.ad[0], again.distances.ad))
        ks.append(p_value(own.ks[0], again.distances.ks))
        naive.append(float(stats.kstwo.sf(own.ks[0], n)))
    return ad, ks, naive


def test_p_values_are_uniform_under_the_right_law() -> None:
    ad, ks, naive = repeated(20, 3)
    # the one-sample test's 99.9 % point, and half a step of the resamples' grid
    limit = 1.95 / math.sqrt(REPEATED) + 1 / RESAMPLES
    for values in (ad, ks):
        assert stats.kstest(values, stats.uniform.cdf).statistic < limit
    assert stats.kstest(naive, stats.uniform.cdf).statistic > 3 * limit  # negative control: the tables of a fixed law


def test_a_wrong_law_is_found_out() -> None:
    generator = np.random.default_rng(4)
    rejected = []
    for _ in range(40):
        logs = np.sort(generator.normal(15, 1.2, 100))
        theta = GAMMA.fit(Samples(logs[None])).theta
        again = resample(GAMMA, theta[0], 100, 0.0, RESAMPLES, generator)
        rejected.append(p_value(distances(GAMMA, theta, logs[None], 0.0).ad[0], again.distances.ad) <= 0.05)
    assert np.mean(rejected) > 0.8


def test_a_pareto_is_tested_above_its_smallest_loss() -> None:
    fitter, generator = ParetoFitter(), np.random.default_rng(5)
    values = []
    for _ in range(200):
        logs = np.sort(13 + generator.exponential(1 / 1.5, 25))
        theta = fitter.fit(Samples(logs[None])).theta
        again = resample(fitter, theta[0], 25, 0.0, RESAMPLES, generator)
        values.append(p_value(distances(fitter, theta, logs[None], 0.0).ad[0], again.distances.ad))
    assert stats.kstest(values, stats.uniform.cdf).statistic < 1.95 / math.sqrt(200) + 1 / RESAMPLES


def test_ranges_hold_the_truth_nine_times_in_ten() -> None:
    generator = np.random.default_rng(6)
    held = {"sigma": 0, "median": 0}
    narrow = 0
    for turn in range(REPEATED):
        logs = np.sort(generator.normal(15, 1.2, 30))
        theta = LOGNORMAL.fit(Samples(logs[None])).theta
        own = LOGNORMAL.parameters(theta)
        again = LOGNORMAL.parameters(resample(LOGNORMAL, theta[0], 30, 0.0, 199, generator).theta)
        for name, true in (("sigma", 1.2), ("median", math.exp(15))):
            figure = Figure.of(float(own[name][0]), again[name])
            held[name] += figure.low <= true <= figure.high
        if turn >= CONTROLS:
            continue
        other = LOGNORMAL.parameters(resample(LOGNORMAL, theta[0], 120, 0.0, 199, generator).theta)["sigma"]
        figure = Figure.of(float(own["sigma"][0]), other)
        narrow += figure.low <= 1.2 <= figure.high
    assert 0.86 * REPEATED <= held["sigma"] <= 0.94 * REPEATED
    assert 0.84 * REPEATED <= held["median"] <= 0.94 * REPEATED  # not studentised: 87 % in theory at 30 losses
    assert narrow < 0.75 * CONTROLS  # negative control: resamples of four times the size


def test_a_figure_s_range_is_reflected() -> None:
    figure = Figure.of(2.0, np.linspace(1.0, 3.0, 201))
    assert (figure.low, figure.high) == pytest.approx((4 / 2.9, 4 / 1.1))
    figure = Figure.of(0.2, np.linspace(-0.3, 0.5, 201))
    assert (figure.low, figure.high) == pytest.approx((0.4 - 0.46, 0.4 + 0.26))
    assert math.isnan(Figure.of(2.0, np.full(50, 2.0)).se)
