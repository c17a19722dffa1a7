"""How sure a metric of a sample is: standard errors by influence functions, over years and over worlds.

A metric's influence says what each year adds to it, so that the metric errs like a mean of the influences (Hampel 1974). Years of one
world share its parameters: their influences have a mean of their own, which other worlds would not have.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.evaluation.metrics import quantile_rank, tail_value_at_risk, tvar_influence, value_at_risk
from tenbin.model import Metric

__all__ = ["Estimate", "Spread", "error_of_mean", "estimate", "world_means", "world_sizes"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """A standard error in two parts: of the years, given the worlds; of the worlds, had they all years there are.

    The worlds' part takes them for independent; they are stratified, so that it errs on the safe side.
    """

    years: float
    worlds: float

    @property
    def total(self) -> float:
        return math.hypot(self.years, self.worlds)


def world_sizes(n_trials: int, n_worlds: int) -> NDArray[np.int64]:
    """Years of each world, which stand side by side: ⌈N/K⌉ in the first ones, ⌊N/K⌋ in the others."""
    sizes = np.full(n_worlds, n_trials // n_worlds, np.int64)
    sizes[: n_trials % n_worlds] += 1
    return sizes


def world_means(values: FloatArray, n_worlds: int) -> tuple[FloatArray, FloatArray]:
    """Mean and variance (of single years, unbiased) of a value by year in each world: shape (n_worlds,) each."""
    sizes = world_sizes(len(values), n_worlds)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    means = np.add.reduceat(values, starts) / sizes
    squares = np.add.reduceat((values - np.repeat(means, sizes)) ** 2, starts)
    return means, squares / np.maximum(sizes - 1, 1)


def error_of_mean(values: FloatArray, n_worlds: int = 1) -> Spread:
    """Standard error of the mean of a value by year, shape (n_trials,), in the worlds' order."""
    n = len(values)
    if n_worlds == 1:
        return Spread(float(np.std(values)) / math.sqrt(n), 0.0)
    means, variances = world_means(values, n_worlds)
    sizes = world_sizes(n, n_worlds)
    years = float(np.sum((sizes / n) ** 2 * variances / sizes))
    # what the means differ by beyond what their own years explain
    between = max(0.0, float(np.var(means, ddof=1) - np.mean(variances / sizes)))
    return Spread(math.sqrt(years), math.sqrt(between / n_worlds))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric of a sample with its standard error and an interval; ``level``: the share of samples whose interval holds the truth."""

    value: float
    error: Spread
    low: float
    high: float
    level: float


def estimate(metric: Metric, confidence: Decimal | None, loss: FloatArray, n_worlds: int = 1, level: float = 0.95) -> Estimate:
    """A metric of annual losses with its sampling error; the expected loss as the years' mean.

    VaR: the interval is between order statistics, as far from the metric's as the share of years beyond it may err; half its
    width is that many standard errors. TVaR and mean: by influence.

    Parameters
    ----------
    loss : shape (n_trials,), in the case's currency, in the worlds' order.
    level : of the interval, in (0, 1).

    Raises
    ------
    ValueError : when no year lies in the tail.

    References
    ----------
    David & Nagaraja (2003), Order Statistics, section 7.1; Manistre & Hancock (2005), North American Actuarial Journal 9.
    """
    wide = float(special.ndtri((1 + level) / 2))
    if metric is Metric.VAR:
        assert confidence is not None
        n, rank = len(loss), quantile_rank(len(loss), confidence)
        threshold = value_at_risk(loss, confidence)
        share = float(confidence)
        # given the worlds, the share of years beyond errs by no more than that of one binomial
        beyond = error_of_mean((loss > threshold).astype(np.float64), n_worlds)
        parts = Spread(math.sqrt(share * (1 - share) / n), 0.0) if n_worlds == 1 else beyond
        half = math.ceil(wide * n * parts.total)
        low, high = max(rank - half, 1), min(rank + half, n)
        order = np.partition(loss, sorted({low - 1, high - 1}))
        bottom, top = float(order[low - 1]), float(order[high - 1])
        unit = (top - bottom) / (2 * wide) / parts.total if parts.total > 0 else 0.0
        return Estimate(threshold, Spread(unit * parts.years, unit * parts.worlds), bottom, top, level)
    if metric is Metric.TVAR:
        assert confidence is not None
        value = tail_value_at_risk(loss, confidence)
        influence = tvar_influence(loss, value_at_risk(loss, confidence), confidence)
    else:
        value, influence = float(loss.mean()), loss
    error = error_of_mean(influence, n_worlds)
    return Estimate(value, error, value - wide * error.total, value + wide * error.total, level)
