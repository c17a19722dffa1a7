"""A crosswalk: which measure supports which reference of which standard. "Supports" never means "certified"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Confidence", "Crosswalk", "SchemeKind", "Support"]


class Confidence(StrEnum):
    """How sure it is that a measure supports a reference; ``unverified``: the reference, or what it says, was not checked."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNVERIFIED = "unverified"


class SchemeKind(StrEnum):
    """A standard, a scheme to declare or be assessed by, or a customer's own questions."""

    STANDARD = "standard"
    SCHEME = "scheme"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Support:
    """A measure, at whatever level, supports a reference of a standard."""

    measure: str
    standard: str
    reference: str
    confidence: Confidence = Confidence.UNVERIFIED
    scheme_kind: SchemeKind = SchemeKind.CUSTOMER
    source: str = ""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """Supports, sorted, and every reference of each standard: those that no measure supports count in a share too."""

    supports: tuple[Support, ...] = ()
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: Mapping[str, SchemeKind] = field(default_factory=dict)

    @classmethod
    def of(
        cls, supports: Iterable[Support], references: Iterable[tuple[str, str]], kinds: Mapping[str, SchemeKind]
    ) -> Crosswalk:
        """Make a crosswalk of entries in any order.

        Parameters
        ----------
        references : (standard, reference); those of ``supports`` need not be repeated.
        """
        entries = sorted(supports, key=_place)
        found: dict[str, set[str]] = {}
        for standard, reference in (*references, *((entry.standard, entry.reference) for entry in entries)):
            found.setdefault(standard, set()).add(reference)
        ordered = {standard: tuple(sorted(found[standard], key=_natural)) for standard in sorted(found)}
        return cls(tuple(entries), ordered, {standard: kinds.get(standard, SchemeKind.CUSTOMER) for standard in ordered})

    @property
    def standards(self) -> tuple[str, ...]:
        return tuple(self.references)

    def replaced(self, other: Crosswalk) -> Crosswalk:
        """Return it with the standards of another, in place of its own of those names."""
        kept = (entry for entry in self.supports if entry.standard not in other.references)
        return Crosswalk(
            tuple(sorted((*kept, *other.supports), key=_place)),
            dict(sorted({**self.references, **other.references}.items())),
            dict(sorted({**self.kinds, **other.kinds}.items())),
        )

    def supporting(self, standard: str) -> dict[str, tuple[Support, ...]]:
        """Each reference of a standard with its supports, by measure; ``KeyError`` for an unknown standard."""
        found: dict[str, list[Support]] = {reference: [] for reference in self.references[standard]}
        for support in self.supports:
            if support.standard == standard:
                found[support.reference].append(support)
        return {reference: tuple(supports) for reference, supports in found.items()}

    def measures(self, standard: str, reference: str) -> tuple[str, ...]:
        """The measures that support a reference; none for one that is not there."""
        return tuple(s.measure for s in self.supports if (s.standard, s.reference) == (standard, reference))

    def supported(self, standard: str, chosen: Collection[str]) -> tuple[str, ...]:
        """The references of a standard that one of the chosen measures supports; ``KeyError`` for an unknown standard."""
        held = {s.reference for s in self.supports if s.standard == standard and s.measure in chosen}
        return tuple(reference for reference in self.references[standard] if reference in held)


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """A.5.2 before A.5.10: digits compare as numbers."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"([0-9]+)", text))


def _place(support: Support) -> tuple[str, tuple[tuple[int, str], ...], str]:
    return support.standard, _natural(support.reference), support.measure
