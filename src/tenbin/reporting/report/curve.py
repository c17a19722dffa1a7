"""The figure of the loss exceedance curve, and the grid under figures with two axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tenbin.reporting.curve_points import CurvePoints, WorldBand
from tenbin.reporting.report.axes import Axis, log_axis
from tenbin.reporting.report.data import CONFIDENCES, FloatArray, PlanView, ReportData
from tenbin.reporting.report.svg import Drawing, width_of
from tenbin.reporting.report.voice import Voice

__all__ = ["CHANCES", "LEAST_CHANCE", "WIDTH", "curve", "grid", "loss_at", "staircase"]

WIDTH = 420.0
LEAST_CHANCE = 1e-3
CHANCES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
WORLD_POINTS = 120


def grid(drawing: Drawing, x: Axis, y: Axis, x_words: Sequence[str], y_words: Sequence[str]) -> None:
    """Ticks and thin lines; words that would touch the one before are left out."""
    for value, words in zip(y.ticks, y_words, strict=True):
        drawing.line(x.start, y(value), x.end, y(value), "rule" if y(value) != y.start else "axis")
        drawing.text(x.start - 7, y(value) + 4, words, "s dim", "end")
    last = -math.inf
    for value, words in zip(x.ticks, x_words, strict=True):
        half = width_of(words, 12) / 2
        middle = min(max(x(value), x.start), drawing.width - half - 1)
        drawing.line(x(value), y.start, x(value), y.end, "rule")
        if middle - half > last + 6:
            drawing.text(middle, y.start + 17, words, "s dim", "middle")
            last = middle + half


def curve(data: ReportData, view: PlanView, voice: Voice) -> Drawing:
    """The chance of a worse year by loss: nothing in place, today, after the plan with its sampling band."""
    height, bottom, top = 330.0, 46.0, 24.0
    left = 12 + max(width_of(voice.chart("once_in", years="1,000"), 12), width_of(voice.chart("every_year"), 12))
    curves = [(data.curve_inherent, "inherent", voice.chart("inherent"))]
    if data.has_today:
        curves.append((data.curve_today, "today", voice.chart("today")))
    curves.append((view.curve, "residual", voice.chart("after")))
    high = max(loss_at(one, LEAST_CHANCE) for one, _, _ in curves)
    rare = CONFIDENCES.index(0.95)
    before = (data.quantiles_today if data.has_today else data.quantiles_inherent)[rare]
    words = {"before": voice.amount(before), "after": voice.amount(view.quantiles[rare])}
    drawing = Drawing(WIDTH, height, voice.say("curve_summary", **words), "curve")
    if high <= 0:
        drawing.text(WIDTH / 2, height / 2, voice.chart("no_loss"), "t", "middle")
        return drawing
    low = high / 10 ** min(4, max(2, math.ceil(math.log10(high / max(loss_at(view.curve, 0.3), high / 1e4)))))
    x = log_axis(low, high * 1.15, left, WIDTH - 10, 5)
    y = Axis(LEAST_CHANCE, 1.0, height - bottom, top, CHANCES, is_log=True)
    chances = [
        voice.chart("every_year") if c == 1 else voice.chart("once_in", years=f"{1 / c:,.0f}") if n % 3 == 0 or c == 0.5 else ""
        for n, c in enumerate(CHANCES)
    ]
    grid(drawing, x, y, [voice.amount(v) for v in x.ticks], chances)
    drawing.text(2, 12, voice.chart("chance"), "s")
    drawing.text(WIDTH - 10, height - 6, voice.say("loss_axis"), "s", "end")
    if view.worlds is not None:
        drawing.path(_world_band(view.worlds, x, y), "worlds", closed=True)
    drawing.path(_band(view.curve, x, y), "band", closed=True)
    for one, kind, _ in curves:
        drawing.path(staircase(one, x, y), f"line-{kind} {'thin' if kind == 'inherent' else 'thick'}")
    limit = data.limit if data.metric.startswith("var") else None  # an average of years is no point of this curve
    if limit is not None:
        drawing.line(x(limit), top, x(limit), height - bottom, "target")
    for n, (_, kind, name) in enumerate(curves):
        base = height - bottom - 32 - 19 * (len(curves) - 1 - n)  # curves fall to the right: nothing runs here
        drawing.line(left + 10, base - 4, left + 32, base - 4, f"line-{kind} thick")
        drawing.text(left + 38, base, name, f"t ink-{kind}")
    if view.worlds is not None:
        base = height - bottom - 32 - 19 * len(curves)
        drawing.rect(left + 10, base - 9, 22, 10, "worlds")
        drawing.text(left + 38, base, voice.say("worlds_band", share=f"{view.worlds.share:.0%}"), "s ink-residual")
    if limit is not None:
        words_target = voice.say("target_at", limit=voice.amount(limit))
        side = "end" if x(limit) > left + width_of(words_target, 12) + 12 else "start"
        drawing.text(x(limit) + (-5 if side == "end" else 5), height - bottom - 8, words_target, "s", side)
    return drawing


def loss_at(points: CurvePoints, chance: float) -> float:
    """The smallest kept loss that no more than ``chance`` of the years exceed."""
    return float(points.loss[int(np.argmax(points.chance <= chance))])


def staircase(points: CurvePoints, x: Axis, y: Axis) -> list[tuple[float, float]]:
    """The curve between the axis's ends: level until the next loss, then down."""
    chance = np.maximum(points.chance, LEAST_CHANCE / 3)
    inside = (points.loss >= x.low) & (points.chance >= LEAST_CHANCE * 0.9)
    at_edge = float(points.chance[int(np.searchsorted(points.loss, x.low, side="right")) - 1])
    found = [(x.start, y(max(at_edge, LEAST_CHANCE)))]
    for loss, one in zip(points.loss[inside], chance[inside], strict=True):
        found += [(x(loss), found[-1][1]), (x(loss), y(one))]
    return found


def _band(points: CurvePoints, x: Axis, y: Axis) -> list[tuple[float, float]]:
    inside = (points.loss >= x.low) & (points.chance >= LEAST_CHANCE * 0.9)
    ends = [*points.loss[inside][1:], points.loss[-1]]

    def side(chances: FloatArray) -> list[tuple[float, float]]:
        steps = zip(points.loss[inside], ends, chances[inside], strict=True)
        return [(x(loss), y(max(c, LEAST_CHANCE))) for start, end, c in steps for loss in (start, end)]

    return [*side(points.high), *reversed(side(points.low))]


def _world_band(band: WorldBand, x: Axis, y: Axis) -> list[tuple[float, float]]:
    """Between which curves the worlds lie, as far as the plane shows it."""
    places = np.geomspace(x.low, x.high, WORLD_POINTS)

    def side(chances: FloatArray) -> list[tuple[float, float]]:
        return [
            (x(loss), y(max(chance, LEAST_CHANCE)))
            for loss, chance in zip(places, np.interp(places, band.loss, chances), strict=True)
        ]

    return [*side(band.high), *reversed(side(band.low))]
