"""What is measured: the generated case without any measure, and under a plan; and the truth about both by Fourier transform."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks.engines.serving import CONFIDENCE
from benchmarks.generate import generate_case
from numpy.typing import NDArray

from tenbin.evaluation import Reduction
from tenbin.model import Case, Lognormal

__all__ = ["Law", "Truth", "law_of", "measured_case", "measured_points", "truth_of"]

Point = tuple[NDArray[np.float64], NDArray[np.float64]]
Law = tuple[list[float], list[float], list[float]]
"""Frequency, median and sigma of each scenario."""

GRID = 1 << 21
STEPS_A_MEAN = 5_000
ROOT = Path(__file__).resolve().parents[2]


def measured_case() -> Case:
    """40 scenarios of Poisson frequency and lognormal loss, no triggers, no factors: what all tools can do."""
    return generate_case()


def measured_points(case: Case) -> dict[str, Point]:
    """Log reductions (phi, gamma): of no measure, and of a plan with about one row in seven of the cost table."""
    reduction = Reduction.of(case)
    nothing = np.zeros(reduction.n_rows, np.bool_)
    chosen = np.random.default_rng(0).random(reduction.n_rows) < 0.15
    return {"inherent": reduction.reduce(nothing), "plan": reduction.reduce(chosen)}


def law_of(case: Case, point: Point) -> Law:
    """The parameters that another tool needs to model the case under a plan."""
    phi, gamma = (values[0] for values in point)
    frequency, median, sigma = [], [], []
    for s, scenario in enumerate(case.scenarios):
        model = scenario.severity.model
        assert isinstance(model, Lognormal)
        frequency.append(scenario.frequency.likely * math.exp(-phi[s]))
        median.append(model.median * math.exp(-gamma[s]))
        sigma.append(model.sigma)
    return frequency, median, sigma


@dataclass(frozen=True)
class Truth:
    """The metrics of a book, between which bounds the transform leaves them (half the width, relative), and how much 100,000
    simulated years are expected to miss them by (standard errors, relative).
    """

    aal: float
    var: float
    tvar: float
    var_bound: float
    tvar_bound: float
    aal_error: float
    var_error: float
    tvar_error: float


def truth_of(law: Law, years: int) -> Truth:
    """By the tests' oracle: every law moved up and down to a grid; the expected loss by its formula."""
    if str(ROOT / "tests") not in sys.path:
        sys.path.insert(0, str(ROOT / "tests"))
    from oracles.risk import compound

    frequency, median, sigma = law
    aal = math.fsum(f * m * math.exp(s * s / 2) for f, m, s in zip(frequency, median, sigma, strict=True))
    rows = [
        {"id": f"S{n:03d}", "layer": 1, "frequency": f, "loss_model": f"lognormal(median={m!r}, sigma={s!r})"}
        for n, (f, m, s) in enumerate(zip(frequency, median, sigma, strict=True))
    ]
    found = compound({"scenarios": rows}, {}, aal / STEPS_A_MEAN, GRID)
    low, high = found.mean()
    if found.lost > 1e-5 or not low <= aal <= high:
        raise ArithmeticError(
            f"the oracle's grid is too small: lost {found.lost:.1e}, mean {low:,.0f} to {high:,.0f}, is {aal:,.0f}"
        )
    (v_low, v_high), (t_low, t_high) = found.value_at_risk(CONFIDENCE), found.tail_value_at_risk(CONFIDENCE)
    var, tvar = (v_low + v_high) / 2, (t_low + t_high) / 2
    wide = 0.02 * var
    density = (found.below(var + wide)[0] - found.below(var - wide)[0]) / (2 * wide)
    return Truth(
        aal,
        var,
        tvar,
        (v_high - v_low) / 2 / var,
        (t_high - t_low) / 2 / tvar,
        math.sqrt(found.central_moment(2) / years) / aal,
        math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / years) / density / var,
        found.tail_standard_error(CONFIDENCE, years) / tvar,
    )
