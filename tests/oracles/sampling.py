"""Years drawn plainly, one scenario after the other with numpy's own laws; and tests of whether a sample is of a law."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from oracles.frequency import frequency
from oracles.laws import Array, Term, row_term
from oracles.risk import reductions
from oracles.tables import Frames, Plan, number, rows


def losses(rng: np.random.Generator, law: Term, n: int) -> Array:
    """Losses of n events, before deductible and cap."""
    v = dict(law.numbers)
    if law.kind == "fixed":
        return np.full(n, v["amount"])
    if law.kind == "empirical":
        return rng.choice(np.array(law.sample), n)
    if law.kind == "lognormal":
        return v["median"] * rng.lognormal(0, v["sigma"], n)
    if law.kind == "gamma":
        return rng.gamma(v["cv"] ** -2, v["mean"] * v["cv"] ** 2, n)
    if law.kind == "pareto":
        return v["minimum"] * (1 + rng.pareto(v["alpha"], n))
    if law.kind == "weibull":
        return v["scale"] * rng.weibull(v["shape"], n)
    if law.kind == "uniform":
        return rng.uniform(v["low"], v["high"], n)
    if law.kind == "pert":
        width = v["high"] - v["low"]
        a, b = 1 + 4 * (v["mode"] - v["low"]) / width, 1 + 4 * (v["high"] - v["mode"]) / width
        return v["low"] + width * rng.beta(a, b, n)
    if law.kind == "tail":
        z = losses(rng, law.parts[0][1], n)
        beyond = z > v["from"]
        e = rng.exponential(1, int(beyond.sum()))
        excess = e if v["shape"] == 0 else np.expm1(v["shape"] * e) / v["shape"]
        z[beyond] = v["from"] + v["scale"] * excess
        return z
    assert law.kind == "mixture", law
    weights = np.array([w for w, _ in law.parts])
    which = rng.choice(len(weights), n, p=weights / weights.sum())
    z = np.empty(n)
    for i, (_, part) in enumerate(law.parts):
        z[which == i] = losses(rng, part, int((which == i).sum()))
    return z


def years(rng: np.random.Generator, frames: Frames, plan: Plan, n: int) -> Array:
    """Annual losses of n years under a plan."""
    scenarios = {r["id"]: r for r in rows(frames, "scenarios")}
    thinned, reduced = reductions(frames, plan)
    factors = {r["id"]: rng.gamma(number(r, "cv") ** -2, number(r, "cv") ** 2, n) for r in rows(frames, "factors")}
    total = np.zeros(n)

    def happen(s: str, when: NDArray[np.intp]) -> None:
        row = scenarios[s]
        z = losses(rng, row_term(frames, row), len(when))
        z = reduced[s] * np.minimum(np.maximum(z - number(row, "deductible"), 0), number(row, "loss_cap", math.inf))
        np.add.at(total, when, z)
        for edge in rows(frames, "triggers"):
            if edge["scenario"] == s:
                follows = rng.random(len(when)) < number(edge, "probability") * thinned[edge["triggers"]]
                happen(edge["triggers"], when[follows])

    for s, row in scenarios.items():
        law = frequency(row)
        if law.kind == "bernoulli":
            count = (rng.random(n) < law.rate).astype(np.int64)
        else:
            own = rng.gamma(law.cv**-2, law.cv**2, n) if law.cv else 1.0
            count = rng.poisson(law.rate * own * factors.get(row.get("factor", ""), 1.0), n)
        happen(s, np.repeat(np.arange(n), rng.binomial(count, thinned[s])))
    return total


# ---------------------------------------------------------------- is it of this law?


def kolmogorov(sample: Array, cdf: Callable[[Array], Array]) -> float:
    """Chance of so large a distance sup |F_n − F| if the sample is of the continuous law F.

    Of many draws F is computed at every m-th only (about 60,000 of them): the distance can be larger by (m − 1)/n between
    them, which is added (under 2e-5 of a million draws). Asymptotic: Kolmogorov's law of √n·D + 1/(6√n).
    """
    x = np.sort(sample)
    n = len(x)
    every = max(1, n // 60_000)
    rank = np.arange(0, n, every)
    f = cdf(x[rank])
    distance = max(float(((rank + 1) / n - f).max()), float((f - rank / n).max())) + (every - 1) / n
    return float(stats.kstwobign.sf(math.sqrt(n) * distance + 1 / (6 * math.sqrt(n))))


def chi_square(counts: NDArray[np.int64], probabilities: Array, least: float = 10.0) -> float:
    """Chance of so large a Pearson distance if the counts of 0, 1, 2, … are of the given probabilities.

    Neighbours are pooled until each cell expects ``least`` or more; the last cell holds all that is beyond.
    """
    n = int(counts.sum())
    length = max(len(counts), len(probabilities))
    seen = np.pad(counts.astype(float), (0, length - len(counts)))
    expected = n * np.pad(probabilities, (0, length - len(probabilities)))
    expected[-1] += n - expected.sum()
    observed_cells, expected_cells = [0.0], [0.0]
    for o, e in zip(seen, expected, strict=True):
        if expected_cells[-1] >= least:
            observed_cells.append(0.0)
            expected_cells.append(0.0)
        observed_cells[-1] += o
        expected_cells[-1] += e
    if len(expected_cells) > 1 and expected_cells[-1] < least:
        last_o, last_e = observed_cells.pop(), expected_cells.pop()
        observed_cells[-1] += last_o
        expected_cells[-1] += last_e
    o, e = np.array(observed_cells), np.array(expected_cells)
    assert len(e) > 1, "one cell tells nothing"
    return float(stats.chi2.sf(((o - e) ** 2 / e).sum(), len(e) - 1))


def binomial(hits: int, n: int, chance: float) -> float:
    """Chance of so unlikely a number of hits."""
    return float(stats.binomtest(hits, n, chance).pvalue)
