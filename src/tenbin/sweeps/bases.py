"""A case as text: its content is hashed, some of its cells are changed, and a case is made of it, on this machine or another."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tenbin.catalogue import load_catalogue
from tenbin.errors import InputError, Problem
from tenbin.inputs import write_tables
from tenbin.inputs.building import RANGED
from tenbin.inputs.cells import to_text
from tenbin.inputs.containers import Container, RawTable
from tenbin.inputs.reading import read_container
from tenbin.inputs.schema import TABLES
from tenbin.inputs.words import shown
from tenbin.model import Case, Catalogue
from tenbin.sweeps.axes import Place, number_text
from tenbin.words import saying

__all__ = ["Base", "Change", "digest"]

said = saying("sweeps")

Change = tuple[Place, tuple[str, float | None]]
"""Where, and what: a text to write, or a factor."""

Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
MOVED = ("frequency", "effect", "capex", "opex", "effort_initial", "effort_yearly")
"""Columns whose low and high move with them, unless these are varied too."""

UNSAID = ("format", "name", "cost_tables", "brand")
"""Settings that no result depends on."""

DRAWN = ("n_trials", "seed", "n_worlds")
"""Settings of the study that stand in a point's key by themselves."""

YEARS = {
    "scenarios": ("id", "frequency", "frequency_low", "frequency_high", "frequency_model", "loss_p05", "loss_p95", "loss_model", "loss_cap", "deductible", "factor"),
    "triggers": ("scenario", "triggers", "probability"),
    "factors": ("id", "cv"),
    "losses": ("model", "loss"),
}  # fmt: skip
"""What the years of a case depend on: points that differ in nothing of it share their events."""


def digest(content: object) -> str:
    """SHA-256 of a document in its one canonical form."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Base:
    """A case's tables as text, in the order of their keys, and its settings by dotted name; both as ``write_tables`` has them."""

    name: str
    tables: Mapping[str, Table]
    settings: Mapping[str, Any]
    catalogue: Catalogue | None = None
    _parts: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, case: Case) -> Base:
        """What a case says."""
        written = write_tables(case)
        settings = written.pop("case")
        own = settings["catalogue"] if isinstance(settings["catalogue"], Catalogue) else None
        tables = {
            name: (tuple(header), tuple(tuple(to_text(cell) for cell in row) for row in rows))
            for name, (header, rows) in written.items()
        }
        flat: dict[str, Any] = {}
        for key, value in settings.items():
            if key in UNSAID[2:]:
                continue
            flat.update({f"{key}.{name}": inner for name, inner in value.items()} if isinstance(value, dict) else {key: value})
        return cls(case.name, tables, flat, own)

    def changed(self, changes: Sequence[Change]) -> Base:
        """The same with some cells and settings written over or multiplied.

        Raises
        ------
        InputError : for a place that this case does not have, all of them.
        """
        if not changes:
            return self
        tables, settings = dict(self.tables), dict(self.settings)
        problems: list[Problem] = []
        moved = {place.column for place, _ in changes}
        for place, (text, factor) in changes:
            if not place.table:
                old = settings.get(place.column)
                if factor is not None and not isinstance(old, int | float):
                    problems.append(_no_number(place, "" if old is None else str(old)))
                    continue
                settings[place.column] = text if factor is None else number_text(float(old or 0) * factor)
            elif place.table not in tables:
                problems.append(_no_row(place))
            else:
                tables[place.table] = _written(tables[place.table], place, text, factor, moved, problems)
        if problems:
            raise InputError(problems)
        parts = {name: self._part(name) for name, table in tables.items() if table is self.tables.get(name)}
        made = copy(self)
        for name, value in (("tables", tables), ("settings", settings), ("_parts", parts)):
            object.__setattr__(made, name, value)
        return made

    def case(self, prices_on: date | None = None) -> Case:
        """The case of this content.

        prices_on : the day that subsidies are judged on where the case names none.

        Raises
        ------
        InputError : for values that do not go together, all of them.
        """
        settings: dict[str, Any] = {"name": self.name}
        for key, value in self.settings.items():
            section, dot, name = key.partition(".")
            if dot:
                settings.setdefault(section, {})[name] = value
            else:
                settings[key] = value
        if self.catalogue is not None:
            settings["catalogue"] = self.catalogue
        if prices_on is not None:
            settings.setdefault("study", {}).setdefault("prices_on", prices_on.isoformat())
        tables = {name: RawTable(name, header, tuple(enumerate(rows, start=2))) for name, (header, rows) in self.tables.items()}
        return read_container(Container(self.name, tables, settings), load_catalogue=load_catalogue, today=prices_on)

    @property
    def digest(self) -> str:
        """A hash of everything that results depend on; no name of a file, no order of rows is in it."""
        settings = {
            key: to_text(value) if not isinstance(value, list) else value
            for key, value in self.settings.items()
            if key not in UNSAID and key not in {f"study.{name}" for name in DRAWN} and key != "catalogue"
        }
        own = self.catalogue
        framework = [own.layers, own.components, own.measures, own.crosswalk] if own else self.settings.get("catalogue")
        parts = {name: self._part(name) for name in self.tables}
        return digest({"settings": settings, "tables": parts, "catalogue": repr(framework)})

    @property
    def years(self) -> str:
        """A hash of what the events depend on, beside the seed and how many years and worlds there are."""
        parts = {}
        for name, columns in YEARS.items():
            header, rows = self.tables.get(name, ((), ()))
            places = [header.index(column) for column in columns if column in header]
            parts[name] = [[row[place] for place in places] for row in rows]
        return digest(parts)

    @property
    def has_dates(self) -> bool:
        """Whether a result depends on the day that prices are of."""
        header, rows = self.tables.get("subsidies", ((), ()))
        place = header.index("valid_until") if "valid_until" in header else -1
        return place >= 0 and any(row[place] for row in rows) and not self.settings.get("study.prices_on")

    @property
    def is_uncertain(self) -> bool:
        """Whether anything has a range; what states no number of worlds then has several."""
        for name, parts in RANGED:
            header, rows = self.tables.get(name, ((), ()))
            places = [header.index(end) for part in parts for end in (f"{part}_low", f"{part}_high") if end in header]
            if any(row[place] for row in rows for place in places):
                return True
        return False

    @property
    def identity(self) -> str:
        """A hash of all that the case says of results, its own seed, years and worlds among it."""
        return digest([self.digest, *(self.study(name) for name in DRAWN)])

    def study(self, name: str, blank: int | None = None) -> int | None:
        """A setting of the study, as the case states it."""
        value = self.settings.get(f"study.{name}")
        return blank if value in (None, "") else int(value)

    def _part(self, name: str) -> str:
        if name not in self._parts:
            self._parts[name] = digest(self.tables[name])
        return self._parts[name]


