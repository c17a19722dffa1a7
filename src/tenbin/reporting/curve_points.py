"""The empirical exceedance curve of simulated years: exact points, as few as can be seen, with their sampling band."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CurvePoints", "WorldBand", "at_chance", "curve_points", "exceedance_at", "height_on_curve"]

FloatArray = NDArray[np.float64]

CELLS = 1100
"""Cells along each axis: finer than the printed picture has dots."""


@dataclass(frozen=True, slots=True, eq=False)
class CurvePoints:
    """A step function: ``chance[i]`` is the share of years above ``loss[i]``, and holds until ``loss[i + 1]``.

    loss, chance, low, high : shape (n_points,). The first point is at 0, the last at the largest loss, where no year is
    above. ``low`` and ``high`` bound the chance with 95 % confidence.
    """

    loss: FloatArray
    chance: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class WorldBand:
    """Between which chances of a worse year the worlds we hold possible lie, at each loss.

    loss : ascending, > 0, shape (n_points,). low, high : chances, same shape; a ``share`` of the worlds lies between them.
    """

    loss: FloatArray
    low: FloatArray
    high: FloatArray
    share: float


def exceedance_at(ordered: FloatArray, loss: float) -> float:
    """The share of the sorted years that are above ``loss``."""
    return 1.0 - float(np.searchsorted(ordered, loss, side="right")) / len(ordered)


def at_chance(ordered: FloatArray, chance: float) -> float:
    """The loss that a share ``chance`` of the sorted years reaches or exceeds."""
    return float(ordered[min(max(math.ceil(len(ordered) * (1 - chance)) - 1, 0), len(ordered) - 1)])


def height_on_curve(ordered: FloatArray, loss: float, wanted: float) -> float:
    """The point of the curve at ``loss`` nearest to ``wanted``: where many years are equal the curve is upright there."""
    above = exceedance_at(ordered, loss)
    not_below = 1.0 - float(np.searchsorted(ordered, loss, side="left")) / len(ordered)
    return min(max(wanted, above), not_below)


def curve_points(ordered: FloatArray, confidence: float = 0.95, cells: int = CELLS) -> CurvePoints:
    """Thin the curve of sorted annual losses without moving any point of it.

    Kept are the years next to an even grid in the logarithm of loss and next to one in the logarithm of chance; so between
    two kept points the curve leaves neither's cell. The band is the binomial one of order statistics (Clopper & Pearson):
    turned by a quarter it gives, for each chance, the two order statistics that enclose the quantile.

    Parameters
    ----------
    ordered : annual losses in ascending order, shape (n_trials,), ≥ 0.
    confidence : of the band, at each point by itself.
    cells : of the grids; two hundred are enough for a small picture.

    References
    ----------
    Clopper & Pearson (1934), Biometrika 26; David & Nagaraja, Order Statistics, section 7.1.
    """
    from scipy.special import betaincinv

    n_trials = len(ordered)
    n_zero = int(np.searchsorted(ordered, 0.0, side="right"))
    positive = ordered[n_zero:]
    if len(positive) > 4 * cells:
        edges = np.geomspace(positive[0], positive[-1], cells)
        by_loss = np.searchsorted(positive, edges)
        by_chance = len(positive) - np.geomspace(1, len(positive), cells).astype(np.int64)
        ranks = np.concatenate([by_loss, by_chance, [0, len(positive) - 1]])
        positive = positive[np.unique(np.clip(ranks, 0, len(positive) - 1))]
    loss = np.concatenate([[0.0], np.unique(positive)])
    above = n_trials - np.searchsorted(ordered, loss, side="right")
    tail = (1 - confidence) / 2
    low = np.where(above > 0, betaincinv(np.maximum(above, 1), n_trials - above + 1, tail), 0.0)
    high = np.where(above < n_trials, betaincinv(above + 1, np.maximum(n_trials - above, 1), 1 - tail), 1.0)
    return CurvePoints(loss, above / n_trials, low, high)
