"""Laws that are fitted to many samples at once: one of a smooth family, a Pareto, a body with a generalised Pareto tail.

All are conditioned on being recorded: with ``above`` > 0 only losses of at least so much are in the sample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tenbin.calibration.families import Family, Samples
from tenbin.calibration.gpd import FEWEST_EXCESSES, MOST_SHAPE, fit_gpd, gpd_log_excess, gpd_log_survival, gpd_parameters
from tenbin.calibration.maximising import maximise
from tenbin.model import GpdTail, LossModel, Pareto

__all__ = ["Fits", "Fitter", "ParetoFitter", "Smooth", "Spliced"]

FloatArray = NDArray[np.float64]

LEAST_RECORDED = 0.02
"""When less than this share of all events would be recorded, the fit is about losses that nobody has seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """A law fitted to each sample.

    theta : shape (n_samples, n_theta). log_likelihood : shape (n_samples,). is_found : shape (n_samples,).
    """

    theta: FloatArray
    log_likelihood: FloatArray
    is_found: NDArray[np.bool_]


class Fitter(Protocol):
    """A kind of law that can be fitted; ``n_parameters`` as the information criterion counts them."""

    @property
    def name(self) -> str: ...
    @property
    def n_parameters(self) -> int: ...
    def fit(self, samples: Samples, start: FloatArray | None = None) -> Fits:
        """Fit to each sample, from ``start`` (shape (n_theta,)) where that is given."""
        ...

    def log_survival(self, theta: FloatArray, logs: FloatArray) -> FloatArray:
        """The logarithm of P(Z > loss) for theta of shape (n, n_theta) and losses of shape (n, m)."""
        ...

    def log_loss(self, theta: FloatArray, above: FloatArray) -> FloatArray:
        """The logarithm of the loss that a share ``above`` (n, m) of all events exceeds."""
        ...

    def tested(self, logs: FloatArray, above: float) -> FloatArray:
        """The losses of which the goodness of fit is measured."""
        ...

    def parameters(self, theta: FloatArray) -> dict[str, FloatArray]:
        """The law's parameters by name, each of shape (n,)."""
        ...

    def law(self, theta: FloatArray) -> LossModel:
        """The model's law of one theta, shape (n_theta,)."""
        ...


@dataclass(frozen=True, slots=True)
class Smooth:
    """One of a smooth family."""

    family: Family

    @property
    def name(self) -> str:
        return self.family.name

    @property
    def n_parameters(self) -> int:
        return 2

    def fit(self, samples: Samples, start: FloatArray | None = None) -> Fits:
        begin = self.family.start(samples)
        if start is not None and (samples.above > 0 or math.isfinite(samples.cut)):
            begin = np.broadcast_to(start, begin.shape)
        best = maximise(self.family.likelihood(samples), begin)
        low, high = (math.log(end) for end in self.family.spread)
        fine = (low < best.theta[:, 1]) & (best.theta[:, 1] < high) & (samples.n_used > 0)
        if samples.above > 0:
            fine &= self.family.log_survival(best.theta, np.asarray(math.log(samples.above))) > math.log(LEAST_RECORDED)
        return Fits(best.theta, best.value, best.is_found & fine)

    def log_survival(self, theta: FloatArray, logs: FloatArray) -> FloatArray:
        return self.family.log_survival(theta[:, None, :], logs)

    def log_loss(self, theta: FloatArray, above: FloatArray) -> FloatArray:
        return self.family.log_loss(theta[:, None, :], above)

    def tested(self, logs: FloatArray, above: float) -> FloatArray:
        return logs

    def parameters(self, theta: FloatArray) -> dict[str, FloatArray]:
        return {name: np.exp(theta[:, n]) for n, name in enumerate(self.family.parameters)}

    def law(self, theta: FloatArray) -> LossModel:
        return self.family.law(math.exp(theta[0]), math.exp(theta[1]))


