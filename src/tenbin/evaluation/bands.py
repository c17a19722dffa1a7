"""What we do not know, drawn: the annual loss in each world we hold possible, net of sampling noise.

A world has a few hundred or thousand years of its own: what its tail looks like in them is its law and noise, and the noise alone
makes worlds look more different than they are. So worlds are told apart by their law (``worldlaw``), which has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation.expected import ExpectedLoss
from tenbin.evaluation.worldlaw import law_by_world
from tenbin.model import Case

__all__ = ["CurveBand", "WorldCurves", "band"]

FloatArray = NDArray[np.float64]

POINTS = 128
"""Of each grid."""
FINER, GRIDS = 6.0, 6
"""Grids, each so many times finer than the one before, and their number: from the worst loss down to a ten-thousandth of it."""
BEYOND = 3.0
"""Laws reach so many times the worst annual loss that was simulated."""


@dataclass(frozen=True, slots=True, eq=False)
class CurveBand:
    """Between which chances of a worse year the worlds lie at each loss: shape (n_points,) each; ``level``: the share of them that does."""

    loss: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray
    level: float


@dataclass(frozen=True, slots=True, eq=False)
class WorldCurves:
    """The chance of a year worse than a loss, in each world.

    loss : ascending from above 0, shape (n_points,). chance, excess : of a year beyond it, and the mean excess over it, shape (n_worlds,
    n_points). expected : annual loss in closed form, shape (n_worlds,).
    """

    loss: FloatArray
    chance: FloatArray
    excess: FloatArray
    expected: FloatArray

    @classmethod
    def of(
        cls, case: Case, expected: ExpectedLoss, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool], worst: float
    ) -> WorldCurves:
        """The laws of a case in the worlds of its years.

        Parameters
        ----------
        expected : of the years' structure, with the frequencies. phi, gamma : log reductions, shape (n_worlds, n_scenarios).
        worst : the largest annual loss simulated, > 0.
        """
        own = expected.frequency * np.exp(-phi)
        mean = expected.by_world(phi, gamma, scope)
        parts = []
        for n in range(GRIDS):
            top = BEYOND * worst / FINER**n
            law = law_by_world(case, own, gamma, scope, top, POINTS, phi)
            places = top / (POINTS - 0.5) * np.arange(POINTS)
            ends = places + places[1] / 2
            chance = np.clip(1 - np.cumsum(law, axis=1), 0.0, 1.0)
            excess = np.maximum(mean[:, None] - np.cumsum(law * places, axis=1) - ends * chance, 0.0)
            # a finer grid knows its own part better
            kept = ends > top / FINER if n < GRIDS - 1 else np.ones(POINTS, np.bool_)
            parts.append((ends[kept], chance[:, kept], excess[:, kept]))
        loss, chance, excess = (np.concatenate(part, axis=-1) for part in zip(*reversed(parts), strict=True))
        return cls(loss, np.minimum.accumulate(chance, axis=1), excess, mean)

    def value_at_risk(self, confidence: Decimal) -> FloatArray:
        """Of each world, shape (n_worlds,); 0 where more years than that have no loss."""
        share = float(1 - confidence)
        found = np.array([np.interp(-share, -chance, self.loss) for chance in self.chance])
        return np.where(self.chance[:, 0] <= share, 0.0, found)

    def tail_value_at_risk(self, confidence: Decimal) -> FloatArray:
        """Of each world, shape (n_worlds,): the least of loss + excess / (1 − confidence)."""
        share = float(1 - confidence)
        at = np.minimum((self.loss + self.excess / share).min(axis=1), self.expected / share)
        return np.asarray(np.maximum(at, self.expected))

    def curve_band(self, level: float) -> CurveBand:
        """Between which chances the worlds lie at each loss."""
        tail = (1 - level) / 2
        low, median, high = np.quantile(self.chance, (tail, 0.5, 1 - tail), axis=0)
        return CurveBand(self.loss, low, median, high, level)


def band(values: FloatArray, level: float) -> tuple[float, float, float]:
    """Low end, median and high end of what a share ``level`` of the worlds have."""
    tail = (1 - level) / 2
    low, median, high = np.quantile(values, (tail, 0.5, 1 - tail))
    return float(low), float(median), float(high)
