"""Compiled loops over the surviving events of a block."""

from __future__ import annotations

import numba
import numpy as np

__all__ = ["BEYOND", "WINDOW", "block_gradient", "block_loss", "survivors"]

BEYOND, WINDOW = 1, 2
CHUNK = 4096
"""Events gathered at once: their numbers stay in the fastest cache."""

compiled = numba.njit(cache=True, nogil=True, error_model="numpy")
# sums of a gradient may be taken in any order the processor likes; losses may not
summing = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc"})


@compiled
def survivors(tau, begin, end, phi):  # type: ignore[no-untyped-def]
    """Return the end of the prefix of [begin, end) whose marks are above ``phi``; marks descend."""
    low, high = begin, end
    while low < high:
        middle = (low + high) // 2
        if tau[middle] > phi:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def block_loss(severity, tau, trial, parent, start, scenario, n_own, causes, phi, factor, alive, loss):  # type: ignore[no-untyped-def]
    """Add the surviving events' losses to ``loss``, shape (n_years,).

    factor : per scenario exp(−gamma), 0 outside the scope. causes : per segment, whether its events trigger others.
    alive : shape (n_events,), set for the segments that trigger or are triggered.
    """
    own_end = start[n_own]
    for g in range(len(start) - 1):
        s = scenario[g]
        begin, end = start[g], start[g + 1]
        last = survivors(tau, begin, end, phi[s])
        weight = factor[s]
        if g < n_own:
            if weight != 0.0:
                for e in range(begin, last):
                    loss[trial[e]] += severity[e] * weight
            if causes[g]:
                alive[begin:last] = 1
                alive[last:end] = 0
        else:
            alive[last:end] = 0
            for e in range(begin, last):
                alive[e] = alive[parent[e - own_end]]
                if alive[e]:
                    loss[trial[e]] += severity[e] * weight


@compiled
def events_of(trial, inside, found):  # type: ignore[no-untyped-def]
    """Gather the numbers of a chunk's events of the years inside into ``found``; return how many there are.

    Without a branch: one year in twenty is inside, and a processor that guesses which ones waits longer than it works.
    """
    n = 0
    for e in range(len(trial)):
        found[n] = np.uint16(e)
        n += inside[trial[e]] > 0
    return n


@summing
def plain_sums(severity, trial, begin, last, weight, excess, inside):  # type: ignore[no-untyped-def]
    """Σ min(z, excess) and Σ z over the events of the years inside, for those that trigger nothing."""
    by_phi, by_gamma = 0.0, 0.0
    found = np.empty(CHUNK + 1, np.uint16)
    for first in range(begin, last, CHUNK):
        n = events_of(trial[first : min(first + CHUNK, last)], inside, found)
        for k in range(n):
            e = first + found[k]
            z = severity[e] * weight
            by_phi += min(z, excess[trial[e]])
            by_gamma += z
    return by_phi, by_gamma


@summing
def crossing_sums(severity, trial, begin, last, weight, excess, inside):  # type: ignore[no-untyped-def]
    """#{0 < excess ≤ z} and, over the events of the years of the window, Σ z, of events that trigger nothing."""
    by_phi, by_gamma = 0.0, 0.0
    found = np.empty(CHUNK + 1, np.uint16)
    for first in range(begin, last, CHUNK):
        n = events_of(trial[first : min(first + CHUNK, last)], inside, found)
        for k in range(n):
            e = first + found[k]
            z, kind = severity[e] * weight, inside[trial[e]]
            if kind & BEYOND and excess[trial[e]] <= z:
                by_phi += 1.0
            if kind & WINDOW:
                by_gamma += z
    return by_phi, by_gamma


@compiled
def block_gradient(  # type: ignore[no-untyped-def]
    severity,
    tau,
    trial,
    parent,
    start,
    scenario,
    n_own,
    causes,
    phi,
    factor,
    alive,
    cluster,
    excess,
    inside,
    crossing,
    by_phi,
    by_gamma,
):
    """Add one block's sums to ``by_phi`` and ``by_gamma``, shape (n_scenarios,).

    excess : max(annual loss − threshold, 0) by year. inside : ``BEYOND`` for a year with an excess and, for VaR, ``WINDOW`` for one
    whose losses count in the gamma column, or both; 0 for the others.
    crossing : count the events whose removal takes a year below the threshold (VaR), else add up what it would take off (TVaR).
    cluster : shape (n_events,), scratch: an event's loss with that of its living descendants.
    alive : as left by ``block_loss`` under the same plan.
    """
    own_end = start[n_own]
    n_segments = len(start) - 1
    for g in range(n_segments):
        if causes[g] or g >= n_own:
            weight = factor[scenario[g]]
            for e in range(start[g], start[g + 1]):
                cluster[e] = severity[e] * weight if alive[e] else 0.0
    for back in range(n_segments):
        g = n_segments - 1 - back
        s = scenario[g]
        begin, end = start[g], start[g + 1]
        weight = factor[s]
        last = survivors(tau, begin, end, phi[s])
        if g < n_own and not causes[g]:
            if weight != 0.0:
                if crossing:
                    a, b = crossing_sums(severity, trial, begin, last, weight, excess, inside)
                else:
                    a, b = plain_sums(severity, trial, begin, last, weight, excess, inside)
                by_phi[s] += a
                by_gamma[s] += b
            continue
        for e in range(begin, last):
            if not alive[e]:
                continue
            x = excess[trial[e]]
            if crossing:
                if x > 0.0 and x <= cluster[e]:
                    by_phi[s] += 1.0
            else:
                by_phi[s] += min(cluster[e], x)
            if inside[trial[e]] & (WINDOW if crossing else BEYOND):
                by_gamma[s] += severity[e] * weight
            if g >= n_own:
                cluster[parent[e - own_end]] += cluster[e]
