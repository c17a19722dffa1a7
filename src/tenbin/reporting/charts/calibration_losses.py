"""Own losses and the laws fitted to them: which share of events costs more than any amount."""

from __future__ import annotations

import math
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
LINE = 15.0
"""Points between the laws' names."""

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
    """Name each law in the empty corner under the curves, with a level line to a dot on its own; at its end where it leaves at the right."""
    width, height = axes_size(axes)
    level = LINE * 0.7
    for law in sorted(data.laws, key=lambda law: _at(law, lowest)):
        is_chosen = law is data.laws[0]
        colour, size = (INHERENT, BODY) if is_chosen else (SECONDARY, SMALL)
        text = style.title(law.name)
        how: dict[str, Any] = {"halo": True, "color": colour, "fontsize": size, "zorder": 7}
        share = lowest ** (1 - level / height)
        loss = _at(law, share)
        if loss > scale.high:
            share = float(np.interp(math.log(scale.high), np.log(law.losses), np.log(law.chances)))
            style.put(axes, text, (scale.high, math.exp(share)), (-4, 8), ha="right", **how)
            continue
        axes.plot([loss], [share], "o", color=colour, markersize=4.5, mec=PAPER, mew=1, zorder=6, label="mark")
        place = width * scale.across(loss)
        end = min(width * scale.across(_leftmost(data, lowest, level, height)), place) - 8
        if end < style.width(text, size):
            style.put(axes, text, (loss, share), (8, 0), **how)
        else:
            arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 2, "relpos": (1, 0.5)}
            style.put(axes, text, (loss, share), (end - place, 0), ha="right", arrowprops=arrow, **how)
        level += LINE


def _leftmost(data: LossFitData, lowest: float, level: float, height: float) -> float:
    """The smallest loss that a curve or a point has within a line round a level, in points from the foot."""
    high, low = (lowest ** (1 - min(max(level + side * LINE / 2, 0), height) / height) for side in (1, -1))
    losses, shares = _points(data)
    near = [float(loss) for loss, share in zip(losses, shares, strict=True) if low <= share <= high]
    return min([*near, *(_at(law, high) for law in data.laws)])
