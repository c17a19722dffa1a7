"""The tornado: what each guess, from one end to the other, does to the loss or to the cost of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenbin.reporting.charts.key import Swatch, key_rows, put_key
from tenbin.reporting.charts.two_lines import HEIGHT, TwoLines
from tenbin.reporting.frame import WIDTH, Margins, axes_size, bare, framed
from tenbin.reporting.guess_words import GuessRow, guess_name, guess_span, guess_what
from tenbin.reporting.matters_data import SwingRow, TornadoData
from tenbin.reporting.metric_words import metric_name, metric_short
from tenbin.reporting.palette import COST, INHERENT, INK, PAPER, RESIDUAL, RULE, SECONDARY
from tenbin.reporting.style import SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

NAME_WIDTH = 226.0
TOP = 50.0
BAR = 0.5
Z95 = 1.96
BESIDE = 5.0


def summary(data: TornadoData, style: Style) -> str:
    """The chart in a sentence: which guess moves the amount most, from where to where."""
    if not data.rows:
        return style.say("tornado_none")
    first = data.rows[0]
    low, high = sorted((first.low, first.high))
    name = guess_name(first.guess, style.title(first.guess.label), style.lang)
    values = {"guess": name, "low": style.amount(low), "high": style.amount(high), "middle": style.amount(data.middle)}
    if data.is_cost:
        return style.say("tornado_lead_cost", **values)
    return style.say("tornado_lead", metric=_metric(data, style), **values)


def _metric(data: TornadoData, style: Style) -> str:
    words = metric_short(data.metric, style.lang)
    return style.say("tornado_scoped", metric=words, scope=data.scope) if data.scope else words


def page(data: TornadoData, style: Style) -> Figure:
    """The chart with its texts."""
    names = _names(data, style)
    figure, axes = framed(
        style,
        style.say("tornado_cost_title" if data.is_cost else "tornado_title"),
        summary(data, style),
        [_notes(data, style)],
        _footer(data, style),
        TOP + HEIGHT * max(len(data.rows), 1),
        Margins(left=names.left, right=2, top=TOP),
    )
    draw(data, axes, style)
    key = key_rows(_swatches(data, style), WIDTH - 32, style)
    put_key(axes, style, key, -names.left, TOP - 8)
    return figure


def _notes(data: TornadoData, style: Style) -> str:
    words = [style.say("tornado_note")]
    if data.is_cost:
        words.append(style.say("tornado_note_cost"))
    else:
        words.append(style.say("tornado_note_metric", metric=metric_name(data.metric, style.lang)))
        if any(row.error_low or row.error_high for row in data.rows):
            words.append(style.say("tornado_whisker", years=f"{data.n_trials:,}"))
    if any(row.is_noise for row in data.rows):
        words.append(style.say("tornado_noise"))
    if data.n_others:
        words.append(style.say("tornado_others", count=data.n_others, amount=style.amount(data.others)))
    if data.n_without and not data.is_cost:
        words.append(style.say("tornado_without", count=data.n_without))
    return style.sentences(*words)


def _footer(data: TornadoData, style: Style) -> str:
    plan = style.title(data.plan) if data.plan.id else style.say("tornado_today")
    return style.footer(data.title, style.say("tornado_plan", plan=style.cut(plan, 200, SMALL)))


def _swatches(data: TornadoData, style: Style) -> list[Swatch]:
    if data.is_cost:
        return [Swatch(style.say("tornado_costs"), COST)]
    found = [Swatch(style.say("tornado_less"), RESIDUAL), Swatch(style.say("tornado_more"), INHERENT)]
    if any(row.is_noise for row in data.rows):
        found.append(Swatch(style.say("tornado_is_noise"), SECONDARY, hatch="////"))
    return found


def _names(data: TornadoData, style: Style) -> TwoLines:
    return TwoLines.of([(*_named(row.guess, style), _said(row, style)) for row in data.rows], NAME_WIDTH, style)


def _named(guess: GuessRow, style: Style) -> tuple[str, str]:
    identity, title = style.names(guess.label)
    return identity, title


def _said(row: SwingRow, style: Style) -> str:
    """What is guessed, and its ends in the order in which the bar has them."""
    span = guess_span(row.guess, style.lang, style.currency, falling=row.low > row.high)
    return style.say("tornado_guess", what=guess_what(row.guess, style.lang), span=span)


def draw(data: TornadoData, axes: Axes, style: Style) -> Axes:
    """Draw a bar for each guess, from the amount at one end to that at the other, on both sides of the middle."""
    names = _names(data, style)
    bare(axes)
    n = max(len(data.rows), 1)
    axes.set_ylim(n - 0.5, -0.5)
    _set_width(axes, data, style)
    for level, row in enumerate(data.rows):
        if level:
            axes.axhline(level - 0.5, color=RULE, linewidth=0.5, zorder=0)
        names.put(axes, level, float(level), style)
        ends = sorted(((row.low, row.error_low), (row.high, row.error_high)))
        for (value, error), side in zip(ends, ("left", "right"), strict=True):
            _draw_end(axes, data, row, (value, error), level, side)
        _put_ends(axes, data, ends, level, style)
    axes.plot([data.middle] * 2, [-0.5, n - 0.5], color=INK, linewidth=0.9, zorder=4, label="middle")
    text = style.say("tornado_middle", amount=style.amount(data.middle))
    width, _ = axes_size(axes)
    low, high = axes.get_xlim()
    place = (data.middle - low) / (high - low) * width
    half = style.width(text, SMALL) / 2
    shift = min(max(place, half), width - half) - place
    there = axes.get_xaxis_transform()
    style.put(axes, text, (data.middle, 1), (shift, 10), xycoords=there, ha="center", fontsize=SMALL, color=INK)
    return axes


def _draw_end(axes: Axes, data: TornadoData, row: SwingRow, end: tuple[float, float], level: int, side: str) -> None:
    value, error = end
    colour = COST if data.is_cost else INHERENT if value > data.middle else RESIDUAL
    face, edge = (PAPER, SECONDARY) if row.is_noise else (colour, colour)
    (bar,) = axes.barh(
        level,
        value - data.middle,
        left=data.middle,
        height=BAR,
        color=face,
        edgecolor=edge,
        hatch="////" if row.is_noise else None,
        linewidth=0.8 if row.is_noise else 0.0,
        zorder=2,
    )
    bar.set_gid(f"swing-{row.guess.key}-{side}")
    if error > 0:
        reach = [value - Z95 * error, value + Z95 * error]
        axes.plot(reach, [level] * 2, color=INK, linewidth=0.9, zorder=3, label=f"error:{row.guess.key}:{side}")


def _put_ends(axes: Axes, data: TornadoData, ends: list[tuple[float, float]], level: int, style: Style) -> None:
    """The amounts beside the bar's ends, clear of their whiskers."""
    reaches = [value + sign * Z95 * error for value, error in ends for sign in (-1, 1)]
    left, right = min(data.middle, *reaches), max(data.middle, *reaches)
    style.put(axes, style.amount(ends[0][0]), (left, level), (-BESIDE, 0), ha="right", fontsize=SMALL, color=INK)
    style.put(axes, style.amount(ends[1][0]), (right, level), (BESIDE, 0), fontsize=SMALL, color=INK)


def _set_width(axes: Axes, data: TornadoData, style: Style) -> None:
    """Leave room for the amounts beside the longest bars."""
    reaches = [
        (value + sign * Z95 * error)
        for row in data.rows
        for value, error in ((row.low, row.error_low), (row.high, row.error_high))
        for sign in (-1, 1)
    ]
    low, high = min([data.middle, *reaches]), max([data.middle, *reaches])
    if high <= low:
        low, high = low - 1.0, high + 1.0
    texts = [style.amount(value) for row in data.rows for value in (row.low, row.high)]
    room = max((style.width(text, SMALL) for text in texts), default=0.0) + BESIDE + 3
    width, _ = axes_size(axes)
    unit = (high - low) / max(width - 2 * room, 40.0)
    axes.set_xlim(low - room * unit, high + room * unit)
