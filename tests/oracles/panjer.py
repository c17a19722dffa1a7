"""Compound laws on a lattice by recursion: Panjer's, shares nothing with the Fourier transform but the severities.

With p_n = (a + b/n) p_{n−1} and a severity f on 0, 1, 2, … the compound law is g_0 = E f_0^N and

    g_k = Σ_{j=1..k} (a + b j/k) f_j g_{k−j} / (1 − a f_0):

    poisson(λ)                          a = 0              b = λ
    bernoulli(q)                        a = −q/(1 − q)     b = 2q/(1 − q)
    negative binomial, mean λ and cv c  a = c²λ/(1 + c²λ)  b = (1/c² − 1) a

A plan's thinning is put into the severity here (an event that is prevented costs nothing), not into λ. Nothing wraps
round: g is exact up to its end, whatever lies beyond. Panjer (1981), ASTIN Bulletin 12.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from oracles.frequency import Frequency, frequency
from oracles.laws import Array, severity
from oracles.risk import discretised, reductions
from oracles.tables import Frames, Plan, number, rows


def recursion(law: Frequency, f: Array) -> Array:
    """The law of f_1 + … + f_N on the first points of the lattice, as many as ``f`` has."""
    rate, square = law.rate, law.cv**2
    if law.kind == "bernoulli":
        a, b = -rate / (1 - rate), 2 * rate / (1 - rate)
        start = 1 - rate + rate * f[0]
    elif law.cv:
        a = square * rate / (1 + square * rate)
        b = (1 / square - 1) * a
        start = (1 + square * rate * (1 - f[0])) ** (-1 / square)
    else:
        a, b = 0.0, rate
        start = math.exp(-rate * (1 - f[0]))
    g = np.zeros(len(f))
    g[0] = start
    j = np.arange(len(f))
    bf = b * j * f
    af = a * f
    for k in range(1, len(f)):
        g[k] = (af[1 : k + 1] + bf[1 : k + 1] / k) @ g[k - 1 :: -1] if k > 1 else (af[1] + bf[1]) * g[0]
        g[k] /= 1 - a * f[0]
    return g


def compound(frames: Frames, plan: Plan, step: float, n_grid: int, up: bool) -> Array:
    """The law of the year's loss on the grid k·step, for scenarios without triggers.

    Given the value of a factor its scenarios are independent; the mean over it is by tanh-sinh in its probability.
    """
    assert not rows(frames, "triggers")
    thinned, reduced = reductions(frames, plan)
    cvs = {r["id"]: number(r, "cv") for r in rows(frames, "factors")}
    members: dict[str, list[tuple[Frequency, Array]]] = {}
    for row in rows(frames, "scenarios"):
        f = thinned[row["id"]] * discretised(severity(frames, row), step / reduced[row["id"]], n_grid, up)
        f[0] += 1 - thinned[row["id"]]
        members.setdefault(row.get("factor", ""), []).append((frequency(row), f))
    total = np.zeros(n_grid)
    total[0] = 1.0
    for factor, laws in members.items():
        given = [(1.0, 1.0)] if factor not in cvs else zip(*gamma_values(cvs[factor]), strict=True)
        part = sum(weight * _independent(laws, value, n_grid) for value, weight in given)
        total = np.convolve(total, part)[:n_grid]
    return total


def _independent(laws: list[tuple[Frequency, Array]], value: float, n_grid: int) -> Array:
    total = np.zeros(n_grid)
    total[0] = 1.0
    for law, f in laws:
        total = np.convolve(total, recursion(Frequency(law.rate * value, law.kind, law.cv), f))[:n_grid]
    return total


def gamma_values(cv: float, step: float = 1 / 8) -> tuple[Array, Array]:
    """Values of a gamma factor of mean 1 at the nodes of tanh-sinh on its probability, and their weights."""
    t = np.arange(-3.2, 3.2 + step / 2, step)
    arm = math.pi / 2 * np.sinh(t)
    weight = step * math.pi / 4 * np.cosh(t) / np.cosh(arm) ** 2
    law = stats.gamma(cv**-2, scale=cv**2)
    below, above = 1 / (1 + np.exp(-2 * arm)), 1 / (1 + np.exp(2 * arm))
    return np.where(t < 0, law.ppf(below), law.isf(above)), weight
