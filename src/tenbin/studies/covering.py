"""What a plan supports of standards and schemes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenbin.errors import InputError, Problem
from tenbin.inputs import parse_plan
from tenbin.inputs.cells import tidy
from tenbin.inputs.words import nearest, shown
from tenbin.model import Case, Confidence, SchemeKind
from tenbin.words import saying

if TYPE_CHECKING:
    import pandas as pd

    from tenbin.simulation import EventTable

__all__ = ["CoverageMatrix", "ReferenceRow", "StandardCoverage", "coverage"]

said = saying("problems")

SUREST_FIRST = tuple(Confidence)


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """One reference of a standard under a plan.

    supported_by : the plan's measures that support it. confidence : of the surest of these supports, None without one.
    candidates : every measure of the cost table that supports it, chosen or not. n_unverified : how many supports by the
    plan's measures are unverified.
    """

    reference: str
    supported_by: tuple[str, ...]
    confidence: Confidence | None
    candidates: tuple[str, ...]
    n_unverified: int

    @property
    def is_unverified(self) -> bool:
        """Whether it is supported, but all its supports are unverified."""
        return self.confidence is Confidence.UNVERIFIED

    def to_dict(self) -> dict[str, object]:
        """As in the JSON document."""
        return {
            "reference": self.reference,
            "supported_by": list(self.supported_by),
            "confidence": None if self.confidence is None else self.confidence.value,
            "unverified": self.is_unverified,
        }


@dataclass(frozen=True, slots=True)
class StandardCoverage:
    """How much of a standard a plan supports, reference by reference in the standard's order."""

    standard: str
    scheme_kind: SchemeKind
    rows: tuple[ReferenceRow, ...]

    @property
    def n_references(self) -> int:
        return len(self.rows)

    @property
    def n_supported(self) -> int:
        return sum(bool(row.supported_by) for row in self.rows)

    @property
    def share(self) -> float:
        """The share of references that are supported."""
        return self.n_supported / self.n_references

    @property
    def n_supports(self) -> int:
        """How many pairs of a chosen measure and a reference it supports."""
        return sum(len(row.supported_by) for row in self.rows)

    @property
    def n_unverified(self) -> int:
        """How many of these pairs are unverified."""
        return sum(row.n_unverified for row in self.rows)

    @property
    def missing(self) -> dict[str, tuple[str, ...]]:
        """Each reference that is not supported, with the measures of the cost table that would support it."""
        return {row.reference: row.candidates for row in self.rows if not row.supported_by}

    def to_dict(self) -> dict[str, object]:
        """As in the JSON document."""
        return {
            "standard": self.standard,
            "scheme_kind": self.scheme_kind.value,
            "n_references": self.n_references,
            "n_supported": self.n_supported,
            "share": self.share,
            "n_supports": self.n_supports,
            "n_unverified": self.n_unverified,
            "references": [row.to_dict() for row in self.rows],
            "missing": [{"reference": name, "would_support": list(measures)} for name, measures in self.missing.items()],
        }


@dataclass(frozen=True, slots=True)
class CoverageMatrix:
    """What a plan supports of each standard. "Supports" is a judgement about topics: it is no assessment of any kind."""

    case: str
    plan: Mapping[str, str]
    standards: tuple[StandardCoverage, ...]

    @property
    def n_supports(self) -> int:
        return sum(standard.n_supports for standard in self.standards)

    @property
    def n_unverified(self) -> int:
        """How many supports by the plan's measures are unverified, in all standards."""
        return sum(standard.n_unverified for standard in self.standards)

    def standard(self, name: str) -> StandardCoverage:
        """The coverage of one standard, in capital letters or not.

        Raises
        ------
        InputError : when the crosswalk has none of that name.
        """
        for standard in self.standards:
            if standard.standard.casefold() == tidy(name).casefold():
                return standard
        remedy = nearest(name, [standard.standard for standard in self.standards])
        raise InputError([Problem("--standard", 0, "", said("must_standard"), shown(name), remedy)])

    def only(self, name: str) -> CoverageMatrix:
        """Return the same with one standard alone; ``InputError`` when there is none of that name."""
        return CoverageMatrix(self.case, self.plan, (self.standard(name),))

    def to_dict(self) -> dict[str, object]:
        """As in the JSON document."""
        return {
            "schema": 1,
            "case": self.case,
            "plan": [{"measure": measure, "level": level} for measure, level in self.plan.items()],
            "n_supports": self.n_supports,
            "n_unverified": self.n_unverified,
            "standards": [standard.to_dict() for standard in self.standards],
        }

    def to_frame(self) -> pd.DataFrame:
        """One row per reference; measures as ``;``-lists."""
        import pandas as pd

        rows: list[dict[str, Any]] = [
            {
                "standard": standard.standard,
                "scheme_kind": standard.scheme_kind.value,
                "reference": row.reference,
                "supported": bool(row.supported_by),
                "supported_by": ";".join(row.supported_by),
                "confidence": "" if row.confidence is None else row.confidence.value,
                "unverified": row.is_unverified,
                "would_support": "" if row.supported_by else ";".join(row.candidates),
            }
            for standard in self.standards
            for row in standard.rows
        ]
        columns = [
            "standard",
            "scheme_kind",
            "reference",
            "supported",
            "supported_by",
            "confidence",
            "unverified",
            "would_support",
        ]
        return pd.DataFrame(rows, columns=columns)


def coverage(source: EventTable | Case, plan: Mapping[str, str] | str = "current") -> CoverageMatrix:
    """Say which references of each standard a plan's measures support, and which measures would support the others.

    Parameters
    ----------
    source : a case, or an event table of one; no years are drawn.
    plan : measure → level for everything that is chosen, or a plan's name, or ``"L1.006=basic,L3.016"``.

    Raises
    ------
    InputError : for an unknown plan, measure or level.
    """
    case = source if isinstance(source, Case) else source.case
    chosen = parse_plan(plan, case)
    priced = frozenset(case.costs.measures)
    crosswalk = case.crosswalk
    found = []
    for name in crosswalk.standards:
        rows = []
        for reference, supports in crosswalk.supporting(name).items():
            held = [support for support in supports if support.measure in chosen]
            rows.append(
                ReferenceRow(
                    reference=reference,
                    supported_by=tuple(support.measure for support in held),
                    confidence=min((support.confidence for support in held), key=SUREST_FIRST.index, default=None),
                    candidates=tuple(support.measure for support in supports if support.measure in priced),
                    n_unverified=sum(support.confidence is Confidence.UNVERIFIED for support in held),
                )
            )
        found.append(StandardCoverage(name, crosswalk.kinds[name], tuple(rows)))
    return CoverageMatrix(case.name, dict(sorted(chosen.items())), tuple(found))
