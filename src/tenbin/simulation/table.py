"""The event table: every block of a study's years, drawn on as many threads as there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from hashlib import blake2b
from typing import Any

import numpy as np

from tenbin.errors import SimulationError
from tenbin.model import Case
from tenbin.simulation.blocks import BlockPlan, plan_blocks
from tenbin.simulation.draw import Block, Segment, Structure, draw_block
from tenbin.units import Purpose
from tenbin.words import saying

__all__ = ["Block", "EventTable", "Structure", "default_threads", "simulate_case", "structure_of"]

said = saying("problems")

Progress = Callable[[int, int], None]


def default_threads() -> int:
    """Threads to use: ``TENBIN_THREADS``, else the cores this process may use, 8 at most."""
    asked = os.environ.get("TENBIN_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(8, available))


def structure_of(case: Case) -> Structure:
    """Put what the draws of a case depend on into the kernels' form."""
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
    return Structure(
        scenario_ids=tuple(ids),
        severities=tuple(scenario.severity for scenario in case.scenarios),
        factors=tuple(scenario.factor for scenario in case.scenarios),
        factor_cv=tuple((factor.id, factor.cv) for factor in case.factors),
        frequency=np.array([[scenario.frequency.likely for scenario in case.scenarios]]),
        segments=tuple(segments),
    )


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


class Memo(dict[str, Any]):
    """What later rooms keep beside a table; it does not travel to other processes."""

    def __reduce__(self) -> tuple[type[Memo], tuple[()]]:
        return (Memo, ())


@dataclass(frozen=True, slots=True)
class EventTable:
    """The inherent years of a case, ready to be evaluated under any plan.

    ``blocks`` in order of their first trial; ``key`` names the draws (case, seed, years, purpose). ``memo`` : what evaluations of
    these years have taught, shared by tables of the same years.
    """

    case: Case
    structure: Structure
    blocks: tuple[Block, ...]
    n_trials: int
    n_worlds: int
    seed: int
    purpose: Purpose
    n_threads: int
    key: str
    memo: Memo = field(default_factory=Memo, repr=False, compare=False)

    @property
    def n_events(self) -> int:
        return sum(block.n_events for block in self.blocks)

    @property
    def n_bytes(self) -> int:
        return sum(block.n_bytes for block in self.blocks)


def table_key(case: Case, n_trials: int, seed: int, purpose: Purpose) -> str:
    """A hash of everything the draws depend on."""
    parts = repr((case.scenarios, case.triggers, case.factors, n_trials, seed, purpose.value, case.study.n_worlds))
    return blake2b(parts.encode(), digest_size=16).hexdigest()


def simulate_case(
    case: Case,
    n_trials: int,
    seed: int,
    purpose: Purpose = Purpose.STUDY,
    n_threads: int | None = None,
    on_progress: Progress | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> EventTable:
    """Draw ``n_trials`` inherent years of the case.

    The numbers depend on (case, seed, n_trials, purpose) alone, not on ``n_threads``.

    Raises
    ------
    SimulationError : when the years do not fit, or the user stopped the drawing.
    """
    structure = structure_of(case)
    plans = plan_blocks(n_trials, 1)
    threads = n_threads or default_threads()
    blocks = draw_blocks(structure, plans, seed, purpose, threads, on_progress, is_stopped)
    key = table_key(case, n_trials, seed, purpose)
    return EventTable(case, structure, tuple(blocks), n_trials, 1, seed, purpose, threads, key)


def draw_blocks(
    structure: Structure,
    plans: Sequence[BlockPlan],
    seed: int,
    purpose: Purpose,
    n_threads: int,
    on_progress: Progress | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[Block]:
    """Draw blocks on threads; the result is in the order of ``plans``."""

    def draw(place: BlockPlan) -> Block:
        if is_stopped():
            raise SimulationError(said("stopped_drawing"))
        return draw_block(structure, seed, purpose, place)

    blocks = []
    try:
        with ThreadPoolExecutor(n_threads) as pool:
            for block in pool.map(draw, plans):
                blocks.append(block)
                if on_progress:
                    on_progress(block.place.first_trial + block.place.n_years, plans[-1].first_trial + plans[-1].n_years)
    except MemoryError as error:
        raise SimulationError(said("too_many_years", n=sum(plan.n_years for plan in plans))) from error
    return blocks
