"""Years in which every frequency may be lower: one table of events serves them all.

A scenario whose frequency is λ' < λ has the same events under ``phi + ln(λ/λ')``: exact thinning. That is for its own events; those
that others trigger in it depend on the others' frequencies, not on its own. So both have a phi of their own here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import Evaluator, ExpectedLoss
from tenbin.model import Case, Range
from tenbin.simulation import EventTable
from tenbin.studies.simulating import simulate

__all__ = ["ApartEvaluator", "ThinnedYears"]

FloatArray = NDArray[np.float64]


class ApartEvaluator(Evaluator):
    """Annual losses with a phi and a gamma for own events, and others for those that are triggered.

    phi, gamma, scope : as ``Evaluator``'s, of twice as many scenarios: own events first.
    """

    def __init__(self, events: EventTable) -> None:
        super().__init__(events)
        n = self.structure.n_scenarios
        self.scenario = np.concatenate((self.scenario[:n], self.scenario[n:] + n))

    def losses_of(self, own: FloatArray, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool]) -> FloatArray:
        """Annual losses, shape (n_trials,), with ``own`` the phi of own events; all of shape (n_worlds, n_scenarios)."""
        both = np.concatenate((own, phi), axis=1), np.concatenate((gamma, gamma), axis=1)
        return self.annual_loss(*both, scope=(*scope, *scope))


class ThinnedYears:
    """The years of a case with every frequency at the highest that is asked for, and any lower one at will."""

    def __init__(self, case: Case, highest: FloatArray, n_trials: int, seed: int, memory: str | int | None = None) -> None:
        """Draw the years; highest : events a year, shape (n_scenarios,). The others as in ``simulate``."""
        scenarios = tuple(
            replace(scenario, frequency=Range(float(rate))) for scenario, rate in zip(case.scenarios, highest, strict=True)
        )
        self.highest = highest
        self.events = simulate(replace(case, scenarios=scenarios), n_trials, seed, n_worlds=1, memory=memory)
        self.evaluator = ApartEvaluator(self.events)
        self.expected = ExpectedLoss.of(self.events.structure)

    def losses(self, frequency: FloatArray, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool]) -> FloatArray:
        """Annual losses, shape (n_trials,), at a frequency of each scenario, at most the highest.

        frequency : shape (n_scenarios,). phi, gamma : of the plan, shape (1, n_scenarios).
        """
        own = phi + np.log(self.highest / frequency)
        return self.evaluator.losses_of(own, phi, gamma, scope)

    def aal(self, frequency: FloatArray, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool]) -> float:
        """Expected annual loss at these frequencies, in closed form."""
        return float(replace(self.expected, frequency=frequency[None, :]).by_world(phi, gamma, scope)[0])
