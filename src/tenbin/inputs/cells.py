"""Single cells: text as people type it → values, or the rule that it breaks."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from tenbin.inputs.words import said
from tenbin.inputs.written import Sort, Written, told
from tenbin.units import parse_amount, parse_number, parse_share
from tenbin.words import Said

__all__ = [
    "ID",
    "LARGEST",
    "BadCell",
    "Convert",
    "adding_up",
    "amount",
    "day",
    "forms",
    "identifier",
    "identifiers",
    "listed",
    "number",
    "one_of",
    "prose",
    "reference",
    "several_of",
    "share",
    "tidy",
    "to_text",
    "whole",
]

ID = re.compile(r"[A-Za-z0-9._-]+")
REFERENCE = re.compile(r"[^;,=%\x00-\x1f]{1,60}")
FORM = re.compile(r"([^\W\d_][\w .-]*)=(.*)")
LARGEST = 1e18
LARGEST_WHOLE = 10**30
DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?")
LIKE_A_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}.*|\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{1,2}|\d{1,2}月\d{1,2}日")

Convert = Callable[[str], Any]


class BadCell(Exception):
    """A cell breaks a rule; ``rule`` completes "must be", ``remedy`` is a sentence, ``value`` the part that is wrong."""

    def __init__(self, rule: str, remedy: str, value: str | None = None) -> None:
        self.rule, self.remedy, self.value = rule, remedy, value
        super().__init__(rule)


def to_text(value: object) -> str:
    """A DataFrame's cell, or a setting's value, as the text that a person would have typed; "" for a blank one."""
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()  # numpy's scalars
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**300:
        return said("got_hundreds_of_digits")  # int → str refuses thousands of digits
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def tidy(text: str) -> str:
    """Full-width digits and letters to plain ones, blanks at the ends off."""
    return unicodedata.normalize("NFKC", text).strip()


def prose(text: str) -> str:
    """Text as it stands; spaces alone are nothing."""
    return text if text.strip() else ""


def identifier(text: str) -> str:
    """An id of letters, digits, ``.``, ``_`` and ``-``."""
    value = tidy(text)
    if not ID.fullmatch(value):
        raise BadCell(said("must_id"), said("do_id"), value)
    return value


def reference(text: str) -> str:
    """What a standard calls one of its requirements: ``PR.AA-05``, ``SR 1.1 RE 1``, ``問12``."""
    value = " ".join(tidy(text).split())
    if not REFERENCE.fullmatch(value):
        raise BadCell(said("must_reference"), said("do_reference"), value)
    return value


def listed(text: str) -> tuple[str, ...]:
    """The parts of a ``;``-list, each once."""
    return tuple(dict.fromkeys(part.strip() for part in tidy(text).split(";") if part.strip()))


def adding_up(shares: Sequence[float]) -> tuple[float, ...] | None:
    """Shares that add up to exactly 1, of ones that do so within 1e-6; None when they do not.

    Ones that do but for rounding stay as they are, so that they are the same however often they are written and read.
    """
    total = math.fsum(shares)
    if abs(total - 1) > 1e-6:
        return None
    return tuple(shares) if abs(total - 1) < 1e-12 else tuple(one / total for one in shares)


def forms(text: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """A ``;``-list of loss forms, and their shares where each has one: ``productivity=50%;response=50%``; else no shares."""
    parts = listed(text)
    split = [FORM.fullmatch(part) for part in parts]
    if not any(split):
        return parts, ()
    shares = []
    for part, match in zip(parts, split, strict=True):
        if match is None:
            raise BadCell(said("must_all_shares"), said("do_forms"), part)
        shares.append(_read(parse_share, match[2], said("must_form_share"), said("do_forms"), part))
        if not 0 <= shares[-1] <= 1:
            raise BadCell(said("must_form_share"), said("do_forms"), part)
    names = tuple(match[1].strip() for match in split if match)
    if twice := [name for n, name in enumerate(names) if name in names[:n]]:
        raise BadCell(said("must_form_once"), said("do_delete_one"), twice[0])
    exact = adding_up(shares)
    if exact is None:
        raise BadCell(said("must_forms_add_up"), said("do_forms"), f"{100 * math.fsum(shares):.6g}%")
    return names, exact


def identifiers(text: str) -> tuple[str, ...]:
    """A ``;``-list of ids."""
    return tuple(identifier(part) for part in listed(text))


def _read(parse: Callable[[str], float], text: str, rule: str, remedy: str, value: str | None = None) -> float:
    try:
        return parse(text)
    except (ValueError, OverflowError) as error:
        raise BadCell(rule, remedy, value) from error


def amount(text: str) -> float:
    """An amount of money, 0 or more."""
    rule, remedy = said("must_amount"), said("do_amount")
    value = _read(parse_amount, text, rule, remedy)
    if value < 0:
        raise BadCell(rule, remedy)
    if value > LARGEST:
        raise BadCell(said("must_amount_at_most"), said("do_digits"))
    return value


def number(
    rule: Said,
    remedy: Said,
    low: float,
    high: float,
    *,
    without_low: bool = False,
    parse: Callable[[str], float] = parse_number,
    rule_above: Said | None = None,
) -> Convert:
    """A number from ``low`` (or above it) to ``high``; ``rule_above`` is for what is larger, where ``rule`` does not name the bound."""

    def convert(text: str) -> float:
        hint = said("do_not_a_date", then=remedy) if LIKE_A_DATE.fullmatch(tidy(text)) else remedy
        value = _read(parse, text, rule, hint)
        if not low <= value <= high or (without_low and value == low):
            raise BadCell(rule_above if rule_above and value > high else rule, remedy)
        return value

    sort = Sort.SHARE if parse is parse_share else Sort.NUMBER
    return told(convert, Written(sort, low, high, without_low, rule=rule))


def share(rule: Said, *, below_one: bool = False) -> Convert:
    """A share from 0 to 1, ``0.3`` or ``30%``."""

    def convert(text: str) -> float:
        remedy = said("do_share")
        value = _read(parse_share, text, rule, remedy)
        if not 0 <= value <= 1 or (below_one and value == 1):
            raise BadCell(rule, remedy)
        return value

    return told(convert, Written(Sort.SHARE, 0, 1, without_high=below_one, rule=rule))


def whole(low: int, high: int | None, remedy: Said, rule: Said | None = None) -> Convert:
    """A whole number from ``low`` to ``high``."""
    rule = rule or (said("must_whole_between", low=low, high=high) if high is not None else said("must_whole_from", low=low))

    def convert(text: str) -> int:
        plain = tidy(text).replace("_", "").replace(",", "")
        if plain.isascii() and plain.isdigit() and len(plain) < 40:
            value = int(plain)
        else:
            found = _read(parse_amount, text, rule, remedy)
            if not found.is_integer():
                raise BadCell(rule, remedy)
            value = int(found)
        if value > LARGEST_WHOLE:
            raise BadCell(said("must_whole_below"), remedy)
        if value < low or (high is not None and value > high):
            raise BadCell(rule, remedy)
        return value

    return told(convert, Written(Sort.WHOLE, low, high, rule=rule))


def one_of(choices: Sequence[str]) -> Convert:
    """One of some words."""
    rule = said("must_one_of_words", words=choices)

    def convert(text: str) -> str:
        value = tidy(text).lower()
        if value not in choices:
            raise BadCell(rule, said("do_one_word"))
        return value

    return told(convert, Written(Sort.CHOICE, choices=tuple(choices), rule=rule))


def several_of(choices: Sequence[str]) -> Convert:
    """A ``;``-list of some words."""
    rule = said("must_several_of_words", words=choices)

    def convert(text: str) -> tuple[str, ...]:
        values = tuple(part.lower() for part in listed(text))
        for value in values:
            if value not in choices:
                raise BadCell(rule, said("do_words"), value)
        return values

    return told(convert, Written(Sort.CHOICES, choices=tuple(choices), rule=rule))


def day(text: str) -> date:
    """A date as ``2027-03-31``; with midnight behind it or with slashes, as spreadsheets write it, too."""
    match = DATE.fullmatch(tidy(text))
    try:
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise BadCell(said("must_date"), said("do_date"))


for _reader, _written in (
    (identifier, Written(Sort.ID, rule=said("must_id"))),
    (identifiers, Written(Sort.IDS, rule=said("must_ids"))),
    (reference, Written(Sort.REFERENCE, most=60, rule=said("must_reference"))),
    (amount, Written(Sort.AMOUNT, 0, LARGEST, rule=said("must_amount"))),
    (forms, Written(Sort.FORMS)),
    (day, Written(Sort.DATE, rule=said("must_date"))),
):
    told(_reader, _written)
