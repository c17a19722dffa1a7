"""What the plan costs, measure by measure: what is paid once this year, and every year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenbin.reporting.chart_data import Change, ChartData, CostKind, CostRow
from tenbin.reporting.charts.rows import Names, Row, counted
from tenbin.reporting.frame import Margins, axes_size, bare, framed
from tenbin.reporting.palette import COST, INK, PAPER, RULE, SECONDARY
from tenbin.reporting.style import BODY, SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

NAME_WIDTH = 204.0
"""Points for a row's id and title."""

MOST_ROWS = 24
"""Measures shown one by one; the cheapest past them are gathered, so that the chart fits a page."""

HEADING = 26.0
BESIDE, BETWEEN = 8.0, 14.0
"""Points round a bar's label, and between the two columns."""

OTHERS = "others"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where the column of yearly costs begins, and the axes' ends, in the unit of the bars."""

    yearly_from: float
    left: float
    right: float


def summary(data: ChartData, style: Style) -> str:
    """The chart in a sentence."""
    key = "costs_lead_subsidy" if any(row.kind is CostKind.SUBSIDY for row in data.costs) else "costs_lead"
    if not data.costs:
        return style.say("no_costs")
    capex, yearly = _totals(data)
    return style.say(key, capex=style.amount(capex), yearly=style.amount(yearly))


def page(data: ChartData, style: Style) -> Figure:
    """The chart with its texts."""
    shown = _shown(data)
    names = _names(shown, style)
    height = HEADING + names.height * (len(shown) + 1.3)
    note = style.say("costs_note")
    if any(row.saved for row in shown):
        note = style.sentences(note, style.say("costs_saved_note"))
    figure, axes = framed(
        style,
        style.say("costs_title"),
        summary(data, style),
        [note],
        style.footer(data.title),
        height,
        Margins(left=names.left, top=HEADING),
    )
    draw(data, axes, style)
    return figure


def draw(data: ChartData, axes: Axes, style: Style) -> Axes:
    """Draw the rows; the bars of both columns are in the case's currency, so that their widths compare."""
    shown = _shown(data)
    names = _names(shown, style)
    bare(axes)
    axes.set_ylim(len(shown) + 0.8, -0.5)
    scale = _scale(shown, data, axes, style)
    axes.set_xlim(scale.left, scale.right)
    for column, start in (("capex", 0.0), ("yearly", scale.yearly_from)):
        style.put(axes, style.say(column), (start, 1), (0, 12), xycoords=axes.get_xaxis_transform(), fontsize=BODY, color=INK)
        axes.plot([start, start], [-0.5, len(shown) - 0.5], color=SECONDARY, linewidth=0.8, zorder=3)
    for level, row in enumerate(shown):
        names.put(axes, level, level, style)
        _draw_bars(axes, row, level, scale, style)
    _draw_totals(axes, data, names, scale, style)
    return axes


def _totals(data: ChartData) -> tuple[float, float]:
    return sum(row.capex for row in data.costs), sum(row.yearly for row in data.costs)


def _size(row: CostRow) -> float:
    return abs(row.capex) + abs(row.yearly) + row.saved


def _shown(data: ChartData) -> list[CostRow]:
    """Measures by what the plan does with them, the dearest first; then what they share; then subsidies."""
    measures = sorted((row for row in data.costs if row.kind is CostKind.MEASURE), key=lambda row: (-_size(row), row.label.id))
    kept, rest = measures, list[CostRow]()
    if len(measures) > MOST_ROWS:
        kept, rest = measures[: MOST_ROWS - 1], measures[MOST_ROWS - 1 :]
    order = list(Change)
    kept = sorted(kept, key=lambda row: order.index(row.change) if row.change else len(order))
    if rest:
        sums = (sum(row.capex for row in rest), sum(row.yearly for row in rest), sum(row.saved for row in rest))
        kept.append(CostRow(counted(OTHERS, "others", len(rest)), sums[0], sums[1], saved=sums[2]))
    for kind in (CostKind.SHARED, CostKind.SUBSIDY):
        kept += sorted((row for row in data.costs if row.kind is kind), key=lambda row: (-_size(row), row.label.id))
    return kept


