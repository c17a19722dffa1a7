"""Everything that the report shows, free of language and of the rooms that computed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.reporting.chart_data import Change, CostKind, Label
from tenbin.reporting.curve_points import CurvePoints, WorldBand

__all__ = ["CONFIDENCES", "BuyRow", "LayerChain", "PlanView", "ReportData", "ScenarioRow", "StandardRow", "YearCost"]

FloatArray = NDArray[np.float64]
Table = tuple[Sequence[str], Sequence[Sequence[object]]]
"""Header and rows, as the case's own tables have them."""
CONFIDENCES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)
"""Of the losses that are told beside the curve: once in 2, 5, 10, 20, 50, 100, 200, 500, 1,000 years."""


@dataclass(frozen=True, slots=True)
class BuyRow:
    """One measure, shared capability or subsidy of a plan; amounts in the case's currency.

    once : still to be paid, internal effort priced in (a subsidy's is negative). yearly : each year. saved : what dropping it
    saves each year. takes : what it changes of the headline metric against today (negative: it takes risk away); None where
    that is not asked (a capability, a subsidy). scenarios : what it acts on. shared : the capabilities that it needs.
    """

    label: Label
    kind: CostKind
    change: Change | None
    level: str
    layer: int | None
    once: float
    yearly: float
    saved: float
    takes: float | None
    components: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class YearCost:
    """One year's cost in its parts; subsidy ≥ 0 comes in."""

    capex: float
    opex: float
    effort: float
    subsidy: float

    @property
    def total(self) -> float:
        return self.capex + self.opex + self.effort - self.subsidy


@dataclass(frozen=True, slots=True)
class StandardRow:
    """How many references of a standard are supported today and under the plan; n_unverified rest on unchecked entries alone."""

    standard: str
    n_references: int
    n_today: int
    n_after: int
    n_unverified: int
    label: Label


@dataclass(frozen=True, slots=True, eq=False)
class PlanView:
    """One plan as the page shows it.

    path : where its numbers stand in the run's documents (``""``: result.json itself; ``points/3``: of the frontier).
    document : the numbers of the plan in the form of result.json. value : of the headline metric; outside : on other years with its
    95 % interval, outside_limit : the target's limit there, where these are known. curve : of its annual losses. worlds :
    between which curves they lie, where there are several. quantiles :
    its VaR at ``CONFIDENCES``. heat : shape (n_layers, n_components). scenario_losses : shape
    (n_scenarios,), average loss a year of each. years : the plan's costs, and today's.
    """

    path: str
    document: Mapping[str, Any]
    plan: Mapping[str, str]
    value: float
    outside: tuple[float, float, float] | None
    outside_limit: float | None
    rows: tuple[BuyRow, ...]
    curve: CurvePoints
    worlds: WorldBand | None
    quantiles: tuple[float, ...]
    heat: FloatArray
    scenario_losses: FloatArray
    years: tuple[YearCost, ...]
    standards: tuple[StandardRow, ...]

    @property
    def has_range(self) -> bool:
        """Whether its value on other years is known and uncertain; an average loss is exact."""
        return self.outside is not None and self.outside[1] < self.outside[2]

    @property
    def per_year(self) -> float:
        return float(self.document["cost"]["per_year"])


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario: where it lies, how often it would happen without any measure, its average loss a year inherent and today."""

    label: Label
    layer: int
    components: tuple[str, ...]
    per_year: float
    inherent: float
    today: float


@dataclass(frozen=True, slots=True)
class LayerChain:
    """The framework's own chain of a layer: what it protects, what may happen, the scenarios, the measures it has."""

    label: Label
    aim_ja: str
    aim_en: str
    protects: tuple[Label, ...]
    incidents: tuple[Label, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ReportData:
    """The report's data; plans from the cheapest to the dearest, ``own`` the run's.

    knee, least_total : numbers of plans, None where there is no frontier. tables : what was entered, with its basis. requires :
    measure → those that have to be there first. measures : the catalogue's texts by id. metric : the headline's, by name. limit : its target,
    None without one. n_outside : on how many other years plans were looked at. asked : the targets as typed. at_best_per_year : what today's level costs at best, None where that is not known.
    """

    title: Label
    run: str
    made: str
    version: str
    currency: str
    n_trials: int
    n_worlds: int
    n_outside: int
    seed: int
    horizon_years: int
    discount_rate: float
    day_rate: float
    metric: str
    limit: float | None
    asked: tuple[str, ...]
    has_today: bool
    today_value: float
    inherent_value: float
    today_per_year: float
    today_average: float
    at_best_per_year: float | None
    today_years: tuple[YearCost, ...]
    views: tuple[PlanView, ...]
    own: int
    knee: int | None
    least_total: int | None
    curve_inherent: CurvePoints
    curve_today: CurvePoints
    quantiles_inherent: tuple[float, ...]
    quantiles_today: tuple[float, ...]
    heat_before: FloatArray
    layers: tuple[Label, ...]
    components: tuple[Label, ...]
    scenarios: tuple[ScenarioRow, ...]
    chain: tuple[LayerChain, ...]
    measures: Mapping[str, Mapping[str, str]]
    tables: Mapping[str, Table]
    requires: Mapping[str, tuple[str, ...]]
    document: Mapping[str, Any] = field(repr=False)
    frontier: Mapping[str, Any] | None = field(default=None, repr=False)
