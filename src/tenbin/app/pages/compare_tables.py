"""The tables of a comparison: costs and risks, what the question demands, the measures, the curves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nicegui import ui

from tenbin.app.comparing import COSTS, DAYS, Check, Line, Side, lines_of
from tenbin.app.comparing_figures import two_costs, two_curves
from tenbin.app.comparing_words import difference, share_words
from tenbin.app.pages.frame import heading, text
from tenbin.reporting.chart_data import CostRow
from tenbin.reporting.metric_words import metric_parts
from tenbin.reporting.report.data import CONFIDENCES
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.sentences import metric_title
from tenbin.studies.demand_words import demand_words
from tenbin.words import speaker

__all__ = ["Tables", "figure", "region"]

say, of_runs, of_report = speaker("app_pages"), speaker("runs"), speaker("report")

WHERE = ("left", "right", "level", "both")


def figure(markup: str) -> None:
    """A drawing of the report's: its texts were escaped where it was made."""
    ui.html(markup, sanitize=False)


@contextmanager
def region(label: str) -> Iterator[None]:
    """A part that may be wider than the page: it is scrolled by itself, by keyboard too."""
    place = ui.element("div").classes("sheet region").props("tabindex=0 role=region")
    place.props["aria-label"] = label
    with place:
        yield


