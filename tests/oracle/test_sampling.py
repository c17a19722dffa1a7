"""Every sampler at a million draws: Kolmogorov–Smirnov, exact binomial tests of atoms and far tails, chi-square of numbers.

A scenario that happens exactly once a year makes the year's loss one draw. The laws' distribution functions are those of
``oracles.laws``, which ``test_the_law_oracles`` holds against scipy.stats. A right sampler fails one of all these tests in
10,000 runs (Bonferroni: each at 1/10,000 of its share), and the seeds are fixed. Beside each stands a control: the law with
one number off by a hundredth, which must be rejected at the same level; where a million draws cannot tell it, several
scenarios of the same law are pooled.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import tenbin
from oracles import law_cases, laws, sampling
from oracles.frequency import Frequency, frequency, of_factor

N = 1_000_000
TESTS = 150  # at least as many as there are
LEVEL = 1e-4 / TESTS
OFF = 1.01

CONTINUOUS = {
    "lognormal": ("lognormal(median=2M, sigma=0.8)", "median", 1),
    "gamma": ("gamma(mean=2M, cv=0.8)", "mean", 1),
    "gamma, wide": ("gamma(mean=2M, cv=1.5)", "cv", 1),
    "pareto": ("pareto(minimum=1M, alpha=1.5)", "minimum", 1),
    "weibull": ("weibull(scale=2M, shape=0.7)", "scale", 3),
    "weibull, light": ("weibull(scale=3M, shape=2.5)", "scale", 1),
    "uniform": ("uniform(low=1M, high=5M)", "high", 1),
    "pert": ("pert(low=1M, mode=2M, high=10M)", "high", 2),
    "pert, mode at its low end": ("pert(low=1M, mode=1M, high=4M)", "high", 1),
    "tail, heavy": ("tail(lognormal(median=5M, sigma=1), from=1M, scale=8M, shape=0.4)", "scale", 3),
    "tail, exponential": ("tail(weibull(scale=4M, shape=1.5), from=1M, scale=3M, shape=0)", "scale", 2),
    "tail that ends": ("tail(uniform(low=500k, high=9M), from=1M, scale=8M, shape=-0.4)", "scale", 1),
    "mixture": (
        "mixture(0.7*lognormal(median=1M, sigma=0.5), 0.3*tail(gamma(mean=8M, cv=0.4), from=9M, scale=4M, shape=0.3))",
        "weight",
        1,
    ),
}
"""Law, number that the control puts off, scenarios pooled."""

LAYER = {"deductible": 700_000, "loss_cap": 3_000_000}


@cache
def drawn(name: str) -> NDArray[np.float64]:
    """A million draws of each scenario of a law, one row a scenario."""
    text, _, count = CONTINUOUS[name]
    return draws(61 + list(CONTINUOUS).index(name), *[{"loss_model": text}] * count)


def draws(seed: int, *rows: dict[str, Any], **tables: list[dict[str, Any]]) -> NDArray[np.float64]:
    once = [{"frequency": 1.0, "frequency_model": "bernoulli", **row} for row in rows]
    found = tenbin.evaluate(tenbin.simulate(tenbin.load(law_cases.single(seed, N, *once, **tables))), plan={})
    return np.stack([found.scope("ABCDEFGH"[i]).annual_loss for i in range(len(rows))])


def cdf(written: laws.Term) -> Any:
    law = laws.law(written)
    return lambda z: 1 - law.above(z)


@pytest.mark.parametrize("name", CONTINUOUS)
def test_losses_are_of_their_law(name: str) -> None:
    text, number, _ = CONTINUOUS[name]
    written = laws.term(text)
    x = np.sort(drawn(name).ravel())
    assert sampling.kolmogorov(x, cdf(written)) > LEVEL
    assert sampling.kolmogorov(x, cdf(written.off(number, OFF))) < LEVEL


@pytest.mark.parametrize("name", CONTINUOUS)
def test_far_tails_are_of_their_law(name: str) -> None:
    """How many draws lie beyond the points that one in 1,000 and one in 100,000 exceeds, or falls short of.

    The control: twice as many expected.
    """
    law = laws.law(laws.term(CONTINUOUS[name][0]))
    x = drawn(name).ravel()
    grid = np.geomspace(1e2, 1e12, 400_001)
    above = law.above(grid)
    for chance in (1e-3, 1e-5):
        high = grid[np.argmax(above <= chance)]
        low = grid[np.argmax(above <= 1 - chance)]
        for point, hits in ((high, int((x > high).sum())), (low, int((x <= low).sum()))):
            exact = float(law.above(np.array([point]))[0])
            exact = exact if point == high else 1 - exact
            assert sampling.binomial(hits, len(x), exact) > LEVEL, (chance, hits)
            if chance == 1e-3:
                assert sampling.binomial(hits, len(x), 2 * exact) < LEVEL


def test_streams_of_scenarios_do_not_touch() -> None:
    """Scenarios of one law in one case, and neighbouring years of each: ranks without correlation (its s.e. is 1/√N)."""
    u = np.argsort(np.argsort(drawn("weibull"), axis=1), axis=1) / N - 0.5
    beside = [float((u[i] * u[j]).mean() * 12) for i, j in ((0, 1), (0, 2), (1, 2))]
    after = [float((row[1:] * row[:-1]).mean() * 12) for row in u]
    limit = 5.0 / math.sqrt(N)  # two-sided 6e-7, as LEVEL
    assert max(abs(r) for r in beside + after) < limit
    assert abs(float((u[0] * (u[1] + 0.01 * u[0])).mean() * 12)) > limit  # the control: a hundredth in common


def test_a_deductible_and_a_cap_make_atoms() -> None:
    """Nothing and the cap exactly as often as the law says; between them its shape. Controls: the law off by a hundredth."""
    text = "weibull(scale=2M, shape=1.5)"
    (x,) = draws(81, {"loss_model": text, **LAYER})

    def chances(written: laws.Term) -> tuple[float, float]:
        low, high = laws.law(written).above(np.array([LAYER["deductible"], LAYER["deductible"] + LAYER["loss_cap"]]))
        return 1 - float(low), float(high)

    def shape(written: laws.Term) -> Any:
        low, high = chances(written)
        return lambda z: (1 - laws.law(written).above(z + LAYER["deductible"]) - low) / (1 - low - high)

    written = laws.term(text)
    other = written.off("scale", OFF)
    atoms = int((x == 0).sum()), int((x == LAYER["loss_cap"]).sum())
    for hits, chance, wrong in zip(atoms, chances(written), chances(other), strict=True):
        assert sampling.binomial(hits, N, chance) > LEVEL
        assert sampling.binomial(hits, N, wrong) < LEVEL
    between = x[(x > 0) & (x < LAYER["loss_cap"])]
    assert len(between) == N - sum(atoms)
    assert sampling.kolmogorov(between, shape(written)) > LEVEL
    assert sampling.kolmogorov(between, shape(written.off("scale", 1.05))) < LEVEL


def test_atoms_are_as_frequent_as_written() -> None:
    """Fixed losses, an empirical sample with a tie, a mixture of both. Control: the tie forgotten; a weight off by a hundredth."""
    fixed, quoted, mixed = draws(
        82,
        {"loss_model": "fixed(3M)"},
        {"loss_model": "empirical(quotes)"},
        {"loss_model": "mixture(0.6*fixed(1M), 0.4*empirical(quotes))"},
        losses=law_cases.QUOTES,
    )
    assert (fixed == 3e6).all()
    places = [4e5, 1.2e6, 2.5e6, 7e6]
    counts = np.array([(quoted == place).sum() for place in places])
    assert counts.sum() == N
    assert sampling.chi_square(counts, np.array([0.2, 0.4, 0.2, 0.2])) > LEVEL
    assert sampling.chi_square(counts, np.array([0.25, 0.25, 0.25, 0.25])) < LEVEL
    counts = np.array([(mixed == place).sum() for place in (1e6, *places)])
    assert counts.sum() == N
    for weight, right in ((0.6, True), (0.6 * OFF, False)):
        chances = np.array([weight, *((1 - weight) * np.array([0.2, 0.4, 0.2, 0.2]))])
        assert (sampling.chi_square(counts, chances) > LEVEL) == right


def test_a_mixture_with_atoms_and_a_tail_from_an_atom() -> None:
    """Atoms by their number; the rest, given that it is none, by its shape."""
    tail, mixture = draws(
        83,
        {"loss_model": "tail(empirical(quotes), from=1.2M, scale=2M, shape=0.3)"},
        {"loss_model": "mixture(0.3*fixed(1M), 0.7*pert(low=0, mode=2M, high=4M))"},
        losses=law_cases.QUOTES,
    )
    beyond = laws.term("tail(uniform(low=0, high=1), from=0, scale=2M, shape=0.3)")
    assert [int((tail <= z).sum()) for z in (399_999, 1_199_999)] == [0, int((tail == 4e5).sum())]
    assert sampling.binomial(int((tail == 4e5).sum()), N, 0.2) > LEVEL
    assert sampling.binomial(int((tail == 1.2e6).sum()), N, 0.4) > LEVEL
    assert sampling.kolmogorov(tail[tail > 1.2e6] - 1.2e6, cdf(beyond)) > LEVEL
    assert sampling.kolmogorov(tail[tail > 1.2e6] - 1.2e6, cdf(beyond.off("scale", 1.03))) < LEVEL
    assert sampling.binomial(int((mixture == 1e6).sum()), N, 0.3) > LEVEL
    assert sampling.binomial(int((mixture == 1e6).sum()), N, 0.3 * OFF) < LEVEL
    pert = laws.term("pert(low=0, mode=2M, high=4M)")
    assert sampling.kolmogorov(mixture[mixture != 1e6], cdf(pert)) > LEVEL
    assert sampling.kolmogorov(mixture[mixture != 1e6], cdf(pert.off("mode", OFF))) < LEVEL


# ---------------------------------------------------------------- numbers of events


NUMBERS: dict[str, tuple[dict[str, Any], float, float]] = {
    "poisson": ({"frequency": 1.5}, 0.0, OFF),
    "poisson, often": ({"frequency": 8.0}, 0.0, OFF),
    "poisson, rare": ({"frequency": "1/20"}, 0.0, 1.05),
    "bernoulli": ({"frequency": 0.3, "frequency_model": "bernoulli"}, 0.0, OFF),
    "negative binomial": ({"frequency": 1.5, "frequency_model": "negative_binomial(cv=1.2)"}, 0.0, OFF),
    "negative binomial, narrow": ({"frequency": 8.0, "frequency_model": "negative_binomial(cv=0.3)"}, 0.0, OFF),
    "poisson under a factor": ({"frequency": 3.0, "factor": "F"}, 0.8, OFF),
    "negative binomial under a factor": (
        {"frequency": 1.0, "frequency_model": "negative_binomial(cv=0.7)", "factor": "F"},
        0.8,
        1.03,
    ),
}
"""Scenario, cv of its factor, how far off the control's frequency is: a million years do not tell less of the widest and of the rare."""
THINNED = 0.4


