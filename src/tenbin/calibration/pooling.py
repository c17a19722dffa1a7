"""Experts' quantiles → one belief: a split lognormal for each expert, and two ways to put them together.

An expert's 5 %, 50 % and 95 % points are met exactly by a split normal in the logarithm (another spread to each side of the
median), as everywhere in tenbin. The *linear* pool averages the distributions: it is as wide as the disagreement, no expert has
a veto, and it is what the answer rests on. The *logarithmic* pool averages the logarithms of the densities: it keeps what all
agree on. It stands beside the other to show how much of the width is disagreement.

References
----------
Clemen & Winkler (1999), Risk Analysis 19; Cooke (1991), Experts in Uncertainty, chapters 11 and 12; Hora, Fransen, Hawkins &
Susel (2013), Decision Analysis 10; Lichtendahl, Grushka-Cockayne & Winkler (2013), Management Science 59.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["FARTHEST", "GRID", "Expert", "grid_quantiles", "linear_pool", "logarithmic_pool"]

FloatArray = NDArray[np.float64]

Z95 = float(special.ndtri(0.95))
FARTHEST = 6.0
GRID = 20_001
HALVINGS = 80


@dataclass(frozen=True, slots=True)
class Expert:
    """What an expert said, all > 0 and rising; weights add up to 1 over the experts."""

    name: str
    p05: float
    p50: float
    p95: float
    weight: float

    def _score(self, logs: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Standard scores, and the logarithm of the spread of their side."""
        low, high = (np.log(self.p50 / self.p05) / Z95, np.log(self.p95 / self.p50) / Z95)
        away = logs - np.log(self.p50)
        spread = np.where(away < 0, low, high)
        return away / spread, np.log(spread)

    def below(self, logs: FloatArray) -> FloatArray:
        """P(ln X ≤ log)."""
        return np.asarray(special.ndtr(self._score(logs)[0]))

    def log_density(self, logs: FloatArray) -> FloatArray:
        """Of ln X, up to a constant; it jumps at the median, where the spread changes."""
        score, log_spread = self._score(logs)
        return -(score**2) / 2 - log_spread

    def quantile(self, p: float) -> float:
        """At p = 5 %, 50 % and 95 % what was said."""
        score = float(special.ndtri(p))
        ratio = self.p95 / self.p50 if score > 0 else self.p50 / self.p05
        return float(self.p50 * ratio ** (score / Z95))


def linear_pool(experts: Sequence[Expert], probabilities: Sequence[float]) -> FloatArray:
    """Quantiles of the weighted average of the experts' distributions, by halving intervals that enclose them."""
    p = np.asarray(probabilities, np.float64)
    ends = np.log([[expert.quantile(float(one)) for one in p] for expert in experts])
    low, high = ends.min(axis=0), ends.max(axis=0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = np.sum([expert.weight * expert.below(middle) for expert in experts], axis=0) < p
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(np.exp((low + high) / 2))


def logarithmic_pool(experts: Sequence[Expert], probabilities: Sequence[float]) -> FloatArray:
    """Quantiles of the law whose density is the weighted geometric mean of the experts', on a fine grid of the logarithm."""
    reach = [float(special.ndtr(side * FARTHEST)) for side in (-1, 1)]
    ends = np.log([[expert.quantile(p) for p in reach] for expert in experts])
    grid = np.linspace(ends[:, 0].min(), ends[:, 1].max(), GRID)
    height = np.sum([expert.weight * expert.log_density(grid) for expert in experts], axis=0)
    return np.asarray(np.exp(grid_quantiles(grid, height, probabilities)))


def grid_quantiles(grid: FloatArray, log_density: FloatArray, probabilities: Sequence[float]) -> FloatArray:
    """Quantiles of a density known at even points, up to a factor, by the trapezoidal rule."""
    mass = np.exp(log_density - log_density.max())
    share = np.concatenate([[0.0], np.cumsum((mass[1:] + mass[:-1]) / 2)])
    return np.asarray(np.interp(probabilities, share / share[-1], grid))