class Tables:
    """Everything below the sentence; drawn anew for two other plans."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.place = ui.element("div").classes("compare-tables")

    def clear(self) -> None:
        """Show nothing."""
        self.place.clear()

    def draw(self, left: Side, right: Side) -> None:
        """Show two plans."""
        self._case = left.risk.case
        self._voice = Voice(self.lang, self._case.currency)
        self.place.clear()
        with self.place:
            with ui.element("div").classes("compare-two"):
                with ui.element("section"):
                    heading(say("compare_numbers", self.lang), 2)
                    self._numbers(left, right)
                with ui.element("section"):
                    heading(say("compare_drawn", self.lang), 2)
                    self._drawn(left, right)
            with ui.element("section"):
                heading(say("compare_measures", self.lang), 2)
                self._measures(lines_of(left, right))

    # numbers

    def _numbers(self, left: Side, right: Side) -> None:
        with region(say("compare_numbers", self.lang)), ui.element("table").classes("compare-numbers"):
            self._head()
            with ui.element("tbody"):
                self._group("group_costs")
                for name in COSTS:
                    self._amounts(of_runs(f"cost_{name}", self.lang), f"cost.{name}", left.costs[name], right.costs[name])
                for name in DAYS:
                    self._days(of_runs(name, self.lang), f"cost.{name}", left.costs[name], right.costs[name])
            with ui.element("tbody"):
                self._group("group_risks")
                for name in left.metrics:
                    self._amounts(metric_title(name, self.lang), f"risk.{name}", left.metrics[name], right.metrics[name])
                both = [side.costs["per_year"] + side.metrics["aal"] for side in (left, right)]
                self._amounts(say("row_total", self.lang), "total", both[0], both[1])
                self._reserve(left, right)
            if left.checks and len(left.checks) == len(right.checks):
                with ui.element("tbody"):
                    self._group("group_checks")
                    for ours, theirs in zip(left.checks, right.checks, strict=True):
                        self._check(ours, theirs)
            if left.standards:
                with ui.element("tbody"):
                    self._group("group_standards")
                    for (label, n, total), (_, m, _) in zip(left.standards, right.standards, strict=True):
                        self._counts(self._voice.title(label), f"standards.{label.id}", n, m, total)

    def _head(self) -> None:
        with ui.element("thead"), ui.element("tr"):
            text("", "td")
            for letter in "AB":
                text(say("compare_plan", self.lang, letter=letter), "th", "r").props("scope=col")
            text(say("compare_difference", self.lang), "th", "r").props("scope=col")

    def _group(self, key: str) -> None:
        with ui.element("tr").classes("compare-group"):
            text(say(key, self.lang), "th").props("scope=rowgroup colspan=4")

    def _row(self, name: str, change: str, draw: Callable[[int], None]) -> None:
        with ui.element("tr"):
            text(name[:1].upper() + name[1:], "th").props("scope=row")
            for n in (0, 1):
                with ui.element("td").classes("r"):
                    draw(n)
            text(change, "td", "r")

    def _number(self, words: str, path: str, n: int, value: float) -> None:
        number = text(words, "data", "n")
        number.props["value"], number.props["data-path"] = repr(float(value)), f"{('left', 'right')[n]}.{path}"
        number.props["title"] = self._voice.exact(value) if not path.startswith(("standards", "over", "cost.days")) else words

    def _amounts(self, name: str, path: str, left: float, right: float) -> None:
        values = (left, right)
        change = difference(left, right, self._voice.currency, self.lang)
        self._row(name, change, lambda n: self._number(self._voice.amount(values[n]), path, n, values[n]))

    def _days(self, name: str, path: str, left: float, right: float) -> None:
        values = (left, right)
        self._row(name, _signed(right - left), lambda n: self._number(f"{round(values[n], 1):,.10g}", path, n, values[n]))

    def _counts(self, name: str, path: str, left: int, right: int, total: int) -> None:
        values = (left, right)
        words = [say("count_of", self.lang, n=n, total=total) for n in values]
        self._row(name, _signed(right - left), lambda n: self._number(words[n], path, n, values[n]))

    def _reserve(self, left: Side, right: Side) -> None:
        reserve = left.risk.case.organisation.cash_reserve
        if left.over_reserve is None or right.over_reserve is None or reserve is None:
            return
        values = (left.over_reserve, right.over_reserve)
        name = say("row_reserve", self.lang, amount=self._voice.amount(reserve))
        change = 100 * (values[1] - values[0])
        points = say("points", self.lang, n=f"{'+' if change > 0 else '−'}{abs(change):.2g}")
        words = points if abs(change) >= 5e-4 else say("no_difference", self.lang)
        self._row(name, words, lambda n: self._number(share_words(values[n], self.lang), "over_reserve", n, values[n]))

    def _check(self, left: Check, right: Check) -> None:
        checks = (left, right)

        def said(value: float, kind: str) -> str:
            return self._voice.amount(value) if kind == "amount" else f"{value:,.10g}"

        name = f"check_{'least' if left.kind == 'count' else 'most'}"
        words = say(name, self.lang, target=demand_words(left.label, self._case, self.lang), limit=said(left.limit, left.kind))
        change = difference(left.value, right.value, self._voice.currency, self.lang)

        def draw(n: int) -> None:
            self._number(said(checks[n].value, checks[n].kind), f"check.{checks[n].label}", n, checks[n].value)
            is_met = checks[n].is_met
            text(
                say("check_met" if is_met else "check_missed", self.lang), "span", "compare-met" if is_met else "compare-missed"
            )

        self._row(words, change if left.kind == "amount" else _signed(right.value - left.value), draw)

    # drawings

    def _drawn(self, left: Side, right: Side) -> None:
        with ui.element("div").classes("sheet"):
            figure(str(two_costs(left, right, self._voice).markup()))
            figure(str(two_curves(left, right, self._voice).markup()))
        with ui.element("details").classes("compare-more"):
            text(say("compare_curves_table", self.lang), "summary")
            with region(say("compare_curves_table", self.lang)), ui.element("table"):
                with ui.element("thead"), ui.element("tr"):
                    text(say("compare_often", self.lang), "th").props("scope=col")
                    for letter in "AB":
                        text(say("compare_plan", self.lang, letter=letter), "th", "r").props("scope=col")
                    text(say("compare_difference", self.lang), "th", "r").props("scope=col")
                with ui.element("tbody"):
                    for n, confidence in enumerate(CONFIDENCES):
                        years = metric_parts(f"var{100 * confidence:g}")[1]
                        once = self._voice.chart("once_in", years=f"{1 / (1 - float(years or 0)):,.0f}")
                        self._amounts(once, f"losses.{n}", left.losses[n], right.losses[n])

    # measures

    def _measures(self, lines: list[Line]) -> None:
        for where in WHERE:
            here = [line for line in lines if line.where == where]
            words = say(f"only_{where}", self.lang, n=len(here))
            if here and where == "both":
                with ui.element("details").classes("compare-more"):
                    text(words, "summary")
                    self._lines(here, words)
            elif here:
                heading(words, 3)
                self._lines(here, words)
        if all(line.where == "both" for line in lines):
            text(say("only_none", self.lang), "p", "note")

    def _lines(self, lines: list[Line], words: str) -> None:
        with region(words), ui.element("table").classes("compare-lines"):
            with ui.element("thead"), ui.element("tr"):
                text(of_report("measure", self.lang), "th").props("scope=col")
                text(of_report("level", self.lang), "th").props("scope=col")
                for key in ("price_once", "price_yearly"):
                    text(say(key, self.lang), "th", "r").props("scope=col")
            with ui.element("tbody"):
                for line in lines:
                    self._line(line)

    def _line(self, line: Line) -> None:
        shown = [row for row in (line.left, line.right) if row is not None]
        if line.where == "both":
            shown = shown[:1]
        with ui.element("tr"):
            with ui.element("th").props("scope=row"):
                text(f"{line.label.id} ", "span", "id")
                title = self._voice.title(line.label)
                text(title if title != line.label.id else "", "span")
            kind = shown[0].kind.value
            levels = [self._voice.level(row.level) if row.level else self._voice.chart(kind) for row in shown]
            text(say("then", self.lang).join(dict.fromkeys(levels)), "td")
            for get in (_once, _yearly):
                amounts = [self._voice.amount(get(row)) if abs(get(row)) >= 0.5 else "—" for row in shown]
                text(say("then", self.lang).join(dict.fromkeys(amounts)), "td", "r")


def _once(row: CostRow) -> float:
    return row.capex


def _yearly(row: CostRow) -> float:
    return row.yearly


def _signed(change: float) -> str:
    return f"{'+' if change > 0 else '−'}{round(abs(change), 1):,.10g}" if abs(change) >= 0.05 else "±0"
