"""What a sweep may vary, and what each of its values means: parts of the question, of the drawing, cells and settings of the case."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tenbin.errors import InputError, Problem
from tenbin.inputs import parse_budget, parse_days
from tenbin.inputs.cells import BadCell, tidy, to_text
from tenbin.inputs.schema import SETTINGS, TABLES
from tenbin.inputs.words import nearest, shown
from tenbin.units import parse_amount, parse_number
from tenbin.words import Said, saying

__all__ = [
    "DRAWING",
    "NAMES",
    "QUESTION",
    "SEVERAL",
    "SOURCES",
    "Axis",
    "Place",
    "Range",
    "Value",
    "canonical",
    "read_axis",
    "read_place",
]

said = saying("sweeps")

SOURCES = ("case", "costs")
QUESTION = ("target", "level", "budget", "metric", "require", "exclude", "max-days", "delta")
DRAWING = ("seed", "trials", "worlds")
NAMES = (*SOURCES, *QUESTION, *DRAWING)
SEVERAL = ("target", "require", "exclude")
"""Of these one value may be a list: several at once."""

NOT_SETTINGS = ("format", "name", "catalogue", "cost_tables", "title_ja", "title_en")
TIMES = re.compile(r"[*×]\s*(.+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a case an axis writes: a setting by its dotted name (table ""), or a column of the rows of a table that a key names.

    key : the beginning of a row's key, all of it or its first parts; ``*`` stands for any.
    """

    table: str
    key: tuple[str, ...]
    column: str

    def __str__(self) -> str:
        return ".".join((self.table, "/".join(self.key), self.column)) if self.table else self.column


@dataclass(frozen=True, slots=True)
class Value:
    """A value of an axis: what a table of results calls it, and what it is.

    content : a text, several, a whole number, or for a place (text, None) to write or ("", factor) to multiply by.
    """

    label: str
    content: Any


@dataclass(frozen=True, slots=True)
class Range:
    """An axis of numbers between two ends, for samples. ``value`` makes an axis' value of a number."""

    low: float
    high: float
    is_log: bool
    value: Callable[[float], Value]

    def at(self, share: float) -> Value:
        """The value at a share from 0 to 1 of the way."""
        if self.is_log:
            return self.value(math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low))))
        return self.value(self.low + share * (self.high - self.low))


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that is varied; in a list a value may stand several times. ``place`` is None unless it stands in the case; ``range`` is for samples, else there are ``values``."""

    name: str
    values: tuple[Value, ...] = ()
    place: Place | None = None
    range: Range | None = None

    @property
    def distinct(self) -> Axis:
        """The same with each value once."""
        return replace(self, values=tuple({value.label: value for value in self.values}.values()))


def read_axis(name: str, given: object, where: str) -> Axis:
    """An axis other than ``case`` and ``costs``, each of its values checked by the rule of what it stands for.

    Raises
    ------
    InputError : for a name that is no axis, or values that break a rule, all of them.
    """
    place = None if name in NAMES else read_place(name, where)
    if isinstance(given, Mapping):
        return Axis(name, place=place, range=_range(name, place, given, where))
    values: list[Value] = []
    problems: list[Problem] = []
    for one in given if isinstance(given, list | tuple) else [given]:
        try:
            values.append(_value(name, place, one, where))
        except InputError as error:
            problems.extend(error.problems)
    if not values and not problems:
        problems.append(Problem(where, 0, name, said("must_values"), said("got_empty"), said("do_values")))
    if problems:
        raise InputError(problems)
    return Axis(name, tuple(values), place)


def read_place(name: str, where: str) -> Place:
    """The place of ``scenarios.S-L1-03.frequency``, ``effects.S-L1-03/L1.006/frequency.effect``, ``organisation.cash_reserve``.

    Raises
    ------
    InputError : when no table, column or setting is called so.
    """
    if name in SETTINGS and name not in NOT_SETTINGS:
        return Place("", (), name)
    table, _, rest = name.partition(".")
    key, _, column = rest.rpartition(".")
    if table not in TABLES or table == "losses" or not rest:
        settings = [key for key in SETTINGS if key not in NOT_SETTINGS]
        tables = [f"{table}.KEY.COLUMN" for table in TABLES if table != "losses"]
        near = (
            nearest(name, (*NAMES, *settings)) if "." not in name or table in {s.partition(".")[0] for s in settings} else None
        )
        raise InputError(
            [Problem(where, 0, shown(name), said("must_axis"), shown(name), near or said("do_axis", tables=tables))]
        )
    how = TABLES[table]
    parts = tuple(part.strip() for part in key.split("/"))
    problems = []
    if column not in how.columns or column in how.key:
        rest_of = [other for other in how.columns if other not in how.key]
        problems.append(
            Problem(where, 0, shown(name), said("must_column", table=table), shown(column), nearest(column, rest_of))
        )
    if not key or len(parts) > len(how.key) or not all(parts):
        problems.append(Problem(where, 0, shown(name), said("must_key", key=how.key), shown(key), said("do_key")))
    if problems:
        raise InputError(problems)
    return Place(table, parts, column)


def canonical(place: Place, text: str) -> str:
    """A cell's or setting's text in the one form that equal values share.

    Raises
    ------
    BadCell : when it breaks the column's rule.
    """
    column = TABLES[place.table].columns[place.column] if place.table else SETTINGS[place.column]
    if not tidy(text):
        if column.is_filled:
            raise BadCell(said("must_filled"), said("do_values"))
        return ""
    value = column.convert(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return tidy(text)
    return number_text(value)


def number_text(value: float) -> str:
    """A number as tables are written: whole ones without a point, others so that they read back exactly."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _value(name: str, place: Place | None, given: object, where: str) -> Value:
    if isinstance(given, list | tuple) and name in SEVERAL:
        parts = tuple(_plain(name, part, where) for part in given)
        return Value("; ".join(parts), parts)
    text = _plain(name, given, where)
    if place is not None:
        return _written(name, place, text, where)
    if name in SEVERAL:
        return Value(text, (text,))
    try:
        if name in DRAWING:
            return _whole(name, text, where)
        if name == "budget":
            parse_budget(text, where)
        elif name == "max-days":
            parse_days(text, where)
        elif name == "delta":
            return Value(text, parse_number(text))
    except InputError as error:
        raise InputError([Problem(where, 0, name, p.rule, p.value, p.remedy) for p in error.problems]) from None
    except ValueError:
        raise InputError([Problem(where, 0, name, said("must_number"), shown(text), said("do_number"))]) from None
    return Value(text, text)


