"""Overlap groups made linear: of a slot only the largest chosen contribution counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import Reduction

__all__ = ["Layers"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Layers:
    """The map x → (phi, gamma) as a matrix, over the rows of the cost table and columns "any of these rows is chosen".

    The largest of v1 ≥ v2 ≥ … ≥ vn among the chosen is Σ_k (v_k − v_{k+1}) · [any of the first k is chosen]: half as many
    columns and rows as a weight for each contribution, and the same relaxation (measured: HiGHS takes less than half the time).

    any_of : for each added column, the rows of which any counts. matrix : shape (2 n_scenarios, n_rows + n_any), phi first.
    """

    n_rows: int
    any_of: tuple[tuple[int, ...], ...]
    matrix: FloatArray

    @classmethod
    def of(cls, reduction: Reduction) -> Layers:
        """Build the matrix of a reduction."""
        measure = [name for name, _ in reduction.rows]
        n_rows = reduction.n_rows
        terms: list[tuple[int, tuple[int, ...], float]] = []
        for slot, kind in enumerate(reduction.slot_kind):
            members = np.flatnonzero(reduction.slot == slot)
            members = members[np.argsort(-reduction.value[members], kind="stable")]
            values = [*reduction.value[members], 0.0]
            place = int(reduction.slot_scenario[slot] + kind * reduction.n_scenarios)
            for k in range(len(members)):
                step = float(values[k] - values[k + 1])
                if step > 0:
                    terms.append((place, tuple(sorted(int(r) for r in reduction.row[members[: k + 1]])), step))
        several = {rows for _, rows, _ in terms if len({measure[r] for r in rows}) > 1}
        number = {rows: n_rows + n for n, rows in enumerate(sorted(several))}
        matrix = np.zeros((2 * reduction.n_scenarios, n_rows + len(number)))
        for place, rows, step in terms:
            # levels of one measure exclude each other: their sum is at most 1 without a column of its own
            matrix[place, number[rows] if rows in number else list(rows)] += step
        return cls(n_rows, tuple(sorted(several)), matrix)

    def columns(self, x: FloatArray | BoolArray) -> FloatArray:
        """The columns of a plan, fractional or not: x and, for each added column, min(1, Σ x of its rows)."""
        values = np.zeros(self.n_rows + len(self.any_of))
        values[: self.n_rows] = x
        for n, rows in enumerate(self.any_of, self.n_rows):
            values[n] = min(1.0, float(values[list(rows)].sum()))
        return values

    def reduce(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Log reductions (phi, gamma) of a fractional plan, each of shape (1, n_scenarios)."""
        both = self.matrix @ self.columns(x)
        half = len(both) // 2
        return both[None, :half], both[None, half:]

    def expand(self, by_phi: FloatArray, by_gamma: FloatArray) -> FloatArray:
        """Coefficients of the columns for coefficients of (phi, gamma)."""
        return np.asarray(np.concatenate((by_phi.sum(axis=0), by_gamma.sum(axis=0))) @ self.matrix)
