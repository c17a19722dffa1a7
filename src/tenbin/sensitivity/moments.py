"""Mean and variance of a year's loss in each world, in closed form: chance, where the parameters are known."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import ExpectedLoss
from tenbin.model import Bernoulli, Case, NegativeBinomial
from tenbin.simulation import Structure

__all__ = ["variance_by_world"]

FloatArray = NDArray[np.float64]


def variance_by_world(
    case: Case, structure: Structure, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool] | FloatArray
) -> FloatArray:
    """Variance of the annual loss in each world, shape (n_worlds,); ``inf`` where an event's loss has none.

    An own event that happens costs D: its loss and those of all that it sets off. With λ the surviving own events a year, a Poisson
    number of them has variance λE[D²]; at most one a year takes λ²E[D]² off, a gamma of coefficient of variation c adds c²λ²E[D]²,
    and a systemic factor c²(Σ λE[D])² over the scenarios that share it.

    Parameters
    ----------
    phi, gamma : log reductions, shape (n_worlds, n_scenarios). scope : flags by scenario; losses of the others do not count.

    References
    ----------
    Klugman, Panjer & Willmot (2012), Loss Models, chapter 9.
    """
    expected = ExpectedLoss.of(structure)
    counts = np.asarray(scope, np.float64)
    left = np.exp(-gamma)
    mean = left * expected.mean * counts
    variances = np.array([severity.variance for severity in structure.severities])
    with np.errstate(invalid="ignore"):
        spread = np.where(counts > 0, left**2 * variances, 0.0)
    keep = np.exp(-phi)
    for source, target, probability in reversed(expected.edges):
        chance = probability * keep[:, target]
        spread[:, source] += chance * (spread[:, target] + (1 - chance) * mean[:, target] ** 2)
        mean[:, source] += chance * mean[:, target]
    rate = expected.frequency * keep
    parts = rate * (spread + mean**2)
    cvs = {factor.id: factor.cv for factor in case.factors}
    together: dict[str, FloatArray] = {}
    for s, scenario in enumerate(case.scenarios):
        yearly = rate[:, s] * mean[:, s]
        factor = cvs.get(scenario.factor, 0.0)
        if factor:
            together[scenario.factor] = together.get(scenario.factor, np.zeros(len(rate))) + yearly
        if isinstance(scenario.frequency_model, NegativeBinomial):
            parts[:, s] += scenario.frequency_model.cv**2 * (1 + factor**2) * yearly**2
        elif isinstance(scenario.frequency_model, Bernoulli):
            parts[:, s] -= yearly**2
    total = parts.sum(axis=1) + sum(cvs[name] ** 2 * yearly**2 for name, yearly in together.items())
    return np.asarray(total if math.isfinite(float(total.sum())) else np.full(len(total), math.inf))
