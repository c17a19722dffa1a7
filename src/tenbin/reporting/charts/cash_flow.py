"""What the plan costs year by year, in its parts, against what today's measures cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenbin.reporting.chart_data import CashFlow, ChartData
from tenbin.reporting.charts.key import LINE, Swatch, key_rows, put_key
from tenbin.reporting.charts.scales import even_ticks, put_labels, rule
from tenbin.reporting.frame import WIDTH, Margins, axes_size, framed
from tenbin.reporting.palette import COST, COST_PARTS, INK, PAPER, SECONDARY, TODAY
from tenbin.reporting.style import BODY, SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

BODY_HEIGHT = 230.0
BAR, WIDEST = 0.6, 64.0
"""A bar's share of its year, and points at most."""

BETWEEN = 6.0
"""Points between two totals."""

HEADROOM = 1.14
"""Of the highest year, so that its total has a place."""

PARTS = ("flow_capex", "flow_opex", "flow_effort")
NAUGHT = 0.5
"""Amounts below it are rounding, not money."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Years in a row that cost the same, from ``first`` (0 for year one) to ``last``."""

    first: int
    last: int


def summary(data: ChartData, style: Style) -> str:
    """The chart in a sentence or two: the first year, the years after, and what it all is more than today."""
    flow = data.cash_flow
    if flow is None:
        return style.say("flow_none")
    totals = flow.total
    more = float(totals.sum() - flow.today.sum())
    first, last = style.amount(float(totals[0])), style.amount(float(totals[-1]))
    key = "flow_lead_one" if len(totals) == 1 else "flow_lead_even" if first == last else "flow_lead"
    rest = "flow_same" if abs(more) < NAUGHT else "flow_more" if more > 0 else "flow_less"
    return style.sentences(
        style.say(key, first=first, later=last), style.say(rest, count=len(totals), amount=style.amount(abs(more)))
    )


def page(data: ChartData, style: Style) -> Figure:
    """The chart with its texts."""
    flow = data.cash_flow
    low, high = _ends(flow)
    left = max(style.width(text, SMALL) for text in even_ticks(low, high, style).values()) + 10
    key = key_rows(_swatches(flow, style), WIDTH - 32, style)
    top = 20.0 + LINE * len(key)
    figure, axes = framed(
        style,
        style.say("cash_flow_title"),
        summary(data, style),
        [style.say("flow_note")],
        style.footer(data.title),
        BODY_HEIGHT + top,
        Margins(left=left, right=4, top=top, bottom=20),
    )
    draw(data, axes, style)
    put_key(axes, style, key, -left, top - 6)
    return figure


def draw(data: ChartData, axes: Axes, style: Style) -> Axes:
    """Draw each year's parts on each other, subsidies below nought, today as a stepped line, and the totals."""
    flow = data.cash_flow
    n_years = len(flow.capex) if flow else 1
    low, high = _ends(flow)
    axes.set_xlim(0.5, n_years + 0.5)
    axes.set_ylim(low, high)
    ticks = even_ticks(low, high, style)
    rule(axes, [], ticks)
    axes.spines["bottom"].set_visible(low == 0)
    put_labels(axes, style, _years(n_years, style), ticks)
    axes.axhline(0, color=SECONDARY, linewidth=0.8, zorder=3)
    if flow is not None:
        _draw_bars(axes, flow)
        _draw_today(axes, flow)
        _draw_totals(axes, flow, style)
    return axes


def _ends(flow: CashFlow | None) -> tuple[float, float]:
    """The lowest and the highest amount shown."""
    if flow is None:
        return 0.0, 1.0
    high = max(float((flow.capex + flow.opex + flow.effort).max()), float(flow.today.max()))
    paid = float(flow.subsidy.max())
    high = max(high, paid) or 1.0
    return (-paid * HEADROOM if paid else 0.0), high * HEADROOM


