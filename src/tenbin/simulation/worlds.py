"""Worlds: draws of the uncertain parameters. Within a world events differ; between worlds, what we believe of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tenbin.model import Bernoulli, Capability, Case, MeasureLevel, Range
from tenbin.units import Purpose, stream

__all__ = ["Worlds", "draw_designs", "draw_worlds"]

FloatArray = NDArray[np.float64]

FIRM = 1e-12
"""A share that a measure leaves is never drawn below this."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """Every parameter in every world.

    frequency : inherent own events a year, shape (n_worlds, n_scenarios). effect : −ln(1 − effect), shape (n_worlds, n_effects), in
    the case's order. amounts : of rows of the cost table and of capabilities, by (measure, level) or (capability, ""), and by the
    amount's name: shape (n_worlds,), those with a range only.
    """

    frequency: FloatArray
    effect: FloatArray
    amounts: tuple[tuple[tuple[str, str], str, FloatArray], ...] = ()

    @property
    def n_worlds(self) -> int:
        return len(self.frequency)


def draw_worlds(case: Case, n_worlds: int, seed: int, purpose: Purpose = Purpose.STUDY) -> Worlds:
    """Draw ``n_worlds`` worlds; a single one is that of the likely values.

    Each parameter is split normal about its likely value, low and high its 5 % and 95 % points: frequencies and amounts in their
    logarithm, effects in −ln(1 − effect). It has one draw in each of n_worlds equally likely strata, in an order of its own, from a
    stream of its own: so a parameter's draws do not depend on what else the case has.

    References
    ----------
    McKay, Beckman & Conover (1979), Technometrics 21: Latin hypercube sampling.
    """

    def normal(name: str) -> FloatArray:
        generator = stream(seed, purpose, "parameter", name)
        return np.asarray(special.ndtri((generator.permutation(n_worlds) + generator.random(n_worlds)) / n_worlds))

    amounts = []
    if n_worlds > 1:
        items: list[tuple[tuple[str, str], MeasureLevel | Capability]] = [
            *((row.key, row) for row in case.costs.rows),
            *(((capability.id, ""), capability) for capability in case.costs.capabilities),
        ]
        for key, item in items:
            for name, guess in item.ranges:
                amounts.append((key, name, belief(guess, normal(f"{name}/{key[0]}/{key[1]}"))))
    return Worlds(*_risk_parameters(case, normal, n_worlds, n_worlds > 1), tuple(amounts))


def draw_designs(case: Case, n_worlds: int, n_designs: int, seed: int) -> Worlds:
    """What else might have been drawn: ``n_designs`` draws of ``n_worlds`` > 1 worlds each, side by side, without amounts.

    What a mean over the worlds differs by from one of them to the next is what it errs by, strata and all.
    """

    def normal(name: str) -> FloatArray:
        generator = stream(seed, Purpose.PRECISION, "parameter", name)
        strata = generator.permuted(np.tile(np.arange(n_worlds), (n_designs, 1)), axis=1)
        return np.asarray(special.ndtri((strata + generator.random(strata.shape)) / n_worlds)).ravel()

    return Worlds(*_risk_parameters(case, normal, n_worlds * n_designs, True))


def _risk_parameters(
    case: Case, normal: Callable[[str], FloatArray], n_worlds: int, is_uncertain: bool
) -> tuple[FloatArray, FloatArray]:
    """Frequencies and effects from standard normal draws by the parameter's name; likely values when nothing is uncertain."""

    def drawn(guess: Range, name: str) -> FloatArray:
        return belief(guess, normal(name)) if is_uncertain and guess.low is not None else np.full(n_worlds, guess.likely)

    frequency = []
    for scenario in case.scenarios:
        values = drawn(scenario.frequency, f"frequency/{scenario.id}")
        frequency.append(np.minimum(values, 1.0) if isinstance(scenario.frequency_model, Bernoulli) else values)
    effect = []
    for one in case.effects:
        left = Range(1 - one.effect.likely, *((None, None) if one.effect.low is None else _left(one.effect)))
        values = drawn(left, f"effect/{one.scenario}/{one.measure}/{one.acts_on.value}")
        effect.append(-np.log(np.clip(values, FIRM, 1.0)))
    return _by_world(frequency, n_worlds), _by_world(effect, n_worlds)


def _by_world(columns: list[FloatArray], n_worlds: int) -> FloatArray:
    return np.stack(columns, axis=1) if columns else np.zeros((n_worlds, 0))


def _left(effect: Range) -> tuple[float, float]:
    """The range of the share that an effect leaves."""
    assert effect.low is not None
    assert effect.high is not None
    return 1 - effect.high, 1 - effect.low


def belief(guess: Range, normal: FloatArray) -> FloatArray:
    """Split normal in the logarithm: standard normal draws → values with median ``likely`` and 5 %, 95 % points ``low``, ``high``."""
    below, above = guess.spreads
    return np.asarray(guess.likely * np.exp(normal * np.where(normal < 0, below, above)))
