"""All plans of a case: each measure at none or one of its levels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from oracles.tables import Frames, Plan, level_rows


def all_plans(frames: Frames) -> Iterator[Plan]:
    """Every combination of levels, whatever it breaks."""
    levels = level_rows(frames)
    choices = [[None, *(row["level"] for row in found)] for found in levels.values()]
    for combination in product(*choices):
        yield {m: lv for m, lv in zip(levels, combination, strict=True) if lv is not None}


def n_plans(frames: Frames) -> int:
    """How many there are."""
    total = 1
    for found in level_rows(frames).values():
        total *= len(found) + 1
    return total


def at_least(frames: Frames, low: Plan, high: Plan) -> bool:
    """Whether ``high`` has every measure of ``low`` at the same level or a higher one."""
    levels = {m: [row["level"] for row in found] for m, found in level_rows(frames).items()}
    return all(m in high and levels[m].index(high[m]) >= levels[m].index(lv) for m, lv in low.items())
