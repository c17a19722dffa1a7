"""Compiled loops that draw events. Each takes a numpy Generator, so the streams are numpy's own.

``state`` is the generator's state (``tenbin.units.Switchable``): writing a stream's state there goes on from it.
"""

from __future__ import annotations

import math

import numba
import numpy as np

__all__ = [
    "EMPIRICAL",
    "FIXED",
    "GAMMA",
    "LOGNORMAL",
    "OFTEN",
    "ONCE",
    "PARETO",
    "PERT",
    "UNIFORM",
    "WEIBULL",
    "count_events",
    "draw_own",
    "draw_triggered",
    "guide",
    "limit_losses",
]

LOGNORMAL, GAMMA, PARETO, FIXED, EMPIRICAL, WEIBULL, UNIFORM, PERT = range(8)
OFTEN, ONCE = range(2)
"""Own events of a scenario: Poisson given the year's weight; at most one a year."""

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
def draw_distinct_trials(generator, trial, years):  # type: ignore[no-untyped-def]
    """Fill ``trial`` with different years, every choice and order equally likely; ``years``: scratch, shape (n_years,)."""
    n = len(years)
    for year in range(n):
        years[year] = year
    for e in range(len(trial)):
        other = e + int(generator.random() * (n - e))
        years[e], years[other] = years[other], years[e]
        trial[e] = years[e]


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
    """Fill ``trial`` with years of the block in proportion to their weights (gamma draws of the years)."""
    n = len(cumulative)
    total = cumulative[n - 1]
    for e in range(len(trial)):
        u = generator.random()
        year = start[int(u * n)]
        while year < n - 1 and cumulative[year] <= u * total:
            year += 1
        trial[e] = np.uint16(year)


@compiled
def draw_loss(generator, law, samples):  # type: ignore[no-untyped-def]
    """One loss of a law: kind, four parameters, and where a generalised Pareto tail begins, its scale and shape.

    The parameters are ln median and sigma; shape and scale; minimum and alpha; the amount; where the sample begins and ends; scale
    and shape; low and high; low, high, α and β.
    """
    kind, first, second = int(law[0]), law[1], law[2]
    if kind == LOGNORMAL:
        z = math.exp(first + second * generator.standard_normal())
    elif kind == GAMMA:
        z = generator.standard_gamma(first) * second
    elif kind == PARETO:
        z = first * math.exp(generator.standard_exponential() / second)
    elif kind == FIXED:
        z = first
    elif kind == EMPIRICAL:
        z = samples[int(first) + int(generator.random() * (second - first))]
    elif kind == WEIBULL:
        z = first * generator.standard_exponential() ** (1.0 / second)
    elif kind == UNIFORM:
        z = first + (second - first) * generator.random()
    else:
        z = first + (second - first) * generator.beta(law[3], law[4])
    if z > law[5]:
        # given that the body is exceeded there, what lies beyond is the tail's
        excess = generator.standard_exponential()
        z = law[5] + law[6] * (excess if law[7] == 0.0 else math.expm1(law[7] * excess) / law[7])
    return z


@compiled
def draw_severities(generator, severity, laws, samples):  # type: ignore[no-untyped-def]
    """Fill ``severity`` with losses of one law, or of a mixture: a row each, the last number its cumulative weight.

    A lognormal alone is left as its logarithm: numpy takes the exponentials of many at once five times faster.
    """
    first, second = laws[0, 1], laws[0, 2]
    if len(laws) == 1 and laws[0, 0] == LOGNORMAL and laws[0, 5] == np.inf:
        for e in range(len(severity)):
            severity[e] = first + second * generator.standard_normal()
    elif len(laws) == 1:
        for e in range(len(severity)):
            severity[e] = draw_loss(generator, laws[0], samples)
    else:
        for e in range(len(severity)):
            u = generator.random()
            part = 0
            while part < len(laws) - 1 and u >= laws[part, 8]:
                part += 1
            severity[e] = draw_loss(generator, laws[part], samples)


@compiled
def limit_losses(severity, start, scenario, deductible, cap):  # type: ignore[no-untyped-def]
    """Turn losses into min(max(Z − deductible, 0), cap), segment by segment."""
    for g in range(len(scenario)):
        low, top = deductible[scenario[g]], cap[scenario[g]]
        if low > 0.0 or top < np.inf:
            for e in range(start[g], start[g + 1]):
                severity[e] = min(max(severity[e] - low, 0.0), top)


