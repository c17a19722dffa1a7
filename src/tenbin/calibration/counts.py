"""Incidents by year → how often: Poisson, negative binomial or at most one a year, with the 90 % range that the years allow."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.calibration.maximising import maximise
from tenbin.calibration.reading import Source, read_counts
from tenbin.calibration.rows import basis_cells, frequency_cells
from tenbin.calibration.wording import Said, among, file_name, p_text, said, whole_from
from tenbin.errors import InputError, Problem
from tenbin.inputs.laws import frequency_model_text
from tenbin.model import Bernoulli, FrequencyModel, NegativeBinomial, Poisson
from tenbin.units import Purpose, stream

__all__ = ["MODELS", "CountFit", "clopper_pearson", "fit_counts", "garwood", "jeffreys"]

FloatArray = NDArray[np.float64]

MODELS = ("poisson", "negative_binomial", "bernoulli")
UNLIKELY = 0.05
FEWEST_YEARS = 5
"""With fewer years even very different numbers say little of how they spread."""

RESAMPLES = 9_999
HALF_CHI_SQUARE_90 = 1.3527717270477046
"""Half the 90 % point of chi-square with one degree of freedom: how far a profile likelihood may fall inside a 90 % range."""


def garwood(total: int, time: float) -> tuple[float, float]:
    """The exact 90 % interval of a Poisson rate, a year, of ``total`` events in ``time`` years; from 0 when there were none.

    References
    ----------
    Garwood (1936), Biometrika 28.
    """
    low = float(special.gammaincinv(total, 0.05)) if total else 0.0
    return low / time, float(special.gammaincinv(total + 1, 0.95)) / time


def jeffreys(total: int, time: float) -> tuple[float, float, float]:
    """The 5 %, 50 % and 95 % points of a Poisson rate by Jeffreys' prior: gamma(total + ½, time)."""
    low, middle, high = (float(special.gammaincinv(total + 0.5, p)) / time for p in (0.05, 0.5, 0.95))
    return low, middle, high


def clopper_pearson(total: int, n_years: int) -> tuple[float, float]:
    """The exact 90 % interval of a yearly probability.

    References
    ----------
    Clopper & Pearson (1934), Biometrika 26.
    """
    low = float(special.betaincinv(total, n_years - total + 1, 0.05)) if total else 0.0
    high = float(special.betaincinv(total + 1, n_years - total, 0.95)) if total < n_years else 1.0
    return low, high


