"""What is asked of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

__all__ = ["Basis", "Budget", "Coverage", "Days", "Metric", "Period", "Scope", "Target"]


class Metric(StrEnum):
    """A statistic of annual loss."""

    AAL = "aal"
    VAR = "var"
    TVAR = "tvar"


class Basis(StrEnum):
    """What a target's value is a share of."""

    AMOUNT = "amount"
    TODAY = "today"
    INHERENT = "inherent"


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the case: the scenarios that touch it. All empty: the whole case."""

    layer: int | None = None
    component: str = ""
    scenario: str = ""

    @property
    def text(self) -> str:
        if self.scenario:
            return self.scenario
        parts = [f"L{self.layer}" if self.layer is not None else "", self.component]
        return "/".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Coverage:
    """References of a standard that chosen measures must support.

    share : at least this share of all its references, an exact decimal; None: each of ``references``, which is empty otherwise.
    of_reachable : the share is of those references that any measure of the cost table supports.
    """

    standard: str
    share: Decimal | None = None
    references: tuple[str, ...] = ()
    of_reachable: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """``[scope:]name=value[@year]``: the metric of the scope is at most the value.

    Either a metric with a value (an amount, or a share of today's or the inherent value), ``survive`` (then the metric is
    VaR and the value is the cash reserve), or ``keep`` (a plan's name: nowhere worse than it by more than the share ``slack``).

    ``confidence`` is an exact decimal, for VaR and TVaR. With ``covers`` it is about a standard's references, not about a
    metric: nothing else of the target then means anything.
    """

    text: str
    metric: Metric = Metric.AAL
    confidence: Decimal | None = None
    value: float = 0.0
    basis: Basis = Basis.AMOUNT
    scope: Scope = Scope()
    survive: bool = False
    keep: str = ""
    slack: float = 0.0
    year: int | None = None
    covers: Coverage | None = None

    @property
    def metric_name(self) -> str:
        """``aal``, ``var99``, ``tvar99.5``."""
        if self.confidence is None:
            return self.metric.value
        return f"{self.metric.value}{(self.confidence * 100).normalize():f}"


class Period(StrEnum):
    """What a budget or a number of days counts: the first year, an average year, or (money only) the whole horizon."""

    FIRST_YEAR = "first-year"
    YEAR = "year"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Budget:
    """Money that a plan may cost: first-year cash, cost per year, or npv."""

    amount: float
    period: Period = Period.FIRST_YEAR


@dataclass(frozen=True, slots=True)
class Days:
    """Days of internal effort that a plan may take, in the first year or in each year."""

    days: float
    period: Period = Period.FIRST_YEAR
