"""Laws of losses and of frequencies against scipy.stats and quadrature, at ordinary and at extreme parameters.

Tolerances. Rounding of a moment of X = min(max(Z − low, 0), width) is a few tens of units in the last place of what is subtracted
on the way: losses of size max(low, …) where X itself is of size E[X | X > 0]. So the error of E[X^k] is within
``ULPS · eps · (1 + low / size)^k``, with ULPS = 100 for a dozen operations and special functions good to some ulps each.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

from tenbin.model import (
    Bernoulli,
    Empirical,
    Fixed,
    Gamma,
    GpdTail,
    Lognormal,
    LossModel,
    Mixture,
    NegativeBinomial,
    Pareto,
    Pert,
    Poisson,
    Severity,
    Uniform,
    Weibull,
)
from tenbin.model.laws.calculus import growth, ramp

EPS = float(np.finfo(float).eps)
ULPS = 100
BODY = Lognormal(5e6, 1.0)
ORDINARY: list[LossModel] = [
    Lognormal(2e6, 1.2),
    Gamma(2e6, 0.8),
    Weibull(2e6, 0.7),
    Pareto(1e6, 2.6),
    Uniform(1e6, 5e6),
    Pert(1e6, 2e6, 1e7),
    GpdTail(BODY, 20e6, 8e6, 0.3),
    GpdTail(Pert(1e6, 2e6, 1e7), 6e6, 3e6, -0.3),
    Mixture(((0.8, Lognormal(1e6, 1.0)), (0.2, GpdTail(BODY, 20e6, 8e6, 0.4)))),
    Mixture(((0.5, Weibull(1e6, 2.0)), (0.3, Uniform(0.0, 1e6)), (0.2, Pareto(3e6, 2.2)))),
]
EXTREME: list[LossModel] = [
    Lognormal(1e6, 0.0005),
    Lognormal(1e6, 3.0),
    Lognormal(1e3, 10.0),
    Gamma(1e6, 0.001),
    Gamma(1e6, 100.0),
    Weibull(1e6, 0.1),
    Weibull(1e6, 100.0),
    *(Pareto(1e6, alpha) for alpha in (0.05, 1 - 1e-9, 1.0, 1 + 1e-9, 1.001, 2 - 1e-9, 2.0, 2 + 1e-9, 1000.0)),
    Uniform(1e6, 1e6 + 1),
    Pert(0.0, 0.0, 1e6),
    Pert(1e6, 1e7, 1e7),
    *(
        GpdTail(BODY, 2e7, 8e6, x)
        for x in (-0.5, -1e-3, -1e-9, 0.0, 1e-15, 1e-9, 0.00099, 0.001, 0.5, 0.999999, 1.0, 2.0, 10.0)
    ),
    GpdTail(Lognormal(1e6, 1.0), 1e4, 8e9, 0.9),
]
SMOOTH = [*ORDINARY, *EXTREME]


# ---------------------------------------------------------------- the same laws, by scipy


@cache
def frozen(law: LossModel) -> Any:
    """scipy's own law."""
    match law:
        case Lognormal():
            return stats.lognorm(law.sigma, scale=law.median)
        case Gamma():
            return stats.gamma(law.cv**-2, scale=law.mean * law.cv**2)
        case Weibull():
            return stats.weibull_min(law.shape, scale=law.scale)
        case Pareto():
            return stats.pareto(law.alpha, scale=law.minimum)
        case Uniform():
            return stats.uniform(law.low, law.high - law.low)
        case Pert():
            width = law.high - law.low
            alpha = 1 + 4 * (law.mode - law.low) / width
            return stats.beta(alpha, 6 - alpha, law.low, width)
    raise AssertionError(law)


def survival(law: LossModel) -> Callable[[Any], Any]:
    """P(Z > z) by scipy, for arrays."""
    if isinstance(law, Mixture):
        parts = [(weight, survival(part)) for weight, part in law.parts]
        return lambda z: sum(weight * of(z) for weight, of in parts)
    if isinstance(law, GpdTail):
        body, tail = survival(law.body), stats.genpareto(law.shape, loc=law.start, scale=law.scale).sf
        return lambda z: np.where(z <= law.start, body(z), body(law.start) * tail(np.maximum(z, law.start)))
    of = frozen(law).sf

    def quiet(z: Any) -> Any:
        with np.errstate(over="ignore"):  # (z/scale)^100 of a Weibull
            return of(z)

    return quiet


