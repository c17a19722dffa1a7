"""The marginal abatement cost curve: what each chosen measure takes off the average yearly loss, and at what price."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.reporting.chart_data import AbatementRow, ChartData
from tenbin.reporting.charts.key import LINE, Swatch, key_rows, put_key
from tenbin.reporting.charts.listing import Line, list_height, put_list
from tenbin.reporting.charts.placing import spread
from tenbin.reporting.charts.scales import even_steps, even_ticks, put_labels, rule
from tenbin.reporting.frame import WIDTH, Margins, axes_size, framed
from tenbin.reporting.palette import COST, INK, PAPER, SECONDARY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "listed", "ordered", "page", "summary"]

PLANE = 210.0
MOST = 24
"""Lines of the list at most; the smallest measures past them are gathered, and their bars have no number."""

CUT = 4.0
"""A bar higher than this many times the price of nine tenths of what is taken off is cut."""

SEEN = 0.004
"""Of all that is taken off; a narrower bar is a hair, and does not stretch the scale."""

NUMBERS = 24.0
"""Points under the plane for the bars' numbers and their lines."""

APART = 3.0
WIDE_ENOUGH = 3.0
"""Points from which on a slash through a bar is seen."""

SCALE = 38.0
HEADING = 26.0
BREAK_EVEN = 1.0
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class _Bar:
    """A measure with where its bar begins and ends; price : per unit of loss taken off."""

    row: AbatementRow
    start: float
    end: float

    @property
    def price(self) -> float:
        return self.row.cost / self.row.takes


def ordered(data: ChartData) -> list[_Bar]:
    """The measures that take something off, the cheapest for what it takes first, side by side."""
    whole = math.fsum(row.takes for row in data.abatement)
    rows = [row for row in data.abatement if row.takes > LEAST * whole]
    bars: list[_Bar] = []
    for row in sorted(rows, key=lambda row: (row.cost / row.takes, -row.takes, row.label.id)):
        start = bars[-1].end if bars else 0.0
        bars.append(_Bar(row, start, start + row.takes))
    return bars


def summary(data: ChartData, style: Style) -> str:
    """The chart in a sentence or two: what the plan takes off for what, and how many measures pay for themselves."""
    bars = ordered(data)
    if not bars:
        return style.say("no_costs" if not data.abatement else "abatement_none")
    whole = {"takes": style.amount(bars[-1].end), "cost": style.amount(math.fsum(row.cost for row in data.abatement))}
    worth = sum(bar.price <= BREAK_EVEN for bar in bars)
    key = "abatement_all" if worth == len(data.abatement) else "abatement_some"
    return style.sentences(
        style.say("abatement_lead", **whole), style.say(key, count=worth, others=len(data.abatement) - worth)
    )


def page(data: ChartData, style: Style) -> Figure:
    """The chart with its texts and the list of its measures."""
    bars = ordered(data)
    lines = listed(data, style)
    left = max((style.width(text, SMALL) for text in _prices(bars, style).values()), default=0.0) + 10
    key = key_rows(_swatches(bars, style), WIDTH - 32, style)
    top = HEADING + LINE * len(key)
    below = NUMBERS + SCALE + list_height(lines)
    figure, axes = framed(
        style,
        style.say("abatement_title"),
        summary(data, style),
        [_note(bars, style)],
        style.footer(data.title),
        PLANE + top + below,
        Margins(left=left, right=6, top=top, bottom=below),
    )
    draw(data, axes, style)
    put_key(axes, style, key, -left, top - 6)
    heading: dict[str, Any] = {"xycoords": "axes fraction", "fontsize": SMALL, "color": INK}
    style.put(axes, style.say("abatement_up", one=style.rate(1)), (0, 1), (-left, 14), **heading)
    heads = tuple(style.say(name, one=style.rate(1)) for name in ("abatement_takes", "abatement_cost", "abatement_price"))
    put_list(axes, heads, lines, (-left, -NUMBERS - SCALE), style)
    return figure


