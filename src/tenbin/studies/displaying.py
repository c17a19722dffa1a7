"""What a notebook shows of a case, its years, a risk, an answer and a frontier, in the language that tenbin speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tenbin.model import Case, current_plan
from tenbin.reporting.frontier_words import certainty, frontier_sentences
from tenbin.reporting.metric_words import metric_parts
from tenbin.reporting.sentences import answer, certificate, metric_title
from tenbin.simulation import EventTable
from tenbin.studies.charting import cost_rows
from tenbin.studies.markup import card, curve, folded, line, table
from tenbin.units import format_amount, format_frequency
from tenbin.words import Titled, in_language, language, speaker

if TYPE_CHECKING:
    from tenbin.evaluation import Cost
    from tenbin.studies.evaluating import Risk, RiskView
    from tenbin.studies.frontiers import Frontier
    from tenbin.studies.results import Result

__all__ = ["case_html", "events_html", "frontier_html", "result_html", "risk_html"]

say, word = speaker("display"), speaker("commands")
MOST_SCENARIOS = 5
PART = ("aal", "var95", "tvar95")
"""Metrics that are shown of a part of a case."""


def case_html(case: Case) -> str:
    """A case: how large it is, the organisation, the scenarios that cost most."""
    lang = language()
    counts = {
        "scenarios": len(case.scenarios),
        "effects": len(case.effects),
        "measures": len(case.costs.measures),
        "rows": len(case.costs.rows),
        "in_place": len(current_plan(case)),
    }
    firm = case.organisation
    known = [say("case_people", lang, n=firm.employees)] if firm.employees is not None else []
    for key, amount in (("case_revenue", firm.annual_revenue), ("case_reserve", firm.cash_reserve)):
        known += [] if amount is None else [say(key, lang, amount=format_amount(amount, lang, case.currency))]
    lines = [say("case_counts", lang, **counts), word("comma", lang).join(known)]
    lines += [say("case_targets", lang, targets=case.targets)] if case.targets else []
    lines += [str(in_language(warning, lang)) for warning in case.warnings]
    return card(case.title(lang), *(line(text) for text in lines if text), _costliest(case, lang))


def _costliest(case: Case, lang: str) -> str:
    def amount(value: float) -> str:
        return format_amount(value, lang, case.currency)

    expected = {one.id: one.frequency.likely * one.severity.mean for one in case.scenarios}
    shown = sorted(case.scenarios, key=lambda one: (-expected[one.id], one.id))[:MOST_SCENARIOS]
    rows = []
    for one in shown:
        ends = [amount(one.severity.quantile(p)) for p in (0.05, 0.95)]
        between = ends[0] if ends[0] == ends[1] else say("between", lang, low=ends[0], high=ends[1])
        often = format_frequency(one.frequency.likely, lang)
        rows.append((one.id, one.title(lang), often, between, amount(expected[one.id])))
    heads = (say("scenario", lang), word("title", lang), *(say(key, lang) for key in ("how_often", "one_event", "loss_a_year")))
    caption = say("case_costliest", lang, shown=len(shown), all=len(case.scenarios))
    return table(heads, rows, texts=3, caption=caption)


def events_html(events: EventTable) -> str:
    """The years that were drawn: how many, in how many worlds, with how many events."""
    lang = language()
    drawn = say(
        "events_drawn",
        lang,
        years=events.n_trials,
        worlds=events.n_worlds,
        seed=events.seed,
        events=events.n_events,
    )
    return card(events.case.title(lang), line(drawn), line(say("events_next", lang)))


def risk_html(risk: RiskView) -> str:
    """A risk: each metric with its interval; of a whole case also what the plan costs and which rules it breaks."""
    from tenbin.studies.evaluating import Risk

    lang, case = language(), risk.case
    rows = []
    for name in risk.metrics() if isinstance(risk, Risk) else PART:
        if not isinstance(risk, Risk) and not _has_tail(name, risk.evaluator.n_trials):
            continue
        found = risk.estimate(name)
        ends = [format_amount(value, lang, case.currency) for value in (found.low, found.high)]
        value = format_amount(found.value, lang, case.currency)
        rows.append((metric_title(name, lang), value, say("between", lang, low=ends[0], high=ends[1])))
    heads = [say(key, lang) for key in ("metric", "figure", "interval")]
    parts = [table(heads, rows)]
    title, n = case.title(lang), len(risk.plan)
    if not isinstance(risk, Risk):
        counts = {"scenarios": sum(risk.flags), "all": len(risk.flags)}
        return card(say("risk_of_part", lang, title=title, n=n, **counts), *parts)
    parts.append(line(_costs(risk.cost, case, lang)))
    if risk.violations:
        parts.append(line(say("breaks", lang, rules=[str(in_language(rule, lang)) for rule in risk.violations])))
    return card(say("risk_of", lang, title=title, n=n), *parts)


def _has_tail(name: str, n_trials: int) -> bool:
    """Whether a year lies in a metric's tail."""
    kind, confidence = metric_parts(name)
    return kind != "tvar" or confidence is None or (1 - confidence) * n_trials >= 1


