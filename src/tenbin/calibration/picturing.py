"""What a calibration found, as its charts' data."""

from __future__ import annotations

import math
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.calibration.comparing import LawFit
from tenbin.calibration.counts import CountFit
from tenbin.calibration.experts import SAID_AT, ExpertPool
from tenbin.calibration.losses import LossFit
from tenbin.calibration.pooling import Expert
from tenbin.calibration.updating import POINTS, FrequencyUpdate, GammaBelief
from tenbin.calibration.wording import said
from tenbin.model import Bernoulli, NegativeBinomial, Poisson
from tenbin.reporting.calibration_data import (
    BeliefCurve,
    CalibrationData,
    CountData,
    ExpertData,
    ExpertRow,
    LawCurve,
    LossFitData,
    UpdateData,
)
from tenbin.reporting.chart_data import Label

__all__ = ["chart_data_of"]

FloatArray = NDArray[np.float64]

POINTS_OF_A_CURVE = 240
OUTERMOST = 1e-4
LEAST_WEIGHT = 0.01
"""A law with less is not drawn, but the next best one always."""

MOST_SEEN = 12
"""So many numbers of incidents a year are shown each by itself; more stand in classes."""


def chart_data_of(found: LossFit | ExpertPool | CountFit | FrequencyUpdate) -> CalibrationData:
    """What the charts of a calibration show."""
    if isinstance(found, LossFit):
        return _losses(found)
    if isinstance(found, ExpertPool):
        return _experts(found)
    return _counts(found) if isinstance(found, CountFit) else _update(found)


def _title(label: str) -> Label:
    return Label(PurePath(label).name)


def _label(key: str) -> Label:
    """What a law is called, as it stands at the beginning of a line."""
    text = said(key)
    english = text.within("en")
    return Label(key, text.within("ja"), english[0].upper() + english[1:])


def _losses(found: LossFit) -> LossFitData:
    n = len(found.losses)
    shares = np.geomspace(1 - 0.2 / n, 0.2 / n, POINTS_OF_A_CURVE)
    others = [law for law in found.laws if law is not found.chosen]
    laws = (found.chosen, *(law for n, law in enumerate(others) if n == 0 or law.weight >= LEAST_WEIGHT))
    chosen, recorded = found.chosen, found.share_recorded
    losses = _at(chosen, recorded * shares)
    again = np.exp(chosen.fitter.log_loss(chosen.resampled.theta, _recorded_shares(chosen, found.above)[:, None] * shares))
    below, above = np.quantile(again, (0.05, 0.95), axis=0)
    middles = (np.arange(1, n + 1) - 0.5) / n
    low, high = np.exp(chosen.resampled.logs)
    return LossFitData(
        title=_title(found.label),
        losses=found.losses,
        laws=tuple(LawCurve(_label(f"law_{law.name}"), _recorded(law, found.above, shares), shares) for law in laws),
        low=losses**2 / above,
        high=losses**2 / below,
        expected=_at(chosen, recorded * (1 - middles)),
        expected_low=low,
        expected_high=high,
        start=found.thresholds.start if found.thresholds is not None and chosen.name == "tail" else None,
        p=chosen.ad_p,
        above=found.above,
        currency=found.currency,
    )


def _recorded_shares(law: LawFit, above: float) -> FloatArray:
    """Which share of all events is recorded, in each resample."""
    theta = law.resampled.theta
    if above <= 0:
        return np.ones(len(theta))
    return np.asarray(np.exp(law.fitter.log_survival(theta, np.full((len(theta), 1), math.log(above))))[:, 0])


def _at(law: LawFit, shares: FloatArray) -> FloatArray:
    """Losses that these shares of all events exceed."""
    return np.asarray(np.exp(law.fitter.log_loss(law.theta[None], shares[None]))[0])


def _recorded(law: LawFit, above: float, shares: FloatArray) -> FloatArray:
    """Losses that these shares of the recorded events exceed."""
    return _at(law, shares * (law.law.survival(above) if above > 0 else 1.0))


def _experts(found: ExpertPool) -> ExpertData:
    chosen = found.chosen
    rows = tuple(
        ExpertRow(Label(one.name), one.p05, one.p50, one.p95, wide.p05, wide.p95, one.weight)
        for one, wide in zip(found.said, found.experts, strict=True)
    )
    law = None
    if chosen is not None:
        low, middle, high = (chosen.law.quantile(p) for p in SAID_AT)
        law = (low, middle, high)
    return ExpertData(
        title=_title(found.label),
        is_frequency=found.quantity == "frequency",
        experts=rows,
        factor=found.factor,
        pool=found.pool,
        logarithmic=found.logarithmic,
        law=law,
        law_name=_label(f"law_{chosen.name}") if chosen else Label(""),
        currency=found.currency,
    )


