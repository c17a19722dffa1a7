"""What the frontier's chart shows, free of language and of the rooms that computed it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tenbin.reporting.chart_data import Label
from tenbin.reporting.metric_words import metric_parts

__all__ = ["FrontierData", "FrontierMark", "KneeGains", "LevelRow", "knee_gains"]

SAME = 1e-9


@dataclass(frozen=True, slots=True)
class FrontierMark:
    """A plan on the plane: what it costs a year, the metric's value, and the metric's 95 % range on other years where known."""

    cost: float
    value: float
    outside: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class LevelRow:
    """At which level a measure is in each plan of a frontier.

    layer : the id of its layer, "" when it has none. levels : its levels' names, the weakest first. chosen : for each plan 0
    (not in) or the number of the level, from 1. today : the same for what is in place. own : for the run's own plan, None
    where the frontier stands by itself.
    """

    label: Label
    layer: str
    levels: tuple[str, ...]
    chosen: tuple[int, ...]
    today: int = 0
    own: int | None = None

    @property
    def changes(self) -> bool:
        """Whether it is not the same in every plan and today."""
        return len({*self.chosen, self.today, self.today if self.own is None else self.own}) > 1


@dataclass(frozen=True, slots=True)
class KneeGains:
    """What each ``unit`` a year takes off the metric, on average, up to the knee and past it: to two figures, as averages go."""

    unit: float
    before: float
    after: float


def knee_gains(plans: Sequence[tuple[float, float]], knee: int | None) -> KneeGains | None:
    """The average gains of (cost, value) points on both sides of the knee; None where it has but one side."""
    if knee is None or not 0 < knee < len(plans) - 1:
        return None
    (first, high), (there, middle), (last, low) = plans[0], plans[knee], plans[-1]
    if not first < there < last:
        return None
    unit = 10.0 ** math.floor(math.log10(min(there - first, last - there)))
    before, after = (high - middle) / (there - first) * unit, (middle - low) / (last - there) * unit
    return KneeGains(unit, float(f"{before:.2g}"), float(f"{after:.2g}"))


@dataclass(frozen=True, slots=True)
class FrontierData:
    """The frontier chart's data.

    metric : by name (``tvar95``). scope : the part of the case that it is of; "" for the whole. plans : cheapest first, each
    with less of the metric than the one before. today, at_best : what is in place and the cheapest plan no worse; None when
    nothing is in place, or no plan is known. own : the plan of the run that keeps the frontier. knee, least_total : numbers of
    plans. n_outside : on how many other years the plans were looked at.
    layers, measures : the framework's layers, and the measures that are in some plan or in place.
    sentence_ja, sentence_en : what the chart says; blank for one made of the data.
    """

    title: Label
    metric: str
    plans: tuple[FrontierMark, ...]
    today: FrontierMark | None = None
    at_best: FrontierMark | None = None
    knee: int | None = None
    least_total: int | None = None
    scope: str = ""
    n_trials: int = 0
    layers: tuple[Label, ...] = ()
    measures: tuple[LevelRow, ...] = ()
    sentence_ja: str = ""
    sentence_en: str = ""
    currency: str = "JPY"
    own: FrontierMark | None = None
    n_outside: int = 0

    def __post_init__(self) -> None:
        """Refuse what no chart could show truly."""
        metric_parts(self.metric)
        if not self.plans:
            raise ValueError("a frontier must have a plan")
        for mark in self.marks:
            if not all(math.isfinite(x) and x >= 0 for x in (mark.value, *(mark.outside or ()))) or not math.isfinite(
                mark.cost
            ):
                raise ValueError("every amount of a chart must be finite, and no risk below 0")
        for before, after in zip(self.plans, self.plans[1:], strict=False):
            if after.cost < before.cost or after.value > before.value:
                raise ValueError("plans must be cheapest first, each with no more risk than the one before")
        for number in (self.knee, self.least_total):
            if number is not None and not 0 <= number < len(self.plans):
                raise ValueError(f"no plan has the number {number}")
        for row in self.measures:
            levels = (*row.chosen, row.today, row.own or 0)
            if len(row.chosen) != len(self.plans) or not all(0 <= n <= len(row.levels) for n in levels):
                raise ValueError(f"{row.label.id} must have one of its levels, or none, in each plan")

    @property
    def marks(self) -> tuple[FrontierMark, ...]:
        """Everything that stands somewhere on the plane."""
        return (*self.plans, *(mark for mark in (self.today, self.at_best, self.own) if mark is not None))

    @property
    def own_at(self) -> int | None:
        """The number of the frontier's plan that is the run's own."""
        if self.own is None:
            return None
        same = (n for n, plan in enumerate(self.plans) if all(row.own == row.chosen[n] for row in self.measures))
        alike = (n for n in same if math.isclose(self.plans[n].cost, self.own.cost, rel_tol=SAME, abs_tol=SAME))
        return next(alike, None)

    @property
    def kinder(self) -> bool:
        """Whether every plan looked worse on other years: those it was chosen on were kind to what was chosen."""
        seen = [
            (mark.value, sum(mark.outside) / 2) for mark in self.plans if mark.outside and mark.outside[0] < mark.outside[1]
        ]
        return bool(seen) and all(outside > value for value, outside in seen)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Everything that carries a name of the user's."""
        return (self.title, *self.layers, *(row.label for row in self.measures))
