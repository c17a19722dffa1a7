"""What the first page's templates ask: the answer, the scales, the slider's stops, what to buy, how sure it is."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from tenbin.model import Brand
from tenbin.reporting.chart_data import Change, CostKind
from tenbin.reporting.frontier_data import knee_gains
from tenbin.reporting.metric_words import metric_about
from tenbin.reporting.report.data import BuyRow, PlanView, ReportData
from tenbin.reporting.report.slider import place_of, ticks
from tenbin.reporting.report.svg import Drawing
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.sentences import MET, answer, at_most, certificate, percent, verdict

__all__ = ["NOTHING", "FirstPage"]

ON_PAPER = 10
"""So many rows of what to buy stand on the printed first page."""
NOTHING = 0.5
"""Amounts below this are nought: rounding, not money."""
WORTH_SAYING = 0.01


@dataclass(frozen=True)
class FirstPage:
    """The first page's texts and numbers in one language."""

    data: ReportData
    v: Voice
    brand: Brand | None = None

    on_paper = ON_PAPER

    @property
    def facts(self) -> list[str]:
        """What stands at the right of the head: for whom, by whom, which version, of when."""
        brand = self.brand or Brand()
        found = {"prepared_for": {"client": brand.client}, "prepared_by": {"who": brand.author}}
        found |= {"version_of": {"version": brand.version}, "made_on": {"date": brand.date or self.data.made}}
        return [self.v.say(key, **values) for key, values in found.items() if all(values.values())]

    @property
    def logo(self) -> str:
        """The logo's address: the picture itself."""
        if self.brand is None or self.brand.logo is None:
            return ""
        picture = self.brand.logo
        return f"data:{picture.media_type};base64,{base64.b64encode(picture.content).decode('ascii')}"

    @property
    def before_heading(self) -> str:
        """What is compared with: today, or nothing in place."""
        return self.v.chart("today" if self.data.has_today else "inherent")

    @property
    def _before(self) -> float:
        return self.data.today_value if self.data.has_today else self.data.inherent_value

    def path(self, view: PlanView, place: str) -> str:
        """Where a number of a plan stands in the run's documents."""
        return f"{view.path}/{place}" if view.path else place

    def num(self, view: PlanView, place: str, exact: bool = False) -> Markup:
        """An amount of a plan's document; ``place`` with dots."""
        value: Any = view.document
        for key in place.split("."):
            value = value[key]
        return self.v.number(float(value), self.path(view, place), exact)

    def metric_value(self, view: PlanView, exact: bool = False) -> Markup:
        """The headline metric of a plan."""
        plain = self.data.metric
        if plain in view.document["risk"]["residual"]:
            place = f"risk.{plain}" if view.path else f"risk.residual.{plain}"
            return self.v.number(view.value, self.path(view, place), exact)
        return self.v.number(view.value, self.path(view, "value") if view.path else "", exact)

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

    def misses(self, view: PlanView) -> str:
        """That another plan than the run's does not meet the run's target; "" where it does, or there is none."""
        limit = self.data.limit
        if limit is None or view.value <= limit * (1 + MET):
            return ""
        return self.v.say("misses", metric=self.v.metric(self.data.metric), limit=self.v.amount(limit))

    def both_sides(self, view: PlanView) -> str:
        """Cost and average loss together, before and after."""
        values = {"plan": self.v.amount(view.per_year + float(view.document["risk"]["residual"]["aal"]))}
        if self.data.has_today:
            values["today"] = self.v.amount(self.data.today_per_year + self.data.today_average)
            return self.v.say("both_sides", **values)
        return self.v.say("both_sides_inherent", **values, inherent=self.v.amount(self.data.today_average))

    @property
    def at_best(self) -> str:
        """What today's level of risk costs at best, where that is less than today costs by more than rounding."""
        best, now = self.data.at_best_per_year, self.data.today_per_year
        if best is None or not self.data.has_today or best > now * (1 - WORTH_SAYING):
            return ""
        values = {"now": self.v.amount(now), "best": self.v.amount(best), "share": percent(1 - best / now)}
        return self.v.say("at_best", **values)

    @property
    def frontier_note(self) -> str:
        """How to read the frontier, what the knee means in numbers, what the metric is."""
        texts = [self.v.say("frontier_note")]
        if any(view.has_range for view in self.data.views):
            texts.append(self.v.say("frontier_whiskers"))
        return self.v.joined([*texts, *self._knee(), self.v.metric_means(self.data.metric)])

    def _knee(self) -> Iterator[str]:
        """What a round sum takes off on the average before the knee, and after it."""
        gains = knee_gains([(view.per_year, view.value) for view in self.data.views], self.data.knee)
        if gains is not None:
            told = {"unit": gains.unit, "before": gains.before, "after": gains.after}
            yield self.v.say("knee_words", **{name: self.v.amount(amount) for name, amount in told.items()})

    def today_cost(self, key: str, exact: bool) -> Markup:
        """An amount of what is in place."""
        own = self.data.views[self.data.own]
        value = float(own.document["current"]["cost"][key])
        return self.v.number(value, "" if own.path else f"current.cost.{key}", exact)

    def today_metric(self, exact: bool) -> Markup:
        """The headline metric of what is in place."""
        own = self.data.views[self.data.own]
        known = not own.path and self.data.metric in own.document["current"]["risk"]
        return self.v.number(self.data.today_value, f"current.risk.{self.data.metric}" if known else "", exact)

    def certainty(self, view: PlanView) -> str:
        """The certificate in a word."""
        found = view.document["certificate"]
        if found is None:
            return self.v.say("kind_none")
        return self.v.say(f"kind_{found['kind']}", **({"gap": at_most(found["gap"])} if found["kind"] == "gap" else {}))

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

    @property
    def ticks(self) -> Markup:
        """The marks below the slider."""
        costs = [view.per_year for view in self.data.views]
        last = len(costs) - 1
        marks = [
            (number / last, self.v.listed(self._marks(number)))
            for number in dict.fromkeys((self.data.own, self.data.knee))
            if number is not None
        ]
        if self.data.has_today:
            marks.append((place_of(self.data.today_per_year, costs), self.v.chart("today")))
        return ticks(marks)

    def marks(self, view: PlanView) -> str:
        """What is special about a plan."""
        return self.v.listed(self._marks(self.data.views.index(view)))

    def _marks(self, number: int) -> list[str]:
        places = {"mark_own": self.data.own, "mark_knee": self.data.knee, "mark_least": self.data.least_total}
        return [self.v.say(key) for key, place in places.items() if place == number]

    def sure(self, view: PlanView) -> list[str]:
        """One sentence on the sample, one on the certificate, one on the guess that matters most."""
        texts = [self.v.joined(self._sampled(view)), self.certificate(view) or self.v.say("no_certificate")]
        total = float(view.scenario_losses.sum())
        if total > 0:
            worst = int(np.argmax(view.scenario_losses))
            scenario = self.v.title(self.data.scenarios[worst].label)
            share = self.v.share(float(view.scenario_losses[worst]) / total)
            texts.append(self.v.say("sure_guess", scenario=scenario, share=share))
        return [*texts, *(str(text) for text in view.document.get("warnings", ()))]

    def _sampled(self, view: PlanView) -> Iterator[str]:
        """On how many years the figures rest, and what the plan does on others."""
        years = f"{self.data.n_trials:,}"
        if self.data.n_worlds > 1:
            yield self.v.say("sure_worlds", worlds=self.data.n_worlds)
        if view.outside is None:
            yield self.v.say("sure_sample_plain", years=years)
            return
        if not view.has_range:  # an average loss needs no sample
            yield self.v.say("sure_exact", metric=self.v.heading(self.data.metric))
            return
        value, low, high = view.outside
        told = {"value": self.v.amount(value), "low": self.v.amount(low), "high": self.v.amount(high)}
        others = f"{self.data.n_outside:,}"
        yield self.v.say("sure_sample", years=years, others=others, metric=self.v.metric(self.data.metric), **told)
        if view.value < low:
            yield self.v.say("sure_kinder")
        limit = view.outside_limit
        if limit is not None:
            yield self.v.say(f"sure_{verdict(value, low, limit)}", limit=self.v.amount(limit))

    # what to buy

    def bought(self, view: PlanView) -> list[BuyRow]:
        """What changes: measures added, raised, lowered and given up, what has to be bought for them, what is paid in."""
        return [row for row in view.rows if _changes(row)]

    def kept(self, view: PlanView) -> list[BuyRow]:
        """What stays as it is."""
        return [row for row in view.rows if not _changes(row)]

    def counts(self, view: PlanView) -> str:
        """How many measures are added, raised, kept and given up."""
        rows = [row.change for row in view.rows if row.kind is CostKind.MEASURE]
        counts = {name: rows.count(Change(name)) for name in ("add", "raise", "lower", "keep", "drop")}
        return self.v.listed(self.v.say(f"count_{name}", n=n) for name, n in counts.items() if n)

    def change_word(self, row: BuyRow) -> str:
        """Add, raise, lower, keep, give up."""
        return self.v.say(f"to_{row.change.value}") if row.change else self.v.chart(row.kind.value)

    def row_title(self, row: BuyRow) -> str:
        """A row's name; "" where it has none but its id."""
        title = self.v.title(row.label)
        return "" if title == row.label.id else title

    def level(self, row: BuyRow) -> str:
        """A level's name; the framework's own in words."""
        return self.v.level(row.level)

    def row_line(self, row: BuyRow) -> str:
        """Layer, level and change in a line."""
        if row.layer is None:
            return self.change_word(row)
        return self.v.say("row_line", layer=row.layer, level=self.level(row), change=self.change_word(row))

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

    def first_of(self, rows: Sequence[BuyRow]) -> str:
        """What rows cost in the first year."""
        return self.v.amount(sum(row.once + row.yearly for row in rows))

    def yearly_of(self, rows: Sequence[BuyRow]) -> str:
        """What rows cost each year."""
        return self.v.amount(sum(row.yearly for row in rows))

    def takes_of(self, rows: Sequence[BuyRow]) -> str:
        """What rows take off the headline metric."""
        return self._signed_off(sum(row.takes or 0.0 for row in rows))

    def takes_words(self, row: BuyRow) -> str:
        """What a measure takes off the headline metric: negative amounts are turned round, additions get a plus."""
        return self._signed_off(row.takes or 0.0)

    def _signed_off(self, change: float) -> str:
        if abs(change) < NOTHING:
            return "—"
        return self.v.amount(-change) if change < 0 else f"+{self.v.amount(change)}"

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
        return self._signed_off(view.value - self._before)

    @property
    def takes_note(self) -> str:
        """What "takes away" means."""
        before = self.v.say("before_today" if self.data.has_today else "before_inherent")
        return self.v.say("takes_note", metric=self.v.metric(self.data.metric), before=before)


def _changes(row: BuyRow) -> bool:
    if row.kind is CostKind.MEASURE:
        return row.change is not Change.KEEP
    return abs(row.once) >= NOTHING
