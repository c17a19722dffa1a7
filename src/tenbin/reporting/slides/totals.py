"""The slides of totals: the answer, the frontier, the curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tenbin.reporting import palette
from tenbin.reporting.curve_points import CurvePoints
from tenbin.reporting.report.voice import Voice
from tenbin.reporting.slides.charts import Axis, Bar, Series, bar_chart, xy_chart
from tenbin.reporting.slides.telling import Telling
from tenbin.reporting.slides.texts import SOFT
from tenbin.reporting.slides.units import Unit

__all__ = ["answer", "curve", "frontier"]

POINT = 12_700
BARS = 14
"""Points of the type beside the answer's bars."""
LOG_FROM = 8
"""The cost axis is logarithmic where the dearest plan costs so many times the cheapest."""
LEAST_CHANCE = 1e-4
DECADES = 3
"""So many powers of ten of losses are drawn: smaller ones would take up half of the picture."""
BESIDE = 3e-3
"""The chance at which a curve is named, and where a target stands there."""
BESIDE_TARGET = 2e-4
PERCENT = "[>=0.01]0%;[>=0.001]0.0%;0.00%"
NAMED_AT = 0.8
"""So far along it a level line is named."""
LEFT_BELOW = (-0.05, 0.01)
"""Beside a point of a falling curve, where nothing else is."""


def answer(t: Telling) -> None:
    """1: the sentence; cost and loss on one scale."""
    data, view, deck = t.data, t.view, t.deck
    deck.begin(t.page.sentence(view))
    largest = max(t.before, view.value, data.limit or 0, view.per_year, data.today_per_year)
    unit = t.unit(largest)
    shares = (0.4, 0.58)
    plan_word = t.v.say("this_plan")
    costs = [_bar(t.v, unit, t.v.chart("today"), data.today_per_year, palette.TODAY)] if data.has_today else []
    costs.append(_bar(t.v, unit, plan_word, view.per_year, palette.COST))
    losses = [_bar(t.v, unit, t.before_words, t.before, palette.TODAY if data.has_today else palette.INHERENT)]
    losses.append(_bar(t.v, unit, t.v.chart("after"), view.value, palette.RESIDUAL))
    if data.limit is not None:
        losses.append(_bar(t.v, unit, t.say("target"), data.limit, palette.TARGET, True))
    names = 0.12  # of the slide's width: then the bars of both charts begin at a known place, and share one scale
    room = 1 - min(0.5, 0.65 * BARS * (len(t.v.amount(largest)) + 1) * POINT / ((shares[1] - names) * deck.inside.w))
    longest = max(largest / unit.size / room / (shares[1] - names), 1e-9)  # the longest bar leaves its number room
    for left, share, heading, bars, series in (
        (0.0, shares[0], t.v.say("cost_side"), costs, t.v.say("cost_side")),
        (0.42, shares[1], t.page.loss_heading, losses, t.v.heading(data.metric)),
    ):
        box = deck.inside.cut(left, 0.02, share, 0.66)
        deck.text(heading, box.cut(0, 0, 1, 0.14), largest=15, bold=True, colour=deck.accent)
        area = box.cut(0, 0.14, 1, 0.28 * len(bars))
        high = longest * (share - names)
        frame = bar_chart(deck.slide, area, t.lang, series, bars, size=BARS, high=high, names_wide=names / share)
        deck.describe(frame, "; ".join(f"{bar.name} {t.v.amount(bar.value * unit.size)}" for bar in bars))
    foot = deck.inside.cut(0, 0.71, 1, 0.29)
    texts = [t.page.year_one(view), t.page.certificate(view), t.say("one_scale")]
    deck.lists_of([(t.say("besides"), [text for text in texts if text], foot)])
    cost = view.document["cost"]
    pairs = [(t.place("cost.per_year"), view.per_year), (t.place("cost.first_year"), cost["first_year"])]
    pairs += [("current.cost.per_year", data.today_per_year), (f"{data.metric} ({t.before_words})", t.before)]
    pairs += [(f"{data.metric} ({plan_word})", view.value)]
    deck.end(
        t.source(*pairs, *([(f"limit {data.metric}", data.limit)] if data.limit is not None else [])), t.page.sentence(view)
    )


