"""What the processes share: a book of scenarios comes in, an answer goes out, one JSON line each; the work in between is timed.

The first line says on how many cores to stay, the years, the books by name and the engine's options. Every further line asks for one
whole job: ``{"book": "inherent", "seed": 1}``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CONFIDENCE", "Answer", "Book", "Job", "answer_of_years", "serve"]

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Book:
    """Scenarios with Poisson frequencies (events a year) and lognormal losses; in the same order in all three."""

    name: str
    years: int
    frequency: tuple[float, ...]
    median: tuple[float, ...]
    sigma: tuple[float, ...]

    def rows(self) -> list[tuple[str, float, float, float]]:
        """(id, frequency, median, sigma) of each scenario."""
        laws = zip(self.frequency, self.median, self.sigma, strict=True)
        return [(f"S{number:03d}", *law) for number, law in enumerate(laws)]


@dataclass(frozen=True)
class Answer:
    """What a tool says of a book; ``extra``: what else is worth a word, found outside the timed part."""

    aal: float
    var: float
    tvar: float
    extra: Callable[[], dict[str, float]] = field(default=dict)


Job = Callable[[Book, int], Answer]
"""The whole job on a book with a seed, from parameters to metrics."""


def answer_of_years(loss: NDArray[np.float64], extra: Callable[[], dict[str, float]] = dict) -> Answer:
    """Mean, VaR and TVaR of simulated years: the least numpy has to do for them."""
    rank = int(np.ceil(CONFIDENCE * len(loss)))
    order = np.partition(loss, rank - 1)
    return Answer(float(loss.mean()), float(order[rank - 1]), float(order[rank:].mean()), extra)


def serve(make: Callable[[dict[str, Any]], Job]) -> None:
    """Answer requests from standard input until it ends. ``make``: from the options to the job."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a tool prints must not be taken for an answer
    first = json.loads(sys.stdin.readline())
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, first["cores"])
    books = {name: Book(name, first["years"], *map(tuple, law)) for name, law in first["books"].items()}
    job = make(first["options"])
    for line in sys.stdin:
        request = json.loads(line)
        began = time.perf_counter()
        answer = job(books[request["book"]], request["seed"])
        seconds = time.perf_counter() - began
        found = {"seconds": seconds, "aal": answer.aal, "var": answer.var, "tvar": answer.tvar}
        print(json.dumps({**found, "extra": answer.extra()}), file=answers, flush=True)
