"""What plans near one another cost and lose in many worlds: of each only what differs is worked out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tenbin.evaluation import ExpectedLoss, Reduction
from tenbin.model import Case
from tenbin.sensitivity.conditional import BeliefWorlds
from tenbin.sensitivity.guesses import Guess, GuessKind
from tenbin.sensitivity.moving import Moves
from tenbin.sensitivity.pricing import WorldCosts

__all__ = ["Surface"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass
class Surface:
    """The totals (cost per year and expected loss) of plans, and the way down from one to a better one.

    chosen : the plan that stands; best : the largest contribution to each slot under it, shape (n_slots, n_worlds).
    """

    case: Case
    reduction: Reduction
    expected: ExpectedLoss
    costs: WorldCosts
    scope: FloatArray = field(repr=False)
    members: list[NDArray[np.int64]] = field(repr=False)
    touched: list[NDArray[np.int64]] = field(repr=False)
    moves: Moves = field(repr=False)
    chosen: BoolArray = field(init=False, repr=False)
    best: FloatArray = field(init=False, repr=False)
    logs: FloatArray = field(init=False, repr=False)

    @classmethod
    def of(cls, worlds: BeliefWorlds, costs: WorldCosts) -> Surface:
        """The surface over all the worlds, nothing chosen."""
        slot, row = worlds.reduction.slot, worlds.reduction.row
        found = cls(
            case=worlds.case,
            reduction=worlds.reduction,
            expected=worlds.expected,
            costs=costs,
            scope=worlds.scope,
            members=[np.flatnonzero(slot == n) for n in range(len(worlds.reduction.slot_scenario))],
            touched=[np.unique(slot[row == r]) for r in range(worlds.reduction.n_rows)],
            moves=Moves.of(worlds.case),
        )
        found.stand(np.zeros(worlds.reduction.n_rows, np.bool_))
        return found

    def given(self, worlds: BeliefWorlds, guess: Guess, value: float, n_worlds: int) -> Surface:
        """The surface over the first so many worlds, with one guess known."""
        found = self._over(slice(0, n_worlds))
        if guess.kind is GuessKind.FREQUENCY:
            found.expected.frequency[:, guess.place] = value
        elif guess.kind is GuessKind.EFFECT:
            number = worlds.guesses.index(guess)
            here = np.flatnonzero(worlds.of_contribution == number)
            scale = [self.case.costs.rows[r].effect_scale for r in self.reduction.row[here]]
            found.reduction.value[:, here] = -np.log1p(-value) * np.array(scale)
        elif found.costs.amounts[guess.amount][:, guess.place].any():
            found.costs.amounts[guess.amount][:, guess.place] = value
        return found

    def world(self, number: int) -> Surface:
        """The surface of one world, where everything is known."""
        return self._over(slice(number, number + 1))

    def _over(self, worlds: slice) -> Surface:
        amounts = {name: (values[worlds] if len(values) > 1 else values).copy() for name, values in self.costs.amounts.items()}
        found = replace(
            self,
            reduction=replace(self.reduction, value=self.reduction.value[worlds].copy()),
            expected=replace(self.expected, frequency=self.expected.frequency[worlds].copy()),
            costs=replace(self.costs, amounts=amounts),
        )
        found.stand(self.chosen)
        return found

    def stand(self, chosen: BoolArray) -> None:
        """Take a plan as the one that others are told from."""
        self.chosen = chosen.copy()
        self.best = np.stack([self._slot(n, chosen) for n in range(len(self.members))]) if self.members else np.zeros((0, 1))
        self.logs = np.zeros((2 * self.reduction.n_scenarios, self.reduction.n_worlds))
        where = self.reduction.slot_scenario + self.reduction.slot_kind * self.reduction.n_scenarios
        for n, place in enumerate(where):
            self.logs[place] += self.best[n]

    def _slot(self, slot: int, chosen: BoolArray) -> FloatArray:
        here = self.members[slot][chosen[self.reduction.row[self.members[slot]]]]
        if not len(here):
            return np.zeros(self.reduction.n_worlds)
        return np.asarray(self.reduction.value[:, here].max(axis=1))

    def totals(self, chosen: BoolArray) -> FloatArray:
        """A plan's total in each world, shape (n_worlds,)."""
        n, logs = self.reduction.n_scenarios, self.logs.copy()
        changed = np.flatnonzero(chosen != self.chosen)
        for slot in np.unique(np.concatenate([self.touched[r] for r in changed])) if len(changed) else ():
            place = self.reduction.slot_scenario[slot] + self.reduction.slot_kind[slot] * n
            logs[place] += self._slot(int(slot), chosen) - self.best[slot]
        rates = self.expected.rates(logs[:n].T)
        loss = (rates * self.expected.mean * np.exp(-logs[n:].T)) @ self.scope
        return np.asarray(self.costs.per_year(chosen) + loss)

    def descend(self) -> dict[str, str]:
        """Go to the best plan a step away until none is better; two measures at once are tried where a single one does not help."""
        least = float(self.totals(self.chosen).mean())
        while True:
            plan = self.reduction.plan(self.chosen)
            for steps in (self.moves.single, self.moves.double):
                found = [(float(self.totals(self.reduction.choice(other)).mean()), other) for other in steps(plan)]
                total, best = min(found, key=lambda one: one[0], default=(least, plan))
                if total < least * (1 - 1e-12):
                    least = total
                    self.stand(self.reduction.choice(best))
                    break
            else:
                return plan
