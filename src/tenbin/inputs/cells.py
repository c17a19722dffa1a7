"""Single cells: text as people type it → values, or the rule that it breaks."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tenbin.units import parse_amount, parse_number, parse_share

__all__ = [
    "BadCell",
    "Convert",
    "amount",
    "days",
    "identifier",
    "identifiers",
    "iso_date",
    "layer",
    "number",
    "one_of",
    "prose",
    "several_of",
    "share",
]

ID = re.compile(r"^[A-Za-z0-9._-]+$")


class BadCell(Exception):
    """A cell breaks a rule; ``rule`` completes "must be", ``remedy`` is a sentence."""

    def __init__(self, rule: str, remedy: str) -> None:
        self.rule, self.remedy = rule, remedy
        super().__init__(rule)


Convert = Callable[[str], Any]


def tidy(text: str) -> str:
    """Full-width digits and letters to plain ones, blanks at the ends off."""
    return unicodedata.normalize("NFKC", text).strip()


def prose(text: str) -> str:
    """Text as it stands, blanks at the ends off."""
    return text.strip()


def identifier(text: str) -> str:
    """An id; full-width letters become plain ones."""
    value = tidy(text)
    if not ID.match(value):
        raise BadCell("an id of letters, digits, '.', '_' and '-'", "Use an id such as L1.006 or S-L1-01.")
    return value


def listed(text: str) -> tuple[str, ...]:
    """The parts of a ``;``-list."""
    return tuple(part.strip() for part in re.split(r"[;；]", unicodedata.normalize("NFKC", text)) if part.strip())


def identifiers(text: str) -> tuple[str, ...]:
    """The ids of a ``;``-list."""
    return tuple(identifier(part) for part in listed(text))


def _at_least_zero(value: float, rule: str, remedy: str) -> float:
    if not math.isfinite(value) or value < 0:
        raise BadCell(rule, remedy)
    return value


def amount(text: str) -> float:
    """An amount of at least 0, in any of the accepted forms."""
    rule, remedy = "an amount of at least 0", "Write 3000000, 3M, 300万円 or 1.2億円."
    try:
        return _at_least_zero(parse_amount(text), rule, remedy)
    except ValueError as error:
        raise BadCell(rule, remedy) from error


def days(text: str) -> float:
    """A number of days of at least 0."""
    rule, remedy = "a number of days of at least 0", "Write a number such as 5 or 0.5."
    try:
        return _at_least_zero(parse_number(text), rule, remedy)
    except ValueError as error:
        raise BadCell(rule, remedy) from error


def number(rule: str, low: float, high: float, open_low: bool = False, open_high: bool = False) -> Convert:
    """A number between two bounds, either of them left out when open."""

    def convert(text: str) -> float:
        remedy = "Write a number such as 0.15, 1/10 or 30."
        try:
            value = parse_number(text)
        except ValueError as error:
            raise BadCell(rule, remedy) from error
        if value < low or value > high or (open_low and value == low) or (open_high and value == high):
            raise BadCell(rule, remedy)
        return value

    return convert


def share(rule: str, below_one: bool = False) -> Convert:
    """A share from 0 to 1, ``0.3`` or ``30%``."""

    def convert(text: str) -> float:
        remedy = "Write a share such as 0.3 or 30%."
        try:
            value = parse_share(text)
        except ValueError as error:
            raise BadCell(rule, remedy) from error
        if not 0 <= value <= 1 or (below_one and value == 1):
            raise BadCell(rule, remedy)
        return value

    return convert


def layer(text: str) -> int:
    """A layer's number."""
    value = tidy(text).removesuffix(".0").removeprefix("L")
    if not value.isdigit():
        raise BadCell("the number of a layer", "Write 1, 2 or 3.")
    return int(value)


def one_of(*choices: str) -> Convert:
    """One of several words."""

    def convert(text: str) -> str:
        value = tidy(text).lower()
        if value not in choices:
            raise BadCell(f"one of {', '.join(choices)}", "Write one of these words.")
        return value

    return convert


def several_of(*choices: str) -> Convert:
    """One or more of several words, a ``;``-list."""

    def convert(text: str) -> tuple[str, ...]:
        values = tuple(part.lower() for part in listed(text))
        if not values or any(value not in choices for value in values):
            raise BadCell(f"one or more of {', '.join(choices)}", "Separate several words with ';'.")
        return values

    return convert


def iso_date(text: str) -> date:
    """A date, with or without a time."""
    value = tidy(text)
    try:
        return datetime.fromisoformat(value).date()
    except ValueError as error:
        raise BadCell("a date", "Write it as 2027-03-31.") from error
