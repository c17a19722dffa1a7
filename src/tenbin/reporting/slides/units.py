"""In what unit a chart's workbook holds amounts, and the number formats that write them as everything else does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tenbin.units import format_amount

__all__ = ["Unit", "unit_of"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What amounts are divided by, and what stands before and after such a number: 万円; ¥ and M."""

    size: float
    before: str
    after: str

    @property
    def words(self) -> str:
        """The unit as an axis names it."""
        return f"{self.before}{self.after}".strip()

    @property
    def axis(self) -> str:
        """The number format of an axis, whose title names the unit."""
        return "#,##0.##" if self.size > 1e4 else "#,##0"

    def form(self, value: float, words: str) -> str:
        """The number format that writes a value in our words, and any other that a user puts in its place as a number.

        A format cannot round to three figures: what we say is a text in it that holds near the value (in this unit).
        """
        digits = "#,##0" if abs(value) >= 100 else "0.0" if abs(value) >= 10 else "0.00"
        other = "".join(f'"{text}"' if text != digits else text for text in (self.before, digits, self.after) if text)
        if value < 0 or '"' in words:
            return other
        near = max(5e-4 * value, 5e-7)
        return f'[<{_plain(value - near)}]{other};[<{_plain(value + near)}]"{words}";{other}'


def _plain(value: float) -> str:
    """A number as a format's condition takes it."""
    return f"{value:.9f}".rstrip("0").rstrip(".")


def unit_of(largest: float, lang: str, currency: str) -> Unit:
    """The unit of a chart whose largest amount this is."""
    if lang == "ja":
        size = 1e8 if largest >= 1e10 else 1e4 if largest >= 1e4 else 1.0
    else:
        size = 1e9 if largest >= 1e10 else 1e6 if largest >= 1e6 else 1e3 if largest >= 1e3 else 1.0
    match = re.fullmatch(r"(\D*)1(?:\.00)?(.*)", format_amount(size, lang, currency))
    assert match is not None
    return Unit(size, match[1], match[2])