def kinks(law: LossModel) -> list[float]:
    """Where a law's survival is not smooth."""
    match law:
        case Pareto():
            return [law.minimum]
        case Uniform() | Pert():
            return [law.low, law.high]
        case GpdTail():
            return [*kinks(law.body), law.start, *([law.start - law.scale / law.shape] if law.shape < 0 else [])]
        case Mixture():
            return [kink for _, part in law.parts for kink in kinks(part)]
    return []


NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
SPREAD = (1e-12, 1e-6, 1e-3, 0.01, 0.05, *np.arange(1, 10) / 10, 0.95, 0.99, 0.999, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12)


def layer_by_quadrature(law: LossModel, low: float, width: float) -> tuple[float, float]:
    """E[X] = ∫ P(Z > low + y) dy and E[X²] = ∫ 2y P(Z > low + y) dy over 0 … width: Gauss–Legendre between quantiles and kinks."""
    of = survival(law)
    known = [q - low for q in (*kinks(law), *map(law.quantile, SPREAD))]
    ends = {*known, *np.geomspace(width * 1e-18, width, 200)}
    places = [0.0, *sorted(y for y in ends if 0 < y < width), width]
    edges = np.unique(np.concatenate([np.linspace(a, b, 3) for a, b in pairwise(places)]))
    half = np.diff(edges)[:, None] / 2
    y = edges[:-1, None] + half * (1 + NODES)
    chance = of(low + y) * WEIGHTS * half
    return math.fsum(chance.sum(axis=1)), math.fsum((2 * y * chance).sum(axis=1))


def tolerance(low: float, width: float, mean: float, chance: float, order: int) -> float:
    """See the module's docstring; a layer thinner than its low end starts where ``low + width`` rounds."""
    size = min(mean / chance, width)
    return ULPS * EPS * (1 + max(low, 1.0) / size) ** order


def layers(law: LossModel) -> list[tuple[float, float]]:
    """Layers (low, width) from the first loss to far out, thin and thick."""
    lows = [0.0, *(law.quantile(p) for p in (0.1, 0.5, 0.9, 0.999, 1 - 1e-6, 1 - 1e-9))]
    middle = max(law.quantile(0.5), 1e3)
    pairs = [(low, share * middle) for low in lows for share in (0.01, 1.0, 100.0, 1e6)]
    return [(low, width) for low, width in pairs if low + width < 1e19 and survival(law)(low) > 1e-10]


@pytest.mark.parametrize("law", SMOOTH, ids=str)
def test_layers_are_the_integrals_of_the_survival(law: LossModel) -> None:
    assert len(layers(law)) >= 4
    for low, width in layers(law):
        one = Severity(law, low, width)
        mean, square = layer_by_quadrature(law, low, width)
        chance = float(survival(law)(low))
        assert one.mean == pytest.approx(mean, rel=tolerance(low, width, mean, chance, 1), abs=0), (low, width)
        assert one.square == pytest.approx(square, rel=tolerance(low, width, mean, chance, 2), abs=0), (low, width)


@pytest.mark.parametrize("law", ORDINARY, ids=str)
def test_a_law_that_is_a_little_off_is_seen(law: LossModel) -> None:
    """The control: the quadrature of a law one part in 10⁶ off is no longer within the tolerance."""

    def off(one: Any) -> Any:
        match one:
            case Mixture():
                return Mixture(tuple((weight, off(part)) for weight, part in one.parts))
            case Lognormal():
                return replace(one, median=one.median * (1 + 1e-6))
            case Gamma():
                return replace(one, mean=one.mean * (1 + 1e-6))
            case Pareto():
                return replace(one, minimum=one.minimum * (1 + 1e-6))
            case Uniform() | Pert():
                return replace(one, high=one.high * (1 + 1e-6))
        return replace(one, scale=one.scale * (1 + 1e-6))

    low = law.quantile(0.1)
    mean, square = layer_by_quadrature(off(law), low, 100 * low)
    one = Severity(law, low, 100 * low)
    chance = float(survival(law)(low))
    assert one.mean != pytest.approx(mean, rel=tolerance(low, 100 * low, mean, chance, 1))
    assert one.square != pytest.approx(square, rel=tolerance(low, 100 * low, mean, chance, 2))