def _swatches(flow: CashFlow | None, style: Style) -> list[Swatch]:
    if flow is None:
        return []
    parts = (flow.capex, flow.opex, flow.effort)
    found = [
        Swatch(style.say(name), colour) for name, colour, part in zip(PARTS, COST_PARTS, parts, strict=True) if part.max() > 0
    ]
    if flow.subsidy.max() > 0:
        found.append(Swatch(style.say("flow_subsidy"), COST, hatch="////"))
    words = {style.amount(float(amount)) for amount in flow.today}
    today = style.say("flow_today_each", amount=words.pop()) if len(words) == 1 else style.say("flow_today")
    return [*found, Swatch(today, TODAY, line="-")]


def _years(n_years: int, style: Style) -> dict[float, str]:
    """The years that are named: all of few, the first and every fifth or tenth of many."""
    step = 1 if n_years <= 10 else 5 if n_years <= 40 else 10
    return {
        float(year): style.say("flow_year", year=year)
        for year in range(1, n_years + 1)
        if year == 1 or (year % step == 0 and year > step / 2)
    }


def _width(axes: Axes, n_years: int) -> float:
    return min(BAR, WIDEST * n_years / axes_size(axes)[0])


def _draw_bars(axes: Axes, flow: CashFlow) -> None:
    years, width = np.arange(1, len(flow.capex) + 1), _width(axes, len(flow.capex))
    foot = np.zeros(len(years))
    for name, colour, part in zip(PARTS, COST_PARTS, (flow.capex, flow.opex, flow.effort), strict=True):
        for bar, year in zip(axes.bar(years, part, width, foot, color=colour, zorder=2), years, strict=True):
            bar.set_gid(f"{name}-{year}")
            bar.set(edgecolor=PAPER, linewidth=0.4)
        foot = foot + part
    for year, paid in zip(years, flow.subsidy, strict=True):
        if paid > 0:
            (bar,) = axes.bar(year, -paid, width, color=PAPER, edgecolor=COST, hatch="////", linewidth=0.9, zorder=2)
            bar.set_gid(f"flow_subsidy-{year}")


def _draw_today(axes: Axes, flow: CashFlow) -> None:
    edges = np.arange(len(flow.today) + 1) + 0.5
    axes.plot(edges, [*flow.today, flow.today[-1]], color=TODAY, linewidth=1.3, drawstyle="steps-post", zorder=4, label="today")


def _runs(flow: CashFlow, style: Style) -> list[_Run]:
    """Years in a row with the same words for their total."""
    words = [style.amount(float(total)) for total in flow.total]
    starts = [n for n in range(len(words)) if n == 0 or words[n] != words[n - 1]]
    return [_Run(first, last - 1) for first, last in zip(starts, [*starts[1:], len(words)], strict=True)]


def _draw_totals(axes: Axes, flow: CashFlow, style: Style) -> None:
    """Put each year's total over its bar; over the middle of the years that cost the same where they are too narrow."""
    totals, (width, height), n_years = flow.total, axes_size(axes), len(flow.today)
    low, high = axes.get_ylim()
    tops = flow.capex + flow.opex + flow.effort
    over = (flow.today - tops) / (high - low) * height
    tops = np.where((over > 0) & (over < LINE), flow.today, tops)  # today's line would go through the total
    slot = width / n_years
    fits = all(style.width(style.amount(float(total)), BODY) + BETWEEN <= slot for total in totals)
    runs = [_Run(n, n) for n in range(n_years)] if fits else _runs(flow, style)
    free = 0.0
    for run in runs:
        text = style.amount(float(totals[run.first]))
        if run.last > run.first:
            text = style.say("flow_each", amount=text)
        size = BODY if style.width(text, BODY) < width / 2 else SMALL
        wide = style.width(text, size)
        middle = ((run.first + run.last + 1) / 2) * slot
        left = min(max(middle - wide / 2, free), width - wide)
        if left < free:
            continue
        free = left + wide + BETWEEN
        reached = range(int(left / slot), min(int((left + wide) / slot) + 1, n_years))
        top = max(float(tops[year]) for year in reached)
        place = 0.5 + left / slot
        style.put(axes, text, (place, top), (0, 9), fontsize=size, color=INK, halo=True, zorder=6)
