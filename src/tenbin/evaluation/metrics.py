"""Statistics of annual loss, as pure functions, and their sampling errors by influence functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "exceedance_probability",
    "partitioned",
    "quantile_rank",
    "tail_size",
    "tail_value_at_risk",
    "tvar_influence",
    "value_at_risk",
    "var_density",
    "var_influence",
]

FloatArray = NDArray[np.float64]
Confidence = float | Decimal


def _exact(confidence: Confidence) -> Fraction:
    """The confidence as the decimal that was written: 0.95 is 95/100."""
    return Fraction(Decimal(str(confidence)))


def quantile_rank(n_trials: int, confidence: Confidence) -> int:
    """⌈α N⌉: the rank, from 1, of the order statistic that is VaR_α."""
    return max(1, math.ceil(_exact(confidence) * n_trials))


def tail_size(n_trials: int, confidence: Confidence) -> Fraction:
    """(1 − α) N, exact; ``ValueError`` when below 1: no year lies in the tail."""
    k = (1 - _exact(confidence)) * n_trials
    if k < 1:
        raise ValueError(f"no year of {n_trials:,} lies in the tail beyond {confidence}; take more years")
    return k


def partitioned(annual_loss: FloatArray, places: Sequence[int]) -> FloatArray:
    """Annual losses with those at the given places, from 0, where sorting would put them.

    The years without any loss are set aside first: among many equal values numpy's partition takes twenty times as long.
    """
    positive = annual_loss[annual_loss > 0]
    n_zero = len(annual_loss) - len(positive)
    within = sorted({place - n_zero for place in places if place >= n_zero})
    return np.concatenate((np.zeros(n_zero), np.partition(positive, within) if within else positive))


def value_at_risk(annual_loss: FloatArray, confidence: Confidence) -> float:
    """The annual loss that is not exceeded with probability ``confidence``: the ⌈αN⌉-th smallest.

    Parameters
    ----------
    annual_loss : shape (n_trials,), in the case's currency, ≥ 0.
    confidence : α in (0, 1).
    """
    rank = quantile_rank(len(annual_loss), confidence)
    return float(partitioned(annual_loss, [rank - 1])[rank - 1])


def tail_value_at_risk(annual_loss: FloatArray, confidence: Confidence) -> float:
    """Mean annual loss over the worst ``1 - confidence`` of the years.

    TVaR_α = (1/k) Σ of the k = (1−α)N largest losses, the last one counted in part.

    Parameters
    ----------
    annual_loss : shape (n_trials,), in the case's currency, ≥ 0.
    confidence : α in (0, 1).

    Raises
    ------
    ValueError : when (1−α)·n_trials < 1: no year lies in the tail.

    References
    ----------
    Rockafellar & Uryasev (2002), J. Banking & Finance 26.
    """
    k = tail_size(len(annual_loss), confidence)
    threshold = value_at_risk(annual_loss, confidence)
    return tail_mean(annual_loss[annual_loss > threshold], threshold, k)


def tail_mean(above: FloatArray, threshold: float, k: Fraction) -> float:
    """TVaR from the losses above VaR, in the order of their years; losses equal to VaR fill the tail up to k."""
    return float((above.sum() + (float(k) - len(above)) * threshold) / float(k))


def exceedance_probability(annual_loss: FloatArray, loss: float) -> float:
    """The share of years with more than ``loss``."""
    return float(np.count_nonzero(annual_loss > loss) / len(annual_loss))


def tvar_influence(annual_loss: FloatArray, threshold: float, confidence: Confidence) -> FloatArray:
    """Each year's part in TVaR, t + (L − t)⁺ / (1 − α): its mean is TVaR, its spread over √N the standard error."""
    return threshold + np.maximum(annual_loss - threshold, 0.0) / float(1 - _exact(confidence))


def var_density(sorted_loss: FloatArray, rank: int, half_width: int) -> float:
    """Density of annual loss at an order statistic, from a window of ranks; 0 when the window has no width."""
    low, high = max(rank - 1 - half_width, 0), min(rank - 1 + half_width, len(sorted_loss) - 1)
    width = float(sorted_loss[high] - sorted_loss[low])
    return (high - low) / (len(sorted_loss) * width) if width > 0 else 0.0


def var_influence(annual_loss: FloatArray, threshold: float, density: float, confidence: Confidence) -> FloatArray:
    """Each year's part in VaR, t + (1{L > t} − (1 − α)) / f(t)."""
    above = (annual_loss > threshold).astype(np.float64)
    return np.asarray(threshold + (above - float(1 - _exact(confidence))) / density)