def probabilities(row: dict[str, Any], cv: float, left: float, off: float = 1.0, wider: float = 1.0) -> NDArray[np.float64]:
    """Of 0, 1, 2, … events a year, by Fourier transform of the generating function."""
    law = frequency(row)
    law = Frequency(law.rate * off, law.kind, law.cv * wider)
    z = np.exp(-2j * np.pi * np.arange(513) / 1024)
    found = np.fft.irfft(of_factor([(law, left * law.rate * (z - 1))], cv, 120), 1024)
    return np.maximum(found, 0.0)


@cache
def events_of(name: str) -> Any:
    row, cv, _ = NUMBERS[name]
    tables = {"factors": [{"id": "F", "cv": cv}]} if cv else {}
    effects = [{"scenario": "A", "measure": "L1.001", "acts_on": "frequency", "effect": 1 - THINNED}]
    frames = law_cases.single(91 + list(NUMBERS).index(name), N, {"loss_model": "fixed(1)", **row}, effects=effects, **tables)
    return tenbin.simulate(tenbin.load(frames))


@pytest.mark.parametrize("left", [1.0, THINNED])
@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_of_events_are_of_their_law(name: str, left: float) -> None:
    """Twenty cells or so; the numbers of a plan are those of its thinned mean. Controls: the mean off; any other law."""
    row, cv, off = NUMBERS[name]
    loss = tenbin.evaluate(events_of(name), plan={} if left == 1.0 else {"L1.001": "basic"}).annual_loss
    counts = np.bincount(np.rint(loss).astype(np.int64))
    least = min(N / 20, loss.sum() / 40)
    assert sampling.chi_square(counts, probabilities(row, cv, left), least) > LEVEL
    assert sampling.chi_square(counts, probabilities(row, cv, left, off if left == 1.0 else 1 + 2 * (off - 1)), least) < LEVEL
    if "frequency_model" in row or cv:
        assert sampling.chi_square(counts, probabilities({"frequency": row["frequency"]}, 0.0, left), least) < LEVEL


