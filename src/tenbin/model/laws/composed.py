"""Laws made of others: a generalised Pareto tail on a body, and mixtures."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenbin.model.laws.calculus import growth, ramp
from tenbin.model.laws.plain import BodyLaw, Layered

__all__ = ["GpdTail", "Mixture"]


@dataclass(frozen=True, slots=True)
class GpdTail(Layered):
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

    def _exponent(self, excess: float, scale: float) -> float:
        """−ln of the chance of a greater excess, given the scale of excesses."""
        ratio = self.shape * excess / scale if self.shape else 0.0
        if abs(ratio) < 1e-16:
            return excess / scale
        return math.log1p(ratio) / self.shape if ratio > -1 else math.inf

    def survival(self, loss: float) -> float:
        if loss <= self.start:
            return self.body.survival(loss)
        return self.body.survival(self.start) * math.exp(-self._exponent(loss - self.start, self.scale))

    def quantile(self, p: float) -> float:
        above = self.body.survival(self.start)
        if 1 - p >= above:
            return min(self.body.quantile(p), self.start)
        return self.start + self.scale * growth(self.shape, math.log(above / (1 - p)) if p < 1 else math.inf)

    def _above(self, low: float, high: float) -> tuple[float, float, float]:
        """The tail's part of a layer: where it begins, the scale of excesses over that, and its length in −ln(survival)."""
        first = max(low, self.start)
        scale = max(self.scale + self.shape * (first - self.start), 0.0)
        return first, scale, self._exponent(high - first, scale) if scale > 0 else 0.0

    def layer_mean(self, low: float, high: float) -> float:
        if high <= self.start:
            return self.body.layer_mean(low, high)
        below = self.body.layer_mean(low, self.start) if low < self.start else 0.0
        first, scale, span = self._above(low, high)
        return below + self.survival(first) * scale * growth(self.shape - 1, span)

    def layer_square(self, low: float, high: float) -> float:
        if high <= self.start:
            return self.body.layer_square(low, high)
        below = self.body.layer_square(low, self.start) if low < self.start else 0.0
        first, scale, span = self._above(low, high)
        linear = scale * growth(self.shape - 1, span)
        return below + 2 * self.survival(first) * ((first - low) * linear + scale**2 * ramp(self.shape - 1, self.shape, span))


@dataclass(frozen=True, slots=True)
class Mixture(Layered):
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

    def layer_mean(self, low: float, high: float) -> float:
        return math.fsum(weight * law.layer_mean(low, high) for weight, law in self.parts)

    def layer_square(self, low: float, high: float) -> float:
        return math.fsum(weight * law.layer_square(low, high) for weight, law in self.parts)