def _note(bars: list[_Bar], style: Style) -> str:
    one, high = style.rate(1), _ends(bars)[1]
    cut = style.say("abatement_cut") if any(bar.price > high for bar in bars) else ""
    return style.sentences(
        style.say("abatement_against"), style.say("abatement_note", one=one), cut, style.say("abatement_order")
    )


def draw(data: ChartData, axes: Axes, style: Style) -> Axes:
    """Draw the bars: as wide as what a measure takes off, as high as its price; so the area is its cost per year."""
    bars = ordered(data)
    low, high = _ends(bars)
    whole = bars[-1].end if bars else 1.0
    axes.set_xlim(0, whole)
    axes.set_ylim(low, high)
    prices = _prices(bars, style)
    rule(axes, [], prices)
    axes.spines["bottom"].set_visible(False)
    put_labels(axes, style, {}, prices)
    axes.axhline(0, color=SECONDARY, linewidth=0.8, zorder=3)
    for bar in bars:
        price = min(bar.price, high)
        (patch,) = axes.bar(
            bar.start, price, bar.end - bar.start, align="edge", color=COST, edgecolor=PAPER, linewidth=0.6, zorder=2
        )
        patch.set_gid(f"abatement-{bar.row.label.id}")
        if bar.price > high and (bar.end - bar.start) / whole * axes_size(axes)[0] >= WIDE_ENOUGH:
            _draw_cut(axes, bar, high)
    if low < BREAK_EVEN < high:
        axes.axhline(BREAK_EVEN, color=PAPER, linewidth=2.4, alpha=0.6, zorder=4)
        axes.axhline(BREAK_EVEN, color=INK, linewidth=1.0, linestyle=(0, (1, 2)), zorder=4, label="break-even")
    _put_numbers(axes, bars, data, style)
    _put_scale(axes, whole if bars else 0.0, style)
    return axes


def _ends(bars: list[_Bar]) -> tuple[float, float]:
    """The lowest and the highest price shown."""
    if not bars:
        return 0.0, BREAK_EVEN
    seen = [bar for bar in bars if bar.end - bar.start >= SEEN * bars[-1].end]
    most = max(bar.price for bar in seen or bars)
    usual = next(bar.price for bar in bars if bar.end >= 0.9 * bars[-1].end)
    high = min(most, max(CUT * usual, 2 * BREAK_EVEN))
    if 0.4 * BREAK_EVEN < high < 1.1 * BREAK_EVEN:
        high = 1.1 * BREAK_EVEN
    low = min(0.0, *(bar.price for bar in bars))
    return 1.05 * low, (1.05 * high if high > 0 else BREAK_EVEN)


def _prices(bars: list[_Bar], style: Style) -> dict[float, str]:
    labels = {style.rate(price): price for price in even_steps(*_ends(bars))}
    return {price: text for text, price in labels.items()}


def _swatches(bars: list[_Bar], style: Style) -> list[Swatch]:
    low, high = _ends(bars)
    found = [Swatch(style.say("abatement_bar"), COST)] if bars else []
    if bars and low < BREAK_EVEN < high:
        found.append(Swatch(style.say("abatement_even", one=style.rate(1)), INK, line=":"))
    return found


def _draw_cut(axes: Axes, bar: _Bar, high: float) -> None:
    """A white slash near the top of a bar that goes on: it is dearer than the scale."""
    low, _ = axes.get_ylim()
    step = (high - low) / PLANE
    for level in (9.0, 13.0):
        places = [high - (level + 3) * step, high - (level - 3) * step]
        (line,) = axes.plot([bar.start, bar.end], places, color=PAPER, linewidth=1.4, zorder=5)
        line.set_label(f"cut:{bar.row.label.id}")


def _numbered(data: ChartData, bars: list[_Bar]) -> list[int]:
    """Which bars have a number and a line of their own, from the left: all; of many those that cost nothing and the widest."""
    nothing = len(data.abatement) - len(bars)
    room = MOST if len(bars) + nothing <= MOST else MOST - 2 - min(nothing, 1)
    free = {n for n, bar in enumerate(bars) if bar.row.cost <= 0}
    first = sorted(range(len(bars)), key=lambda n: (n not in free, -bars[n].row.takes, n))
    return sorted(first[:room])


