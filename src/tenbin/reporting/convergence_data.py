"""How a metric settles as more simulated years are used: the data of its chart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Convergence"]

FloatArray = NDArray[np.float64]

SETTLED_FROM = 3
"""The movement that is told is that over the last so many points: from a quarter of the years on."""


@dataclass(frozen=True, slots=True, eq=False)
class Convergence:
    """A metric over ever longer beginnings of one sample.

    years : shape (n_points,), ascending; the last is the whole sample. value, low, high : shape (n_points,), the metric with its 95 %
    interval. limit : the target's, None without one. exact : the value in closed form where there is one. worlds_share : of the last
    interval's variance, what the worlds cause and more years do not take away; from 0 to 1.
    """

    metric: str
    years: NDArray[np.int64]
    value: FloatArray
    low: FloatArray
    high: FloatArray
    limit: float | None = None
    exact: float | None = None
    worlds_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no chart could show truly."""
        parts = (self.value, self.low, self.high)
        if not len(self.years) or any(part.shape != self.years.shape for part in parts):
            raise ValueError("every part of a convergence must have one amount for each number of years")
        if (np.diff(self.years) <= 0).any() or not all(np.isfinite(part).all() for part in parts):
            raise ValueError("the years of a convergence must ascend, and every amount must be finite")
        if any(amount is not None and not math.isfinite(amount) for amount in (self.limit, self.exact)):
            raise ValueError("a convergence's limit and exact value must be finite")

    @property
    def settled_from(self) -> int:
        """From so many years on the movement is told."""
        return int(self.years[-SETTLED_FROM:][0])

    @property
    def movement(self) -> float:
        """How far the value was from its last one since then, at most; as a share of the last one (``nan`` when that is 0)."""
        last = float(self.value[-1])
        return float(np.abs(self.value[-SETTLED_FROM:] - last).max()) / last if last else math.nan
