"""Every table's columns: how their cells are read, which must be there, what a blank means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenbin.inputs import cells
from tenbin.inputs.branding import BRAND_KEYS, SECTION
from tenbin.inputs.cells import Convert
from tenbin.units import parse_share

__all__ = ["CASE_TABLES", "COST_TABLES", "SETTINGS", "TABLES", "Column", "Table"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how a cell is read, what a blank one means, whether it may be blank, whether the column must be there."""

    convert: Convert
    blank: Any = None
    is_filled: bool = False
    is_there: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table's key and columns; ``is_there``: a case has it; ``has_rows``: with at least one row."""

    key: tuple[str, ...]
    columns: Mapping[str, Column]
    is_there: bool = False
    has_rows: bool = False


def _must(convert: Convert) -> Column:
    return Column(convert, is_filled=True, is_there=True)


def _may(convert: Convert, blank: Any = None) -> Column:
    return Column(convert, blank)


def _there(convert: Convert, blank: Any) -> Column:
    return Column(convert, blank, is_there=True)


TEXT = _may(cells.prose, "")
NAME = _must(cells.identifier)
NAMED = _may(cells.identifier, "")
MONEY = _may(cells.amount, 0.0)
DAYS = _may(cells.number("a number of days of at least 0", "Write a number such as 5 or 0.5.", 0, 1e6), 0.0)
FREQUENCY = cells.number(
    "a number of events a year above 0", "Write a number such as 0.1, or 1/10 for once in ten years.", 0, 1e6, without_low=True
)
EFFECT = cells.share("a share from 0 to below 1", below_one=True)
PROBABILITY = cells.share("a probability from 0 to 1")
SHARE = cells.share("a share from 0 to 1")
CV = cells.number("a coefficient of variation from 0.001 to 100", "Write a number such as 0.9.", 0.001, 100)
SCALE = cells.number(
    "above 0 and at most 1", "Write a number such as 0.6; the highest level usually has 1.", 0, 1, without_low=True
)
YEAR = cells.whole(1, 50, "Write a number such as 1.")

CASE_TABLES: dict[str, Table] = {
    "scenarios": Table(
        ("id",),
        {
            "id": NAME,
            "layer": _must(cells.whole(0, 99, "Write a number such as 1.", "the number of a layer")),
            "components": _must(cells.identifiers),
            "title_ja": TEXT,
            "title_en": TEXT,
            "frequency": _must(FREQUENCY),
            "frequency_low": _may(FREQUENCY),
            "frequency_high": _may(FREQUENCY),
            "loss_p05": _may(cells.amount),
            "loss_p95": _may(cells.amount),
            "loss_model": TEXT,
            "loss_cap": _may(cells.amount),
            "deductible": MONEY,
            "factor": NAMED,
            "protects": TEXT,
            "loss_forms": _may(cells.listed, ()),
            "description_ja": TEXT,
            "description_en": TEXT,
            "basis": TEXT,
        },
        is_there=True,
        has_rows=True,
    ),
    "effects": Table(
        ("scenario", "measure", "acts_on"),
        {
            "scenario": NAME,
            "measure": NAME,
            "acts_on": _must(cells.one_of(("frequency", "severity"))),
            "effect": _must(EFFECT),
            "effect_low": _may(EFFECT),
            "effect_high": _may(EFFECT),
            "overlap_group": NAMED,
            "basis": TEXT,
        },
        is_there=True,
    ),
    "status": Table(
        ("id", "level"),
        {
            "id": NAME,
            "level": _there(cells.identifier, ""),
            "status": _must(cells.several_of(("in_place", "mandatory", "excluded"))),
            "note": TEXT,
        },
    ),
    "triggers": Table(
        ("scenario", "triggers"), {"scenario": NAME, "triggers": NAME, "probability": _must(PROBABILITY), "basis": TEXT}
    ),
    "factors": Table(("id",), {"id": NAME, "cv": _must(CV), "title_ja": TEXT, "title_en": TEXT}),
    "losses": Table((), {"model": NAME, "loss": _must(cells.amount)}),
    "plans": Table(
        ("plan", "measure"), {"plan": NAME, "measure": NAME, "level": _there(cells.identifier, ""), "year": _may(YEAR)}
    ),
    "crosswalk": Table(
        ("measure", "standard", "reference"),
        {
            "measure": _there(cells.identifier, ""),
            "standard": NAME,
            "reference": _must(cells.reference),
            "confidence": _may(cells.one_of(("high", "medium", "low", "unverified")), ""),
            "scheme_kind": _may(cells.one_of(("standard", "scheme", "customer")), ""),
            "source": TEXT,
        },
    ),
}