def _bar(v: Voice, unit: Unit, name: str, amount: float, colour: str, is_limit: bool = False) -> Bar:
    value = amount / unit.size
    return Bar(name, value, unit.form(value, v.amount(amount)), colour, is_limit)


def frontier(t: Telling) -> None:
    """2: what each level of risk costs at best."""
    data, view, deck, v = t.data, t.view, t.deck, t.v
    points = [(one.per_year, one.value) for one in data.views]
    has_frontier = len(points) > 1
    title = t.say("no_frontier")
    if has_frontier:
        ends = {"from": v.amount(points[0][0]), "to": v.amount(points[-1][0])}
        ends |= {"before": v.amount(points[0][1]), "after": v.amount(points[-1][1])}
        title = v.chart("frontier_lead", metric=v.metric(data.metric), **ends)
    deck.begin(title)
    marks = [(view.per_year, view.value), *([(data.today_per_year, data.today_value)] if data.has_today else [])]
    x_unit = t.unit(max(x for x, _ in (*points, *marks)))
    y_unit = t.unit(max(y for _, y in (*points, *marks)))
    costs = [x / x_unit.size for x, _ in (*points, *marks) if x > 0]
    is_log = len(costs) > 1 and min(x for x, _ in (*points, *marks)) > 0 and max(costs) / min(costs) >= LOG_FROM
    low, high = (_decade(min(costs)), _round(max(costs))) if is_log else (0.0, _round(max(costs)) if costs else None)
    series = _marked(t, points if has_frontier else [], (x_unit, y_unit), (low, high if high is not None else 1.0))
    across = Axis(t.axis(v.say("cost_axis_log" if is_log else "cost_axis"), x_unit), x_unit.axis, low, high, is_log)
    up = Axis(t.axis(v.heading(data.metric), y_unit), y_unit.axis, 0.0)
    frame = xy_chart(deck.slide, deck.inside.cut(0, 0.0, 1, 0.87), t.lang, across, up, series, 12)
    deck.describe(frame, title)
    note = v.say("frontier_note") if has_frontier else t.say("not_traced")
    deck.text(note, deck.inside.cut(0, 0.88, 1, 0.12), largest=11, colour=SOFT)
    pairs = [
        (f"{one.path or 'result.json'}: {name} [{n}]", value)
        for n, one in enumerate(data.views, start=1)
        for name, value in (("cost.per_year", one.per_year), (data.metric, one.value))
    ]
    deck.end(t.source(*pairs), v.metric_means(data.metric))


def _marked(
    t: Telling, points: Sequence[tuple[float, float]], units: tuple[Unit, Unit], ends: tuple[float, float]
) -> list[Series]:
    """The frontier, and on it the knee, today, this plan and the target."""
    data, view, v = t.data, t.view, t.v

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return point[0] / units[0].size, point[1] / units[1].size

    def name(key: str) -> str:
        words = v.say(key)
        return words[:1].upper() + words[1:]

    series = []
    if points:
        series.append(Series(t.say("all_plans"), [at(point) for point in points], palette.RESIDUAL, 1.5, 6, label=""))
    if data.knee is not None and data.knee != data.own:
        series.append(Series(name("mark_knee"), [at(points[data.knee])], palette.SAVED, 0, 11, label="b", shift=LEFT_BELOW))
    if data.has_today:
        series.append(Series(v.chart("today"), [at((data.today_per_year, data.today_value))], palette.TODAY, 0, 11))
    own = v.listed([name("this_plan"), *([v.say("mark_knee")] if data.knee == data.own else [])])
    series.append(Series(own, [at((view.per_year, view.value))], palette.COST, 0, 13, label="b", shift=LEFT_BELOW))
    if data.limit is not None:
        limit = data.limit / units[1].size
        words = v.chart("target", limit=v.amount(data.limit))
        beside = ends[0] * (ends[1] / ends[0]) ** NAMED_AT if ends[0] > 0 else NAMED_AT * ends[1]
        line = [(ends[0], limit), (beside, limit), (ends[1], limit)]
        series.append(Series(words, line, palette.TARGET, 1.25, 0, True, "t", 1))
    return series


