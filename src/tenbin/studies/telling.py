"""Plans on some years → everything that the report shows of them: a run's own plan, and every other of its frontier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.catalogue import action_texts, standard_titles
from tenbin.evaluation import Evaluator, Reduction, attribute, cost_by_year
from tenbin.inputs import write_tables
from tenbin.model import Case, Measure, RelationKind, current_plan
from tenbin.reporting.chart_data import Change, CostKind, Label
from tenbin.reporting.curve_points import CurvePoints, curve_points
from tenbin.reporting.report.data import (
    CONFIDENCES,
    BuyRow,
    LayerChain,
    PlanView,
    ReportData,
    ScenarioRow,
    StandardRow,
    YearCost,
)
from tenbin.reporting.sentences import headline_metric
from tenbin.simulation import EventTable
from tenbin.studies.charting import cost_rows, heat, world_band
from tenbin.studies.covering import coverage
from tenbin.studies.evaluating import Risk, evaluate
from tenbin.studies.frontiers import Frontier, FrontierPlan
from tenbin.studies.reopening import Reopened
from tenbin.studies.results import Result, change_of
from tenbin.studies.scopes import metric_quantity
from tenbin.studies.validating import TIMES

__all__ = ["Teller", "report_data"]

FloatArray = NDArray[np.float64]

CELLS = 90
"""Cells of a curve's grids: the page's pictures are small."""


def report_data(run: Reopened) -> ReportData:
    """Gather what the report of a run shows.

    Raises
    ------
    ValueError : when the run has no plan.
    """
    document, front = run.document, run.frontier
    metric = front.metric if front is not None and run.result is None else headline_metric(document)
    teller = Teller(run.events, metric, run.result.current.evaluator if run.result else None)
    views = list(_views(teller, run))
    if not views:
        raise ValueError(f"{run.run.id} has no plan to report")
    return teller.told(
        views,
        _own(views, front, run),
        document,
        front,
        run.frontier_document,
        run=run.run.id,
        made=str(run.manifest.get("finished", ""))[:10],
    )


def _views(teller: Teller, run: Reopened) -> Iterator[PlanView]:
    """Every plan of a run once, from the cheapest to the dearest."""
    found: list[PlanView] = []
    front, result = run.frontier, run.result
    if result is not None and result.risk is not None:
        found.append(teller.own_view(result, run.document))
    stem = "points" if result is None else "frontier/points"
    for n, point in enumerate(front.points if front is not None else ()):
        if result is None or point.plan != result.plan:
            assert front is not None
            found.append(teller.point_view(front, point, f"{stem}/{n}"))
    found.sort(key=lambda view: (view.per_year, -view.value))
    return iter(found)


class Teller:
    """What is shared by the plans of some years: today, the metric, the scenarios that each measure acts on.

    metric : the headline's, by name. evaluator : of these years, where there is one already.
    """

    def __init__(self, events: EventTable, metric: str, evaluator: Evaluator | None = None) -> None:
        self.events, self.case, self.metric = events, events.case, metric
        self.inherent = evaluate(events, {}, evaluator=evaluator)
        self.today = evaluate(events, "current", evaluator=self.inherent.evaluator)
        self.quantity = metric_quantity(self.case, metric)
        self.reduction = Reduction.of(self.case, events.worlds)
        self.before = self.today if current_plan(self.case) else self.inherent
        self.standards_today = {row.standard: row.n_supported for row in coverage(self.case, "current").standards}
        self.acts_on: dict[str, list[str]] = {}
        for effect in self.case.effects:
            if effect.scenario not in self.acts_on.setdefault(effect.measure, []):
                self.acts_on[effect.measure].append(effect.scenario)

    def told(
        self,
        views: Sequence[PlanView],
        own: int,
        document: Mapping[str, Any],
        front: Frontier | None,
        frontier_document: Mapping[str, Any] | None,
        *,
        run: str,
        made: str,
    ) -> ReportData:
        """Everything that the report shows of some plans.

        views : from the cheapest to the dearest. own : the number of the one that the page opens with. document : the one that its numbers
        stand in. run, made : what it is called, and its day.
        """
        case, today = self.case, self.today
        return ReportData(
            title=Label(case.name, case.title_ja, case.title_en),
            run=run,
            made=made,
            version=str(document["version"]),
            metric=self.metric,
            limit=_limit(document, self.metric),
            asked=tuple(row["target"] for row in (*document.get("targets", ()), *document.get("coverage", ()))),
            at_best_per_year=_at_best(front) if front else None,
            views=tuple(views),
            own=own,
            knee=_again(views, front, front.knee) if front else None,
            least_total=_again(views, front, front.least_total) if front else None,
            document=document,
            frontier=frontier_document,
            today_value=self.value(today),
            today_per_year=today.cost.per_year,
            today_average=today.aal,
            **self._lasting,
        )

    @cached_property
    def _lasting(self) -> dict[str, Any]:
        """What is the same whatever plans are shown."""
        case, today, events = self.case, self.today, self.events
        by_today, by_inherent = (self.scenario_losses(risk) for risk in (today, self.inherent))
        return {
            "currency": case.currency,
            "n_trials": events.n_trials,
            "n_worlds": events.n_worlds,
            "n_outside": events.n_trials * TIMES,
            "seed": events.seed,
            "horizon_years": case.organisation.horizon_years,
            "discount_rate": case.organisation.discount_rate,
            "day_rate": case.organisation.day_rate,
            "has_today": bool(current_plan(case)),
            "inherent_value": self.value(self.inherent),
            "today_years": _years(case, today.plan),
            "curve_inherent": _curve(self.inherent),
            "curve_today": _curve(today),
            "quantiles_inherent": _quantiles(self.inherent),
            "quantiles_today": _quantiles(today),
            "heat_before": heat(case, self.before),
            "layers": tuple(Label(str(x.number), x.title_ja, x.title_en) for x in case.catalogue.layers),
            "components": tuple(Label(x.id, x.title_ja, x.title_en) for x in case.catalogue.components),
            "scenarios": tuple(_scenarios(case, by_inherent, by_today)),
            "chain": tuple(_chain(case)),
            "measures": {measure.id: _texts(measure) for measure in case.catalogue.measures},
            "tables": {name: content for name, content in write_tables(case).items() if not isinstance(content, Mapping)},
            "requires": _requires(case),
        }

    @cached_property
    def _today_metrics(self) -> dict[str, float]:
        return self.today.metrics()

    @cached_property
    def _inherent_metrics(self) -> dict[str, float]:
        return self.inherent.metrics()

    def value(self, risk: Risk) -> float:
        """The headline metric of a plan."""
        return self.inherent.evaluator.value(self.quantity, risk.phi, risk.gamma)

    def scenario_losses(self, risk: Risk) -> FloatArray:
        """Average loss a year of each scenario, shape (n_scenarios,)."""
        return risk.evaluator.expected.by_scenario(risk.phi, risk.gamma)

    def own_view(self, result: Result, document: Mapping[str, Any]) -> PlanView:
        """The plan of a result, as its document has it."""
        checked = {entry.label.partition("=")[0]: entry for entry in result.outside}
        seen = checked.get(self.metric)
        outside = (seen.value, seen.low, seen.high) if seen else None
        limit = seen.limit if seen and document["targets"] else None  # what a budget buys has no limit to miss
        return self.view("", document, result.plan, outside, limit)

    def point_view(self, front: Frontier, point: FrontierPlan, path: str) -> PlanView:
        """A plan of the frontier; path : where it stands in the run's documents."""
        return self.view(path, self.point_document(front, point), point.plan, point.outside)

    def point_document(self, front: Frontier, point: FrontierPlan) -> dict[str, Any]:
        """A plan of the frontier in the form of a result's document."""
        found = point.to_dict()
        return {
            "currency": self.case.currency,
            "objective": "cost" if front.by == "risk" else front.metric,
            "certificate": found["certificate"],
            "plan": found["plan"],
            "change": change_of(self.case, point.plan),
            "cost": found["cost"],
            "current": {"cost": self.today.cost.to_dict(), "risk": dict(self._today_metrics)},
            "risk": {"inherent": dict(self._inherent_metrics), "residual": found["risk"]},
            "targets": [{"target": f"{front.metric}={point.value:.0f}"}],
            "n_trials": front.n_trials,
        }

    def view(
        self,
        path: str,
        document: Mapping[str, Any],
        plan: Mapping[str, str],
        outside: tuple[float, float, float] | None,
        outside_limit: float | None = None,
    ) -> PlanView:
        """One plan with all that the page shows of it."""
        case = self.case
        risk = evaluate(self.events, plan, evaluator=self.inherent.evaluator)
        takes = attribute(
            risk.evaluator,
            self.reduction,
            self.quantity,
            self.reduction.choice(self.before.plan),
            self.reduction.choice(plan),
        )
        return PlanView(
            path=path,
            document=document,
            plan=dict(plan),
            value=self.value(risk),
            outside=outside,
            outside_limit=outside_limit,
            rows=tuple(self.rows(plan, document, takes)),
            curve=_curve(risk),
            worlds=world_band(risk),
            quantiles=_quantiles(risk),
            heat=heat(case, risk),
            scenario_losses=self.scenario_losses(risk),
            years=_years(case, plan),
            standards=tuple(self.standards(plan)),
        )

    def rows(self, plan: Mapping[str, str], document: Mapping[str, Any], takes: Mapping[str, float]) -> Iterator[BuyRow]:
        """What is bought, kept and given up: what takes most risk away first, then what is shared and the subsidies."""
        change = {entry["measure"]: kind for kind, entries in document["change"].items() for entry in entries}
        titles = {measure.id: measure for measure in self.case.catalogue.measures}
        shared = {(row.measure, row.level): row.shared for row in self.case.costs.rows}
        found = [
            BuyRow(
                label=row.label,
                kind=row.kind,
                change=Change(row.change) if row.change else None,
                level=row.level,
                layer=titles[row.label.id].layer if row.label.id in titles else None,
                once=row.capex,
                yearly=row.yearly,
                saved=row.saved,
                takes=takes.get(row.label.id, 0.0) if row.kind is CostKind.MEASURE else None,
                components=titles[row.label.id].components if row.label.id in titles else (),
                scenarios=tuple(self.acts_on.get(row.label.id, ())) if row.kind is CostKind.MEASURE else (),
                shared=shared.get((row.label.id, row.level), ()) if row.kind is CostKind.MEASURE else (),
            )
            for row in cost_rows(self.case, plan, change)
        ]
        order = {Change.ADD: 0, Change.RAISE: 0, Change.LOWER: 0, Change.KEEP: 1, Change.DROP: 3, None: 2}
        found.sort(key=lambda row: (order[row.change], row.takes or 0.0, row.label.id))
        return iter(found)

    def standards(self, plan: Mapping[str, str]) -> Iterator[StandardRow]:
        """How each standard is supported, today and under the plan."""
        for row in coverage(self.case, plan).standards:
            unchecked = sum(reference.is_unverified for reference in row.rows)
            counts = (row.n_references, self.standards_today[row.standard], row.n_supported, unchecked)
            yield StandardRow(row.standard, *counts, Label(row.standard, *standard_titles().get(row.standard, ("", ""))))


