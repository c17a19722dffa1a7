"""Own losses and the laws fitted to them: which share of events costs more than any amount."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.reporting.calibration_data import LawCurve, LossFitData
from tenbin.reporting.charts.calibration_scales import (
    LogScale,
    amount_texts,
    draw_log_axis,
    footer,
    put_heading,
    share_texts,
)
from tenbin.reporting.charts.placing import Placer
from tenbin.reporting.frame import Margins, axes_size, framed
from tenbin.reporting.palette import INHERENT, INK, PAPER, SECONDARY, TARGET
from tenbin.reporting.style import BODY, SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

BODY_HEIGHT = 300.0
HEAD = 22.0
MOST_POINTS = 2000
DOUBTFUL = 0.05
RUNGS = [base * 10.0**power for power in range(7) for base in (1, 2, 5)]
Point = tuple[float, float]

EDGE, FAR_ENOUGH = 8.0, 40.0
"""Points from the foot that a mark keeps; a mark so far from all other curves is as good as any farther."""

CROWDED = 120
FARTHEST = 3.0
"""Times the largest loss that the axis reaches, whatever the laws say."""


def summary(data: LossFitData, style: Style) -> str:
    """What fits, and whether the test has something against it."""
    key = "fit_doubtful" if data.p < DOUBTFUL else "fit_passes"
    return style.say(key, law=style.title(data.laws[0].name), n=f"{len(data.losses):,}", p=f"{data.p:.2g}")


def page(data: LossFitData, style: Style) -> Figure:
    """The chart with its texts."""
    up = share_texts(_lowest(data), style)
    recorded = style.say("fit_above", amount=style.amount(data.above)) if data.above > 0 else ""
    start = style.say("fit_start", amount=style.amount(data.start)) if data.start is not None else ""
    figure, axes = framed(
        style,
        style.say("losses_fit_title"),
        summary(data, style),
        [style.sentences(style.say("fit_note"), start, recorded)],
        footer(data.title, style),
        BODY_HEIGHT + HEAD,
        Margins(left=max(style.width(text, SMALL) for text in up.values()) + 10, right=8, top=HEAD, bottom=36),
    )
    draw(data, axes, style)
    return figure


def draw(data: LossFitData, axes: Axes, style: Style) -> Axes:
    """Draw the losses as points, the chosen law with its range, and the other laws as thin lines."""
    lowest, scale = _lowest(data), _scale(data)
    axes.set_yscale("log")
    axes.set_ylim(lowest, 1.0)
    draw_log_axis(axes, style, scale, amount_texts(scale, style), share_texts(lowest, style))
    put_heading(axes, style, style.say("fit_up"), style.say("fit_along"))
    chosen, *others = data.laws
    axes.fill_betweenx(chosen.chances, data.low, data.high, color=INHERENT, alpha=0.18, linewidth=0, zorder=2, label="range")
    for law in others:
        axes.plot(law.losses, law.chances, color=SECONDARY, linewidth=0.9, zorder=3, label=f"law:{law.name.id}")
    axes.plot(chosen.losses, chosen.chances, color=INHERENT, linewidth=2.0, zorder=4, label=f"law:{chosen.name.id}")
    if data.start is not None:
        axes.plot([data.start] * 2, [lowest, 1], color=TARGET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=3, label="start")
    losses, shares = _points(data)
    size, edge = (3.6, 0.5) if len(losses) <= CROWDED else (2.6, 0.0)
    axes.plot(losses, shares, "o", markersize=size, color=INK, mec=PAPER, mew=edge, zorder=5, clip_on=False, label="losses")
    _draw_names(data, axes, style, scale, lowest)
    return axes


def _points(data: LossFitData) -> tuple[Any, Any]:
    """Each loss at the share of events that exceed it, in the middle of its step; of very many a choice that looks the same."""
    n = len(data.losses)
    shares = (n - np.arange(1, n + 1) + 0.5) / n
    if n <= MOST_POINTS:
        return data.losses, shares
    kept = np.unique(n - np.geomspace(1, n, MOST_POINTS).astype(np.int64))
    return data.losses[kept], shares[kept]


def _lowest(data: LossFitData) -> float:
    """The foot of the scale, a little below the rarest loss."""
    rarest = 0.5 / len(data.losses)
    return next(1 / rung for rung in RUNGS if 1 / rung <= rarest)


def _scale(data: LossFitData) -> LogScale:
    chosen = data.laws[0]
    lowest = _lowest(data)
    most = FARTHEST * float(data.losses[-1])
    tops = [min(_at(law, lowest), most) for law in data.laws]
    return LogScale.around([float(data.losses[0]), float(data.losses[-1]), min(_at(chosen, lowest), most), *tops], 1.1)


def _at(law: LawCurve, chance: float) -> float:
    """The loss that a share of events exceeds, of the points there are."""
    return float(np.interp(-np.log(chance), -np.log(law.chances), law.losses))


def _draw_names(data: LossFitData, axes: Axes, style: Style, scale: LogScale, lowest: float) -> None:
    """Name each law at a dot on its curve, where it is best told from the others."""
    width, height = axes_size(axes)

    def place(loss: float, share: float) -> tuple[float, float]:
        return scale.across(loss) * width, (1 - math.log(min(max(share, lowest), 1.0)) / math.log(lowest)) * height

    placer, seen = Placer(width, height), []
    for law in data.laws:
        inside = (law.losses >= scale.low) & (law.losses <= scale.high) & (law.chances >= lowest)
        points = [(float(x), float(y)) for x, y in zip(law.losses[inside], law.chances[inside], strict=True)]
        seen.append({place(*point): point for point in points})
        for start, end in pairwise(seen[-1]):
            placer.line(start, end)
    for x, y in zip(*_points(data), strict=True):
        placer.dot(place(float(x), float(y)), 2.5)
    drawn = [n for n, points in enumerate(seen) if points]
    marks = {n: _clearest(list(seen[n]), [point for m in drawn if m != n for point in seen[m]], height) for n in drawn}
    for at in marks.values():
        placer.dot(at, 3)
    for n, at in marks.items():
        law = data.laws[n]
        text, size, colour = style.title(law.name), BODY if n == 0 else SMALL, INHERENT if n == 0 else SECONDARY
        axes.plot(
            *([value] for value in seen[n][at]), "o", color=colour, markersize=4.5, mec=PAPER, mew=1, zorder=6, label="mark"
        )
        box = style.width(text, size), size * 1.3
        left, bottom, tip = placer.find(at, box)
        arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 2, "relpos": tip}
        more: dict[str, Any] = {"arrowprops": arrow} if tip else {}
        offset = (left - at[0], bottom + box[1] / 2 - at[1])
        style.put(axes, text, seen[n][at], offset, halo=True, color=colour, fontsize=size, zorder=6, **more)


def _clearest(own: list[Point], others: list[Point], height: float) -> Point:
    """The point of a curve, below its upper quarter where there is one, that lies farthest from the other curves' points."""
    low = [point for point in own if EDGE < point[1] < 0.75 * height] or own
    if not others:
        return low[len(low) // 2]
    gaps = np.hypot(*(np.array(low)[:, None, :] - np.array(others)[None, :, :]).transpose(2, 0, 1)).min(axis=1)
    return low[int(np.argmax(np.minimum(gaps, FAR_ENOUGH)))]
