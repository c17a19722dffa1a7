"""The page's drawings of one plan: the scales, the frontier, the curve, the waterfall, the cash flow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from tenbin.reporting.chart_data import CostKind
from tenbin.reporting.report.axes import Axis, log_axis, straight_axis
from tenbin.reporting.report.curve import WIDTH, curve, grid
from tenbin.reporting.report.data import PlanView, ReportData, YearCost
from tenbin.reporting.report.svg import Drawing, cut, width_of
from tenbin.reporting.report.voice import Voice

__all__ = ["cash_flow", "cost_scale", "curve", "frontier", "loss_scale", "waterfall"]

SIZE = 13.0
BOLD = 1.12
MOST_STEPS = 14
STEP = 38.0
NOTHING = 0.5
"""Amounts below this are nought: rounding, not money."""


def cost_scale(data: ReportData, view: PlanView, voice: Voice) -> Drawing:
    """What the plan costs a year, beside what today costs."""
    told = voice.changed(data.today_per_year, view.per_year) if data.has_today else voice.amount(view.per_year)
    rows = [(voice.say("this_plan"), view.per_year, "cost", told)]
    if data.has_today:
        rows.insert(0, (voice.chart("today"), data.today_per_year, "today", voice.amount(data.today_per_year)))
    most = max([value for _, value, *_ in rows] + [v.per_year for v in data.views[data.own : data.own + 1]]) or 1.0
    summary = voice.say("cost_scale_summary", plan=voice.amount(view.per_year), today=voice.amount(data.today_per_year))
    drawing = Drawing(290, 34.0 * len(rows) + 4, summary, "scale")
    label = max(width_of(name, SIZE) for name, *_ in rows) + 10
    value_room = max(width_of(told, SIZE) for *_, told in rows) * BOLD + 8
    for n, (name, value, kind, told) in enumerate(rows):
        y = 34.0 * n + 6
        long = (290 - label - value_room) * value / most
        drawing.text(label - 8, y + 17, name, "t", "end")
        drawing.rect(label, y + 3, max(long, 1.0), 20, f"fill-{kind}", voice.exact(value))
        drawing.text(label + long + 6, y + 18, told, "t strong")
    return drawing


def loss_scale(data: ReportData, view: PlanView, voice: Voice) -> Drawing:
    """The headline metric before and after on one axis, with the range of other years and the target."""
    before = data.today_value if data.has_today else data.inherent_value
    kind = "today" if data.has_today else "inherent"
    rows: list[tuple[str, float, str, tuple[float, float, float] | None]] = [(voice.chart(kind), before, kind, None)]
    rows.append((voice.chart("after"), view.value, "residual", view.outside if view.has_range else None))
    width = 400.0
    told = [voice.amount(before), voice.changed(before, view.value)]
    room = max(width_of(text, SIZE) for text in told) * BOLD + 14
    label = max(width_of(name, SIZE) for name, *_ in rows) + 10
    values = [before, view.value, data.limit or 0.0, *(view.outside or ())]
    start, end = label, width - room
    axis = Axis(0.0, max(values) or 1.0, start, end, ())
    summary = voice.say(
        "loss_scale_summary", metric=voice.heading(data.metric), before=voice.amount(before), after=voice.amount(view.value)
    )
    drawing = Drawing(width, 34.0 * 2 + (24 if data.limit else 4), summary, "scale")
    for n, (name, value, kind, outside) in enumerate(rows):
        y = 34.0 * n + 19
        drawing.text(label - 8, y + 4, name, "t", "end")
        drawing.line(start, y, axis(value), y, f"stem line-{kind}")
        drawing.circle(axis(value), y, 7, f"fill-{kind}", voice.exact(value))
        if outside is not None:  # over the dot: the range may be narrower than it
            drawing.line(axis(outside[1]), y, axis(outside[2]), y, "whisker")
            for side in outside[1:]:
                drawing.line(axis(side), y - 10, axis(side), y + 10, "whisker")
        right = max(axis(value), axis(outside[2]) if outside else 0.0)
        drawing.text(right + 11, y + 5, told[n], "t strong")
    if data.limit:
        x = axis(data.limit)
        drawing.line(x, 2, x, 72, "target")
        words = voice.say("target_at", limit=voice.amount(data.limit))
        wide = width_of(words, 12)
        drawing.text(min(max(x, wide / 2 + 2), width - wide / 2 - 2), 87, words, "s", "middle")
    return drawing


def _money_axis(low: float, high: float, start: float, end: float) -> Axis:
    """Costs: straight, or logarithmic where the dearest plan would press all others together."""
    if low > 0 and high / low > 6:
        return log_axis(low / 1.15, high * 1.1, start, end, 4)
    return straight_axis(high * 1.02, start, end)


def frontier(data: ReportData, view: PlanView, voice: Voice) -> Drawing:
    """Every plan of the frontier by its cost and what it leaves, this one marked, with knee and today."""
    height, left, bottom, top = 290.0, 66.0, 46.0, 26.0
    costs = [one.per_year for one in data.views] + ([data.today_per_year] if data.has_today else [])
    x = _money_axis(min(costs), max(costs), left, WIDTH - 14)
    values = [one.value for one in data.views] + ([data.today_value] if data.has_today else [])
    y = straight_axis(max(values) * 1.05, height - bottom, top)
    number = data.views.index(view)
    summary = voice.say(
        "frontier_summary",
        n=number + 1,
        count=len(data.views),
        cost=voice.amount(view.per_year),
        metric=voice.metric(data.metric),
        value=voice.amount(view.value),
    )
    drawing = Drawing(WIDTH, height, summary, "frontier")
    grid(drawing, x, y, [voice.amount(v) for v in x.ticks], [voice.amount(v) if v else "0" for v in y.ticks])
    drawing.text(left - 58, 14, "↑ " + voice.heading(data.metric), "s")
    drawing.text(WIDTH - 14, height - 6, voice.say("cost_axis_log" if x.is_log else "cost_axis"), "s", "end")
    best: list[PlanView] = []
    for one in data.views:  # the run's own plan may lie above the curve when it met more than one target
        if not best or one.value < best[-1].value:
            best.append(one)
    steps = [(x(best[0].per_year), y(best[0].value))]
    for before, after in pairwise(best):
        steps += [(x(after.per_year), y(before.value)), (x(after.per_year), y(after.value))]
    drawing.path(steps, "line-residual thin")
    lines = [(min(a[0], b[0]) - 2, min(a[1], b[1]) - 2, max(a[0], b[0]) + 2, max(a[1], b[1]) + 2) for a, b in pairwise(steps)]
    for one in data.views:
        drawing.circle(x(one.per_year), y(one.value), 4, "fill-residual", _point_words(one, voice))
        if one.outside is not None and one.has_range:
            drawing.line(x(one.per_year), y(one.outside[1]), x(one.per_year), y(one.outside[2]), "whisker")
    taken = lines + [(x(one.per_year) - 5, y(one.value) - 5, x(one.per_year) + 5, y(one.value) + 5) for one in data.views]
    here = (x(view.per_year), y(view.value))
    drawing.circle(*here, 9, "ring", _point_words(view, voice))
    taken.append((here[0] - 11, here[1] - 11, here[0] + 11, here[1] + 11))
    marks: list[tuple[tuple[float, float], str, str]] = [(here, voice.say("this_plan"), "t strong")]
    if data.knee is not None and data.knee != number:
        knee = data.views[data.knee]
        at = (x(knee.per_year), y(knee.value))
        drawing.path([(at[0], at[1] - 8), (at[0] + 7, at[1] + 5), (at[0] - 7, at[1] + 5)], "knee", closed=True)
        marks.append((at, voice.say("mark_knee"), "s"))
    if data.has_today:
        place = (x(data.today_per_year), y(data.today_value))
        drawing.rect(place[0] - 4.5, place[1] - 4.5, 9, 9, "hollow", voice.chart("today"))
        marks.append((place, voice.chart("today"), "s"))
    for place, words, kind in marks:
        _label(drawing, place, words, kind, taken, (left, top, WIDTH, height - bottom))
    return drawing


def _point_words(view: PlanView, voice: Voice) -> str:
    return voice.say("point_words", cost=voice.amount(view.per_year), value=voice.amount(view.value))


def _label(
    drawing: Drawing,
    place: tuple[float, float],
    words: str,
    kind: str,
    taken: list[tuple[float, float, float, float]],
    frame: tuple[float, float, float, float],
) -> None:
    """Write beside a point where nothing else stands: right above, right below, left below, left above, farther."""
    size = SIZE if "t" in kind.split() else 12.0
    wide, tall = width_of(words, size), size
    for far in (13, 24, 38, 54):
        for dx, dy in ((1, -0.55), (1, 0.9), (-1, 0.9), (-1, -0.55), (0, -1), (0, 1)):
            left = place[0] + (far if dx > 0 else -far - wide if dx < 0 else -wide / 2)
            base = place[1] + dy * far + tall / 3
            box = (left - 2, base - tall, left + wide + 2, base + 4)
            inside = frame[0] <= box[0] and box[2] <= frame[2] and frame[1] - 8 <= box[1] and box[3] <= frame[3]
            if inside and not any(_touch(box, other) for other in taken):
                if far > 20:
                    end = left if dx > 0 else left + wide if dx < 0 else place[0]
                    drawing.line(place[0], place[1], end, base - tall / 3, "leader")
                drawing.text(left, base, words, kind)
                taken.append(box)
                return


def _touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def waterfall(data: ReportData, view: PlanView, voice: Voice) -> Drawing:
    """From before to after, measure by measure; each has its name above its bar."""
    before = data.today_value if data.has_today else data.inherent_value
    lines = list(_steps(data, view, voice))
    running = highest = before
    for _, amount, _ in lines:
        running += amount or 0.0
        highest = max(highest, running)
    value_room = max(width_of(voice.amount(v), 12) for v in (before, highest)) + 10
    axis = Axis(0.0, highest or 1.0, 0.0, WIDTH - value_room, ())
    words = {"metric": voice.heading(data.metric), "before": voice.amount(before), "after": voice.amount(view.value)}
    drawing = Drawing(WIDTH, STEP * len(lines), voice.say("loss_scale_summary", **words), "waterfall")
    running = before
    for n, (name, amount, total) in enumerate(lines):
        y = STEP * n
        if amount is None:
            kind = "residual" if n else "today" if data.has_today else "inherent"
            drawing.text(0, y + 12, name, "t strong")
            drawing.rect(0, y + 17, axis(total), 15, f"fill-{kind}", voice.exact(total))
            drawing.text(axis(total) + 5, y + 29, voice.amount(total), "s strong")
            continue
        drawing.text(0, y + 12, cut(name, 12, WIDTH - 4), "s", "start", name)
        start, end = sorted((axis(running), axis(running + amount)))
        kind = "fill-saved" if amount < 0 else "fill-inherent"
        drawing.rect(start, y + 17, max(end - start, 1.0), 15, kind, voice.exact(amount))
        amount_words = voice.amount(amount) if amount < 0 else f"+{voice.amount(amount)}"
        if start - 5 - width_of(amount_words, 12) >= 0:
            drawing.text(start - 5, y + 29, amount_words, "s", "end")
        else:
            drawing.text(end + 5, y + 29, amount_words, "s")
        running += amount
        below = lines[n + 1][0]
        if width_of(below, SIZE) + 6 < axis(running):
            drawing.line(axis(running), y + 32, axis(running), y + STEP + 17, "leader")
    return drawing


def _steps(data: ReportData, view: PlanView, voice: Voice) -> Iterator[tuple[str, float | None, float]]:
    """The waterfall's lines: name, change (None for a total), total."""
    steps = [(row, row.takes) for row in view.rows if row.kind is CostKind.MEASURE and row.takes and abs(row.takes) >= NOTHING]
    by_size = sorted(steps, key=lambda step: -abs(step[1]))
    kept = {id(row) for row, _ in (by_size if len(steps) <= MOST_STEPS else by_size[: MOST_STEPS - 1])}
    rest = [amount for row, amount in steps if id(row) not in kept]
    falls, rises = [amount for amount in rest if amount < 0], [amount for amount in rest if amount > 0]
    kind = "today" if data.has_today else "inherent"
    yield voice.chart(kind), None, data.today_value if data.has_today else data.inherent_value
    for row, amount in sorted(steps, key=lambda step: step[1]):
        if id(row) in kept:
            yield f"{row.label.id} {voice.title(row.label)}", amount, 0.0
    for others in (falls, rises):  # what makes it worse is not hidden in what makes it better
        if others:
            yield voice.chart("others", count=len(others)), sum(others), 0.0
    yield voice.chart("after"), None, view.value


