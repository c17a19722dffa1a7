"""What several experts said, what they say together, and the law fitted to that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.calibration_data import ExpertData
from tenbin.reporting.charts.calibration_scales import (
    LogScale,
    amount_texts,
    draw_log_axis,
    footer,
    frequency_texts,
    put_heading,
)
from tenbin.reporting.charts.rows import Names, Row
from tenbin.reporting.frame import WIDTH, Margins, framed
from tenbin.reporting.palette import INHERENT, INK, PAPER, RULE, SECONDARY
from tenbin.reporting.style import SMALL, Style
from tenbin.units import format_frequency, format_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

MOST_NAME = 150.0
ROW = 24.0
MOST_ROWS = 16
HEAD = 20.0


@dataclass(frozen=True, slots=True)
class _Bar:
    """A row: its name, three points, the outer two after widening, how it is drawn, and what stands at its right."""

    name: str
    points: tuple[float, float, float]
    wide: tuple[float, float]
    strong: bool
    colour: str
    value: str


def summary(data: ExpertData, style: Style) -> str:
    """What the experts say together, and how much of its width is disagreement."""
    low, middle, high = (_value(point, data, style) for point in data.pool)
    words = style.say("experts_frequency" if data.is_frequency else "experts_loss", low=low, middle=middle, high=high)
    low, _, high = (_value(point, data, style) for point in data.logarithmic)
    return style.sentences(words, style.say("experts_agreed", low=low, high=high))


def page(data: ExpertData, style: Style) -> Figure:
    """The chart with its texts."""
    bars = _bars(data, style)
    names = _names(bars, style)
    right = max(style.width(bar.value, SMALL) for bar in bars) + 12
    widened = style.say("experts_widened", factor=f"{data.factor:.3g}") if data.factor > 1 else ""
    hidden = len(data.experts) - _shown(data)
    more = style.say("experts_hidden", count=hidden) if hidden else ""
    figure, axes = framed(
        style,
        style.say("experts_title"),
        summary(data, style),
        [style.sentences(style.say("experts_note"), widened, more)],
        footer(data.title, style),
        HEAD + ROW * len(bars) + 36,
        Margins(left=names.left, right=right, top=HEAD, bottom=36),
    )
    draw(data, axes, style)
    return figure


def draw(data: ExpertData, axes: Axes, style: Style) -> Axes:
    """Draw a row for each expert, the pools and the law: a bar from the 5 % to the 95 % point, a dot at the middle."""
    bars = _bars(data, style)
    names = _names(bars, style)
    scale = LogScale.around([value for bar in bars for value in (*bar.points, *bar.wide)])
    axes.set_ylim(len(bars) - 0.5, -0.5)
    texts = frequency_texts(scale, style) if data.is_frequency else amount_texts(scale, style)
    draw_log_axis(axes, style, scale, texts, {})
    put_heading(axes, style, "", style.say("experts_along_frequency" if data.is_frequency else "experts_along_loss"))
    axes.axhline(_shown(data) - 0.5, color=RULE, linewidth=0.8, zorder=1)
    for level, bar in enumerate(bars):
        how: dict[str, Any] = {"color": bar.colour, "solid_capstyle": "butt", "zorder": 3}
        if bar.wide != (bar.points[0], bar.points[2]):
            axes.plot(bar.wide, [level] * 2, linewidth=1.1, label=f"wide:{level}", **how)
        axes.plot([bar.points[0], bar.points[2]], [level] * 2, linewidth=5 if bar.strong else 3, label=f"bar:{level}", **how)
        axes.plot([bar.points[1]], [level], "o", color=bar.colour, markersize=6.5, mec=PAPER, mew=1.2, zorder=4)
        names.put(axes, level, float(level), style)
        there = axes.get_yaxis_transform()
        style.put(axes, bar.value, (1, level), (6, 0), xycoords=there, fontsize=SMALL, color=INK if bar.strong else SECONDARY)
    style.put(axes, style.say("experts_middle"), (1, 1), (6, 10), xycoords="axes fraction", fontsize=SMALL, color=SECONDARY)
    return axes


def _shown(data: ExpertData) -> int:
    return min(len(data.experts), MOST_ROWS)


def _value(value: float, data: ExpertData, style: Style) -> str:
    return format_frequency(value, style.lang) if data.is_frequency else style.amount(value)


def _bars(data: ExpertData, style: Style) -> list[_Bar]:
    equal = len({round(row.weight, 6) for row in data.experts}) == 1
    bars = []
    for row in data.experts[:MOST_ROWS]:
        name = style.title(row.name)
        shown = name if equal else _weighted(name, format_share(row.weight), style)
        points = row.low, row.middle, row.high
        bars.append(_Bar(shown, points, (row.wide_low, row.wide_high), False, SECONDARY, _value(row.middle, data, style)))
    both = [("experts_pool", data.pool, INHERENT, True), ("experts_log_pool", data.logarithmic, SECONDARY, False)]
    for key, points, colour, strong in both:
        value = _value(points[1], data, style)
        bars.append(_Bar(style.say(key), points, (points[0], points[2]), strong, colour, value))
    if data.law is not None:
        name, ends = style.title(data.law_name), (data.law[0], data.law[2])
        bars.append(_Bar(name, data.law, ends, True, INK, _value(data.law[1], data, style)))
    return bars


def _weighted(name: str, weight: str, style: Style) -> str:
    """A name with its weight behind it, cut so that the two stand on two lines."""
    room = 1.8 * MOST_NAME - style.width(style.say("experts_weight", name="", weight=weight), SMALL)
    return style.say("experts_weight", name=style.cut(name, room, SMALL), weight=weight)


def _names(bars: list[_Bar], style: Style) -> Names:
    rows = [Row("", bar.name, strong=bar.strong) for bar in bars]
    return Names.of(rows, min(MOST_NAME, WIDTH / 3), style)
