"""Laws of a single event's loss, before measures: parameters and exact means; drawing is the simulation's."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

__all__ = ["Empirical", "Fixed", "Gamma", "Lognormal", "LossModel", "Pareto", "Severity"]

Z95 = float(special.ndtri(0.95))


@dataclass(frozen=True, slots=True)
class Lognormal:
    """ln Z ~ Normal(ln median, sigma)."""

    median: float
    sigma: float

    @classmethod
    def from_interval(cls, p05: float, p95: float) -> Lognormal:
        """The lognormal with 5 % of its mass below ``p05`` and 5 % above ``p95``."""
        return cls(math.sqrt(p05) * math.sqrt(p95), math.log(p95 / p05) / (2 * Z95))

    def survival(self, loss: float) -> float:
        if loss <= 0:
            return 1.0
        return float(special.ndtr(-math.log(loss / self.median) / self.sigma))

    def limited_mean(self, limit: float) -> float:
        mu, sigma = math.log(self.median), self.sigma
        mean = math.exp(mu + sigma**2 / 2)
        if math.isinf(limit):
            return mean
        if limit <= 0:
            return 0.0
        z = (math.log(limit) - mu) / sigma
        return float(mean * special.ndtr(z - sigma) + limit * special.ndtr(-z))


@dataclass(frozen=True, slots=True)
class Gamma:
    """Gamma with the given mean and coefficient of variation."""

    mean: float
    cv: float

    @property
    def shape(self) -> float:
        return float(self.cv**-2)

    @property
    def scale(self) -> float:
        return self.mean * self.cv**2

    def survival(self, loss: float) -> float:
        return float(special.gammaincc(self.shape, max(loss, 0.0) / self.scale))

    def limited_mean(self, limit: float) -> float:
        if math.isinf(limit):
            return self.mean
        if limit <= 0:
            return 0.0
        below = self.mean * float(special.gammainc(self.shape + 1, limit / self.scale))
        return float(below + limit * self.survival(limit))


@dataclass(frozen=True, slots=True)
class Pareto:
    """P(Z > z) = (minimum / z) ** alpha above the minimum; the mean is infinite at alpha ≤ 1 unless capped."""

    minimum: float
    alpha: float

    def survival(self, loss: float) -> float:
        return 1.0 if loss <= self.minimum else float((self.minimum / loss) ** self.alpha)

    def limited_mean(self, limit: float) -> float:
        if math.isinf(limit):
            return float(self.minimum * self.alpha / (self.alpha - 1)) if self.alpha > 1 else math.inf
        if limit <= self.minimum:
            return max(limit, 0.0)
        if self.alpha == 1:
            return self.minimum * (1 + math.log(limit / self.minimum))
        ratio = (self.minimum / limit) ** (self.alpha - 1)
        return float(self.minimum * (1 + (1 - ratio) / (self.alpha - 1)))


@dataclass(frozen=True, slots=True)
class Fixed:
    """Every event costs the same."""

    amount: float

    def survival(self, loss: float) -> float:
        return 1.0 if loss < self.amount else 0.0

    def limited_mean(self, limit: float) -> float:
        return min(self.amount, max(limit, 0.0))


@dataclass(frozen=True, slots=True)
class Empirical:
    """Each of a sample's losses equally likely; ``losses`` sorted."""

    name: str
    losses: tuple[float, ...]

    def survival(self, loss: float) -> float:
        return sum(value > loss for value in self.losses) / len(self.losses)

    def limited_mean(self, limit: float) -> float:
        return math.fsum(min(value, max(limit, 0.0)) for value in self.losses) / len(self.losses)


LossModel = Lognormal | Gamma | Pareto | Fixed | Empirical


@dataclass(frozen=True, slots=True)
class Severity:
    """The inherent loss of one event: ``min(max(Z − deductible, 0), cap)``, Z by ``model``.

    The deductible is taken off first; the cap bounds what remains.
    """

    model: LossModel
    deductible: float = 0.0
    cap: float = math.inf

    @property
    def mean(self) -> float:
        """Exact mean, in the case's currency; ``inf`` where there is none."""
        top = self.model.limited_mean(self.deductible + self.cap)
        if self.deductible == 0 or math.isinf(top):
            return top
        return top - self.model.limited_mean(self.deductible)

    def survival(self, loss: float) -> float:
        """P(loss of one event > ``loss``)."""
        if loss >= self.cap:
            return 0.0
        return 1.0 if loss < 0 else self.model.survival(loss + self.deductible)