def _counts(found: CountFit) -> CountData:
    first, width, n = _classes(found.counts)
    seen = [0] * n
    for count in found.counts:
        seen[min((count - first) // width, n - 1)] += 1
    mean = found.total / found.time if found.total else found.frequency
    expected = _expected(found, found.model, mean, first, width, n)
    is_poisson = isinstance(found.model, Poisson)
    return CountData(
        title=_title(found.label),
        first=first,
        width=width,
        seen=tuple(seen),
        expected=expected,
        poisson=None if is_poisson else _expected(found, Poisson(), mean, first, width, n),
        law_name=_label(f"model_{found.name}"),
        frequency=found.frequency,
        low=found.low,
        high=found.high,
        total=found.total,
        time=found.time,
    )


def _classes(counts: tuple[int, ...]) -> tuple[int, int, int]:
    """Where the first class begins, how wide each is and how many there are; with one above the largest number."""
    most = max(*counts, 1) + 1
    if most <= MOST_SEEN:
        return 0, 1, most + 1
    least = min(counts)
    width = next(
        step for power in range(7) for base in (1, 2, 5) if (most - least) / (step := base * 10**power) <= MOST_SEEN - 4
    )
    first = max(least // width - 1, 0) * width
    return first, width, (most - first) // width + 2


def _expected(
    found: CountFit, model: Poisson | Bernoulli | NegativeBinomial, mean: float, first: int, width: int, n: int
) -> tuple[float, ...]:
    """In how many of the years watched so many incidents are expected; the first: so many or fewer, the last: or more."""
    k, rate = np.arange(first + width * (n - 1)), mean * np.array(found.exposure)[:, None]
    if isinstance(model, Bernoulli):
        shares = np.where(k == 0, 1 - mean, np.where(k == 1, mean, 0.0)) * np.ones_like(rate)
    elif isinstance(model, NegativeBinomial):
        size = model.cv**-2
        logs = special.gammaln(k + size) - special.gammaln(size) - special.gammaln(k + 1)
        shares = np.exp(logs - size * np.log1p(rate / size) + k * np.log(rate / (size + rate)))
    else:
        shares = np.exp(k * np.log(rate) - rate - special.gammaln(k + 1))
    whole = shares.sum(axis=0)
    inside = whole[first:].reshape(n - 1, width).sum(axis=1)
    inside[0] += whole[:first].sum()
    return (*(float(one) for one in inside), max(float(len(rate) - whole.sum()), 0.0))


def _update(found: FrequencyUpdate) -> UpdateData:
    if not found.is_gamma:
        return _updated_range(found)
    beliefs = (found.prior, found.posterior)
    ends = [belief.quantile(p) for belief in beliefs for p in (OUTERMOST, 1 - OUTERMOST)]
    asked_low, _, asked_high = found.widened
    low = max(min(ends), min(found.posterior.quantile(0.05), asked_low) / 8)
    grid = np.geomspace(low, max(*ends, asked_high), POINTS_OF_A_CURVE)
    return UpdateData(
        title=Label(""),
        prior=_curve(found.prior, grid),
        posterior=_curve(found.posterior, grid),
        asked=found.widened,
        incidents=found.incidents,
        years=found.years,
    )


def _updated_range(found: FrequencyUpdate) -> UpdateData:
    """The range itself, whose density jumps at its median, and what it becomes."""
    belief = Expert("", *found.widened, 1.0)
    ends = (belief.quantile(OUTERMOST), belief.p50 * (1 - 1e-9)), (belief.p50 * (1 + 1e-9), belief.quantile(1 - OUTERMOST))
    grid = np.concatenate([np.geomspace(low, high, POINTS_OF_A_CURVE // 2) for low, high in ends])
    logs = np.log(grid)
    height = belief.log_density(logs)
    after = height + found.incidents * logs - found.years * grid
    curves = [_density(one, logs) for one in (height, after)]
    return UpdateData(
        title=Label(""),
        prior=BeliefCurve(grid, curves[0], found.widened),
        posterior=BeliefCurve(grid, curves[1], found.integrated),
        asked=found.widened,
        incidents=found.incidents,
        years=found.years,
    )


def _density(log_density: FloatArray, logs: FloatArray) -> FloatArray:
    mass = np.exp(log_density - log_density.max())
    return np.asarray(mass / ((mass[1:] + mass[:-1]) / 2 * np.diff(logs)).sum())


def _curve(belief: GammaBelief, grid: FloatArray) -> BeliefCurve:
    """A gamma's density of the logarithm: x times that of x."""
    logs = belief.shape * np.log(belief.years * grid) - belief.years * grid - math.lgamma(belief.shape)
    low, middle, high = (belief.quantile(p) for p in POINTS)
    return BeliefCurve(grid, np.exp(logs), (low, middle, high))