def curve(t: Telling) -> None:
    """4: how bad a year can get."""
    data, view, deck, v = t.data, t.view, t.deck, t.v
    values = {"before": v.amount(t.before), "after": v.amount(view.value), "change": v.change(t.before, view.value)}
    lead = v.chart("metric_changes", metric=v.heading(data.metric), **values)
    deck.begin(lead)
    before = data.curve_today if data.has_today else data.curve_inherent
    curves = [(t.before_words, before, palette.TODAY if data.has_today else palette.INHERENT)]
    curves.append((v.chart("after"), view.curve, palette.RESIDUAL))
    top = max(float(one.loss[-1]) for _, one, _ in curves)
    unit = t.unit(max(t.before, view.value))
    least = min((float(loss) for _, one, _ in curves for loss in one.loss if loss > 0), default=top)
    low = _decade(max(top / 10**DECADES, least, 1e-9 * unit.size) / unit.size)
    limit = data.limit / unit.size if data.limit is not None and ":" not in data.metric else None
    series = _curves(t, curves, unit, low, limit)
    losses = [loss for one in series for loss, _ in one.points]
    if losses:
        across = Axis(t.axis(v.say("loss_axis"), unit), "#,##0.###", low, _round(max(losses)), True)
        up = Axis(v.chart("chance"), PERCENT, LEAST_CHANCE, 1.0, True)
        frame = xy_chart(deck.slide, deck.inside.cut(0, 0, 1, 0.86), t.lang, across, up, series, 12)
        deck.describe(frame, lead)
    note = v.joined([t.say("curve_note", years=f"{data.n_trials:,}"), v.metric_means(data.metric)])
    deck.text(note, deck.inside.cut(0, 0.87, 1, 0.13), largest=11, colour=SOFT)
    pairs = [(f"{data.metric} ({t.before_words})", t.before), (f"{data.metric} ({v.chart('after')})", view.value)]
    deck.end(t.source(*pairs), *(" | ".join(row) for row in t.page.curve_rows(view)))


def _curves(
    t: Telling, curves: Sequence[tuple[str, CurvePoints, str]], unit: Unit, low: float, limit: float | None
) -> list[Series]:
    """Before and after, the band of after, and the target, which ends below the curves where names begin."""
    data, view, v = t.data, t.view, t.v
    lowest = LEAST_CHANCE
    if limit is not None:
        crossed = [chance for loss, chance in _steps(view.curve, view.curve.chance, unit.size, low) if loss <= limit]
        lowest = max(LEAST_CHANCE, 0.6 * min(crossed)) if crossed else LEAST_CHANCE
    beside = BESIDE if limit is None or lowest > 2 * BESIDE else BESIDE_TARGET
    series = []
    for side, (name, one, colour) in zip("rl", curves, strict=True):
        if drawn := _steps(one, one.chance, unit.size, low):
            nearest = int(np.argmin([abs(np.log(chance / beside)) for _, chance in drawn]))
            series.append(Series(name, drawn, colour, 2.25, label=side, label_at=nearest))
    for name, end in (("band_low", view.curve.low), ("band_high", view.curve.high)):
        if drawn := _steps(view.curve, end, unit.size, low):
            series.append(Series(t.say(name), drawn, palette.SAVED, 0.75, label=""))
    if limit is not None and data.limit is not None and series and limit >= low:
        line = [(limit, lowest), (limit, 0.6), (limit, 1.0)]
        words = v.chart("target", limit=v.amount(data.limit))
        series.append(Series(words, line, palette.TARGET, 1.25, 0, True, "r", 1))
    return series


def _steps(one: CurvePoints, chances: Any, size: float, low: float) -> list[tuple[float, float]]:
    """Points of a curve that logarithmic scales can show."""
    pairs = zip(one.loss, chances, strict=True)
    return [(float(loss) / size, float(chance)) for loss, chance in pairs if loss / size >= low and chance >= LEAST_CHANCE]


def _decade(value: float) -> float:
    """The power of ten at or below a value."""
    return float(10.0 ** np.floor(np.log10(value)))


def _round(value: float) -> float:
    """The next round number above a value."""
    decade = _decade(value)
    return next((step * decade for step in (1.5, 2, 3, 4, 5, 6, 8) if step * decade >= 1.02 * value), 10 * decade)
