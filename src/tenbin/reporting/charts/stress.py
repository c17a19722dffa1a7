"""Plans under stress: what a bad year costs when something goes wrong, under today's measures and under a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenbin.reporting.charts.key import Swatch, key_rows, put_key
from tenbin.reporting.charts.scales import even_ticks, put_labels, rule
from tenbin.reporting.charts.two_lines import HEIGHT, TwoLines
from tenbin.reporting.frame import WIDTH, Margins, axes_size, framed
from tenbin.reporting.matters_data import StressData
from tenbin.reporting.metric_words import metric_name, metric_short
from tenbin.reporting.palette import COST, INHERENT, INK, LAYERS, PAPER, RESIDUAL, RULE, SECONDARY, TARGET, TODAY
from tenbin.reporting.stress_words import stress_name, stress_words
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

NAME_WIDTH = 216.0
TOP, BOTTOM = 46.0, 20.0
MOST_PLANS = 5
SIGNS = (("o", TODAY), ("s", RESIDUAL), ("^", COST), ("D", LAYERS[2]), ("v", INHERENT))
"""A marker and a colour for each plan: today first."""


def summary(data: StressData, style: Style) -> str:
    """The chart in a sentence: which stress is worst, and what it does to the last plan."""
    worst = max(data.rows[1:], key=lambda row: row.marks[-1].value, default=None)
    if worst is None:
        return style.say("stress_none")
    values = {"before": style.amount(data.rows[0].marks[-1].value), "after": style.amount(worst.marks[-1].value)}
    return style.say(
        "stress_lead",
        metric=metric_short(data.metric, style.lang),
        stress=stress_name(worst, style.title(worst.label), style.lang, style.currency),
        plan=_plan(data, -1, style),
        **values,
    )


def _plan(data: StressData, number: int, style: Style) -> str:
    label = data.plans[number]
    return style.title(label) if label.id else style.say("tornado_today")


def page(data: StressData, style: Style) -> Figure:
    """The chart with its texts."""
    names, columns = _names(data, style), _columns(data, style)
    words = [style.say("stress_note", metric=metric_name(data.metric, style.lang))]
    if any(row.kind == "force" for row in data.rows):
        words.append(style.say("stress_note_force"))
    if any(row.kind == "down" for row in data.rows):
        words.append(style.say("stress_note_down"))
    if len(data.plans) > MOST_PLANS:
        words.append(style.say("stress_plans", count=MOST_PLANS))
    figure, axes = framed(
        style,
        style.say("stress_title"),
        summary(data, style),
        [style.sentences(*words)],
        style.footer(data.title),
        TOP + BOTTOM + HEIGHT * len(data.rows),
        Margins(left=names.left, right=sum(columns) + 4, top=TOP, bottom=BOTTOM),
    )
    draw(data, axes, style)
    swatches = [
        Swatch(style.cut(_plan(data, n, style), 150, SMALL), SIGNS[n][1], marker=SIGNS[n][0])
        for n in range(min(len(data.plans), MOST_PLANS))
    ]
    put_key(axes, style, key_rows(swatches, WIDTH - 32, style), -names.left, TOP - 8)
    return figure


def _names(data: StressData, style: Style) -> TwoLines:
    rows = [("", *stress_words(row, style.title(row.label), style.lang, style.currency)) for row in data.rows]
    return TwoLines.of(rows, NAME_WIDTH, style)


def _columns(data: StressData, style: Style) -> list[float]:
    """The width of each plan's column of amounts."""
    return [
        max(style.width(style.amount(row.marks[n].value), SMALL) for row in data.rows) + 10
        for n in range(min(len(data.plans), MOST_PLANS))
    ]


def draw(data: StressData, axes: Axes, style: Style) -> Axes:
    """Draw a row for each stress with a mark for each plan, and the amounts at the right."""
    names, columns = _names(data, style), _columns(data, style)
    most = max([mark.value for row in data.rows for mark in row.marks] + ([data.limit] if data.limit else []))
    axes.set_xlim(0, 1.06 * most if most > 0 else 1.0)
    axes.set_ylim(len(data.rows) - 0.5, -0.5)
    ticks = even_ticks(0.0, most, style) if most > 0 else {}
    width, _ = axes_size(axes)
    rule(axes, ticks, [])
    put_labels(axes, style, _apart(ticks, axes.get_xlim()[1], width, style), {})
    there = axes.get_yaxis_transform()
    for level, row in enumerate(data.rows):
        axes.axhline(level + 0.5, color=SECONDARY if level == 0 else RULE, linewidth=0.6, zorder=0)
        names.put(axes, level, float(level), style)
        values = [mark.value for mark in row.marks[:MOST_PLANS]]
        axes.plot([min(values), max(values)], [level] * 2, color=SECONDARY, linewidth=0.9, zorder=2)
        right = 4.0
        for n, value in enumerate(values):
            marker, colour = SIGNS[n]
            how: dict[str, Any] = {"color": colour, "markersize": 6.5, "markeredgewidth": 1.6, "zorder": 4 + n}
            axes.plot([value], [level], marker, markerfacecolor=PAPER, label=f"mark:{level}:{n}", **how)
            right += columns[n]
            style.put(
                axes, style.amount(value), (1, level), (right, 0), xycoords=there, ha="right", fontsize=SMALL, color=colour
            )
    if data.limit is not None:
        _draw_limit(axes, data.limit, len(data.rows), style)
    return axes


def _apart(ticks: dict[float, str], most: float, width: float, style: Style) -> dict[float, str]:
    """Every label, or every second or third, so that they stand clear of each other."""
    widest = max((style.width(text, SMALL) for text in ticks.values()), default=0.0) + 6
    values = list(ticks)
    for every in range(1, len(values)):
        kept = values[::every]
        if (kept[1] - kept[0]) / most * width >= widest:
            return {value: ticks[value] for value in kept}
    return {value: ticks[value] for value in values[:1]}


def _draw_limit(axes: Axes, limit: float, n_rows: int, style: Style) -> None:
    axes.plot([limit] * 2, [-0.5, n_rows - 0.5], color=TARGET, linewidth=1.2, linestyle=(0, (4, 3)), zorder=3, label="target")
    width, _ = axes_size(axes)
    text = style.say("target", limit=style.amount(limit))
    place = limit / axes.get_xlim()[1] * width
    half = style.width(text, SMALL) / 2
    shift = min(max(place, half), width - half) - place
    there = axes.get_xaxis_transform()
    style.put(axes, text, (limit, 1), (shift, 8), xycoords=there, ha="center", fontsize=SMALL, color=INK)
