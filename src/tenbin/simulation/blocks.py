"""Blocks: the unit of drawing, at most 10,000 years inside one world. Part of the format of the random streams."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BLOCK_YEARS", "BlockPlan", "plan_blocks"]

BLOCK_YEARS = 10_000


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """Where a block's years stand: its world, its number inside that world, its first trial, its years."""

    world: int
    number: int
    first_trial: int
    n_years: int


def plan_blocks(n_trials: int, n_worlds: int = 1) -> tuple[BlockPlan, ...]:
    """Split ``n_trials`` years over the worlds, ⌊N/K⌋ or ⌈N/K⌉ in each, and those into blocks."""
    blocks = []
    first = 0
    for world in range(n_worlds):
        years = n_trials // n_worlds + (world < n_trials % n_worlds)
        for number in range(-(-years // BLOCK_YEARS)):
            size = min(BLOCK_YEARS, years - number * BLOCK_YEARS)
            blocks.append(BlockPlan(world, number, first, size))
            first += size
    return tuple(blocks)
