"""What it costs to have planned for another assumption than the one that comes true: plans by assumptions, the regret in each cell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tenbin.reporting.charts.matrix import Matrix
from tenbin.reporting.frame import framed
from tenbin.reporting.palette import PAPER, SECONDARY, heat, readable_on
from tenbin.reporting.style import Style
from tenbin.reporting.sweep_data import RegretData

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]


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
    matrix = Matrix(data.plans, data.assumptions, style)
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
    figure, axes = framed(
        style,
        style.say("regret_title"),
        style.sentences(style.say("regret_question", question=style.literal(data.question)), summary(data, style)),
        [style.sentences(*notes)],
        style.footer(data.title),
        matrix.height,
        matrix.margins,
        matrix.width,
    )
    draw(data, axes, style)
    return figure


def draw(data: RegretData, axes: Axes, style: Style) -> Axes:
    """Draw a cell for each plan and assumption: its regret, or that the question is missed."""
    darkest = float(np.nanmax(np.where(data.met, data.regret, 0.0), initial=0.0))

    def cell(row: int, column: int) -> tuple[str, str, str]:
        value, met = float(data.regret[row, column]), bool(data.met[row, column])
        is_there = math.isfinite(value)
        ground = heat(max(value, 0.0) / darkest) if met and is_there and darkest > 0 else PAPER
        text = "—" if not is_there else style.amount(value) if met else style.say("regret_misses")
        return text, readable_on(ground) if met else SECONDARY, ground

    words = style.say("sweep_axes", axes=[style.literal(name) for name in data.axes] or ["—"])
    Matrix(data.plans, data.assumptions, style).draw(axes, style.say("regret_under", axes=words), cell)
    return axes
