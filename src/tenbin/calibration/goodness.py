"""How well a law fits: Kolmogorov–Smirnov and Anderson–Darling distances, with p-values by the parametric bootstrap.

The tables of the tests hold for a law that was fixed beforehand; of a fitted one the distances are smaller. So samples of the
same size are drawn from the fitted law, each is fitted anew, and its distances are what the data's are compared with. The same
resamples give the parameters' standard errors and ranges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.calibration.families import Samples
from tenbin.calibration.fitters import Fitter

__all__ = ["Distances", "Resampled", "distances", "p_value", "resample"]

FloatArray = NDArray[np.float64]

AT_ONCE = 1_000_000
"""Losses that are drawn and fitted together: about 100 MB of work space."""
SMALLEST = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Between the losses of each sample and a law, each of shape (n_samples,)."""

    ks: FloatArray
    ad: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Resampled:
    """What samples from a fitted law gave when they were fitted anew.

    theta : shape (n_found, n_theta). distances : each to its own fit. logs : the smallest and the largest 5 % of each order statistic, shape
    (2, n), logarithms of losses. n_failed : resamples in which no law was found; they are left out.
    """

    theta: FloatArray
    distances: Distances
    logs: FloatArray
    n_failed: int


def distances(fitter: Fitter, theta: FloatArray, logs: FloatArray, above: float) -> Distances:
    """Distances of samples, shape (n_samples, n) of ascending logarithms, to their laws, given that a loss was recorded.

    References
    ----------
    D'Agostino & Stephens (1986), Goodness-of-Fit Techniques, chapter 4.
    """
    exceeding = fitter.log_survival(theta, fitter.tested(logs, above))
    if above > 0:
        exceeding = exceeding - fitter.log_survival(theta, np.full((len(theta), 1), math.log(above)))
    survival = np.exp(np.minimum(exceeding, 0.0))
    below, n = 1 - survival, survival.shape[1]
    ranks = np.arange(1, n + 1)
    ks = np.maximum((ranks / n - below).max(axis=1), (below - (ranks - 1) / n).max(axis=1))
    logarithms = np.log(np.maximum(below, SMALLEST)) + np.log(np.maximum(survival[:, ::-1], SMALLEST))
    return Distances(ks, -n - ((2 * ranks - 1) / n * logarithms).sum(axis=1))


def resample(
    fitter: Fitter, theta: FloatArray, n: int, above: float, n_resamples: int, generator: np.random.Generator
) -> Resampled:
    """Draw ``n_resamples`` samples of ``n`` recorded losses from a law, theta of shape (n_theta,), and fit each anew.

    References
    ----------
    Stute, Gonzáles Manteiga & Presedo Quindimil (1993), Metrika 40; Davison & Hinkley (1997), Bootstrap Methods, 4.2.
    """
    recorded = 1.0
    if above > 0:
        recorded = float(np.exp(fitter.log_survival(theta[None], np.array([[math.log(above)]]))[0, 0]))
    batch = max(1, AT_ONCE // n)
    parts: list[tuple[FloatArray, Distances]] = []
    drawn: list[FloatArray] = []
    n_found = 0
    for first in range(0, n_resamples, batch):
        shares = 1 - generator.random((min(batch, n_resamples - first), n))
        logs = np.sort(fitter.log_loss(np.broadcast_to(theta, (len(shares), len(theta))), recorded * shares), axis=1)
        fits = fitter.fit(Samples(logs, above), theta)
        found = fits.is_found
        parts.append((fits.theta[found], distances(fitter, fits.theta[found], logs[found], above)))
        drawn.append(np.quantile(logs, (0.05, 0.95), axis=0) if n_resamples > batch else logs)
        n_found += int(found.sum())
    band = np.mean(drawn, axis=0) if n_resamples > batch else np.quantile(drawn[0], (0.05, 0.95), axis=0)
    both = Distances(np.concatenate([d.ks for _, d in parts]), np.concatenate([d.ad for _, d in parts]))
    return Resampled(np.concatenate([t for t, _ in parts]), both, band, n_resamples - n_found)


def p_value(found: float, resampled: FloatArray) -> float:
    """How often a sample from the law itself is as far from its own fit as the data are: (1 + #)/(1 + n)."""
    return float((1 + np.count_nonzero(resampled >= found)) / (1 + len(resampled)))
