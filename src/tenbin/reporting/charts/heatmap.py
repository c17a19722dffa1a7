"""Where the losses arise: component by layer, before and after side by side, with the amounts in the cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenbin.reporting.chart_data import ChartData, Label
from tenbin.reporting.frame import WIDTH, Margins, axes_size, bare, framed
from tenbin.reporting.palette import INK, RULE, SECONDARY, heat, layer_colour, readable_on
from tenbin.reporting.style import BODY, LEAD, SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

GAP = 0.3
"""Between the two panels, in columns."""

ROW = 33.0
NARROWEST = 62.0
LABEL_LINES = 6
LABEL_WIDTH = 110.0


def summary(data: ChartData, style: Style) -> str:
    """The chart in a sentence."""
    before, after = float(data.heat_before.sum()), float(data.heat_after.sum())
    key = "heatmap_lead" if style.amount(before) != style.amount(after) else "heatmap_lead_same"
    return style.say(key, before=style.amount(before), after=style.amount(after), change=style.change(before, after))


def page(data: ChartData, style: Style) -> Figure:
    """The chart with its texts; wider than the page when there are many layers."""
    left = _row_width(data, style) + 8
    n_columns = 2 * len(data.layers) + GAP
    width = max(WIDTH, left + n_columns * NARROWEST + 2 * 16)
    column = (width - 2 * 16 - left) / n_columns
    lines = max((len(_heading(style, layer, column)) for layer in data.layers), default=1)
    top = 26 + lines * SMALL * style.line_height + 10
    figure, axes = framed(
        style,
        style.say("heatmap_title"),
        summary(data, style),
        [style.say("heatmap_note")],
        style.footer(data.title),
        top + ROW * max(len(data.components), 1),
        Margins(left=left, top=top),
        width,
    )
    draw(data, axes, style)
    return figure


def draw(data: ChartData, axes: Axes, style: Style) -> Axes:
    """Draw both panels into the axes; headings and row names stand outside them."""
    from matplotlib.patches import Rectangle

    n_layers, n_components = len(data.layers), len(data.components)
    bare(axes)
    axes.set_xlim(0, 2 * n_layers + GAP)
    axes.set_ylim(max(n_components, 1), 0)
    width, _ = axes_size(axes)
    column = width / (2 * n_layers + GAP)
    darkest = max(float(data.heat_before.max(initial=0.0)), float(data.heat_after.max(initial=0.0)))
    row_width = _row_width(data, style)
    for c, component in enumerate(data.components):
        style.put(axes, style.cut(style.title(component), row_width, BODY), (0, c + 0.5), (-8, 0), ha="right")
    for key, cells, start in ((data.before, data.heat_before, 0.0), ("after", data.heat_after, n_layers + GAP)):
        _draw_heading(axes, style, data, style.say(key), float(cells.sum()), start, column)
        for layer in range(n_layers):
            for c in range(n_components):
                value = float(cells[layer, c])
                colour = heat(value / darkest if darkest else 0.0)
                cell = Rectangle((start + layer, c), 1, 1, facecolor=colour, edgecolor="#FFFFFF", linewidth=1.5)
                cell.set_gid(f"cell-{key}-{data.layers[layer].id}-{data.components[c].id}")
                axes.add_patch(cell)
                text = style.amount(value) if value else "0"
                size = min(BODY, BODY * (column - 6) / max(style.width(text, BODY), 1e-9))
                style.put(axes, text, (start + layer + 0.5, c + 0.5), ha="center", fontsize=size, color=readable_on(colour))
        outline = Rectangle((start, 0), n_layers, n_components, facecolor="none", edgecolor=RULE, linewidth=0.8)
        axes.add_patch(outline)
    return axes


def _row_width(data: ChartData, style: Style) -> float:
    return min(max((style.width(style.title(component), BODY) for component in data.components), default=0.0), LABEL_WIDTH)


def _heading(style: Style, layer: Label, column: float) -> list[str]:
    """``Layer 1`` and below it the layer's title, as far as six lines go."""
    number, title = style.say("layer", id=style.literal(layer.id)), style.title(layer)
    if title in (number, layer.id):
        return style.lines(number, column - 8, SMALL, 2)
    title = title.removeprefix(number).lstrip(" 　:：")
    return [style.cut(number, column - 8, SMALL), *style.even_lines(title, column - 8, SMALL, LABEL_LINES)]


def _draw_heading(axes: Axes, style: Style, data: ChartData, name: str, total: float, start: float, column: float) -> None:
    headings = [_heading(style, layer, column) for layer in data.layers]
    tallest = max((len(lines) for lines in headings), default=0) * SMALL * style.line_height
    text = style.say("heatmap_panel", name=name, total=style.amount(total))
    style.put(axes, text, (start, 0), (0, tallest + 24), fontsize=LEAD, color=INK)
    for index, lines in enumerate(headings):
        for number, line in enumerate(lines):
            level = tallest + 8 - (number + 0.6) * SMALL * style.line_height
            style.put(
                axes,
                line,
                (start + index + 0.5, 0),
                (0, level),
                ha="center",
                fontsize=SMALL,
                color=INK if number == 0 and len(lines) > 1 else SECONDARY,
            )
        axes.plot(
            [start + index + 0.04, start + index + 0.96],
            [0, 0],
            color=layer_colour(index),
            linewidth=3,
            solid_capstyle="butt",
            clip_on=False,
            zorder=4,
        )