def _written(table: Table, place: Place, text: str, factor: float | None, moved: set[str], problems: list[Problem]) -> Table:
    header, rows = table
    keys = [header.index(column) for column in TABLES[place.table].key[: len(place.key)]]
    columns = {name: n for n, name in enumerate(header)}
    found: list[tuple[str, ...]] = []
    n_there = 0
    for row in rows:
        if not all(part in ("*", row[at]) for part, at in zip(place.key, keys, strict=True)):
            found.append(row)
            continue
        n_there += 1
        cells, at = list(row), columns[place.column]
        old = _number(cells[at])
        if factor is not None and old is None:
            if "*" not in place.key:
                problems.append(_no_number(place, cells[at]))
            found.append(row)
            continue
        cells[at] = text if factor is None else number_text((old or 0.0) * factor)
        if place.column in MOVED and old is not None and (new := _number(cells[at])) is not None:
            for end in (f"{place.column}_low", f"{place.column}_high"):
                if end in columns and end not in moved and (bound := _number(cells[columns[end]])) is not None:
                    cells[columns[end]] = number_text(_moved(place.column, old, new, bound))
        found.append(tuple(cells))
    if not n_there:
        problems.append(_no_row(place))
    return header, tuple(found)


def _moved(column: str, old: float, new: float, bound: float) -> float:
    """An end of a range that moves with its likely value: in proportion, an effect's in −ln(1 − effect)."""
    if column != "effect":
        return bound * new / old if old else bound
    if not (0 < old < 1 and 0 <= new < 1 and 0 <= bound < 1):
        return bound
    return -math.expm1(math.log1p(-bound) * math.log1p(-new) / math.log1p(-old))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _no_row(place: Place) -> Problem:
    return Problem(place.table, 0, str(place), said("must_row"), shown("/".join(place.key)), said("do_row"))


def _no_number(place: Place, text: str) -> Problem:
    return Problem(place.table or "case", 0, str(place), said("must_multiply"), shown(text), said("do_multiply"))