@pytest.mark.parametrize("law", [Lognormal(1e6, 1.0), Pareto(1e6, 1.5), GpdTail(BODY, 2e7, 8e6, 0.4)], ids=str)
def test_differences_of_limited_moments_would_not_do(law: LossModel) -> None:
    """The control of integrating layers from their own side: M₂(D) − M₂(d) − 2d (M₁(D) − M₁(d)) is all rounding far out."""
    low = law.quantile(1 - 1e-9)
    width = 0.1 * low
    mean, square = layer_by_quadrature(law, low, width)
    first = law.limited_mean(low + width) - law.limited_mean(low)
    naive = law.limited_square(low + width) - law.limited_square(low) - 2 * low * first
    tol = tolerance(low, width, mean, float(survival(law)(low)), 2)
    assert naive != pytest.approx(square, rel=10 * tol)
    assert Severity(law, low, width).square == pytest.approx(square, rel=tol)


# ---------------------------------------------------------------- survival and quantiles


@pytest.mark.parametrize("law", SMOOTH, ids=str)
def test_survival_is_scipys(law: LossModel) -> None:
    """Within 1e-11: scipy iterates the tails of a gamma of shape a million to some 1e-12, and takes the end of a bounded law from 1."""
    rounding = 4 * EPS if isinstance(law, Uniform | Pert) else 0.0
    losses = [law.quantile(p) * x for p in SPREAD for x in (0.999, 1.0, 1.001)]
    wanted = survival(law)(np.array(losses))
    for loss, chance in zip(losses, wanted, strict=True):
        # the loss itself is rounded to one part in 2^53, and a survival may fall that much faster than its argument grows
        slope = abs(chance - float(survival(law)(np.array(loss * (1 + 1e-9))))) / 1e-9
        assert law.survival(loss) == pytest.approx(chance, rel=1e-11, abs=4 * EPS * slope + rounding), loss
    assert law.survival(-1.0) == 1.0
    assert law.survival(0.0) == 1.0


@pytest.mark.parametrize("law", SMOOTH, ids=str)
def test_a_quantile_is_where_the_survival_has_fallen(law: LossModel) -> None:
    for p in (1e-6, 0.01, 0.25, 0.5, 0.9, 0.99, 0.9999, 1 - 1e-9):
        loss = law.quantile(p)
        step = max(loss * 4 * EPS, 1e-300)  # a gamma of cv 100 has most of its losses below what a number can be
        assert survival(law)(loss - step) >= (1 - p) * (1 - 1e-9), p
        assert survival(law)(loss + step) <= (1 - p) * (1 + 1e-9), p


@pytest.mark.parametrize("law", [one for one in SMOOTH if not isinstance(one, GpdTail | Mixture)], ids=str)
def test_quantiles_are_scipys(law: LossModel) -> None:
    for p in (0.01, 0.25, 0.5, 0.9, 0.99, 0.9999):
        assert law.quantile(p) == pytest.approx(float(frozen(law).ppf(p)), rel=1e-10)


def test_quantiles_at_the_ends() -> None:
    assert [law.quantile(0.0) for law in (Lognormal(1e6, 1), Weibull(1e6, 0.1), Pareto(1e6, 0.05), Pert(1.0, 2.0, 3.0))] == [
        0,
        0,
        1e6,
        1,
    ]
    assert [law.quantile(1.0) for law in (Lognormal(1e6, 1), Weibull(1e6, 0.1), Pareto(1e6, 0.05))] == [math.inf] * 3
    assert Uniform(1.0, 3.0).quantile(1.0) == Pert(1.0, 2.0, 3.0).quantile(1.0) == 3
    assert GpdTail(BODY, 2e7, 8e6, -0.5).quantile(1.0) == 2e7 + 16e6
    assert GpdTail(BODY, 2e7, 8e6, 0.0).quantile(1.0) == math.inf
    assert Mixture(((0.5, Fixed(1.0)), (0.5, Pareto(1.0, 2.0)))).quantile(1.0) == math.inf


def test_quantiles_of_atoms() -> None:
    """The smallest loss with P(Z ≤ loss) ≥ p, where the survival has steps."""
    sample = Empirical("x", (1.0, 2.0, 2.0, 5.0))
    assert [sample.quantile(p) for p in (0, 0.25, 0.2500001, 0.75, 0.76, 1)] == [1, 1, 2, 2, 5, 5]
    assert Empirical("x", tuple(map(float, range(100)))).quantile(0.07) == 6  # 0.07 × 100 is a little more than 7
    mixed = Mixture(((0.5, Fixed(3.0)), (0.5, Uniform(0.0, 10.0))))
    assert mixed.quantile(0.1) == pytest.approx(2.0)  # 0.5 · z/10
    assert [mixed.quantile(p) for p in (0.16, 0.4, 0.64)] == pytest.approx([3.0] * 3, rel=2 * EPS)
    assert mixed.quantile(0.9) == pytest.approx(8.0)
    assert (sample.survival(2.0), mixed.survival(3.0), mixed.survival(2.999999)) == (0.25, 0.35, pytest.approx(0.85))


