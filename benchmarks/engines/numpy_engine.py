"""Plain numpy, as quick as it gets: all of a scenario's events at once, each in a year of its own drawing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from benchmarks.engines.serving import Answer, Book, Job, answer_of_years, serve


def simulate(book: Book, seed: int) -> Answer:
    """Poisson(λN) events in uniform years is the same law as Poisson(λ) in each of N years, and has fewer numbers to draw."""
    rng = np.random.default_rng(seed)
    loss = np.zeros(book.years)
    for _, frequency, median, sigma in book.rows():
        events = rng.poisson(frequency * book.years)
        year = rng.integers(0, book.years, events, dtype=np.int32)
        loss += np.bincount(year, rng.lognormal(math.log(median), sigma, events), book.years)
    return answer_of_years(loss)


def make(_: dict[str, Any]) -> Job:
    return simulate


if __name__ == "__main__":
    serve(make)
