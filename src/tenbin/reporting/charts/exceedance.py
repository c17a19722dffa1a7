"""The loss exceedance curve: the chance of a year worse than any amount, with nothing in place, today and after the plan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenbin.reporting.chart_data import ChartData, TargetRow
from tenbin.reporting.charts.key import Swatch, key_rows, put_key
from tenbin.reporting.charts.loss_plane import LADDER, RAREST, Window, draw_scales, label_width
from tenbin.reporting.charts.placing import spread
from tenbin.reporting.curve_points import CurvePoints, at_chance, curve_points, exceedance_at, height_on_curve
from tenbin.reporting.frame import PAD, WIDTH, Margins, axes_size, framed
from tenbin.reporting.metric_words import metric_dot, metric_parts, metric_short
from tenbin.reporting.palette import INHERENT, PAPER, RESIDUAL, TARGET, TODAY, tint
from tenbin.reporting.style import BODY, SMALL, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "page", "summary"]

FloatArray = NDArray[np.float64]

COLOURS = {"inherent": INHERENT, "today": TODAY, "after": RESIDUAL}
YEARS_SEEN = 20
"""A rarity is shown when at least so many simulated years are rarer; below, the curve is noise."""

DECADES = (2.0, 4.3)
UNMARKED = 0.12
LINE = 6.5
"""Half the height of a line of a curve's name, in points."""
TARGETS_SHOWN = 3
BAND_POINTS = 400
BODY_HEIGHT = 300.0
WORLDS_TINT = 0.14
KEY_LINE = 16.0


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    """One curve: its key, the sorted years, the points drawn, and the metric's value (None for the thin third line)."""

    key: str
    ordered: FloatArray
    points: CurvePoints
    value: float | None


def summary(data: ChartData, style: Style) -> str:
    """The chart in a sentence: the run's own, or the metric's change."""
    given = (data.sentence_ja if style.lang == "ja" else data.sentence_en).strip()
    if given and style.fonts.covers("".join(given.split())):
        return " ".join(given.split())
    return style.metric_change(data)


def page(data: ChartData, style: Style) -> Figure:
    """The chart with its texts."""
    left = max(label_width(style), style.width(style.say("chance"), SMALL) + 10)
    trials = f"{len(data.annual_loss_after):,}"
    note = style.say("exceedance_note", trials=trials, **style.metric_words(data.metric))
    head = sum(_label_height(text) for text, _ in _target_labels(data, style))
    key = key_rows(_swatches(data, style), WIDTH - 2 * PAD, style)
    above = KEY_LINE * len(key) if data.worlds is not None else 0.0
    hidden = len(data.targets) - len(_drawn_targets(data))
    figure, axes = framed(
        style,
        style.say("exceedance_title"),
        summary(data, style),
        [style.sentences(note, style.say("more_targets", count=hidden) if hidden else "")],
        style.footer(data.title),
        BODY_HEIGHT + head + above,
        Margins(left=left, right=4, top=18 + head + above, bottom=36),
    )
    draw(data, axes, style)
    if data.worlds is not None:
        put_key(axes, style, key, -left, 18 + head + above - KEY_LINE / 2)
    return figure


