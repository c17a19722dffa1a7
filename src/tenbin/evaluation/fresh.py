"""Annual losses on years that are drawn, used and let go: validation out of sample in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import SimulationError
from tenbin.evaluation.evaluator import block_losses
from tenbin.simulation import BlockPlan, Structure, draw_block, plan_blocks
from tenbin.units import Purpose
from tenbin.words import saying

__all__ = ["fresh_losses"]

said = saying("problems")

FloatArray = NDArray[np.float64]


def fresh_losses(
    structure: Structure,
    points: Sequence[tuple[FloatArray, FloatArray, Sequence[bool]]],
    n_trials: int,
    seed: int,
    purpose: Purpose,
    n_threads: int,
    on_progress: Callable[[int, int], None] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> list[FloatArray]:
    """Annual losses of several (phi, gamma, scope) on the same fresh years, each of shape (n_trials,).

    Holds one block of events for each thread; 8 bytes a year and point stay.
    """
    found = [np.empty(n_trials) for _ in points]

    def work(place: BlockPlan) -> int:
        if is_stopped():
            raise SimulationError(said("stopped_validation"))
        block = draw_block(structure, seed, purpose, place)
        pairs = [(phi[place.world], np.exp(-gamma[place.world]) * np.asarray(scope, float)) for phi, gamma, scope in points]
        for losses, here in zip(found, block_losses(block, structure, pairs), strict=True):
            losses[place.first_trial : place.first_trial + place.n_years] = here
        return place.n_years

    done = 0
    with ThreadPoolExecutor(n_threads) as pool:
        for years in pool.map(work, plan_blocks(n_trials)):
            done += years
            if on_progress:
                on_progress(done, n_trials)
    return found
