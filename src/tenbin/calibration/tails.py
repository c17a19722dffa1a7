"""Where a tail begins: candidates, how well a generalised Pareto law describes what lies above each, and the choice."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.calibration.gpd import fit_gpd, gpd_log_excess, gpd_log_survival, gpd_parameters, shape_error

__all__ = ["FEWEST_ABOVE", "FEWEST_BELOW", "Threshold", "Thresholds", "choose_threshold"]

FloatArray = NDArray[np.float64]

FEWEST_ABOVE = 20
"""With fewer excesses the shape's standard error, (1 + shape)/√n, is above 0.3 at a shape of 0.4."""
FEWEST_BELOW = 10
CANDIDATES = 15
RESAMPLES = 99
PASSES = 0.1
MOST_TESTED = 1000
SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class Threshold:
    """What the losses above a candidate look like.

    n_above : how many they are. shape, shape_se, scale : of the generalised Pareto law. hill : 1/alpha of a Pareto from there on.
    mean_excess : average of what they have over it. p : of the Anderson–Darling test of that law; nan where it was not found.
    """

    start: float
    n_above: int
    scale: float
    shape: float
    shape_se: float
    hill: float
    mean_excess: float
    p: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The candidates, lowest first, and the number of the one chosen; ``passes``: whether its law passed the test."""

    candidates: tuple[Threshold, ...]
    chosen: int
    is_given: bool
    passes: bool

    @property
    def start(self) -> float:
        return self.candidates[self.chosen].start


def choose_threshold(losses: FloatArray, generator: np.random.Generator, given: float | None = None) -> Thresholds:
    """Look at thresholds from the median up, and choose the lowest above which the excesses pass for generalised Pareto.

    Candidates lie midway between neighbouring losses, with 20 losses above the highest. The test is Anderson and Darling's with a
    p-value by parametric bootstrap; it passes from 10 %. Where none passes it is the highest.

    Parameters
    ----------
    losses : ascending, shape (n,), at least ``FEWEST_ABOVE + FEWEST_BELOW``.
    given : the threshold itself; then the candidates are there to be looked at only.

    References
    ----------
    Choulakian & Stephens (2001), Technometrics 43; Scarrott & MacDonald (2012), REVSTAT 10 (a review of ways to choose).
    """
    n = len(losses)
    most = max(FEWEST_ABOVE, min(n // 2, n - FEWEST_BELOW))
    counts = {round(count) for count in np.geomspace(FEWEST_ABOVE, most, CANDIDATES)}
    starts = {_between(losses, n - count) for count in counts} - {math.nan}
    if given is not None:
        starts.add(given)
    found = [candidate for start in sorted(starts) if (candidate := _looked_at(losses, start, generator)) is not None]
    passing = [k for k, candidate in enumerate(found) if candidate.p >= PASSES]
    if given is not None:
        chosen = next((k for k, candidate in enumerate(found) if candidate.start == given), len(found) - 1)
    else:
        chosen = passing[0] if passing else len(found) - 1
    return Thresholds(tuple(found), chosen, given is not None, chosen in passing)


def _between(losses: FloatArray, rank: int) -> float:
    """A round number between two neighbours, the upper at ``rank``; the next gap down where they are equal."""
    while rank > 0 and losses[rank] == losses[rank - 1]:
        rank -= 1
    if rank == 0:
        return math.nan
    low, high = float(losses[rank - 1]), float(losses[rank])
    for digits in range(1, 18):
        middle = float(f"{(low + high) / 2:.{digits}g}")
        if low < middle < high:
            return middle
    return high


def _looked_at(losses: FloatArray, start: float, generator: np.random.Generator) -> Threshold | None:
    over = losses[losses >= start]
    excess = over - start
    if len(over) < FEWEST_ABOVE or excess.max() <= 0:
        return None
    fit = fit_gpd(excess[None], np.ones((1, len(excess)), np.bool_))
    if not fit.is_found[0]:
        return None
    scale, shape = (float(one[0]) for one in gpd_parameters(fit.theta))
    hill = float(np.log(over / start).mean())
    return Threshold(
        start,
        len(over),
        scale,
        shape,
        shape_error(shape, len(over)),
        hill,
        float(excess.mean()),
        _p(excess, fit.theta[0], generator),
    )


def _p(excess: FloatArray, theta: FloatArray, generator: np.random.Generator) -> float:
    """Of the Anderson–Darling test; of very many excesses a regular choice of them."""
    tested = np.sort(excess)
    if len(tested) > MOST_TESTED:
        tested = tested[np.linspace(0, len(tested) - 1, MOST_TESTED).astype(np.int64)]
    n = len(tested)
    drawn = gpd_log_excess(np.broadcast_to(theta, (RESAMPLES, 2)), 1 - generator.random((RESAMPLES, n)))
    resampled = np.sort(np.exp(drawn), axis=1)
    fits = fit_gpd(resampled, np.ones(resampled.shape, np.bool_), theta)
    own = _anderson_darling(theta[None], tested[None])[0]
    others = _anderson_darling(fits.theta[fits.is_found], resampled[fits.is_found])
    return float((1 + np.count_nonzero(others >= own)) / (1 + len(others)))


def _anderson_darling(theta: FloatArray, excess: FloatArray) -> FloatArray:
    survival = np.exp(gpd_log_survival(theta, excess))
    n = excess.shape[1]
    logarithms = np.log(np.maximum(1 - survival, SMALLEST)) + np.log(np.maximum(survival[:, ::-1], SMALLEST))
    return np.asarray(-n - ((2 * np.arange(1, n + 1) - 1) / n * logarithms).sum(axis=1))
