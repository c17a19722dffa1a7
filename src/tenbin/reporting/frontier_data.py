"""What the frontier's chart shows, free of language and of the rooms that computed it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tenbin.reporting.chart_data import Label
from tenbin.reporting.metric_words import metric_parts

__all__ = ["FrontierData", "FrontierMark", "LevelRow"]


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
    (not in) or the number of the level, from 1. today : the same for what is in place.
    """

    label: Label
    layer: str
    levels: tuple[str, ...]
    chosen: tuple[int, ...]
    today: int = 0

    @property
    def changes(self) -> bool:
        """Whether it is not the same in every plan and today."""
        return len({*self.chosen, self.today}) > 1


@dataclass(frozen=True, slots=True)
class FrontierData:
    """The frontier chart's data.

    metric : by name (``tvar95``). scope : the part of the case that it is of; "" for the whole. plans : cheapest first, each
    with less of the metric than the one before. today, at_best : what is in place and the cheapest plan no worse; None when
    nothing is in place, or no plan is known. knee, least_total : numbers of plans.
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
            if len(row.chosen) != len(self.plans) or not all(0 <= n <= len(row.levels) for n in (*row.chosen, row.today)):
                raise ValueError(f"{row.label.id} must have one of its levels, or none, in each plan")

    @property
    def marks(self) -> tuple[FrontierMark, ...]:
        """Everything that stands somewhere on the plane."""
        return (*self.plans, *(mark for mark in (self.today, self.at_best) if mark is not None))

    @property
    def labels(self) -> tuple[Label, ...]:
        """Everything that carries a name of the user's."""
        return (self.title, *self.layers, *(row.label for row in self.measures))