# ---------------------------------------------------------------- moments


@pytest.mark.parametrize("law", [one for one in SMOOTH if not isinstance(one, GpdTail | Mixture)], ids=str)
def test_moments_are_scipys(law: LossModel) -> None:
    """Within the digits that a square less a square leaves to one of the two: eps / cv²."""
    mean, variance = (float(value) for value in frozen(law).stats("mv"))
    if not math.isfinite(mean):
        assert law.mean == math.inf
    else:
        assert law.mean == pytest.approx(mean, rel=ULPS * EPS)
    if isinstance(law, Pareto) and law.alpha <= 2:
        assert law.variance == math.inf
        return
    assert law.variance == pytest.approx(variance, rel=ULPS * EPS * (1 + mean**2 / variance))


@pytest.mark.parametrize("alpha", [1 + 1e-9, 1.5, 2 + 1e-9, 3.0])
def test_a_paretos_moments_as_fractions(alpha: float) -> None:
    law, exact = Pareto(1e6, alpha), Fraction(alpha)
    assert law.mean == pytest.approx(float(10**6 * exact / (exact - 1)), rel=4 * EPS)
    if alpha > 2:
        assert law.variance == pytest.approx(float(10**12 * exact / ((exact - 1) ** 2 * (exact - 2))), rel=8 * EPS)


@pytest.mark.parametrize("law", ORDINARY, ids=str)
def test_moments_are_those_of_the_quantiles(law: LossModel) -> None:
    """∫ Q(p)^k dp over 0 … 1, in t = −ln(1 − p) so that the tail is resolved, between kinks, up to t = 34 (p = 1 − 2e-15).

    A tail of shape ξ has a part of some e^(−34 (1 − kξ)) of its k-th moment above that.
    """
    tails = [part.shape if isinstance(part, GpdTail) else 1 / part.alpha for part in parts_of(law) if has_tail(part)]
    known = [*kinks(law), *np.geomspace(1e4, 1e8, 50)]
    ends = [-math.log(chance) for loss in known if 1e-15 < (chance := law.survival(loss)) < 1]
    edges = np.unique([0.0, *np.geomspace(1e-9, 0.5, 20), *np.arange(1.0, 34.5), *ends])
    half = np.diff(edges)[:, None] / 2
    t = edges[:-1, None] + half * (1 + NODES)
    losses = np.array([law.quantile(-math.expm1(-one)) for one in t.flat]).reshape(t.shape)
    for order, wanted in ((1, law.mean), (2, law.variance + law.mean**2)):
        found = math.fsum((losses**order * np.exp(-t) * WEIGHTS * half).sum(axis=1))
        missing = 3 * math.exp(-34 * (1 - order * max([0.0, *tails])))
        assert found == pytest.approx(wanted, rel=max(missing, 1e-7))
        assert found != pytest.approx(wanted * 1.01, rel=max(missing, 1e-7)) or missing > 0.005


def has_tail(law: LossModel) -> bool:
    return isinstance(law, GpdTail | Pareto)


def parts_of(law: LossModel) -> list[LossModel]:
    return [part for _, part in law.parts] if isinstance(law, Mixture) else [law]


def test_moments_of_the_composed_by_their_formulas() -> None:
    tail = GpdTail(Uniform(0.0, 10.0), 8.0, 3.0, 0.25)  # P(Z > 8) = 0.2, mean excess 3/(1 − 1/4) = 4
    below, square_below = 0.8 * 4 + 0.2 * 8, 0.8 * 64 / 3 + 0.2 * 64
    excess_square = 2 * 9 / ((1 - 0.25) * (1 - 0.5))
    assert tail.mean == pytest.approx(below + 0.2 * 4)
    assert tail.variance == pytest.approx(square_below + 0.2 * (2 * 8 * 4 + excess_square) - tail.mean**2)
    mixed = Mixture(((0.25, Fixed(2.0)), (0.75, Uniform(0.0, 12.0))))
    assert mixed.mean == 0.25 * 2 + 0.75 * 6
    assert mixed.variance == pytest.approx(0.25 * 4 + 0.75 * (36 + 12) - mixed.mean**2)
    sample = Empirical("x", (1.0, 2.0, 6.0))
    assert (sample.mean, sample.variance) == (3.0, pytest.approx(14 / 3))
    assert (Fixed(3.0).mean, Fixed(3.0).variance) == (3.0, 0.0)
    assert Pert(1.0, 2.0, 9.0).mean == 3.0