def _plain(name: str, given: object, where: str) -> str:
    """A value as text; ``InputError`` for what is none: nothing at all, a table in a list, a list in one that takes single values."""
    if isinstance(given, Mapping | list | tuple | bool) or not (text := tidy(to_text(given))):
        got = shown(given) if isinstance(given, Mapping | list | tuple | bool) else said("got_empty")
        raise InputError([Problem(where, 0, name, said("must_single"), got, said("do_single"))])
    return text


def _written(name: str, place: Place, text: str, where: str) -> Value:
    """What is written into a cell, or by what it is multiplied."""
    try:
        if found := TIMES.fullmatch(text):
            factor = parse_number(found[1])
            if not factor >= 0:
                raise BadCell(said("must_factor"), said("do_factor"))
            return Value(f"*{number_text(factor)}", ("", factor))
        return Value(text, (canonical(place, text), None))
    except BadCell as error:
        raise InputError([Problem(where, 0, name, error.rule, shown(error.value or text), error.remedy)]) from None
    except ValueError:
        raise InputError([Problem(where, 0, name, said("must_factor"), shown(text), said("do_factor"))]) from None


def _whole(name: str, text: str, where: str) -> Value:
    least = 0 if name == "seed" else 1
    try:
        value = parse_amount(text)
    except ValueError:
        value = -1.0
    if value < least or not value.is_integer() or value > 10**15:
        raise InputError([Problem(where, 0, name, said("must_whole", n=least), shown(text), said("do_number"))])
    return Value(str(int(value)), int(value))


def _range(name: str, place: Place | None, given: Mapping[Any, Any], where: str) -> Range:
    """``{low = …, high = …, log = true}``."""

    def refuse(rule: Said, value: object, remedy: Said) -> InputError:
        return InputError([Problem(where, 0, name, rule, shown(value), remedy)])

    if (
        set(given) - {"low", "high", "log"}
        or not {"low", "high"} <= set(given)
        or not isinstance(given.get("log", False), bool)
    ):
        raise refuse(said("must_range"), dict(given), said("do_range"))
    if name not in (*DRAWING, "budget", "max-days", "delta") and place is None:
        raise refuse(said("must_list"), dict(given), said("do_values"))
    low, high = (_value(name, place, given[end], where) for end in ("low", "high"))
    numbers, make = _between(name, place, low, high)
    if numbers is None or not numbers[0] < numbers[1]:
        raise refuse(said("must_rising"), f"{low.label}, {high.label}", said("do_range"))
    if given.get("log") and not numbers[0] > 0:
        raise refuse(said("must_positive"), low.label, said("do_range"))
    return Range(*numbers, bool(given.get("log")), make)


def _between(
    name: str, place: Place | None, low: Value, high: Value
) -> tuple[tuple[float, float] | None, Callable[[float], Value]]:
    """The two ends as numbers (None where they are none, or of two kinds), and how a number becomes a value."""
    if place is not None:
        factors = low.content[1], high.content[1]
        if None not in factors:
            return factors, lambda number: Value(f"*{number!r}", ("", float(number)))
        try:
            ends = float(low.content[0]), float(high.content[0])
        except ValueError:
            return None, lambda number: low
        return (ends if factors == (None, None) else None), lambda number: Value(
            repr(float(number)), (repr(float(number)), None)
        )
    if name in DRAWING:
        return (low.content, high.content), lambda number: Value(str(round(number)), round(number))
    if name == "delta":
        return (low.content, high.content), lambda number: Value(repr(float(number)), float(number))
    parse: Callable[[str], Any] = parse_budget if name == "budget" else parse_days
    first, last = parse(low.content), parse(high.content)
    word = f"/{first.period.value}"
    sizes = (first.amount, last.amount) if name == "budget" else (first.days, last.days)
    return (sizes if first.period is last.period else None), lambda number: Value(f"{number:.6g}{word}", f"{number:.6g}{word}")
