"""The frontier: what each level of risk costs a year at best, with today, the knee and the least total marked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.charts.cost_axis import CostAxis, draw_axes, value_texts
from tenbin.reporting.charts.key import STAR, STAR_SIZE
from tenbin.reporting.charts.placing import Placer
from tenbin.reporting.frame import Margins, axes_size, framed
from tenbin.reporting.frontier_data import FrontierData, FrontierMark, knee_gains
from tenbin.reporting.metric_words import metric_short
from tenbin.reporting.palette import INK, PAPER, RESIDUAL, SECONDARY, TODAY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

BODY_HEIGHT = 330.0
HEAD = 20.0
ASIDE = 4.0
"""Points that a range stands beside its point, where the step's own line is not."""

HEADROOM = 1.1
"""Of the highest mark, so that its label has a place."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A mark with its words and its shape; marks at the same place share one label."""

    mark: FrontierMark
    names: tuple[str, ...]
    colour: str
    shape: str


def summary(data: FrontierData, style: Style) -> str:
    """The chart in a sentence: the run's own, or from where to where the curve goes."""
    given = " ".join((data.sentence_ja if style.lang == "ja" else data.sentence_en).split())
    if given and style.fonts.covers(given.replace(" ", "")):
        return given
    first, last = data.plans[0], data.plans[-1]
    return style.say(
        "frontier_lead" if len(data.plans) > 1 else "frontier_lead_one",
        metric=_metric(data, style),
        **{"from": style.amount(first.cost), "to": style.amount(last.cost)},
        before=style.amount(first.value),
        after=style.amount(last.value),
    )


def page(data: FrontierData, style: Style) -> Figure:
    """The chart with its texts."""
    note = style.sentences(
        style.say("frontier_note", trials=f"{data.n_trials:,}", **style.metric_words(data.metric)),
        _knee_words(data, style),
        _outside_words(data, style),
    )
    top = _top(data)
    left = max(style.width(text, SMALL) for text in value_texts(top, style).values()) + 10
    figure, axes = framed(
        style,
        style.say("frontier_title"),
        summary(data, style),
        [note],
        style.footer(data.title),
        BODY_HEIGHT + HEAD,
        Margins(left=left, right=8, top=HEAD, bottom=36),
    )
    draw(data, axes, style)
    return figure


def draw(data: FrontierData, axes: Axes, style: Style) -> Axes:
    """Draw plans as steps with their points, ranges as thin bars, and what is marked."""
    from matplotlib.transforms import offset_copy

    scale = CostAxis.of([mark.cost for mark in data.marks], axes_size(axes)[0])
    top = _top(data)
    draw_axes(axes, style, scale, top, _metric(data, style))
    plans = data.plans
    costs, values = [mark.cost for mark in plans], [mark.value for mark in plans]
    how: dict[str, Any] = {"color": RESIDUAL, "zorder": 3}
    axes.plot(
        [*costs, scale.right], [*values, values[-1]], drawstyle="steps-post", linewidth=1.1, alpha=0.7, label="steps", **how
    )
    axes.plot(costs, values, "o", markersize=4.5, mec=PAPER, mew=0.5, label="plans", **{**how, "zorder": 5}, clip_on=False)
    beside = offset_copy(axes.transData, axes.get_figure(root=True), ASIDE, 0, units="points")
    for n, mark in enumerate(plans):
        if mark.outside and mark.outside[0] < mark.outside[1]:
            axes.plot(
                [mark.cost, mark.cost],
                mark.outside,
                color=SECONDARY,
                linewidth=0.9,
                marker="_",
                markersize=4,
                zorder=2,
                label=f"range:{n}",
                transform=beside,
            )
    if data.today and data.at_best and data.at_best.cost < data.today.cost:
        arrow = {"arrowstyle": "-|>", "color": TODAY, "linewidth": 1.1, "shrinkA": 4, "shrinkB": 3, "mutation_scale": 9}
        axes.annotate(
            "",
            (data.at_best.cost, data.at_best.value),
            xytext=(data.today.cost, data.today.value),
            arrowprops=arrow,
            zorder=6,
        ).set_gid("arrow")
    _draw_names(data, axes, style, scale, top)
    return axes


def _knee_words(data: FrontierData, style: Style) -> str:
    """What money takes off before and past the knee, in numbers."""
    gains = knee_gains([(plan.cost, plan.value) for plan in data.plans], data.knee)
    if gains is None:
        return ""
    amounts = {"before": style.tick(gains.before), "after": style.tick(gains.after)}
    return style.say("frontier_note_knee", unit=style.tick(gains.unit), **amounts)


