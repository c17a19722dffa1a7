"""Laws of one piece; see the room's docstring for what each method is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from tenbin.model.laws.calculus import growth, power

__all__ = ["BodyLaw", "Empirical", "Fixed", "Gamma", "Lognormal", "Pareto", "Pert", "Uniform", "Weibull"]

Z95 = float(special.ndtri(0.95))


class ByMoments:
    """A law that knows ``_below(order, limit)`` = E[Z^order; Z ≤ limit]: its limited moments follow."""

    __slots__ = ()

    def _below(self, order: int, limit: float) -> float:
        raise NotImplementedError

    def survival(self, loss: float) -> float:
        """P(Z > loss)."""
        raise NotImplementedError

    def limited_mean(self, limit: float) -> float:
        """E[min(Z, limit)]."""
        if limit <= 0:
            return 0.0
        below = self._below(1, limit)
        return below if math.isinf(limit) else below + limit * self.survival(limit)

    def limited_square(self, limit: float) -> float:
        """E[min(Z, limit)²]."""
        if limit <= 0:
            return 0.0
        below = self._below(2, limit)
        return below if math.isinf(limit) else below + limit**2 * self.survival(limit)


@dataclass(frozen=True, slots=True)
class Lognormal(ByMoments):
    """ln Z ~ Normal(ln median, sigma)."""

    median: float
    sigma: float

    @classmethod
    def from_interval(cls, p05: float, p95: float) -> Lognormal:
        """The lognormal with 5 % of its mass below ``p05`` and 5 % above ``p95``."""
        return cls(math.sqrt(p05) * math.sqrt(p95), math.log(p95 / p05) / (2 * Z95))

    @property
    def mean(self) -> float:
        return self.median * math.exp(self.sigma**2 / 2)

    @property
    def variance(self) -> float:
        return self.mean**2 * math.expm1(self.sigma**2)

    def survival(self, loss: float) -> float:
        if loss <= 0:
            return 1.0
        return float(special.ndtr(-math.log(loss / self.median) / self.sigma))

    def quantile(self, p: float) -> float:
        return self.median * math.exp(self.sigma * float(special.ndtri(p)))

    def _below(self, order: int, limit: float) -> float:
        whole = self.median**order * math.exp((order * self.sigma) ** 2 / 2)
        if math.isinf(limit):
            return whole
        return whole * float(special.ndtr(math.log(limit / self.median) / self.sigma - order * self.sigma))


@dataclass(frozen=True, slots=True)
class Gamma(ByMoments):
    """Gamma with the given mean and coefficient of variation."""

    mean: float
    cv: float

    @property
    def shape(self) -> float:
        return float(self.cv**-2)

    @property
    def scale(self) -> float:
        return self.mean * self.cv**2

    @property
    def variance(self) -> float:
        return (self.mean * self.cv) ** 2

    def survival(self, loss: float) -> float:
        return float(special.gammaincc(self.shape, max(loss, 0.0) / self.scale))

    def quantile(self, p: float) -> float:
        return self.scale * float(special.gammaincinv(self.shape, p))

    def _below(self, order: int, limit: float) -> float:
        whole = self.mean**order * (1.0 if order == 1 else 1 + self.cv**2)
        return whole * float(special.gammainc(self.shape + order, limit / self.scale))


@dataclass(frozen=True, slots=True)
class Weibull(ByMoments):
    """P(Z > z) = exp(−(z / scale)^shape); a shape below 1 has a tail heavier than the exponential's."""

    scale: float
    shape: float

    @property
    def mean(self) -> float:
        return self.scale * math.gamma(1 + 1 / self.shape)

    @property
    def variance(self) -> float:
        return self.scale**2 * (math.gamma(1 + 2 / self.shape) - math.gamma(1 + 1 / self.shape) ** 2)

    def survival(self, loss: float) -> float:
        return math.exp(-power(max(loss, 0.0) / self.scale, self.shape))

    def quantile(self, p: float) -> float:
        return self.scale * power(-math.log1p(-p), 1 / self.shape) if p < 1 else math.inf

    def _below(self, order: int, limit: float) -> float:
        whole = self.scale**order * math.gamma(1 + order / self.shape)
        return whole * float(special.gammainc(1 + order / self.shape, power(limit / self.scale, self.shape)))


@dataclass(frozen=True, slots=True)
class Pareto:
    """P(Z > z) = (minimum / z)^alpha above the minimum; no finite mean at alpha ≤ 1, no finite variance at alpha ≤ 2."""

    minimum: float
    alpha: float

    @property
    def mean(self) -> float:
        return self.limited_mean(math.inf)

    @property
    def variance(self) -> float:
        if self.alpha <= 2:
            return math.inf
        return self.minimum**2 * self.alpha / ((self.alpha - 1) ** 2 * (self.alpha - 2))

    def survival(self, loss: float) -> float:
        return 1.0 if loss <= self.minimum else float((self.minimum / loss) ** self.alpha)

    def quantile(self, p: float) -> float:
        return self.minimum * power(1 - p, -1 / self.alpha)

    def limited_mean(self, limit: float) -> float:
        if limit <= self.minimum:
            return max(limit, 0.0)
        return self.minimum * (1 + growth(1 - self.alpha, math.log(limit / self.minimum)))

    def limited_square(self, limit: float) -> float:
        if limit <= self.minimum:
            return max(limit, 0.0) ** 2
        return self.minimum**2 * (1 + 2 * growth(2 - self.alpha, math.log(limit / self.minimum)))


