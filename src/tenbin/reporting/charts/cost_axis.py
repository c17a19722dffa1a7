"""The plane of cost against risk: costs along, even or tightening to the right; risk upwards from nought."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenbin.reporting.charts.scales import even_ticks, put_labels, rule
from tenbin.reporting.palette import INK
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CostAxis", "draw_axes", "value_texts"]

FAR = 5.0
"""From how many times the middle cost on the largest one makes the scale tighten."""

MARGIN = 14.0
"""Points between the marks and the ends of the axis."""

BETWEEN = 14.0
"""Points between two labels of the axis, at least."""


@dataclass(frozen=True, slots=True)
class CostAxis:
    """Costs from ``left`` to ``right``. bend : the cost at which the scale begins to tighten; infinite for an even scale."""

    left: float
    right: float
    bend: float

    @classmethod
    def of(cls, costs: Sequence[float], width: float) -> CostAxis:
        """The scale on which these costs can be told apart, with a margin; an even one where that will do."""
        low, high = min(costs), max(costs)
        positive = sorted(cost for cost in costs if cost > 0)
        bend = math.inf
        if low >= 0 and positive and high > FAR * positive[len(positive) // 2]:
            bend = positive[0] / 2
        even = cls(low, high if high > low else low + max(abs(low), 1.0), bend)
        start, end = (float(x) for x in even.forward([even.left, even.right]))
        pad = (end - start) * MARGIN / max(width - 2 * MARGIN, 1.0)
        left, right = (float(x) for x in even.inverse([start - pad, end + pad]))
        return cls(max(left, 0.0) if low >= 0 else left, right, bend)

    def forward(self, costs: ArrayLike) -> NDArray[np.float64]:
        """Costs as lengths."""
        found = np.asarray(costs, np.float64)
        return found if math.isinf(self.bend) else np.log1p(np.maximum(found, -0.9 * self.bend) / self.bend)

    def inverse(self, lengths: ArrayLike) -> NDArray[np.float64]:
        """Lengths as costs."""
        found = np.asarray(lengths, np.float64)
        return found if math.isinf(self.bend) else np.expm1(found) * self.bend

    def across(self, cost: float) -> float:
        """How far along the axis a cost stands, from 0 to 1."""
        place, left, right = (float(x) for x in self.forward([cost, self.left, self.right]))
        return (place - left) / (right - left)

    def ticks(self, style: Style, width: float) -> dict[float, str]:
        """Round costs with their labels, none on another."""
        if math.isinf(self.bend):
            return even_ticks(self.left, self.right, style)
        powers = range(math.floor(math.log10(self.bend)) - 1, math.ceil(math.log10(self.right)) + 1)
        found: dict[float, str] = {}
        taken: list[tuple[float, float]] = []
        for base in (0, 1, 3, 2, 5):
            for cost in [0.0] if base == 0 else [base * 10.0**power for power in powers]:
                text = style.tick(cost)
                half, place = style.width(text, SMALL) / 2, self.across(cost) * width
                inside = self.left <= cost <= self.right and cost not in found
                if inside and all(abs(place - other) > half + half_other + BETWEEN for other, half_other in taken):
                    taken.append((place, half))
                    found[cost] = text
        return dict(sorted(found.items()))


def value_texts(top: float, style: Style) -> dict[float, str]:
    """Round amounts of risk from 0 to the top, with their labels."""
    return even_ticks(0.0, top, style)


def draw_axes(axes: Axes, style: Style, scale: CostAxis, top: float, metric: str) -> None:
    """Draw both axes in words."""
    width = axes.get_window_extent().width * 72 / axes.figure.dpi
    axes.set_xscale("function", functions=(scale.forward, scale.inverse))
    axes.set_xlim(scale.left, scale.right)
    axes.set_ylim(0, top)
    costs, values = scale.ticks(style, width), value_texts(top, style)
    rule(axes, costs, values)
    put_labels(axes, style, costs, values)
    heading: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL, "color": INK}
    name = metric if style.lang == "ja" else metric[0].upper() + metric[1:]
    style.put(axes, style.say("frontier_up", metric=name), (0, 1), (0, 16), ha="left", **heading)
    tight = "frontier_along_tight" if math.isfinite(scale.bend) else "frontier_along"
    style.put(axes, style.say(tight), (1, 0), (0, -26), ha="right", **heading)
