"""Risk scenarios, what measures do to them, and what ties them together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from scipy import special

from tenbin.model.frequency import FrequencyModel, Poisson
from tenbin.model.severity import Severity

__all__ = ["ActsOn", "Effect", "Factor", "Range", "Scenario", "Trigger"]

_POISSON = Poisson()

Z95 = float(special.ndtri(0.95))


class ActsOn(StrEnum):
    """What of a scenario a measure reduces."""

    FREQUENCY = "frequency"
    SEVERITY = "severity"


@dataclass(frozen=True, slots=True)
class Range:
    """A guess: the likely value is the median of belief, low and high its 5 % and 95 % points (None: not given)."""

    likely: float
    low: float | None = None
    high: float | None = None

    def times(self, factor: float) -> Range:
        """The same guess at ``factor`` times the value."""
        if self.low is None or self.high is None:
            return Range(self.likely * factor)
        return Range(self.likely * factor, self.low * factor, self.high * factor)

    @property
    def spreads(self) -> tuple[float, float]:
        """How far belief reaches below and above the likely value: standard deviations of its logarithm; 0 without a range."""
        if self.low is None or self.high is None:
            return 0.0, 0.0
        return math.log(self.likely / self.low) / Z95, math.log(self.high / self.likely) / Z95

    @property
    def mean(self) -> float:
        """Mean of a belief that is split normal in the logarithm: likely · (e^{σ₁²/2} Φ(−σ₁) + e^{σ₂²/2} Φ(σ₂))."""
        below, above = self.spreads
        if below == above == 0:
            return self.likely
        parts = math.exp(below**2 / 2) * special.ndtr(-below) + math.exp(above**2 / 2) * special.ndtr(above)
        return float(self.likely * parts)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A risk scenario: inherent events a year (none of the catalogue's measures in place) and the loss of one.

    ``loss_shares``: which share of a loss each of ``loss_forms`` takes, adding up to 1; empty where that is not known.
    """

    id: str
    layer: int
    components: tuple[str, ...]
    frequency: Range
    severity: Severity
    title_ja: str = ""
    title_en: str = ""
    factor: str = ""
    protects: str = ""
    loss_forms: tuple[str, ...] = ()
    description_ja: str = ""
    description_en: str = ""
    basis: str = ""
    organisation: str = ""
    basis_ja: str = ""
    frequency_model: FrequencyModel = _POISSON
    loss_shares: tuple[float, ...] = ()

    def title(self, lang: str) -> str:
        """The title in that language, else in the other."""
        first, second = (self.title_ja, self.title_en) if lang == "ja" else (self.title_en, self.title_ja)
        return first or second or self.id


@dataclass(frozen=True, slots=True)
class Effect:
    """The share that a measure removes from a scenario's frequency or severity, at effect_scale 1."""

    scenario: str
    measure: str
    acts_on: ActsOn
    effect: Range
    overlap_group: str = ""
    basis: str = ""
    organisation: str = ""
    basis_ja: str = ""


@dataclass(frozen=True, slots=True)
class Trigger:
    """Each event of ``scenario`` that happens also causes one of ``triggers`` with ``probability``."""

    scenario: str
    triggers: str
    probability: float
    basis: str = ""
    organisation: str = ""
    basis_ja: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """A systemic factor: gamma with mean 1 and the given coefficient of variation, one draw a year."""

    id: str
    cv: float
    title_ja: str = ""
    title_en: str = ""
    organisation: str = ""