@compiled
def count_events(  # type: ignore[no-untyped-def]
    generator, state, streams, often, expected, n_years, probability, parent_start, parents, start, caused
):
    """How many events each segment has in a block: ``start`` gets where they begin; ``streams`` are moved on by what that takes.

    expected : shape (n_scenarios,), own events in all the years or, at most once a year, the probability in each. probability :
    shape (n_edges,). parents : the segments that hold an edge's causes, those of edge g from parent_start[g] to
    parent_start[g + 1]. caused : gets how many events of each of these cause another.
    """
    n_own = len(expected)
    for s in range(n_own):
        state[:] = streams[s]
        n = generator.poisson(expected[s]) if often[s] == OFTEN else generator.binomial(n_years, expected[s])
        start[s + 1] = start[s] + n
        streams[s] = state
    for g in range(len(probability)):
        state[:] = streams[n_own + g]
        total = 0
        for q in range(parent_start[g], parent_start[g + 1]):
            n = start[parents[q] + 1] - start[parents[q]]
            caused[q] = generator.binomial(n, probability[g]) if n > 0 else 0
            total += caused[q]
        start[n_own + g + 1] = start[n_own + g] + total
        streams[n_own + g] = state


@compiled
def draw_own(  # type: ignore[no-untyped-def]
    generator,
    state,
    streams,
    start,
    often,
    n_years,
    weighting,
    cumulative,
    guides,
    laws,
    law_start,
    samples,
    tau,
    trial,
    severity,
):
    """Draw the own events of every scenario of a block.

    start : where each segment's events stand. weighting : the number of its weights of the years among ``cumulative`` and
    ``guides``, shape (n, n_years); −1 when all years are alike. laws : the rows of scenario s are law_start[s] to law_start[s + 1].
    """
    years = np.empty(n_years, np.uint16)
    for s in range(len(often)):
        begin, end = start[s], start[s + 1]
        if begin == end:
            continue
        state[:] = streams[s]
        if often[s] == ONCE:
            draw_distinct_trials(generator, trial[begin:end], years)
        elif weighting[s] >= 0:
            draw_weighted_trials(generator, trial[begin:end], cumulative[weighting[s]], guides[weighting[s]])
        else:
            draw_trials(generator, trial[begin:end], n_years)
        draw_marks(generator, tau[begin:end])
        draw_severities(generator, severity[begin:end], laws[law_start[s] : law_start[s + 1]], samples)


@compiled
def draw_triggered(  # type: ignore[no-untyped-def]
    generator,
    state,
    streams,
    start,
    n_own,
    parent_start,
    parents,
    caused,
    scenario,
    laws,
    law_start,
    samples,
    tau,
    trial,
    severity,
    parent,
):
    """Draw the events that others cause, edges in order: which cause them, in a random order, then marks and losses.

    parent : gets for each triggered event the index in the block of the event that caused it. scenario : of each segment.
    """
    own_end = start[n_own]
    for g in range(len(parent_start) - 1):
        begin, end = start[n_own + g], start[n_own + g + 1]
        if begin == end:
            continue
        state[:] = streams[n_own + g]
        write = begin - own_end
        for q in range(parent_start[g], parent_start[g + 1]):
            first, last, need = start[parents[q]], start[parents[q] + 1], caused[q]
            for e in range(first, last):
                if need == 0:
                    break
                if generator.random() * (last - e) < need:  # each choice of so many equally likely
                    parent[write] = e
                    write += 1
                    need -= 1
        # marks come sorted, so it has to be left to chance which child has which
        n = end - begin
        for one in range(n - 1, 0, -1):
            other = int(generator.random() * (one + 1))
            i, j = begin - own_end + one, begin - own_end + other
            parent[i], parent[j] = parent[j], parent[i]
        for e in range(begin, end):
            trial[e] = trial[parent[e - own_end]]
        s = scenario[n_own + g]
        draw_marks(generator, tau[begin:end])
        draw_severities(generator, severity[begin:end], laws[law_start[s] : law_start[s + 1]], samples)
