"""The worlds that might have been drawn instead: what a metric errs by because it was taken over these worlds.

A study has few worlds, one in each stratum of every parameter. How far a mean over them errs cannot be read off them: independent
worlds would differ by far more than stratified ones, and a belief that reaches far has worlds that few draws contain. But belief is
known. So many other draws of as many worlds are made, and each is asked for the mean that it would have had: of the expected loss
exactly; of another value by year through its fit, a power of an index of the world's rates (``WorldFit``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation.expected import ExpectedLoss
from tenbin.evaluation.reduction import Reduction
from tenbin.model import Case
from tenbin.simulation import EventTable, Worlds, draw_designs, structure_of

__all__ = ["Elsewhere", "WorldFit", "fit_worlds"]

FloatArray = NDArray[np.float64]

DRAWS, FEWEST = 128, 24
"""Other draws that are made, fewer where a case has very many parameters."""
NUMBERS = 2**22
SLOPE_SPREAD = 0.5
"""Before any year is seen a value goes with the index to the power of 1, give or take this."""
GAMMA_STEPS = 5

_EDGES = np.concatenate((np.linspace(0, 0.9, 19), 1 - 0.1 * 0.5 ** np.arange(1, 11), [1.0]))
_NODES, _WEIGHTS = (_EDGES[1:] + _EDGES[:-1]) / 2, np.diff(_EDGES)
"""Probabilities that stand for a law of losses, closer towards the large ones, and their weights."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A plan in the worlds of a study (the first ones) and in those of other draws of as many worlds.

    rate : events a year that survive and count, shape (n_worlds · (1 + n_draws), n_scenarios). gamma : same shape, of losses. loss :
    inherent losses of single events at ``_NODES``, shape (n_scenarios, n_nodes). expected : annual loss in closed form, one a world.
    """

    n_worlds: int
    rate: FloatArray
    gamma: FloatArray
    loss: FloatArray
    expected: FloatArray

    @classmethod
    def of(cls, events: EventTable, case: Case, chosen: NDArray[np.bool_], scope: Sequence[bool]) -> Elsewhere:
        """Reduce the worlds of an event table, and others, by a plan.

        case : with the cost table that the plan's rows are of. chosen : shape (n_rows,). scope : flags by scenario.
        """
        worlds, loss = _others(events)
        expected = ExpectedLoss.of(structure_of(events.case, worlds))
        phi, gamma = Reduction.of(case, worlds).reduce(chosen)
        rate = expected.rates(phi) * np.asarray(scope, np.float64)
        return cls(events.n_worlds, rate, gamma, loss, np.asarray((rate * expected.mean * np.exp(-gamma)).sum(axis=1)))

    def index(self, change: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """How much a year's value would change by all events of a world, each alone: Σ rate · E[change(loss)], by world.

        change : of the mean value when one event of that loss is added to every year (losses → changes).
        """
        found = np.zeros(len(self.rate))
        for n, losses in enumerate(self.loss):
            low, high = float(self.gamma[:, n].min()), float(self.gamma[:, n].max())
            steps = np.linspace(low, high, GAMMA_STEPS if high > low else 1)
            effect = np.array([_WEIGHTS @ change(losses * math.exp(-step)) for step in steps])
            found += self.rate[:, n] * (np.interp(self.gamma[:, n], steps, effect) if high > low else effect[0])
        return found

    def means(self, values: FloatArray) -> FloatArray:
        """Means over the worlds of each other draw, less their own mean: shape (n_draws,)."""
        found = values[self.n_worlds :].reshape(-1, self.n_worlds).mean(axis=1)
        return np.asarray(found - found.mean())


def _others(events: EventTable) -> tuple[Worlds, FloatArray]:
    """The worlds of a table with those of other draws, and losses of single events: once for each table."""
    kept: dict[str, Any] = events.memo
    if "elsewhere" not in kept:
        case = events.case
        guesses = [*(s.frequency for s in case.scenarios), *(e.effect for e in case.effects)]
        each = events.n_worlds * max(1, sum(guess.low is not None for guess in guesses))
        draws = max(FEWEST, min(DRAWS, NUMBERS // each))
        here, there = events.worlds, draw_designs(case, events.n_worlds, draws, events.seed)
        frequency = np.concatenate((here.frequency, there.frequency))
        worlds = Worlds(frequency, np.concatenate((here.effect, there.effect)))
        loss = np.array([[s.severity.quantile(float(p)) for p in _NODES] for s in case.scenarios])
        kept["elsewhere"] = worlds, loss
    found: tuple[Worlds, FloatArray] = kept["elsewhere"]
    return found


@dataclass(frozen=True, slots=True)
class WorldFit:
    """What a world's value is expected to be by its index: exp(``level`` + ``slope`` · (ln index − ``centre``)).

    noise : variance of a world's value about the truth by its expected value: the years' (``noise`` · expected). lack : variance
    of the truth about what is expected, over that squared.
    """

    level: float
    slope: float
    centre: float
    noise: float
    lack: float

    def at(self, index: FloatArray) -> FloatArray:
        """Expected values at indices > 0."""
        return np.asarray(np.exp(self.level + self.slope * (np.log(index) - self.centre)))


def fit_worlds(values: FloatArray, noise: FloatArray, index: FloatArray) -> WorldFit | None:
    """Fit the values of worlds to a power of their index; None where nothing happened, or the index is nought somewhere.

    values : means of a value by year in each world, ≥ 0, shape (n_worlds,). noise : their variance by the years alone.

    Quasi-likelihood with a variance in proportion to the mean (McCullagh & Nelder 1989, chapter 9), the slope drawn towards 1.
    """
    if not values.sum() > 0 or not (index > 0).all():
        return None
    dispersion = float(noise.sum() / values.sum())
    logs = np.log(index)
    centre = float(logs.mean())
    x = np.stack((np.ones(len(logs)), logs - centre))
    at = np.array([math.log(values.mean()), 1.0])
    prior = np.array([0.0, max(dispersion, 1e-12 * float(values.mean())) / SLOPE_SPREAD**2])
    for _ in range(50):
        mean = np.exp(x.T @ at)
        change = np.linalg.solve((x * mean) @ x.T + np.diag(prior), x @ (values - mean) - prior * (at - [0.0, 1.0]))
        at = at + np.clip(change, -1, 1)
        if np.abs(change).max() < 1e-9:
            break
    mean = np.exp(x.T @ at)
    over = ((values - mean) ** 2 - noise) * len(values) / max(len(values) - 2, 1)
    return WorldFit(float(at[0]), float(at[1]), centre, dispersion, max(0.0, float(over.sum() / (mean**2).sum())))