@pytest.mark.parametrize(
    ("law", "mean", "variance"),
    [
        (Pareto(1.0, 1.0), False, False),
        (Pareto(1.0, 2.0), True, False),
        (GpdTail(BODY, 2e7, 8e6, 0.5), True, False),
        (GpdTail(BODY, 2e7, 8e6, 1.0), False, False),
        (GpdTail(Lognormal(5e6, 1), 2e7, 8e6, 10.0), False, False),
        (Mixture(((0.999, Fixed(1.0)), (0.001, Pareto(1.0, 1.5)))), True, False),
        (Mixture(((0.999, Fixed(1.0)), (0.001, Pareto(1.0, 0.5)))), False, False),
        (GpdTail(Pareto(1.0, 0.5), 9.0, 1.0, 0.0), True, True),
    ],
    ids=str,
)
def test_where_there_is_no_moment_it_is_infinite(law: LossModel, mean: bool, variance: bool) -> None:
    for one in (law, Severity(law), Severity(law, 1.5)):
        assert math.isfinite(one.mean) == mean, one
        assert math.isfinite(one.variance) == variance, one
    capped = Severity(law, 1.5, 1e9)
    assert math.isfinite(capped.mean)
    assert math.isfinite(capped.variance)


# ---------------------------------------------------------------- deductible and cap


@pytest.mark.parametrize("law", [*ORDINARY, Fixed(3e6), Empirical("x", (1e6, 3e6, 8e6))], ids=str)
def test_deductible_and_cap(law: LossModel) -> None:
    """The moments by the limited ones, near the middle where nothing cancels; survival and quantiles by hand."""
    low, cap = 1.5e6, 4e6
    one = Severity(law, low, cap)
    first = law.limited_mean(low + cap) - law.limited_mean(low)
    square = law.limited_square(low + cap) - law.limited_square(low) - 2 * low * first
    assert one.mean == pytest.approx(first, rel=1e-12)
    assert one.square == pytest.approx(square, rel=1e-11)
    assert one.variance == pytest.approx(square - first**2, rel=1e-10, abs=1e-3)
    assert (one.survival(-1.0), one.survival(cap), one.survival(0.0)) == (1.0, 0.0, law.survival(low))
    assert one.survival(1e6) == law.survival(low + 1e6)
    for p in (0.01, 0.5, 0.9, 0.999):
        assert one.quantile(p) == min(max(law.quantile(p) - low, 0.0), cap)
    whole = Severity(law)
    assert (whole.mean, whole.variance) == (pytest.approx(law.mean), law.variance)


def test_limited_moments_below_everything() -> None:
    for law in [*SMOOTH, Fixed(3e6), Empirical("x", (1e6, 3e6))]:
        assert (law.limited_mean(0.0), law.limited_mean(-1.0), law.limited_square(0.0), law.limited_square(-1.0)) == (
            0,
            0,
            0,
            0,
        )


def test_a_loss_that_never_passes_its_deductible() -> None:
    for law in (
        Uniform(1e6, 5e6),
        Pert(1e6, 2e6, 5e6),
        Fixed(5e6),
        Empirical("x", (1e6, 5e6)),
        GpdTail(Uniform(0, 5e6), 3e6, 1e6, -0.5),
    ):
        one = Severity(law, 5e6)
        assert (one.mean, one.square, one.variance, one.quantile(0.999)) == (0, 0, 0, 0), law


# ---------------------------------------------------------------- tails


@pytest.mark.parametrize("shape", [-0.5, 0.0, 0.4, 2.0])
def test_a_tail_joins_its_body(shape: float) -> None:
    law = GpdTail(BODY, 20e6, 8e6, shape)
    for loss in (1e6, 19.9e6, 20e6):
        assert law.survival(loss) == BODY.survival(loss)
    assert law.survival(20e6 * (1 + EPS)) == pytest.approx(BODY.survival(20e6))
    above = BODY.survival(20e6)
    assert law.quantile(1 - above) == pytest.approx(20e6)
    assert law.survival(28e6) == pytest.approx(above * ((1 + shape) ** (-1 / shape) if shape else math.exp(-1)))


