"""The map from a plan to the log reductions of every scenario: x → (phi, gamma), linear but for overlap groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenbin.model import ActsOn, Case, Plan
from tenbin.simulation import Worlds, draw_worlds

__all__ = ["Reduction"]

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _BySlot:
    """Contributions in the order of their slots, and to which log reduction each slot adds.

    row, slot : shape (n_contributions,). value : shape (n_contributions, n_worlds). scatter : shape (2 n_scenarios, n_slots), 0
    and 1.
    """

    row: NDArray[np.int64]
    slot: NDArray[np.int64]
    value: FloatArray
    scatter: FloatArray

    @classmethod
    def of(
        cls, row: NDArray[np.int64], slot: NDArray[np.int64], value: FloatArray, where: NDArray[np.int64], size: int
    ) -> _BySlot:
        order = np.argsort(slot, kind="stable")
        scatter = np.zeros((size, len(where)))
        scatter[where, np.arange(len(where))] = 1.0
        return cls(row[order], slot[order], np.ascontiguousarray(value[:, order].T), scatter)

    def largest(self, chosen: NDArray[np.bool_]) -> FloatArray:
        """The largest contribution of the chosen rows in each slot and world, shape (n_slots, n_worlds)."""
        here = np.flatnonzero(chosen[self.row])
        slot = self.slot[here]
        best = np.zeros((self.scatter.shape[1], self.value.shape[1]))
        turn = np.arange(len(here)) - np.searchsorted(slot, slot)  # the how-manieth of its slot
        for number in range(int(turn.max(initial=-1)) + 1):
            some = turn == number
            best[slot[some]] = np.maximum(best[slot[some]], self.value[here[some]])
        return best


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
    by_slot: _BySlot = field(repr=False)

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
        slot_scenario = np.array([scenario[key[0]] for key in slots], np.int64)
        slot_kind = np.array([int(key[1] is ActsOn.SEVERITY) for key in slots], np.int64)
        own_row, slot = np.array(row_of, np.int64), np.array(slot_of, np.int64)
        values = np.stack(value, axis=1) if value else np.zeros((len(full), 0))
        return cls(
            rows=tuple(rows),
            n_scenarios=len(case.scenarios),
            row=own_row,
            slot=slot,
            value=values,
            slot_scenario=slot_scenario,
            slot_kind=slot_kind,
            contested=np.array([len(group) > 1 for group in members], np.bool_),
            by_slot=_BySlot.of(own_row, slot, values, slot_scenario + slot_kind * len(case.scenarios), 2 * len(case.scenarios)),
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
        both = (self.by_slot.scatter @ self.by_slot.largest(chosen)).T
        return np.ascontiguousarray(both[:, : self.n_scenarios]), np.ascontiguousarray(both[:, self.n_scenarios :])

    def expand(self, by_phi: FloatArray, by_gamma: FloatArray) -> FloatArray:
        """Coefficients of the contributions' weights for coefficients of (phi, gamma): shape (n_worlds, n_contributions)."""
        both = np.concatenate((by_phi, by_gamma), axis=1)
        where = self.slot_scenario[self.slot] + self.slot_kind[self.slot] * self.n_scenarios
        return np.asarray(both[:, where] * self.value)
