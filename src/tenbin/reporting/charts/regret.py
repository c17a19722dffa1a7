"""What it costs to have planned for another assumption than the one that comes true: plans by assumptions, the regret in each cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tenbin.reporting.charts.matrix import Matrix
from tenbin.reporting.frame import framed
from tenbin.reporting.palette import INK, PANEL, PAPER, RULE, SECONDARY, heat, readable_on
from tenbin.reporting.style import Style
from tenbin.reporting.sweep_data import RegretData

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]


def summary(data: RegretData, style: Style) -> str:
    """Which plan is regretted least, of all there are and under all assumptions, shown or not."""
    if not data.plans or not data.assumptions:
        return style.say("regret_none")
    n_all, n_unmet, best = len(data.assumptions), data.n_unmet, data.ranking[0]
    misses, worst, plan = int(data.misses[best]), float(data.worst[best]), style.literal(data.spoken[best])
    if n_unmet == n_all:
        return style.say("regret_unmet_all", n=n_all)
    if n_unmet:
        said = style.say("regret_unmet", n=n_unmet, n_all=n_all)
        if misses > n_unmet:
            return style.sentences(said, style.say("regret_rest_missed", plan=plan, n=misses - n_unmet, n_all=n_all - n_unmet))
        return style.sentences(said, style.say("regret_rest", plan=plan, n=n_all - n_unmet, amount=style.amount(worst)))
    if misses:
        return style.say("regret_all_miss", plan=plan, n=misses, n_all=n_all)
    n_plans = int((data.misses == 0).sum())
    if n_plans == 1:
        return style.say(
            "regret_lead_only" if len(data.plans) > 1 else "regret_lead_alone", plan=plan, n=n_all, amount=style.amount(worst)
        )
    return style.say("regret_lead", plan=plan, n=n_all, n_plans=n_plans, amount=style.amount(worst))


def page(data: RegretData, style: Style) -> Figure:
    """The chart with its texts; wider than the page where there are many assumptions."""
    matrix = _matrix(data, style)
    rows, columns = data.drawn
    notes = [
        style.say("regret_note"),
        style.say("regret_of_cost" if data.is_cost else "regret_of_risk"),
        style.say("regret_missed"),
        style.say("regret_framed"),
    ]
    sizes = {"n_plans": len(data.plans), "n_all": len(data.assumptions)}
    hidden = {"plans": sizes["n_plans"] - len(rows), "n": sizes["n_all"] - len(columns)}
    if any(hidden.values()):
        notes.append(style.say("regret_more", **hidden, **sizes))
    if data.n_questions > 1:
        notes.append(style.say("regret_questions", n=data.n_questions))
    asked = style.say("regret_question", question=style.literal(data.question)) if data.question else ""
    figure, axes = framed(
        style,
        style.say("regret_title"),
        style.sentences(asked, summary(data, style)),
        [style.sentences(*notes)],
        style.footer(data.title),
        matrix.height,
        matrix.margins,
        matrix.width,
    )
    draw(data, axes, style)
    return figure


def draw(data: RegretData, axes: Axes, style: Style) -> Axes:
    """Draw a cell for each plan and assumption that there is room for: its regret, or that the question is missed; and in the last column what
    comes of all assumptions.
    """
    from matplotlib.patches import Rectangle

    rows, columns = data.drawn
    shown = np.ix_(rows, columns)
    darkest = float(np.max(np.where(data.held, data.regret, 0.0)[shown], initial=0.0))

    def cell(row: int, column: int) -> tuple[str, str, str]:
        plan = rows[row]
        if column == len(columns):
            misses = int(data.misses[plan])
            text = style.say("regret_n_missed", n=misses) if misses else style.amount(float(data.worst[plan]))
            return text, INK, PANEL
        at = plan, columns[column]
        if data.held[at]:
            value = max(float(data.regret[at]), 0.0)
            ground = heat(value / darkest) if darkest > 0 else PAPER
            return style.amount(value), readable_on(ground), ground
        if data.there[at] and not data.met[at]:
            return style.say("regret_misses"), INK, RULE
        return "—", SECONDARY, PAPER

    words = style.say("sweep_axes", axes=[style.literal(name) for name in data.axes] or ["—"])
    _matrix(data, style).draw(axes, style.say("regret_under", axes=words), cell)
    if rows and columns:
        frame = Rectangle(
            (0, rows.index(data.ranking[0])), len(columns) + 1, 1, fill=False, edgecolor=INK, linewidth=1.2, zorder=5
        )
        frame.set(gid="best", clip_on=False)
        axes.add_patch(frame)
    return axes


def _matrix(data: RegretData, style: Style) -> Matrix:
    rows, columns = data.drawn
    names = [data.assumptions[n] for n in columns]
    return Matrix([data.plans[n] for n in rows], [*names, style.say("regret_at_most", n=len(data.assumptions))], style)