def _put_numbers(axes: Axes, bars: list[_Bar], data: ChartData, style: Style) -> None:
    """Put the numbers in a row under the bars, moved aside where these are narrow, each with a line to its bar."""
    shown = [bars[n] for n in _numbered(data, bars)]
    width, _ = axes_size(axes)
    whole = bars[-1].end if bars else 1.0
    wanted = [(bar.start + bar.end) / 2 / whole * width for bar in shown]
    texts = [str(number) for number in range(1, len(shown) + 1)]
    places = spread(wanted, [style.width(text, SMALL) + APART for text in texts], width)
    how: dict[str, Any] = {"xycoords": "axes fraction", "ha": "center", "fontsize": SMALL, "color": INK}
    for text, want, place in zip(texts, wanted, places, strict=True):
        style.put(axes, text, (0, 0), (place, -16), **how)
        axes.annotate(
            "",
            (want / width, 0),
            xytext=(place - want, -11),
            xycoords="axes fraction",
            textcoords="offset points",
            arrowprops={"arrowstyle": "-", "color": SECONDARY, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 1},
            annotation_clip=False,
        )


def _put_scale(axes: Axes, whole: float, style: Style) -> None:
    """The amounts along the bars' feet, under their numbers."""
    width, _ = axes_size(axes)
    where: dict[str, Any] = {"xycoords": axes.get_xaxis_transform(), "fontsize": SMALL, "color": SECONDARY}
    for amount, text in even_ticks(0.0, whole, style).items() if whole > 0 else ():
        wide = style.width(text, SMALL) / 2
        place = amount / whole * width
        shift = min(max(place, wide), width - wide) - place
        style.put(axes, text, (amount, 0), (shift, -NUMBERS - 9), ha="center", **where)
    style.put(
        axes,
        style.say("abatement_along"),
        (1, 0),
        (0, -NUMBERS - 25),
        xycoords="axes fraction",
        ha="right",
        fontsize=SMALL,
        color=INK,
    )


def listed(data: ChartData, style: Style) -> list[Line]:
    """The list under the plane: the numbered bars, the others in a row for each side of break-even, then what takes nothing off."""
    bars = ordered(data)
    numbered = _numbered(data, bars)

    def amounts(takes: float, cost: float) -> tuple[str, str, str]:
        return style.amount(takes) if takes else "–", style.amount(cost), style.rate(cost / takes) if takes else "–"

    rows = [bars[n].row for n in numbered]
    lines = [_line(str(n), row, amounts(row.takes, row.cost), style) for n, row in enumerate(rows, start=1)]
    rest = [bar for n, bar in enumerate(bars) if n not in set(numbered)]
    drawn = {id(bar.row) for bar in bars}
    nothing = [row for row in data.abatement if id(row) not in drawn]
    for key, is_dear in (("others_paying", False), ("others_dear", True)):
        if some := [bar.row for bar in rest if (bar.price > BREAK_EVEN) == is_dear]:
            sums = amounts(math.fsum(row.takes for row in some), math.fsum(row.cost for row in some))
            lines.append(Line("", "", style.say(key, count=len(some), one=style.rate(1)), sums))
    if len(lines) + len(nothing) <= MOST:
        lines += [_line("", row, amounts(0.0, row.cost), style) for row in nothing]
    elif nothing:
        sums = amounts(0.0, math.fsum(row.cost for row in nothing))
        lines.append(Line("", "", style.say("abatement_nothing", count=len(nothing)), sums))
    return lines


def _line(number: str, row: AbatementRow, amounts: tuple[str, str, str], style: Style) -> Line:
    identity, title = style.names(row.label)
    word = style.say(row.change.value) if row.change else ""
    return Line(number, identity, title, amounts, word)
