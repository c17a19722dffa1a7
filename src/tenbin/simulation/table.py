"""The event table: every block of a study's years, drawn on as many threads as there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from tenbin.model import Case
from tenbin.simulation.blocks import BlockPlan, plan_blocks
from tenbin.simulation.draw import Block
from tenbin.simulation.store import BlockStore, draw_store
from tenbin.simulation.structure import Structure, structure_of
from tenbin.simulation.worlds import Worlds, draw_worlds
from tenbin.units import Purpose, usable_memory

__all__ = ["EventTable", "default_threads", "same_years", "simulate_case"]

Progress = Callable[[int, int], None]


def default_threads() -> int:
    """Threads to use: ``TENBIN_THREADS``, else the cores this process may use, 8 at most."""
    asked = os.environ.get("TENBIN_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(8, available))


class Memo(dict[str, Any]):
    """What later rooms keep beside a table; it does not travel to other processes."""

    def __reduce__(self) -> tuple[type[Memo], tuple[()]]:
        return (Memo, ())


@dataclass(frozen=True, slots=True)
class EventTable:
    """The inherent years of a case, ready to be evaluated under any plan.

    ``memory`` : bytes that its events may take, for tables drawn beside it. ``blocks`` in order of their first trial; ``key`` names the draws (case, seed, years, worlds, purpose). ``memo`` : what evaluations
    of these years have taught, shared by tables of the same years.
    """

    case: Case
    structure: Structure
    blocks: Sequence[Block]
    n_trials: int
    seed: int
    purpose: Purpose
    n_threads: int
    key: str
    memory: int | None = None
    memo: Memo = field(default_factory=Memo, repr=False, compare=False)

    @property
    def worlds(self) -> Worlds:
        """The draws of the uncertain parameters."""
        return self.structure.worlds

    @property
    def n_worlds(self) -> int:
        return self.structure.n_worlds

    @property
    def places(self) -> Sequence[BlockPlan]:
        """Where each block's years stand."""
        return self.blocks.plans if isinstance(self.blocks, BlockStore) else [block.place for block in self.blocks]

    def borrow(self, number: int) -> Block:
        """A block to be used before the next one is borrowed on the same thread."""
        return self.blocks.borrow(number) if isinstance(self.blocks, BlockStore) else self.blocks[number]

    @property
    def n_events(self) -> int:
        if isinstance(self.blocks, BlockStore):
            return self.blocks.n_events
        return sum(block.n_events for block in self.blocks)

    @property
    def n_bytes(self) -> int:
        """Bytes of the events that are held in memory."""
        if isinstance(self.blocks, BlockStore):
            return self.blocks.n_bytes
        return sum(block.n_bytes for block in self.blocks)


def same_years(events: EventTable, case: Case) -> EventTable | None:
    """The same years for a case that differs from theirs in effects, prices, rules or texts; None where other years have to be drawn.

    What evaluations of these years have taught of losses goes on being known.

    case : with the number of worlds that it is to be drawn in.
    """
    if _drawn_from(events.case) != _drawn_from(case):
        return None
    structure = structure_of(case, draw_worlds(case, events.n_worlds, events.seed, events.purpose))
    memo = Memo({"shared": events.memo["shared"]} if "shared" in events.memo else {})
    key = table_key(case, events.n_trials, events.n_worlds, events.seed, events.purpose)
    return replace(events, case=case, structure=structure, key=key, memo=memo)


def _drawn_from(case: Case) -> tuple[object, ...]:
    """What the years of a case depend on."""
    scenarios = [(one.id, one.frequency, one.frequency_model, one.severity, one.factor) for one in case.scenarios]
    triggers = [(one.scenario, one.triggers, one.probability) for one in case.triggers]
    factors = [(one.id, one.cv) for one in case.factors]
    return scenarios, triggers, factors, case.study.n_trials, case.study.seed, case.study.n_worlds


def table_key(case: Case, n_trials: int, n_worlds: int, seed: int, purpose: Purpose) -> str:
    """A hash of everything the draws depend on."""
    parts = repr((case.scenarios, case.effects, case.triggers, case.factors, n_trials, seed, purpose.value, n_worlds))
    return blake2b(parts.encode(), digest_size=16).hexdigest()


def simulate_case(
    case: Case,
    n_trials: int,
    seed: int,
    purpose: Purpose = Purpose.STUDY,
    n_threads: int | None = None,
    on_progress: Progress | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
    n_worlds: int | None = None,
    memory: int | None = None,
) -> EventTable:
    """Draw ``n_trials`` inherent years of the case in its worlds.

    The numbers depend on (case, seed, n_trials, n_worlds, purpose) alone, not on ``n_threads`` or ``memory``.

    n_worlds : the case's own unless given; at most one for each year. memory : bytes that events may take; blocks beyond are drawn
    again whenever they are needed.

    Raises
    ------
    SimulationError : when the years do not fit, or the user stopped the drawing.
    """
    count = min(case.study.n_worlds if n_worlds is None else n_worlds, n_trials)
    case = replace(case, study=replace(case.study, n_worlds=count))
    structure = structure_of(case, draw_worlds(case, count, seed, purpose))
    threads = n_threads or default_threads()
    bound = usable_memory() if memory is None else memory
    blocks = draw_store(structure, plan_blocks(n_trials, count), seed, purpose, threads, bound, on_progress, is_stopped)
    key = table_key(case, n_trials, count, seed, purpose)
    return EventTable(case, structure, blocks, n_trials, seed, purpose, threads, key, memory)