@dataclass(frozen=True, slots=True)
class Uniform(ByMoments):
    """Every loss between low and high equally likely."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        return self.low + (self.high - self.low) / 2

    @property
    def variance(self) -> float:
        return (self.high - self.low) ** 2 / 12

    def survival(self, loss: float) -> float:
        return min(max((self.high - loss) / (self.high - self.low), 0.0), 1.0)

    def quantile(self, p: float) -> float:
        return self.low + p * (self.high - self.low)

    def _below(self, order: int, limit: float) -> float:
        top = min(max(limit, self.low), self.high)
        mean = (top + self.low) / 2 if order == 1 else (top**2 + top * self.low + self.low**2) / 3
        return mean * (top - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Pert:
    """Beta-PERT: a bounded guess with a most likely loss; mean (low + 4·mode + high) / 6.

    Z = low + (high − low)·B, B ~ Beta(α, β) with α = 1 + 4 (mode − low)/(high − low), β = 6 − α.
    """

    low: float
    mode: float
    high: float

    @property
    def alpha(self) -> float:
        return 1 + 4 * (self.mode - self.low) / (self.high - self.low)

    @property
    def beta(self) -> float:
        return 1 + 4 * (self.high - self.mode) / (self.high - self.low)

    @property
    def mean(self) -> float:
        return (self.low + 4 * self.mode + self.high) / 6

    @property
    def variance(self) -> float:
        return (self.mean - self.low) * (self.high - self.mean) / 7

    def _share(self, loss: float) -> float:
        return min(max((loss - self.low) / (self.high - self.low), 0.0), 1.0)

    def survival(self, loss: float) -> float:
        return float(special.betainc(self.beta, self.alpha, 1 - self._share(loss)))

    def quantile(self, p: float) -> float:
        return self.low + (self.high - self.low) * float(special.betaincinv(self.alpha, self.beta, p))

    def _limited(self, order: int, limit: float) -> float:
        """E[min(B, x)^order] at the limit's x."""
        x = self._share(limit)
        whole = self.alpha / 6 * (1.0 if order == 1 else (self.alpha + 1) / 7)
        return whole * float(special.betainc(self.alpha + order, self.beta, x)) + x**order * self.survival(limit)

    def limited_mean(self, limit: float) -> float:
        if limit <= self.low:
            return max(limit, 0.0)
        return self.low + (self.high - self.low) * self._limited(1, limit)

    def limited_square(self, limit: float) -> float:
        if limit <= self.low:
            return max(limit, 0.0) ** 2
        width = self.high - self.low
        return self.low**2 + 2 * self.low * width * self._limited(1, limit) + width**2 * self._limited(2, limit)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Every event costs the same."""

    amount: float

    @property
    def mean(self) -> float:
        return self.amount

    @property
    def variance(self) -> float:
        return 0.0

    def survival(self, loss: float) -> float:
        return 1.0 if loss < self.amount else 0.0

    def quantile(self, p: float) -> float:
        return self.amount

    def limited_mean(self, limit: float) -> float:
        return min(self.amount, max(limit, 0.0))

    def limited_square(self, limit: float) -> float:
        return self.limited_mean(limit) ** 2


@dataclass(frozen=True, slots=True)
class Empirical:
    """Each of a sample's losses equally likely; ``losses`` sorted."""

    name: str
    losses: tuple[float, ...]

    @property
    def mean(self) -> float:
        return self.limited_mean(math.inf)

    @property
    def variance(self) -> float:
        mean = self.mean
        return math.fsum((loss - mean) ** 2 for loss in self.losses) / len(self.losses)

    def survival(self, loss: float) -> float:
        return sum(value > loss for value in self.losses) / len(self.losses)

    def quantile(self, p: float) -> float:
        rank = math.ceil(p * len(self.losses) - 1e-9)  # 0.07 × 100 is 7.000000000000001
        return self.losses[min(max(rank, 1), len(self.losses)) - 1]

    def limited_mean(self, limit: float) -> float:
        return math.fsum(min(value, max(limit, 0.0)) for value in self.losses) / len(self.losses)

    def limited_square(self, limit: float) -> float:
        return math.fsum(min(value, max(limit, 0.0)) ** 2 for value in self.losses) / len(self.losses)


BodyLaw = Lognormal | Gamma | Weibull | Pareto | Uniform | Pert | Fixed | Empirical
"""What a tail may be spliced onto."""
