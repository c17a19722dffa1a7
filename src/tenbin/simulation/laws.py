"""Laws of loss as the rows of numbers that the kernels draw from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.model import (
    Empirical,
    Fixed,
    Gamma,
    GpdTail,
    Lognormal,
    LossModel,
    Mixture,
    Pareto,
    Pert,
    Severity,
    Uniform,
    Weibull,
)
from tenbin.simulation import kernels

__all__ = ["LawTable"]

FloatArray = NDArray[np.float64]

NO_TAIL = (math.inf, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class LawTable:
    """The severities of all scenarios.

    rows : shape (n_rows, 9): kind, four parameters, the tail's beginning, scale and shape, cumulative weight in a mixture.
    start : shape (n_scenarios + 1,), where each scenario's rows begin. samples : all empirical losses.
    deductible, cap : shape (n_scenarios,). is_log : scenarios whose kernel draws are logarithms. is_limited : any has a limit.
    """

    rows: FloatArray
    start: NDArray[np.int64]
    samples: FloatArray
    deductible: FloatArray
    cap: FloatArray
    is_log: NDArray[np.bool_]
    is_limited: bool

    @classmethod
    def of(cls, severities: Sequence[Severity]) -> LawTable:
        """Put severities into rows."""
        rows: list[tuple[float, ...]] = []
        start, samples = [0], [0.0]
        for severity in severities:
            weight = 0.0
            for share, law in _parts(severity.model):
                weight += share
                rows.append((*_row(law, samples), weight))
            start.append(len(rows))
        table = np.array(rows)
        alone = np.diff(start) == 1
        first = table[np.array(start[:-1])]
        deductible = np.array([severity.deductible for severity in severities])
        cap = np.array([severity.cap for severity in severities])
        return cls(
            rows=table,
            start=np.array(start, np.int64),
            samples=np.array(samples),
            deductible=deductible,
            cap=cap,
            is_log=alone & (first[:, 0] == kernels.LOGNORMAL) & np.isinf(first[:, 5]),
            is_limited=bool(np.any(deductible > 0) or np.any(np.isfinite(cap))),
        )

    def of_scenario(self, scenario: int) -> FloatArray:
        """The rows of one scenario."""
        return self.rows[self.start[scenario] : self.start[scenario + 1]]


def _parts(law: LossModel) -> Sequence[tuple[float, LossModel]]:
    return law.parts if isinstance(law, Mixture) else ((1.0, law),)


def _row(law: LossModel, samples: list[float]) -> tuple[float, ...]:
    if isinstance(law, GpdTail):
        return (*_row(law.body, samples)[:5], law.start, law.scale, law.shape)
    match law:
        case Lognormal():
            found: tuple[float, ...] = (kernels.LOGNORMAL, math.log(law.median), law.sigma, 0.0, 0.0)
        case Gamma():
            found = (kernels.GAMMA, law.shape, law.scale, 0.0, 0.0)
        case Pareto():
            found = (kernels.PARETO, law.minimum, law.alpha, 0.0, 0.0)
        case Fixed():
            found = (kernels.FIXED, law.amount, 0.0, 0.0, 0.0)
        case Weibull():
            found = (kernels.WEIBULL, law.scale, law.shape, 0.0, 0.0)
        case Uniform():
            found = (kernels.UNIFORM, law.low, law.high, 0.0, 0.0)
        case Pert():
            found = (kernels.PERT, law.low, law.high, law.alpha, law.beta)
        case Empirical():
            found = (kernels.EMPIRICAL, len(samples), len(samples) + len(law.losses), 0.0, 0.0)
            samples.extend(law.losses)
        case _:
            raise TypeError(law)
    return (*found, *NO_TAIL)
