"""The law of annual loss in each world, by Fourier transform on a coarse grid: no years, no noise, and not quite the years' law.

It says how worlds differ, where each has too few years to say it itself; the years say how large the values are. What the grid
cannot tell is small beside what belief about parameters does: losses between two of its points are shared out to both, so that every
mean is right. Left out: a factor and an own gamma of one scenario multiply one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Bernoulli, Case, NegativeBinomial, Poisson, Severity

__all__ = ["law_by_world"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

TILT = 20.0
"""What wraps round the grid comes back by e to the minus this."""
GAMMA_STEPS = 5
"""Where the reduction of losses differs by world: laws that others lie between."""


def law_by_world(
    case: Case,
    rate: FloatArray,
    gamma: FloatArray,
    scope: Sequence[bool],
    top: float,
    n_points: int,
    phi: FloatArray | None = None,
) -> FloatArray:
    """Probabilities of the annual losses 0, h, 2h … below ``top``; what is missing to 1 lies above it.

    Parameters
    ----------
    rate : surviving events a year, shape (n_worlds, n_scenarios): own ones, with ``phi``; without, all of them, as if those that were
        set off came by themselves. gamma, phi : log reductions, same shape. scope : flags by scenario; losses of the others do not count.
    top : > 0, half a step above the last point.
    n_points : of the grid.

    Returns
    -------
    Shape (n_worlds, n_points).

    References
    ----------
    Grübel & Hermesmeier (1999), ASTIN Bulletin 29: exponential tilting against wrap-round. Gerber (1982), Insurance: Mathematics
    and Economics 1: laws moved to a grid with their mean kept.
    """
    step = top / (n_points - 0.5)
    tilt = np.exp(-TILT / n_points * np.arange(n_points))
    number = {scenario.id: n for n, scenario in enumerate(case.scenarios)}
    caused: dict[str, list[tuple[str, float]]] = {}
    for edge in case.triggers if phi is not None else ():
        caused.setdefault(edge.scenario, []).append((edge.triggers, edge.probability))
    clusters: dict[str, ComplexArray] = {}

    def cluster(name: str) -> ComplexArray:
        """Of one living event with all that it sets off: shape (n_worlds or 1, n_points // 2 + 1)."""
        if name not in clusters:
            n = number[name]
            found = _transformed(case.scenarios[n].severity, gamma[:, n], step, tilt) if scope[n] else np.ones((1, 1), complex)
            for other, probability in caused.get(name, ()):
                assert phi is not None
                keep = probability * np.exp(-phi[:, number[other]])[:, None]
                found = found * (1 + keep * (cluster(other) - 1))
            clusters[name] = found
        return clusters[name]

    cvs = {factor.id: factor.cv for factor in case.factors}
    exponents: dict[str, ComplexArray] = {}
    plain: dict[str, list[tuple[FloatArray, ComplexArray]]] = {}
    for n, scenario in enumerate(case.scenarios):
        kind = scenario.factor if scenario.factor in cvs else ""
        if isinstance(scenario.frequency_model, Poisson) and scenario.id not in caused:
            if scope[n]:
                weights, known = _known(scenario.severity, gamma[:, n], step, tilt)
                plain.setdefault(kind, []).append((rate[:, [n]] * weights, known - 1))
            continue
        one = rate[:, [n]] * (cluster(scenario.id) - 1)
        if isinstance(scenario.frequency_model, Bernoulli):
            one = np.log1p(one)
        elif isinstance(scenario.frequency_model, NegativeBinomial):
            one = _mixed(one, scenario.frequency_model.cv)
        exponents[kind] = exponents.get(kind, 0) + one
    for kind, parts in plain.items():  # most scenarios, all at once
        weights, known = (np.concatenate(both, axis=axis) for axis, both in zip((1, 0), zip(*parts, strict=True), strict=True))
        exponents[kind] = exponents.get(kind, 0) + (weights @ known.real + 1j * (weights @ known.imag))
    total = np.zeros((len(rate), n_points // 2 + 1), complex)
    for kind, exponent in exponents.items():
        total += _mixed(exponent, cvs[kind]) if kind else exponent
    law = np.fft.irfft(np.exp(total), n_points, axis=1) / tilt
    return np.asarray(np.maximum(law, 0.0))


def _mixed(exponent: ComplexArray, cv: float) -> ComplexArray:
    """The logarithm of E exp(exponent · Γ), Γ gamma with mean 1."""
    return np.asarray(-np.log1p(-(cv**2) * exponent) / cv**2)


def _transformed(severity: Severity, gamma: FloatArray, step: float, tilt: FloatArray) -> ComplexArray:
    """Of one event's loss under a reduction by world: shape (n_worlds, n)."""
    weights, known = _known(severity, gamma, step, tilt)
    return np.asarray(weights @ known)


def _known(severity: Severity, gamma: FloatArray, step: float, tilt: FloatArray) -> tuple[FloatArray, ComplexArray]:
    """Transforms of one event's loss at some reductions, and how each world's lies between them: (n_worlds, m), (m, n)."""
    low, high = float(gamma.min()), float(gamma.max())
    if not high > low:
        return np.ones((len(gamma), 1)), np.fft.rfft(_on_grid(severity, low, step, len(tilt)) * tilt)[None]
    steps = np.linspace(low, high, GAMMA_STEPS)
    known = np.fft.rfft(np.array([_on_grid(severity, at, step, len(tilt)) for at in steps]) * tilt, axis=1)
    far = np.abs(gamma[:, None] - steps) / (steps[1] - steps[0])
    return np.maximum(1 - far, 0.0), known


def _on_grid(severity: Severity, gamma: float, step: float, n_points: int) -> FloatArray:
    """Probabilities of 0, h … such that the mean of what lies on the grid is kept: second differences of E[min(loss, x)]."""
    model, start = severity.model, severity.deductible
    places = step * math.exp(gamma) * np.arange(n_points + 1)
    limited = np.array([model.layer_mean(start, start + min(float(place), severity.cap)) for place in places])
    slope = np.diff(limited) / places[1]
    return np.asarray(np.concatenate(([1 - slope[0]], slope[:-1] - slope[1:])))
