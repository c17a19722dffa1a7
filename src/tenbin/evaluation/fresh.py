"""Years that are drawn, used and let go: validation out of sample in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import SimulationError
from tenbin.evaluation.evaluator import block_losses
from tenbin.evaluation.expected import ExpectedLoss
from tenbin.simulation import (
    BlockPlan,
    EventTable,
    Rooms,
    Structure,
    Worlds,
    draw_block,
    draw_worlds,
    plan_blocks,
    structure_of,
)
from tenbin.units import Purpose
from tenbin.words import saying

__all__ = ["FreshYears"]

said = saying("problems")

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FreshYears:
    """Other years than an event table's, in other worlds where parameters are uncertain: as many worlds more as years more."""

    structure: Structure
    n_trials: int
    seed: int
    purpose: Purpose
    n_threads: int

    @classmethod
    def of(cls, events: EventTable, n_trials: int, purpose: Purpose, seed: int | None = None) -> FreshYears:
        """Years of the same case; the same for the same seed (the table's own unless given) and purpose."""
        start = events.seed if seed is None else seed
        n_worlds = 1 if events.n_worlds == 1 else max(events.n_worlds, events.n_worlds * n_trials // events.n_trials)
        worlds = draw_worlds(events.case, min(n_worlds, n_trials), start, purpose)
        return cls(structure_of(events.case, worlds), n_trials, start, purpose, events.n_threads)

    @property
    def worlds(self) -> Worlds:
        return self.structure.worlds

    @property
    def n_worlds(self) -> int:
        return self.structure.n_worlds

    @property
    def expected(self) -> ExpectedLoss:
        """The expected loss in these worlds."""
        return ExpectedLoss.of(self.structure)

    def losses(
        self,
        points: Sequence[tuple[FloatArray, FloatArray, Sequence[bool]]],
        on_progress: Callable[[int, int], None] | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> list[FloatArray]:
        """Annual losses of several (phi, gamma, scope), reduced in these worlds, on the same years: shape (n_trials,) each.

        Holds one block of events for each thread; 8 bytes a year and point stay.

        Raises
        ------
        SimulationError : when the user stopped the drawing.
        """
        found = [np.empty(self.n_trials) for _ in points]
        rooms = Rooms()

        def work(place: BlockPlan) -> int:
            if is_stopped():
                raise SimulationError(said("stopped_validation"))
            block = draw_block(self.structure, self.seed, self.purpose, place, rooms)
            pairs = [(phi[place.world], np.exp(-gamma[place.world]) * np.asarray(scope, float)) for phi, gamma, scope in points]
            for losses, here in zip(found, block_losses(block, self.structure, pairs), strict=True):
                losses[place.first_trial : place.first_trial + place.n_years] = here
            return place.n_years

        done = 0
        with ThreadPoolExecutor(self.n_threads) as pool:
            for years in pool.map(work, plan_blocks(self.n_trials, self.n_worlds)):
                done += years
                if on_progress:
                    on_progress(done, self.n_trials)
        return found
