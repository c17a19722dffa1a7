"""What the charts of a calibration show, free of language and of the room that computed it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.reporting.chart_data import Label

__all__ = ["BeliefCurve", "CalibrationData", "CountData", "ExpertData", "ExpertRow", "LawCurve", "LossFitData", "UpdateData"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LawCurve:
    """A law fitted to losses: ``losses`` that shares ``chances`` of the recorded events exceed, chances falling from 1."""

    name: Label
    losses: FloatArray
    chances: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class LossFitData:
    """Losses and the laws fitted to them.

    losses : ascending, shape (n,). laws : the chosen one first. low, high : the 90 % range of the chosen law's losses. expected,
    expected_low, expected_high : what the chosen law expects of the smallest loss, the second smallest …, and the ranges that hold
    each in 90 % of samples, shape (n,). start : where its tail begins. p : of the Anderson–Darling test. above : from where on
    losses were recorded; 0: all.
    """

    title: Label
    losses: FloatArray
    laws: tuple[LawCurve, ...]
    low: FloatArray
    high: FloatArray
    expected: FloatArray
    expected_low: FloatArray
    expected_high: FloatArray
    start: float | None
    p: float
    above: float
    currency: str = "JPY"

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title,)

    @property
    def n_outside(self) -> int:
        """How many losses lie outside of the range that holds them in 90 % of samples."""
        return int(np.count_nonzero((self.losses < self.expected_low) | (self.losses > self.expected_high)))


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """An expert's 5 %, 50 % and 95 % points as given, the outer two after widening, and the weight."""

    name: Label
    low: float
    middle: float
    high: float
    wide_low: float
    wide_high: float
    weight: float


@dataclass(frozen=True, slots=True)
class ExpertData:
    """Experts, their pools and the law fitted; three points each. factor : by which intervals were widened."""

    title: Label
    is_frequency: bool
    experts: tuple[ExpertRow, ...]
    factor: float
    pool: tuple[float, float, float]
    logarithmic: tuple[float, float, float]
    law: tuple[float, float, float] | None
    law_name: Label
    currency: str = "JPY"

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title, *(row.name for row in self.experts))


@dataclass(frozen=True, slots=True)
class CountData:
    """In how many years there were 0, 1, 2 … incidents, and how many a law expects.

    first, width : class k holds the numbers from first + k·width on; the first class also smaller ones, the last all larger ones.
    seen, expected : shape (n_classes,). poisson : what a Poisson of the same mean expects; None when the law is one. frequency,
    low, high : events a year.
    """

    title: Label
    first: int
    width: int
    seen: tuple[int, ...]
    expected: tuple[float, ...]
    poisson: tuple[float, ...] | None
    law_name: Label
    frequency: float
    low: float
    high: float
    total: int
    time: float
    currency: str = "JPY"

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title,)


@dataclass(frozen=True, slots=True, eq=False)
class BeliefCurve:
    """A belief of a frequency: its density in the logarithm at ``frequencies``, and its 5 %, 50 % and 95 % points."""

    frequencies: FloatArray
    densities: FloatArray
    points: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class UpdateData:
    """A belief before and after own incidents; asked : the three points that were believed, after widening."""

    title: Label
    prior: BeliefCurve
    posterior: BeliefCurve
    asked: tuple[float, float, float]
    incidents: int
    years: float
    currency: str = "JPY"

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title,)


CalibrationData = LossFitData | ExpertData | CountData | UpdateData
