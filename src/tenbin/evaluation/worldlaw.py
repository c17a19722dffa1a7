"""The law of annual loss in each world, by Fourier transform on a coarse grid: no years, no noise, and not quite the years' law.

It says how worlds differ, where each has too few years to say it itself; the years say how large the values are. What the grid
cannot tell is small beside what belief about parameters does: losses between two of its points are shared out to both, so that every
mean is right.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.model import Bernoulli, Case, NegativeBinomial, Poisson, Severity

__all__ = ["law_by_world"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

TILT = 20.0
"""What wraps round the grid comes back by e to the minus this."""
LOSS_POINTS = 1200
"""Points at which a law of losses is worked out: each 2 % above the one before."""
FACTOR_NODES, FIRM = 24, 0.1
"""Values of a factor that stand for it where scenarios have a gamma of their own too; one that varies less than this is kept apart."""
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
    clusters = _Clusters(case, gamma, scope, phi, step, tilt)
    cvs = {factor.id: factor.cv for factor in case.factors}
    exponents: dict[str, ComplexArray] = {}
    once = np.ones((1, 1), complex)
    own: dict[str, list[tuple[float, ComplexArray]]] = {}
    plain: dict[str, list[tuple[FloatArray, ComplexArray]]] = {}
    for n, scenario in enumerate(case.scenarios):
        kind = scenario.factor if scenario.factor in cvs else ""
        if isinstance(scenario.frequency_model, Poisson) and scenario.id not in clusters.caused:
            if scope[n]:
                weights, known = _known(scenario.severity, gamma[:, n], step, tilt)
                plain.setdefault(kind, []).append((rate[:, [n]] * weights, known - 1))
            continue
        one = rate[:, [n]] * (clusters.of(scenario.id) - 1)
        if isinstance(scenario.frequency_model, Bernoulli):
            once = once * (1 + one)  # has no factor; its logarithm may be that of 0
            continue
        if isinstance(scenario.frequency_model, NegativeBinomial):
            if kind and cvs[kind] > FIRM:
                own.setdefault(kind, []).append((scenario.frequency_model.cv, one))
                continue
            one = _mixed(one, scenario.frequency_model.cv)
        exponents[kind] = exponents.get(kind, 0) + one
    for kind, parts in plain.items():  # most scenarios, all at once
        weights, known = (np.concatenate(both, axis=axis) for axis, both in zip((1, 0), zip(*parts, strict=True), strict=True))
        exponents[kind] = exponents.get(kind, 0) + (weights @ known.real + 1j * (weights @ known.imag))
    total = np.zeros((len(rate), n_points // 2 + 1), complex)
    for kind, gammas in own.items():
        once = once * _over_factor(cvs[kind], exponents.pop(kind, 0), gammas)
    for kind, exponent in exponents.items():
        total += _mixed(exponent, cvs[kind]) if kind else exponent
    law = np.fft.irfft(once * np.exp(total), n_points, axis=1) / tilt
    return np.asarray(np.maximum(law, 0.0))


class _Clusters:
    """Transforms of one living event with all that it sets off, each worked out once.

    caused : what a scenario's events set off, with its probability; nothing without ``phi``.
    """

    def __init__(
        self, case: Case, gamma: FloatArray, scope: Sequence[bool], phi: FloatArray | None, step: float, tilt: FloatArray
    ) -> None:
        self.case, self.gamma, self.scope, self.step, self.tilt = case, gamma, scope, step, tilt
        self.number = {scenario.id: n for n, scenario in enumerate(case.scenarios)}
        self.kept: dict[str, FloatArray] = {}
        self.caused: dict[str, list[tuple[str, float]]] = {}
        if phi is not None:
            self.kept = {name: np.exp(-phi[:, [n]]) for name, n in self.number.items()}
            for edge in case.triggers:
                self.caused.setdefault(edge.scenario, []).append((edge.triggers, edge.probability))
        self._known: dict[str, ComplexArray] = {}

    def of(self, name: str) -> ComplexArray:
        """Of a scenario's events: shape (n_worlds or 1, n_points // 2 + 1)."""
        if name not in self._known:
            n = self.number[name]
            found = np.ones((1, 1), complex)
            if self.scope[n]:
                weights, known = _known(self.case.scenarios[n].severity, self.gamma[:, n], self.step, self.tilt)
                found = weights @ known
            for other, probability in self.caused.get(name, ()):
                found = found * (1 + probability * self.kept[other] * (self.of(other) - 1))
            self._known[name] = found
        return self._known[name]


def _mixed(exponent: ComplexArray, cv: float) -> ComplexArray:
    """The logarithm of E exp(exponent · Γ), Γ gamma with mean 1."""
    return np.asarray(-np.log1p(-(cv**2) * exponent) / cv**2)


def _over_factor(cv: float, exponent: ComplexArray | int, gammas: Sequence[tuple[float, ComplexArray]]) -> ComplexArray:
    """E over a factor of scenarios under it of which some have a gamma of their own (cv, exponent): Gauss–Laguerre."""
    places, weights = special.roots_genlaguerre(FACTOR_NODES, cv**-2 - 1)
    found = [
        weight * np.exp(place * exponent + sum(_mixed(place * one, own) for own, one in gammas))
        for place, weight in zip(places * cv**2, weights / weights.sum(), strict=True)
    ]
    return np.asarray(sum(found))


def _known(severity: Severity, gamma: FloatArray, step: float, tilt: FloatArray) -> tuple[FloatArray, ComplexArray]:
    """Transforms of one event's loss at some reductions, and how each world's lies between them: (n_worlds, m), (m, n)."""
    low, high = float(gamma.min()), float(gamma.max())
    if not high > low:
        return np.ones((len(gamma), 1)), np.fft.rfft(_on_grid(severity, low, step, len(tilt)) * tilt)[None]
    steps = np.linspace(low, high, GAMMA_STEPS)
    known = np.fft.rfft(np.array([_on_grid(severity, at, step, len(tilt)) for at in steps]) * tilt, axis=1)
    far = np.abs(gamma[:, None] - steps) / (steps[1] - steps[0])
    return np.maximum(1 - far, 0.0), known


@lru_cache(maxsize=4096)
def _limited(severity: Severity) -> tuple[FloatArray, FloatArray]:
    """E[min(loss, x)] at points x from 0, closer than any grid's; straight between them, it is that of a law on the points."""
    model, start = severity.model, severity.deductible
    usual = max(severity.quantile(0.9), 1e-9)
    points = np.concatenate(([0.0], usual * np.geomspace(1e-6, 1e6, LOSS_POINTS)))
    limited = [model.layer_mean(start, start + min(float(point), severity.cap)) for point in points]
    return points, np.array(limited)


def _on_grid(severity: Severity, gamma: float, step: float, n_points: int) -> FloatArray:
    """Probabilities of 0, h … such that the mean of what lies on the grid is kept: second differences of E[min(loss, x)]."""
    places = step * math.exp(gamma) * np.arange(n_points + 1)
    slope = np.diff(np.interp(places, *_limited(severity))) / places[1]
    return np.asarray(np.concatenate(([1 - slope[0]], slope[:-1] - slope[1:])))