def _costs(cost: Cost, case: Case, lang: str) -> str:
    amounts = {name: format_amount(getattr(cost, name), lang, case.currency) for name in ("per_year", "first_year")}
    return say("costs", lang, **amounts, days=f"{round(cost.days_first_year, 1):,.10g}")


def result_html(result: Result) -> str:
    """An answer: the sentence with its certificate, risk and cost today and under the plan, the plan itself."""
    lang, case = language(), result.case
    document = result.to_dict(how_sure=False)
    title = case.title(lang)
    if result.risk is None:
        parts = [line(_without_plan(result, lang))]
        if result.reachable:
            reach = [f"{name} {format_amount(value, lang, case.currency)}" for name, value in result.reachable.items()]
            parts.append(line(say("within_reach", lang, values=reach)))
        return card(title, *parts)
    sentence = f"{answer(document, lang)}{word('space', lang)}{certificate(document, lang)}"
    warnings = [line(str(in_language(warning, lang))) for warning in result.warnings]
    columns: dict[str, Risk] = {word("inherent", lang): result.inherent}
    if current_plan(case):
        columns[word("today", lang)] = result.current
    columns[word("after", lang)] = result.risk
    heading = say("measures_shown", lang, n=len(result.plan))
    parts = [line(sentence), *warnings, _side_by_side(columns, case, lang), folded(heading, _plan(result, lang))]
    return card(title, *parts, line(word("tax", lang)))


def _without_plan(result: Result, lang: str) -> str:
    if result.status == "interrupted":
        return word("interrupted_empty", lang)
    return word("infeasible" if result.status == "infeasible" else "failed", lang)


def _side_by_side(columns: Mapping[str, Risk], case: Case, lang: str) -> str:
    """Every metric, and what the plans cost a year, in one column for each risk."""

    def row(name: str, values: Sequence[float]) -> tuple[str, ...]:
        return (name, *(format_amount(value, lang, case.currency) for value in values))

    found = [risk.metrics() for risk in columns.values()]
    rows = [row(metric_title(name, lang), [one[name] for one in found]) for name in found[0]]
    for name in ("per_year", "first_year"):
        rows.append(row(word(f"cost_{name}", lang), [getattr(risk.cost, name) for risk in columns.values()]))
    return table(("", *columns), rows)


def _plan(result: Result, lang: str) -> str:
    """The rows of a plan: what is new first, then what stays, what is dropped, and what is shared."""
    kinds: list[str] = [kind for kind in ("add", "raise", "lower", "keep", "drop") if kind in result.change]
    change = {entry["measure"]: kind for kind in kinds for entry in result.change[kind]}
    rows = []
    for row in cost_rows(result.case, result.plan, change):
        label = Titled("", row.label.title_ja, row.label.title_en).within(lang)
        kind = row.change.value if row.change else ""
        place = kinds.index(kind) if kind else len(kinds)
        amounts = [format_amount(value, lang, result.case.currency) for value in (row.capex + row.yearly, row.yearly)]
        shown = (row.label.id, label, row.level, word(kind, lang) if kind else word(row.kind.value, lang), *amounts)
        rows.append((place, row.kind.value, shown))
    heads = [word(key, lang) for key in ("measure", "title", "level", "change", "year_1", "later_years")]
    return table(heads, [shown for *_, shown in sorted(rows, key=lambda row: row[0])], texts=4)


def frontier_html(front: Frontier) -> str:
    """A frontier: its curve, what it says in sentences, its plans."""
    lang, case = language(), front.case
    title = case.title(lang)
    if not front.points:
        return card(title, line(say("not_drawn", lang)))
    scope, _, plain = front.metric.rpartition(":")
    metric = f"{scope}: {metric_title(plain, lang)}" if scope else metric_title(plain, lang)
    dots = [(point.cost.per_year, point.value) for point in front.points]
    rows = []
    for n, point in enumerate(front.points):
        marks = [word(f"mark_{name}", lang) for name in ("knee", "least_total") if getattr(front, name) == n]
        amounts = (point.value, point.cost.per_year, point.cost.first_year_cash, point.risk["aal"])
        shown = [format_amount(value, lang, case.currency) for value in amounts]
        sure = certainty(point.certificate.to_dict(), front.by, lang)
        rows.append((str(n + 1), word("comma", lang).join(marks), sure, *shown))
    heads = [word("number", lang), word("mark", lang), word("certainty", lang), metric]
    heads += [word(key, lang) for key in ("cost_a_year", "first_cash", "average_loss")]
    cross = front.today_cost.per_year, front.today_value
    right, top = (format_amount(max(one[axis] for one in (*dots, cross)), lang, case.currency) for axis in (0, 1))
    drawing = curve(dots, cross, (right, top), say("curve", lang))
    sentences = [line(text) for text in frontier_sentences(front.to_dict(), lang)]
    plans = folded(say("plans_shown", lang, n=len(rows)), table(heads, rows, texts=3))
    return card(title, line(metric), drawing, line(say("curve", lang)), *sentences, plans, line(word("tax", lang)))
