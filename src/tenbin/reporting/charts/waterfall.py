"""Where the risk reduction comes from: from before to after, one step per measure, from the top down."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenbin.reporting.chart_data import ChartData, Label, Step
from tenbin.reporting.charts.rows import Names, Row, counted
from tenbin.reporting.frame import Margins, axes_size, bare, framed
from tenbin.reporting.palette import INHERENT, INK, PAPER, RESIDUAL, RULE, SAVED, SECONDARY, TARGET, TODAY
from tenbin.reporting.style import BODY, SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "shown_steps", "summary"]

NAME_WIDTH = 234.0
"""Points for a row's id and title."""

MOST_STEPS = 10
SMALL_STEP = 0.02
"""Of all the steps' sizes together; smaller ones are gathered."""

NAUGHT = 1e-9
"""Of the larger end; a step up below it is rounding."""

OTHERS, REST = ("others", "others_up"), "unattributed"
HEADING = 22.0
TOP = 3


@dataclass(frozen=True, slots=True)
class _Bar:
    """A step with the levels it goes from and to."""

    step: Step
    start: float
    end: float


def summary(data: ChartData, style: Style) -> str:
    """The chart in a sentence or two: the change, and how much of the cut the first steps make."""
    lead = style.metric_change(data)
    down = sorted(step.amount for step in data.steps if step.amount < 0)
    if len(down) > TOP:
        share = f"{100 * sum(down[:TOP]) / sum(down):.0f}%"
        lead = style.sentences(lead, style.say("waterfall_lead_top", count=TOP, share=share))
    return lead if data.steps else style.sentences(lead, style.say("no_steps"))


def shown_steps(data: ChartData) -> list[Step]:
    """The steps as drawn: cuts, largest first, then what goes up, of each the small ones gathered; then what no measure explains."""
    largest = max(data.metric_before, data.metric_after)
    whole = math.fsum(abs(step.amount) for step in data.steps)
    ordered = sorted(data.steps, key=lambda step: (-abs(step.amount), step.label.id))
    up = [step for step in ordered if step.amount > NAUGHT * largest]
    down = [step for step in ordered if step.amount <= NAUGHT * largest]
    alone = {id(step) for n, step in enumerate(ordered) if n < MOST_STEPS and abs(step.amount) >= SMALL_STEP * whole}
    steps = [*_gathered(down, alone, "others"), *_gathered(up, alone, "others_up")]
    rest = data.metric_after - data.metric_before - math.fsum(step.amount for step in data.steps)
    if abs(rest) > 1e-3 * largest:
        steps.append(Step(Label(REST), rest))
    return steps


def _gathered(steps: list[Step], alone: set[int], key: str) -> list[Step]:
    """The steps that stand alone, and one for the others; a single other stands alone too."""
    others = [step for step in steps if id(step) not in alone]
    if len(others) < 2:
        return steps
    whole = math.fsum(step.amount for step in others)
    return [*(step for step in steps if id(step) in alone), Step(counted(key, key, len(others)), whole)]


def page(data: ChartData, style: Style) -> Figure:
    """The chart with its texts."""
    names = _names(data, style)
    up = data.metric_after > data.metric_before
    note = style.sentences(style.say("waterfall_note", **style.metric_words(data.metric)), _more_words(data, style))
    figure, axes = framed(
        style,
        style.say("waterfall_title_up" if up else "waterfall_title"),
        summary(data, style),
        [note],
        style.footer(data.title),
        HEADING + names.height * (len(names.rows) + 0.4),
        Margins(left=names.left, top=HEADING),
    )
    draw(data, axes, style)
    return figure


def _more_words(data: ChartData, style: Style) -> str:
    """What hatched steps and thin lines mean, where there are some."""
    rising = any(step.amount > 0 and step.label.id != REST for step in shown_steps(data))
    there = data.metric_after_range
    return style.sentences(
        style.say("waterfall_note_up") if rising else "",
        style.say("whisker") if there or data.metric_before_range else "",
        style.say("kinder") if there and there[0] > data.metric_after else "",
    )


