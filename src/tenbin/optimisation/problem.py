"""The state of one search: plans, tangents and superset cuts, and the master that they are told to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import CostModel, Evaluator, Tangent
from tenbin.optimisation.mip import Cut
from tenbin.optimisation.plans import MET, Point
from tenbin.optimisation.pool import Ceiling, Pool
from tenbin.optimisation.request import Limit, Rules
from tenbin.optimisation.tangents import Tangents

__all__ = ["MET", "Point", "Problem"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


class Problem(Tangents):
    """A question with its superset cuts, which need no convexity: a plan that misses a limit rules its subsets out too."""

    def __init__(
        self, evaluator: Evaluator, costs: CostModel, rules: Rules, limits: Sequence[Limit], pool: Pool | None = None
    ) -> None:
        super().__init__(evaluator, costs, rules, limits, pool)
        self.ceilings: list[tuple[int, Ceiling, Cut]] = []

    def again(
        self, limits: Sequence[Limit] | None = None, rules: Rules | None = None, costs: CostModel | None = None
    ) -> Problem:
        """Another question on the same years, from the same pool of cuts."""
        return Problem(
            self.evaluator,
            self.costs if costs is None else costs,
            self.rules if rules is None else rules,
            self.limits if limits is None else limits,
            self.pool,
        )

    def forbid(self, point: Point, quantity: int, thorough: bool = True, turn: int = 0, load: bool = True) -> None:
        """Add the superset cut of a plan that violates a limit.

        Levels are raised as far as the limit stays violated, to u; whatever meets the limit ranks above u somewhere. Valid
        without any convexity: risk is monotone, and defined for every combination of levels.

        thorough : raise as far as possible, which takes some twenty evaluations; otherwise as far as the tangent promises.
        turn : 0 raises first what takes least away, others go in random orders. load : into the master too.
        """
        lifted = self._lift(point, quantity, turn) if thorough else self._lift_a_little(point, quantity)
        value = self._value(lifted, quantity)
        ceiling = Ceiling(self.ranks(lifted), value)
        known = self.taught.ceilings.setdefault(self.quantities[quantity], [])
        if not any(np.array_equal(ceiling.ranks, other.ranks) for other in known):
            known.append(ceiling)
        if load:
            self._load_ceiling(quantity, ceiling)

    def load_forbidding(self, chosen: BoolArray) -> bool:
        """Take into the master the pool's strongest superset cut that rules a plan out; whether there is one."""
        ranks = self.ranks(chosen)
        found = [
            (int(ceiling.ranks.sum()), q, ceiling)
            for q, quantity in enumerate(self.quantities)
            for ceiling in self.taught.ceilings.get(quantity, [])
            if ceiling.value > self.caps[q] * (1 + MET) and np.all(ranks <= ceiling.ranks)
        ]
        if found:
            _, q, ceiling = max(found, key=lambda entry: entry[0])
            self._load_ceiling(q, ceiling)
        return bool(found)

    def fix_necessary(self) -> int:
        """Add the superset cuts of "everything but this measure", where that misses a limit; return how many do.

        Near the bottom of what can be reached most measures are needed, and the search has little left to decide.
        """
        found = 0
        lowered = []
        for rows in self.by_measure.values():
            here = [r for r in rows if self.top[r]]
            if here:
                plan = self.top.copy()
                plan[rows] = False
                below = [r for r in rows if r < here[0] and r not in self.excluded]
                if below:
                    plan[below[-1]] = True
                lowered.append(plan)
        for point in self.evaluate_many(lowered):
            excess = self.excess(point)
            if excess.max() > 0:
                worst = int(np.argmax(excess))
                self._load_ceiling(worst, Ceiling(self.ranks(point.chosen), point.values[worst]))
                found += 1
        return found

    def load_ceilings(self, within: float) -> None:
        """Take into the master the pool's superset cuts that hold for these limits and lie within a share above them."""
        have = {(q, ceiling.ranks.tobytes()) for q, ceiling, _ in self.ceilings}
        for q, quantity in enumerate(self.quantities):
            for ceiling in self.taught.ceilings.get(quantity, []):
                near = self.caps[q] * (1 + MET) < ceiling.value <= self.caps[q] + within * self.scales[q]
                if near and (q, ceiling.ranks.tobytes()) not in have:
                    self._load_ceiling(q, ceiling)

    def _load_ceiling(self, quantity: int, ceiling: Ceiling) -> None:
        if any(q == quantity and np.array_equal(ceiling.ranks, other.ranks) for q, other, _ in self.ceilings):
            return
        rows = [
            r
            for rank, rows in zip(ceiling.ranks, self.by_measure.values(), strict=True)
            for r in rows[int(rank) :]
            if r not in self.excluded
        ]
        self.ceilings.append((quantity, ceiling, self.master.add_superset(rows)))

    def ranks(self, chosen: BoolArray) -> IntArray:
        """Per measure the chosen level's place, from 1; 0 when the measure is not chosen. Shape (n_measures,)."""
        return np.array([max((n for n, r in enumerate(rows, 1) if chosen[r]), default=0) for rows in self.by_measure.values()])

    def is_forbidden(self, chosen: BoolArray) -> bool:
        """Whether a superset cut of the pool already rules the plan out."""
        return bool(self.are_forbidden(chosen[None, :])[0])

    def are_forbidden(self, plans: BoolArray) -> BoolArray:
        """``is_forbidden`` of several plans: (n_plans, n_rows) → (n_plans,)."""
        ranks = np.zeros((len(plans), len(self.by_measure)), np.int64)
        for m, rows in enumerate(self.by_measure.values()):
            for rank, row in enumerate(rows, 1):
                ranks[plans[:, row], m] = rank
        found = np.zeros(len(plans), np.bool_)
        for q, quantity in enumerate(self.quantities):
            for ceiling in self.taught.ceilings.get(quantity, []):
                if ceiling.value > self.caps[q] * (1 + MET):
                    found |= np.all(ranks <= ceiling.ranks, axis=1)
        return found

    def _value(self, chosen: BoolArray, quantity: int) -> float:
        known = self.taught.values.setdefault(chosen.tobytes(), {})
        wanted = self.quantities[quantity]
        if wanted not in known:
            known[wanted] = self.evaluator.value(wanted, *self.reduction.reduce(chosen))
        return known[wanted]

    def _raises(self, point: Point, tangent: Tangent | None) -> list[tuple[list[int], int]]:
        """Measures with the row they can be raised to, the one that the tangent says takes least away first."""
        drops = []
        for measure, rows in self.by_measure.items():
            here = [r for r in rows if point.chosen[r]]
            above = [r for r in rows if (not here or r > here[-1]) and r not in self.excluded]
            if above:
                drop = 0.0
                if tangent is not None:
                    drop = tangent.value - tangent.at(*self.reduction.reduce(raised(point.chosen, [(rows, above[-1])])))
                drops.append((drop, measure, rows, above[-1]))
        drops.sort(key=lambda entry: (entry[0], entry[1]))
        return [(rows, top) for _, _, rows, top in drops]

    def _lift(self, point: Point, quantity: int, turn: int) -> BoolArray:
        limit = self.caps[quantity] * (1 + MET)
        todo = self._raises(point, self.evaluator.tangent(self.quantities[quantity], point.phi, point.gamma))
        if turn:
            order = np.random.default_rng([turn, len(self.ceilings)]).permutation(len(todo))
            todo = [todo[n] for n in order]
        chosen = point.chosen.copy()
        tries = 0
        while todo and tries < 20:
            # the longest prefix that can be raised with the limit still violated
            low, high = 0, len(todo)
            while low < high:
                middle = (low + high + 1) // 2
                tries += 1
                if self._value(raised(chosen, todo[:middle]), quantity) > limit:
                    low = middle
                else:
                    high = middle - 1
            chosen = raised(chosen, todo[:low])
            todo = todo[low + 1 :]
        return chosen

    def _lift_a_little(self, point: Point, quantity: int) -> BoolArray:
        limit = self.caps[quantity] * (1 + MET)
        tangent = self.evaluator.tangent(self.quantities[quantity], point.phi, point.gamma)
        if tangent is None:
            return point.chosen
        todo = self._raises(point, tangent)
        low, high = 0, len(todo)
        while low < high:
            middle = (low + high + 1) // 2
            if tangent.at(*self.reduction.reduce(raised(point.chosen, todo[:middle]))) > limit:
                low = middle
            else:
                high = middle - 1
        for size in (low, low // 2):
            lifted = raised(point.chosen, todo[:size])
            if size and self._value(lifted, quantity) > limit:
                return lifted
        return point.chosen


def raised(chosen: BoolArray, raises: Iterable[tuple[list[int], int]]) -> BoolArray:
    """A plan with measures set to other rows: pairs of a measure's rows and the one to choose."""
    lifted = chosen.copy()
    for rows, top in raises:
        lifted[rows] = False
        lifted[top] = True
    return lifted
