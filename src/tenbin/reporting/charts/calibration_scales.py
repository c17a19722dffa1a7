"""What the charts of a calibration share: logarithmic scales of amounts, frequencies and shares, and the footer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.charts.scales import fitting, put_labels, rule
from tenbin.reporting.frame import axes_size
from tenbin.reporting.palette import INK
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tenbin.reporting.chart_data import Label

__all__ = ["LogScale", "amount_texts", "draw_log_axis", "footer", "frequency_texts", "put_heading", "share_texts"]

THREEFOLD = 3.2
"""So many decades have gridlines at 1 and 3, more only at 1."""

BESIDE = 14.0
NARROW = 26.0
"""Points that a heading over the axis may take to its left."""

RAREST = 5
"""Frequencies are labelled down to once in 10^5 years."""


@dataclass(frozen=True, slots=True)
class LogScale:
    """Values from ``low`` to ``high`` on a logarithmic axis."""

    low: float
    high: float

    @classmethod
    def around(cls, values: Sequence[float], room: float = 1.25) -> LogScale:
        """Enough for these values, with some room at both ends."""
        positive = [value for value in values if 0 < value < math.inf]
        low, high = min(positive), max(positive)
        room = max(room, (high / low) ** 0.03)
        return cls(low / room, high * room)

    def across(self, value: float) -> float:
        """How far along the axis a value stands, from 0 to 1."""
        return math.log(min(max(value, self.low), self.high) / self.low) / math.log(self.high / self.low)

    def steps(self) -> list[float]:
        """Round values on the axis."""
        bases: tuple[int, ...] = (1, 3) if math.log10(self.high / self.low) <= THREEFOLD else (1,)
        if self.high / self.low < 12:
            bases = (1, 2, 3, 5)
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        return [step for power in powers for base in bases if self.low <= (step := base * 10.0**power) <= self.high]


def amount_texts(scale: LogScale, style: Style) -> dict[float, str]:
    """Round amounts with their labels."""
    return {step: style.tick(step) for step in scale.steps()}


def frequency_texts(scale: LogScale, style: Style) -> dict[float, str]:
    """Events a year with their labels: once in 30 years, every year, 3 a year."""
    found: dict[float, str] = {}
    for power in range(RAREST, 0, -1):
        for base in (1, 3):
            years = base * 10 ** (power - 1)
            if years > 1 and scale.low <= 1 / years <= scale.high:
                found[1 / years] = style.say("once_in", years=f"{years:,}")
    for times in (base * 10**power for power in range(4) for base in (1, 3)):
        if scale.low <= times <= scale.high:
            found[float(times)] = style.say("every_year") if times == 1 else style.say("times_yearly", times=f"{times:,}")
    return dict(sorted(found.items()))


def share_texts(lowest: float, style: Style) -> dict[float, str]:
    """Shares of events from all down to the lowest, as one in so many."""
    rungs = [base * 10**power for power in range(6) for base in (1, 2, 5)]
    return {
        1 / rung: style.say("all_events") if rung == 1 else style.say("one_in_events", n=f"{rung:,}")
        for rung in rungs
        if 1 / rung >= lowest * (1 - 1e-9)
    }


def draw_log_axis(axes: Axes, style: Style, scale: LogScale, across: Mapping[float, str], up: Mapping[float, str]) -> None:
    """Draw the scale along, with the labels that have a place, and the labels of the other axis as they are."""
    axes.set_xscale("log")
    axes.set_xlim(scale.low, scale.high)
    rule(axes, across, up)
    width, _ = axes_size(axes)
    places = {value: width * scale.across(value) for value in across}
    inside = {value: text for value, text in across.items() if places[value] - style.width(text, SMALL) / 2 >= -BESIDE}
    shown = fitting(inside, [places[value] for value in inside], width + BESIDE, style)
    put_labels(axes, style, shown, up)


def put_heading(axes: Axes, style: Style, up: str, along: str) -> None:
    """What the two axes show: over the one, under the other."""
    heading: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL, "color": INK}
    if up:
        style.put(axes, up, (0, 1), (-6, 12), ha="left" if style.width(up, SMALL) > NARROW else "right", **heading)
    style.put(axes, along, (1, 0), (0, -26), ha="right", **heading)


def footer(title: Label, style: Style) -> str:
    """Whose figures they are, and that this is an estimate."""
    parts = [part for part in ("tenbin", style.title(title)) if part]
    return " · ".join(parts) + ("　" if style.lang == "ja" else "   ") + style.say("calibration_footer")
