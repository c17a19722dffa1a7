"""Belief about a parameter, and what laws become of it.

Belief is split normal: X = likely' + σ₁Z for Z < 0 and likely' + σ₂Z above, Z standard normal, so that ``likely`` is the
median and low and high are the 5 % and 95 % points: σ₁ = (likely' − low')/z₉₅, σ₂ = (high' − likely')/z₉₅. Frequencies and
amounts live in the logarithm (X = ln λ), effects in X = −ln(1 − e). Hence

    E λ = likely · (e^{σ₁²/2} Φ(−σ₁) + e^{σ₂²/2} Φ(σ₂)).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from oracles.laws import Array
from oracles.risk import Compound

Z95 = float(stats.norm.ppf(0.95))


@dataclass(frozen=True)
class Belief:
    """A split normal X."""

    median: float
    below: float
    above: float

    def quantile(self, p: Array) -> Array:
        """X at probabilities."""
        z = stats.norm.ppf(p)
        return self.median + np.where(z < 0, self.below, self.above) * z

    def cdf(self, x: Array) -> Array:
        """P(X ≤ x), for a belief with width."""
        off = np.asarray(x) - self.median
        return stats.norm.cdf(off / np.where(off < 0, self.below, self.above))

    def exponential(self, order: float = 1.0) -> float:
        """E e^{order·X}."""
        one, two = order * self.below, order * self.above
        parts = math.exp(one**2 / 2) * stats.norm.cdf(-one) + math.exp(two**2 / 2) * stats.norm.cdf(two)
        return float(math.exp(order * self.median) * parts)

    def spread(self, order: float = 1.0) -> float:
        """Standard deviation of e^{order·X}."""
        return math.sqrt(self.exponential(2 * order) - self.exponential(order) ** 2)

    def nodes(self, n: int = 20) -> tuple[Array, Array]:
        """Values of X and weights: Gauss–Legendre on each half of Z, out to six standard deviations."""
        t, weight = np.polynomial.legendre.leggauss(n)
        z = 3.0 * (t + 1)
        weights = 3.0 * weight * stats.norm.pdf(z)
        values = np.concatenate([self.median - self.below * z[::-1], self.median + self.above * z])
        both = np.concatenate([weights[::-1], weights])
        return values, both / both.sum()


def amount(low: float, likely: float, high: float) -> Belief:
    """Of ln of a frequency or an amount."""
    return Belief(math.log(likely), math.log(likely / low) / Z95, math.log(high / likely) / Z95)


def effect(low: float, likely: float, high: float) -> Belief:
    """Of −ln(1 − e): the larger, the more is removed."""
    a, b, c = (-math.log(1 - e) for e in (low, likely, high))
    return Belief(b, (b - a) / Z95, (c - b) / Z95)


def largest(one: Belief, other: Belief, order: float) -> float:
    """E e^{−order·max(X, Y)}, X and Y independent: e^{−order·m} + ∫_m^∞ −order·e^{−order·x}(1 − F(x)G(x)) dx from far below."""
    start = min(b.median - 9 * b.below for b in (one, other))
    stop = max(b.median + 9 * b.above for b in (one, other))
    t, weight = np.polynomial.legendre.leggauss(400)
    total = math.exp(-order * start)
    for low, high in zip(cuts := sorted({start, one.median, other.median, stop}), cuts[1:], strict=False):
        x = low + (high - low) * (t + 1) / 2
        tail = 1 - one.cdf(x) * other.cdf(x)
        total -= float(order * (high - low) / 2 * weight @ (np.exp(-order * x) * tail))
    return total


def mixture(laws: Sequence[Compound], weights: Array) -> Compound:
    """The law of a year whose world is one of these with these chances."""
    pieces = list(zip(weights, laws, strict=True))
    return Compound(
        laws[0].step,
        sum(w * law.down for w, law in pieces),
        sum(w * law.up for w, law in pieces),
        sum(float(w) * law.lost for w, law in pieces),
    )


def over(belief: Belief, law: Callable[[float], Compound], n: int = 20) -> Compound:
    """The mixture of ``law(e^X)`` over a belief."""
    values, weights = belief.nodes(n)
    return mixture([law(math.exp(x)) for x in values], weights)
