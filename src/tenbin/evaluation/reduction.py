"""The map from a plan to the log reductions of every scenario: x → (phi, gamma), linear but for overlap groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenbin.model import ActsOn, Case, Plan
from tenbin.simulation import Worlds, draw_worlds

__all__ = ["Reduction"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reduction:
    """Contributions of rows (measure, level) to the log reductions of a case under its cost table.

    Contribution c says: if row[c] is chosen and is the largest in its slot, slot_scenario[slot[c]] gets value[w, c] more of phi
    (slot_kind 0) or gamma (1) in world w. A slot is one (scenario, acts_on, overlap group), or one measure's effect outside of
    groups; which of a slot is the largest may differ from world to world.

    row, slot : shape (n_contributions,). value : shape (n_worlds, n_contributions), ≥ 0. slot_scenario, slot_kind : shape
    (n_slots,). contested : per slot, whether more than one measure stands in it.
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
    def of(cls, case: Case, worlds: Worlds | None = None) -> Reduction:
        """Build the map of a case with its cost table, in the worlds of its years; without any, with the likely effects."""
        full = (worlds or draw_worlds(case, 1, 0)).effect
        rows = [row.key for row in case.costs.rows]
        by_measure: dict[str, list[tuple[int, float]]] = {}
        for r, row in enumerate(case.costs.rows):
            by_measure.setdefault(row.measure, []).append((r, row.effect_scale))
        scenario = {s.id: n for n, s in enumerate(case.scenarios)}
        slots: dict[tuple[str, ActsOn, str, str], int] = {}
        members: list[set[str]] = []
        row_of, slot_of, value = [], [], []
        for n, effect in enumerate(case.effects):
            alone = "" if effect.overlap_group else effect.measure
            key = (effect.scenario, effect.acts_on, effect.overlap_group, alone)
            number = slots.setdefault(key, len(slots))
            if number == len(members):
                members.append(set())
            members[number].add(effect.measure)
            for r, scale in by_measure.get(effect.measure, []):
                row_of.append(r)
                slot_of.append(number)
                value.append(full[:, n] * scale)
        return cls(
            rows=tuple(rows),
            n_scenarios=len(case.scenarios),
            row=np.array(row_of, np.int64),
            slot=np.array(slot_of, np.int64),
            value=np.stack(value, axis=1) if value else np.zeros((len(full), 0)),
            slot_scenario=np.array([scenario[key[0]] for key in slots], np.int64),
            slot_kind=np.array([int(key[1] is ActsOn.SEVERITY) for key in slots], np.int64),
            contested=np.array([len(group) > 1 for group in members], np.bool_),
        )

    @property
    def n_rows(self) -> int:
        return len(self.rows)

    @property
    def n_worlds(self) -> int:
        return len(self.value)

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
        """The weight of each contribution under an integer plan: 1 for the largest chosen one of each slot, else 0.

        Shape (n_worlds, n_contributions).
        """
        weight = np.zeros(self.value.shape)
        here = np.flatnonzero(chosen[self.row])
        for world, value in enumerate(self.value):
            # largest first inside a slot; ties go to the first row, which is the same whatever was drawn
            order = here[np.lexsort((self.row[here], -value[here], self.slot[here]))]
            first = np.ones(len(order), np.bool_)
            first[1:] = self.slot[order][1:] != self.slot[order][:-1]
            weight[world, order[first]] = 1.0
        return weight

    def reduce(self, chosen: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
        """Log reductions (phi, gamma) of an integer plan, each of shape (n_worlds, n_scenarios)."""
        best = np.zeros((len(self.slot_scenario), self.n_worlds))
        here = np.flatnonzero(chosen[self.row])
        np.maximum.at(best, self.slot[here], self.value[:, here].T)
        where = self.slot_scenario + self.slot_kind * self.n_scenarios
        both = np.zeros((2 * self.n_scenarios, self.n_worlds))
        np.add.at(both, where, best)
        both = np.ascontiguousarray(both.T)
        return np.ascontiguousarray(both[:, : self.n_scenarios]), np.ascontiguousarray(both[:, self.n_scenarios :])

    def expand(self, by_phi: FloatArray, by_gamma: FloatArray) -> FloatArray:
        """Coefficients of the contributions' weights for coefficients of (phi, gamma): shape (n_worlds, n_contributions)."""
        both = np.concatenate((by_phi, by_gamma), axis=1)
        where = self.slot_scenario[self.slot] + self.slot_kind[self.slot] * self.n_scenarios
        return np.asarray(both[:, where] * self.value)
