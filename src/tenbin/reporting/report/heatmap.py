"""The heatmap as tables of layers and components, before and after, in one unit and one scale of shades."""

from __future__ import annotations

from dataclasses import dataclass

from tenbin.reporting.palette import heat, readable_on
from tenbin.reporting.report.data import FloatArray, PlanView, ReportData
from tenbin.reporting.report.voice import Voice

__all__ = ["HeatSide", "heat_rules", "heat_sides", "heat_unit"]

SHADES = 48


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell's text and its shade, from 0 to ``SHADES``."""

    text: str
    shade: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A component's cells, layer by layer."""

    title: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class HeatSide:
    """One of the two tables."""

    title: str
    total: str
    rows: tuple[HeatRow, ...]


def heat_unit(data: ReportData, voice: Voice) -> tuple[float, str]:
    """In what the cells are counted, so that they stay short: (divisor, its name)."""
    most = float(data.heat_before.max(initial=0.0))
    if voice.lang == "ja":
        return (
            (1e4, voice.exact(1e4).replace("10,000", voice.say("ten_thousand"))) if most >= 1e5 else (1.0, voice.exact(1)[1:])
        )
    if most >= 1e6:
        return 1e6, voice.exact(1e6)
    return (1e3, voice.exact(1e3)) if most >= 1e4 else (1.0, voice.exact(1))


def heat_sides(data: ReportData, view: PlanView, voice: Voice) -> list[HeatSide]:
    """Before and after."""
    before = voice.chart("today" if data.has_today else "inherent")
    return [
        _side(before, data.heat_before, data, voice),
        _side(voice.chart("after"), view.heat, data, voice),
    ]


def _side(title: str, cells: FloatArray, data: ReportData, voice: Voice) -> HeatSide:
    divisor, _ = heat_unit(data, voice)
    darkest = max((float(one.heat.max(initial=0.0)) for one in data.views), default=0.0)
    darkest = max(darkest, float(data.heat_before.max(initial=0.0))) or 1.0

    def cell(value: float) -> HeatCell:
        size = value / divisor
        text = "0" if value <= 0 else f"{size:,.0f}" if size >= 100 else f"{size:.1f}" if size >= 10 else f"{size:.2f}"
        return HeatCell(text, round(SHADES * value / darkest))

    rows = [
        HeatRow(voice.title(component), tuple(cell(float(cells[n, c])) for n in range(len(data.layers))))
        for c, component in enumerate(data.components)
    ]
    return HeatSide(title, voice.amount(float(cells.sum())), tuple(rows))


def heat_rules() -> str:
    """The shades' rules for the style sheet."""
    shades = ((n, heat(n / SHADES)) for n in range(SHADES + 1))
    return "".join(f".h{n}{{background:{colour};color:{readable_on(colour)}}}" for n, colour in shades)
