"""Laws made of others: a generalised Pareto tail on a body, and mixtures."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenbin.model.laws.calculus import growth, ramp
from tenbin.model.laws.plain import BodyLaw

__all__ = ["GpdTail", "Mixture"]


@dataclass(frozen=True, slots=True)
class GpdTail:
    """A body below ``start``; above it P(Z > z) = P_body(Z > start)·(1 + shape·(z − start)/scale)^(−1/shape).

    Shape 0 is exponential; below 0 the support ends at start − scale/shape; no finite mean at shape ≥ 1, no finite variance at
    shape ≥ 1/2.

    References
    ----------
    Pickands (1975), Annals of Statistics 3: excesses over a high threshold are nearly generalised Pareto.
    """

    body: BodyLaw
    start: float
    scale: float
    shape: float

    @property
    def mean(self) -> float:
        return self.limited_mean(math.inf)

    @property
    def variance(self) -> float:
        square = self.limited_square(math.inf)
        return square if math.isinf(square) else square - self.mean**2

    def _exponent(self, excess: float) -> float:
        """−ln of the tail's survival at an excess over ``start``."""
        ratio = self.shape * excess / self.scale
        if abs(ratio) < 1e-16:
            return excess / self.scale
        return math.log1p(ratio) / self.shape if ratio > -1 else math.inf

    def survival(self, loss: float) -> float:
        if loss <= self.start:
            return self.body.survival(loss)
        return self.body.survival(self.start) * math.exp(-self._exponent(loss - self.start))

    def quantile(self, p: float) -> float:
        above = self.body.survival(self.start)
        if 1 - p >= above:
            return min(self.body.quantile(p), self.start)
        return self.start + self.scale * growth(self.shape, math.log(above / (1 - p)) if p < 1 else math.inf)

    def limited_mean(self, limit: float) -> float:
        if limit <= self.start:
            return self.body.limited_mean(limit)
        excess = self.scale * growth(self.shape - 1, self._exponent(limit - self.start))
        return self.body.limited_mean(self.start) + self.body.survival(self.start) * excess

    def limited_square(self, limit: float) -> float:
        if limit <= self.start:
            return self.body.limited_square(limit)
        span = self._exponent(limit - self.start)
        linear = self.scale * growth(self.shape - 1, span)
        square = 2 * self.scale**2 * ramp(self.shape - 1, self.shape, span)
        return self.body.limited_square(self.start) + self.body.survival(self.start) * (2 * self.start * linear + square)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Each event follows one of the parts; ``parts`` are (weight, law), the weights positive and adding up to 1."""

    parts: tuple[tuple[float, BodyLaw | GpdTail], ...]

    @property
    def mean(self) -> float:
        return math.fsum(weight * law.mean for weight, law in self.parts)

    @property
    def variance(self) -> float:
        mean = self.mean
        if math.isinf(mean):
            return math.inf
        return math.fsum(weight * (law.variance + (law.mean - mean) ** 2) for weight, law in self.parts)

    def survival(self, loss: float) -> float:
        return math.fsum(weight * law.survival(loss) for weight, law in self.parts)

    def quantile(self, p: float) -> float:
        """Found by halving the interval between the parts' own quantiles, to the last digit."""
        ends = [law.quantile(p) for _, law in self.parts]
        low, high = min(ends), max(ends)
        while math.isfinite(high):
            middle = low + (high - low) / 2
            if not low < middle < high:
                break
            if self.survival(middle) <= 1 - p:
                high = middle
            else:
                low = middle
        return high

    def limited_mean(self, limit: float) -> float:
        return math.fsum(weight * law.limited_mean(limit) for weight, law in self.parts)

    def limited_square(self, limit: float) -> float:
        return math.fsum(weight * law.limited_square(limit) for weight, law in self.parts)
