"""How a metric settles as more simulated years are used: its value and its interval over ever longer beginnings of the sample."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tenbin.reporting.chart_data import ChartData
from tenbin.reporting.charts.scales import even_ticks, fitting, put_labels, rule
from tenbin.reporting.convergence_data import Convergence
from tenbin.reporting.frame import Margins, axes_size, framed
from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.palette import INK, PAPER, RESIDUAL, SECONDARY, TARGET
from tenbin.reporting.style import BODY, SMALL, Style
from tenbin.units import format_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

BODY_HEIGHT = 280.0
TOP, BOTTOM = 22.0, 38.0
ROUND = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
"""Movements as they are told: less than so much."""

HIGHEST = 2.5
"""Times the last value (or the limit) that the scale reaches at most: the first intervals may be very wide."""

OF_WORLDS = 0.5
"""Share of the last interval's variance from which on the worlds are named."""

FEWEST = 4
"""Points with which something can be said of the movement."""


def summary(data: ChartData, style: Style) -> str:
    """How far the value still moves, where it ends with its interval, and on which side of the limit that is."""
    found = data.convergence
    if found is None:
        return style.say("convergence_none")
    if not found.value[-1] > 0:
        return style.say("convergence_zero", years=f"{found.years[-1]:,}")
    short = metric_short(found.metric, style.lang)
    value, low, high = (style.amount(float(part[-1])) for part in (found.value, found.low, found.high))
    ends = style.say("convergence_ends", years=f"{found.years[-1]:,}", value=value, low=low, high=high)
    return style.sentences(_movement(found, short, style), ends, _limit(found, style))


def _movement(found: Convergence, metric: str, style: Style) -> str:
    if len(found.years) < FEWEST:
        return style.say("convergence_few")
    within = next((share for share in ROUND if found.movement < share), None)
    years, share = f"{found.settled_from:,}", format_share(within if within is not None else ROUND[-1])
    return style.say("convergence_still" if within is None else "convergence_moves", years=years, metric=metric, share=share)


def _limit(found: Convergence, style: Style) -> str:
    if found.limit is None:
        return ""
    if found.exact is not None:
        return style.say("convergence_judged_met" if found.exact <= found.limit * (1 + 1e-9) else "convergence_judged_missed")
    low, high = float(found.low[-1]), float(found.high[-1])
    key = "above" if found.limit >= high else "below" if found.limit < low else "within"
    return style.say(f"convergence_limit_{key}")


def page(data: ChartData, style: Style) -> Figure:
    """The chart with its texts."""
    found = data.convergence
    left, notes = 10.0, []
    if found is not None:
        left += max(style.width(text, SMALL) for text in even_ticks(*_ends(found), style).values())
        notes = [style.sentences(*_notes(found, style))]
    figure, axes = framed(
        style,
        style.say("convergence_title"),
        summary(data, style),
        notes,
        style.footer(data.title),
        BODY_HEIGHT,
        Margins(left=left, right=22, top=TOP, bottom=BOTTOM),
    )
    draw(data, axes, style)
    return figure


def _notes(found: Convergence, style: Style) -> Iterable[str]:
    yield style.say("convergence_note", **style.metric_words(found.metric))
    if found.worlds_share > OF_WORLDS:
        yield style.say("convergence_worlds", share=format_share(found.worlds_share))
    if found.exact is not None:
        yield style.say("convergence_exact", amount=style.amount(found.exact))


def draw(data: ChartData, axes: Axes, style: Style) -> Axes:
    """Draw the interval as a band, the value as a line with a mark for each number of years, the limit dashed."""
    found = data.convergence
    if found is None:
        axes.set_axis_off()
        return axes
    low, high = _ends(found)
    first, last = int(found.years[0]), int(found.years[-1])
    axes.set_xscale("log")
    axes.set_xlim(first / 1.12, last * 1.12)
    axes.set_ylim(low, high)
    rule(axes, found.years.tolist(), even_ticks(low, high, style))
    axes.fill_between(found.years, found.low, found.high, color=RESIDUAL, alpha=0.2, linewidth=0, zorder=2, label="interval")
    axes.plot(
        found.years, found.value, "o-", color=RESIDUAL, linewidth=2.0, markersize=5, mec=PAPER, mew=0.8, zorder=5, label="value"
    )
    if found.limit is not None:
        how: dict[str, Any] = {"color": TARGET, "linewidth": 1.3, "zorder": 4, "label": "limit"}
        axes.plot([first / 1.12, last * 1.12], [found.limit] * 2, linestyle=(0, (4, 3)), **how)
    if found.exact is not None:
        axes.plot([first / 1.12, last * 1.12], [found.exact] * 2, color=SECONDARY, linewidth=0.9, zorder=3, label="exact")
    _put_words(axes, style, found, (low, high))
    return axes


def _ends(found: Convergence) -> tuple[float, float]:
    """The amounts shown: all values, the limit, and the intervals as far as these are not out of all proportion."""
    fixed = [amount for amount in (found.limit, found.exact) if amount is not None]
    most = HIGHEST * max(float(found.value[-1]), *fixed, 0.0)
    top = max(*found.value.tolist(), *fixed, min(float(found.high.max()), most))
    low = min(*found.value.tolist(), *fixed, float(found.low.min()))
    if not top > low:
        return 0.0, max(2 * top, 1.0)
    room = 0.06 * (top - low)
    return max(low - room, 0.0), top + room


def _put_words(axes: Axes, style: Style, found: Convergence, ends: tuple[float, float]) -> None:
    """Name the scales (as many years as have room, the whole sample first), the limit, and the last value."""
    width, height = axes_size(axes)
    low, high = ends
    span = math.log(found.years[-1] / found.years[0] * 1.12**2)
    place = {float(n): width * math.log(n / found.years[0] * 1.12) / span for n in found.years.tolist()}
    backwards = {n: f"{n:,.0f}" for n in sorted(place, reverse=True)}
    across = fitting(backwards, [width - place[n] for n in backwards], width + 22, style)
    put_labels(axes, style, across, even_ticks(low, high, style))
    how: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL, "color": INK}
    metric = metric_short(found.metric, style.lang)
    style.put(axes, metric[0].upper() + metric[1:], (0, 1), (-6, 12), **how)
    style.put(axes, style.say("convergence_along"), (1, 0), (0, -27), ha="right", **how)
    end = float(found.value[-1])
    at_end = height * (end - low) / (high - low)
    if found.limit is not None:
        level = height * (found.limit - low) / (high - low)
        up = 8.0 if level + 18 <= height + TOP / 2 and not 0 <= at_end - level < 30 else -8.0
        text = style.say("convergence_limit", amount=style.amount(found.limit))
        placed: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "fontsize": SMALL, "color": TARGET, "halo": True}
        style.put(axes, text, (0, found.limit), (6, up), zorder=6, **placed)
    near = found.limit is not None and 0 <= height * (found.limit - end) / (high - low) < 26
    style.put(
        axes,
        style.amount(end),
        (float(found.years[-1]), end),
        (10, -12 if near else 12),
        ha="right",
        fontsize=BODY,
        color=RESIDUAL,
        halo=True,
        zorder=7,
    )
