"""Every table's columns: how their cells are read, which must be there, what a blank means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenbin.inputs import cells
from tenbin.inputs.branding import BRAND_KEYS, SECTION
from tenbin.inputs.cells import Convert
from tenbin.inputs.laws import parse_frequency_model
from tenbin.inputs.words import said
from tenbin.inputs.written import Sort, Written, told
from tenbin.model import AMOUNTS, Poisson
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
DAY_COUNT = cells.number(said("must_days"), said("do_days"), 0, 1e6, rule_above=said("must_days_at_most"))
DAYS = _may(DAY_COUNT, 0.0)
FREQUENCY = cells.number(
    said("must_frequency"), said("do_frequency"), 0, 1e6, without_low=True, rule_above=said("must_frequency_at_most")
)
EFFECT = cells.share(said("must_share_below"), below_one=True)
PROBABILITY = cells.share(said("must_probability"))
SHARE = cells.share(said("must_share"))
CV = cells.number(said("must_cv"), said("do_number", example="0.9"), 0.001, 100)
SCALE = cells.number(said("must_scale"), said("do_scale"), 0, 1, without_low=True)
YEAR = cells.whole(1, 50, said("do_number", example="1"))

CASE_TABLES: dict[str, Table] = {
    "scenarios": Table(
        ("id",),
        {
            "id": NAME,
            "layer": _must(cells.whole(0, 99, said("do_number", example="1"), said("must_layer_number"))),
            "components": _must(cells.identifiers),
            "title_ja": TEXT,
            "title_en": TEXT,
            "frequency": _must(FREQUENCY),
            "frequency_low": _may(FREQUENCY),
            "frequency_high": _may(FREQUENCY),
            "frequency_model": _may(parse_frequency_model, Poisson()),
            "loss_p05": _may(cells.amount),
            "loss_p95": _may(cells.amount),
            "loss_model": TEXT,
            "loss_cap": _may(cells.amount),
            "deductible": MONEY,
            "factor": NAMED,
            "protects": TEXT,
            "loss_forms": _may(cells.forms, ((), ())),
            "description_ja": TEXT,
            "description_en": TEXT,
            "basis": TEXT,
            "basis_ja": TEXT,
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
            "basis_ja": TEXT,
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
            "note_ja": TEXT,
        },
    ),
    "triggers": Table(
        ("scenario", "triggers"),
        {"scenario": NAME, "triggers": NAME, "probability": _must(PROBABILITY), "basis": TEXT, "basis_ja": TEXT},
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
_RANGES = {
    f"{name}_{end}": _may(cells.amount if name in ("capex", "opex") else DAY_COUNT)
    for name in AMOUNTS
    for end in ("low", "high")
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
            **_RANGES,
            "basis": TEXT,
            "basis_ja": TEXT,
            "note": TEXT,
            "note_ja": TEXT,
        },
        is_there=True,
    ),
    "shared": Table(
        ("capability",),
        {
            "capability": NAME,
            "title_ja": TEXT,
            "title_en": TEXT,
            **_SPENT,
            "subsidy": NAMED,
            **_RANGES,
            "basis": TEXT,
            "basis_ja": TEXT,
            "note": TEXT,
            "note_ja": TEXT,
        },
    ),
    "subsidies": Table(
        ("subsidy",),
        {
            "subsidy": NAME,
            "title_ja": TEXT,
            "title_en": TEXT,
            "share": _must(SHARE),
            "cap": _must(cells.amount),
            "valid_until": _may(cells.day),
            "basis": TEXT,
            "basis_ja": TEXT,
            "note": TEXT,
            "note_ja": TEXT,
        },
    ),
    "relations": Table(
        ("kind", "measure", "other"),
        {"kind": _must(cells.one_of(("requires", "excludes"))), "measure": NAME, "other": NAME, "note": TEXT, "note_ja": TEXT},
    ),
}

TABLES = {**CASE_TABLES, **COST_TABLES}


def _currency(text: str) -> str:
    value = cells.tidy(text).upper()
    if not (len(value) == 3 and value.isascii() and value.isalpha()):
        raise cells.BadCell(said("must_currency"), said("do_currency"))
    return value


def _path(text: str) -> str:
    return text.strip()


told(_currency, Written(Sort.CURRENCY, rule=said("must_currency")))
told(parse_frequency_model, Written(Sort.LAW))


SETTINGS: dict[str, Column] = {
    "format": _may(cells.whole(1, 1, said("do_format"), said("must_one")), 1),
    "name": TEXT,
    "title_ja": TEXT,
    "title_en": TEXT,
    "currency": _may(_currency, "JPY"),
    "catalogue": _may(_path, "cpsf-2018-draft"),
    "cost_tables": _may(_path, ""),
    "organisation.id": NAMED,
    "organisation.employees": _may(cells.whole(0, 10_000_000, said("do_number", example="60"))),
    "organisation.annual_revenue": _may(cells.amount),
    "organisation.cash_reserve": _may(cells.amount),
    "organisation.day_rate": MONEY,
    "study.n_trials": _may(cells.whole(1, 100_000_000, said("do_number", example="100000")), 100_000),
    "study.seed": _may(cells.whole(0, None, said("do_number", example="1")), 1),
    "study.n_worlds": _may(cells.whole(1, 1_000_000, said("do_number", example="64"))),
    "study.prices_on": _may(cells.day),
    "study.horizon_years": _may(cells.whole(1, 50, said("do_number", example="5")), 5),
    "study.discount_rate": _may(
        cells.number(said("must_rate"), said("do_rate"), -0.5, 1, without_low=True, parse=parse_share),
        0.02,
    ),
    **{f"{SECTION}.{key}": _may(convert, "") for key, convert in BRAND_KEYS.items()},
}
"""Settings by dotted key; ``targets.*`` and ``levels.*`` stand beside them."""
