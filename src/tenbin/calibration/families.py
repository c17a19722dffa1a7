"""The smooth families of one loss: lognormal, gamma and Weibull, for many samples at once.

Each has two parameters in logarithms, ``theta[…, 0]`` its scale (median, mean, scale) and ``theta[…, 1]`` its spread or shape
(sigma, cv, shape); losses stand as their logarithms. Everything is a numpy array, so that a thousand resamples cost one call;
tests hold each against the model's own law.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.model import Gamma, Lognormal, Weibull

__all__ = ["FAMILIES", "Family", "Samples"]

FloatArray = NDArray[np.float64]
SmoothLaw = Lognormal | Gamma | Weibull

SMALLEST = 1e-300
LARGEST_EXPONENT = 700.0


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of losses of one size.

    logs : shape (n_samples, n), logarithms of losses, ascending in each row. above : smaller losses were not recorded (0: all were).
    cut : of losses from here on only that they are as large is used (a tail describes them).
    """

    logs: FloatArray
    above: float = 0.0
    cut: float = math.inf

    @cached_property
    def is_used(self) -> NDArray[np.bool_]:
        """Which losses lie below the cut, shape (n_samples, n)."""
        return self.logs < (math.log(self.cut) if math.isfinite(self.cut) else math.inf)

    @cached_property
    def n_used(self) -> FloatArray:
        return np.asarray(self.is_used.sum(axis=1), np.float64)

    @cached_property
    def n_cut(self) -> FloatArray:
        return np.asarray(self.logs.shape[1] - self.n_used)

    @cached_property
    def mean_log(self) -> FloatArray:
        return np.asarray(np.where(self.is_used, self.logs, 0.0).sum(axis=1) / np.maximum(self.n_used, 1.0))

    @cached_property
    def squares(self) -> FloatArray:
        """Sum of squared deviations of the logarithms from their mean."""
        return np.asarray((np.where(self.is_used, self.logs - self.mean_log[:, None], 0.0) ** 2).sum(axis=1))

    @cached_property
    def mean(self) -> FloatArray:
        return np.asarray(np.where(self.is_used, np.exp(self.logs), 0.0).sum(axis=1) / np.maximum(self.n_used, 1.0))


Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of laws; each function takes ``theta``, shape (…, 2).

    densities : the sum of the logarithms of the densities of the samples' used losses, shape (n_points, n_rows). log_survival,
    survival : of a loss given by its logarithm. log_loss : the logarithm of the loss that a share ``above`` of all exceeds.
    spread : the ends of what ``theta[…, 1]`` may be, as the tables allow it.
    """

    name: str
    parameters: tuple[str, str]
    densities: Callable[[FloatArray, Samples, Rows], FloatArray]
    log_survival: Callable[[FloatArray, FloatArray], FloatArray]
    log_loss: Callable[[FloatArray, FloatArray], FloatArray]
    start: Callable[[Samples], FloatArray]
    law: Callable[[float, float], SmoothLaw]
    spread: tuple[float, float]

    def survival(self, theta: FloatArray, log_loss: FloatArray) -> FloatArray:
        """P(Z > loss)."""
        return np.exp(self.log_survival(theta, log_loss))

    def likelihood(self, samples: Samples) -> Callable[[FloatArray, Rows], FloatArray]:
        """The logarithm of the likelihood: of losses below the cut their density, of the others that they are as large, all
        given that they were recorded.
        """

        def value(theta: FloatArray, rows: Rows) -> FloatArray:
            total = self.densities(theta, samples, rows)
            if math.isfinite(samples.cut):
                total = total + samples.n_cut[rows] * self.log_survival(theta, np.asarray(math.log(samples.cut)))
            if samples.above > 0:
                total = total - samples.logs.shape[1] * self.log_survival(theta, np.asarray(math.log(samples.above)))
            return np.where(np.isnan(total), -np.inf, total)

        return value


def _lognormal_densities(theta: FloatArray, samples: Samples, rows: Rows) -> FloatArray:
    mu, sigma, n, mean = theta[..., 0], np.exp(theta[..., 1]), samples.n_used[rows], samples.mean_log[rows]
    spread = (samples.squares[rows] + n * (mean - mu) ** 2) / (2 * sigma**2)
    return np.asarray(-n * (mean + theta[..., 1] + math.log(2 * math.pi) / 2) - spread)


def _lognormal_log_survival(theta: FloatArray, log_loss: FloatArray) -> FloatArray:
    return np.asarray(special.log_ndtr((theta[..., 0] - log_loss) / np.exp(theta[..., 1])))


def _lognormal_log_loss(theta: FloatArray, above: FloatArray) -> FloatArray:
    return np.asarray(theta[..., 0] - np.exp(theta[..., 1]) * special.ndtri(above))


def _lognormal_start(samples: Samples) -> FloatArray:
    spread = np.sqrt(samples.squares / np.maximum(samples.n_used, 1.0))
    return np.stack([samples.mean_log, np.log(np.maximum(spread, 1e-6))], axis=1)


def _gamma_shape_scale(theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.exp(-2 * theta[..., 1]), np.exp(theta[..., 0] + 2 * theta[..., 1])


def _gamma_densities(theta: FloatArray, samples: Samples, rows: Rows) -> FloatArray:
    shape, scale = _gamma_shape_scale(theta)
    one = (shape - 1) * samples.mean_log[rows] - samples.mean[rows] / scale - shape * np.log(scale) - special.gammaln(shape)
    return np.asarray(samples.n_used[rows] * one)


def _gamma_log_survival(theta: FloatArray, log_loss: FloatArray) -> FloatArray:
    shape, scale = _gamma_shape_scale(theta)
    return np.asarray(np.log(np.maximum(special.gammaincc(shape, np.exp(log_loss) / scale), SMALLEST)))


def _gamma_log_loss(theta: FloatArray, above: FloatArray) -> FloatArray:
    shape, scale = _gamma_shape_scale(theta)
    return np.asarray(np.log(np.maximum(scale * special.gammainccinv(shape, above), SMALLEST)))


def _gamma_start(samples: Samples) -> FloatArray:
    """Minka's closed form, within 1.5 % of the largest likelihood's shape."""
    mean = np.log(np.maximum(samples.mean, SMALLEST))
    gap = np.maximum(mean - samples.mean_log, 1e-9)
    shape = (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)) / (12 * gap)
    return np.stack([mean, -np.log(shape) / 2], axis=1)


def _weibull_densities(theta: FloatArray, samples: Samples, rows: Rows) -> FloatArray:
    shape = np.exp(theta[..., 1])
    excess = np.minimum(shape[..., None] * (samples.logs[rows] - theta[..., 0, None]), LARGEST_EXPONENT)
    powers = np.where(samples.is_used[rows], np.exp(excess), 0.0).sum(axis=-1)
    n = samples.n_used[rows]
    return np.asarray(n * (theta[..., 1] - shape * theta[..., 0] + (shape - 1) * samples.mean_log[rows]) - powers)


def _weibull_log_survival(theta: FloatArray, log_loss: FloatArray) -> FloatArray:
    return np.asarray(-np.exp(np.minimum(np.exp(theta[..., 1]) * (log_loss - theta[..., 0]), LARGEST_EXPONENT)))


def _weibull_log_loss(theta: FloatArray, above: FloatArray) -> FloatArray:
    return np.asarray(theta[..., 0] + np.log(np.maximum(-np.log(above), SMALLEST)) * np.exp(-theta[..., 1]))


def _weibull_start(samples: Samples) -> FloatArray:
    """By the mean and the spread of the logarithms, which are those of a Gumbel law."""
    spread = np.maximum(np.sqrt(samples.squares / np.maximum(samples.n_used, 1.0)), 1e-6)
    shape = math.pi / math.sqrt(6) / spread
    return np.stack([samples.mean_log + np.euler_gamma / shape, np.log(shape)], axis=1)


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "lognormal",
            ("median", "sigma"),
            _lognormal_densities,
            _lognormal_log_survival,
            _lognormal_log_loss,
            _lognormal_start,
            Lognormal,
            (0.0005, 10.0),
        ),
        Family(
            "gamma",
            ("mean", "cv"),
            _gamma_densities,
            _gamma_log_survival,
            _gamma_log_loss,
            _gamma_start,
            Gamma,
            (0.001, 100.0),
        ),
        Family(
            "weibull",
            ("scale", "shape"),
            _weibull_densities,
            _weibull_log_survival,
            _weibull_log_loss,
            _weibull_start,
            Weibull,
            (0.1, 100.0),
        ),
    )
}
"""By the name that the tables have for each."""
