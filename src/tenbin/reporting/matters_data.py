"""What the charts of guesses and of stress show, free of language and of the rooms that computed it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenbin.reporting.chart_data import Label
from tenbin.reporting.guess_words import GuessRow, SwitchRow

__all__ = ["MattersData", "StressData", "StressMark", "StressRow", "SwingRow", "TornadoData", "WorthData", "WorthRow"]


@dataclass(frozen=True, slots=True)
class SwingRow:
    """An amount with one guess at its low and at its high end; errors : standard errors of the difference from the middle."""

    guess: GuessRow
    low: float
    high: float
    error_low: float = 0.0
    error_high: float = 0.0
    is_noise: bool = False


@dataclass(frozen=True, slots=True)
class TornadoData:
    """Swings of a metric (with its scope), or of the cost per year where ``is_cost``, the widest first.

    plan : the plan's name; blank id for what is in place. middle : with every guess at its likely value. n_others : swings that are
    not shown, each no wider than ``others``. n_without : guesses that the plan does not depend on.
    """

    title: Label
    plan: Label
    metric: str
    scope: str
    middle: float
    rows: tuple[SwingRow, ...]
    n_others: int = 0
    others: float = 0.0
    n_without: int = 0
    n_trials: int = 0
    is_cost: bool = False
    currency: str = "JPY"

    def __post_init__(self) -> None:
        """Refuse what no chart could show truly."""
        if not all(math.isfinite(end) for row in self.rows for end in (row.low, row.high)):
            raise ValueError("every end of a tornado must be finite")

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title, self.plan, *(row.guess.label for row in self.rows))


@dataclass(frozen=True, slots=True)
class WorthRow:
    """What knowing a guess is worth a year, with its standard error, and where one would choose otherwise."""

    guess: GuessRow
    per_year: float
    error: float
    switches: tuple[SwitchRow, ...] = ()


@dataclass(frozen=True, slots=True)
class WorthData:
    """The guesses worth finding out, the most valuable first.

    everything : what knowing all guesses is worth a year, at least. n_others : guesses of less worth. n_nothing : of none. horizon : years.
    """

    title: Label
    rows: tuple[WorthRow, ...]
    everything: float
    n_others: int
    n_nothing: int
    horizon: int
    annuity: float
    currency: str = "JPY"

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title, *(row.guess.label for row in self.rows))


@dataclass(frozen=True, slots=True)
class StressMark:
    """What a year costs under one plan: the metric's value; met : whether the target on it holds, None without one."""

    value: float
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class StressRow:
    """A stress, with a mark for each plan.

    kind : ``normal``, ``frequency``, ``loss``, ``force``, ``down`` or ``all``. label : of a scenario or a scope; blank for all. factor :
    of a frequency or a loss. amount : what the supplier's failure costs. parts : of ``all``, how many.
    """

    kind: str
    label: Label
    marks: tuple[StressMark, ...]
    factor: float = 1.0
    amount: float | None = None
    parts: int = 0


@dataclass(frozen=True, slots=True)
class StressData:
    """Plans under stress; plans : their names, blank id for today's. rows : normal conditions first. limit : of a target on the metric."""

    title: Label
    metric: str
    plans: tuple[Label, ...]
    rows: tuple[StressRow, ...]
    limit: float | None
    n_trials: int
    currency: str = "JPY"

    def __post_init__(self) -> None:
        """Refuse what no chart could show truly."""
        if not self.plans or any(len(row.marks) != len(self.plans) for row in self.rows):
            raise ValueError("every row of a stress chart must have a mark for each plan")
        if not all(math.isfinite(mark.value) for row in self.rows for mark in row.marks):
            raise ValueError("every amount of a stress chart must be finite")

    @property
    def labels(self) -> tuple[Label, ...]:
        return (self.title, *self.plans, *(row.label for row in self.rows))


MattersData = TornadoData | WorthData | StressData