@dataclass(frozen=True, eq=False)
class CountFit:
    """What was found of yearly numbers of incidents.

    counts, exposure : by year. frequency : events a year, likely; low, high : its 90 % range. at_most : with 95 % confidence it is
    no more. dispersion : variance over mean, of each year's number and given its exposure; dispersion_p : how often a Poisson has
    as much. chosen_by : why this law. row : cells for the table ``scenarios``.
    """

    label: str
    years: tuple[str, ...]
    counts: tuple[int, ...]
    exposure: tuple[float, ...]
    model: FrequencyModel
    frequency: float
    low: float
    high: float
    at_most: float
    dispersion: float
    dispersion_p: float
    chosen_by: Said
    warnings: tuple[Said, ...]
    seed: int
    row: Mapping[str, object] = field(repr=False)

    @property
    def name(self) -> str:
        """The law's name."""
        return MODELS[(Poisson, NegativeBinomial, Bernoulli).index(type(self.model))]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def time(self) -> float:
        """Years watched."""
        return math.fsum(self.exposure)

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON document."""
        return {
            "schema": 1,
            "status": "fitted",
            "kind": "counts",
            "file": self.label,
            "n_years": len(self.years),
            "time": self.time,
            "total": self.total,
            "frequency_model": frequency_model_text(self.model) or "poisson",
            "frequency": self.frequency,
            "frequency_low": self.low,
            "frequency_high": self.high,
            "at_most_95": self.at_most,
            "dispersion": self.dispersion,
            "dispersion_p": self.dispersion_p,
            "chosen_by": self.chosen_by,
            "row": dict(self.row),
            "warnings": list(self.warnings),
            "seed": self.seed,
        }


def fit_counts(counts: Source, *, model: str = "best", seed: int = 1) -> CountFit:
    """Fit a law of yearly numbers to a table of ``year``, ``incidents`` and, on wish, ``exposure``.

    Poisson, unless the numbers spread more than it allows (then negative binomial) or keep closer to one a year (then at most one:
    Bernoulli); each is called at 5 %.

    Parameters
    ----------
    counts : a CSV file or a DataFrame; every year watched has a row, those without incidents too.
    model : ``poisson``, ``negative_binomial``, ``bernoulli`` or ``best``.
    seed : of the dispersion test's resamples.

    Raises
    ------
    InputError : with everything that is wrong, or when the law cannot be fitted.

    References
    ----------
    Fisher (1950), Biometrics 6 (the index of dispersion, given the total); Cameron & Trivedi (2013), Regression Analysis of Count
    Data, chapter 3.
    """
    problems: list[Problem] = []
    among("--model", model, ("best", *MODELS), problems)
    whole_from("--seed", seed, 0, 2**63, problems, said("do_usual", n="1"))
    parsed = read_counts(counts, problems)
    if problems:
        raise InputError(problems)
    numbers = np.array([row["incidents"] for row in parsed.rows], np.int64)
    exposure = np.array([row["exposure"] for row in parsed.rows], np.float64)
    dispersion, p = _dispersion(numbers, exposure, stream(seed, Purpose.STUDY, "calibration", "counts"))
    name, why = _chosen(model, numbers, exposure, p)
    if name == "bernoulli" and (numbers.max() > 1 or (exposure != 1).any()):
        got = said("got_exposure") if numbers.max() <= 1 else said("got_most", n=int(numbers.max()))
        raise InputError([Problem("--model", 0, "", said("must_bernoulli"), got, said("do_other_model"))])
    fitted = _fitted(name, numbers, exposure)
    if fitted is None:
        if model != "best":
            got = said("got_dispersion", x=f"{dispersion:.2g}")
            raise InputError([Problem("--model", 0, "", said("must_spread"), got, said("do_poisson"))])
        name, why = "poisson", said("why_poisson", p=p_text(p))
        fitted = _poisson(numbers, exposure)
    law, likely, low, high, at_most = fitted
    total = int(numbers.sum())
    basis = basis_cells("basis_counts", n=total, years=f"{exposure.sum():g}", file=file_name(parsed.label))
    return CountFit(
        label=parsed.label,
        years=tuple(row["year"] for row in parsed.rows),
        counts=tuple(int(number) for number in numbers),
        exposure=tuple(float(one) for one in exposure),
        model=law,
        frequency=likely,
        low=low,
        high=high,
        at_most=at_most,
        dispersion=dispersion,
        dispersion_p=p,
        chosen_by=why,
        warnings=tuple(_warnings(name, model, numbers, at_most)),
        seed=seed,
        row={**frequency_cells(likely, low, high, law), **basis},
    )


Fitted = tuple[FrequencyModel, float, float, float, float]
"""The law, the likely frequency, its 90 % range, and what it is no more than with 95 % confidence."""


def _fitted(name: str, numbers: NDArray[np.int64], exposure: FloatArray) -> Fitted | None:
    """A law fitted to the numbers; None for a negative binomial where Poisson is likelier."""
    if name == "poisson":
        return _poisson(numbers, exposure)
    if name == "bernoulli":
        total, n_years = int(numbers.sum()), len(numbers)
        return Bernoulli(), *_bernoulli(total, n_years), clopper_pearson(total, n_years)[1]
    found = _negative_binomial(numbers, exposure)
    if found is None:
        return None
    cv, (likely, low, high) = found
    return NegativeBinomial(cv), likely, low, high, high


def _poisson(numbers: NDArray[np.int64], exposure: FloatArray) -> Fitted:
    """Garwood's interval; without any incident the points of Jeffreys' prior, as its lower end and its middle are not 0."""
    total, time = int(numbers.sum()), float(exposure.sum())
    low, high = garwood(total, time)
    if total == 0:
        least, middle, most = jeffreys(total, time)
        return Poisson(), middle, least, most, high
    return Poisson(), total / time, low, high, high


def _warnings(name: str, model: str, numbers: NDArray[np.int64], at_most: float) -> Iterator[Said]:
    if numbers.sum() == 0:
        yield said("warn_no_incidents", at_most=f"{at_most:.3g}")
    if len(numbers) < FEWEST_YEARS and model == "best":
        yield said("warn_few_years", n=FEWEST_YEARS)
    if name == "poisson" and model == "best" and numbers.max() == 1:
        yield said("warn_never_two")


def _dispersion(numbers: NDArray[np.int64], exposure: FloatArray, generator: np.random.Generator) -> tuple[float, float]:
    """Variance over mean, and how often a Poisson of the same total has at least as much; (nan, 1) where it cannot be told."""
    total, share = int(numbers.sum()), exposure / exposure.sum()
    if total == 0 or len(numbers) < 2:
        return math.nan, 1.0
    expected = total * share

    def index(sample: NDArray[np.int64]) -> FloatArray:
        return np.asarray(((sample - expected) ** 2 / expected).sum(axis=-1)) / (len(numbers) - 1)

    own = float(index(numbers))
    others = index(generator.multinomial(total, share, RESAMPLES))
    return own, float((1 + np.count_nonzero(others >= own * (1 - 1e-12))) / (1 + RESAMPLES))


def _chosen(model: str, numbers: NDArray[np.int64], exposure: FloatArray, p: float) -> tuple[str, Said]:
    """Which law, and why."""
    if model != "best":
        return model, said("why_asked")
    total, n = int(numbers.sum()), len(numbers)
    if n >= FEWEST_YEARS and p < UNLIKELY:
        return "negative_binomial", said("why_negative_binomial", p=p_text(p))
    if numbers.max() == 1 and (exposure == 1).all():
        apart = math.prod(1 - k / n for k in range(total))
        if apart < UNLIKELY:
            return "bernoulli", said("why_bernoulli", p=p_text(apart))
    return "poisson", said("why_none") if total == 0 or n < 2 else said("why_poisson", p=p_text(p))


def _bernoulli(total: int, n_years: int) -> tuple[float, float, float]:
    """Likely, low, high; where every year had one, or none had, the likely value is the median by Jeffreys' prior."""
    low, high = clopper_pearson(total, n_years)
    own = [float(special.betaincinv(total + 0.5, n_years - total + 0.5, p)) for p in (0.05, 0.5)]
    likely = total / n_years if 0 < total < n_years else own[1]
    return likely, low if total else own[0], high


