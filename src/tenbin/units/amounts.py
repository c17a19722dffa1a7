"""Amounts, shares and frequencies as people write them, in both directions."""

from __future__ import annotations

import math
import re
import unicodedata

__all__ = ["format_amount", "format_frequency", "format_share", "parse_amount", "parse_number", "parse_share"]

_SUFFIX = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "億": 1e8, "兆": 1e12}
_NUMBER = r"[+-]?(?:\d+(?:[_,]\d{3})*|\d*)(?:\.\d+)?(?:e[+-]?\d+)?"
_AMOUNT = re.compile(
    rf"^(?P<sign>[+-]?)[¥$€£]?\s*(?P<number>{_NUMBER})\s*(?P<suffix>k|m|b|千万|百万|千|万|億|兆)?\s*円?$", re.IGNORECASE
)
_COMPOUND = re.compile(r"^¥?(?:(?P<oku>\d+(?:\.\d+)?)億)?(?:(?P<man>\d[\d,_]*(?:\.\d+)?)万)?(?P<rest>\d[\d,_]*)?円?$")
_PLAIN = re.compile(rf"^{_NUMBER}$", re.IGNORECASE)
_FRACTION = re.compile(rf"^(?P<over>{_NUMBER})\s*/\s*(?P<under>{_NUMBER})$", re.IGNORECASE)


def _tidy(text: str) -> str:
    """Normalise full-width digits and letters, the yen sign and the minus signs."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("\\", "¥").strip()


def _plain(text: str) -> float:
    if not _PLAIN.match(text) or not any(character.isdigit() for character in text):
        raise ValueError(text)
    value = float(text.replace("_", "").replace(",", ""))
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def parse_number(text: str) -> float:
    """Read ``0.15``, ``1,000``, ``1_000``, full-width digits or a fraction such as ``1/10``; ``ValueError`` otherwise."""
    tidy = _tidy(text)
    if fraction := _FRACTION.match(tidy):
        under = _plain(fraction["under"])
        if under == 0:
            raise ValueError(text)
        return _plain(fraction["over"]) / under
    return _plain(tidy)


def parse_amount(text: str) -> float:
    """Read ``30000000``, ``30_000_000``, ``30M``, ``300k``, ``1.2B``, ``3000万円``, ``1.2億円``, ``1億2000万円``, ``¥30M``.

    Raises
    ------
    ValueError : when the text is no amount.
    """
    tidy = _tidy(text)
    compound = _COMPOUND.match(tidy)
    if compound and (compound["oku"] or compound["man"]):
        parts = ((compound["oku"], 1e8), (compound["man"], 1e4), (compound["rest"], 1.0))
        return math.fsum(_plain(part) * unit for part, unit in parts if part)
    match = _AMOUNT.match(tidy)
    if match is None or not any(character.isdigit() for character in match["number"]):
        raise ValueError(text)
    value = _plain(match["number"]) * _SUFFIX[(match["suffix"] or "").lower()]
    value = -value if match["sign"] == "-" else value
    if not math.isfinite(value):
        raise ValueError(text)
    # 1.2億 is meant as 120,000,000, not as the nearest product of doubles
    return float(round(value)) if abs(value - round(value)) < 1e-6 * max(abs(value), 1.0) * 1e-6 else value


def parse_share(text: str) -> float:
    """Read ``0.3`` or ``30%`` as 0.3; ``ValueError`` otherwise."""
    tidy = _tidy(text)
    if tidy.endswith("%"):
        return float(f"{_plain(tidy[:-1].strip())}e-2")
    return _plain(tidy)


def _three_figures(value: float) -> str:
    """Write ``value`` with three significant figures and thousands separators, never with an exponent."""
    if value == 0:
        return "0"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    rounded = round(value, 2 - math.floor(math.log10(abs(value))))
    return f"{rounded:,.{min(decimals, 2)}f}"


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
            return f"{sign}{_three_figures(size / 1e8)}億{unit}"
        return f"{sign}{_three_figures(size / 1e4).removesuffix('.00')}万{unit}"
    mark = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}.get(currency, f"{currency} ")
    if exact:
        return f"{sign}{mark}{size:,.0f}"
    for factor, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if float(f"{size:.3g}") >= factor:
            return f"{sign}{mark}{_three_figures(size / factor)}{letter}"
    return f"{sign}{mark}{size:,.0f}"


def format_share(value: float) -> str:
    """Write a share as whole per cent, with a decimal below 1 %."""
    per_cent = 100 * value
    if per_cent != 0 and abs(per_cent) < 1:
        return f"{per_cent:.2g}%"
    return f"{per_cent:.0f}%"


def format_frequency(per_year: float, lang: str = "en") -> str:
    """Write events a year as "about once in 7 years"."""
    if per_year <= 0:
        return "なし" if lang == "ja" else "never"
    if per_year < 0.95:
        years = float(f"{1 / per_year:.2g}")
        shown = f"{years:,.0f}" if years >= 10 else f"{years:.1f}".removesuffix(".0")
        unit = "year" if shown == "1" else "years"
        return f"約{shown}年に1回" if lang == "ja" else f"about once in {shown} {unit}"
    times = float(f"{per_year:.2g}")
    shown = f"{times:,.0f}" if times >= 10 else f"{times:.1f}".removesuffix(".0")
    if shown == "1":
        return "年に約1回" if lang == "ja" else "about once a year"
    return f"年に約{shown}回" if lang == "ja" else f"about {shown} times a year"