def test_a_negative_binomial_s_width_is_as_written() -> None:
    row = NUMBERS["negative binomial"][0]
    counts = np.bincount(np.rint(tenbin.evaluate(events_of("negative binomial"), plan={}).annual_loss).astype(np.int64))
    assert sampling.chi_square(counts, probabilities(row, 0.0, 1.0, wider=1.03), N / 20) < LEVEL


def test_triggered_events_are_as_many_as_written() -> None:
    """Own ones at most one, triggered ones Poisson: their numbers add. Control: the trigger's chance off by a hundredth."""
    rows = [
        {"frequency": 2.0, "loss_model": "fixed(1)"},
        {"frequency": 0.3, "frequency_model": "bernoulli", "loss_model": "fixed(1)"},
    ]
    triggers = [{"scenario": "A", "triggers": "B", "probability": 0.6}]
    events = tenbin.simulate(tenbin.load(law_cases.single(99, N, *rows, triggers=triggers)))
    counts = np.bincount(np.rint(tenbin.evaluate(events, plan={}).scope("B").annual_loss).astype(np.int64))
    for chance, right in ((0.6, True), (0.6 * OFF, False)):
        own, set_off = probabilities(rows[1], 0.0, 1.0), probabilities({"frequency": 2.0 * chance}, 0.0, 1.0)
        assert (sampling.chi_square(counts, np.convolve(own[:60], set_off[:60])) > LEVEL) == right
