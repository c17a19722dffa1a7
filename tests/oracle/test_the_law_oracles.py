"""The oracles of laws and frequencies against each other: scipy's laws, textbook moments, Fourier, Panjer, numpy's draws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from oracles import cases, compare, frequency, law_cases, laws, panjer, risk, sampling, worlds
from oracles.frequency import Frequency

FRAMES = {"losses": law_cases.QUOTES}
POINTS = np.geomspace(1e4, 9e7, 301)


def pert(low: float, mode: float, high: float) -> Any:
    width = high - low
    return stats.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, loc=low, scale=width)


SCIPY = {
    "weibull(scale=2M, shape=0.7)": stats.weibull_min(0.7, scale=2e6),
    "uniform(low=1M, high=5M)": stats.uniform(1e6, 4e6),
    "pert(low=1M, mode=2M, high=10M)": pert(1e6, 2e6, 1e7),
    "pert(low=0, mode=3M, high=3M)": pert(0, 3e6, 3e6),
    "lognormal(median=2M, sigma=1.2)": stats.lognorm(1.2, scale=2e6),
    "gamma(mean=2M, cv=1.5)": stats.gamma(1.5**-2, scale=2e6 * 1.5**2),
    "pareto(minimum=1M, alpha=3.5)": stats.pareto(3.5, scale=1e6),
    "tail(uniform(low=0, high=1), from=0, scale=8M, shape=0.3)": stats.genpareto(0.3, scale=8e6),
    "tail(fixed(9M), from=0, scale=8M, shape=-0.4)": stats.genpareto(-0.4, scale=8e6),
    "tail(fixed(9M), from=0, scale=3M, shape=0)": stats.expon(scale=3e6),
}


@pytest.mark.parametrize("text", SCIPY)
def test_laws_are_scipy_s(text: str) -> None:
    law, other = laws.law(laws.term(text)), SCIPY[text]
    assert law.above(POINTS) == pytest.approx(other.sf(POINTS), rel=1e-11, abs=1e-15)
    assert law.moment(1) == pytest.approx(other.mean(), rel=1e-10)
    assert law.moment(2) == pytest.approx(other.moment(2), rel=1e-10)


def test_a_tail_and_a_mixture_by_hand() -> None:
    """Below the start the body, above it the body's share times the tail's; the parts weighted."""
    tail = laws.law(laws.term("tail(lognormal(median=5M, sigma=1), from=20M, scale=8M, shape=0.4)"))
    body, beyond = stats.lognorm(1, scale=5e6), stats.genpareto(0.4, loc=2e7, scale=8e6)
    exact = np.where(POINTS < 2e7, body.sf(POINTS), body.sf(2e7) * beyond.sf(POINTS))
    assert tail.above(POINTS) == pytest.approx(exact, rel=1e-11)
    below = body.expect(lambda z: z, ub=2e7)
    assert tail.moment(1) == pytest.approx(below + body.sf(2e7) * (2e7 + 8e6 / 0.6), rel=1e-8)
    both = laws.law(laws.term("mixture(0.8*lognormal(median=1M, sigma=1), 0.2*fixed(3M))"))
    assert both.above(POINTS) == pytest.approx(0.8 * stats.lognorm(1, scale=1e6).sf(POINTS) + 0.2 * (POINTS < 3e6), rel=1e-11)
    assert both.moment(1) == pytest.approx(0.8e6 * math.exp(0.5) + 0.6e6, rel=1e-10)
    atom = laws.law(laws.term("tail(fixed(9M), from=9M, scale=1, shape=0)"))  # nothing lies above the start
    assert [float(atom.above(np.array([z]))[0]) for z in (8.9e6, 9e6)] == [1, 0]
    assert float(atom.from_(np.array([9e6]))[0]) == 1


@pytest.mark.parametrize("name", law_cases.LAWS)
def test_laws_are_those_of_plain_draws(name: str) -> None:
    """Moments of each layer within four standard errors of a million draws; controls: cap or deductible forgotten."""
    text = law_cases.LAWS[name]
    written = laws.term(text, FRAMES)
    z = sampling.losses(np.random.default_rng([8, len(name)]), written, 1_000_000)
    for row in law_cases.layers_of(text):
        law = laws.severity(FRAMES, {"loss_model": text, **row})
        loss = np.minimum(np.maximum(z - row.get("deductible", 0), 0), row.get("loss_cap", math.inf))
        for order in (1, 2):
            if order == 2 and math.isinf(law.cap):
                continue  # a variance of squares that need not exist
            error = float((loss**order).std()) / 1_000 + 1e-12 * law.moment(order)
            assert abs(float((loss**order).mean()) - law.moment(order)) < compare.ERRORS * error, (row, order)
        for point in (0.0, 5e5, 1.2e6, 2.5e6):
            chance = float(law.loss_above(np.array([point]))[0])
            error = math.sqrt(max(chance * (1 - chance), 1e-9)) / 1_000
            assert abs(float((loss > point).mean()) - chance) < compare.ERRORS * error, (row, point)
        capped = (loss >= row.get("loss_cap", math.inf)).mean() > 0.01 and "shape=1.1" not in text
        for mistake in [*(["cap"] if capped else []), *(["deductible"] if "deductible" in row else [])]:
            if "shape=1.1" not in text and loss.std() > 0:
                assert abs(loss.mean() - law.moment(1, mistake)) > compare.ERRORS * loss.std() / 1_000, (row, mistake)


# ---------------------------------------------------------------- numbers of events


NUMBERS = {
    "poisson": (Frequency(1.5), stats.poisson(1.5)),
    "bernoulli": (Frequency(0.3, "bernoulli"), stats.binom(1, 0.3)),
    "negative binomial": (Frequency(1.5, "negative_binomial", 1.2), stats.nbinom(1.2**-2, 1 / (1 + 1.44 * 1.5))),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_of_events_are_scipy_s(name: str) -> None:
    """By the generating function and by recursion; thinned by a plan as the mean λF of the same law says."""
    law, other = NUMBERS[name]
    z = np.exp(-2j * np.pi * np.arange(128) / 256)
    z = np.append(z, -1.0)
    pmf = np.fft.irfft(law.generating(law.rate * (z - 1)), 256)
    assert pmf[:60] == pytest.approx(other.pmf(np.arange(60)), abs=1e-14)
    one = np.zeros(60)
    one[1] = 1.0
    assert panjer.recursion(law, one) == pytest.approx(other.pmf(np.arange(60)), abs=1e-14)
    one[:2] = 0.6, 0.4
    thinned = np.fft.irfft(law.generating(0.4 * law.rate * (z - 1)), 256)
    assert panjer.recursion(law, one) == pytest.approx(thinned[:60], abs=1e-14)
    assert np.abs(panjer.recursion(law, one) - other.pmf(np.arange(60))).max() > 0.05  # the control


def test_variance_of_numbers_is_as_written() -> None:
    """λ + c²λ²; with a factor (1 + c²)(1 + k²) − 1 in the place of c²; thinned to the share F, λF in the place of λ."""
    row = {"frequency": 2.0, "frequency_model": "negative_binomial(cv=1.2)", "loss_model": "fixed(1000)"}
    for share, cv in ((0.0, 0.0), (0.0, 0.7), (0.6, 0.7)):
        tables = {"factors": [{"id": "F", "cv": cv}]} if cv else {}
        effects = [{"scenario": "A", "measure": "L1.001", "acts_on": "frequency", "effect": share}]
        frames = law_cases.single(1, 1_000, {**row, "factor": "F"} if cv else row, effects=effects, **tables)
        plan = {"L1.001": "basic"}
        rate = 2.0 * (1 - share)
        wide = (1 + 1.44) * (1 + cv**2) - 1
        law = risk.compound(frames, plan, step=1000, n_grid=2**9)
        assert law.central_moment(2) / 1e6 == pytest.approx(rate + wide * rate**2, rel=1e-9)
        assert risk.cumulants(frames, plan)[1] / 1e6 == pytest.approx(rate + wide * rate**2, rel=1e-12)
        for mistake in ("frequency", "double_cv"):
            assert risk.cumulants(frames, plan, mistake)[1] / 1e6 != pytest.approx(rate + wide * rate**2, rel=0.1)


def test_the_mean_over_a_factor_by_quadrature_is_its_closed_form() -> None:
    """Poisson scenarios have both; a narrow negative binomial is nearly one, to c²E(Γw)²/2, but goes by quadrature."""
    w = 3.0 * (np.exp(-1j * np.linspace(0, math.pi, 257)) - 1)
    for cv in (0.3, 0.9, 1.5):
        exact = frequency.mixed(w, cv)
        narrow = frequency.of_factor([(Frequency(3.0, "negative_binomial", 1e-3), w)], cv)
        assert np.abs(narrow - exact).max() < 1e-6 / 2 * 36 * (1 + cv**2)
        assert np.abs(frequency.of_factor([(Frequency(3.0, "negative_binomial", 0.2), w)], cv) - exact).max() > 0.005


@pytest.mark.parametrize("rate", [0.4, 1.5])
@pytest.mark.parametrize("cv", [0.3, 0.9])
def test_two_quadratures_over_a_factor_agree(rate: float, cv: float) -> None:
    """Gauss–Laguerre and tanh-sinh, in the range that the cases use (wider ones need more nodes)."""
    w = rate * (np.exp(-1j * np.linspace(0, math.pi, 257)) - 1)
    one = frequency.of_factor([(Frequency(rate, "negative_binomial", 1.2), w)], cv)
    other = sum(weight * frequency.mixed(value * w, 1.2) for value, weight in zip(*panjer.gamma_values(cv), strict=True))
    assert np.abs(one - other).max() < 1e-6


# ---------------------------------------------------------------- Fourier and Panjer


LATTICE: list[dict[str, Any]] = [
    {"frequency": 0.8, "frequency_model": "negative_binomial(cv=1.2)", "loss_model": "mixture(0.4*fixed(1M), 0.6*fixed(3M))"},
    {"frequency": 0.6, "frequency_model": "bernoulli", "loss_model": "empirical(lattice)", "deductible": 1e6, "loss_cap": 4e6},
    {"frequency": 0.5, "loss_model": "pert(low=0, mode=2M, high=7M)", "loss_cap": 5e6},
    {
        "frequency": 0.4,
        "frequency_model": "negative_binomial(cv=0.7)",
        "loss_model": "weibull(scale=2M, shape=1.4)",
        "loss_cap": 6e6,
    },
]
EMPIRICAL = [{"model": "lattice", "loss": loss * 1e6} for loss in (1, 2, 2, 4, 6)]
EFFECTS = [
    {"scenario": "A", "measure": "L1.001", "acts_on": "frequency", "effect": 0.4},
    {"scenario": "B", "measure": "L1.001", "acts_on": "frequency", "effect": 0.3},
    {"scenario": "C", "measure": "L1.001", "acts_on": "severity", "effect": 0.5},
    {"scenario": "D", "measure": "L1.001", "acts_on": "frequency", "effect": 0.25},
]


def lattice(*factors: str, cv: float = 0.8) -> Any:
    shared = [{**row, **({"factor": "F"} if name in factors else {})} for name, row in zip("ABCD", LATTICE, strict=True)]
    tables = {"factors": [{"id": "F", "cv": cv}]} if factors else {}
    return law_cases.single(1, 1_000, *shared, **tables, losses=EMPIRICAL, effects=EFFECTS)


@pytest.mark.parametrize("plan", [{}, {"L1.001": "basic"}])
@pytest.mark.parametrize("factors", ["", "CD", "ACD"])
def test_fourier_and_panjer_agree(factors: str, plan: dict[str, str]) -> None:
    """To rounding where the grid holds everything; with a factor to the accuracy of two unlike quadratures."""
    frames = lattice(*factors)
    law = risk.compound(frames, plan, step=500_000, n_grid=2**10)
    for pmf, up in ((law.down, False), (law.up, True)):
        other = panjer.compound(frames, plan, 500_000, 2**8, up)
        assert np.abs(pmf[: 2**8] - other).max() < (1e-10 if factors else 1e-14)
    for mistake in ("frequency", "double_cv", *(("cv",) if factors else ()), *(("thinning",) if plan else ())):
        wrong = risk.compound(frames, plan, step=500_000, n_grid=2**10, broken=mistake)
        assert np.abs(wrong.up[: 2**8] - other).max() > 1e-4, mistake


# ---------------------------------------------------------------- plain draws


SAMPLED = {
    "light": law_cases.light,
    "layered": law_cases.layered,
    "counts": law_cases.counts,
    "counts and factors": law_cases.counts_and_factors,
    "counts and triggers": law_cases.counts_and_triggers,
}
STEP, GRID = 4000.0, 2**17


@pytest.mark.parametrize("name", SAMPLED)
def test_exact_laws_are_those_of_plain_draws(name: str) -> None:
    frames, plan = SAMPLED[name](), cases.PLANS["half"]
    loss = sampling.years(np.random.default_rng([9, len(name)]), frames, plan, 100_000)
    law = risk.compound(frames, plan, STEP, GRID)
    assert law.lost < 1e-6

    def disagreements(of: Any) -> dict[str, float]:
        both = {c: compare.tails(loss, (str(c),))[0] for c in (0.95, 0.99)}
        return compare.disagreements(of, loss, lambda c: both[c][0], lambda c: both[c][1])

    assert disagreements(law) == {}
    low, high = law.mean()
    mean, variance = risk.cumulants(frames, plan)
    assert low <= mean <= high
    assert variance == pytest.approx(law.central_moment(2), rel=0.01)
    if name.startswith("counts"):
        wrong = risk.compound(frames, plan, STEP, GRID, broken="frequency")
        assert disagreements(wrong) != {}
        assert risk.cumulants(frames, plan, "frequency")[1] != pytest.approx(variance, rel=0.02)


def test_samples_are_judged_by_their_law() -> None:
    """The tests of goodness of fit, on a law and beside it: of a million draws one part in a hundred is seen."""
    rng = np.random.default_rng(10)
    x = rng.standard_normal(1_000_000)
    assert sampling.kolmogorov(x, stats.norm.cdf) > 1e-3
    assert sampling.kolmogorov(np.exp(x), stats.lognorm(1, scale=1.01).cdf) < 1e-7
    assert sampling.kolmogorov(x[:400], stats.norm.cdf) == pytest.approx(stats.kstest(x[:400], "norm").pvalue, rel=0.05)
    counts = np.bincount(rng.poisson(1.5, 1_000_000))
    assert sampling.chi_square(counts, stats.poisson(1.5).pmf(np.arange(30))) > 1e-3
    assert sampling.chi_square(counts, stats.poisson(1.515).pmf(np.arange(30))) < 1e-7
    assert sampling.binomial(300_000, 1_000_000, 0.3) > 0.9
    assert sampling.binomial(303_000, 1_000_000, 0.3) < 1e-7
    uniform = [
        sampling.chi_square(np.bincount(rng.poisson(2.0, 2_000)), stats.poisson(2.0).pmf(np.arange(30))) for _ in range(400)
    ]
    assert sampling.kolmogorov(np.array(uniform), lambda p: p) > 1e-3


# ---------------------------------------------------------------- belief


def test_belief_is_what_is_written() -> None:
    """Its points, its moments by quadrature and by draws, the larger of two by draws; a halved spread is not it."""
    belief = worlds.amount(0.2, 0.3, 1.2)
    assert np.exp(belief.quantile(np.array([0.05, 0.5, 0.95]))) == pytest.approx([0.2, 0.3, 1.2], rel=1e-12)
    assert belief.cdf(np.log([0.2, 0.3, 1.2])) == pytest.approx([0.05, 0.5, 0.95], abs=1e-12)
    values, weights = belief.nodes()
    for order in (1, 2, -1):
        assert weights @ np.exp(order * values) == pytest.approx(belief.exponential(order), rel=1e-5)
    z = np.random.default_rng(11).standard_normal((2, 400_000))
    x = belief.median + np.where(z[0] < 0, belief.below, belief.above) * z[0]
    assert abs(np.exp(x).mean() - belief.exponential()) < compare.ERRORS * belief.spread() / math.sqrt(x.size)
    one, other = worlds.effect(0.3, 0.5, 0.7), worlds.effect(0.2, 0.45, 0.8)
    pair = [b.median + np.where(v < 0, b.below, b.above) * v for b, v in zip((one, other), z, strict=True)]
    left = np.exp(-np.maximum(*pair))
    assert abs(left.mean() - worlds.largest(one, other, 1.0)) < compare.ERRORS * left.std() / math.sqrt(left.size)
    assert worlds.largest(one, one, 1.0) < one.exponential(-1)
    narrow = worlds.Belief(0.7, 1e-9, 1e-9)
    assert worlds.largest(narrow, worlds.Belief(0.2, 1e-9, 1e-9), 1.0) == pytest.approx(math.exp(-0.7), rel=1e-6)


def test_worlds_of_years_are_a_mixture_of_laws() -> None:
    """One uncertain frequency: years drawn each in a world of its own, against laws mixed by quadrature."""
    belief = worlds.amount(0.2, 0.4, 1.2)
    rng = np.random.default_rng(12)
    rates = np.exp(belief.quantile(rng.random(100_000)))
    loss = np.zeros(100_000)
    count = rng.poisson(rates)
    np.add.at(loss, np.repeat(np.arange(100_000), count), 1e6 * rng.weibull(0.9, count.sum()))

    def law(rate: float) -> risk.Compound:
        frames = law_cases.single(1, 1_000, {"frequency": rate, "loss_model": "weibull(scale=1M, shape=0.9)"})
        return risk.compound(frames, {}, 5_000, 2**14)

    both = {c: compare.tails(loss, (str(c),))[0] for c in (0.95, 0.99)}

    def far(of: risk.Compound) -> dict[str, float]:
        return compare.disagreements(of, loss, lambda c: both[c][0], lambda c: both[c][1])

    assert far(worlds.over(belief, law)) == {}
    assert far(law(0.4)) != {}
    assert far(law(belief.exponential())) != {}