def _outside_words(data: FrontierData, style: Style) -> str:
    """What the ranges are of, and why they lie above their points where they do."""
    if not any(mark.outside and mark.outside[0] < mark.outside[1] for mark in data.plans):
        return ""
    kinder = style.say("kinder") if data.kinder else ""
    return style.sentences(style.say("frontier_note_outside", years=f"{data.n_outside:,}"), kinder)


def _top(data: FrontierData) -> float:
    highest = max(max(mark.value, *(mark.outside or (0.0,))) for mark in data.marks)
    return HEADROOM * highest or 1.0


def _metric(data: FrontierData, style: Style) -> str:
    words = metric_short(data.metric, style.lang)
    return style.say("frontier_scope", metric=words, scope=style.literal(data.scope)) if data.scope else words


def _named(data: FrontierData, style: Style) -> list[_Named]:
    """What is marked, today first; marks of the same plan are one."""
    found: list[_Named] = []

    def add(key: str, mark: FrontierMark | None, colour: str, shape: str) -> None:
        if mark is None:
            return
        name = style.say(f"frontier_{key}")
        for n, other in enumerate(found):
            if math.isclose(other.mark.cost, mark.cost) and math.isclose(other.mark.value, mark.value):
                found[n] = _Named(other.mark, (*other.names, name), colour, shape)
                return
        found.append(_Named(mark, (name,), colour, shape))

    add("today", data.today, TODAY, "D")
    add("own", data.own, RESIDUAL, STAR)
    best = data.at_best
    add("at_best", best if best and data.today and best.cost < data.today.cost else None, RESIDUAL, "o")
    add("least_total", data.plans[data.least_total] if data.least_total is not None else None, INK, "s")
    add("knee", data.plans[data.knee] if data.knee is not None else None, INK, "^")
    return found


def _draw_names(data: FrontierData, axes: Axes, style: Style, scale: CostAxis, top: float) -> None:
    """Name each mark where nothing else stands, with a thin line where the name is not beside it."""
    width, height = axes_size(axes)

    def place(cost: float, value: float) -> tuple[float, float]:
        return scale.across(cost) * width, value / top * height

    placer = Placer(width, height + HEAD - 18)
    plans = data.plans
    for n, mark in enumerate(plans):
        right = plans[n + 1].cost if n + 1 < len(plans) else scale.right
        below = plans[n + 1].value if n + 1 < len(plans) else mark.value
        placer.line(place(mark.cost, mark.value), place(right, mark.value))
        placer.line(place(right, mark.value), place(right, below))
        low, high = mark.outside or (mark.value, mark.value)
        foot, head = place(mark.cost, low), place(mark.cost, high)
        placer.line((foot[0] + ASIDE, foot[1]), (head[0] + ASIDE, head[1]))
    named = _named(data, style)
    if data.today and data.at_best:
        placer.line(place(data.today.cost, data.today.value), place(data.at_best.cost, data.at_best.value))
    for one in named:
        placer.dot(place(one.mark.cost, one.mark.value), 6)
    for one in named:
        own = one.shape == STAR
        looks: dict[str, Any] = {"mfc": one.colour if own else PAPER, "mec": one.colour, "mew": 0.8 if own else 1.5}
        axes.plot(
            [one.mark.cost],
            [one.mark.value],
            one.shape,
            markersize=STAR_SIZE if own else 5.5,
            zorder=7,
            clip_on=False,
            label="mark:" + "+".join(one.names),
            **looks,
        )
        text = "\n".join(
            [*one.names, style.say("frontier_at", cost=style.amount(one.mark.cost), value=style.amount(one.mark.value))]
        )
        lines = text.split("\n")
        size = max(style.width(line, SMALL) for line in lines), (style.line_height - 0.1) * SMALL * len(lines)
        x, y = place(one.mark.cost, one.mark.value)
        left, bottom, end = placer.find((x, y), size)
        arrow = {"arrowstyle": "-", "color": one.colour, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 4, "relpos": end}
        style.put(
            axes,
            text,
            (one.mark.cost, one.mark.value),
            (left - x, bottom + size[1] / 2 - y),
            halo=True,
            color=one.colour,
            fontsize=SMALL,
            va="center",
            zorder=8,
            **({"arrowprops": arrow} if end else {}),
        )
