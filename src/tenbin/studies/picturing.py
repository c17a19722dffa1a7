"""A frontier as its chart's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tenbin.model import Case, current_plan
from tenbin.reporting.chart_data import Label
from tenbin.reporting.frontier_data import FrontierData, FrontierMark, LevelRow
from tenbin.studies.charting import measure_labels
from tenbin.studies.fronting import Frontier, FrontierPlan

__all__ = ["frontier_data", "level_rows"]


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
        layers=tuple(Label(str(x.number), x.title_ja, x.title_en) for x in case.catalogue.layers),
        measures=level_rows(case, [point.plan for point in front.points]),
        sentence_ja=sentence_ja,
        sentence_en=sentence_en,
        currency=case.currency,
    )


def level_rows(case: Case, plans: Sequence[Mapping[str, str]]) -> tuple[LevelRow, ...]:
    """Each measure that is in some plan or in place, with its level in each."""
    today = current_plan(case)
    layers = {measure.id: str(measure.layer) for measure in case.catalogue.measures}
    label = measure_labels(case)
    rows = []
    for measure in case.costs.measures:
        levels = tuple(row.level for row in case.costs.levels(measure))
        number = {level: n for n, level in enumerate(levels, start=1)}
        chosen = tuple(number[plan[measure]] if measure in plan else 0 for plan in plans)
        in_place = number[today[measure]] if measure in today else 0
        if any((*chosen, in_place)):
            rows.append(LevelRow(label[measure], layers.get(measure, ""), levels, chosen, in_place))
    return tuple(rows)


def _mark(plan: FrontierPlan) -> FrontierMark:
    return FrontierMark(plan.cost.per_year, plan.value, plan.outside[1:] if plan.outside else None)
