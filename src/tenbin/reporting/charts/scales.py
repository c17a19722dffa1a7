"""What every chart with scales shares: thin rules, labels in words and amounts, none of matplotlib's own ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tenbin.reporting.palette import RULE, SECONDARY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["even_steps", "even_ticks", "fitting", "put_labels", "rule"]

RUNGS = 5
BETWEEN = 6.0
"""Points between two labels, at least."""


def even_steps(low: float, high: float) -> list[float]:
    """Round values from ``low`` to ``high``, about five."""
    step = (high - low) / RUNGS
    power = 10.0 ** math.floor(math.log10(step))
    step = power * next(base for base in (1, 2, 2.5, 5, 10) if base * power >= step * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]


def even_ticks(low: float, high: float, style: Style) -> dict[float, str]:
    """Round amounts with their labels; amounts too small to be told apart have one."""
    labels = {style.tick(amount): amount for amount in reversed(even_steps(low, high))}
    return {amount: text for text, amount in reversed(labels.items())}


def fitting(labels: Mapping[float, str], places: Iterable[float], end: float, style: Style) -> dict[float, str]:
    """The labels that stand at these places (in points) on none before them and not past ``end``."""
    found: dict[float, str] = {}
    free = -math.inf
    for (value, text), place in zip(labels.items(), places, strict=True):
        half = style.width(text, SMALL) / 2
        if free <= place - half and place + half <= end:
            found[value] = text
            free = place + half + BETWEEN
    return found


def rule(axes: Axes, across: Iterable[float], up: Iterable[float]) -> None:
    """Rule the plane at these values, with one line at its foot."""
    from matplotlib.ticker import FixedLocator, NullFormatter, NullLocator

    for axis, values in ((axes.xaxis, across), (axes.yaxis, up)):
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(NullFormatter())
        axis.set_major_locator(FixedLocator(list(values)))
    axes.grid(color=RULE, linewidth=0.6, zorder=0)
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    for name, spine in axes.spines.items():
        spine.set_visible(name == "bottom")
        spine.set_color(SECONDARY)
        spine.set_linewidth(0.8)


def put_labels(axes: Axes, style: Style, across: Mapping[float, str], up: Mapping[float, str]) -> None:
    """Put the labels of the values below and to the left of the plane."""
    how: dict[str, Any] = {"fontsize": SMALL, "color": SECONDARY}
    for value, text in across.items():
        style.put(axes, text, (value, 0), (0, -10.5), xycoords=axes.get_xaxis_transform(), ha="center", **how)
    for value, text in up.items():
        style.put(axes, text, (0, value), (-6, 0), xycoords=axes.get_yaxis_transform(), ha="right", **how)
