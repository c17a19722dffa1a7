"""A frequency believed beforehand and own incidents → what to believe now: gamma–Poisson, in closed form."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import special

from tenbin.calibration.overconfidence import read_overconfidence, widen
from tenbin.calibration.pooling import FARTHEST, GRID, Expert, grid_quantiles
from tenbin.calibration.rows import basis_cells, frequency_cells
from tenbin.calibration.wording import Given, Said, read_number, said, shown, whole_from
from tenbin.errors import InputError, Problem
from tenbin.model import Poisson

__all__ = ["FrequencyUpdate", "GammaBelief", "fit_gamma_belief", "update_frequency"]

POINTS = (0.05, 0.5, 0.95)
MISSES = 1.25
"""By more than this factor off, the gamma is no stand-in for the range."""

SURPRISING = 0.05
MOST_INCIDENTS = 1_000_000


@dataclass(frozen=True, slots=True)
class GammaBelief:
    """A gamma belief of a frequency: as if ``shape`` incidents had been seen in ``years``."""

    shape: float
    years: float

    def quantile(self, p: float) -> float:
        """Events a year that the frequency stays below with probability ``p``."""
        return float(special.gammaincinv(self.shape, p)) / self.years

    def after(self, incidents: int, years: float) -> GammaBelief:
        """The belief when so many more were seen in so many years (conjugacy)."""
        return GammaBelief(self.shape + incidents, self.years + years)

    def to_dict(self) -> dict[str, float]:
        """As in the JSON document."""
        low, middle, high = (self.quantile(p) for p in POINTS)
        return {"shape": self.shape, "years": self.years, "p05": low, "p50": middle, "p95": high}


def fit_gamma_belief(low: float, likely: float, high: float) -> GammaBelief:
    """The gamma whose 5 %, 50 % and 95 % points are nearest to these, by least squares of their logarithms.

    Given the shape the best scale is known; the shape is found by a search in one dimension.
    """
    from scipy.optimize import minimize_scalar

    asked = np.log([low, likely, high])

    def distance(log_shape: float) -> float:
        gaps = asked - _log_points(math.exp(log_shape))
        return float(((gaps - gaps.mean()) ** 2).sum())

    best = minimize_scalar(distance, bounds=(math.log(0.02), math.log(1e5)), method="bounded", options={"xatol": 1e-8})
    shape = math.exp(float(best.x))
    return GammaBelief(shape, math.exp(-float((asked - _log_points(shape)).mean())))


def _log_points(shape: float) -> Any:
    return np.log(np.maximum(special.gammaincinv(shape, POINTS), 1e-300))


@dataclass(frozen=True, eq=False)
class FrequencyUpdate:
    """A belief before and after own incidents.

    asked : low, likely and high as they were given; widened : the same after ``--overconfidence``, by ``factor``. prior, posterior :
    the gamma beliefs. misses : by which factor the prior is off at the worst of the three points. integrated : the 5 %, 50 % and
    95 % points when the range itself, a split lognormal that meets all three, is updated. surprise : how probable the prior held as
    many incidents or more (as few or fewer, whichever is less). row : cells for the table ``scenarios``: of the gamma, or where its prior
    is off by more than a quarter, of the range itself.
    """

    asked: tuple[float, float, float]
    widened: tuple[float, float, float]
    factor: float
    prior: GammaBelief
    posterior: GammaBelief
    incidents: int
    years: float
    misses: float
    integrated: tuple[float, float, float]
    surprise: float
    warnings: tuple[Said, ...]
    row: Mapping[str, object] = field(repr=False)

    @property
    def is_gamma(self) -> bool:
        """Whether the row comes from the gamma beliefs, not from the range itself."""
        return self.misses <= MISSES

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON document."""
        names = ("frequency_low", "frequency", "frequency_high")
        return {
            "schema": 1,
            "status": "updated",
            "kind": "update",
            "asked": dict(zip(names, self.asked, strict=True)),
            "overconfidence": {"factor": self.factor, **dict(zip(names, self.widened, strict=True))},
            "incidents": self.incidents,
            "years": self.years,
            "prior": self.prior.to_dict(),
            "posterior": self.posterior.to_dict(),
            "prior_misses_by": self.misses,
            "row_from": "gamma" if self.is_gamma else "range",
            "integrated": dict(zip(("p05", "p50", "p95"), self.integrated, strict=True)),
            "surprise": self.surprise,
            "row": dict(self.row),
            "warnings": list(self.warnings),
        }


