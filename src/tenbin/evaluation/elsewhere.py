"""The worlds that might have been drawn instead: what a metric errs by because it was taken over these worlds.

A study has few worlds, one in each stratum of every parameter. How far a metric over them errs cannot be read off them: independent
worlds would differ by far more than stratified ones, and a belief that reaches far has worlds that few draws contain. But belief is
known. So many other draws of as many worlds are made, and each is asked for the metric that it would have had with all the years
there are: of the expected loss in closed form, else by the coarse law in each world (``worldlaw``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation.expected import ExpectedLoss
from tenbin.evaluation.fresh import FreshYears
from tenbin.evaluation.metrics import value_at_risk
from tenbin.evaluation.reduction import Reduction
from tenbin.evaluation.worldlaw import law_by_world
from tenbin.model import Case
from tenbin.simulation import EventTable, Worlds, draw_designs, structure_of

__all__ = ["Elsewhere", "Tails"]

FloatArray = NDArray[np.float64]

DRAWS, FEWEST = 64, 16
"""Other draws that are made, fewer where a case has very many parameters or a study very many worlds."""
RARE, WIDE = 0.995, 3.0
"""Laws reach so many times the loss that few years exceed."""
NUMBERS, WORLDS = 2**22, 2**13
POINTS, REACH, LEAST_REACH = 256, 4.0, 2.5
"""Points of the grid, and how many times the threshold it reaches, at least: other draws may have a worse tail."""


@dataclass(frozen=True, slots=True)
class Tails:
    """A tail over each other draw of worlds, less the same over all of them: shape (n_draws,) each.

    share : chance of a year beyond the threshold. var, tvar : at the confidence; ``own_var``, ``own_tvar`` those of the study's worlds.
    """

    share: FloatArray
    var: FloatArray
    tvar: FloatArray
    own_var: float
    own_tvar: float


@dataclass(frozen=True, slots=True)
class _Mixture:
    """Laws over several draws of worlds. ends : losses. beyond, excess : chance of a year beyond each, mean excess: (n, n_ends)."""

    ends: FloatArray
    beyond: FloatArray
    excess: FloatArray

    @classmethod
    def of(cls, laws: FloatArray, expected: FloatArray, top: float) -> _Mixture:
        step = top / (laws.shape[1] - 0.5)
        places = step * np.arange(laws.shape[1])
        ends, beyond = places + step / 2, 1 - np.cumsum(laws, axis=1)
        return cls(ends, beyond, np.maximum(expected - np.cumsum(laws * places, axis=1) - ends * beyond, 0.0))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A plan in the worlds of a study (the first ones) and in those of other draws of as many worlds.

    rate, gamma : surviving events a year and log reductions of losses, shape (n_worlds · (1 + n_draws), n_scenarios). expected :
    annual loss of the scope in closed form, one a world. top : a loss that few years exceed in any draw.
    """

    case: Case
    n_worlds: int
    rate: FloatArray
    gamma: FloatArray
    scope: tuple[bool, ...]
    expected: FloatArray
    top: float
    _known: dict[float, _Mixture] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        years: EventTable | FreshYears,
        case: Case,
        chosen: NDArray[np.bool_],
        scope: Sequence[bool],
        top: float,
        kept: dict[str, Any],
    ) -> Elsewhere:
        """Reduce the worlds of some years, and others, by a plan.

        case : with the cost table that the plan's rows are of. chosen : shape (n_rows,). scope : flags by scenario. top : how far the
        laws reach at first. kept : where the other worlds stay, for other plans on the same years.
        """
        if "elsewhere" not in kept:
            kept["elsewhere"] = _others(case, years.worlds, years.seed)
        worlds: Worlds = kept["elsewhere"]
        phi, gamma = Reduction.of(case, worlds).reduce(chosen)
        expected = ExpectedLoss.of(structure_of(case, worlds))
        rate, mean = expected.rates(phi), expected.by_world(phi, gamma, scope)
        return cls(case, years.n_worlds, rate, gamma, tuple(scope), mean, top)

    @staticmethod
    def reach(loss: FloatArray) -> float:
        """How far laws must reach for the metrics of these annual losses that are usual."""
        return WIDE * value_at_risk(loss, RARE)

    def means(self) -> FloatArray:
        """The expected loss over each other draw of worlds, less that over all of them: shape (n_draws,)."""
        return self._off(self._mixed(self.expected[:, None])[:, 0])

    def tails(self, threshold: float, confidence: float) -> Tails:
        """The tail beyond a threshold > 0, and VaR and TVaR at a confidence that lies near it."""
        top = self.top if threshold * LEAST_REACH <= self.top else threshold * REACH
        if top not in self._known:
            laws = law_by_world(self.case, self.rate, self.gamma, self.scope, top, POINTS)
            self._known[top] = _Mixture.of(self._mixed(laws), self._mixed(self.expected[:, None]), top)
        mixture, share = self._known[top], 1 - confidence
        shares, var = (
            np.array([float(np.interp(at, xs, ys)) for xs, ys in pairs])
            for at, pairs in (
                (threshold, [(mixture.ends, chances) for chances in mixture.beyond]),
                (-share, [(-chances, mixture.ends) for chances in mixture.beyond]),
            )
        )
        tvar = (mixture.ends + mixture.excess / share).min(axis=1)  # Rockafellar & Uryasev: the least over thresholds
        return Tails(self._off(shares), self._off(var), self._off(tvar), float(var[0]), float(tvar[0]))

    def _mixed(self, values: FloatArray) -> FloatArray:
        """Means of values by world (the first axis): over the study's worlds, over each other draw, over all others."""
        draws = values.reshape(-1, self.n_worlds, values.shape[1]).mean(axis=1)
        return np.concatenate((draws, draws[1:].mean(axis=0, keepdims=True)))

    @staticmethod
    def _off(mixed: FloatArray) -> FloatArray:
        """What other draws have more than all of them together."""
        return np.asarray(mixed[1:-1] - mixed[-1])


def _others(case: Case, here: Worlds, seed: int) -> Worlds:
    """Worlds with those of other draws."""
    guesses = [*(s.frequency for s in case.scenarios), *(e.effect for e in case.effects)]
    each = here.n_worlds * max(1, sum(guess.low is not None for guess in guesses))
    most = min(NUMBERS // each, WORLDS // here.n_worlds)
    there = draw_designs(case, here.n_worlds, max(FEWEST, min(DRAWS, most)), seed)
    frequency = np.concatenate((here.frequency, there.frequency))
    return Worlds(frequency, np.concatenate((here.effect, there.effect)))
