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
NAMES = 190.0


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
    height = (ONE_ROW if rows == 1 else ROW) * rows + GAP_UP * (rows - 1)
    _, up = _ticks(data, style)
    left = 10.0 + max((style.width(text, SMALL) for text in up.values()), default=0.0)
    top = TOP + LINE * len(key)
    figure, axes = framed(
        style,
        style.say("sweep_curves_title"),
        summary(data, style),
        [style.sentences(*_notes(data, style))],
        style.footer(data.title),
        height + top + BOTTOM,
        Margins(left=left, right=8, top=top, bottom=BOTTOM),
    )
    draw(data, axes, style)
    if key:
        put_key(axes, style, key, -left, top - 8)
    return figure


def _notes(data: CurvesData, style: Style) -> list[str]:
    """What the marks are, and what of the sweep they are not."""
    what = {"metric": metric_short(data.metric, style.lang), "along": _words(data.along, style)}
    notes = [style.say("sweep_curves_scatter" if data.is_scatter else "sweep_curves_note", **what)]
    if data.averaged:
        notes.append(style.say("sweep_curves_median", axes=_words(data.averaged, style)))
    shown = min(data.n_lines, len(SIGNS))
    if data.n_panels > len(data.panels) > 0 or data.n_lines > shown:
        sizes = {"panels": len(data.panels), "n_panels": data.n_panels, "lines": shown, "n_lines": data.n_lines}
        notes.append(style.say("sweep_curves_more", **sizes))
    for key, n in (("hidden", data.n_hidden), ("foreign", data.n_foreign), ("missing", data.n_missing)):
        if n:
            notes.append(style.say(f"sweep_curves_{key}", n=n))
    return notes


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
    panels = data.panels or (CurvePanel("", ()),)  # nothing known yet: the plane alone
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        box = (column * (wide + GAP_ACROSS) / width, 1 - (row * (tall + GAP_UP) + tall) / height, wide / width, tall / height)
        small = axes.inset_axes(box)
        small.set_facecolor("none")
        small.set_xlim(ends[0], ends[1])
        small.set_ylim(ends[2], ends[3])
        rule(small, across, up)
        is_last = number + columns >= len(panels)
        labels = fitting(across, places, wide + 4, style) if is_last else {}
        put_labels(small, style, labels, up if column == 0 else {})
        _draw_panel(data, panel, small, style, wide)
    metric = metric_short(data.metric, style.lang)
    how: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL, "color": INK}
    style.put(axes, metric[0].upper() + metric[1:], (0, 1), (-6, 22 if data.panel_axis else 10), **how)
    style.put(axes, style.say("sweep_curves_along"), (1, 0), (0, -25), ha="right", **how)
    return axes


def _draw_panel(data: CurvesData, panel: CurvePanel, axes: Axes, style: Style, wide: float) -> None:
    if panel.name:
        text = _named(data.panel_axis, panel.name, wide - 4, style)
        style.put(axes, text, (0, 1), (2, 8), xycoords="axes fraction", fontsize=SMALL, color=SECONDARY)
    for (marker, colour), line in zip(SIGNS, panel.lines, strict=False):
        how: dict[str, Any] = {"color": colour, "linewidth": 1.4, "markersize": 4.5, "mfc": PAPER, "mew": 1.2, "zorder": 4}
        joined = f"{marker}-" if data.is_joined else marker
        axes.plot(line.cost, line.value, joined, label=f"line:{panel.name}:{line.name}", clip_on=False, **how)


def _named(axis: str, value: str, wide: float, style: Style) -> str:
    """A value after its axis; where there is little room the axis is cut, as the value tells them apart. A case's name says what it is."""
    name = style.literal(value)
    if axis == "case":
        return style.cut(name, wide, SMALL)
    room = wide - style.width(f" {name}", SMALL)
    return style.cut(f"{style.cut(style.literal(axis), max(room, 0.0), SMALL)} {name}", wide, SMALL)


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
    if not data.line_axis or not data.panels:
        return []
    names = [style.literal(line.name) for line in data.panels[0].lines]
    words = [
        _named(data.line_axis, name, NAMES, style) if n == 0 else style.cut(name, NAMES, SMALL) for n, name in enumerate(names)
    ]
    return [Swatch(text, colour, marker=marker) for (marker, colour), text in zip(SIGNS, words, strict=False)]


def _words(axes: tuple[str, ...], style: Style) -> str:
    return style.say("sweep_axes", axes=[style.literal(name) for name in axes] or ["—"])