def _texts(row: CostRow, style: Style) -> Row:
    word = style.say(row.change.value) if row.change else ""
    if row.kind is not CostKind.MEASURE:
        word = style.say(row.kind.value)
    if row.label.id == OTHERS:
        return Row("", style.title(row.label), word)
    title, identity = style.title(row.label), style.literal(row.label.id)
    if row.level and row.kind is CostKind.MEASURE:
        level = style.literal(row.level)
        title += f"（{level}）" if style.lang == "ja" else f" ({level})"
    if row.kind is not CostKind.MEASURE:
        return Row("", title, word)
    return Row(identity, "" if title == identity else title, word)


def _names(shown: list[CostRow], style: Style) -> Names:
    return Names.of([*(_texts(row, style) for row in shown), Row("", style.say("total"), strong=True)], NAME_WIDTH, style)


def _label(amount: float, style: Style) -> str:
    return style.amount(amount) if amount else "–"


def _scale(shown: list[CostRow], data: ChartData, axes: Axes, style: Style) -> _Scale:
    """Divide the axes' width: every label gets the points it needs, the bars of both columns the rest at one scale."""
    capex_total, yearly_total = _totals(data)
    once = [(max(row.capex, 0.0), style.width(_label(row.capex, style), SMALL) + BESIDE) for row in shown]
    once += [(0.0, style.width(text, BODY) + BESIDE) for text in (style.amount(capex_total), style.say("capex"))]
    each = [(max(row.yearly, row.saved, 0.0), style.width(_yearly_label(row, style), SMALL) + BESIDE) for row in shown]
    each += [(0.0, style.width(text, BODY) + BESIDE) for text in (style.amount(yearly_total), style.say("yearly"))]
    below = max(0.0, *(-row.capex for row in shown)) if shown else 0.0
    total = below + max(bar for bar, _ in once) + max(bar for bar, _ in each) or 1.0
    width, _ = axes_size(axes)

    def used(points: float) -> float:
        columns = (max(bar * points + label for bar, label in column) for column in (once, each))
        return below * points + sum(columns) + BETWEEN

    low, high = 1.0 / total, width / total
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if used(middle) <= width else (low, middle)
    yearly_from = (max(bar * low + label for bar, label in once) + BETWEEN) / low
    return _Scale(yearly_from, -below, width / low - below)


def _yearly_label(row: CostRow, style: Style) -> str:
    if row.saved and not row.yearly:
        return style.say("saves", amount=style.amount(row.saved))
    return _label(row.yearly, style) if row.kind is not CostKind.SUBSIDY else ""


def _draw_bars(axes: Axes, row: CostRow, level: int, scale: _Scale, style: Style) -> None:
    for column, amount, start in (("capex", row.capex, 0.0), ("yearly", row.yearly, scale.yearly_from)):
        colour = COST if amount >= 0 else PAPER
        (bar,) = axes.barh(
            level,
            amount,
            height=0.56,
            left=start,
            color=colour,
            edgecolor=COST,
            linewidth=0.9 if amount < 0 else 0.0,
            hatch="////" if amount < 0 else None,
            zorder=2,
        )
        bar.set_gid(f"{column}-{row.kind.value}-{row.label.id}")
    if row.saved:
        (outline,) = axes.barh(
            level,
            row.saved,
            height=0.56,
            left=scale.yearly_from,
            color="none",
            edgecolor=COST,
            linewidth=0.9,
            linestyle=(0, (3, 2)),
        )
        outline.set_gid(f"saved-{row.kind.value}-{row.label.id}")
    style.put(
        axes,
        _label(row.capex, style),
        (max(row.capex, 0.0), level),
        (4, 0),
        fontsize=SMALL,
        color=INK if row.capex else SECONDARY,
    )
    each = _yearly_label(row, style)
    if each:
        end = scale.yearly_from + max(row.yearly, row.saved, 0.0)
        style.put(axes, each, (end, level), (4, 0), fontsize=SMALL, color=INK if row.yearly or row.saved else SECONDARY)


def _draw_totals(axes: Axes, data: ChartData, names: Names, scale: _Scale, style: Style) -> None:
    n_rows = len(names.rows) - 1
    level = n_rows + 0.25
    names.put(axes, n_rows, level, style)
    width, _ = axes_size(axes)
    start = scale.left - names.left * (scale.right - scale.left) / width
    axes.plot([start, scale.right], [n_rows - 0.4, n_rows - 0.4], color=RULE, linewidth=0.8, clip_on=False)
    capex, yearly = _totals(data)
    style.put(axes, style.amount(capex), (0.0, level), (4, 0), fontsize=BODY)
    style.put(axes, style.amount(yearly), (scale.yearly_from, level), (4, 0), fontsize=BODY)
