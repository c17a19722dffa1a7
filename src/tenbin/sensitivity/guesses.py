"""The guesses of a case: every figure whose low and high are given, and the case with one of them known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.model import ActsOn, Bernoulli, Capability, Case, Effect, MeasureLevel, Range
from tenbin.simulation.worlds import belief

__all__ = ["HIGH", "LOW", "Guess", "GuessKind", "Nodes", "guesses_of", "known"]

FloatArray = NDArray[np.float64]
Item = TypeVar("Item", MeasureLevel, Capability)

LOW, HIGH = -float(special.ndtri(0.95)), float(special.ndtri(0.95))
"""Where the low and the high end of a guess lie, in standard normal units."""

REACH, STEPS = 6.0, 240


class GuessKind(StrEnum):
    """What is guessed."""

    FREQUENCY = "frequency"
    EFFECT = "effect"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Guess:
    """A figure with its range.

    key : the name of its random stream, unique in a case: ``frequency/S``, ``effect/S/M/severity``, ``capex/M/LEVEL``.
    place : its number among the case's scenarios or effects; among the cost table's rows and, after them, its capabilities.
    amount : of a cost, which of ``AMOUNTS``. scenario, measure, level, acts_on : blank where there is none.
    """

    key: str
    kind: GuessKind
    range: Range
    place: int
    scenario: str = ""
    measure: str = ""
    level: str = ""
    acts_on: ActsOn | None = None
    amount: str = ""
    is_once: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As in the JSON documents."""
        return {
            "kind": self.kind.value,
            "scenario": self.scenario or None,
            "measure": self.measure or None,
            "level": self.level or None,
            "acts_on": self.acts_on.value if self.acts_on else None,
            "amount": self.amount or None,
            "likely": self.range.likely,
            "low": self.range.low,
            "high": self.range.high,
        }

    def at(self, normal: FloatArray) -> FloatArray:
        """Its values at standard normal points, rising: −1.645 is the low end, 0 the likely value, 1.645 the high end."""
        assert self.range.low is not None
        assert self.range.high is not None
        if self.kind is GuessKind.EFFECT:
            left = Range(1 - self.range.likely, 1 - self.range.high, 1 - self.range.low)
            return np.asarray(1 - np.clip(belief(left, -normal), 1e-12, 1.0))
        values = belief(self.range, normal)
        return np.minimum(values, 1.0) if self.is_once else values


@dataclass(frozen=True, slots=True)
class Nodes:
    """Points of a standard normal and their weights, which sum to 1: shape (n,) each.

    Evenly spaced out to six standard deviations, with the middle among them: there beliefs have their kink.
    """

    normal: FloatArray
    weight: FloatArray

    @classmethod
    def usual(cls) -> Nodes:
        """241 of them, a twentieth apart."""
        normal = np.linspace(-REACH, REACH, STEPS + 1)
        weight = np.exp(-(normal**2) / 2)
        return cls(normal, weight / weight.sum())


def guesses_of(case: Case) -> tuple[Guess, ...]:
    """Every figure with a range: frequencies, effects, then costs, in the case's order."""
    return (*_frequencies(case), *_effects(case), *_costs(case))


def _frequencies(case: Case) -> Iterator[Guess]:
    for n, scenario in enumerate(case.scenarios):
        if _has_range(scenario.frequency):
            is_once = isinstance(scenario.frequency_model, Bernoulli)
            key, kind = f"frequency/{scenario.id}", GuessKind.FREQUENCY
            yield Guess(key, kind, scenario.frequency, n, scenario=scenario.id, is_once=is_once)


def _effects(case: Case) -> Iterator[Guess]:
    for n, effect in enumerate(case.effects):
        if _has_range(effect.effect):
            key = f"effect/{effect.scenario}/{effect.measure}/{effect.acts_on.value}"
            yield Guess(key, GuessKind.EFFECT, effect.effect, n, effect.scenario, effect.measure, acts_on=effect.acts_on)


def _costs(case: Case) -> Iterator[Guess]:
    items: list[tuple[tuple[str, str], MeasureLevel | Capability]] = [
        *((row.key, row) for row in case.costs.rows),
        *(((capability.id, ""), capability) for capability in case.costs.capabilities),
    ]
    for n, ((name, level), item) in enumerate(items):
        for amount, guess in item.ranges:
            if _has_range(guess):
                yield Guess(f"{amount}/{name}/{level}", GuessKind.COST, guess, n, measure=name, level=level, amount=amount)


def _has_range(guess: Range) -> bool:
    return guess.low is not None and guess.high is not None and guess.low < guess.high


def known(case: Case, guess: Guess, value: float) -> Case:
    """The case with one guess known: it has this value and no range any more."""
    if guess.kind is GuessKind.FREQUENCY:
        scenarios = list(case.scenarios)
        scenarios[guess.place] = replace(scenarios[guess.place], frequency=Range(value))
        return replace(case, scenarios=tuple(scenarios))
    if guess.kind is GuessKind.EFFECT:
        effects: list[Effect] = list(case.effects)
        effects[guess.place] = replace(effects[guess.place], effect=Range(value))
        return replace(case, effects=tuple(effects))
    rows, capabilities = list(case.costs.rows), list(case.costs.capabilities)
    if guess.place < len(rows):
        rows[guess.place] = _priced(rows[guess.place], guess.amount, value)
    else:
        place = guess.place - len(rows)
        capabilities[place] = _priced(capabilities[place], guess.amount, value)
    return replace(case, costs=replace(case.costs, rows=tuple(rows), capabilities=tuple(capabilities)))


def _priced(item: Item, amount: str, value: float) -> Item:
    values: dict[str, Any] = {amount: value}
    return replace(item, ranges=tuple((name, guess) for name, guess in item.ranges if name != amount), **values)
