"""A frontier as its chart's data."""

from __future__ import annotations

from tenbin.model import current_plan
from tenbin.reporting.chart_data import Label
from tenbin.reporting.frontier_data import FrontierData, FrontierMark
from tenbin.studies.fronting import Frontier, FrontierPlan

__all__ = ["frontier_data"]


def frontier_data(front: Frontier, sentence_ja: str = "", sentence_en: str = "") -> FrontierData:
    """Gather what the chart shows of a frontier that has a plan."""
    case = front.case
    scope, _, metric = front.metric.rpartition(":")
    best = front.today_at_best
    return FrontierData(
        title=Label(case.name, case.title_ja, case.title_en),
        metric=metric,
        scope=scope,
        plans=tuple(_mark(plan) for plan in front.points),
        today=FrontierMark(front.today_cost.per_year, front.today_value) if current_plan(case) else None,
        at_best=FrontierMark(best.cost.per_year, best.value) if best else None,
        knee=front.knee,
        least_total=front.least_total,
        n_trials=front.n_trials,
        sentence_ja=sentence_ja,
        sentence_en=sentence_en,
        currency=case.currency,
    )


def _mark(plan: FrontierPlan) -> FrontierMark:
    return FrontierMark(plan.cost.per_year, plan.value, plan.outside[1:] if plan.outside else None)
