"""What the templates ask: texts, numbers with their places, small drawings within tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from markupsafe import Markup

from tenbin.reporting.chart_data import Change, CostKind, Label
from tenbin.reporting.metric_words import metric_about
from tenbin.reporting.report.data import BuyRow, PlanView, ReportData, StandardRow
from tenbin.reporting.report.entered import Entered, entered_tables
from tenbin.reporting.report.heatmap import HeatSide, heat_sides, heat_unit
from tenbin.reporting.report.ordering import in_order
from tenbin.reporting.report.svg import Drawing
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.sentences import answer, certificate, metric_title, percent

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
    "assumptions",
    "certificate",
    "changes",
    "appendix",
)
"""After page one, in this order."""
UNCHANGED = ("assumptions",)
SLOTS = ("answer", "scales", "frontier", "buy", "sure", *(key for key in SECTIONS if key not in UNCHANGED))
"""What belongs to one plan and is exchanged by the slider."""
WIDE = ("first", "by_layer", "heat", "standards", "chain", "assumptions", "certificate", "changes", "appendix")
ON_PAPER = 10
"""So many rows of what to buy stand on the printed first page."""
MOST_SCENARIOS = 3
CHANCES = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001)
NOTHING = 0.5
"""Amounts below this are nought: rounding, not money."""


@dataclass(frozen=True)
class Page:
    """The report's texts and numbers in one language."""

    data: ReportData
    v: Voice

    sections = SECTIONS
    slots = SLOTS
    wide = WIDE
    on_paper = ON_PAPER

    @property
    def facts(self) -> list[str]:
        """What stands at the right of the head."""
        return [self.v.say("made_on", date=self.data.made)] if self.data.made else []

    @property
    def _before(self) -> float:
        return self.data.today_value if self.data.has_today else self.data.inherent_value

    def path(self, view: PlanView, place: str) -> str:
        """Where a number of a plan stands in the run's documents."""
        return f"{view.path}/{place}" if view.path else place

    def num(self, view: PlanView, place: str) -> Markup:
        """An amount of a plan's document; ``place`` with dots."""
        value: Any = view.document
        for key in place.split("."):
            value = value[key]
        return self.v.number(float(value), self.path(view, place))

    def metric_value(self, view: PlanView) -> Markup:
        """The headline metric of a plan."""
        plain = self.data.metric
        if plain in view.document["risk"]["residual"]:
            place = f"risk.{plain}" if view.path else f"risk.residual.{plain}"
            return self.v.number(view.value, self.path(view, place))
        return self.v.number(view.value, self.path(view, "value") if view.path else "")

    @property
    def loss_heading(self) -> str:
        """The headline metric and what it means."""
        about = metric_about(self.data.metric.rpartition(":")[2], self.v.lang)
        return self.v.say("loss_side", metric=self.v.heading(self.data.metric), about=about)

    # the answer

    def sentence(self, view: PlanView) -> str:
        """The answer in a sentence."""
        return answer(view.document, self.v.lang)

    def certificate(self, view: PlanView) -> str:
        """What is known of better plans."""
        return certificate(view.document, self.v.lang)

    def certainty(self, view: PlanView) -> str:
        """The certificate in a word."""
        found = view.document["certificate"]
        if found is None:
            return self.v.say("kind_none")
        return self.v.say(f"kind_{found['kind']}", **({"gap": percent(found["gap"])} if found["kind"] == "gap" else {}))

    def year_one(self, view: PlanView) -> str:
        """The first year, and how much of it is paid out."""
        cost = view.document["cost"]
        first, cash = self.v.amount(cost["first_year"]), self.v.amount(cost["first_year_cash"])
        if self.v.amount(cost["first_year_cash"] - cost["subsidy"]) == first:
            return self.v.say("year_one_cash", amount=first)
        return self.v.say("year_one", amount=first, cash=cash)

    def stop(self, view: PlanView) -> str:
        """A stop of the slider in words."""
        number = self.data.views.index(view)
        text = self.v.say(
            "stop",
            n=number + 1,
            count=len(self.data.views),
            cost=self.v.amount(view.per_year),
            first=self.v.amount(view.document["cost"]["first_year"]),
            metric=self.v.metric(self.data.metric),
            value=self.v.amount(view.value),
        )
        marks = self._marks(number)
        return self.v.with_remark(text, self.v.listed(marks)) if marks else text

    def marks(self, view: PlanView) -> str:
        """What is special about a plan, in brackets."""
        marks = self._marks(self.data.views.index(view))
        return self.v.with_remark("", self.v.listed(marks)) if marks else ""

    def _marks(self, number: int) -> list[str]:
        places = {"mark_own": self.data.own, "mark_knee": self.data.knee, "mark_least": self.data.least_total}
        return [self.v.say(key) for key, place in places.items() if place == number]

    def sure(self, view: PlanView) -> list[str]:
        """One sentence on the sample, one on the certificate, one on the guess that matters most."""
        years = f"{self.data.n_trials:,}"
        if view.outside is None:
            texts = [self.v.say("sure_sample_plain", years=years)]
        else:
            value, low, high = (self.v.amount(amount) for amount in view.outside)
            metric = self.v.metric(self.data.metric)
            texts = [self.v.say("sure_sample", years=years, metric=metric, value=value, low=low, high=high)]
        texts.append(self.certificate(view) or self.v.say("no_certificate"))
        total = float(view.scenario_losses.sum())
        if total > 0:
            worst = int(np.argmax(view.scenario_losses))
            scenario = self.v.title(self.data.scenarios[worst].label)
            share = self.v.share(float(view.scenario_losses[worst]) / total)
            texts.append(self.v.say("sure_guess", scenario=scenario, share=share))
        return texts

    # what to buy

    def counts(self, view: PlanView) -> str:
        """How many measures are added, raised, kept and given up."""
        rows = [row.change for row in view.rows if row.kind is CostKind.MEASURE]
        counts = {name: rows.count(Change(name)) for name in ("add", "raise", "keep", "drop")}
        counts["raise"] += rows.count(Change.LOWER)
        return self.v.say("buy_counts", **counts)

    def change_word(self, row: BuyRow) -> str:
        """Add, raise, lower, keep, give up."""
        return self.v.say(f"to_{row.change.value}") if row.change else self.v.chart(row.kind.value)

    def row_title(self, row: BuyRow) -> str:
        """A row's name; what is shared or paid in is called so."""
        title = self.v.title(row.label)
        return "" if row.kind is not CostKind.MEASURE and title == row.label.id else title

    def row_line(self, row: BuyRow) -> str:
        """Layer, level and change in a line."""
        if row.layer is None:
            return self.change_word(row)
        return self.v.say("row_line", layer=row.layer, level=row.level, change=self.change_word(row))

    def row_first(self, row: BuyRow) -> str:
        """What a row costs in the first year."""
        return self._cell(row.once + row.yearly, row)

    def row_yearly(self, row: BuyRow) -> str:
        """What a row costs each year; what giving it up saves."""
        return self._cell(row.yearly, row)

    def _cell(self, amount: float, row: BuyRow) -> str:
        if row.change is Change.DROP:
            return f"({self.v.amount(-row.saved)})" if row.saved >= NOTHING else "—"
        return self.v.amount(amount) if abs(amount) >= NOTHING else "—"

    def yearly_total(self, view: PlanView) -> str:
        """The sum of the rows' yearly costs."""
        return self.v.amount(sum(row.yearly for row in view.rows))

    def takes_words(self, row: BuyRow) -> str:
        """What a measure takes off the headline metric: negative amounts are turned round, additions get a plus."""
        if row.takes is None or abs(row.takes) < NOTHING:
            return "—"
        return self.v.amount(-row.takes) if row.takes < 0 else f"+{self.v.amount(row.takes)}"

    def takes_bar(self, view: PlanView, row: BuyRow) -> Markup | str:
        """The same with a bar."""
        if row.takes is None or abs(row.takes) < NOTHING:
            return "—"
        most = max(abs(one.takes or 0.0) for one in view.rows)
        drawing = Drawing(64, 10, "", "bar")
        drawing.rect(0, 1, 64 * abs(row.takes) / most, 8, "fill-saved" if row.takes < 0 else "fill-inherent")
        drawing.root.set("aria-hidden", "true")
        return Markup('<span class="pairing">{}<span>{}</span></span>').format(drawing.markup(), self.takes_words(row))

    def takes_total(self, view: PlanView) -> str:
        """What the plan takes off the headline metric."""
        change = view.value - self._before
        return "—" if abs(change) < NOTHING else self.v.amount(-change) if change < 0 else f"+{self.v.amount(change)}"

    @property
    def takes_note(self) -> str:
        """What "takes away" means."""
        before = self.v.say("before_today" if self.data.has_today else "before_inherent")
        return self.v.say("takes_note", metric=self.v.metric(self.data.metric), before=before)

    # what to do first, and why

    def first_rows(self, view: PlanView) -> list[BuyRow]:
        """What is added or raised, in the order to begin with."""
        annuity = sum((1 + self.data.discount_rate) ** -year for year in range(self.data.horizon_years))
        return in_order(view.rows, self.data.requires, annuity)

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
        shown = [self.v.title(self.data.scenarios[n].label) for n in acts[:MOST_SCENARIOS]]
        more = self.v.say("why_more", n=len(acts) - MOST_SCENARIOS) if len(acts) > MOST_SCENARIOS else ""
        return self.v.say("why_acts", scenarios=self.v.listed(shown) + more)

    # pictures as tables

    def curve_rows(self, view: PlanView) -> Iterator[list[str]]:
        """Losses that are exceeded in so many years, by curve."""
        curves = [self.data.curve_inherent, *([self.data.curve_today] if self.data.has_today else []), view.curve]
        for chance in CHANCES:
            losses = [self.v.amount(float(one.loss[int(np.argmax(one.chance <= chance))])) for one in curves]
            yield [self.v.chart("once_in", years=f"{1 / chance:,.0f}"), *losses]

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

    def layer_scenarios(self, view: PlanView, layer: Any) -> Iterator[str]:
        """A layer's scenarios with what they cost before and after."""
        for n, scenario in enumerate(self.data.scenarios):
            if str(scenario.layer) == layer.label.id:
                before = scenario.today if self.data.has_today else scenario.inherent
                amounts = f"{self.v.amount(before)} → {self.v.amount(float(view.scenario_losses[n]))}"
                yield self.v.with_remark(self.v.title(scenario.label), amounts)

    def layer_measures(self, view: PlanView, layer: Any) -> Iterator[str]:
        """A layer's measures in the plan, with the risk that each answers."""
        for row in sorted(self.rows_of_layer(view, layer.label), key=lambda row: row.label.id):
            if row.change is not Change.DROP:
                risk = self.measure_text(row, "risk")
                title = f"{row.label.id} {self.v.title(row.label)}"
                yield self.v.joined([f"{title}{self.v.say('colon')}", risk]) if risk else title

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