@dataclass(frozen=True, slots=True)
class ParetoFitter:
    """A Pareto from the smallest loss on, or from the threshold of recording; alpha is Hill's estimate over all losses.

    theta: ln minimum, ln alpha. The likelihood rises up to the smallest loss itself, which is then the minimum.
    """

    above: float = 0.0

    @property
    def name(self) -> str:
        return "pareto"

    @property
    def n_parameters(self) -> int:
        return 1 if self.above > 0 else 2

    def fit(self, samples: Samples, start: FloatArray | None = None) -> Fits:
        n = samples.logs.shape[1]
        least = np.full(len(samples.logs), math.log(self.above)) if self.above > 0 else samples.logs[:, 0]
        total = np.maximum((samples.logs - least[:, None]).sum(axis=1), 1e-12)
        alpha = n / total
        value = n * np.log(alpha) + n * alpha * least - (alpha + 1) * samples.logs.sum(axis=1)
        return Fits(np.stack([least, np.log(alpha)], axis=1), value, (alpha > 0.05) & (alpha < 1000))

    def log_survival(self, theta: FloatArray, logs: FloatArray) -> FloatArray:
        return np.asarray(np.minimum(np.exp(theta[:, 1:2]) * (theta[:, :1] - logs), 0.0))

    def log_loss(self, theta: FloatArray, above: FloatArray) -> FloatArray:
        return np.asarray(theta[:, :1] - np.log(above) / np.exp(theta[:, 1:2]))

    def tested(self, logs: FloatArray, above: float) -> FloatArray:
        return logs if self.above > 0 else logs[:, 1:]  # the smallest is the minimum, whatever the law

    def parameters(self, theta: FloatArray) -> dict[str, FloatArray]:
        return {"minimum": np.exp(theta[:, 0]), "alpha": np.exp(theta[:, 1])}

    def law(self, theta: FloatArray) -> LossModel:
        return Pareto(math.exp(theta[0]), math.exp(theta[1]))


@dataclass(frozen=True, slots=True)
class Spliced:
    """A body of a smooth family with a generalised Pareto tail from ``start`` on.

    theta: the body's two, and the tail's two. The likelihood falls into two parts: the body's, to which losses from ``start``
    on say only that they are as large, and the tail's, of the excesses. is_start_chosen : by looking at the losses.
    """

    body: Family
    start: float
    is_start_chosen: bool = True

    @property
    def name(self) -> str:
        return "tail"

    @property
    def n_parameters(self) -> int:
        return 5 if self.is_start_chosen else 4

    def fit(self, samples: Samples, start: FloatArray | None = None) -> Fits:
        censored = Samples(samples.logs, samples.above, self.start)
        body = Smooth(self.body).fit(censored, None if start is None else start[:2])
        excess = np.maximum(np.exp(samples.logs) - self.start, 0.0)
        tail = fit_gpd(excess, ~censored.is_used, None if start is None else start[2:])
        value = body.log_likelihood + tail.value
        found = body.is_found & tail.is_found & (censored.n_cut >= FEWEST_EXCESSES)
        return Fits(np.concatenate([body.theta, tail.theta], axis=1), value, found)

    def log_survival(self, theta: FloatArray, logs: FloatArray) -> FloatArray:
        start = math.log(self.start)
        at_body = self.body.log_survival(theta[:, None, :2], np.minimum(logs, start))
        excess = np.maximum(np.exp(logs) - self.start, 0.0)
        return at_body + np.where(logs > start, gpd_log_survival(theta[:, 2:], excess), 0.0)

    def log_loss(self, theta: FloatArray, above: FloatArray) -> FloatArray:
        from_start = self.body.survival(theta[:, :2], np.asarray(math.log(self.start)))[:, None]
        in_tail = np.minimum(above / from_start, 1.0)
        excess = np.exp(gpd_log_excess(theta[:, 2:], in_tail))
        body = self.body.log_loss(theta[:, None, :2], np.maximum(above, from_start))
        return np.where(above < from_start, np.log(self.start + excess), np.minimum(body, math.log(self.start)))

    def tested(self, logs: FloatArray, above: float) -> FloatArray:
        return logs

    def parameters(self, theta: FloatArray) -> dict[str, FloatArray]:
        scale, shape = gpd_parameters(theta[:, 2:])
        return {**Smooth(self.body).parameters(theta[:, :2]), "tail scale": scale, "tail shape": shape}

    def law(self, theta: FloatArray) -> LossModel:
        scale, shape = (float(found[0]) for found in gpd_parameters(theta[None, 2:]))
        return GpdTail(self.body.law(math.exp(theta[0]), math.exp(theta[1])), self.start, scale, min(shape, MOST_SHAPE))