_SPENT = {
    "capex": _there(cells.amount, 0.0),
    "opex": _there(cells.amount, 0.0),
    "effort_initial": DAYS,
    "effort_yearly": DAYS,
}

COST_TABLES: dict[str, Table] = {
    "measures": Table(
        ("measure", "level"),
        {
            "measure": NAME,
            "level": NAME,
            **_SPENT,
            "effect_scale": _may(SCALE, 1.0),
            "shared": _may(cells.identifiers, ()),
            "subsidy": NAMED,
            "basis": TEXT,
            "note": TEXT,
        },
        is_there=True,
    ),
    "shared": Table(("capability",), {"capability": NAME, **_SPENT, "subsidy": NAMED, "basis": TEXT, "note": TEXT}),
    "subsidies": Table(
        ("subsidy",),
        {
            "subsidy": NAME,
            "share": _must(SHARE),
            "cap": _must(cells.amount),
            "valid_until": _may(cells.day),
            "basis": TEXT,
            "note": TEXT,
        },
    ),
    "relations": Table(
        ("kind", "measure", "other"),
        {"kind": _must(cells.one_of(("requires", "excludes"))), "measure": NAME, "other": NAME, "note": TEXT},
    ),
}

TABLES = {**CASE_TABLES, **COST_TABLES}


def _currency(text: str) -> str:
    value = cells.tidy(text).upper()
    if not (len(value) == 3 and value.isascii() and value.isalpha()):
        raise cells.BadCell("a code of three letters", "Write JPY, USD or EUR.")
    return value


def _path(text: str) -> str:
    return text.strip()


SETTINGS: dict[str, Column] = {
    "format": _may(cells.whole(1, 1, "This tenbin reads format 1.", "1"), 1),
    "name": TEXT,
    "title_ja": TEXT,
    "title_en": TEXT,
    "currency": _may(_currency, "JPY"),
    "catalogue": _may(_path, "cpsf-2018-draft"),
    "cost_tables": _may(_path, ""),
    "organisation.id": NAMED,
    "organisation.employees": _may(cells.whole(0, 10_000_000, "Write a number such as 60.")),
    "organisation.annual_revenue": _may(cells.amount),
    "organisation.cash_reserve": _may(cells.amount),
    "organisation.day_rate": MONEY,
    "study.n_trials": _may(cells.whole(1, 100_000_000, "Write a number such as 100000."), 100_000),
    "study.seed": _may(cells.whole(0, None, "Write a number such as 1."), 1),
    "study.n_worlds": _may(cells.whole(1, 1_000_000, "Write a number such as 1."), 1),
    "study.prices_on": _may(cells.day),
    "study.horizon_years": _may(cells.whole(1, 50, "Write a number such as 5."), 5),
    "study.discount_rate": _may(
        cells.number("a rate above -50% and at most 100%", "Write 0.02 or 2%.", -0.5, 1, without_low=True, parse=parse_share),
        0.02,
    ),
    **{f"{SECTION}.{key}": _may(convert, "") for key, convert in BRAND_KEYS.items()},
}
"""Settings by dotted key; ``targets.*`` and ``levels.*`` stand beside them."""
