"""Cost against risk over a sweep, in small multiples on common scales."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.reporting.charts.key import Swatch, key_rows, put_key
from tenbin.reporting.charts.scales import even_ticks, fitting, put_labels, rule
from tenbin.reporting.frame import WIDTH, Margins, axes_size, bare, framed
from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.palette import COST, INHERENT, INK, LAYERS, PAPER, RESIDUAL, SECONDARY
from tenbin.reporting.style import SMALL, Style
from tenbin.reporting.sweep_data import CurvePanel, CurvesData

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

SIGNS = (("o", RESIDUAL), ("s", COST), ("^", LAYERS[2]), ("D", INHERENT), ("v", LAYERS[1]))
COLUMNS = 3
ROW, ONE_ROW, GAP_UP, GAP_ACROSS = 150.0, 260.0, 30.0, 12.0
TOP, BOTTOM = 34.0, 34.0
LINE = 14.0


def summary(data: CurvesData, style: Style) -> str:
    """How far cost and risk reach over the sweep."""
    lines = [line for panel in data.panels for line in panel.lines if len(line.cost)]
    if not lines:
        return style.say("sweep_curves_none")
    cost, value = (np.concatenate([getattr(line, name) for line in lines]) for name in ("cost", "value"))
    ends = {"low": style.amount(float(cost.min())), "high": style.amount(float(cost.max()))}
    risks = {"least": style.amount(float(value.min())), "most": style.amount(float(value.max()))}
    return style.say("sweep_curves_lead", metric=metric_short(data.metric, style.lang), **ends, **risks)


def page(data: CurvesData, style: Style) -> Figure:
    """The chart with its texts."""
    rows, _ = _grid(data)
    signs = _swatches(data, style)
    key = key_rows(signs, WIDTH - 32, style) if signs else []
    notes = [style.say("sweep_curves_note", metric=metric_short(data.metric, style.lang), along=_words(data.along, style))]
    if data.averaged:
        notes.append(style.say("sweep_curves_median", axes=_words(data.averaged, style)))
    if data.n_panels > len(data.panels) or data.n_lines > len(SIGNS):
        shown = min(data.n_lines, len(SIGNS))
        notes.append(
            style.say("sweep_curves_more", panels=len(data.panels), n_panels=data.n_panels, lines=shown, n_lines=data.n_lines)
        )
    if data.n_missing:
        notes.append(style.say("sweep_curves_missing", n=data.n_missing))
    height = (ONE_ROW if rows == 1 else ROW) * rows + GAP_UP * (rows - 1)
    _, up = _ticks(data, style)
    left = 10.0 + max((style.width(text, SMALL) for text in up.values()), default=0.0)
    top = TOP + LINE * len(key)
    figure, axes = framed(
        style,
        style.say("sweep_curves_title"),
        summary(data, style),
        [style.sentences(*notes)],
        style.footer(data.title),
        height + top + BOTTOM,
        Margins(left=left, right=8, top=top, bottom=BOTTOM),
    )
    draw(data, axes, style)
    if key:
        put_key(axes, style, key, -left, top - 8)
    return figure


def draw(data: CurvesData, axes: Axes, style: Style) -> Axes:
    """Draw a small chart for each panel into the axes, all on the same scales; names stand over them."""
    bare(axes)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    width, height = axes_size(axes)
    rows, columns = _grid(data)
    wide = (width - GAP_ACROSS * (columns - 1)) / columns
    tall = (height - GAP_UP * (rows - 1)) / rows
    across, up = _ticks(data, style)
    ends = _ends(data)
    places = [wide * (value - ends[0]) / (ends[1] - ends[0]) for value in across]
    for number, panel in enumerate(data.panels):
        row, column = divmod(number, columns)
        box = (column * (wide + GAP_ACROSS) / width, 1 - (row * (tall + GAP_UP) + tall) / height, wide / width, tall / height)
        small = axes.inset_axes(box)
        small.set_facecolor("none")
        small.set_xlim(ends[0], ends[1])
        small.set_ylim(ends[2], ends[3])
        rule(small, across, up)
        is_last = number + columns >= len(data.panels)
        labels = fitting(across, places, wide + 4, style) if is_last else {}
        put_labels(small, style, labels, up if column == 0 else {})
        _draw_panel(panel, small, style, wide)
    metric = metric_short(data.metric, style.lang)
    how: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL, "color": INK}
    style.put(axes, metric[0].upper() + metric[1:], (0, 1), (-6, 22 if data.panel_axis else 10), **how)
    style.put(axes, style.say("sweep_curves_along"), (1, 0), (0, -25), ha="right", **how)
    return axes


def _draw_panel(panel: CurvePanel, axes: Axes, style: Style, wide: float) -> None:
    if panel.name:
        text = style.cut(style.literal(panel.name), wide - 4, SMALL)
        style.put(axes, text, (0, 1), (2, 8), xycoords="axes fraction", fontsize=SMALL, color=SECONDARY)
    for (marker, colour), line in zip(SIGNS, panel.lines, strict=False):
        how: dict[str, Any] = {"color": colour, "linewidth": 1.4, "markersize": 4.5, "mfc": PAPER, "mew": 1.2, "zorder": 4}
        axes.plot(line.cost, line.value, f"{marker}-", label=f"line:{panel.name}:{line.name}", clip_on=False, **how)


def _grid(data: CurvesData) -> tuple[int, int]:
    """Rows and columns of small charts."""
    n = max(len(data.panels), 1)
    columns = min(n, COLUMNS if n != 4 else 2)
    return math.ceil(n / columns), columns


def _ends(data: CurvesData) -> tuple[float, float, float, float]:
    """The ends of the two scales."""
    found: list[float] = []
    for name in ("cost", "value"):
        values = [value for panel in data.panels for line in panel.lines for value in getattr(line, name).tolist()]
        low, high = min(values, default=0.0), max(values, default=0.0)
        low = 0.0 if low > 0 and low < 0.6 * high else low
        room = 0.06 * (high - low) or max(abs(high) * 0.1, 1.0)
        found += [low - room if low else 0.0, high + room]
    return found[0], found[1], found[2], found[3]


def _ticks(data: CurvesData, style: Style) -> tuple[dict[float, str], dict[float, str]]:
    ends = _ends(data)
    return even_ticks(ends[0], ends[1], style), even_ticks(ends[2], ends[3], style)


def _swatches(data: CurvesData, style: Style) -> list[Swatch]:
    names = next((panel.lines for panel in data.panels if len(panel.lines) == max(len(p.lines) for p in data.panels)), ())
    if not data.line_axis:
        return []
    axis = style.literal(data.line_axis)
    return [
        Swatch(
            style.cut(f"{axis}: {style.literal(line.name)}" if n == 0 else style.literal(line.name), 190, SMALL),
            colour,
            marker=marker,
        )
        for n, ((marker, colour), line) in enumerate(zip(SIGNS, names, strict=False))
    ]


def _words(axes: tuple[str, ...], style: Style) -> str:
    return style.say("sweep_axes", axes=[style.literal(name) for name in axes] or ["—"])
