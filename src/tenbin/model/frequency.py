"""Laws of the number of a scenario's own events a year, given its ``frequency`` (their mean, without a systemic factor)."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Bernoulli", "FrequencyModel", "NegativeBinomial", "Poisson"]


@dataclass(frozen=True, slots=True)
class Poisson:
    """Events that know nothing of each other."""

    def variance(self, frequency: float) -> float:
        """Variance of a year's number, in events²."""
        return frequency

    def no_event(self, frequency: float) -> float:
        """P(no event in a year)."""
        return math.exp(-frequency)


@dataclass(frozen=True, slots=True)
class Bernoulli:
    """At most one event a year, with probability ``frequency``, which is at most 1."""

    def variance(self, frequency: float) -> float:
        """Variance of a year's number, in events²."""
        return frequency * (1 - frequency)

    def no_event(self, frequency: float) -> float:
        """P(no event in a year)."""
        return 1 - frequency


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """Poisson with frequency × G, G the scenario's own yearly gamma with mean 1 and this coefficient of variation."""

    cv: float

    def variance(self, frequency: float) -> float:
        """Variance of a year's number, in events²: λ + cv²λ²."""
        return frequency + (self.cv * frequency) ** 2

    def no_event(self, frequency: float) -> float:
        """P(no event in a year)."""
        return math.exp(-math.log1p(self.cv**2 * frequency) / self.cv**2)


FrequencyModel = Poisson | Bernoulli | NegativeBinomial