def _negative_binomial(numbers: NDArray[np.int64], exposure: FloatArray) -> tuple[float, tuple[float, float, float]] | None:
    """The cv of the yearly gamma, and the frequency with its range by profile likelihood; None where Poisson is likelier."""
    from scipy.optimize import brentq, minimize_scalar

    def likelihood(theta: FloatArray) -> FloatArray:
        mean, size = np.exp(theta[..., 0, None]) * exposure, np.exp(-2 * theta[..., 1, None])
        parts = special.gammaln(numbers + size) - special.gammaln(size) - special.gammaln(numbers + 1)
        parts = parts - size * np.log1p(mean / size) + numbers * (np.log(mean) - np.log(size + mean))
        return np.asarray(parts.sum(axis=-1))

    if numbers.sum() == 0:
        return None
    start = np.array([[math.log(numbers.sum() / exposure.sum()), 0.0]])
    best = maximise(lambda theta, rows: likelihood(theta), start)
    cv = float(np.exp(best.theta[0, 1]))
    if not best.is_found[0] or not 0.01 <= cv <= 100:
        return None
    top, middle = float(best.value[0]), float(best.theta[0, 0])

    def fall(log_rate: float) -> float:
        profile = minimize_scalar(
            lambda log_cv: -float(likelihood(np.array([log_rate, log_cv]))),
            bounds=(math.log(0.001), math.log(100)),
            method="bounded",
        )
        return top + float(profile.fun) - HALF_CHI_SQUARE_90

    low, high = (float(np.exp(brentq(fall, middle, _crossing(fall, middle, side)))) for side in (-1.0, 1.0))
    return cv, (math.exp(middle), low, high)


def _crossing(fall: Any, middle: float, side: float) -> float:
    """A point on one side at which the profile has fallen far enough."""
    step = 0.25
    while fall(middle + side * step) < 0 and step < 50:
        step *= 2
    return middle + side * step