def _scenarios(case: Case, inherent: FloatArray, today: FloatArray) -> Iterator[ScenarioRow]:
    """The scenarios with their average losses, shape (n_scenarios,) each."""
    for s, before, now in zip(case.scenarios, inherent, today, strict=True):
        label = Label(s.id, s.title_ja, s.title_en)
        yield ScenarioRow(label, s.layer, s.components, s.frequency.likely, float(before), float(now))


def _texts(measure: Measure) -> dict[str, str]:
    """What is said of a measure: the framework's words, and its first step where there is one."""
    own = {
        "title_ja": measure.title_ja,
        "title_en": measure.title_en,
        "risk_ja": measure.risk_factor_ja,
        "risk_en": measure.risk_factor_en,
        "outline_ja": measure.outline_ja,
        "outline_en": measure.outline_en,
    }
    found = action_texts().get(measure.id)
    if found is None:
        return own
    return own | {
        "step_ja": found.first_step_ja,
        "step_en": found.first_step_en,
        "evidence_ja": found.evidence_ja,
        "evidence_en": found.evidence_en,
    }


def _curve(risk: Risk) -> CurvePoints:
    return curve_points(np.sort(risk.annual_loss), cells=CELLS)


def _quantiles(risk: Risk) -> tuple[float, ...]:
    """VaR of all years: the curve's own points are thinned."""
    return tuple(risk.var(confidence) for confidence in CONFIDENCES)


