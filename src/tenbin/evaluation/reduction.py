"""The map from a plan to the log reductions of every scenario: x → (phi, gamma), linear but for overlap groups."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.model import ActsOn, Case, Plan

__all__ = ["Reduction"]

FloatArray = NDArray[np.float64]

CHUNK = 1024
"""Plans reduced at once: more would not fit into the cache."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """Contributions of rows (measure, level) to the log reductions of a case under its cost table.

    Contribution c says: if row[c] is chosen and is the largest in its slot, slot_scenario[slot[c]] gets value[c] more of phi
    (slot_kind 0) or gamma (1). A slot is one (scenario, acts_on, overlap group), or one measure's effect outside of groups.

    row, slot : shape (n_contributions,). value : the same, ≥ 0. slot_scenario, slot_kind : shape (n_slots,).
    contested : per slot, whether more than one measure stands in it.
    """

    rows: tuple[tuple[str, str], ...]
    n_scenarios: int
    row: NDArray[np.int64]
    slot: NDArray[np.int64]
    value: FloatArray
    slot_scenario: NDArray[np.int64]
    slot_kind: NDArray[np.int64]
    contested: NDArray[np.bool_]

    @classmethod
    def of(cls, case: Case) -> Reduction:
        """Build the map of a case with its cost table."""
        rows = [row.key for row in case.costs.rows]
        by_measure: dict[str, list[tuple[int, float]]] = {}
        for r, row in enumerate(case.costs.rows):
            by_measure.setdefault(row.measure, []).append((r, row.effect_scale))
        scenario = {s.id: n for n, s in enumerate(case.scenarios)}
        slots: dict[tuple[str, ActsOn, str, str], int] = {}
        members: list[set[str]] = []
        row_of, slot_of, value = [], [], []
        for effect in case.effects:
            alone = "" if effect.overlap_group else effect.measure
            key = (effect.scenario, effect.acts_on, effect.overlap_group, alone)
            number = slots.setdefault(key, len(slots))
            if number == len(members):
                members.append(set())
            members[number].add(effect.measure)
            full = -math.log1p(-effect.effect.likely)
            for r, scale in by_measure.get(effect.measure, []):
                row_of.append(r)
                slot_of.append(number)
                value.append(full * scale)
        return cls(
            rows=tuple(rows),
            n_scenarios=len(case.scenarios),
            row=np.array(row_of, np.int64),
            slot=np.array(slot_of, np.int64),
            value=np.array(value, np.float64),
            slot_scenario=np.array([scenario[key[0]] for key in slots], np.int64),
            slot_kind=np.array([int(key[1] is ActsOn.SEVERITY) for key in slots], np.int64),
            contested=np.array([len(group) > 1 for group in members], np.bool_),
        )

    @property
    def n_rows(self) -> int:
        return len(self.rows)

    def choice(self, plan: Plan) -> NDArray[np.bool_]:
        """Which rows a plan chooses, shape (n_rows,); ``KeyError`` for a row that has no price."""
        number = {key: r for r, key in enumerate(self.rows)}
        chosen = np.zeros(self.n_rows, np.bool_)
        for key in plan.items():
            chosen[number[key]] = True
        return chosen

    def plan(self, chosen: Iterable[bool] | NDArray[np.bool_]) -> dict[str, str]:
        """The plan of the chosen rows; of several levels of a measure the highest."""
        return {measure: level for (measure, level), here in zip(self.rows, chosen, strict=True) if here}

    def active(self, chosen: NDArray[np.bool_]) -> FloatArray:
        """The weight of each contribution under an integer plan: 1 for the largest chosen one of each slot, else 0."""
        weight = np.zeros(len(self.value))
        here = np.flatnonzero(chosen[self.row])
        # largest first inside a slot; ties go to the first row, which is the same whatever was drawn
        order = here[np.lexsort((self.row[here], -self.value[here], self.slot[here]))]
        first = np.ones(len(order), np.bool_)
        first[1:] = self.slot[order][1:] != self.slot[order][:-1]
        weight[order[first]] = 1.0
        return weight

    def reduce(self, chosen: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
        """Log reductions (phi, gamma) of an integer plan, each of shape (1, n_scenarios)."""
        best = np.zeros(len(self.slot_scenario))
        np.maximum.at(best, self.slot, self.value * chosen[self.row])
        return self._by_scenario(best)

    def reduce_many(self, chosen: NDArray[np.bool_]) -> FloatArray:
        """Flat log reductions (phi, then gamma) of several integer plans: (n_plans, n_rows) → (n_plans, 2 n_scenarios)."""
        order = np.argsort(self.slot, kind="stable")
        slots, starts = np.unique(self.slot[order], return_index=True)  # slots of measures without a price have no member
        scatter = np.zeros((len(slots), 2 * self.n_scenarios))
        scatter[np.arange(len(slots)), self.slot_scenario[slots] + self.slot_kind[slots] * self.n_scenarios] = 1.0
        found = np.zeros((len(chosen), 2 * self.n_scenarios))
        if len(order):
            for begin in range(0, len(chosen), CHUNK):
                values = chosen[begin : begin + CHUNK, self.row[order]] * self.value[order]
                found[begin : begin + CHUNK] = np.maximum.reduceat(values, starts, axis=1) @ scatter
        return found

    def _by_scenario(self, by_slot: FloatArray) -> tuple[FloatArray, FloatArray]:
        where = self.slot_scenario + self.slot_kind * self.n_scenarios
        both = np.bincount(where, by_slot, 2 * self.n_scenarios).astype(np.float64)
        return both[None, : self.n_scenarios], both[None, self.n_scenarios :]

    def expand(self, by_phi: FloatArray, by_gamma: FloatArray) -> FloatArray:
        """Coefficients of the contributions' weights for coefficients of (phi, gamma): shape (n_contributions,)."""
        both = np.concatenate((by_phi.sum(axis=0), by_gamma.sum(axis=0)))
        where = self.slot_scenario[self.slot] + self.slot_kind[self.slot] * self.n_scenarios
        return np.asarray(both[where] * self.value)