def draw(data: ChartData, axes: Axes, style: Style) -> Axes:
    """Draw the steps; a bar's width is the step's amount, its left end the lower of the two levels."""
    names = _names(data, style)
    n_rows = len(names.rows)
    bars = _bars(data)
    bare(axes)
    axes.set_ylim(n_rows - 0.4, -0.6)
    ends = (
        (0, data.before, data.metric_before, data.metric_before_range),
        (n_rows - 1, "after", data.metric_after, data.metric_after_range),
    )
    limits = [target.limit for target in data.targets if not target.scope and target.metric_name == data.metric]
    _set_width(axes, data, bars, limits, style)
    axes.plot([0, 0], [-0.6, n_rows - 0.4], color=SECONDARY, linewidth=0.8, zorder=3)
    for level in range(n_rows):
        names.put(axes, level, level, style)
    for level, key, value, whisker in ends:
        colour = RESIDUAL if key == "after" else TODAY if key == "today" else INHERENT
        (bar,) = axes.barh(level, value, height=0.62, color=colour, zorder=2)
        bar.set_gid(f"end-{key}")
        if whisker:
            _draw_range(axes, whisker, level, f"range:{key}")
        _put_value(axes, style, style.amount(value), max(value, whisker[1] if whisker else 0.0), level, BODY)
    for level, step in enumerate(bars, start=1):
        _draw_step(axes, step, level, style)
    for level, value in enumerate([data.metric_before, *(step.end for step in bars)]):
        axes.plot([value, value], [level + 0.31, level + 0.69], color=SECONDARY, linewidth=0.7, zorder=1)
    for limit in limits[:1]:
        _draw_target(axes, limit, n_rows, style)
    return axes


def _bars(data: ChartData) -> list[_Bar]:
    bars, level = [], data.metric_before
    for step in shown_steps(data):
        bars.append(_Bar(step, level, level + step.amount))
        level += step.amount
    return bars


def _names(data: ChartData, style: Style) -> Names:
    rows = [Row("", style.say(data.before), strong=True)]
    for step in shown_steps(data):
        if step.label.id == REST and not step.label.title_en:
            rows.append(Row("", style.say("unattributed")))
        elif step.label.id in OTHERS:
            rows.append(Row("", style.title(step.label)))
        else:
            rows.append(Row(*style.names(step.label)))
    rows.append(Row("", style.say("after"), strong=True))
    return Names.of(rows, NAME_WIDTH, style)


def _set_width(axes: Axes, data: ChartData, bars: list[_Bar], limits: list[float], style: Style) -> None:
    """Leave room for the values beside the longest bar."""
    width, _ = axes_size(axes)
    ranges = [top for whisker in (data.metric_before_range, data.metric_after_range) if whisker for top in whisker]
    top = max([data.metric_before, data.metric_after, *(bar.end for bar in bars), *ranges, *limits[:1]]) or 1.0
    low = min([0.0, *(bar.end for bar in bars)])
    texts = [
        style.amount(data.metric_before),
        style.amount(data.metric_after),
        *(style.signed(bar.step.amount) for bar in bars),
    ]
    room = max(style.width(text, BODY) for text in texts) + 12
    axes.set_xlim(low, low + (top - low) * width / max(width - room, 40.0))


def _draw_range(axes: Axes, whisker: tuple[float, float], level: float, label: str) -> None:
    from matplotlib.patheffects import withStroke

    axes.plot(
        whisker,
        [level, level],
        color=INK,
        linewidth=1.1,
        marker="|",
        markersize=6,
        zorder=5,
        label=label,
        path_effects=[withStroke(linewidth=2.6, foreground=PAPER)],
    )


def _put_value(axes: Axes, style: Style, text: str, end: float, level: float, size: float) -> None:
    plain = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
    style.put(axes, text, (end, level), (5, 0), fontsize=size, zorder=6, bbox=plain)


def _draw_step(axes: Axes, step: _Bar, level: int, style: Style) -> None:
    up = step.end > step.start
    (bar,) = axes.barh(
        level,
        abs(step.end - step.start),
        left=min(step.start, step.end),
        height=0.62,
        color=PAPER if up else SAVED,
        edgecolor=INHERENT if up else SAVED,
        hatch="////" if up else None,
        linewidth=0.9 if up else 0.0,
        zorder=2,
    )
    bar.set_gid(f"step-{step.step.label.id}")
    _put_value(axes, style, style.signed(step.step.amount), max(step.start, step.end), level, SMALL)


def _draw_target(axes: Axes, limit: float, n_rows: int, style: Style) -> None:
    axes.plot(
        [limit, limit], [-0.6, n_rows - 0.4], color=TARGET, linewidth=1.2, linestyle=(0, (4, 3)), zorder=4, label="target"
    )
    width, _ = axes_size(axes)
    low, high = axes.get_xlim()
    text = style.say("target", limit=style.amount(limit))
    place = (limit - low) / (high - low) * width
    shift = min(0.0, width - place - style.width(text, SMALL))
    style.put(
        axes, text, (limit, 1), (max(shift, -place) if shift else 0.0, 9), xycoords=axes.get_xaxis_transform(), fontsize=SMALL
    )
    axes.axhline(n_rows - 1.5, color=RULE, linewidth=0.6, zorder=0)
