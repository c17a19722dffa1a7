"""A frequency as it was believed and as it is to be believed after own incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tenbin.reporting.calibration_data import BeliefCurve, UpdateData
from tenbin.reporting.charts.calibration_scales import LogScale, draw_log_axis, footer, frequency_texts, put_heading
from tenbin.reporting.charts.placing import spread
from tenbin.reporting.frame import Margins, axes_size, framed
from tenbin.reporting.palette import PAPER, RESIDUAL, TODAY
from tenbin.reporting.style import BODY, SMALL, Style
from tenbin.units import format_frequency

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

BODY_HEIGHT = 250.0
HEAD = 22.0
FOOT = 46.0
"""Points under the curves for the ranges."""


def summary(data: UpdateData, style: Style) -> str:
    """From what to what."""
    before, after = (format_frequency(belief.points[1], style.lang) for belief in (data.prior, data.posterior))
    return style.say("update_summary", n=data.incidents, years=f"{data.years:g}", before=before, after=after)


def page(data: UpdateData, style: Style) -> Figure:
    """The chart with its texts."""
    figure, axes = framed(
        style,
        style.say("update_title"),
        summary(data, style),
        [style.say("update_note")],
        footer(data.title, style),
        BODY_HEIGHT + HEAD,
        Margins(left=4, right=8, top=HEAD, bottom=36),
    )
    draw(data, axes, style)
    return figure


def draw(data: UpdateData, axes: Axes, style: Style) -> Axes:
    """Draw both beliefs as curves, their 90 % ranges under them, and the three points that were asked."""
    beliefs = (("before", data.prior, TODAY), ("after", data.posterior, RESIDUAL))
    _, height = axes_size(axes)
    top = 1.18 * max(float(belief.densities.max()) for _, belief, _ in beliefs)
    foot = -top * FOOT / (height - FOOT)
    scale = _scale(data)
    axes.set_ylim(foot, top)
    draw_log_axis(axes, style, scale, frequency_texts(scale, style), {})
    put_heading(axes, style, "", style.say("update_along"))
    for n, (key, belief, colour) in enumerate(beliefs):
        axes.fill_between(belief.frequencies, 0, belief.densities, color=colour, alpha=0.14, linewidth=0, zorder=2)
        axes.plot(belief.frequencies, belief.densities, color=colour, linewidth=2.0, zorder=3, label=key)
        level = foot * (0.33 + 0.36 * n)
        low, middle, high = belief.points
        axes.plot([low, high], [level] * 2, color=colour, linewidth=4, solid_capstyle="butt", zorder=3, label=f"range:{key}")
        axes.plot([middle], [level], "o", color=colour, markersize=6.5, mec=PAPER, mew=1.2, zorder=4)
    axes.plot(data.asked, [0] * 3, "|", color=TODAY, markersize=9, mew=1.6, zorder=5, label="asked")
    _draw_names(data, axes, style, scale, top, foot)
    return axes


def _scale(data: UpdateData) -> LogScale:
    """Where either belief has some height."""
    frequencies = data.prior.frequencies
    seen = [belief.densities > 0.01 * belief.densities.max() for belief in (data.prior, data.posterior)]
    shown = frequencies[np.asarray(seen[0] | seen[1])]
    return LogScale.around([float(shown[0]), float(shown[-1]), *data.asked], 1.05)


def _draw_names(data: UpdateData, axes: Axes, style: Style, scale: LogScale, top: float, foot: float) -> None:
    """Name each belief over its summit, apart from each other."""
    width, _ = axes_size(axes)
    found: list[tuple[float, str, BeliefCurve, str]] = []
    for key, belief, colour in (("update_before", data.prior, TODAY), ("update_after", data.posterior, RESIDUAL)):
        words = f"{style.say(key)}\n{format_frequency(belief.points[1], style.lang)}"
        found.append((width * scale.across(_summit(belief)[0]), words, belief, colour))
    found.sort(key=lambda one: one[0])
    wide = [max(style.width(line, BODY) for line in words.split("\n")) + 14 for _, words, _, _ in found]
    places = spread([place for place, *_ in found], wide, width)
    for place, (wanted, words, belief, colour) in zip(places, found, strict=True):
        summit = _summit(belief)
        how: dict[str, Any] = {"ha": "center", "va": "bottom", "color": colour, "halo": True, "zorder": 6, "fontsize": SMALL}
        style.put(axes, words, summit, (place - wanted, 6), **how)


def _summit(belief: BeliefCurve) -> tuple[float, float]:
    best = int(np.argmax(belief.densities))
    return float(belief.frequencies[best]), float(belief.densities[best])