def _at_best(front: Frontier) -> float | None:
    return front.today_at_best.cost.per_year if front.today_at_best is not None else None


def _years(case: Case, plan: Mapping[str, str]) -> tuple[YearCost, ...]:
    years = cost_by_year(case, plan)
    parts = zip(years.capex, years.opex, years.effort, years.subsidy, strict=True)
    return tuple(YearCost(*map(float, part)) for part in parts)


def _own(views: Sequence[PlanView], front: Frontier | None, run: Reopened) -> int:
    """The plan that the page opens with: the run's; of a frontier its knee, else its least total."""
    for n, view in enumerate(views):
        if view.path == "":
            return n
    assert front is not None
    marked = front.knee if front.knee is not None else front.least_total
    return _again(views, front, marked) or 0


def _again(views: Sequence[PlanView], front: Frontier, number: int | None) -> int | None:
    """The number among the views of a point of the frontier."""
    if number is None:
        return None
    plan = front.points[number].plan
    return next((n for n, view in enumerate(views) if view.plan == plan), None)


def _limit(document: Mapping[str, Any], metric: str) -> float | None:
    """The limit that the run's question sets to the metric."""
    for target in document.get("targets", ()):
        name, _, value = target["target"].partition("=")
        if name == metric or (name == "survive" and f"var{value.rstrip('%')}" == metric):
            return float(target["limit"])
    return None


def _chain(case: Case) -> Iterator[LayerChain]:
    for layer in case.catalogue.layers:
        items = {kind: tuple(Label("", i.ja, i.en) for i in layer.items if i.kind == kind) for kind in ("protect", "incident")}
        label = Label(str(layer.number), layer.title_ja, layer.title_en)
        yield LayerChain(label, layer.aim_ja, layer.aim_en, items["protect"], items["incident"])


def _requires(case: Case) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for relation in case.costs.relations:
        if relation.kind is RelationKind.REQUIRES:
            found[relation.measure] = (*found.get(relation.measure, ()), relation.other)
    return found
