"""Amounts, shares and frequencies as people write them, in both directions."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from tenbin.words import speaker

__all__ = [
    "Money",
    "format_amount",
    "format_date",
    "format_frequency",
    "format_rate",
    "format_share",
    "parse_amount",
    "parse_number",
    "parse_share",
]

say = speaker("figures")

_SUFFIX = {"": 0, "k": 3, "m": 6, "b": 9, "千": 3, "万": 4, "百万": 6, "千万": 7, "億": 8, "兆": 12}
_DIGITS = r"(?:[0-9]+(?:[_,][0-9]{3})*(?:\.[0-9]+)?|\.[0-9]+)(?:e[+-]?[0-9]{1,9})?"
_AMOUNT = re.compile(
    rf"(?P<sign>[+-]?)[¥$€£]?\s*(?P<number>{_DIGITS})\s*(?P<suffix>k|m|b|千万|百万|千|万|億|兆)?\s*円?", re.IGNORECASE
)
_PART = r"[0-9]+(?:[_,][0-9]{3})*"
_COMPOUND = re.compile(
    rf"(?P<sign>[+-]?)¥?(?:(?P<cho>{_PART}(?:\.[0-9]+)?)兆)?(?:(?P<oku>{_PART}(?:\.[0-9]+)?)億)?"
    rf"(?:(?P<man>{_PART}(?:\.[0-9]+)?)万)?(?P<rest>{_PART})?円?"
)
_PLAIN = re.compile(rf"[+-]?{_DIGITS}", re.IGNORECASE)
_FRACTION = re.compile(rf"(?P<over>[+-]?{_DIGITS})\s*/\s*(?P<under>{_DIGITS})", re.IGNORECASE)
_LONGEST = 400


def _tidy(text: str) -> str:
    """Normalise full-width digits and letters, the yen sign and the minus signs."""
    if len(text) > _LONGEST or any(unicodedata.category(character) == "No" for character in text):
        raise ValueError(f"{text[:40]}…")  # 10² is not 102
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("\\", "¥").strip()


def _scaled(number: str, exponent: int = 0) -> float:
    """Read digits times a power of ten, correctly rounded: 1.2億 is 120,000,000, not the nearest product of doubles."""
    mantissa, _, own = number.replace("_", "").replace(",", "").lower().partition("e")
    value = float(f"{mantissa}e{int(own or 0) + exponent}")
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def _plain(text: str, exponent: int = 0) -> float:
    if not _PLAIN.fullmatch(text):
        raise ValueError(text)
    return _scaled(text, exponent)


def parse_number(text: str) -> float:
    """Read ``0.15``, ``1,000``, ``1_000``, full-width digits or a fraction such as ``1/10``; ``ValueError`` otherwise."""
    tidy = _tidy(text)
    if fraction := _FRACTION.fullmatch(tidy):
        over, under = _scaled(fraction["over"]), _scaled(fraction["under"])
        if under == 0 or not math.isfinite(over / under):
            raise ValueError(text)
        return over / under
    return _plain(tidy)


def parse_amount(text: str) -> float:
    """Read ``30000000``, ``30_000_000``, ``30M``, ``300k``, ``1.2B``, ``3000万円``, ``1.2億円``, ``1億2000万円``, ``¥30M``.

    Raises
    ------
    ValueError : when the text is no amount.
    """
    tidy = _tidy(text)
    if match := _COMPOUND.fullmatch(tidy):
        parts = ((match["cho"], 12), (match["oku"], 8), (match["man"], 4), (match["rest"], 0))
        if any(part for part, exponent in parts if exponent):
            value = math.fsum(_scaled(part, exponent) for part, exponent in parts if part)
            return -value if match["sign"] == "-" else value
    match = _AMOUNT.fullmatch(tidy)
    if match is None:
        raise ValueError(text)
    value = _scaled(match["number"], _SUFFIX[(match["suffix"] or "").lower()])
    return -value if match["sign"] == "-" else value


def parse_share(text: str) -> float:
    """Read ``0.3`` or ``30%`` as 0.3; ``ValueError`` otherwise."""
    tidy = _tidy(text)
    return _plain(tidy[:-1].strip(), -2) if tidy.endswith("%") else _plain(tidy)


def _three_figures(value: float) -> str:
    """Write ``value`` with three significant figures and thousands separators, never with an exponent."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")  # first, so that 99.99 is 100 and not 100.0
    decimals = max(0, 2 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{min(decimals, 2)}f}"


