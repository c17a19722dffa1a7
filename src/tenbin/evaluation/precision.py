"""How sure a metric of a sample is: standard errors by influence functions, over years and over worlds, and intervals.

A metric's influence says what each year adds to it, so that the metric errs like a mean of the influences (Hampel 1974). Years of one
world share its parameters: their influences have a mean of their own, which other worlds would not have.

An interval turns round how the error is distributed. Of the years: the estimated standard error is large together with the estimate
where losses are skewed, so that the interval must reach further up (Hall 1992). Of the worlds: as drawn (``Elsewhere``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.evaluation.elsewhere import Elsewhere
from tenbin.evaluation.expected import ExpectedLoss
from tenbin.evaluation.metrics import partitioned, tail_size, tail_value_at_risk, value_at_risk
from tenbin.model import Metric
from tenbin.simulation import world_sizes

__all__ = ["Estimate", "Spread", "error_of_mean", "estimate", "expected_estimate", "world_means"]

FloatArray = NDArray[np.float64]

WIDE = 2.0
"""Standard errors of the rank between which the slope of the quantile is taken."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A standard error in two parts: of the years, given the worlds; of the worlds, had they all years there are."""

    years: float
    worlds: float

    @property
    def total(self) -> float:
        return math.hypot(self.years, self.worlds)


def world_means(values: FloatArray, n_worlds: int) -> tuple[FloatArray, FloatArray]:
    """Mean and variance (of single years, unbiased) of a value by year in each world: shape (n_worlds,) each."""
    sizes = world_sizes(len(values), n_worlds)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    means = np.add.reduceat(values, starts) / sizes
    squares = np.add.reduceat((values - np.repeat(means, sizes)) ** 2, starts)
    return means, squares / np.maximum(sizes - 1, 1)


def error_of_mean(values: FloatArray, n_worlds: int = 1) -> Spread:
    """Standard error of the mean of a value by year, shape (n_trials,), in the worlds' order.

    The worlds' part takes them for independent; they are stratified, so that it mostly errs on the safe side.
    """
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


@dataclass(frozen=True, slots=True)
class _Doubt:
    """How a mean of a value by year errs.

    skew : third cumulant of the years' error over the total one's cube. smooth : standard deviation of what is taken for nearly
    normal. draws : errors of other draws of worlds, each as likely as the next.
    """

    spread: Spread
    skew: float
    smooth: float
    draws: FloatArray

    def quantile(self, p: float, is_studentised: bool = False) -> float:
        """Of the error: the smooth part and a draw together, then the skew to the first order.

        Studentised: of the error over its estimated standard error, times that one. Where losses are skewed both are large
        together, so that the skew turns round; by Hall's transformation, which does not fold back.
        """
        z, c = float(special.ndtri(p)), self.skew
        if not is_studentised:
            shift = c * (z * z - 1) / 6
        else:
            shift = 3 / c * (float(np.cbrt(1 + c * (z - c / 6))) - 1) - z if abs(c) > 1e-6 else 0.0
        return self._together(p) + shift * self.spread.total

    def _together(self, p: float) -> float:
        if not self.smooth > 0:
            return float(np.quantile(self.draws, p))
        if len(self.draws) == 1:
            return self.smooth * float(special.ndtri(p))
        reach = 10 * self.smooth + float(np.abs(self.draws).max())
        low, high = -reach, reach
        for _ in range(60):
            middle = (low + high) / 2
            below = float(special.ndtr((middle - self.draws) / self.smooth).mean())
            low, high = (middle, high) if below < p else (low, middle)
        return (low + high) / 2


def _doubt(values: FloatArray, n_worlds: int, draws: FloatArray | None, heavier: float = 1.0) -> _Doubt:
    """How the mean of a value by year errs.

    draws : errors of other draws of worlds; without, worlds are taken for independent. heavier : how much wider than a normal the
    years' error is.
    """
    n = len(values)
    spread, centred = error_of_mean(values, n_worlds), values - values.mean()
    smooth = math.hypot(heavier * spread.years, spread.worlds)
    if n_worlds > 1:
        centred = values - np.repeat(world_means(values, n_worlds)[0], world_sizes(n, n_worlds))
        if draws is not None:
            spread = Spread(spread.years, math.sqrt(float(np.mean(draws**2))))
            smooth = heavier * spread.years
    skew = float(np.mean(centred * centred * centred)) / n**2 / spread.total**3 if spread.total > 0 else 0.0
    return _Doubt(spread, skew, smooth, np.zeros(1) if draws is None else draws)