def update_frequency(
    frequency: Given,
    low: Given,
    high: Given,
    *,
    incidents: int,
    years: Given,
    overconfidence: Given | None = None,
) -> FrequencyUpdate:
    """Update a belief of a frequency with own incidents.

    Parameters
    ----------
    frequency, low, high : events a year: the median of belief, its 5 % and its 95 % point.
    incidents, years : how many there were in how many years.
    overconfidence : ``1.5`` or ``70%``: the range is widened first (see ``overconfidence``).

    Raises
    ------
    InputError : with everything that is wrong.

    References
    ----------
    Bühlmann & Gisler (2005), A Course in Credibility Theory, section 2.4; Gelman et al. (2013), Bayesian Data Analysis, 2.6 and 6.3.
    """
    problems: list[Problem] = []
    likely = read_number("--frequency", frequency, problems)
    least, most = read_number("--low", low, problems), read_number("--high", high, problems)
    time = read_number("--years", years, problems)
    whole_from("--incidents", incidents, 0, MOST_INCIDENTS, problems, said("do_incidents_none"))
    if least >= likely:
        problems.append(Problem("--low", 0, "", said("must_below_likely"), shown(low), said("do_order")))
    if most <= likely:
        problems.append(Problem("--high", 0, "", said("must_above_likely"), shown(high), said("do_order")))
    factor = read_overconfidence(overconfidence, problems)
    if problems:
        raise InputError(problems)
    wide = widen(least, likely, most, factor)
    widened = (wide[0], likely, wide[1])
    prior = fit_gamma_belief(*widened)
    misses = max(_ratio(prior.quantile(p), asked) for p, asked in zip(POINTS, widened, strict=True))
    posterior = prior.after(incidents, time)
    integrated = _integrated(Expert("", *widened, 1.0), incidents, time)
    surprise = _surprise(prior, incidents, time)
    low, middle, high = integrated if misses > MISSES else [posterior.quantile(p) for p in POINTS]
    basis = basis_cells(
        "basis_update" if factor == 1 else "basis_update_widened",
        n=incidents,
        years=f"{time:g}",
        low=f"{least:.3g}",
        likely=f"{likely:.3g}",
        high=f"{most:.3g}",
        **({} if factor == 1 else {"factor": f"{factor:.3g}"}),
    )
    return FrequencyUpdate(
        asked=(least, likely, most),
        widened=widened,
        factor=factor,
        prior=prior,
        posterior=posterior,
        incidents=incidents,
        years=time,
        misses=misses,
        integrated=integrated,
        surprise=surprise,
        warnings=tuple(_warnings(prior, misses, surprise)),
        row={**frequency_cells(middle, low, high, Poisson()), **basis},
    )


def _warnings(prior: GammaBelief, misses: float, surprise: float) -> Iterator[Said]:
    if misses > MISSES:
        points = [f"{prior.quantile(p):.3g}" for p in POINTS]
        yield said("warn_prior_misses", x=f"{misses:.2f}", points=points)
    if surprise < SURPRISING:
        yield said("warn_surprise", p=f"{100 * surprise:.2g}%")


def _ratio(first: float, second: float) -> float:
    return max(first / second, second / first)


def _integrated(belief: Expert, incidents: int, years: float) -> tuple[float, float, float]:
    """What a split lognormal belief becomes, by integrating over the logarithm of the frequency."""
    ends = [belief.quantile(float(special.ndtr(side * FARTHEST))) for side in (-1, 1)]
    logs = np.linspace(math.log(ends[0]), math.log(ends[1]), GRID)
    height = belief.log_density(logs) + incidents * logs - np.exp(logs) * years
    low, middle, high = (float(point) for point in np.exp(grid_quantiles(logs, height, POINTS)))
    return low, middle, high


def _surprise(prior: GammaBelief, incidents: int, years: float) -> float:
    """The smaller tail of the predictive law, negative binomial, at what was seen."""
    unseen = prior.years / (prior.years + years)
    at_most = float(special.betainc(prior.shape, incidents + 1, unseen))
    below = float(special.betainc(prior.shape, incidents, unseen)) if incidents else 0.0
    return min(at_most, 1 - below)