PARTS = ("capex", "opex", "effort")


def cash_flow(data: ReportData, view: PlanView, voice: Voice) -> Drawing:
    """What each year of the horizon costs, in its parts, beside today's."""
    key = _cash_key(view, data.has_today, voice)
    height, left, bottom, top = 270.0, 70.0, 30.0, key[-1][3] + 34 if key else 34.0
    most = max([*(year.total + year.subsidy for year in view.years), *(year.total for year in data.today_years), 0.0])
    least = max([year.subsidy for year in view.years], default=0.0)
    y = straight_axis(most * 1.08, height - bottom - (18 if least else 0), top)
    first, total = view.years[0], sum(year.total for year in view.years)
    summary = voice.say("cash_summary", first=voice.amount(first.total), years=len(view.years), total=voice.amount(total))
    drawing = Drawing(WIDTH, height, summary, "cash")
    for value in y.ticks:
        drawing.line(left, y(value), WIDTH - 8, y(value), "rule" if value else "axis")
        drawing.text(left - 7, y(value) + 4, voice.amount(value) if value else "0", "s dim", "end")
    for part, words, at, line in key:
        if part == "today":
            drawing.line(at, line + 6, at + 16, line + 6, "today-mark")
        else:
            drawing.rect(at, line, 11, 11, f"part-{part}")
        drawing.text(at + (21 if part == "today" else 15), line + 10, words, "s")
    slot = (WIDTH - 8 - left) / len(view.years)
    wide = min(slot * 0.62, 46.0)
    every = max(1, math.ceil(len(view.years) / 10))
    for n, year in enumerate(view.years):
        middle = left + slot * (n + 0.5)
        top_of = _stack(drawing, year, middle - wide / 2, wide, y, voice)
        if slot > width_of(voice.amount(year.total), 12) or n == 0:
            drawing.text(middle, top_of - 5, voice.amount(year.total), "s strong", "middle")
        if n % every == 0:
            drawing.text(middle, height - 8, voice.say("year_n", n=n + 1), "s dim", "middle")
        if data.has_today:
            level = y(data.today_years[n].total)
            drawing.line(middle - wide / 2 - 5, level, middle + wide / 2 + 5, level, "today-mark")
    return drawing


