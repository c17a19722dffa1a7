"""Every table's columns: which are required, how their cells are read, what a blank means."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from tenbin.inputs import cells
from tenbin.inputs.cells import Convert

__all__ = ["CASE_TABLES", "COST_TABLES", "TABLES", "Column", "Table"]

REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how a cell is read, and what a blank one means (REQUIRED: a problem)."""

    convert: Convert
    blank: Any = REQUIRED
    header_required: bool = True


def optional(convert: Convert, blank: Any = None) -> Column:
    return Column(convert, blank, header_required=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns and its key."""

    key: tuple[str, ...]
    columns: dict[str, Column]
    is_required: bool = False
    note: str = field(default="")


TEXT = optional(cells.prose, "")
FREQUENCY = cells.number("a number of events a year above 0", 0, 1e6, open_low=True)
EFFECT = cells.share("a share from 0 to below 1", below_one=True)
POSITIVE = cells.number("above 0", 0, math.inf, open_low=True)
SCALE = cells.number("above 0 and at most 1", 0, 1, open_low=True)
COSTS = {
    "capex": Column(cells.amount, 0.0),
    "opex": Column(cells.amount, 0.0),
    "effort_initial": optional(cells.days, 0.0),
    "effort_yearly": optional(cells.days, 0.0),
    "subsidy": optional(cells.identifier, ""),
    "basis": TEXT,
    "note": TEXT,
}

CASE_TABLES: dict[str, Table] = {
    "scenarios": Table(
        ("id",),
        {
            "id": Column(cells.identifier),
            "layer": Column(cells.layer),
            "components": Column(cells.identifiers),
            "title_ja": TEXT,
            "title_en": TEXT,
            "frequency": Column(FREQUENCY),
            "frequency_low": optional(FREQUENCY),
            "frequency_high": optional(FREQUENCY),
            "loss_p05": optional(cells.amount),
            "loss_p95": optional(cells.amount),
            "loss_model": TEXT,
            "loss_cap": optional(cells.amount),
            "deductible": optional(cells.amount, 0.0),
            "factor": optional(cells.identifier, ""),
            "protects": TEXT,
            "loss_forms": optional(cells.listed, ()),
            "description_ja": TEXT,
            "description_en": TEXT,
            "basis": TEXT,
        },
        is_required=True,
    ),
    "effects": Table(
        ("scenario", "measure", "acts_on"),
        {
            "scenario": Column(cells.identifier),
            "measure": Column(cells.identifier),
            "acts_on": Column(cells.one_of("frequency", "severity")),
            "effect": Column(EFFECT),
            "effect_low": optional(EFFECT),
            "effect_high": optional(EFFECT),
            "overlap_group": optional(cells.identifier, ""),
            "basis": TEXT,
        },
        is_required=True,
    ),
    "status": Table(
        ("id", "level"),
        {
            "id": Column(cells.identifier),
            "level": Column(cells.identifier, ""),
            "status": Column(cells.several_of("in_place", "mandatory", "excluded")),
            "note": TEXT,
        },
    ),
    "triggers": Table(
        ("scenario", "triggers"),
        {
            "scenario": Column(cells.identifier),
            "triggers": Column(cells.identifier),
            "probability": Column(cells.share("a probability from 0 to 1")),
            "basis": TEXT,
        },
    ),
    "factors": Table(("id",), {"id": Column(cells.identifier), "cv": Column(POSITIVE), "title_ja": TEXT, "title_en": TEXT}),
    "losses": Table((), {"model": Column(cells.identifier), "loss": Column(cells.amount)}),
    "plans": Table(
        ("plan", "measure"),
        {
            "plan": Column(cells.identifier),
            "measure": Column(cells.identifier),
            "level": Column(cells.identifier, ""),
            "year": optional(cells.number("a year of the plan from 1", 1, 50)),
        },
    ),
}

COST_TABLES: dict[str, Table] = {
    "measures": Table(
        ("measure", "level"),
        {
            "measure": Column(cells.identifier),
            "level": Column(cells.identifier),
            **{name: column for name, column in COSTS.items() if name in ("capex", "opex")},
            "effect_scale": optional(SCALE, 1.0),
            "shared": optional(cells.identifiers, ()),
            **{name: column for name, column in COSTS.items() if name not in ("capex", "opex")},
        },
        is_required=True,
    ),
    "shared": Table(("capability",), {"capability": Column(cells.identifier), **COSTS}),
    "subsidies": Table(
        ("subsidy",),
        {
            "subsidy": Column(cells.identifier),
            "share": Column(cells.share("a share from 0 to 1")),
            "cap": Column(cells.amount),
            "valid_until": optional(cells.iso_date),
            "basis": TEXT,
            "note": TEXT,
        },
    ),
    "relations": Table(
        ("kind", "measure", "other"),
        {
            "kind": Column(cells.one_of("requires", "excludes")),
            "measure": Column(cells.identifier),
            "other": Column(cells.identifier),
            "note": TEXT,
        },
    ),
}

TABLES = {**CASE_TABLES, **COST_TABLES}