def draw(data: ChartData, axes: Axes, style: Style) -> Axes:
    """Draw the curves, the targets and the metric's marks."""
    curves = _curves(data)
    window = _window(curves, data, axes, style)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(window.left, window.right)
    axes.set_ylim(window.bottom, 1.0)
    draw_scales(axes, style, window)
    _draw_worlds(axes, data, window)
    for curve in curves:
        thin = curve.value is None
        if not thin:
            points, every = curve.points, slice(None, None, max(1, len(curve.points.loss) // BAND_POINTS))
            axes.fill_between(
                points.loss[every],
                points.low[every],
                points.high[every],
                step="post",
                color=COLOURS[curve.key],
                alpha=0.2,
                linewidth=0,
                zorder=2,
            )
        axes.plot(
            curve.points.loss,
            curve.points.chance,
            drawstyle="steps-post",
            color=COLOURS[curve.key],
            linewidth=0.9 if thin else 2.0,
            zorder=3,
            label=curve.key,
        )
    _draw_targets(axes, style, data, window)
    _draw_names(axes, style, data, curves, window)
    return axes


def _swatches(data: ChartData, style: Style) -> list[Swatch]:
    share = 0.0 if data.worlds is None else data.worlds.share
    words = style.say("worlds_band", share=f"{share:.0%}")
    return [Swatch(words, RESIDUAL, face=tint(RESIDUAL, WORLDS_TINT))]


def _draw_worlds(axes: Axes, data: ChartData, window: Window) -> None:
    """What is not known of the plan's curve: a pale band with a thin edge, under everything."""
    band = data.worlds
    if band is None:
        return
    floor = window.bottom / 10
    low, high = np.maximum(band.low, floor), np.maximum(band.high, floor)
    axes.fill_between(band.loss, low, high, color=tint(RESIDUAL, WORLDS_TINT), linewidth=0, zorder=1, label="worlds")
    for side in (low, high):
        axes.plot(band.loss, side, color=RESIDUAL, linewidth=0.7, linestyle=(0, (1, 1.5)), zorder=2)


def _curves(data: ChartData) -> list[_Curve]:
    found = []
    for key, losses, value in (
        ("inherent", data.annual_loss_inherent, None if data.has_today else data.metric_before),
        ("today", data.annual_loss_today, data.metric_before),
        ("after", data.annual_loss_after, data.metric_after),
    ):
        if key != "today" or data.has_today:
            ordered = np.sort(np.asarray(losses, np.float64))
            found.append(_Curve(key, ordered, curve_points(ordered), value))
    return found


def _drawn_targets(data: ChartData) -> list[TargetRow]:
    """Targets of the whole case, the smallest limit first."""
    whole = [target for target in data.targets if not target.scope and target.limit > 0]
    return sorted(whole[:TARGETS_SHOWN], key=lambda target: target.limit)


def _window(curves: list[_Curve], data: ChartData, axes: Axes, style: Style) -> Window:
    """From where the curves start to fall to the rarest year shown, with room at the right for every label."""
    n_trials = min(len(curve.ordered) for curve in curves)
    wanted = [1 - float(confidence) for target in data.targets if (confidence := metric_parts(target.metric_name)[1])]
    rarest = max(RAREST, *(2 / share for share in wanted)) if wanted else RAREST
    rungs = [rung for rung in LADDER if rung <= rarest and rung * YEARS_SEEN <= n_trials]
    bottom = 1 / max(rungs[-1] if rungs else 1, 10)
    seen = min((_mark(data, curve)[1] for curve in curves if curve.ordered[-1] > 0), default=1.0)
    bottom = min(bottom, max((1 / rung for rung in LADDER if 1 / rung <= seen / 1.5), default=bottom))
    lossy = [curve.ordered for curve in curves if curve.ordered[-1] > 0]
    limits = [target.limit for _, target in _target_labels(data, style)]
    marks = [curve.value for curve in curves if curve.value] + limits
    top = max([*(at_chance(ordered, bottom) for ordered in lossy), *marks], default=1.0) or 1.0
    starts = [at_chance(ordered, 0.9 * exceedance_at(ordered, 0.0)) for ordered in lossy]
    start = min([*starts, *(mark / 2 for mark in marks)], default=top / 100)
    least, most = DECADES
    left = min(max(start, top / 10**most), top / 10**least)
    width, _ = axes_size(axes)
    right = top * (top / left) ** 0.02
    beside = [
        (target.limit, max(style.width(line, SMALL) for line in text.split("\n")) + 6)
        for text, target in _target_labels(data, style)
    ]
    for curve in curves:
        if curve.key != "after" and curve.ordered[-1] > 0:
            chance = max(_mark(data, curve)[1], bottom)
            outermost = max(at_chance(ordered, chance) for ordered in lossy)
            beside.append((outermost, max(style.width(line, BODY) for line in _name(data, curve, style).split("\n")) + 24))
    for loss, room in beside:
        if loss > left and room < width / 2:
            right = max(right, left * (loss / left) ** (width / (width - room)))
    return Window(left, min(right, top * (top / left)), bottom)


def _target_labels(data: ChartData, style: Style) -> list[tuple[str, TargetRow]]:
    """The targets drawn with their words, the smallest limit first."""
    labels = []
    for target in _drawn_targets(data):
        name = target.metric_name
        labels.append((style.say("target_of", limit=style.amount(target.limit), name=metric_short(name, style.lang)), target))
    return labels


def _label_height(text: str) -> float:
    return 12.0 * (text.count("\n") + 1) + 3


def _draw_targets(axes: Axes, style: Style, data: ChartData, window: Window) -> None:
    """Dashed lines up into the free strip over the curves: the smallest limit's highest, so that no line crosses a label."""
    width, height = axes_size(axes)
    labels = _target_labels(data, style)
    level = sum(_label_height(text) for text, _ in labels) + 2
    for words, target in labels:
        own, shown = target.metric_name == data.metric, target.limit >= window.left
        if shown:
            axes.plot(
                [target.limit, target.limit],
                [window.bottom, window.bottom ** (-level / height)],
                color=TARGET,
                linewidth=1.3 if own else 0.9,
                linestyle=(0, (4, 3)),
                zorder=4,
                clip_on=False,
                label=f"target:{target.label}",
            )
        text = words if shown else f"← {words}"  # too far below every curve for the scale
        place = width * window.across(target.limit)
        wide = max(style.width(line, SMALL) for line in text.split("\n"))
        style.put(
            axes,
            text,
            (max(target.limit, window.left), 1),
            (5 + min(0.0, width - place - wide - 1), level),
            xycoords=axes.get_xaxis_transform(),
            va="top",
            halo=True,
            fontsize=SMALL,
            color=TARGET,
            zorder=6,
        )
        level -= _label_height(words)


def _mark(data: ChartData, curve: _Curve) -> tuple[float, float]:
    """Where a curve is named: at the metric's value; the thin line at the height of one year in eight."""
    if curve.value is None:
        return at_chance(curve.ordered, UNMARKED), UNMARKED
    tail = metric_parts(data.metric)[1]
    return curve.value, height_on_curve(curve.ordered, curve.value, 1 - float(tail) if tail is not None else 0.0)


def _name(data: ChartData, curve: _Curve, style: Style) -> str:
    name = style.say(curve.key)
    if curve.value is None:
        return name
    return f"{name}\n{metric_dot(data.metric, style.lang, style.amount(curve.value))}"


def _draw_names(axes: Axes, style: Style, data: ChartData, curves: list[_Curve], window: Window) -> None:
    """Name each curve beside its mark: after the plan to the left, where it is empty, the rest to the right of all curves."""
    width, height = axes_size(axes)
    lossy = [curve for curve in curves if curve.ordered[-1] > 0]
    for number, curve in enumerate(curve for curve in curves if curve not in lossy):
        text = style.say(curve.key) + ("：" if style.lang == "ja" else ": ") + style.say("no_loss")
        style.put(axes, text, (0, 0), (6, 14.0 * (number + 1)), xycoords="axes fraction", color=COLOURS[curve.key], halo=True)

    beside: list[tuple[_Curve, float, float]] = []
    for curve in sorted(lossy, key=lambda curve: -_mark(data, curve)[1]):
        loss, chance = _marked(data, curve, window)
        if curve.value is not None and loss >= window.left:
            label = f"mark:{curve.key}"
            axes.plot([loss], [chance], "o", color=COLOURS[curve.key], markersize=6.5, mec=PAPER, zorder=7, label=label)
        text, y = _name(data, curve, style), math.log(chance) / math.log(window.bottom) * height
        wide, half = max(style.width(line, BODY) for line in text.split("\n")), LINE * (1 + text.count("\n"))
        free = _free_below(curve, window, y, wide, half, (width, height)) if curve.key == "after" else None
        if free is None:
            beside.append((curve, y, half))
        else:
            offset = free[1] - width * window.across(loss), y - free[0]
            _put_name(axes, style, data, curve, window, offset, free[0] - y > 2 * half, "right")
    levels = spread([y for _, y, _ in beside], [2 * half for _, _, half in beside], height)
    for (curve, y, half), level in zip(beside, levels, strict=True):
        text, x = _name(data, curve, style), width * window.across(_mark(data, curve)[0])
        wide = max(style.width(line, BODY) for line in text.split("\n"))
        under = window.bottom ** min((level + half) / height, 1.0)
        right = max(x, *(width * window.across(at_chance(other.ordered, under)) for other in lossy)) + 8
        shift = max(min(right, width - wide), 0.0) - x
        led = curve.value is not None and (shift > 2 * half or abs(level - y) > half)
        _put_name(axes, style, data, curve, window, (shift, y - level), led, "left")


def _marked(data: ChartData, curve: _Curve, window: Window) -> tuple[float, float]:
    """The mark where it can be seen."""
    loss, chance = _mark(data, curve)
    return loss, min(max(chance, window.bottom * 1.15), 1.0)


def _put_name(
    axes: Axes, style: Style, data: ChartData, curve: _Curve, window: Window, offset: tuple[float, float], led: bool, ha: str
) -> None:
    """Put a curve's name ``offset`` points from its mark, with a line to it where it stands far off."""
    loss, chance = _marked(data, curve, window)
    colour = COLOURS[curve.key]
    arrow = {"arrowstyle": "-", "color": colour, "linewidth": 0.7, "shrinkA": 2, "shrinkB": 2}
    how: dict[str, Any] = {"arrowprops": arrow} if led else {}
    place = (max(loss, window.left), chance)
    style.put(axes, _name(data, curve, style), place, offset, halo=True, ha=ha, color=colour, zorder=6, **how)


def _free_below(
    curve: _Curve, window: Window, start: float, wide: float, half: float, size: tuple[float, float]
) -> tuple[float, float] | None:
    """Where a text may stand to the left of the curve, where nothing is.

    Returns
    -------
    How far down its middle and how far along its right end, in points; None: nowhere.
    """
    width, height = size
    level = start + half if start + 2 * half <= height else start
    while level + half <= height + 1:
        above = window.bottom ** max((level - half) / height, 0.0)
        right = max(window.across(curve.value or 0.0) * width - 10, wide + 6)
        if right + 8 <= window.across(at_chance(curve.ordered, above)) * width:
            return level, right
        level += 4.0
    return None
