"""Scales of the drawings: round ticks on straight and on logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Axis", "log_axis", "straight_axis"]


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to places between ``start`` and ``end``; ticks are values."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    is_log: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value, held within the axis."""
        change: Callable[[float], float] = math.log if self.is_log else float
        value = min(max(value, self.low), self.high)
        span = change(self.high) - change(self.low)
        share = (change(value) - change(self.low)) / span if span > 0 else 0.5
        return self.start + share * (self.end - self.start)


def straight_axis(high: float, start: float, end: float, n_ticks: int = 4) -> Axis:
    """From 0 to a round number at or above ``high``."""
    high = high if high > 0 else 1.0
    rough = high / n_ticks
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if power * size >= rough * (1 - 1e-9))
    count = max(1, math.ceil(high / step - 1e-9))
    return Axis(0.0, step * count, start, end, tuple(step * n for n in range(count + 1)))


def log_axis(low: float, high: float, start: float, end: float, most: int = 6) -> Axis:
    """From ``low`` to ``high`` (both > 0) with ticks at powers of ten, and at 3 between them where they are few."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    every = max(1, math.ceil((last - first + 1) / most))
    ticks = [10.0**power for power in range(first, last + 1, every)]
    if len(ticks) <= 3:
        between = [size * 10.0**power for power in range(first - 1, last + 1) for size in (1, 2, 5)]
        ticks = [value for value in between if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
        if len(ticks) > most:
            ticks = [value for value in ticks if not f"{value:e}".startswith("2")]
    return Axis(low, high, start, end, tuple(ticks), is_log=True)
