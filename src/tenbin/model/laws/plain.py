"""Laws of one piece; see the room's docstring for what each method is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from tenbin.model.laws.calculus import growth, power, ramp, thin_layer

__all__ = ["BodyLaw", "Empirical", "Fixed", "Gamma", "Lognormal", "Pareto", "Pert", "Uniform", "Weibull"]

Z95 = float(special.ndtri(0.95))
NARROW = 1e-3
"""A layer thinner than this share of its own low end is integrated point by point: its moments about 0 would cancel."""


class Layered:
    """A law with layers: its limited moments follow."""

    __slots__ = ()

    def layer_mean(self, low: float, high: float) -> float:
        """E[X], X = min(max(Z − low, 0), high − low)."""
        raise NotImplementedError

    def layer_square(self, low: float, high: float) -> float:
        """E[X²], X = min(max(Z − low, 0), high − low)."""
        raise NotImplementedError

    def limited_mean(self, limit: float) -> float:
        """E[min(Z, limit)]."""
        return self.layer_mean(0.0, limit) if limit > 0 else 0.0

    def limited_square(self, limit: float) -> float:
        """E[min(Z, limit)²]."""
        return self.layer_square(0.0, limit) if limit > 0 else 0.0


class ByMoments(Layered):
    """A law that knows ``_between(order, low, high)`` = E[Z^order; low < Z ≤ high]: its layers follow."""

    __slots__ = ()

    def survival(self, loss: float) -> float:
        """P(Z > loss)."""
        raise NotImplementedError

    def _between(self, order: int, low: float, high: float) -> float:
        raise NotImplementedError

    def layer_mean(self, low: float, high: float) -> float:
        if high - low < NARROW * low:
            return thin_layer(self.survival, 1, low, high)
        within = self._between(1, low, high)
        if low > 0:
            within -= low * self._between(0, low, high)
        return within if math.isinf(high) else within + (high - low) * self.survival(high)

    def layer_square(self, low: float, high: float) -> float:
        if high - low < NARROW * low:
            return thin_layer(self.survival, 2, low, high)
        within = self._between(2, low, high)
        if low > 0:
            within += low * (low * self._between(0, low, high) - 2 * self._between(1, low, high))
        return within if math.isinf(high) else within + (high - low) ** 2 * self.survival(high)


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

    def _between(self, order: int, low: float, high: float) -> float:
        whole = self.median**order * math.exp((order * self.sigma) ** 2 / 2)
        first, last = (self._score(end) - order * self.sigma for end in (low, high))
        if first > 0:
            first, last = -last, -first
        return whole * float(special.ndtr(last) - special.ndtr(first))

    def _score(self, loss: float) -> float:
        if loss <= 0:
            return -math.inf
        return math.log(loss / self.median) / self.sigma


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

    def _between(self, order: int, low: float, high: float) -> float:
        whole = (1.0, self.mean, self.mean**2 * (1 + self.cv**2))[order]
        return whole * _gamma_between(self.shape + order, low / self.scale, high / self.scale)


def _gamma_between(shape: float, low: float, high: float) -> float:
    """P(low < G ≤ high) of a gamma with scale 1, by whichever tail is the smaller."""
    below = float(special.gammainc(shape, low))
    if below > 0.5:
        return float(special.gammaincc(shape, low) - special.gammaincc(shape, high))
    return float(special.gammainc(shape, high)) - below


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

    def _between(self, order: int, low: float, high: float) -> float:
        whole = self.scale**order * math.gamma(1 + order / self.shape)
        first, last = (power(end / self.scale, self.shape) for end in (low, high))
        return whole * _gamma_between(1 + order / self.shape, first, last)


@dataclass(frozen=True, slots=True)
class Pareto(Layered):
    """P(Z > z) = (minimum / z)^alpha above the minimum; no finite mean at alpha ≤ 1, no finite variance at alpha ≤ 2."""

    minimum: float
    alpha: float

    @property
    def mean(self) -> float:
        return self.minimum * self.alpha / (self.alpha - 1) if self.alpha > 1 else math.inf

    @property
    def variance(self) -> float:
        if self.alpha <= 2:
            return math.inf
        return self.minimum**2 * self.alpha / ((self.alpha - 1) ** 2 * (self.alpha - 2))

    def survival(self, loss: float) -> float:
        return 1.0 if loss <= self.minimum else float((self.minimum / loss) ** self.alpha)

    def quantile(self, p: float) -> float:
        return self.minimum * power(1 - p, -1 / self.alpha)

    def _span(self, low: float, high: float) -> tuple[float, float, float]:
        """What of a layer lies below the minimum, the loss that its rest begins at, and that rest's length in logarithms."""
        first = max(low, self.minimum)
        return max(min(high, self.minimum) - low, 0.0), first, math.log1p(max(high - first, 0.0) / first)

    def layer_mean(self, low: float, high: float) -> float:
        below, first, span = self._span(low, high)
        return below + first * self.survival(first) * growth(1 - self.alpha, span)

    def layer_square(self, low: float, high: float) -> float:
        below, first, span = self._span(low, high)
        rest = 2 * first * self.survival(first)
        return below**2 + rest * ((first - low) * growth(1 - self.alpha, span) + first * ramp(1 - self.alpha, 1.0, span))


