"""A part of the master, made small: columns that are decided go, and rows that then say nothing.

HiGHS's own presolve does more, but version 1.16 may never come back from it (its strengthenInequalities loops on rows like
these, whatever the time limit). This does what mattered: without either, the search took twice as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Model", "Reduced", "reduce_model"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SURE = 1e-6
"""A row is impossible when it is beyond its bounds by more than this, relative to its scale of about 1."""


@dataclass
class Model:
    """A mixed-integer program by rows: lower ≤ matrix · columns ≤ upper; the first columns are the integers, all of them 0 or 1.

    matrix : shape (room, n_columns), of which the first n rows are in use; it grows.
    """

    matrix: FloatArray
    lower: FloatArray
    upper: FloatArray
    column_lower: FloatArray
    column_upper: FloatArray
    n_integers: int
    n: int = 0

    def add(self, indices: NDArray[np.integer], values: FloatArray, lower: float) -> None:
        """Add a row with a lower bound."""
        if self.n == len(self.matrix):
            room = max(64, self.n // 2)
            self.matrix = np.concatenate((self.matrix, np.zeros((room, self.matrix.shape[1]))))
            self.lower = np.concatenate((self.lower, np.full(room, -np.inf)))
            self.upper = np.concatenate((self.upper, np.full(room, np.inf)))
        self.matrix[self.n, indices] = values
        self.lower[self.n] = lower
        self.n += 1


@dataclass(frozen=True, slots=True)
class Reduced:
    """What is left of a model: columns by their number in it, rows, an offset of the objective, and what the others are."""

    columns: IntArray
    matrix: FloatArray
    lower: FloatArray
    upper: FloatArray
    column_lower: FloatArray
    column_upper: FloatArray
    cost: FloatArray
    offset: float
    n_integers: int
    decided: FloatArray
    follows: Mapping[int, int]

    def expand(self, values: FloatArray) -> FloatArray:
        """The columns of the whole model."""
        found = self.decided.copy()
        found[self.columns] = values
        for column, other in self.follows.items():
            found[column] = found[other]
        return found


def reduce_model(
    model: Model, cost: FloatArray, fixed: Mapping[int, bool], any_of: Sequence[tuple[int, Sequence[int]]]
) -> Reduced | None:
    """Put fixed integers in their place; None when no plan is left.

    any_of : columns that are at most the sum of some integers, cost nothing and only help the other rows: (column, integers).
    """
    lower, upper = model.column_lower.copy(), model.column_upper.copy()
    for column, value in fixed.items():
        lower[column] = upper[column] = float(value)
    matrix = model.matrix[: model.n].copy()
    follows: dict[int, int] = {}
    gone = np.zeros(len(lower), np.bool_)
    for column, members in any_of:
        some = list(members)
        if lower[some].any():
            lower[column] = upper[column]
        else:
            free = [m for m in some if upper[m] > 0]
            if not free:
                upper[column] = 0.0
            elif len(free) == 1:
                follows[column] = free[0]
                matrix[:, free[0]] += matrix[:, column]
                gone[column] = True
    # what costs nothing and only helps stands at its upper bound
    one_sided = np.isinf(model.upper[: model.n])
    helps = (matrix[one_sided] >= 0).all(axis=0) & (matrix[~one_sided] <= 0).all(axis=0) & np.isfinite(upper)
    helps &= np.isinf(model.lower[: model.n][~one_sided]).all()
    helps[: model.n_integers] = False
    helps &= cost == 0
    lower = np.where(helps, upper, lower)
    decided = np.where(lower == upper, lower, 0.0)
    keep = np.flatnonzero((lower < upper) & ~gone)
    here = matrix @ decided
    low, high = model.lower[: model.n] - here, model.upper[: model.n] - here
    rest = matrix[:, keep]
    least_of, most_of = _range(rest, lower[keep], upper[keep])
    if np.any(most_of < low - SURE) or np.any(least_of > high + SURE):
        return None
    rows = np.flatnonzero((least_of < low) | (most_of > high))
    rest, low, high = rest[rows], low[rows], high[rows]
    n_integers = int(np.searchsorted(keep, model.n_integers))
    _tighten(rest, low, high, lower[keep], n_integers)
    offset = float(cost @ decided)
    return Reduced(keep, rest, low, high, lower[keep], upper[keep], cost[keep], offset, n_integers, decided, follows)


def _range(matrix: FloatArray, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The least and the most that each row can be."""
    up, down = np.maximum(matrix, 0.0), np.minimum(matrix, 0.0)
    endless = np.isinf(upper)
    top = np.where(endless, 0.0, upper)
    least, most = up @ lower + down @ top, up @ top + down @ lower
    least[(down[:, endless] < 0).any(axis=1)] = -np.inf
    most[(up[:, endless] > 0).any(axis=1)] = np.inf
    return least, most


def _tighten(matrix: FloatArray, low: FloatArray, high: FloatArray, lower: FloatArray, n_integers: int) -> None:
    """Rows Σ a x ≥ b with a ≥ 0: no integer counts for more than b."""
    if lower.any():
        return
    rows = np.flatnonzero(np.isinf(high) & (matrix >= 0).all(axis=1) & (low > 0))
    matrix[np.ix_(rows, np.arange(n_integers))] = np.minimum(matrix[rows][:, :n_integers], low[rows][:, None])
