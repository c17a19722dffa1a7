"""Drawing one block: own events of every scenario, then the triggered ones, in topological order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Empirical, Fixed, Gamma, Lognormal, Pareto, Severity
from tenbin.simulation import kernels
from tenbin.simulation.blocks import BlockPlan
from tenbin.units import Purpose, stream

__all__ = ["Block", "Segment", "Structure", "draw_block"]

_NO_SAMPLE = np.zeros(1)
_NO_WEIGHTS = (np.empty(0), np.empty(0, np.int32))
_NO_PARENTS = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class Segment:
    """Events of one scenario from one source: its own, or those that an edge ``source → scenario`` triggers.

    ``parents`` are the numbers of the segments that hold the source's events.
    """

    scenario: int
    key: str
    probability: float = 1.0
    parents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """What the draws of a case depend on, ready for the kernels.

    frequency : shape (n_worlds, n_scenarios), inherent own events a year.
    factor_cv : the coefficient of variation of each factor's yearly gamma draw, by id.
    segments : own ones of every scenario in id order, then the edges with every parent segment before its children.
    """

    scenario_ids: tuple[str, ...]
    severities: tuple[Severity, ...]
    factors: tuple[str, ...]
    factor_cv: tuple[tuple[str, float], ...]
    frequency: NDArray[np.float64]
    segments: tuple[Segment, ...]

    @property
    def n_scenarios(self) -> int:
        return len(self.scenario_ids)


@dataclass(frozen=True, slots=True)
class Block:
    """The events of a block of years, segment by segment, largest tau first inside each.

    severity, tau : shape (n_events,); losses in the case's currency, marks.
    trial : shape (n_events,), year inside the block.
    parent : shape (n_events − start[n_scenarios],), for triggered events the index in the block of the event that caused it.
    start : shape (n_segments + 1,), where each segment begins.
    """

    place: BlockPlan
    severity: NDArray[np.float64]
    tau: NDArray[np.float64]
    trial: NDArray[np.uint16]
    parent: NDArray[np.int32]
    start: NDArray[np.int64]

    @property
    def n_events(self) -> int:
        return len(self.tau)

    @property
    def n_bytes(self) -> int:
        return sum(a.nbytes for a in (self.severity, self.tau, self.trial, self.parent, self.start))


def _law(severity: Severity) -> tuple[int, float, float, NDArray[np.float64]]:
    model = severity.model
    match model:
        case Lognormal():
            return kernels.LOGNORMAL, float(np.log(model.median)), model.sigma, _NO_SAMPLE
        case Gamma():
            return kernels.GAMMA, model.shape, model.scale, _NO_SAMPLE
        case Pareto():
            return kernels.PARETO, model.minimum, model.alpha, _NO_SAMPLE
        case Fixed():
            return kernels.FIXED, model.amount, 0.0, _NO_SAMPLE
        case Empirical():
            return kernels.EMPIRICAL, 0.0, 0.0, np.array(model.losses)


def _weights(structure: Structure, seed: int, purpose: Purpose, place: BlockPlan) -> dict[str, tuple[Any, Any]]:
    """Per factor the cumulative gamma weights of the block's years and the guide into them."""
    drawn = {}
    for name, cv in structure.factor_cv:
        generator = stream(seed, purpose, "factor", name, place.world, place.number)
        cumulative = np.cumsum(generator.gamma(cv**-2, cv**2, place.n_years))
        drawn[name] = (cumulative, kernels.guide(cumulative))
    return drawn


def draw_block(structure: Structure, seed: int, purpose: Purpose, place: BlockPlan) -> Block:
    """Draw the inherent events of one block; the same whatever else is drawn.

    A scenario has n ~ Poisson(λ Σ Γ_i) events of its own, each in a year drawn in proportion to Γ_i (1 without a factor).
    """
    n_own = structure.n_scenarios
    weights = _weights(structure, seed, purpose, place)
    generators = []
    counts = np.zeros(len(structure.segments), np.int64)
    for s, name in enumerate(structure.scenario_ids):
        generator = stream(seed, purpose, "scenario", name, place.world, place.number)
        years = weights[structure.factors[s]][0][-1] if structure.factors[s] else place.n_years
        counts[s] = generator.poisson(structure.frequency[place.world, s] * years)
        generators.append(generator)
    own = int(counts.sum())
    severity, tau, trial = np.empty(own), np.empty(own), np.empty(own, np.uint16)
    start = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=start[1:])
    for s, generator in enumerate(generators):
        here = slice(start[s], start[s + 1])
        severe = structure.severities[s]
        kernels.draw_own(
            generator,
            place.n_years,
            *weights.get(structure.factors[s], _NO_WEIGHTS),
            tau[here],
            trial[here],
            severity[here],
            *_law(severe),
            severe.deductible,
            severe.cap,
        )
    if len(structure.segments) == n_own:
        return Block(place, severity, tau, trial, _NO_PARENTS, start)
    return _add_triggered(structure, seed, purpose, Block(place, severity, tau, trial, _NO_PARENTS, start))


def _add_triggered(structure: Structure, seed: int, purpose: Purpose, own: Block) -> Block:
    place, start = own.place, own.start
    severities, taus, trials, parents = [own.severity], [own.tau], [own.trial], []
    for number in range(structure.n_scenarios, len(structure.segments)):
        segment = structure.segments[number]
        generator = stream(seed, purpose, "trigger", segment.key, place.world, place.number)
        room = sum(int(start[p + 1] - start[p]) for p in segment.parents)
        child_trial, child_parent = np.empty(room, np.uint16), np.empty(room, np.int32)
        trial = np.concatenate(trials) if len(trials) > 1 else trials[0]
        found = 0
        for p in segment.parents:
            found = kernels.draw_triggered(
                generator, start[p], start[p + 1], segment.probability, trial, child_trial, child_parent, found
            )
        # the children are independent of their marks, so any order of them may take the sorted ones
        order = generator.permutation(found)
        tau, severity = np.empty(found), np.empty(found)
        severe = structure.severities[segment.scenario]
        kernels.fill(generator, tau, severity, *_law(severe), severe.deductible, severe.cap)
        severities.append(severity)
        taus.append(tau)
        trials.append(child_trial[:found][order])
        parents.append(child_parent[:found][order])
        start[number + 1] = start[number] + found
    return Block(
        place, np.concatenate(severities), np.concatenate(taus), np.concatenate(trials), np.concatenate(parents), start
    )
