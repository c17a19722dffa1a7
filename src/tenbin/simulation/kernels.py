"""Compiled loops that draw events. Each takes a numpy Generator, so the streams are numpy's own."""

from __future__ import annotations

import math

import numba
import numpy as np

__all__ = ["EMPIRICAL", "FIXED", "GAMMA", "LOGNORMAL", "PARETO", "draw_own", "draw_triggered", "fill", "guide"]

LOGNORMAL, GAMMA, PARETO, FIXED, EMPIRICAL = range(5)

compiled = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=False)


@compiled
def draw_marks(generator, tau):  # type: ignore[no-untyped-def]
    """Fill ``tau`` with n independent Exp(1) marks, largest first: τ_(j) = Σ_{i≤j} E_i / (n − i + 1)."""
    n = len(tau)
    total = 0.0
    for j in range(n):
        total += generator.standard_exponential() / (n - j)
        tau[n - 1 - j] = total


@compiled
def draw_trials(generator, trial, n_years):  # type: ignore[no-untyped-def]
    """Fill ``trial`` with years of the block, each equally likely (2⁻⁵³ n_years from it at most)."""
    for e in range(len(trial)):
        trial[e] = np.uint16(generator.random() * n_years)


@compiled
def guide(cumulative):  # type: ignore[no-untyped-def]
    """For each of n equal slices of the total weight, the first year whose cumulative weight reaches into it."""
    n = len(cumulative)
    start = np.empty(n, np.int32)
    total = cumulative[n - 1]
    year = 0
    for part in range(n):
        while cumulative[year] < total * part / n:
            year += 1
        start[part] = year
    return start


@compiled
def draw_weighted_trials(generator, trial, cumulative, start):  # type: ignore[no-untyped-def]
    """Fill ``trial`` with years of the block in proportion to their weights (a systemic factor's draws)."""
    n = len(cumulative)
    total = cumulative[n - 1]
    for e in range(len(trial)):
        u = generator.random()
        year = start[int(u * n)]
        while year < n - 1 and cumulative[year] <= u * total:
            year += 1
        trial[e] = np.uint16(year)


@compiled
def draw_severities(generator, severity, kind, first, second, sample, deductible, cap):  # type: ignore[no-untyped-def]
    """Fill ``severity`` with inherent losses min(max(Z − deductible, 0), cap).

    ``first`` and ``second`` are the law's parameters: ln median and sigma; shape and scale; minimum and alpha; the amount.
    """
    for e in range(len(severity)):
        if kind == LOGNORMAL:
            z = math.exp(first + second * generator.standard_normal())
        elif kind == GAMMA:
            z = generator.standard_gamma(first) * second
        elif kind == PARETO:
            z = first * math.exp(generator.standard_exponential() / second)
        elif kind == FIXED:
            z = first
        else:
            z = sample[int(generator.random() * len(sample))]
        severity[e] = min(max(z - deductible, 0.0), cap)


@compiled
def fill(generator, tau, severity, kind, first, second, sample, deductible, cap):  # type: ignore[no-untyped-def]
    """Draw the marks and then the severities of a segment."""
    draw_marks(generator, tau)
    draw_severities(generator, severity, kind, first, second, sample, deductible, cap)


@compiled
def draw_own(  # type: ignore[no-untyped-def]
    generator, n_years, cumulative, start, tau, trial, severity, kind, first, second, sample, deductible, cap
):
    """Draw a scenario's own events of a block; ``cumulative`` is empty when the scenario has no systemic factor."""
    if len(cumulative) > 0:
        draw_weighted_trials(generator, trial, cumulative, start)
    else:
        draw_trials(generator, trial, n_years)
    fill(generator, tau, severity, kind, first, second, sample, deductible, cap)


@compiled
def draw_triggered(generator, begin, end, probability, trial, child_trial, child_parent, found):  # type: ignore[no-untyped-def]
    """Let each event in [begin, end) cause another with ``probability``; return how many were found in all.

    ``child_parent`` gets the causing event's index in the block, ``child_trial`` its year.
    """
    for e in range(begin, end):
        if generator.random() < probability:
            child_parent[found] = e
            child_trial[found] = trial[e]
            found += 1
    return found
