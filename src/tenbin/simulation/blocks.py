"""Blocks: the unit of drawing, at most 10,000 years inside one world. Part of the format of the random streams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK_YEARS", "BlockPlan", "plan_blocks", "world_sizes"]

BLOCK_YEARS = 10_000


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """Where a block's years stand: its world, its number inside that world, its first trial, its years."""

    world: int
    number: int
    first_trial: int
    n_years: int


def world_sizes(n_trials: int, n_worlds: int) -> NDArray[np.int64]:
    """Years of each world, which stand side by side: ⌈N/K⌉ in the first ones, ⌊N/K⌋ in the others."""
    sizes = np.full(n_worlds, n_trials // n_worlds, np.int64)
    sizes[: n_trials % n_worlds] += 1
    return sizes


def plan_blocks(n_trials: int, n_worlds: int = 1) -> tuple[BlockPlan, ...]:
    """Split ``n_trials`` years over the worlds, and those into blocks."""
    blocks = []
    first = 0
    for world, years in enumerate(world_sizes(n_trials, n_worlds).tolist()):
        for number in range(-(-years // BLOCK_YEARS)):
            size = min(BLOCK_YEARS, years - number * BLOCK_YEARS)
            blocks.append(BlockPlan(world, number, first, size))
            first += size
    return tuple(blocks)
