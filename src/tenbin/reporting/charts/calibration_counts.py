"""In how many years there were so many incidents, and how many such years the law expects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenbin.reporting.calibration_data import CountData
from tenbin.reporting.charts.calibration_scales import footer, put_heading
from tenbin.reporting.charts.key import Swatch, key_rows, put_key
from tenbin.reporting.charts.scales import even_steps, fitting, put_labels, rule
from tenbin.reporting.frame import Margins, axes_size, framed
from tenbin.reporting.palette import INHERENT, PAPER, SECONDARY, tint
from tenbin.reporting.style import Style
from tenbin.units import format_frequency

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

BODY_HEIGHT = 250.0
HEAD = 34.0
WIDE = 0.62


def summary(data: CountData, style: Style) -> str:
    """How often, with the range."""
    low, likely, high = (format_frequency(rate, style.lang) for rate in (data.low, data.frequency, data.high))
    return style.say("counts_summary", n=data.total, years=f"{data.time:g}", likely=likely, low=low, high=high)


def page(data: CountData, style: Style) -> Figure:
    """The chart with its texts."""
    figure, axes = framed(
        style,
        style.say("counts_title"),
        summary(data, style),
        [style.say("counts_note")],
        footer(data.title, style),
        BODY_HEIGHT + HEAD,
        Margins(left=26, right=8, top=HEAD, bottom=36),
    )
    draw(data, axes, style)
    return figure


def draw(data: CountData, axes: Axes, style: Style) -> Axes:
    """Draw a bar for each number of incidents, with what the law (and a Poisson, where it is another) expects as marks."""
    numbers = list(range(len(data.seen)))
    top = 1.12 * max(*data.seen, *data.expected, *(data.poisson or (0.0,)))
    axes.set_xlim(-0.6, len(numbers) - 0.4)
    axes.set_ylim(0, top)
    levels = [step for step in even_steps(0, top) if float(step).is_integer()]
    rule(axes, [], levels)
    width, _ = axes_size(axes)
    labels = _labels(data, style)
    places = [width * (n + 0.6) / (len(numbers) + 0.2) for n in numbers]
    put_labels(axes, style, fitting(labels, places, width + 30, style), {float(level): f"{level:.0f}" for level in levels})
    put_heading(axes, style, style.say("counts_up"), style.say("counts_along"))
    axes.bar(numbers, data.seen, WIDE, color=tint(SECONDARY, 0.55), zorder=2, label="seen")
    how: dict[str, Any] = {"markersize": 6, "markerfacecolor": PAPER, "markeredgewidth": 1.5, "linewidth": 1.0, "zorder": 3}
    axes.plot(numbers, data.expected, marker="o", color=INHERENT, label="expected", clip_on=False, **how)
    if data.poisson is not None:
        axes.plot(numbers, data.poisson, color=SECONDARY, linestyle=":", linewidth=1.3, zorder=3, label="poisson")
    swatches = [
        Swatch(style.say("counts_seen"), tint(SECONDARY, 0.55)),
        Swatch(style.say("counts_expected", law=style.title(data.law_name)), INHERENT, marker="o"),
    ]
    if data.poisson is not None:
        swatches.append(Swatch(style.say("counts_poisson"), SECONDARY, line=":"))
    put_key(axes, style, key_rows(swatches, width, style), 0.0, HEAD - 8)
    return axes


def _labels(data: CountData, style: Style) -> dict[float, str]:
    """What each class holds."""
    starts = [data.first + data.width * n for n in range(len(data.seen))]
    texts = [f"{start:,}" if data.width == 1 else f"{start:,}–{start + data.width - 1:,}" for start in starts]
    if data.first > 0:
        texts[0] = style.say("counts_or_fewer", n=f"{data.first + data.width - 1:,}")
    texts[-1] = style.say("counts_or_more", n=f"{starts[-1]:,}")
    return {float(n): text for n, text in enumerate(texts)}
