"""What it costs to have planned for another assumption than the one that comes true: plans by assumptions, the regret in each cell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.reporting.frame import WIDTH, Margins, axes_size, bare, framed
from tenbin.reporting.palette import INK, PAPER, SECONDARY, heat, readable_on
from tenbin.reporting.style import SMALL, Style
from tenbin.reporting.sweep_data import RegretData

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

ROW, LINE = 26.0, 11.0
NAMES, NARROWEST = 150.0, 52.0
HEADING_LINES, NAME_LINES = 4, 2


def summary(data: RegretData, style: Style) -> str:
    """Which plan is regretted least, whatever comes."""
    if not len(data.plans):
        return style.say("regret_none")
    worst = data.worst
    best = int(np.argmin(worst))
    if not math.isfinite(worst[best]):
        fewest = (~data.met).sum(axis=1)
        return style.say("regret_all_miss", plan=style.literal(data.plans[int(np.argmin(fewest))]), n=int(fewest.min()))
    return style.say("regret_lead", plan=style.literal(data.plans[best]), amount=style.amount(max(float(worst[best]), 0.0)))


def page(data: RegretData, style: Style) -> Figure:
    """The chart with its texts; wider than the page where there are many assumptions."""
    left = _left(data, style)
    n_columns = max(len(data.assumptions), 1)
    width = max(WIDTH, left + n_columns * NARROWEST + 32)
    column = (width - 32 - left) / n_columns
    lines = max((len(_heading(style, text, column)) for text in data.assumptions), default=1)
    top = 26 + lines * LINE
    notes = [
        style.say("regret_note"),
        style.say("regret_of_cost" if data.is_cost else "regret_of_risk"),
        style.say("regret_missed"),
    ]
    if data.n_plans > len(data.plans) or data.n_assumptions > len(data.assumptions):
        sizes = {"plans": len(data.plans), "n_plans": data.n_plans, "n": len(data.assumptions), "n_all": data.n_assumptions}
        notes.append(style.say("regret_more", **sizes))
    if data.n_questions > 1:
        notes.append(style.say("regret_questions", n=data.n_questions))
    footer = " · ".join(part for part in ("tenbin", style.title(data.title)) if part)
    figure, axes = framed(
        style,
        style.say("regret_title"),
        style.sentences(style.say("regret_question", question=style.literal(data.question)), summary(data, style)),
        [style.sentences(*notes)],
        footer + ("　" if style.lang == "ja" else "   ") + style.say("footer"),
        top + ROW * max(len(data.plans), 1),
        Margins(left=left, top=top),
        width,
    )
    draw(data, axes, style)
    return figure


def draw(data: RegretData, axes: Axes, style: Style) -> Axes:
    """Draw a cell for each plan and assumption: its regret, hatched where the question is missed."""
    from matplotlib.patches import Rectangle

    n_rows, n_columns = data.regret.shape
    bare(axes)
    axes.set_xlim(0, max(n_columns, 1))
    axes.set_ylim(max(n_rows, 1), 0)
    column = axes_size(axes)[0] / max(n_columns, 1)
    left = _left(data, style)
    shown = np.where(data.met, data.regret, 0.0)
    darkest = float(np.nanmax(shown, initial=0.0))
    for row, name in enumerate(data.plans):
        lines = style.even_lines(style.literal(name), left - 10, SMALL, NAME_LINES)
        for n, line in enumerate(lines):
            up = ((len(lines) - 1) / 2 - n) * LINE
            style.put(axes, line, (0, row + 0.5), (-8, up), ha="right", fontsize=SMALL)
        for at in range(n_columns):
            value, met = float(data.regret[row, at]), bool(data.met[row, at])
            is_there = math.isfinite(value)
            colour = heat(max(value, 0.0) / darkest) if met and is_there and darkest > 0 else PAPER
            cell = Rectangle((at, row), 1, 1, facecolor=colour, edgecolor=PAPER, linewidth=1.5)
            cell.set_gid(f"cell-{row}-{at}")
            axes.add_patch(cell)
            how: dict[str, Any] = {"ha": "center", "color": readable_on(colour) if met else SECONDARY}
            text = "—" if not is_there else style.amount(value) if met else style.say("regret_misses")
            size = min(SMALL, SMALL * (column - 6) / max(style.width(text, SMALL), 1e-9))
            style.put(axes, text, (at + 0.5, row + 0.5), fontsize=size, **how)
    for at, text in enumerate(data.assumptions):
        lines = _heading(style, text, column)
        for n, line in enumerate(lines):
            level = 6 + (len(lines) - 1 - n) * LINE
            style.put(axes, line, (at + 0.5, 0), (0, level), ha="center", fontsize=SMALL, color=INK)
    axes_words = style.say("sweep_axes", axes=[style.literal(name) for name in data.axes] or ["—"])
    most = max((len(_heading(style, text, column)) for text in data.assumptions), default=1)
    words = style.cut(style.say("regret_under", axes=axes_words), axes_size(axes)[0] + left, SMALL)
    style.put(axes, words, (0, 0), (-left, 14 + most * LINE), fontsize=SMALL, color=SECONDARY)
    return axes


def _left(data: RegretData, style: Style) -> float:
    """Room for the names of the plans, broken into two lines."""
    widest = max((style.width(style.literal(name), SMALL) for name in data.plans), default=0.0)
    return min(max(widest / (1 if widest < NAMES else 1.7), 60.0), NAMES) + 10


def _heading(style: Style, text: str, column: float) -> list[str]:
    return style.even_lines(style.literal(text), column - 6, SMALL, HEADING_LINES)
