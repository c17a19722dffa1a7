"""What the room says of its input, and how options that may be text or numbers are read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import PurePath

from tenbin.errors import Problem
from tenbin.inputs.words import nearest, shown
from tenbin.units import parse_amount, parse_number
from tenbin.words import Said, saying

__all__ = [
    "Given",
    "Said",
    "among",
    "file_name",
    "number_from",
    "p_text",
    "read_amount",
    "read_number",
    "said",
    "shown",
    "whole_from",
]

said = saying("calibration")

Given = str | float
"""An option's value: as it is typed, or a number."""


def among(flag: str, value: str, known: Sequence[str], problems: list[Problem]) -> bool:
    """Whether a word is one of those known; else a problem that offers the nearest."""
    if value in known:
        return True
    problems.append(Problem(flag, 0, "", said("must_one_of", names=list(known)), shown(value), nearest(value, known)))
    return False


def read_number(flag: str, value: Given, problems: list[Problem], low: float = 0.0) -> float:
    """A number above ``low``, such as ``0.1`` or ``1/10``; nan and a problem for what is none."""
    return number_from(flag, value, parse_number, said("must_number_above", low=f"{low:g}"), said("do_number"), low, problems)


def read_amount(flag: str, value: Given, problems: list[Problem]) -> float:
    """An amount above 0; nan and a problem for what is none."""
    return number_from(flag, value, parse_amount, said("must_amount_above_0"), said("do_amount"), 0.0, problems)


def number_from(
    flag: str, value: Given, parse: Callable[[str], float], rule: Said, remedy: Said, low: float, problems: list[Problem]
) -> float:
    """What ``parse`` makes of a value, when it is finite and above ``low``."""
    try:
        number = parse(value) if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if low < number < math.inf:
        return number
    problems.append(Problem(flag, 0, "", rule, shown(value), remedy))
    return math.nan


def whole_from(flag: str, value: int, low: int, high: int, problems: list[Problem], remedy: Said) -> None:
    """Check that a whole number lies in its range."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        rule = said("must_whole_between", low=f"{low:,}", high=f"{high:,}")
        problems.append(Problem(flag, 0, "", rule, shown(value), remedy))


def p_text(p: float) -> str:
    """A p-value as it is read: two decimals, two digits below a tenth."""
    return f"{p:.2f}" if p >= 0.095 else f"{p:.2g}"


def file_name(label: str) -> str:
    """A file's name without its folders; what numbers from Python are called."""
    return PurePath(label).name or said("own_numbers")
