"""A frontier as its chart's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tenbin.model import Case, current_plan
from tenbin.reporting.chart_data import Label
from tenbin.reporting.frontier_data import FrontierData, FrontierMark, LevelRow
from tenbin.studies.charting import measure_labels
from tenbin.studies.frontiers import Frontier, FrontierPlan
from tenbin.studies.results import Result
from tenbin.studies.scopes import metric_quantity
from tenbin.studies.validating import TIMES

__all__ = ["frontier_data", "level_rows"]


def frontier_data(front: Frontier, sentence_ja: str = "", sentence_en: str = "", result: Result | None = None) -> FrontierData:
    """Gather what the chart shows of a frontier that has a plan; result : of the run that keeps it, whose plan is marked."""
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
        own=_own(front, result) if result else None,
        knee=front.knee,
        least_total=front.least_total,
        n_trials=front.n_trials,
        n_outside=front.n_trials * TIMES if any(point.outside for point in front.points) else 0,
        layers=tuple(Label(str(x.number), x.title_ja, x.title_en) for x in case.catalogue.layers),
        measures=level_rows(case, [point.plan for point in front.points], result.plan if result and result.risk else None),
        sentence_ja=sentence_ja,
        sentence_en=sentence_en,
        currency=case.currency,
    )


def level_rows(case: Case, plans: Sequence[Mapping[str, str]], own: Mapping[str, str] | None = None) -> tuple[LevelRow, ...]:
    """Each measure that is in some plan or in place, with its level in each; own : the plan of the run itself."""
    today = current_plan(case)
    layers = {measure.id: str(measure.layer) for measure in case.catalogue.measures}
    label = measure_labels(case)
    rows = []
    for measure in case.costs.measures:
        levels = tuple(row.level for row in case.costs.levels(measure))
        number = {level: n for n, level in enumerate(levels, start=1)}
        chosen = tuple(number[plan[measure]] if measure in plan else 0 for plan in plans)
        in_place = number[today[measure]] if measure in today else 0
        mine = None if own is None else number[own[measure]] if measure in own else 0
        if any((*chosen, in_place, mine)):
            rows.append(LevelRow(label[measure], layers.get(measure, ""), levels, chosen, in_place, mine))
    return tuple(rows)


def _own(front: Frontier, result: Result) -> FrontierMark | None:
    """The plan of the run itself, by the frontier's metric."""
    if result.risk is None:
        return None
    value = result.risk.evaluator.value(metric_quantity(front.case, front.metric), result.risk.phi, result.risk.gamma)
    return FrontierMark(result.risk.cost.per_year, float(value))


def _mark(plan: FrontierPlan) -> FrontierMark:
    return FrontierMark(plan.cost.per_year, plan.value, plan.outside[1:] if plan.outside else None)
