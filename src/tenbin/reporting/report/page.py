"""What the templates ask beyond the first page: order and reasons, pictures as tables, what was entered, all numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from markupsafe import Markup

from tenbin.reporting.chart_data import Change, CostKind, Label
from tenbin.reporting.report.data import CONFIDENCES, BuyRow, LayerChain, PlanView, StandardRow
from tenbin.reporting.report.entered import Entered, entered_tables
from tenbin.reporting.report.first_page import NOTHING, FirstPage
from tenbin.reporting.report.heatmap import HeatSide, heat_sides, heat_unit
from tenbin.reporting.report.ordering import in_order
from tenbin.reporting.report.svg import Drawing
from tenbin.reporting.sentences import metric_title

__all__ = ["SECTIONS", "SLOTS", "Page"]

SECTIONS = (
    "first",
    "by_layer",
    "curve",
    "heat",
    "waterfall",
    "cash",
    "standards",
    "chain",
    "changes",
    "certificate",
    "assumptions",
    "appendix",
)
"""After page one, in this order."""
UNCHANGED = ("assumptions",)
SLOTS = ("answer", "scales", "frontier", "buy", "sure", *(key for key in SECTIONS if key not in UNCHANGED))
"""What belongs to one plan and is exchanged by the slider."""
WIDE = ("first", "by_layer", "curve", "heat", "standards", "chain", "assumptions", "certificate", "changes", "appendix")
MOST_SCENARIOS = 3
MOST_PRICES = 4


@dataclass(frozen=True)
class Page(FirstPage):
    """The report's texts and numbers in one language."""

    sections = SECTIONS
    slots = SLOTS
    wide = WIDE

    # what to do first, and why

    def first_rows(self, view: PlanView) -> list[BuyRow]:
        """What is added or raised, in the order to begin with."""
        return in_order(view.rows, self.data.requires, self._annuity)

    @property
    def _annuity(self) -> float:
        """What a cost over the horizon is divided by for a cost per year."""
        return sum((1 + self.data.discount_rate) ** -year for year in range(self.data.horizon_years))

    def first_cost(self, view: PlanView, row: BuyRow) -> str:
        """What an action costs and what it takes away."""
        costs = self.v.say("first_costs", first=self.row_first(row), yearly=self.row_yearly(row))
        texts = [costs, *self._shared_costs(view, row)]
        if row.takes and row.takes <= -NOTHING:
            texts.append(self.v.say("first_takes", amount=self.takes_words(row), metric=self.v.metric(self.data.metric)))
        return self.v.joined(texts)

    def _shared_costs(self, view: PlanView, row: BuyRow) -> Iterator[str]:
        """What has to be bought for it that other measures use as well."""
        for one in view.rows:
            if one.kind is CostKind.SHARED and one.once >= NOTHING and one.label.id in row.shared:
                yield self.v.say("first_shared", name=self.v.title(one.label), first=self.row_first(one))

    def waits_for(self, row: BuyRow) -> str:
        """What has to be there before."""
        before = self.data.requires.get(row.label.id, ())
        return self.v.say("first_after", measures=self.v.listed(before)) if before else ""

    def measure_text(self, row: BuyRow, name: str) -> str:
        """The catalogue's own words on a measure: ``outline`` or ``risk``."""
        texts = self.data.measures.get(row.label.id, {})
        return self.v.both(texts.get(f"{name}_ja", ""), texts.get(f"{name}_en", ""))

    def rows_of_layer(self, view: PlanView, label: Label | None) -> list[BuyRow]:
        """The measures of a layer; without one, what belongs to none."""
        if label is None:
            return [row for row in view.rows if row.layer is None]
        return [row for row in view.rows if row.layer is not None and str(row.layer) == label.id]

    def component_words(self, row: BuyRow) -> str:
        """The components that a measure belongs to."""
        titles = {label.id: self.v.title(label) for label in self.data.components}
        return self.v.listed(titles.get(name, name) for name in row.components)

    def why(self, view: PlanView, row: BuyRow) -> str:
        """Which scenarios a measure acts on, the heaviest first."""
        by_id = {scenario.label.id: n for n, scenario in enumerate(self.data.scenarios)}
        before = [s.today if self.data.has_today else s.inherent for s in self.data.scenarios]
        acts = sorted((by_id[name] for name in row.scenarios), key=lambda n: -before[n])
        if not acts:
            return self.v.say("why_none") if row.change is Change.KEEP else ""
        shown = self.v.listed(self.v.title(self.data.scenarios[n].label) for n in acts[:MOST_SCENARIOS])
        if len(acts) > MOST_SCENARIOS:
            return self.v.say("why_acts_more", scenarios=shown, n=len(acts))
        return self.v.say("why_acts", scenarios=shown)

    # pictures as tables

    def curve_rows(self, view: PlanView) -> Iterator[list[str]]:
        """Losses that are exceeded in so many years, by curve."""
        today = [self.data.quantiles_today] if self.data.has_today else []
        for confidence, *losses in zip(CONFIDENCES, self.data.quantiles_inherent, *today, view.quantiles, strict=True):
            yield [self.v.chart("once_in", years=f"{1 / (1 - confidence):,.0f}"), *map(self.v.amount, losses)]

    def waterfall_rows(self, view: PlanView) -> Iterator[tuple[str, str]]:
        """The waterfall's steps, to the last digit."""
        yield self.v.chart("today" if self.data.has_today else "inherent"), self.v.exact(self._before)
        for row in sorted(view.rows, key=lambda row: row.takes or 0.0):
            if row.takes is not None and abs(row.takes) >= NOTHING:
                yield f"{row.label.id} {self.v.title(row.label)}", self._signed(row.takes)
        yield self.v.chart("after"), self.v.exact(view.value)

    def _signed(self, amount: float) -> str:
        return self.v.exact(amount) if amount < 0 else f"+{self.v.exact(amount)}"

    def heat_lead(self, view: PlanView) -> str:
        """The heatmap in a sentence."""
        before, after = float(self.data.heat_before.sum()), float(view.heat.sum())
        return self.v.say("heat_lead", before=self.v.amount(before), after=self.v.amount(after))

    def heat_sides(self, view: PlanView) -> list[HeatSide]:
        """Both tables of the heatmap."""
        return heat_sides(self.data, view, self.v)

    @cached_property
    def heat_unit_words(self) -> str:
        """In what unit the heatmap's amounts are."""
        return self.v.say("heat_unit", unit=heat_unit(self.data, self.v)[1])

    def cash_words(self, view: PlanView) -> str:
        """What the cash flow says, and how it is reckoned."""
        years = view.years
        first, total = self.v.amount(years[0].total), self.v.amount(sum(year.total for year in years))
        texts = [self.v.say("cash_summary", first=first, years=len(years), total=total)]
        texts.append(self.v.say("cash_note", rate=self.v.amount(self.data.day_rate)))
        if self.data.has_today:
            texts.append(self.v.say("cash_note_today"))
        return self.v.joined(texts)

    def standard_bar(self, row: StandardRow) -> Markup:
        """Today and after as shares of a standard's references."""
        drawing = Drawing(120, 12, "", "bar")
        drawing.root.set("aria-hidden", "true")
        drawing.rect(0, 1, 120, 10, "part-rest")
        drawing.rect(0, 1, 120 * row.n_after / row.n_references, 10, "fill-saved")
        drawing.rect(0, 1, 120 * min(row.n_today, row.n_after) / row.n_references, 10, "fill-residual")
        return drawing.markup()

    # the framework's chain

    def layer_scenarios(self, view: PlanView, layer: LayerChain) -> list[tuple[str, str, str]]:
        """A layer's scenarios with what each costs before and after, the heaviest first."""
        before = [scenario.today if self.data.has_today else scenario.inherent for scenario in self.data.scenarios]
        own = [n for n, scenario in enumerate(self.data.scenarios) if str(scenario.layer) == layer.label.id]
        own.sort(key=lambda n: -before[n])
        titles = [self.v.title(scenario.label) for scenario in self.data.scenarios]
        return [(titles[n], self.v.amount(before[n]), self.v.amount(float(view.scenario_losses[n]))) for n in own]

    def layer_measures(self, view: PlanView, layer: LayerChain) -> list[BuyRow]:
        """A layer's measures in the plan."""
        rows = [row for row in self.rows_of_layer(view, layer.label) if row.change is not Change.DROP]
        return sorted(rows, key=lambda row: row.label.id)

    # what was entered

    @cached_property
    def tables(self) -> list[Entered]:
        """The case's tables."""
        return entered_tables(self.data, self.v)

    # what would change the answer

    def neighbours(self, view: PlanView) -> Iterator[str]:
        """What a little less, and a little more, money leaves."""
        number = self.data.views.index(view)
        metric = self.v.metric(self.data.metric)
        for key, other in (("change_cheaper", number - 1), ("change_safer", number + 1)):
            if 0 <= other < len(self.data.views):
                one = self.data.views[other]
                amount = self.v.amount(abs(one.per_year - view.per_year))
                yield self.v.say(key, amount=amount, value=self.v.amount(one.value), metric=metric)

    def prices(self, view: PlanView) -> list[str]:
        """At which prices the plan would be another: of measures that would leave it first, and of those that would enter first.

        Only where the run was asked for its reasons, and of its own plan.
        """
        reasons = view.document.get("reasons")
        if not reasons:
            return []
        new = {row.label.id for row in self.first_rows(view)}
        leave = sorted(
            (why["instead"]["cost"]["extra_npv"], why["measure"])
            for why in reasons["chosen"]
            if why["instead"] and why["measure"] in new
        )
        enter = sorted(
            ((1 - why["enters_at_npv"] / why["price_npv"], why) for why in reasons["not_chosen"] if _could_enter(why)),
            key=lambda pair: (pair[0], pair[1]["measure"]),
        )
        texts = [
            self.v.say("price_leaves", measure=self._named(measure), amount=self.v.amount(extra / self._annuity))
            for extra, measure in leave[:MOST_PRICES]
            if extra / self._annuity >= NOTHING
        ]
        for share, why in enter[:MOST_PRICES]:
            now, at = (self.v.amount(why[key] / self._annuity) for key in ("price_npv", "enters_at_npv"))
            values = {"now": now, "at": at, "share": self.v.share(share)}
            texts.append(self.v.say("price_enters", measure=self._named(why["measure"]), **values))
        return texts

    def _named(self, measure: str) -> str:
        texts = self.data.measures.get(measure, {})
        return f"{measure} {self.v.both(texts.get('title_ja', ''), texts.get('title_en', ''))}".rstrip()

    def heaviest(self, view: PlanView) -> Iterator[str]:
        """The scenarios that make up most of what remains."""
        total = float(view.scenario_losses.sum())
        for n in np.argsort(-view.scenario_losses, kind="stable")[:MOST_SCENARIOS]:
            if total > 0 and view.scenario_losses[n] > 0:
                scenario = self.data.scenarios[n]
                share = self.v.share(float(view.scenario_losses[n]) / total)
                more = self.v.say("change_share", share=share, often=self.v.often(scenario.per_year))
                yield self.v.with_remark(f"{scenario.label.id} {self.v.title(scenario.label)}", more)

    # all numbers

    @property
    def appendix_lead(self) -> str:
        """What the numbers are of."""
        values = {
            "run": self.data.run,
            "years": f"{self.data.n_trials:,}",
            "seed": self.data.seed,
            "version": self.data.version,
        }
        return self.v.say("appendix_lead", **values)

    def cost_rows(self, view: PlanView) -> Iterator[list[Any]]:
        """Every figure of the cost, today's and the plan's."""
        rate = self.v.share(self.data.discount_rate)
        for key in ("npv", "per_year", "first_year", "first_year_cash"):
            values = {"years": self.data.horizon_years, "rate": rate} if key == "npv" else {}
            yield [self.v.say(key, **values), *self._sides(view, f"cost.{key}", f"current.cost.{key}", self._exact)]
        for key in ("days_first_year", "days_per_year"):
            yield [self.v.say(key), *self._sides(view, f"cost.{key}", f"current.cost.{key}", self._days)]

    def risk_rows(self, view: PlanView) -> Iterator[list[Any]]:
        """Every metric: nothing in place, today, after."""
        for name in view.document["risk"]["residual"]:
            inherent = self._exact(view, f"risk.inherent.{name}")
            sides = self._sides(view, f"risk.residual.{name}", f"current.risk.{name}", self._exact)
            yield [metric_title(name, self.v.lang), inherent, *sides]

    def scenario_rows(self, view: PlanView) -> Iterator[list[str]]:
        """Each scenario's average loss a year."""
        for n, scenario in enumerate(self.data.scenarios):
            losses = [scenario.inherent, *([scenario.today] if self.data.has_today else []), float(view.scenario_losses[n])]
            yield [f"{scenario.label.id} {self.v.title(scenario.label)}", *map(self.v.exact, losses)]

    def _sides(self, view: PlanView, after: str, today: str, tell: Any) -> list[Markup]:
        return [*([tell(view, today)] if self.data.has_today else []), tell(view, after)]

    def _exact(self, view: PlanView, place: str) -> Markup:
        return self._told(view, place, self.v.exact)

    def _days(self, view: PlanView, place: str) -> Markup:
        return self._told(view, place, lambda value: self.v.say("in_days", n=f"{value:,.6g}"))

    def _told(self, view: PlanView, place: str, tell: Any) -> Markup:
        value: Any = view.document
        for key in place.split("."):
            value = value[key]
        form = '<data class="n" value="{}" data-path="{}">{}</data>'
        return Markup(form).format(repr(float(value)), self._stated(view, place), tell(float(value)))

    def _stated(self, view: PlanView, place: str) -> str:
        """The place in the documents: a point of the frontier has its residual risk under ``risk``, and no other's."""
        if not view.path:
            return place
        if place.startswith("risk.residual."):
            return f"{view.path}/risk.{place.removeprefix('risk.residual.')}"
        if place.startswith(("current.", "risk.inherent.")):
            return place if "points" not in view.path.split("/")[:1] else ""
        return f"{view.path}/{place}"


def _could_enter(why: Mapping[str, Any]) -> bool:
    """Whether a cheaper price, and not only a gift, would bring a measure into the plan."""
    at = why["enters_at_npv"]
    return at is not None and 0 < at < why["price_npv"]