def _stack(drawing: Drawing, year: YearCost, x: float, wide: float, y: Axis, voice: Voice) -> float:
    """One year's bar; where its top is."""
    base = 0.0
    for part in PARTS:
        amount = getattr(year, part)
        if amount > 0:
            top, low = y(base + amount), y(base)
            drawing.rect(x, top, wide, low - top, f"part-{part}", f"{voice.say(part)}: {voice.exact(amount)}")
            base += amount
    if year.subsidy > 0:
        below = min((y(0) - y(min(year.subsidy, y.high))), 16.0)
        drawing.rect(x, y(0) + 1, wide, below, "part-subsidy", f"{voice.say('subsidy')}: −{voice.exact(year.subsidy)}")
    return y(base)


def _cash_key(view: PlanView, has_today: bool, voice: Voice) -> list[tuple[str, str, float, float]]:
    """What the parts are called: (part, words, x, y), on a second line where one is too short."""
    shown = [part for part in (*PARTS, "subsidy") if any(getattr(year, part) > 0 for year in view.years)]
    names = [(part, voice.say(part)) for part in shown]
    if has_today:
        names.append(("today", voice.chart("today")))
    placed: list[tuple[str, str, float, float]] = []
    x, y = 4.0, 6.0
    for part, words in names:
        wide = 24 + width_of(words, 12)
        if x + wide > WIDTH and placed:
            x, y = 4.0, y + 18
        placed.append((part, words, x, y))
        x += wide + 6
    return placed