def _bare(number: str) -> str:
    """Without noughts after the point: 1.2, as it is written in Japanese before 億 and 万."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def format_amount(value: float, lang: str = "en", currency: str = "JPY", exact: bool = False) -> str:
    """Write an amount as people read it: three significant figures, ``9,600万円`` or ``¥96.0M``.

    Parameters
    ----------
    value : in the case's currency.
    lang : ``ja`` or ``en``.
    currency : the case's; yen gets its sign, others their code.
    exact : every digit, for tables.
    """
    sign = "−" if value < 0 and round(abs(value)) > 0 else ""
    size = abs(value)
    if lang == "ja":
        unit = "円" if currency == "JPY" else f" {currency}"
        if exact or size < 1e4:
            return f"{sign}{round(size) if exact else float(_three_figures(size).replace(',', '')):,.0f}{unit}"
        if float(f"{size:.3g}") >= 1e8:
            return f"{sign}{_bare(_three_figures(size / 1e8))}億{unit}"
        return f"{sign}{_bare(_three_figures(size / 1e4))}万{unit}"
    mark = _mark(currency)
    if exact:
        return f"{sign}{mark}{size:,.0f}"
    for factor, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if float(f"{size:.3g}") >= factor:
            return f"{sign}{mark}{_three_figures(size / factor)}{letter}"
    return f"{sign}{mark}{size:,.0f}"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount inside a text that can be said in both languages."""

    value: float
    currency: str = "JPY"

    def within(self, lang: str) -> str:
        """As people read it in a language."""
        return format_amount(self.value, lang, self.currency)


def _mark(currency: str) -> str:
    return {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}.get(currency, f"{currency} ")


def format_rate(value: float, lang: str = "en", currency: str = "JPY") -> str:
    """Write what one unit of the currency costs in the same currency: two significant figures, ``¥0.35`` or ``0.35円``."""
    size = float(f"{abs(value):.2g}")
    if size >= 1000:
        return format_amount(value, lang, currency)
    size = round(size, 3)
    number = f"{size:,.3f}".rstrip("0").rstrip(".")
    sign = "−" if value < 0 and size else ""
    if lang == "ja":
        return f"{sign}{number}{'円' if currency == 'JPY' else f' {currency}'}"
    return f"{sign}{_mark(currency)}{number}"


def format_share(value: float) -> str:
    """Write a share as whole per cent, with a decimal below 1 %."""
    per_cent = 100 * value
    if per_cent != 0 and abs(per_cent) < 1:
        return f"{per_cent:.2g}%"
    return f"{per_cent:.0f}%"


def format_frequency(per_year: float, lang: str = "en") -> str:
    """Write events a year as "about once in 7 years"."""
    if per_year <= 0:
        return say("never", lang)
    if per_year < 0.95:
        years = float(f"{1 / per_year:.2g}")
        shown = f"{years:,.0f}" if years >= 10 else f"{years:.1f}".removesuffix(".0")
        return say("once_in_years", lang, years=shown)
    times = float(f"{per_year:.2g}")
    shown = f"{times:,.0f}" if times >= 10 else f"{times:.1f}".removesuffix(".0")
    return say("once_a_year", lang) if shown == "1" else say("times_a_year", lang, times=shown)


def format_date(day: date, lang: str = "en") -> str:
    """Write a date as it stands in a sentence: ``23 November 2026``, ``2026年11月23日``; tables have it as 2026-11-23."""
    return say("date", lang, day=day.day, month=say(f"month_{day.month}", lang), year=day.year)