def test_shapes_near_nought_are_the_exponential() -> None:
    """∂/∂shape of each moment is of its own size: a shape of 1e-9 is off by about that."""
    plain = GpdTail(BODY, 20e6, 8e6, 0.0)
    for shape in (-1e-9, 1e-9, 1e-12, 1e-15, 1e-300, 5e-324):
        law = GpdTail(BODY, 20e6, 8e6, shape)
        for of in (
            lambda one: one.mean,
            lambda one: one.variance,
            lambda one: one.limited_square(30e6),
            lambda one: one.quantile(0.9999),
            lambda one: one.survival(60e6),
        ):
            assert of(law) == pytest.approx(of(plain), rel=max(100 * abs(shape), 1e-13)), shape


def test_a_difference_quotient_would_not_do() -> None:
    """The control of ``ramp``'s series and points: at a small bend or span the plain quotient has lost its digits."""
    assert (growth(-1 + 1e-9, 2.0) - growth(-1, 2.0)) / 1e-9 != pytest.approx(ramp(-1 + 1e-12, 0.0, 2.0), rel=1e-9)
    assert ramp(-1.0, 1e-9, 2.0) == pytest.approx(1 - 3 * math.exp(-2), rel=1e-8)  # ∫ t e^−t
    assert growth(1.0, 1e-14) - growth(0.0, 1e-14) != pytest.approx(0.5e-28, rel=1e-3, abs=0)
    assert ramp(0.0, 1.0, 1e-14) == pytest.approx(0.5e-28, rel=1e-12, abs=0)


RATES, BENDS = (-2.0, -1.0, -0.9, 0.0, 0.5), (-0.5, -1e-4, 1e-6, 9.9e-4, 1e-3, 0.3, 1.0)


@pytest.mark.parametrize(("rate", "bend"), [(r, b) for r in RATES for b in BENDS if r < 0 or abs(b) >= 1e-3])
@pytest.mark.parametrize("span", [1e-9, 0.01, 0.3, 3.0, 40.0])
def test_integrals_of_exponentials(rate: float, span: float, bend: float) -> None:
    wanted, _ = integrate.quad(lambda t: math.exp(rate * t) * math.expm1(bend * t) / bend, 0, span, epsrel=1e-13, limit=400)
    assert ramp(rate, bend, span) == pytest.approx(wanted, rel=1e-11, abs=0)
    wanted, _ = integrate.quad(lambda t: math.exp(rate * t), 0, span, epsrel=1e-13, limit=400)
    assert growth(rate, span) == pytest.approx(wanted, rel=1e-12, abs=0)


# ---------------------------------------------------------------- frequencies


@pytest.mark.parametrize("rate", [1e-6, 0.05, 0.3, 1.0, 12.0])
def test_frequency_models(rate: float) -> None:
    poisson = stats.poisson(rate)
    assert (Poisson().variance(rate), Poisson().no_event(rate)) == (pytest.approx(poisson.var()), pytest.approx(poisson.pmf(0)))
    for cv in (0.001, 0.3, 1.2, 100.0):
        n = cv**-2
        law, model = stats.nbinom(n, n / (n + rate)), NegativeBinomial(cv)
        lost = 1e-9 + EPS * (n + rate) / rate  # scipy works with 1 − n/(n + rate)
        assert model.variance(rate) == pytest.approx(law.var(), rel=lost)
        assert model.no_event(rate) == pytest.approx(law.pmf(0), rel=1e-9)
        assert model.variance(rate) > poisson.var()
        assert model.no_event(rate) >= poisson.pmf(0)
    if rate <= 1:
        once = stats.bernoulli(rate)
        assert (Bernoulli().variance(rate), Bernoulli().no_event(rate)) == (
            pytest.approx(once.var()),
            pytest.approx(once.pmf(0)),
        )


# ---------------------------------------------------------------- values


@pytest.mark.parametrize("law", [*ORDINARY, Fixed(3e6), Empirical("x", (1e6, 3e6))], ids=str)
def test_laws_are_plain_values(law: LossModel) -> None:
    again = pickle.loads(pickle.dumps(Severity(law, 1.0, 2.0)))
    assert again == Severity(law, 1.0, 2.0)
    assert hash(again) == hash(Severity(law, 1.0, 2.0))
    assert repr(again) == repr(Severity(law, 1.0, 2.0))
    assert eval(repr(law)) == law  # a repr says everything: the key of the draws is made of it
