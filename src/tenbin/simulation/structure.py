"""What the draws of a case depend on, in the form that the kernels take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from tenbin.model import Bernoulli, Case, NegativeBinomial, Severity
from tenbin.simulation import kernels
from tenbin.simulation.laws import LawTable
from tenbin.simulation.worlds import Worlds

__all__ = ["Segment", "Structure", "structure_of"]


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
class Edges:
    """The trigger edges for the kernels, in the segments' order.

    keys : names of their streams. probability : shape (n_edges,). parents : segments that hold the causes, those of edge g from
    parent_start[g] to parent_start[g + 1]. scenario, causes : of every segment, own ones first: whose events these are, and whether
    they cause others.
    """

    keys: tuple[str, ...]
    probability: NDArray[np.float64]
    parent_start: NDArray[np.int64]
    parents: NDArray[np.int64]
    scenario: NDArray[np.int64]
    causes: NDArray[np.bool_]

    @classmethod
    def of(cls, segments: Sequence[Segment], n_own: int) -> Edges:
        """Put the segments after the own ones into arrays."""
        edges = segments[n_own:]
        parents = np.array([parent for edge in edges for parent in edge.parents], np.int64)
        causes = np.zeros(len(segments), np.bool_)
        causes[parents] = True
        return cls(
            keys=tuple(edge.key for edge in edges),
            probability=np.array([edge.probability for edge in edges]),
            parent_start=np.cumsum([0, *(len(edge.parents) for edge in edges)], dtype=np.int64),
            parents=parents,
            scenario=np.array([segment.scenario for segment in segments], np.int64),
            causes=causes,
        )


@dataclass(frozen=True, slots=True)
class Structure:
    """What the draws of a case depend on, ready for the kernels.

    worlds : the draws of its uncertain parameters. often : shape (n_scenarios,), ``kernels.OFTEN`` or ``ONCE``.
    gammas : what is drawn for every year, mean 1: (kind, id, coefficient of variation), systemic factors and the own ones of
    negative-binomial scenarios. weightings : of which of these the weights of the years are products; weighting : shape
    (n_scenarios,), which of them a scenario has; −1: all years are alike.
    segments : own ones of every scenario in id order, then the edges with every parent segment before its children.
    """

    scenario_ids: tuple[str, ...]
    severities: tuple[Severity, ...]
    worlds: Worlds
    often: NDArray[np.int64]
    gammas: tuple[tuple[str, str, float], ...]
    weightings: tuple[tuple[tuple[str, str], ...], ...]
    weighting: NDArray[np.int64]
    segments: tuple[Segment, ...]
    edges: Edges = field(repr=False)
    laws: LawTable = field(repr=False)

    @property
    def n_scenarios(self) -> int:
        return len(self.scenario_ids)

    @property
    def n_worlds(self) -> int:
        return self.worlds.n_worlds

    @property
    def frequency(self) -> NDArray[np.float64]:
        """Inherent own events a year, shape (n_worlds, n_scenarios)."""
        return self.worlds.frequency

    @property
    def has_triggers(self) -> bool:
        return len(self.segments) > self.n_scenarios


def structure_of(case: Case, worlds: Worlds) -> Structure:
    """Put what the draws of a case in some worlds depend on into the kernels' form."""
    cvs = {factor.id: factor.cv for factor in case.factors}
    gammas = [("factor", factor.id, factor.cv) for factor in case.factors]
    weightings: list[tuple[tuple[str, str], ...]] = []
    weighting = []
    for scenario in case.scenarios:
        parts = [("factor", scenario.factor)] if scenario.factor in cvs else []
        if isinstance(scenario.frequency_model, NegativeBinomial):
            gammas.append(("own-gamma", scenario.id, scenario.frequency_model.cv))
            parts.append(("own-gamma", scenario.id))
        if parts and tuple(parts) not in weightings:
            weightings.append(tuple(parts))
        weighting.append(weightings.index(tuple(parts)) if parts else -1)
    severities = tuple(scenario.severity for scenario in case.scenarios)
    segments = _segments(case)
    once = [isinstance(scenario.frequency_model, Bernoulli) for scenario in case.scenarios]
    return Structure(
        scenario_ids=tuple(scenario.id for scenario in case.scenarios),
        severities=severities,
        worlds=worlds,
        often=np.where(once, kernels.ONCE, kernels.OFTEN).astype(np.int64),
        gammas=tuple(gammas),
        weightings=tuple(weightings),
        weighting=np.array(weighting, np.int64),
        segments=segments,
        edges=Edges.of(segments, len(case.scenarios)),
        laws=LawTable.of(severities),
    )


def _segments(case: Case) -> tuple[Segment, ...]:
    ids = [scenario.id for scenario in case.scenarios]
    number = {name: s for s, name in enumerate(ids)}
    segments = [Segment(s, name) for s, name in enumerate(ids)]
    holding: dict[str, list[int]] = {name: [s] for s, name in enumerate(ids)}
    graph: dict[str, set[str]] = {name: set() for name in ids}
    for edge in case.triggers:
        graph[edge.triggers].add(edge.scenario)
    rank = {name: n for n, name in enumerate(_topological(graph))}
    for edge in sorted(case.triggers, key=lambda edge: (rank[edge.scenario], edge.scenario, edge.triggers)):
        if edge.probability > 0:
            parents = tuple(holding[edge.scenario])
            holding[edge.triggers].append(len(segments))
            key = f"{edge.scenario}→{edge.triggers}"
            segments.append(Segment(number[edge.triggers], key, edge.probability, parents))
    return tuple(segments)


def _topological(graph: dict[str, set[str]]) -> list[str]:
    """Sources before what they trigger; among the ready ones by id, so that row order never matters."""
    sorter = TopologicalSorter(graph)
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return order
