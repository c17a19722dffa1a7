"""What was entered, table by table, as people read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tenbin.reporting.report.data import ReportData
from tenbin.reporting.report.voice import Voice
from tenbin.units import parse_number

__all__ = ["Cell", "Entered", "entered_tables"]

SHOWN = ("scenarios", "effects", "measures", "shared", "subsidies", "status", "triggers", "factors", "relations")
AMOUNTS = frozenset(("capex", "opex", "cap", "loss_p05", "loss_p95", "loss_cap", "deductible"))
SHARES = frozenset(("effect", "effect_low", "effect_high", "share", "probability", "effect_scale"))
FREQUENCIES = frozenset(("frequency", "frequency_low", "frequency_high"))
NUMBERS = frozenset(("effort_initial", "effort_yearly", "cv", "layer"))
OTHER = {"ja": "en", "en": "ja"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text; numbers stand at the right."""

    text: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """A table: its name, its title, its header and its rows, without columns that are blank throughout."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def entered_tables(data: ReportData, voice: Voice) -> list[Entered]:
    """The case's tables in the order of what a reader doubts first."""
    return [_table(name, data, voice) for name in SHOWN if name in data.tables and data.tables[name][1]]


def _table(name: str, data: ReportData, voice: Voice) -> Entered:
    header, rows = data.tables[name]
    other = f"_{OTHER[voice.lang]}"
    own = {c for n, c in enumerate(header) if c.endswith(f"_{voice.lang}") and all(str(row[n]) for row in rows)}
    kept = [
        n
        for n, column in enumerate(header)
        if any(str(row[n]) != "" for row in rows)
        and not (column.endswith(other) and column.removesuffix(other) + f"_{voice.lang}" in own)
    ]
    cells = tuple(tuple(_cell(header[n], row[n], voice) for n in kept) for row in rows)
    return Entered(name, voice.say(f"table_{name}"), tuple(header[n] for n in kept), cells)


def _cell(column: str, value: object, voice: Voice) -> Cell:
    text = str(value)
    tell: Callable[[float], str] | None = (
        voice.amount
        if column in AMOUNTS
        else _share
        if column in SHARES
        else voice.often
        if column in FREQUENCIES
        else _plain
        if column in NUMBERS
        else None
    )
    if tell is None or not text:
        return Cell(text)
    try:
        return Cell(tell(parse_number(text)), number=True)
    except ValueError:
        return Cell(text)


def _share(value: float) -> str:
    return f"{100 * value:.3g}%"


def _plain(value: float) -> str:
    return f"{value:,.6g}"