@dataclass(frozen=True, slots=True)
class Uniform(Layered):
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

    def _inside(self, low: float, high: float) -> tuple[float, float, float]:
        """Where the losses inside a layer begin and end, from ``low``, and the chance of one."""
        first, last = (min(max(end, self.low), self.high) for end in (low, high))
        return first - low, last - low, (last - first) / (self.high - self.low)

    def layer_mean(self, low: float, high: float) -> float:
        first, last, chance = self._inside(low, high)
        return chance * (first + last) / 2 + _beyond(self, low, high, 1)

    def layer_square(self, low: float, high: float) -> float:
        first, last, chance = self._inside(low, high)
        return chance * (first**2 + first * last + last**2) / 3 + _beyond(self, low, high, 2)


def _beyond(law: Uniform | Pert, low: float, high: float, order: int) -> float:
    """What losses above a layer take of it."""
    return 0.0 if high >= law.high else (high - low) ** order * law.survival(high)


@dataclass(frozen=True, slots=True)
class Pert(Layered):
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

    def _place(self, loss: float) -> tuple[float, float]:
        """Where a loss lies between low and high, as shares of the way from either."""
        width = self.high - self.low
        return min(max((loss - self.low) / width, 0.0), 1.0), min(max((self.high - loss) / width, 0.0), 1.0)

    def survival(self, loss: float) -> float:
        return float(special.betainc(self.beta, self.alpha, self._place(loss)[1]))

    def quantile(self, p: float) -> float:
        return self.low + (self.high - self.low) * float(special.betaincinv(self.alpha, self.beta, p))

    def _holds_thin(self, low: float, high: float) -> bool:
        return self.low < low and high < self.high and high - low < NARROW * (low - self.low)

    def _between(self, order: int, low: float, high: float) -> float:
        """E[B^order; low < Z ≤ high]."""
        whole = (1.0, self.alpha / 6, self.alpha * (self.alpha + 1) / 42)[order]
        (first, above_first), (last, above_last) = self._place(low), self._place(high)
        alpha, beta = self.alpha + order, self.beta
        if first > alpha / (alpha + beta):
            return whole * float(special.betainc(beta, alpha, above_first) - special.betainc(beta, alpha, above_last))
        return whole * float(special.betainc(alpha, beta, last) - special.betainc(alpha, beta, first))

    def layer_mean(self, low: float, high: float) -> float:
        if self._holds_thin(low, high):
            return thin_layer(self.survival, 1, low, high)
        width, shift = self.high - self.low, self.low - low
        within = width * self._between(1, low, high) + shift * self._between(0, low, high)
        return within + _beyond(self, low, high, 1)

    def layer_square(self, low: float, high: float) -> float:
        if self._holds_thin(low, high):
            return thin_layer(self.survival, 2, low, high)
        width, shift = self.high - self.low, self.low - low
        within = width**2 * self._between(2, low, high)
        within += shift * (2 * width * self._between(1, low, high) + shift * self._between(0, low, high))
        return within + _beyond(self, low, high, 2)


@dataclass(frozen=True, slots=True)
class Fixed(Layered):
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

    def layer_mean(self, low: float, high: float) -> float:
        return _taken(self.amount, low, high)

    def layer_square(self, low: float, high: float) -> float:
        return _taken(self.amount, low, high) ** 2


def _taken(loss: float, low: float, high: float) -> float:
    """What of a loss lies in a layer."""
    return max(min(loss, high) - low, 0.0)


@dataclass(frozen=True, slots=True)
class Empirical(Layered):
    """Each of a sample's losses equally likely; ``losses`` sorted."""

    name: str
    losses: tuple[float, ...]

    @property
    def mean(self) -> float:
        return math.fsum(self.losses) / len(self.losses)

    @property
    def variance(self) -> float:
        mean = self.mean
        return math.fsum((loss - mean) ** 2 for loss in self.losses) / len(self.losses)

    def survival(self, loss: float) -> float:
        return sum(value > loss for value in self.losses) / len(self.losses)

    def quantile(self, p: float) -> float:
        rank = math.ceil(p * len(self.losses) - 1e-9)  # 0.07 × 100 is 7.000000000000001
        return self.losses[min(max(rank, 1), len(self.losses)) - 1]

    def layer_mean(self, low: float, high: float) -> float:
        return math.fsum(_taken(loss, low, high) for loss in self.losses) / len(self.losses)

    def layer_square(self, low: float, high: float) -> float:
        return math.fsum(_taken(loss, low, high) ** 2 for loss in self.losses) / len(self.losses)


BodyLaw = Lognormal | Gamma | Weibull | Pareto | Uniform | Pert | Fixed | Empirical
"""What a tail may be spliced onto."""
