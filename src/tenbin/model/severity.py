"""The inherent loss of one event: a law with a deductible and a cap."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenbin.model.laws import LossModel

__all__ = ["Severity"]


@dataclass(frozen=True, slots=True)
class Severity:
    """The inherent loss of one event: ``min(max(Z − deductible, 0), cap)``, Z by ``model``.

    The deductible is taken off first; the cap bounds what remains. Moments are exact, in the case's currency; ``inf`` where there
    is none.
    """

    model: LossModel
    deductible: float = 0.0
    cap: float = math.inf

    @property
    def mean(self) -> float:
        """E[X]."""
        return self.model.layer_mean(self.deductible, self.deductible + self.cap)

    @property
    def square(self) -> float:
        """E[X²]."""
        return self.model.layer_square(self.deductible, self.deductible + self.cap)

    @property
    def variance(self) -> float:
        """E[X²] − E[X]²; the law's own where nothing is taken off."""
        if self.deductible == 0 and math.isinf(self.cap):
            return self.model.variance
        square = self.square
        return square if math.isinf(square) else max(square - self.mean**2, 0.0)

    def survival(self, loss: float) -> float:
        """P(loss of one event > ``loss``)."""
        if loss >= self.cap:
            return 0.0
        return 1.0 if loss < 0 else self.model.survival(loss + self.deductible)

    def quantile(self, p: float) -> float:
        """The smallest loss that an event exceeds with probability 1 − p at most."""
        return min(max(self.model.quantile(p) - self.deductible, 0.0), self.cap)
