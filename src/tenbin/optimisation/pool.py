"""What evaluations of one event table have taught, kept in (phi, gamma): it serves other targets, budgets and prices."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import Evaluator, Quantity, Reduction, Tangent
from tenbin.optimisation.layers import Layers

__all__ = ["Ceiling", "ExpectedTangent", "Pool", "PooledTangent", "Taught"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(slots=True)
class PooledTangent:
    """A tangent and by how much (in the metric's unit) it was moved back, since a plan lies below it.

    slope : −∂/∂(phi, gamma), flat, world by world. at_zero : what it says of the plan that chooses nothing.
    """

    slope: FloatArray
    at_zero: float
    moved: float = 0.0

    @classmethod
    def of(cls, tangent: Tangent) -> PooledTangent:
        zero = np.zeros_like(tangent.phi)
        return cls(np.concatenate((tangent.by_phi.ravel(), tangent.by_gamma.ravel())), tangent.at(zero, zero))


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Levels by measure whose value of a metric is known: whatever ranks nowhere above has at least that value."""

    ranks: IntArray
    value: float


@dataclass(slots=True)
class Taught:
    """What is known of plans of one cost table's levels: values by plan and metric, ceilings by metric, slopes by its columns."""

    layers: Layers
    values: dict[bytes, dict[Quantity, float]] = field(default_factory=dict)
    ceilings: dict[Quantity, list[Ceiling]] = field(default_factory=dict)
    slopes: dict[int, FloatArray] = field(default_factory=dict)

    def slope(self, pooled: PooledTangent) -> FloatArray:
        """A tangent's slope by the columns of the layers (the pool keeps the tangent, so that its id stays its own)."""
        found = self.slopes.get(id(pooled))
        if found is None:
            found = self.slopes[id(pooled)] = self.layers.expand(pooled.slope)
        return found

    def claims(self, tangents: Sequence[PooledTangent], columns: FloatArray) -> FloatArray:
        """What tangents say, moved back as they are, of plans given by their columns: shape (n_tangents, n_points)."""
        if not tangents:
            return np.zeros((0, len(columns)))
        slopes = np.stack([self.slope(pooled) for pooled in tangents])
        at_zero = np.array([pooled.at_zero - pooled.moved for pooled in tangents])
        return np.asarray(at_zero[:, None] - slopes @ columns.T)


@dataclass(frozen=True, slots=True)
class ExpectedTangent:
    """A tangent of one scenario's expected loss: short, exact, and the same for every target on expected losses."""

    scenario: int
    slope: FloatArray
    at_zero: float

    def at(self, flat: FloatArray) -> float:
        """Its value at flat log reductions."""
        return float(self.at_zero - self.slope @ flat)


@dataclass(slots=True)
class Pool:
    """Tangents by metric, for any cost table; values and ceilings of plans, for each table of levels and effects.

    expected : by scenario, tangents of its expected loss.
    """

    evaluator: Evaluator
    expected: dict[int, list[ExpectedTangent]] = field(default_factory=dict)
    tangents: dict[Quantity, list[PooledTangent]] = field(default_factory=dict)
    taught: dict[bytes, Taught] = field(default_factory=dict)

    def add(self, quantity: Quantity, tangent: Tangent) -> PooledTangent:
        """Keep a tangent."""
        pooled = PooledTangent.of(tangent)
        self.tangents.setdefault(quantity, []).append(pooled)
        return pooled

    def of(self, reduction: Reduction) -> Taught:
        """What is known of the plans of a reduction: prices may change, levels and effects not."""
        parts = (reduction.row, reduction.slot, reduction.value, reduction.slot_scenario, reduction.slot_kind)
        digest = hashlib.blake2b(repr(reduction.rows).encode())
        for part in parts:
            digest.update(np.ascontiguousarray(part).tobytes())
        key = digest.digest()
        if key not in self.taught:
            self.taught[key] = Taught(Layers.of(reduction))
        return self.taught[key]
