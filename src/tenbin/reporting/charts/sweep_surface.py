"""Budget by risk: what the plans of a sweep leave, or cost, over two of its axes; the darker a cell, the more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tenbin.reporting.charts.matrix import Matrix
from tenbin.reporting.frame import framed
from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.palette import PAPER, SECONDARY, heat, readable_on
from tenbin.reporting.style import Style
from tenbin.reporting.sweep_data import SurfaceData

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

LEAST = 0.08
"""The ground of the lowest value: none is what a missing one has."""


def summary(data: SurfaceData, style: Style) -> str:
    """How far the surface reaches, and where."""
    if not np.isfinite(data.values).any():
        return style.say("sweep_curves_none")
    ends = {}
    for name, find in (("low", np.nanargmin), ("high", np.nanargmax)):
        row, column = np.unravel_index(int(find(data.values)), data.values.shape)
        ends[name] = style.amount(float(data.values[row, column]))
        ends[f"{name}_at"] = ", ".join(style.literal(text) for text in (data.columns[column], data.rows[row]))
    if data.is_cost:
        return style.say("sweep_surface_lead_cost", **ends)
    return style.say("sweep_surface_lead_risk", what=_what(data, style), **ends)


def page(data: SurfaceData, style: Style) -> Figure:
    """The chart with its texts; wider than the page where there are many columns."""
    matrix = Matrix(data.rows, data.columns, style)
    notes = [
        style.say(
            "sweep_surface_note",
            what=_what(data, style),
            row=style.literal(data.row_axis),
            column=style.literal(data.column_axis),
        )
    ]
    if data.averaged:
        axes_words = style.say("sweep_axes", axes=[style.literal(name) for name in data.averaged])
        notes.append(style.say("sweep_surface_median", axes=axes_words))
    if data.n_rows > len(data.rows) or data.n_columns > len(data.columns):
        sizes = {"rows": len(data.rows), "n_rows": data.n_rows, "columns": len(data.columns), "n_columns": data.n_columns}
        notes.append(style.say("sweep_surface_more", **sizes))
    if data.n_foreign:
        notes.append(style.say("sweep_curves_foreign", n=data.n_foreign))
    if data.n_missing:
        notes.append(style.say("sweep_curves_missing", n=data.n_missing))
    figure, axes = framed(
        style,
        style.say("sweep_surface_title"),
        summary(data, style),
        [style.sentences(*notes)],
        style.footer(data.title),
        matrix.height,
        matrix.margins,
        matrix.width,
    )
    draw(data, axes, style)
    return figure


def draw(data: SurfaceData, axes: Axes, style: Style) -> Axes:
    """Draw a cell for each pair of values: the median of its points, or that none has a plan."""
    there = data.values[np.isfinite(data.values)]
    low, high = (float(there.min()), float(there.max())) if there.size else (0.0, 0.0)

    def cell(row: int, column: int) -> tuple[str, str, str]:
        value = float(data.values[row, column])
        if not math.isfinite(value):
            return "—", SECONDARY, PAPER
        ground = heat(LEAST + (1 - LEAST) * ((value - low) / (high - low) if high > low else 0.0))
        return style.amount(value), readable_on(ground), ground

    over = style.say("sweep_surface_over", row=style.literal(data.row_axis), column=style.literal(data.column_axis))
    Matrix(data.rows, data.columns, style).draw(axes, over, cell)
    return axes


def _what(data: SurfaceData, style: Style) -> str:
    return style.say("sweep_surface_cost") if data.is_cost else metric_short(data.metric, style.lang)
