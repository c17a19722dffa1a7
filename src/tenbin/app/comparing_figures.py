"""Two plans drawn on the same planes: their curves, what they cost."""

from __future__ import annotations

import math

from tenbin.app.comparing import Side
from tenbin.reporting.report.axes import Axis, log_axis
from tenbin.reporting.report.curve import CHANCES, LEAST_CHANCE, WIDTH, grid, loss_at, staircase
from tenbin.reporting.report.data import CONFIDENCES
from tenbin.reporting.report.svg import Drawing, width_of
from tenbin.reporting.report.voice import Voice
from tenbin.words import speaker

__all__ = ["two_costs", "two_curves"]

say, of_report = speaker("app_pages"), speaker("report")

KINDS = ("other", "residual")
"""Of the left plan and the right: its line is dashed, the other's whole."""
SIZE = 13.0
BAR = 40.0


def two_curves(left: Side, right: Side, voice: Voice) -> Drawing:
    """The chance of a worse year by loss, under either plan."""
    height, bottom, top = 330.0, 46.0, 24.0
    edge = 12 + max(width_of(voice.chart("once_in", years="1,000"), 12), width_of(voice.chart("every_year"), 12))
    rare = CONFIDENCES.index(0.95)
    amounts = {"left": voice.amount(left.losses[rare]), "right": voice.amount(right.losses[rare])}
    drawing = Drawing(WIDTH, height, say("compare_curves_summary", voice.lang, **amounts), "curve")
    curves = (left.curve, right.curve)
    high = max(loss_at(curve, LEAST_CHANCE) for curve in curves)
    if high <= 0:
        drawing.text(WIDTH / 2, height / 2, voice.chart("no_loss"), "t", "middle")
        return drawing
    usual = min(max(loss_at(curve, 0.3), high / 1e4) for curve in curves)
    low = high / 10 ** min(4, max(2, math.ceil(math.log10(high / usual))))
    x = log_axis(low, high * 1.15, edge, WIDTH - 10, 5)
    y = Axis(LEAST_CHANCE, 1.0, height - bottom, top, CHANCES, is_log=True)
    chances = [
        voice.chart("every_year") if c == 1 else voice.chart("once_in", years=f"{1 / c:,.0f}") if n % 3 == 0 or c == 0.5 else ""
        for n, c in enumerate(CHANCES)
    ]
    grid(drawing, x, y, [voice.amount(v) for v in x.ticks], chances)
    drawing.text(2, 12, voice.chart("chance"), "s")
    drawing.text(WIDTH - 10, height - 6, of_report("loss_axis", voice.lang), "s", "end")
    for n, (curve, kind) in enumerate(zip(curves, KINDS, strict=True)):
        drawing.path(staircase(curve, x, y), f"line-{kind} thick")
        base = height - bottom - 13 - 19 * (1 - n)  # curves fall to the right: nothing runs here
        drawing.line(edge + 10, base - 4, edge + 38, base - 4, f"line-{kind} thick")
        drawing.text(edge + 44, base, _name(n, voice.lang), f"t ink-{kind}")
    return drawing


def two_costs(left: Side, right: Side, voice: Voice) -> Drawing:
    """What either plan costs a year, with the average loss that it leaves beside it."""
    sides = (left, right)
    totals = [side.costs["per_year"] + side.metrics["aal"] for side in sides]
    told = [voice.amount(total) for total in totals]
    summary = say("compare_costs_summary", voice.lang, left=told[0], right=told[1])
    drawing = Drawing(WIDTH, 2 * BAR + 30, summary, "scale")
    start = max(width_of(_name(n, voice.lang), SIZE) for n in (0, 1)) + 10
    room = WIDTH - start - max(width_of(text, SIZE) for text in told) * 1.12 - 10
    most = max(totals) or 1.0
    for n, side in enumerate(sides):
        y = BAR * n + 6
        cost, loss = (room * value / most for value in (side.costs["per_year"], side.metrics["aal"]))
        drawing.text(start - 8, y + 18, _name(n, voice.lang), "t", "end")
        drawing.rect(start, y + 2, max(cost, 1.0), 24, "fill-cost", voice.exact(side.costs["per_year"]))
        drawing.rect(start + cost, y + 2, max(loss, 1.0), 24, "fill-residual", voice.exact(side.metrics["aal"]))
        drawing.text(start + cost + loss + 6, y + 19, told[n], "t strong")
    at = start
    for kind, key in (("cost", "compare_cost_part"), ("residual", "compare_loss_part")):
        words = say(key, voice.lang)
        drawing.rect(at, 2 * BAR + 12, 11, 11, f"fill-{kind}")
        drawing.text(at + 16, 2 * BAR + 22, words, "s")
        at += 16 + width_of(words, 12) + 18
    return drawing


def _name(n: int, lang: str) -> str:
    return say("compare_plan", lang, letter="AB"[n])
