"""What is known of plans cheaper than the one found."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from enum import StrEnum

__all__ = ["Certificate", "CertificateKind"]


class CertificateKind(StrEnum):
    """What is known of cheaper plans: a proof, a check of all near the targets, or a gap."""

    PROVED = "proved"
    AUDITED = "audited"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Certificate:
    """How far a plan can be from the cheapest, on this sample.

    delta : every cheaper plan that the estimate puts within this share of the targets was checked. gap : (cost − lower
    bound)/cost. tail_years : years in the smallest tail asked about; years_needed : how many years in all would allow more
    than a gap (0 when there are enough). n_checked : plans checked beyond those of the search.
    """

    kind: CertificateKind
    delta: float
    gap: float
    lower_bound: float
    tail_years: float = math.inf
    years_needed: int = 0
    n_checked: int = 0

    @classmethod
    def of(
        cls,
        kind: CertificateKind,
        value: float,
        bound: float,
        delta: float = 0.0,
        tail_years: float = math.inf,
        years_needed: int = 0,
        n_checked: int = 0,
    ) -> Certificate:
        """The certificate of a value (a cost, or a risk for a budget) that cannot be below the bound."""
        bound = max(min(bound, value), 0.0)
        gap = (value - bound) / value if value > 0 else 0.0
        return cls(kind, float(delta), float(gap), float(bound), tail_years, years_needed, n_checked)

    def to_dict(self) -> dict[str, float | str | None]:
        """As in the JSON documents."""
        document = asdict(self)
        document["kind"] = self.kind.value
        document["tail_years"] = None if math.isinf(self.tail_years) else self.tail_years
        return document
