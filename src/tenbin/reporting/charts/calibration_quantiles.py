"""Own losses against what the chosen law expects of each by its rank: on the diagonal when the law is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tenbin.reporting.calibration_data import LossFitData
from tenbin.reporting.charts.calibration_scales import LogScale, amount_texts, draw_log_axis, footer, put_heading
from tenbin.reporting.frame import Margins, framed
from tenbin.reporting.palette import INHERENT, INK, PAPER, SECONDARY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

BODY_HEIGHT = 330.0
HEAD = 22.0
FARTHEST = 3.0


def summary(data: LossFitData, style: Style) -> str:
    """How many losses lie where the law has them."""
    n, outside = len(data.losses), data.n_outside
    law = style.title(data.laws[0].name)
    return style.say(
        "quantiles_summary",
        law=law,
        n=f"{n:,}",
        outside=f"{outside:,}",
        usual=f"{0.1 * n:,.2g}" if n < 100 else f"{round(0.1 * n):,}",
    )


def page(data: LossFitData, style: Style) -> Figure:
    """The chart with its texts."""
    up = amount_texts(_up(data), style)
    figure, axes = framed(
        style,
        style.say("losses_quantiles_title"),
        summary(data, style),
        [style.say("quantiles_note")],
        footer(data.title, style),
        BODY_HEIGHT + HEAD,
        Margins(left=max(style.width(text, SMALL) for text in up.values()) + 10, right=8, top=HEAD, bottom=36),
    )
    draw(data, axes, style)
    return figure


def draw(data: LossFitData, axes: Axes, style: Style) -> Axes:
    """Draw the diagonal, the range that holds each loss in 90 % of samples, and the losses."""
    along, up = LogScale.around([float(x) for x in data.expected]), _up(data)
    axes.set_yscale("log")
    axes.set_ylim(up.low, up.high)
    draw_log_axis(axes, style, along, amount_texts(along, style), amount_texts(up, style))
    put_heading(axes, style, style.say("quantiles_up"), style.say("quantiles_along"))
    axes.fill_between(
        data.expected, data.expected_low, data.expected_high, color=INHERENT, alpha=0.18, linewidth=0, zorder=2, label="range"
    )
    ends = [max(along.low, up.low), min(along.high, up.high)]
    axes.plot(ends, ends, color=SECONDARY, linewidth=0.9, zorder=3, label="diagonal")
    outside = (data.losses < data.expected_low) | (data.losses > data.expected_high)
    for is_outside, marker, face in ((False, "o", INK), (True, "D", INHERENT)):
        kept = np.asarray(outside == is_outside)
        axes.plot(
            data.expected[kept],
            data.losses[kept],
            marker,
            markersize=4.2 if is_outside else 3.6,
            color=face,
            mec=PAPER,
            mew=0.5,
            zorder=5,
            clip_on=False,
            label="outside" if is_outside else "inside",
        )
    return axes


def _up(data: LossFitData) -> LogScale:
    """The losses and most of the range."""
    ends = [float(end) for end in (data.losses[0], data.losses[-1])]
    low = max(float(data.expected_low[0]), ends[0] / FARTHEST**2)
    high = min(float(data.expected_high[-1]), FARTHEST * ends[1])
    return LogScale.around([*ends, low, high], 1.1)
