"""The plane of the loss exceedance curve: both axes logarithmic, in words that need no logarithm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.charts.scales import fitting, put_labels, rule
from tenbin.reporting.frame import axes_size
from tenbin.reporting.palette import INK, SECONDARY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LADDER", "RAREST", "Window", "draw_scales", "label_width"]

LADDER = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
RAREST = 1000

BESIDE = 16.0
"""Points to the right of the plane that a label may use."""

THREEFOLD = 3.6
"""So many decades have gridlines at 1 and 3, more only at 1."""


@dataclass(frozen=True, slots=True)
class Window:
    """What part of the plane is shown: losses from ``left`` to ``right``, chances from 1 down to ``bottom``."""

    left: float
    right: float
    bottom: float

    def across(self, loss: float) -> float:
        """How far along the loss axis a loss stands, from 0 to 1."""
        return math.log(max(loss, self.left) / self.left) / math.log(self.right / self.left)


def _rung_texts(style: Style, rung: int) -> tuple[str, str]:
    once = style.say("every_year") if rung == 1 else style.say("once_in", years=f"{rung:,}")
    return once, f"{100 / rung:g}%"


def _share_width(style: Style) -> float:
    return max(style.width(_rung_texts(style, rung)[1], SMALL) for rung in LADDER if rung <= RAREST) + 10


def label_width(style: Style) -> float:
    """Points that the labels of the chances need to the left of the axes."""
    return max(style.width(_rung_texts(style, rung)[0], SMALL) for rung in LADDER) + _share_width(style) + 6


def draw_scales(axes: Axes, style: Style, window: Window) -> None:
    """Draw both axes: chances also as "once in 20 years", losses as amounts, never as powers."""
    threefold = math.log10(window.right / window.left) <= THREEFOLD
    low, high = math.floor(math.log10(window.left)), math.ceil(math.log10(window.right))
    steps = [base * 10.0**power for power in range(low, high + 1) for base in ((1, 3) if threefold else (1,))]
    losses = [loss for loss in steps if window.left <= loss <= window.right]
    rungs = tuple(rung for rung in LADDER if 1 / rung >= window.bottom * (1 - 1e-9))
    rule(axes, losses, [1 / rung for rung in rungs])
    how: dict[str, Any] = {"fontsize": SMALL, "color": SECONDARY}
    for rung in rungs:
        once, share = _rung_texts(style, rung)
        place, there = (0, 1 / rung), axes.get_yaxis_transform()
        style.put(axes, share, place, (-6, 0), xycoords=there, ha="right", **how)
        style.put(axes, once, place, (-6 - _share_width(style), 0), xycoords=there, ha="right", **how)
    width, _ = axes_size(axes)
    labels = {loss: style.tick(loss) for loss in losses}
    put_labels(axes, style, fitting(labels, [width * window.across(loss) for loss in losses], width + BESIDE, style), {})
    heading: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL, "color": INK}
    style.put(axes, style.say("chance"), (0, 1), (-6, 14), ha="right", **heading)
    factor = style.say("threefold" if threefold else "tenfold")
    style.put(axes, style.say("loss_axis", factor=factor), (1, 0), (0, -26), ha="right", **heading)
