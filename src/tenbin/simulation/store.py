"""The blocks of an event table within a bound of memory: those that fit are held, the others drawn again whenever they are needed.

Drawing again costs about 10 ns an event and reading from a disk as much or more (docs/benchmarks.md), so nothing is spilled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import overload

from tenbin.errors import SimulationError
from tenbin.simulation.blocks import BlockPlan
from tenbin.simulation.draw import Block, Counted, Room, Rooms, count_block, draw_block, draw_counted
from tenbin.simulation.structure import Structure
from tenbin.units import Purpose
from tenbin.words import saying

__all__ = ["BlockStore", "draw_store"]

said = saying("problems")

Progress = Callable[[int, int], None]

GROUP_EVENTS = 4_000_000
"""Expected events drawn into one piece of memory: large enough for large pages, small enough to stop between two."""


class BlockStore(Sequence[Block]):
    """The blocks of a table in order of their first trial, some held and some drawn again each time they are asked for.

    Safe to ask from several threads; what is drawn again is the same to the last bit.
    """

    __slots__ = ("_held", "_rooms", "n_bytes", "n_events", "plans", "purpose", "seed", "structure")

    def __init__(
        self,
        structure: Structure,
        plans: Sequence[BlockPlan],
        seed: int,
        purpose: Purpose,
        held: dict[int, Block],
        n_events: int,
    ) -> None:
        self.structure = structure
        self.plans = tuple(plans)
        self.seed = seed
        self.purpose = purpose
        self._held = held
        self._rooms = Rooms()
        self.n_events = n_events
        self.n_bytes = sum(block.n_bytes for block in held.values())

    def __len__(self) -> int:
        return len(self.plans)

    @property
    def n_held(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, number: int) -> Block: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Block]: ...

    def __getitem__(self, number: int | slice) -> Block | Sequence[Block]:
        if isinstance(number, slice):
            return [self[n] for n in range(len(self))[number]]
        place = range(len(self))[number]
        held = self._held.get(place)
        return held if held is not None else draw_block(self.structure, self.seed, self.purpose, self.plans[place])

    def borrow(self, number: int) -> Block:
        """A block to be used before the next one is borrowed on the same thread: what is drawn again takes its memory."""
        held = self._held.get(number)
        if held is not None:
            return held
        return draw_block(self.structure, self.seed, self.purpose, self.plans[number], self._rooms)

    def __reduce__(self) -> tuple[object, ...]:
        return BlockStore, (self.structure, self.plans, self.seed, self.purpose, self._held, self.n_events)

    def __iter__(self) -> Iterator[Block]:
        return (self[number] for number in range(len(self)))


def draw_store(
    structure: Structure,
    plans: Sequence[BlockPlan],
    seed: int,
    purpose: Purpose,
    n_threads: int,
    memory: int,
    on_progress: Progress | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> BlockStore:
    """Draw blocks on threads and hold them, in their order, while they fit into ``memory`` bytes.

    Raises
    ------
    SimulationError : when the machine has not the memory to draw them, or the user stopped the drawing.
    """
    years = plans[-1].first_trial + plans[-1].n_years
    spare: list[Room] = []

    def count(place: BlockPlan) -> Counted:
        if is_stopped():
            raise SimulationError(said("stopped_drawing"))
        return count_block(structure, seed, purpose, place)

    held: dict[int, Block] = {}
    n_events, n_bytes, is_full = 0, 0, False
    try:
        with ThreadPoolExecutor(n_threads) as pool:

            def draw(counted: Counted, begin: int) -> Block:
                if is_stopped():
                    raise SimulationError(said("stopped_drawing"))
                return draw_counted(structure, counted, room, begin)

            for first, group in _groups(structure, plans):
                counted = list(pool.map(count, group))
                begins = list(accumulate((one.n_events for one in counted), initial=0))
                room = spare.pop() if spare and len(spare[0].tau) >= begins[-1] else Room(begins[-1])
                blocks = list(pool.map(draw, counted, begins[:-1]))
                n_events += sum(block.n_events for block in blocks)
                size = sum(block.n_bytes for block in blocks)
                is_full = is_full or n_bytes + size > memory
                if is_full:
                    spare = [room]
                else:
                    held.update(enumerate(blocks, first))
                    n_bytes += size
                if on_progress:
                    on_progress(group[-1].first_trial + group[-1].n_years, years)
    except MemoryError as error:
        raise SimulationError(said("too_many_years", n=years)) from error
    return BlockStore(structure, plans, seed, purpose, held, n_events)


def _groups(structure: Structure, plans: Sequence[BlockPlan]) -> Iterator[tuple[int, list[BlockPlan]]]:
    """Blocks in a row that are drawn into one piece of memory, with the number of the first."""
    rate = structure.frequency.sum(axis=1)
    first, group, expected = 0, list[BlockPlan](), 0.0
    for number, place in enumerate(plans):
        if group and expected > GROUP_EVENTS:
            yield first, group
            first, group, expected = number, [], 0.0
        group.append(place)
        expected += place.n_years * float(rate[place.world])
    yield first, group
