"""Everything that the charts of a plan show, free of language and of the rooms that computed it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenbin.reporting.convergence_data import Convergence
from tenbin.reporting.curve_points import WorldBand
from tenbin.reporting.metric_words import metric_parts

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = [
    "AbatementRow",
    "CashFlow",
    "Change",
    "ChartData",
    "CostKind",
    "CostRow",
    "Label",
    "Step",
    "TargetRow",
]

FloatArray = NDArray[np.float64]


class Change(StrEnum):
    """What a plan does with a measure, against today."""

    ADD = "add"
    RAISE = "raise"
    LOWER = "lower"
    KEEP = "keep"
    DROP = "drop"


class CostKind(StrEnum):
    """Whose cost a row is."""

    MEASURE = "measure"
    SHARED = "shared"
    SUBSIDY = "subsidy"


@dataclass(frozen=True, slots=True)
class Label:
    """Something of the user's or the catalogue's that has a name: a layer (its id is its number), a component, a measure."""

    id: str
    title_ja: str = ""
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target: the metric (``aal``, ``var``, ``tvar``, with its confidence) is at most the limit.

    label : the target as it was typed. scope : "" for the whole case; only those can be drawn on its curve.
    """

    label: str
    metric: str
    confidence: Decimal | float | None
    limit: float
    scope: str = ""

    @property
    def metric_name(self) -> str:
        """``aal``, ``var99``, ``tvar99.5``."""
        if self.confidence is None:
            return str(self.metric)
        from decimal import Decimal

        return f"{self.metric}{(Decimal(str(self.confidence)) * 100).normalize():f}"


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one measure, shared capability or subsidy costs under the plan; a subsidy's capex is negative.

    capex : still to be paid this year, once. yearly : each year. saved : what dropping it saves each year; a dropped row has
    no other cost. The rows' capex and yearly sum to the plan's.
    """

    label: Label
    capex: float
    yearly: float
    change: Change | None = None
    kind: CostKind = CostKind.MEASURE
    level: str = ""
    saved: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """What one measure changes of the metric, in the case's currency: negative takes risk away."""

    label: Label
    amount: float


@dataclass(frozen=True, slots=True)
class AbatementRow:
    """What one chosen measure takes off the average yearly loss and what it costs a year, against nothing in place.

    takes : ≥ 0. cost : its share of the plan's cost per year; the rows' costs sum to it. Below 0 where a subsidy pays more.
    """

    label: Label
    takes: float
    cost: float
    change: Change | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CashFlow:
    """What a plan costs in each year of the horizon, undiscounted; shape (horizon_years,) each, ≥ 0.

    effort : internal days, priced. subsidy : what comes in. today : what today's measures cost in all in the same years.
    """

    capex: FloatArray
    opex: FloatArray
    effort: FloatArray
    subsidy: FloatArray
    today: FloatArray

    @property
    def total(self) -> FloatArray:
        """What each year costs in all."""
        return self.capex + self.opex + self.effort - self.subsidy


@dataclass(frozen=True, slots=True, eq=False)
class ChartData:
    """The charts' data.

    annual_loss_inherent, annual_loss_today, annual_loss_after : shape (n_trials,), ≥ 0; they may differ in length. Without
    anything in place today (``has_today`` False) "before" is the inherent risk and annual_loss_today is not looked at.
    heat_before, heat_after : shape (n_layers, n_components), average loss per year of each cell, summing to the whole.
    metric : of the waterfall and of the marks on the curve, by name (``tvar95``); metric_before and metric_after its values,
    with their 95 % ranges where known. convergence : of the metric after the plan. worlds : between which curves after the plan they lie.
    sentence_ja, sentence_en : the run's answer; blank for one made of the metric.
    """

    title: Label
    annual_loss_inherent: FloatArray
    annual_loss_today: FloatArray
    annual_loss_after: FloatArray
    has_today: bool
    layers: tuple[Label, ...]
    components: tuple[Label, ...]
    heat_before: FloatArray
    heat_after: FloatArray
    metric: str
    metric_before: float
    metric_after: float
    targets: tuple[TargetRow, ...] = ()
    costs: tuple[CostRow, ...] = ()
    steps: tuple[Step, ...] = ()
    abatement: tuple[AbatementRow, ...] = ()
    cash_flow: CashFlow | None = None
    metric_before_range: tuple[float, float] | None = None
    metric_after_range: tuple[float, float] | None = None
    sentence_ja: str = ""
    sentence_en: str = ""
    currency: str = "JPY"
    convergence: Convergence | None = None
    worlds: WorldBand | None = None

    def __post_init__(self) -> None:
        """Refuse what no chart could show truly."""
        metric_parts(self.metric)
        for name in ("annual_loss_inherent", "annual_loss_after", *(["annual_loss_today"] if self.has_today else [])):
            losses = getattr(self, name)
            if losses.ndim != 1 or not len(losses) or not np.isfinite(losses).all() or (losses < 0).any():
                raise ValueError(f"{name} must be one finite amount of at least 0 for each simulated year")
        shape = (len(self.layers), len(self.components))
        for name in ("heat_before", "heat_after"):
            cells = getattr(self, name)
            if cells.shape != shape or not np.isfinite(cells).all() or (cells < 0).any():
                raise ValueError(f"{name} must be {shape[0]} × {shape[1]} finite amounts of at least 0")
        amounts = [self.metric_before, self.metric_after, *(target.limit for target in self.targets)]
        amounts += [step.amount for step in self.steps]
        amounts += [amount for row in self.costs for amount in (row.capex, row.yearly, row.saved)]
        amounts += [amount for found in self.abatement for amount in (found.takes, found.cost)]
        if not all(map(math.isfinite, amounts)):
            raise ValueError("every amount of a chart must be finite")
        if any(found.takes < 0 for found in self.abatement):
            raise ValueError("a chosen measure must not add to the loss with nothing in place")
        _check_years(self.cash_flow)

    @property
    def before(self) -> str:
        """The key of what the plan is compared with: ``today`` or ``inherent``."""
        return "today" if self.has_today else "inherent"

    @property
    def labels(self) -> tuple[Label, ...]:
        """Everything that carries a name of the user's."""
        rows = (*(row.label for row in self.costs), *(step.label for step in self.steps))
        return (self.title, *self.layers, *self.components, *rows, *(row.label for row in self.abatement))


def _check_years(flow: CashFlow | None) -> None:
    if flow is None:
        return
    parts = (flow.capex, flow.opex, flow.effort, flow.subsidy, flow.today)
    if any(not len(part) or part.shape != parts[0].shape for part in parts):
        raise ValueError("every part of a cash flow must have an amount for each year")
    if not all(np.isfinite(part).all() and (part >= 0).all() for part in parts):
        raise ValueError("every amount of a cash flow must be finite and at least 0")
