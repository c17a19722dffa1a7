"""Laws fitted to the same losses side by side: information criterion, goodness of fit, ranges by resampling."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.calibration.fitters import Fitter
from tenbin.calibration.goodness import Resampled, distances, p_value, resample
from tenbin.calibration.rows import loss_text
from tenbin.model import LossModel
from tenbin.units import Purpose, stream

__all__ = ["Figure", "LawFit", "compare_laws"]

FloatArray = NDArray[np.float64]

SHOWN_QUANTILES = (0.05, 0.5, 0.95, 0.99)
WITHOUT_RANGE = "minimum"
"""A Pareto's is the smallest loss itself: resamples all lie on one side of it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its standard error and its 90 % range, by resampling; nan where it was not estimated.

    The range is the resamples' own, reflected at the estimate (a basic bootstrap interval; of what is positive in the logarithm):
    exact where the ratio of a resample's figure to the estimate does not depend on the truth, as for a lognormal's sigma.
    """

    value: float
    se: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, resampled: FloatArray) -> Figure:
        """From what the resamples gave, shape (n_resamples,)."""
        if len(resampled) < 2 or float(np.ptp(resampled)) <= 1e-12 * abs(value):
            return cls(value, math.nan, math.nan, math.nan)
        below, above = (float(end) for end in np.quantile(resampled, (0.05, 0.95)))
        is_positive = value > 0 and float(resampled.min()) > 0
        low, high = (value**2 / above, value**2 / below) if is_positive else (2 * value - above, 2 * value - below)
        return cls(value, float(resampled.std(ddof=1)), low, high)

    def to_dict(self) -> dict[str, float]:
        """As in the JSON document."""
        return {"value": self.value, "se": self.se, "low": self.low, "high": self.high}


@dataclass(frozen=True, eq=False)
class LawFit:
    """One law fitted to the losses.

    law : the model's. parameters, quantiles : with their ranges, quantiles of all events by their probability. aic : Akaike's
    criterion corrected for small samples; weight : exp(−½ difference to the least), over all laws. ks, ad : distances, with the
    p-values by parametric bootstrap.
    """

    name: str
    law: LossModel
    parameters: Mapping[str, Figure]
    n_parameters: int
    log_likelihood: float
    aic: float
    weight: float
    ks: float
    ks_p: float
    ad: float
    ad_p: float
    quantiles: Mapping[float, Figure]
    fitter: Fitter = field(repr=False)
    theta: FloatArray = field(repr=False)
    resampled: Resampled = field(repr=False)

    @property
    def mean(self) -> float:
        """Of one event, without a cap; ``inf`` where there is none."""
        return self.law.mean

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON document."""
        return {
            "law": self.name,
            "loss_model": loss_text(self.law),
            "parameters": {name: figure.to_dict() for name, figure in self.parameters.items()},
            "n_parameters": self.n_parameters,
            "log_likelihood": self.log_likelihood,
            "aic": self.aic,
            "weight": self.weight,
            "ks": {"distance": self.ks, "p": self.ks_p},
            "ad": {"distance": self.ad, "p": self.ad_p},
            "mean": self.mean,
            "quantiles": {f"{100 * p:g}%": figure.to_dict() for p, figure in self.quantiles.items()},
            "n_failed": self.resampled.n_failed,
        }


def compare_laws(
    found: Mapping[str, tuple[FloatArray, float]],
    fitters: Mapping[str, Fitter],
    logs: FloatArray,
    above: float,
    n_bootstrap: int,
    seed: int,
) -> tuple[LawFit, ...]:
    """Each law with its goodness of fit and its weight, the best first.

    found : theta and the logarithm of the likelihood by law. logs : of the losses, ascending, shape (n,).
    """
    n = len(logs)
    criteria = {name: _aic(fitters[name].n_parameters, value, n) for name, (_, value) in found.items()}
    least = min(criteria.values())
    weights = {name: math.exp((least - aic) / 2) for name, aic in criteria.items()}
    total = math.fsum(weights.values())
    fits = []
    for name in sorted(found, key=criteria.__getitem__):
        fitter, (theta, value) = fitters[name], found[name]
        again = resample(fitter, theta, n, above, n_bootstrap, stream(seed, Purpose.STUDY, "calibration", name))
        own = distances(fitter, theta[None], logs[None], above)
        parameters, others = fitter.parameters(theta[None]), fitter.parameters(again.theta)
        shares = np.array([1 - p for p in SHOWN_QUANTILES])
        quantiles = np.exp(fitter.log_loss(theta[None], shares[None]))[0]
        resampled = np.exp(fitter.log_loss(again.theta, np.broadcast_to(shares, (len(again.theta), len(shares)))))
        fits.append(
            LawFit(
                name=name,
                law=fitter.law(theta),
                parameters={
                    key: Figure.of(float(one[0]), others[key][: 0 if key == WITHOUT_RANGE else None])
                    for key, one in parameters.items()
                },
                n_parameters=fitter.n_parameters,
                log_likelihood=value,
                aic=criteria[name],
                weight=weights[name] / total,
                ks=float(own.ks[0]),
                ks_p=p_value(float(own.ks[0]), again.distances.ks),
                ad=float(own.ad[0]),
                ad_p=p_value(float(own.ad[0]), again.distances.ad),
                quantiles={p: Figure.of(float(quantiles[k]), resampled[:, k]) for k, p in enumerate(SHOWN_QUANTILES)},
                fitter=fitter,
                theta=theta,
                resampled=again,
            )
        )
    return tuple(fits)


def _aic(n_parameters: int, log_likelihood: float, n: int) -> float:
    """Akaike's criterion, corrected for small samples (Hurvich & Tsai 1989); ``inf`` where the sample is too small for it."""
    spare = n - n_parameters - 1
    if spare <= 0:
        return math.inf
    return 2 * n_parameters - 2 * log_likelihood + 2 * n_parameters * (n_parameters + 1) / spare
