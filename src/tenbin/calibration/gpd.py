"""The generalised Pareto law of excesses over a threshold: its largest likelihood, for many samples at once.

theta: ln scale, and a logit of the shape between ``LEAST_SHAPE`` and ``MOST_SHAPE`` (below −1/2 the largest likelihood has no
usual standard error, and the tables allow no such tail).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.calibration.maximising import Maximum, maximise

__all__ = [
    "FEWEST_EXCESSES",
    "LEAST_SHAPE",
    "MOST_SHAPE",
    "fit_gpd",
    "gpd_log_excess",
    "gpd_log_survival",
    "gpd_parameters",
    "is_at_end",
    "shape_error",
]

FloatArray = NDArray[np.float64]

LEAST_SHAPE, MOST_SHAPE = -0.5, 2.0
FEWEST_EXCESSES = 5
SMALL_SHAPE = 1e-6
NEAR_END = 1e-3
AT_THE_END = 12.0
"""A logit so far out is a shape at its end, to six digits."""


def gpd_parameters(theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Scale and shape of theta, shape (…, 2)."""
    shape = LEAST_SHAPE + (MOST_SHAPE - LEAST_SHAPE) * special.expit(theta[..., 1])
    return np.exp(theta[..., 0]), np.asarray(shape)


def is_at_end(theta: FloatArray) -> bool:
    """Whether a law's shape, theta of shape (2,), lies at an end of its range: nothing is known of its error then."""
    _, shape = gpd_parameters(theta)
    return bool(min(shape - LEAST_SHAPE, MOST_SHAPE - shape) < NEAR_END)


def shape_error(shape: float, n_excesses: int) -> float:
    """Standard error of the shape, from the expected information: (1 + shape)/√n (Smith 1984)."""
    return (1 + shape) / math.sqrt(n_excesses)


def _exponent(scale: FloatArray, shape: FloatArray, excess: FloatArray) -> FloatArray:
    """−ln P(excess > x), ``inf`` past the support's end."""
    ratio = excess / scale
    inside = shape * ratio
    with np.errstate(invalid="ignore", divide="ignore"):
        bent = np.log1p(np.maximum(inside, -1.0)) / np.where(np.abs(shape) < SMALL_SHAPE, 1.0, shape)
    return np.where(np.abs(shape) < SMALL_SHAPE, ratio, bent)


def gpd_log_survival(theta: FloatArray, excess: FloatArray) -> FloatArray:
    """The logarithm of P(excess > x) for theta of shape (n, 2) and excesses of shape (n, m)."""
    scale, shape = gpd_parameters(theta)
    return -_exponent(scale[:, None], shape[:, None], excess)


def gpd_log_excess(theta: FloatArray, above: FloatArray) -> FloatArray:
    """The logarithm of the excess that a share ``above`` (n, m) of the excesses exceeds."""
    scale, shape = (found[:, None] for found in gpd_parameters(theta))
    rate = -np.log(above)
    small = np.abs(shape) < SMALL_SHAPE
    with np.errstate(divide="ignore"):
        grown = np.log(np.where(small, rate, np.expm1(np.minimum(shape * rate, 700.0)) / np.where(small, 1.0, shape)))
    return np.log(scale) + grown


def fit_gpd(excess: FloatArray, is_excess: NDArray[np.bool_], start: FloatArray | None = None) -> Maximum:
    """Fit to the excesses of each row, shape (n_samples, n), those that ``is_excess`` says.

    A shape at the end of its range is a fit too.
    """
    n = is_excess.sum(axis=1).astype(np.float64)

    def likelihood(theta: FloatArray, rows: NDArray[np.intp]) -> FloatArray:
        scale, shape = gpd_parameters(theta)
        exponent = np.where(is_excess[rows], _exponent(scale[..., None], shape[..., None], excess[rows]), 0.0)
        with np.errstate(invalid="ignore"):
            total = -n[rows] * theta[..., 0] - (1 + shape) * exponent.sum(axis=-1)
        return np.where(np.isnan(total), -np.inf, total)

    begin = _start(excess, is_excess, n) if start is None else np.array(np.broadcast_to(start, (len(excess), 2)))
    outside = ~np.isfinite(likelihood(begin[None], np.arange(len(excess)))[0])
    begin[outside] = _start(excess, is_excess, n)[outside]
    best = maximise(likelihood, begin)
    at_end = (np.abs(best.theta[:, 1]) > AT_THE_END) & np.isfinite(best.value)
    return Maximum(best.theta, best.value, (best.is_found | at_end) & (n >= FEWEST_EXCESSES))


def _start(excess: FloatArray, is_excess: NDArray[np.bool_], n: FloatArray) -> FloatArray:
    """An exponential's, with a shape a little above 0 (and so without an end)."""
    mean = np.where(is_excess, excess, 0.0).sum(axis=1) / np.maximum(n, 1.0)
    middle = special.logit((0.1 - LEAST_SHAPE) / (MOST_SHAPE - LEAST_SHAPE))
    return np.stack([np.log(np.maximum(0.9 * mean, 1e-300)), np.full(len(mean), middle)], axis=1)
