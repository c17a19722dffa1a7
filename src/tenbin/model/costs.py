"""What measures cost: levels, shared capabilities, subsidies, relations; ``basis_ja`` and ``note_ja`` say the same in Japanese."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tenbin.model.risk import Range

__all__ = ["AMOUNTS", "Capability", "CostTable", "MeasureLevel", "Relation", "RelationKind", "Subsidy"]

AMOUNTS = ("capex", "opex", "effort_initial", "effort_yearly")
"""What a row costs; each may have a range."""

Ranges = tuple[tuple[str, Range], ...]
"""(amount, range) of the amounts whose low and high are given, in the order of ``AMOUNTS``."""


@dataclass(frozen=True, slots=True)
class MeasureLevel:
    """One row of the cost table: a measure at a level. Amounts in the case's currency, opex a year, effort in days."""

    measure: str
    level: str
    capex: float = 0.0
    opex: float = 0.0
    effort_initial: float = 0.0
    effort_yearly: float = 0.0
    effect_scale: float = 1.0
    shared: tuple[str, ...] = ()
    subsidy: str = ""
    basis: str = ""
    note: str = ""
    organisation: str = ""
    basis_ja: str = ""
    note_ja: str = ""
    ranges: Ranges = ()

    @property
    def key(self) -> tuple[str, str]:
        return self.measure, self.level

    def range_of(self, amount: str) -> Range:
        """What is believed of one of ``AMOUNTS``; without low and high where the row has none."""
        return _range_of(self, amount)


@dataclass(frozen=True, slots=True)
class Capability:
    """What several measures share and what is paid once."""

    id: str
    capex: float = 0.0
    opex: float = 0.0
    effort_initial: float = 0.0
    effort_yearly: float = 0.0
    subsidy: str = ""
    basis: str = ""
    note: str = ""
    organisation: str = ""
    title_ja: str = ""
    title_en: str = ""
    basis_ja: str = ""
    note_ja: str = ""
    ranges: Ranges = ()

    def range_of(self, amount: str) -> Range:
        """What is believed of one of ``AMOUNTS``; without low and high where the row has none."""
        return _range_of(self, amount)


def _range_of(row: MeasureLevel | Capability, amount: str) -> Range:
    return dict(row.ranges).get(amount) or Range(getattr(row, amount))


@dataclass(frozen=True, slots=True)
class Subsidy:
    """Pays min(share × eligible capex, cap) in year one; nothing past ``valid_until``."""

    id: str
    share: float
    cap: float
    valid_until: date | None = None
    basis: str = ""
    note: str = ""
    organisation: str = ""
    title_ja: str = ""
    title_en: str = ""
    basis_ja: str = ""
    note_ja: str = ""


class RelationKind(StrEnum):
    """How two measures hang together."""

    REQUIRES = "requires"
    EXCLUDES = "excludes"


@dataclass(frozen=True, slots=True)
class Relation:
    """``measure`` requires or excludes ``other``, at whatever level."""

    kind: RelationKind
    measure: str
    other: str
    note: str = ""
    organisation: str = ""
    note_ja: str = ""


@dataclass(frozen=True, slots=True)
class CostTable:
    """A price list. Rows are sorted by measure and then by rank (effect_scale), lowest first; the rest by id."""

    name: str
    rows: tuple[MeasureLevel, ...]
    capabilities: tuple[Capability, ...] = ()
    subsidies: tuple[Subsidy, ...] = ()
    relations: tuple[Relation, ...] = ()

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.measure for row in self.rows))

    def levels(self, measure: str) -> tuple[MeasureLevel, ...]:
        """The rows of a measure, lowest rank first; empty when it has none."""
        return tuple(row for row in self.rows if row.measure == measure)