def estimate(
    metric: Metric,
    confidence: Decimal | None,
    loss: FloatArray,
    n_worlds: int = 1,
    level: float = 0.95,
    elsewhere: Elsewhere | None = None,
) -> Estimate:
    """A metric of annual losses with its sampling error; the expected loss as the years' mean.

    VaR: the interval lies between order statistics, as far from the metric's as the share of years beyond it may err; half its
    width is that many standard errors. TVaR and mean: by influence, the tail years' own number in the years' part.

    Parameters
    ----------
    loss : shape (n_trials,), in the case's currency, in the worlds' order.
    level : of the interval, in (0, 1).
    elsewhere : the plan and scope in other worlds; without, worlds are taken for independent draws.

    Raises
    ------
    ValueError : when no year lies in the tail.

    References
    ----------
    David & Nagaraja (2003), Order Statistics, section 7.1; Hutson (1999), J. Applied Statistics 26 (between two order statistics);
    Woodruff (1952), JASA 47 (the share beyond, where years come in groups); Manistre & Hancock (2005), North American Actuarial
    Journal 9; Hall (1992), J. R. Statist. Soc. B 54, "On the removal of skewness by transformation".
    """
    if metric is Metric.VAR:
        assert confidence is not None
        return _value_at_risk(confidence, loss, n_worlds, level, elsewhere)
    heavier, draws = 1.0, elsewhere.means() if elsewhere else None
    if metric is Metric.TVAR:
        assert confidence is not None
        value, threshold = tail_value_at_risk(loss, confidence), value_at_risk(loss, confidence)
        values = np.maximum(loss - threshold, 0.0) / (1 - float(confidence))
        p, tail = (1 + level) / 2, float(tail_size(len(loss), confidence))
        heavier = float(special.stdtrit(max(tail - 1, 1.0), p) / special.ndtri(p))
        draws = None
        if elsewhere is not None and value > 0:
            tails = elsewhere.tails(max(threshold, value / 2), float(confidence))
            draws = tails.tvar * value / tails.own_tvar
    else:
        value, values = float(loss.mean()), loss
    doubt = _doubt(values, n_worlds, draws, heavier)
    ends = [doubt.quantile(p, is_studentised=True) for p in ((1 - level) / 2, (1 + level) / 2)]
    return Estimate(value, doubt.spread, max(value - ends[1], 0.0), value - ends[0], level)


def _value_at_risk(confidence: Decimal, loss: FloatArray, n_worlds: int, level: float, elsewhere: Elsewhere | None) -> Estimate:
    n, share = len(loss), 1 - float(confidence)
    value = value_at_risk(loss, confidence)
    tails = elsewhere.tails(value, float(confidence)) if elsewhere is not None and value > 0 else None
    doubt = _doubt((loss > value).astype(np.float64), n_worlds, tails.share if tails else None)
    if n_worlds == 1:  # what the share beyond the true value errs by is known
        error = math.sqrt(share * (1 - share) / n)
        doubt = _Doubt(Spread(error, 0.0), (1 - 2 * share) / (n * error), error, np.zeros(1))
    years = doubt.spread.years
    errors = np.array([doubt.quantile((1 + level) / 2), WIDE * years, -WIDE * years, doubt.quantile((1 - level) / 2)])
    low, below, above, high = map(float, _between(loss, n * (1 - share - errors) - 0.5))
    unit = (above - below) / (2 * WIDE * years) if years > 0 else 0.0
    of_worlds = unit * doubt.spread.worlds
    if tails is not None and tails.own_var > 0:
        of_worlds = math.sqrt(float(np.mean(tails.var**2))) * value / tails.own_var
    return Estimate(value, Spread(unit * years, of_worlds), min(low, value), max(high, value), level)


def _between(loss: FloatArray, places: FloatArray) -> FloatArray:
    """Order statistics at places from 0, which may lie between two."""
    places = np.clip(places, 0, len(loss) - 1)
    under = np.floor(places).astype(np.int64)
    over = np.minimum(under + 1, len(loss) - 1)
    order = partitioned(loss, np.concatenate((under, over)).tolist())
    return np.asarray(order[under] + (places - under) * (order[over] - order[under]))


def expected_estimate(
    expected: ExpectedLoss,
    phi: FloatArray,
    gamma: FloatArray,
    scope: Sequence[bool],
    level: float = 0.95,
    elsewhere: Elsewhere | None = None,
) -> Estimate:
    """The expected loss of a scope with the error of the worlds that it is taken over; it has none of the years."""
    values = expected.by_world(phi, gamma, scope)
    mean = float(values.mean())
    if elsewhere is None:
        error = float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
        doubt = _Doubt(Spread(0.0, error), 0.0, error, np.zeros(1))
    else:
        draws = elsewhere.means()
        doubt = _Doubt(Spread(0.0, math.sqrt(float(np.mean(draws**2)))), 0.0, 0.0, draws)
    return Estimate(
        mean, doubt.spread, max(mean - doubt.quantile((1 + level) / 2), 0.0), mean - doubt.quantile((1 - level) / 2), level
    )
