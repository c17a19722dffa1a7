"""What a frontier is: plans from the cheapest to the safest, none dominated by another, with their marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

import tenbin
from tenbin.evaluation import Cost
from tenbin.model import Case, current_plan
from tenbin.optimisation import Certificate, CertificateKind

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frontier", "FrontierPlan"]


@dataclass(frozen=True)
class FrontierPlan:
    """One plan of the frontier.

    value : of the frontier's metric. asked : the level of risk, or the budget, that it was found for. risk : every headline metric.
    outside : the metric on ten times as many fresh years with its 95 % interval; None: not checked. add, drop, change :
    what is different from the next cheaper plan. price : of one more unit of the metric taken away, from that plan to this
    one (npv); None for the cheapest.
    """

    value: float
    cost: Cost
    plan: dict[str, str]
    certificate: Certificate
    asked: float
    risk: dict[str, float]
    outside: tuple[float, float, float] | None = None
    add: dict[str, str] = field(default_factory=dict)
    drop: dict[str, str] = field(default_factory=dict)
    change: dict[str, tuple[str, str]] = field(default_factory=dict)
    price: float | None = None

    @property
    def total_per_year(self) -> float:
        """Cost per year and expected annual loss together."""
        return self.cost.per_year + self.risk["aal"]

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        outside = None
        if self.outside is not None:
            outside = dict(zip(("value", "low", "high"), self.outside, strict=True))
        return {
            "value": self.value,
            "asked": self.asked,
            "cost": self.cost.to_dict(),
            "total_per_year": self.total_per_year,
            "risk": dict(self.risk),
            "out_of_sample": outside,
            "certificate": self.certificate.to_dict(),
            "plan": [{"measure": m, "level": level} for m, level in self.plan.items()],
            "change": {
                "add": [{"measure": m, "level": level} for m, level in self.add.items()],
                "drop": [{"measure": m, "level": level} for m, level in self.drop.items()],
                "change": [{"measure": m, "from": a, "to": b} for m, (a, b) in self.change.items()],
            },
            "marginal_price": self.price,
        }


@dataclass(frozen=True)
class Frontier:
    """Plans from the cheapest to the safest, none dominated by another.

    knee : number of the plan after which a further step buys least; least_total : of the plan whose cost per year and expected
    annual loss together are least. today : value and cost of what is in place; today_at_best : the cheapest plan no worse
    than it. complete : False when the work was cut short.
    """

    case: Case = field(repr=False)
    metric: str
    by: str
    points: tuple[FrontierPlan, ...]
    today_value: float
    today_cost: Cost
    today_at_best: FrontierPlan | None
    inherent_value: float
    knee: int | None
    least_total: int | None
    n_trials: int
    seed: int
    n_worlds: int = 1
    complete: bool = True
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.points)

    def _repr_html_(self) -> str:
        from tenbin.studies.displaying import frontier_html  # it shows what stands here

        return frontier_html(self)

    @property
    def status(self) -> str:
        """``optimal``, ``feasible`` (some plan has a gap), ``infeasible`` (no plan keeps the rules) or ``interrupted``."""
        if not self.complete:
            return "interrupted"
        if not self.points:
            return "infeasible"
        gaps = any(point.certificate.kind is CertificateKind.GAP for point in self.points)
        return "feasible" if gaps else "optimal"

    def to_dict(self) -> dict[str, Any]:
        """The document of ``frontier --json``."""
        today = current_plan(self.case)
        return {
            "schema": 1,
            "version": tenbin.__version__,
            "case": self.case.name,
            "currency": self.case.currency,
            "warnings": list(self.warnings),
            "status": self.status,
            "metric": self.metric,
            "by": self.by,
            "points": [point.to_dict() for point in self.points],
            "knee": self.knee,
            "least_total": self.least_total,
            "today": {
                "value": self.today_value,
                "cost": self.today_cost.to_dict(),
                "plan": [{"measure": m, "level": level} for m, level in sorted(today.items())],
                "at_best": self.today_at_best.to_dict() if self.today_at_best else None,
            },
            "inherent": self.inherent_value,
            "n_trials": self.n_trials,
            "n_worlds": self.n_worlds,
            "seed": self.seed,
            "seconds": dict(self.seconds),
        }

    def to_frame(self) -> pd.DataFrame:
        """One row per plan, cheapest first: value, costs, risk, certificate, what changes, marks."""
        import pandas as pd

        rows = []
        for n, point in enumerate(self.points):
            outside = point.outside or (np.nan, np.nan, np.nan)
            rows.append(
                {
                    "value": point.value,
                    "cost_npv": point.cost.npv,
                    "cost_per_year": point.cost.per_year,
                    "first_year_cash": point.cost.first_year_cash,
                    **{name: point.risk[name] for name in point.risk},
                    "total_per_year": point.total_per_year,
                    "out_of_sample": outside[0],
                    "out_of_sample_low": outside[1],
                    "out_of_sample_high": outside[2],
                    "certificate": point.certificate.kind.value,
                    "delta": point.certificate.delta,
                    "gap": point.certificate.gap,
                    "marginal_price": np.nan if point.price is None else point.price,
                    "knee": n == self.knee,
                    "least_total": n == self.least_total,
                    "plan": dict(point.plan),
                }
            )
        return pd.DataFrame(rows)
