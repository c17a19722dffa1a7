"""The years of a case in which something goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import Evaluator, ExpectedLoss
from tenbin.model import Bernoulli, Case, Fixed, Severity
from tenbin.sensitivity.stress_asked import Stress, StressKind
from tenbin.sensitivity.thinning import ApartEvaluator
from tenbin.simulation import EventTable, Structure, plan_blocks, structure_of
from tenbin.simulation.store import draw_store
from tenbin.studies.study import shared_of
from tenbin.units import Purpose, usable_memory

__all__ = ["StressedYears", "cost_of_one"]

FloatArray = NDArray[np.float64]


class StressedYears:
    """An event table's years under stress, in the same worlds.

    Frequencies times a factor draw the years again, losses times a factor weigh them; forced scenarios are years of their own, laid
    over the others, with one event in each, on streams of their own.
    """

    def __init__(self, events: EventTable, stresses: Sequence[Stress], stop: threading.Event | None = None) -> None:
        """Draw what has to be drawn; stop : set it to end the drawing, with ``SimulationError``."""
        case = events.case
        self.events = _often(events, stresses, stop)
        self.evaluator = shared_of(events).evaluator if self.events is events else Evaluator(self.events)
        self.heavier = np.zeros(len(case.scenarios))
        for stress in stresses:
            if stress.kind is StressKind.LOSS:
                self.heavier[list(stress.scenarios)] += np.log(stress.factor)
        forced = {
            stress.scenarios[0]: stress.amount for stress in stresses if stress.kind in (StressKind.FORCE, StressKind.DOWN)
        }
        self.forced = sorted(forced)
        self.extra = _forced_years(self.events, forced, stop) if forced else None

    def losses(self, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool]) -> FloatArray:
        """Annual losses under log reductions, shape (n_trials,)."""
        lighter = gamma - self.heavier
        loss = self.evaluator.annual_loss(phi, lighter, scope)
        if self.extra is not None:
            own = phi.copy()
            own[:, self.forced] = 0.0  # it happens whatever is done against it
            loss = loss + self.extra.losses_of(own, phi, lighter, scope)
        return loss

    def aal(self, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool]) -> float:
        """Expected annual loss, in closed form."""
        lighter = gamma - self.heavier
        total = float(self.evaluator.expected.by_scenario(phi, lighter)[list(scope)].sum())
        if self.extra is not None:
            structure = self.extra.structure
            total += sum(float(cost_of_one(structure, s, phi, lighter, scope).mean()) for s in self.forced)
        return total


def cost_of_one(
    structure: Structure, scenario: int, phi: FloatArray, gamma: FloatArray, scope: Sequence[bool] | None = None
) -> FloatArray:
    """Expected loss of one event that happens, with all that it sets off, in each world: shape (n_worlds,)."""
    expected = ExpectedLoss.of(structure)
    once = np.zeros(expected.frequency.shape)
    once[:, scenario] = np.exp(phi[:, scenario])  # what is left of so many is one
    flags = [True] * structure.n_scenarios if scope is None else scope
    return replace(expected, frequency=once).by_world(phi, gamma, flags)


def _often(events: EventTable, stresses: Sequence[Stress], stop: threading.Event | None) -> EventTable:
    """The years with each world's frequencies times their factors, at most once a year where that is so; else the table itself."""
    factor = np.ones(len(events.case.scenarios))
    for stress in stresses:
        if stress.kind is StressKind.FREQUENCY:
            factor[list(stress.scenarios)] *= stress.factor
    if np.all(factor == 1):
        return events
    most = [1.0 if isinstance(one.frequency_model, Bernoulli) else np.inf for one in events.case.scenarios]
    frequency = np.minimum(events.worlds.frequency * factor, most)
    return _redrawn(events, events.case, frequency, events.purpose, f"frequency:{factor.tolist()}", stop)


def _forced_years(events: EventTable, forced: dict[int, float | None], stop: threading.Event | None) -> ApartEvaluator:
    """Years in which each of some scenarios happens once and nothing else of its own accord; at a fixed loss where one is given."""
    frequency = np.zeros(events.worlds.frequency.shape)
    frequency[:, sorted(forced)] = 1.0
    key = f"forced:{sorted(forced.items())}"
    return ApartEvaluator(_redrawn(events, _alone(events.case, forced), frequency, Purpose.STRESS, key, stop))


def _redrawn(
    events: EventTable, case: Case, frequency: FloatArray, purpose: Purpose, key: str, stop: threading.Event | None
) -> EventTable:
    """A table of as many years in the same worlds but for their frequencies, within the same memory."""
    structure = structure_of(case, replace(events.worlds, frequency=frequency))
    places, memory = plan_blocks(events.n_trials, events.n_worlds), events.memory
    bound = usable_memory() if memory is None else memory
    is_stopped = stop.is_set if stop is not None else bool
    blocks = draw_store(structure, places, events.seed, purpose, events.n_threads, bound, is_stopped=is_stopped)
    return EventTable(
        case, structure, blocks, events.n_trials, events.seed, purpose, events.n_threads, f"{events.key}:{key}", memory
    )


def _alone(case: Case, forced: dict[int, float | None]) -> Case:
    scenarios = list(case.scenarios)
    for s, scenario in enumerate(scenarios):
        amount = forced.get(s)
        severity = scenario.severity if amount is None else Severity(Fixed(amount))
        model = Bernoulli() if s in forced else scenario.frequency_model
        scenarios[s] = replace(scenario, factor="", frequency_model=model, severity=severity)
    return replace(case, scenarios=tuple(scenarios), factors=())
