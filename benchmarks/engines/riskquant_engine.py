"""The method of riskquant (Netflix-Skunkworks/riskquant on GitHub, version of 2023), which no registry has: written anew from its source.

Its ``SimpleLoss`` and ``MultiLoss``: numbers of events by ``numpy.random.poisson``, losses by ``scipy.stats.lognorm`` fitted to the 5 %
and 95 % points, one Python ``sum`` over the losses of each year, scenarios added up year by year; the expected loss is frequency times
mean. Like the original it draws from numpy's global state; it is seeded here so that a run can be repeated, which the original is not.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from benchmarks.engines.serving import Answer, Book, Job, answer_of_years, serve
from scipy.stats import lognorm, norm

TOP = float(norm.ppf(0.95))


def years_of_one(frequency: float, law: Any, years: int) -> list[float]:
    """One scenario's loss in each year, as riskquant adds it up."""
    events = np.random.poisson(frequency, years)  # noqa: NPY002
    losses = law.rvs(size=sum(events))
    found = [0] * years
    used = 0
    for year in range(years):
        more = events[year]
        found[year] = sum(losses[used : used + more])
        used += more
    return found


def simulate(book: Book, seed: int) -> Answer:
    np.random.seed(seed)  # noqa: NPY002
    by_scenario, expected = [], 0.0
    for _, frequency, median, sigma in book.rows():
        low, high = median * math.exp(-TOP * sigma), median * math.exp(TOP * sigma)
        centre = (math.log(low) + math.log(high)) / 2
        law = lognorm((math.log(high) - math.log(low)) / (2 * TOP), scale=math.exp(centre))
        by_scenario.append(years_of_one(frequency, law, book.years))
        expected += frequency * law.mean()
    answer = answer_of_years(np.array(by_scenario).sum(axis=0))
    return Answer(float(expected), answer.var, answer.tvar)


def make(_: dict[str, Any]) -> Job:
    return simulate


if __name__ == "__main__":
    serve(make)
