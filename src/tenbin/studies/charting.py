"""An optimisation's result as the charts' data."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Reduction, attribute, cost_by_year, cost_per_year_by_row
from tenbin.model import Case, current_plan
from tenbin.reporting.chart_data import (
    AbatementRow,
    CashFlow,
    Change,
    ChartData,
    CostKind,
    CostRow,
    Label,
    Step,
    TargetRow,
)
from tenbin.reporting.curve_points import WorldBand
from tenbin.studies.converging import convergence
from tenbin.studies.evaluating import Risk
from tenbin.studies.results import Result
from tenbin.studies.scopes import Question, metric_quantity
from tenbin.studies.validating import Checked

__all__ = ["abatement_rows", "cash_flow", "chart_data", "cost_rows", "heat", "measure_labels", "world_band"]

FloatArray = NDArray[np.float64]


def heat(case: Case, risk: Risk) -> FloatArray:
    """Expected annual loss of each cell, shape (n_layers, n_components): a scenario's split equally over the cells it touches."""
    losses = risk.evaluator.expected.by_scenario(risk.phi, risk.gamma)
    layer = {entry.number: n for n, entry in enumerate(case.catalogue.layers)}
    component = {entry.id: n for n, entry in enumerate(case.catalogue.components)}
    table = np.zeros((len(layer), len(component)))
    for scenario, loss in zip(case.scenarios, losses, strict=True):
        for name in scenario.components:
            table[layer[scenario.layer], component[name]] += loss / len(scenario.components)
    return table


def measure_labels(case: Case) -> dict[str, Label]:
    """The label of each measure that has a price."""
    titles = {measure.id: Label(measure.id, measure.title_ja, measure.title_en) for measure in case.catalogue.measures}
    return {measure: titles.get(measure, Label(measure)) for measure in case.costs.measures}


def cost_rows(case: Case, plan: Mapping[str, str], change: Mapping[str, str]) -> tuple[CostRow, ...]:
    """What each chosen measure, needed capability and subsidy costs, and what each dropped one saves; internal effort priced in."""
    model = CostModel.of(case)
    number = {key: r for r, key in enumerate(model.rows)}
    chosen = model.rows_of(plan)
    items = model.chosen_items(chosen)
    once = model.capex + model.initial_days * model.day_rate
    yearly = model.opex + model.yearly_days * model.day_rate
    label = measure_labels(case)
    rows = [
        CostRow(label[measure], float(once[r]), float(yearly[r]), Change(change[measure]), CostKind.MEASURE, level)
        for (measure, level), r in number.items()
        if chosen[r]
    ]
    today = current_plan(case)
    rows += [
        CostRow(label[m], 0.0, 0.0, Change.DROP, CostKind.MEASURE, today[m], float(yearly[number[m, today[m]]]))
        for m in sorted(today)
        if m not in plan
    ]
    shared, paying = (
        {one.id: Label(one.id, one.title_ja, one.title_en) for one in part}
        for part in (case.costs.capabilities, case.costs.subsidies)
    )
    for b, name in enumerate(model.capabilities, start=model.n_rows):
        if items[b]:
            rows.append(CostRow(shared[name], float(once[b]), float(yearly[b]), None, CostKind.SHARED))
    for name, share, cap, eligible in model.subsidies:
        paid = min(share * sum(float(model.capex[i]) for i in eligible if items[i]), cap)
        if paid > 0:
            rows.append(CostRow(paying[name], -paid, 0.0, None, CostKind.SUBSIDY))
    return tuple(rows)


def abatement_rows(case: Case, risk: Risk, change: Mapping[str, str]) -> tuple[AbatementRow, ...]:
    """What each chosen measure takes off the average yearly loss and costs a year, from nothing in place to the plan."""
    model, reduction = CostModel.of(case), Reduction.of(case, risk.evaluator.structure.worlds)
    cost = cost_per_year_by_row(model, model.rows_of(risk.plan))
    whole = metric_quantity(case, "aal")
    takes = attribute(risk.evaluator, reduction, whole, reduction.choice({}), reduction.choice(risk.plan))
    label = measure_labels(case)
    return tuple(
        AbatementRow(
            label[measure], max(-takes.get(measure, 0.0), 0.0), float(cost[row]), Change(change[measure]) if change else None
        )
        for row, (measure, level) in enumerate(model.rows)
        if risk.plan.get(measure) == level
    )


def cash_flow(case: Case, plan: Mapping[str, str]) -> CashFlow:
    """What a plan and today's measures cost in each year of the horizon."""
    years, today = cost_by_year(case, plan), cost_by_year(case, current_plan(case))
    return CashFlow(years.capex, years.opex, years.effort, years.subsidy, today.total)


def chart_data(result: Result, sentence_ja: str = "", sentence_en: str = "") -> ChartData:
    """Gather what the charts show of a result that has a plan.

    The waterfall is of the first target's metric over the whole case, TVaR95 where there is none.
    """
    case = result.case
    assert result.risk is not None
    questions = Question(case, result.question)
    whole = [t for t in questions.targets if not t.scope.text and not t.keep and t.covers is None]
    metric = whole[0].metric_name if whole else "tvar95"
    quantity = metric_quantity(case, metric)
    evaluator = result.risk.evaluator
    reduction = Reduction.of(case, evaluator.structure.worlds)
    has_today = bool(current_plan(case))
    before = result.current if has_today else result.inherent
    steps = attribute(evaluator, reduction, quantity, reduction.choice(before.plan), reduction.choice(result.plan))
    label = measure_labels(case)
    change = {entry["measure"]: kind for kind, entries in result.change.items() for entry in entries}
    limits = {met.target: met.limit for met in result.targets}
    outside: dict[str, Checked] = {checked.label: checked for checked in result.outside}
    seen = outside.get(whole[0].text) if whole else None
    after = evaluator.value(quantity, result.risk.phi, result.risk.gamma)
    return ChartData(
        title=Label(case.name, case.title_ja, case.title_en),
        annual_loss_inherent=result.inherent.annual_loss,
        annual_loss_today=before.annual_loss,
        annual_loss_after=result.risk.annual_loss,
        has_today=has_today,
        layers=tuple(Label(str(x.number), x.title_ja, x.title_en) for x in case.catalogue.layers),
        components=tuple(Label(x.id, x.title_ja, x.title_en) for x in case.catalogue.components),
        heat_before=heat(case, before),
        heat_after=heat(case, result.risk),
        metric=metric,
        metric_before=evaluator.value(quantity, before.phi, before.gamma),
        metric_after=after,
        targets=tuple(
            TargetRow(target.text, target.metric.value, target.confidence, limits[target.text], target.scope.text)
            for target in questions.targets
            if target.text in limits
        ),
        costs=cost_rows(case, result.plan, change),
        steps=tuple(Step(label[m], amount) for m, amount in steps.items()),
        abatement=abatement_rows(case, result.risk, change),
        cash_flow=cash_flow(case, result.plan),
        metric_after_range=(seen.low, seen.high) if seen and seen.low <= seen.value <= seen.high else None,
        sentence_ja=sentence_ja,
        sentence_en=sentence_en,
        currency=case.currency,
        convergence=convergence(
            result.risk.annual_loss,
            metric,
            evaluator.events.n_worlds,
            limits.get(whole[0].text) if whole else None,
            after if metric == "aal" else None,
            result.risk.elsewhere,
        ),
        worlds=world_band(result.risk),
    )


def world_band(risk: Risk) -> WorldBand | None:
    """Between which curves of a plan the worlds lie; None with one world."""
    found = risk.curve_band()
    return None if found is None else WorldBand(found.loss, found.low, found.high, found.level)
