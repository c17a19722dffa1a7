"""Drawing one block: own events of every scenario, then the triggered ones, in topological order."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.simulation import kernels
from tenbin.simulation.blocks import BlockPlan
from tenbin.simulation.structure import Structure
from tenbin.units import Purpose, Switchable, stream, stream_states

__all__ = ["Block", "Counted", "Room", "Rooms", "count_block", "draw_block", "draw_counted"]

FloatArray = NDArray[np.float64]

_NO_PARENTS = np.empty(0, np.int32)
_NO_WEIGHTS = (np.empty((0, 0)), np.empty((0, 0), np.int32))


@dataclass(frozen=True, slots=True)
class Block:
    """The events of a block of years, segment by segment, largest tau first inside each.

    severity, tau : shape (n_events,); losses in the case's currency, marks (to seven digits: a survival is off by 10⁻⁷ of itself).
    trial : shape (n_events,), year inside the block.
    parent : shape (n_events − start[n_scenarios],), for triggered events the index in the block of the event that caused it.
    start : shape (n_segments + 1,), where each segment begins.
    """

    place: BlockPlan
    severity: FloatArray
    tau: NDArray[np.float32]
    trial: NDArray[np.uint16]
    parent: NDArray[np.int32]
    start: NDArray[np.int64]

    @property
    def n_events(self) -> int:
        return len(self.tau)

    @property
    def n_bytes(self) -> int:
        return sum(a.nbytes for a in (self.severity, self.tau, self.trial, self.parent, self.start))


def _weights(structure: Structure, seed: int, purpose: Purpose, place: BlockPlan) -> tuple[FloatArray, NDArray[np.int32]]:
    """Cumulative weights of the block's years, and the guides into them: a row for each of ``structure.weightings``."""
    if not structure.weightings:
        return _NO_WEIGHTS
    drawn: dict[tuple[str, str], FloatArray] = {}
    for kind, name, cv in structure.gammas:
        generator = stream(seed, purpose, kind, name, place.world, place.number)
        drawn[kind, name] = generator.gamma(cv**-2, cv**2, place.n_years)
    cumulative = np.empty((len(structure.weightings), place.n_years))
    guides = np.empty(cumulative.shape, np.int32)
    for n, parts in enumerate(structure.weightings):
        cumulative[n] = np.cumsum(np.prod([drawn[part] for part in parts], axis=0))
        guides[n] = kernels.guide(cumulative[n])
    return cumulative, guides


@dataclass(frozen=True, slots=True)
class Counted:
    """A block of which is known how many events each segment has, and where the streams that draw them stand.

    start : shape (n_segments + 1,), where segments begin. caused : how many events of each cause have an effect.
    cumulative, guides : the weights of the years.
    """

    place: BlockPlan
    streams: NDArray[np.uint64]
    start: NDArray[np.int64]
    caused: NDArray[np.int64]
    cumulative: FloatArray
    guides: NDArray[np.int32]

    @property
    def n_events(self) -> int:
        return int(self.start[-1])


class Room:
    """Memory that blocks are drawn into: fresh pages cost as much as the numbers that are drawn, large arrays have larger ones."""

    __slots__ = ("severity", "tau", "trial")

    def __init__(self, n_events: int) -> None:
        self.severity = np.empty(n_events)
        self.tau = np.empty(n_events, np.float32)
        self.trial = np.empty(n_events, np.uint16)

    def part(self, begin: int, end: int) -> tuple[FloatArray, NDArray[np.float32], NDArray[np.uint16]]:
        """Severities, marks and trials of some places."""
        return self.severity[begin:end], self.tau[begin:end], self.trial[begin:end]


class Rooms(threading.local):
    """A room for each thread, for blocks that are used and let go."""

    def __init__(self) -> None:
        self.room = Room(0)

    def fit(self, n_events: int) -> Room:
        """The thread's room, made larger where it is too small."""
        if len(self.room.tau) < n_events:
            self.room = Room(n_events + n_events // 16)
        return self.room


def count_block(structure: Structure, seed: int, purpose: Purpose, place: BlockPlan) -> Counted:
    """Draw how many events the segments of a block have.

    Own ones: n ~ Poisson(λ Σ Γ_i), Γ_i the year's systemic factor times the scenario's own gamma (negative binomial), 1 without either; at most
    once a year: n ~ Binomial(N, λ). Of n events that may cause another, Binomial(n, probability) do.
    """
    n_years = place.n_years
    cumulative, guides = _weights(structure, seed, purpose, place)
    totals = np.append(cumulative[:, -1], n_years) if len(cumulative) else np.array([float(n_years)])
    frequency = structure.frequency[place.world]
    expected = np.where(structure.often == kernels.OFTEN, frequency * totals[structure.weighting], frequency)
    hand, edges = Switchable(), structure.edges
    key = place.world, place.number
    streams = stream_states(seed, purpose, "scenario", structure.scenario_ids, *key)
    if structure.has_triggers:
        streams = np.concatenate((streams, stream_states(seed, purpose, "trigger", edges.keys, *key)))
    start = np.zeros(len(structure.segments) + 1, np.int64)
    caused = np.empty(len(edges.parents), np.int64)
    kernels.count_events(
        hand.generator,
        hand.state,
        streams,
        structure.often,
        expected,
        n_years,
        edges.probability,
        edges.parent_start,
        edges.parents,
        start,
        caused,
    )
    return Counted(place, streams, start, caused, cumulative, guides)


def draw_block(structure: Structure, seed: int, purpose: Purpose, place: BlockPlan, rooms: Rooms | None = None) -> Block:
    """Draw the inherent events of one block; the same whatever else is drawn.

    rooms : memory to draw into, which the next block on the same thread takes too; else new memory is taken.
    """
    counted = count_block(structure, seed, purpose, place)
    return draw_counted(structure, counted, rooms.fit(counted.n_events) if rooms else Room(counted.n_events))


def draw_counted(structure: Structure, counted: Counted, room: Room, begin: int = 0) -> Block:
    """Draw the events of a counted block into a room, from the given place on; what was counted is used up.

    An event's year is drawn in proportion to the years' weights; at most once a year, the years are different ones.
    """
    severity, tau, trial = room.part(begin, begin + counted.n_events)
    n_own, laws, start = structure.n_scenarios, structure.laws, counted.start
    hand = Switchable()
    table = laws.rows, laws.start, laws.samples, tau, trial, severity
    kernels.draw_own(
        hand.generator,
        hand.state,
        counted.streams,
        start,
        structure.often,
        counted.place.n_years,
        structure.weighting,
        counted.cumulative,
        counted.guides,
        *table,
    )
    parent = _NO_PARENTS
    if structure.has_triggers:
        parent = np.empty(int(start[-1] - start[n_own]), np.int32)
        edges = structure.edges
        kernels.draw_triggered(
            hand.generator,
            hand.state,
            counted.streams,
            start,
            n_own,
            edges.parent_start,
            edges.parents,
            counted.caused,
            edges.scenario,
            *table,
            parent,
        )
    for g in np.flatnonzero(laws.is_log[structure.edges.scenario]):
        here = severity[start[g] : start[g + 1]]
        np.exp(here, out=here)
    if laws.is_limited:
        kernels.limit_losses(severity, start, structure.edges.scenario, laws.deductible, laws.cap)
    return Block(counted.place, severity, tau, trial, parent, start)
